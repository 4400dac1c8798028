//! A scanner for tables in plain text (CSV and its kin) that knows byte ranges and forgives: quotes that never close,
//! rows of unlike length. Linear.

use crate::domain::Span;

/// What separates cells.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What separates the cells of a table with this header: what stands in it most often.
pub fn delimiter(header: &str) -> u8 {
    let count = |delimiter: u8| Rows::new(header, 0..header.len(), delimiter).next().map_or(0, |row| row.len());
    // On a tie the first.
    DELIMITERS.into_iter().rev().max_by_key(|d| count(*d)).unwrap_or(b',')
}

/// The rows of `text[range]`: of each the ranges of its cells, with their quotes. Empty lines give none.
#[derive(Debug)]
pub struct Rows<'a> {
    bytes: &'a [u8],
    at: usize,
    delimiter: u8,
}

impl<'a> Rows<'a> {
    pub fn new(text: &'a str, range: Span, delimiter: u8) -> Rows<'a> {
        let end = range.end.min(text.len());
        Rows { bytes: text.as_bytes().get(..end).unwrap_or_default(), at: range.start, delimiter }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Reads one cell and says where it ends.
    fn cell(&self, start: usize) -> usize {
        let mut at = start;
        if self.byte(at) == Some(b'"') {
            at += 1;
            // A quote is doubled inside; any other one closes.
            while let Some(b) = self.byte(at) {
                at += 1;
                if b == b'"' {
                    if self.byte(at) != Some(b'"') {
                        break;
                    }
                    at += 1;
                }
            }
        }
        while self.byte(at).is_some_and(|b| b != self.delimiter && b != b'\n' && b != b'\r') {
            at += 1;
        }
        at
    }
}

impl Iterator for Rows<'_> {
    type Item = Vec<Span>;

    fn next(&mut self) -> Option<Vec<Span>> {
        while self.byte(self.at).is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            self.at += 1;
        }
        self.byte(self.at)?;
        let mut cells = Vec::new();
        loop {
            let end = self.cell(self.at);
            cells.push(self.at..end);
            self.at = end;
            if self.byte(end) != Some(self.delimiter) {
                return Some(cells);
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_their_ranges() {
        let rows = |text: &str, delimiter: u8| {
            let rows = Rows::new(text, 0..text.len(), delimiter);
            rows.map(|row| row.into_iter().map(|cell| text[cell].to_owned()).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        assert_eq!(rows("a,b\r\n\n\"c,\"\"d\n\",é\n", b','), [vec!["a", "b"], vec!["\"c,\"\"d\n\"", "é"]]);
        assert_eq!(rows(";x", b';'), [["", "x"]]);
        assert_eq!(rows("\"open, b\nc", b','), [["\"open, b\nc"]]);
        assert_eq!(rows("", b','), Vec::<Vec<String>>::new());
        for (header, expected) in [("a,b;c,d", b','), ("a;b", b';'), ("a\tb", b'\t'), ("one", b',')] {
            assert_eq!(delimiter(header), expected, "{header}");
        }
    }
}
