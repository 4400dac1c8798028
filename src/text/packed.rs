//! Programs as bytes. They are made where this program is built (`build.rs`): reading one back takes
//! microseconds, and no expression is parsed where a report is read.

use super::bytes::Bytes;
use super::firsts::FirstTable;
use super::program::{Choice, Program, Step};
use super::set::{Ranges, Set};
use regex_syntax::hir::Look;

/// The edges that are walked, by their number.
pub const LOOKS: &[Look] = &[
    Look::Start,
    Look::End,
    Look::StartLF,
    Look::EndLF,
    Look::WordAscii,
    Look::WordAsciiNegate,
    Look::WordUnicode,
    Look::WordUnicodeNegate,
];

/// A program, with the characters beyond ASCII that are kept apart.
pub fn unpack(bytes: &mut Bytes<'_>, ranges: &dyn Fn(usize) -> Option<Ranges>) -> Option<Program> {
    let flags = bytes.byte()?;
    let has = |bit: u8| flags >> bit & 1 == 1;
    let slots = bytes.number()? as usize;
    let letters = bytes.bytes()?.to_vec();
    let sets = bytes.list(|bytes| {
        let members = [bytes.eight()?, bytes.eight()?, bytes.eight()?, bytes.eight()?];
        Some(Set { bytes: members, far: ranges(bytes.number()? as usize)? })
    })?;
    let choices = bytes.list(|bytes| {
        Some(Choice {
            kinds: table(bytes)?,
            masks: bytes.list(Bytes::number)?,
            at_end: bytes.number()?,
            ways: bytes.list(Bytes::small)?,
        })
    })?;
    let first = FirstTable::of(table(bytes)?, has(2));
    let steps = bytes.list(step)?;
    Some(Program { steps, sets, choices, letters, first, opens: has(0), slots, unicode: has(1) })
}

fn table(bytes: &mut Bytes<'_>) -> Option<Box<[u8; 256]>> {
    let mut table = Box::new([0; 256]);
    let mut at = 0;
    while at < table.len() {
        let end = at + 1 + usize::from(bytes.byte()?);
        table.get_mut(at..end)?.fill(bytes.byte()?);
        at = end;
    }
    Some(table)
}

/// A list of ranges.
pub fn ranges(bytes: &mut Bytes<'_>) -> Option<Ranges> {
    let mut last = 0_u32;
    let all = bytes.list(|bytes| {
        let from = last.checked_add(bytes.small()?)?;
        last = from.checked_add(bytes.small()?)?;
        Some((from, last))
    })?;
    Some(all.into())
}

/// How many numbers follow a kind of step.
pub fn operands(kind: u8) -> usize {
    match kind {
        0 => 0,
        1..=3 | 8 => 2,
        5..=7 => 3,
        _ => 1,
    }
}

fn step(bytes: &mut Bytes<'_>) -> Option<Step> {
    let kind = bytes.byte()?;
    let mut numbers = [0; 3];
    for number in numbers.iter_mut().take(operands(kind)) {
        *number = bytes.small()?.wrapping_sub(1);
    }
    let [a, b, c] = numbers;
    Some(match kind {
        0 => Step::Match,
        1 => Step::Exactly { from: a, len: b },
        2 | 3 => Step::AnyCase { from: a, len: b, far: kind == 3 },
        4 => Step::One(a),
        5 | 6 => Step::Run { set: a, min: b, max: c, greedy: kind == 5 },
        7 => Step::Whole { set: a, min: b, max: c },
        8 => Step::Split { first: a, second: b },
        9 => Step::Jump(a),
        10 => Step::Choose(a),
        11 => Step::Save(a),
        12 => Step::Look(*LOOKS.get(a as usize)?),
        _ => return None,
    })
}
