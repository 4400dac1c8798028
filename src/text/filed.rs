//! Phrases with all that is told of them where the program is built: which words they need, and their programs.

use super::bytes::Bytes;

/// A phrase, and what is told of it.
#[derive(Clone, Copy)]
pub struct Filed<'p> {
    pub phrase: &'p str,
    pub set: usize,
    /// Only other than letters may stand before it in the text.
    pub opens: bool,
    /// It asks for letters in one case.
    pub cased: bool,
    /// Letters beyond ASCII stand in it.
    pub foreign: bool,
    /// Signs beyond ASCII stand in it, other than the apostrophe.
    pub signs: bool,
    openings: Option<Bytes<'p>>,
    needs: Option<Bytes<'p>>,
    /// Its program over bytes.
    pub program: &'p [u8],
}

impl<'p> Filed<'p> {
    /// Keys of the words with which it can begin; `None` where they are not told.
    pub fn openings(&self) -> Option<Vec<u32>> {
        self.openings?.list(Bytes::small)
    }

    /// Keys of the words one of which it needs; `None` where they are not told.
    pub fn needs(&self) -> Option<Vec<u32>> {
        self.needs?.list(Bytes::small)
    }

    /// What must follow each, and all that were filed, one after the other.
    pub fn all(filed: &'p [u8]) -> (&'p str, impl Iterator<Item = Filed<'p>>) {
        let mut bytes = Bytes(filed);
        let tail = bytes.text().unwrap_or("");
        let all = std::iter::from_fn(move || {
            let told = |keys: &'p [u8]| (!keys.is_empty()).then_some(Bytes(keys));
            let (set, flags) = (bytes.small()? as usize, bytes.byte()?);
            Some(Filed {
                set,
                opens: flags & 1 != 0,
                cased: flags & 2 != 0,
                foreign: flags & 4 != 0,
                signs: flags & 8 != 0,
                phrase: bytes.text()?,
                openings: told(bytes.bytes()?),
                needs: told(bytes.bytes()?),
                program: bytes.bytes()?,
            })
        });
        (tail, all)
    }
}
