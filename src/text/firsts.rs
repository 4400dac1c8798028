//! With which bytes a match of an expression can begin: where none of them stands, nothing is tried.

use super::set::Set;
use regex_syntax::hir::{Hir, HirKind, Look};
use std::borrow::Cow;

/// Bytes with which something can begin.
#[derive(Debug, Clone, Copy, Default)]
pub struct Firsts {
    bytes: [u64; 4],
    /// Those that can do so right after a letter, digit or underscore of ASCII.
    inside: [u64; 4],
    /// It may match nothing, so that what follows begins.
    pub empty: bool,
    /// Matching nothing, it stands at the edge of a word.
    edge: bool,
    /// Matching nothing, it stands at the beginning of the text.
    opens: bool,
}

impl Firsts {
    /// Those with which a match may begin somewhere.
    pub fn bytes(&self) -> impl Iterator<Item = u8> {
        let bits = self.bytes.into_iter().zip([0_u8, 64, 128, 192]);
        bits.flat_map(|(mut bits, base)| {
            std::iter::from_fn(move || {
                let lowest = u8::try_from(bits.trailing_zeros()).ok().filter(|_| bits != 0)?;
                bits &= bits - 1;
                Some(base + lowest)
            })
        })
    }

    fn of(bytes: [u64; 4]) -> Self {
        Firsts { bytes, inside: bytes, ..Firsts::default() }
    }

    /// Either begins.
    pub fn or(self, other: &Firsts) -> Self {
        let (edge, opens) = match (self.empty, other.empty) {
            (true, true) => (self.edge && other.edge, self.opens && other.opens),
            (true, false) => (self.edge, self.opens),
            _ => (other.edge, other.opens),
        };
        Firsts {
            bytes: joined(self.bytes, other.bytes),
            inside: joined(self.inside, other.inside),
            empty: self.empty || other.empty,
            edge,
            opens,
        }
    }

    fn then(self, next: &Firsts) -> Self {
        if !self.empty {
            return self;
        }
        let mut more = next.inside;
        if self.opens {
            more = [0; 4];
        } else if self.edge {
            more.iter_mut().zip(WORD).for_each(|(bits, word)| *bits &= !word);
        }
        Firsts {
            bytes: joined(self.bytes, next.bytes),
            inside: joined(self.inside, more),
            empty: next.empty,
            edge: self.edge || next.edge,
            opens: self.opens || next.opens,
        }
    }
}

/// The same, for who asks at every byte of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstTable {
    /// Bits by byte: may it begin a match, and may it right after a letter, digit or underscore of ASCII?
    pub by_byte: Cow<'static, [u8]>,
    /// May one match nothing?
    pub empty: bool,
}

impl FirstTable {
    /// Of UTF-8, characters are entered at their first byte.
    pub fn new(firsts: &Firsts, utf8: bool) -> Self {
        let has = |bytes: &[u64; 4], byte: u8| {
            firsts.empty || bytes.get(usize::from(byte >> 6)).is_some_and(|bits| bits >> (byte & 63) & 1 == 1)
        };
        let mut by_byte = vec![0; 256];
        for (byte, bits) in (0..=u8::MAX).zip(by_byte.iter_mut()) {
            if !(utf8 && (0x80..0xC0).contains(&byte)) {
                *bits = u8::from(has(&firsts.bytes, byte)) | u8::from(has(&firsts.inside, byte)) << 1;
            }
        }
        FirstTable { by_byte: by_byte.into(), empty: firsts.empty }
    }

    /// The same as a table of its size: one look a byte, whatever the byte.
    #[inline]
    pub fn whole(&self) -> Whole<'_> {
        Whole(self.by_byte.first_chunk().unwrap_or(&[0; 256]))
    }
}

/// What is told of every byte.
#[derive(Clone, Copy)]
pub struct Whole<'t>(&'t [u8; 256]);

impl Whole<'_> {
    /// May a match begin with a byte somewhere?
    #[inline]
    pub fn may_begin(self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).is_some_and(|bits| *bits != 0)
    }

    /// May a match begin with a byte? `inside`: right after a letter, digit or underscore of ASCII.
    #[inline]
    pub fn has(self, byte: u8, inside: bool) -> bool {
        self.0.get(usize::from(byte)).is_some_and(|bits| bits >> u8::from(inside) & 1 == 1)
    }
}

/// Letters, digits and the underscore of ASCII.
const WORD: [u64; 4] = [0x03FF_0000_0000_0000, 0x07FF_FFFE_87FF_FFFE, 0, 0];

fn joined(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    std::array::from_fn(|nth| a.get(nth).unwrap_or(&0) | b.get(nth).unwrap_or(&0))
}

/// With what it can begin.
pub fn firsts(hir: &Hir) -> Firsts {
    let nothing = Firsts { empty: true, ..Firsts::default() };
    match hir.kind() {
        HirKind::Look(Look::Start) => Firsts { opens: true, ..nothing },
        HirKind::Look(Look::WordUnicode | Look::WordAscii) => Firsts { edge: true, ..nothing },
        HirKind::Empty | HirKind::Look(_) => nothing,
        HirKind::Literal(literal) => {
            let mut bytes = [0; 4];
            if let Some(byte) = literal.0.first()
                && let Some(bits) = bytes.get_mut(usize::from(byte >> 6))
            {
                *bits = 1_u64 << (byte & 63);
            }
            Firsts::of(bytes)
        }
        HirKind::Class(class) => Firsts::of(Set::new(class).firsts()),
        HirKind::Capture(capture) => firsts(&capture.sub),
        HirKind::Repetition(repetition) => {
            let sub = firsts(&repetition.sub);
            if repetition.min == 0 { sub.or(&nothing) } else { sub }
        }
        HirKind::Concat(parts) => {
            parts.iter().fold(nothing, |all, part| if all.empty { all.then(&firsts(part)) } else { all })
        }
        HirKind::Alternation(ways) => {
            let mut ways = ways.iter().map(firsts);
            let first = ways.next().unwrap_or(nothing);
            ways.fold(first, |all, way| all.or(&way))
        }
    }
}
