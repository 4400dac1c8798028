//! How many threads the libraries start, where the environment says so: more than any machine has, or none, would end
//! in the middle of the work, without a word of what is wrong.

use super::hinted;
use anyhow::anyhow;
use std::env;

/// The variables, and the least that each may say: the first takes none for as many as there are cores.
const VARIABLES: [(&str, usize); 2] = [("RAYON_NUM_THREADS", 0), ("POLARS_MAX_THREADS", 1)];
const THREADS_MAX: usize = 256;

/// # Errors
/// A variable says what no machine can do.
pub fn check() -> anyhow::Result<()> {
    let said = VARIABLES.iter().filter_map(|(name, least)| Some((*name, *least, env::var_os(name)?)));
    for (name, least, value) in said.filter(|(_, _, value)| !value.is_empty()) {
        let value = value.to_string_lossy();
        if !is_bounded(&value, least) {
            let hint = format!("write a number from 1 to {THREADS_MAX}, or unset it: there are as many as cores then");
            return Err(hinted(anyhow!("{name} is '{value}', which is no number of threads"), hint));
        }
    }
    Ok(())
}

fn is_bounded(value: &str, least: usize) -> bool {
    value.parse().is_ok_and(|threads| (least..=THREADS_MAX).contains(&threads))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_numbers_are_no_numbers_of_threads() {
        for (value, least, is_fine) in [
            ("1", 0, true),
            ("256", 1, true),
            ("0", 0, true),
            ("0", 1, false),
            ("99999", 0, false),
            ("-3", 0, false),
            ("x", 0, false),
        ] {
            assert_eq!(is_bounded(value, least), is_fine, "{value}");
        }
    }
}
