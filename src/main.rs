//! The `retro` command. Everything it does is in the library; this file only hands over the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    retrospect::cli::main()
}
