//! `retro extract --stdin`: the filter that a pipeline or a cluster runs. One bad line never stops it.

use super::{Answer, Asked, BATCH_BYTES, BATCH_DOCUMENTS, Printer, answers};
use crate::source::{self, MAX_BYTES, SourceText};
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rayon::prelude::*;
use serde::Deserialize;
use std::io::{self, BufRead, Read};

/// No longer line is read: the largest document in base64, and room for its path.
const MAX_LINE_BYTES: u64 = MAX_BYTES / 3 * 4 + 64 * 1024;

#[derive(Deserialize)]
struct Line {
    path: String,
    text: Option<String>,
    base64: Option<String>,
}

/// Was every line understood?
pub(super) fn extract(asked: &Asked<'_>, printer: &mut Printer) -> anyhow::Result<bool> {
    let mut lines = Lines { reader: io::stdin().lock(), number: 0 };
    let mut complete = true;
    loop {
        let batch = lines.batch().context("cannot read stdin")?;
        if batch.is_empty() {
            return Ok(complete);
        }
        let read: Vec<_> = batch.par_iter().map(|(number, line)| understand(*number, line, asked)).collect();
        complete &= printer.print_all(read, asked.settings)?;
    }
}

fn understand(number: usize, line: &[u8], asked: &Asked<'_>) -> Result<Vec<Answer>, String> {
    let told = |reason: String| format!("line {number} of stdin: {reason}");
    if line.len() as u64 >= MAX_LINE_BYTES {
        return Err(told(format!("longer than {} MiB", MAX_LINE_BYTES >> 20)));
    }
    let line: Line = serde_json::from_slice(line).map_err(|e| told(e.to_string()))?;
    answers(&document(line).map_err(told)?, asked).map_err(told)
}

fn document(line: Line) -> Result<SourceText, String> {
    match (line.text, line.base64) {
        (Some(text), None) => Ok(source::from_bytes(&line.path, text.as_bytes())),
        (None, Some(encoded)) => {
            let bytes = STANDARD.decode(encoded.trim()).map_err(|e| format!("base64: {e}"))?;
            Ok(source::from_bytes(&line.path, &bytes))
        }
        (None, None) => Err("neither text nor base64".to_owned()),
        (Some(_), Some(_)) => Err("both text and base64".to_owned()),
    }
}

/// Numbered lines, in batches of bounded size.
struct Lines<R> {
    reader: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    /// The next lines that aren't blank; none at the end.
    fn batch(&mut self) -> io::Result<Vec<(usize, Vec<u8>)>> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < BATCH_DOCUMENTS && bytes < BATCH_BYTES {
            let mut line = Vec::new();
            if (&mut self.reader).take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            self.number += 1;
            if line.len() as u64 == MAX_LINE_BYTES && !line.ends_with(b"\n") {
                self.skip_rest_of_line()?;
            }
            bytes += line.len() as u64;
            if !line.trim_ascii().is_empty() {
                batch.push((self.number, line));
            }
        }
        Ok(batch)
    }

    fn skip_rest_of_line(&mut self) -> io::Result<()> {
        loop {
            let held = self.reader.fill_buf()?;
            let (length, at_end) = match held.iter().position(|b| *b == b'\n') {
                Some(at) => (at + 1, true),
                None => (held.len(), held.is_empty()),
            };
            self.reader.consume(length);
            if at_end {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_as_they_stand() {
        let mut lines = Lines { reader: &b"a\n\n \nb"[..], number: 0 };
        assert_eq!(lines.batch().unwrap(), [(1, b"a\n".to_vec()), (4, b"b".to_vec())]);
        assert!(lines.batch().unwrap().is_empty());
    }

    #[test]
    fn a_line_brings_text_or_bytes() {
        let read = |line: &str| document(serde_json::from_str(line).unwrap()).map(|d| d.text.to_string());
        assert_eq!(read(r#"{"path": "a.md", "text": "é"}"#), Ok("é".to_owned()));
        assert_eq!(read(r#"{"path": "a.md", "base64": "w6k=", "more": 1}"#), Ok("é".to_owned()));
        assert!(read(r#"{"path": "a.md"}"#).unwrap_err().contains("neither"));
        assert!(read(r#"{"path": "a.md", "base64": "?"}"#).unwrap_err().contains("base64"));
    }
}
