//! Writes programs as [`super::packed`] reads them; part of the build, and of tests.

use super::packed::{LOOKS, operands};
use super::program::{Program, Step};
use super::set::Ranges;

/// Appends a number, seven bits a byte, the lowest first.
pub fn put(out: &mut Vec<u8>, number: u64) {
    let mut left = number;
    while left >= 0x80 {
        out.push(0x80 | (left & 0x7F) as u8);
        left >>= 7;
    }
    out.push(left as u8);
}

/// Appends bytes with their number before them.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a program. Characters beyond ASCII are kept apart, in `ranges`: most sets of an expression are Unicode's.
pub fn pack(program: &Program, ranges: &mut Vec<Ranges>, out: &mut Vec<u8>) {
    out.push(u8::from(program.opens) | u8::from(program.unicode) << 1 | u8::from(program.first.empty()) << 2);
    put(out, program.slots as u64);
    put_bytes(out, &program.letters);
    put(out, program.sets.len() as u64);
    for set in &program.sets {
        set.bytes.iter().for_each(|members| out.extend(members.to_le_bytes()));
        let place = ranges.iter().position(|known| *known == set.far).unwrap_or_else(|| {
            ranges.push(set.far.clone());
            ranges.len() - 1
        });
        put(out, place as u64);
    }
    put(out, program.choices.len() as u64);
    for choice in &program.choices {
        put_table(out, &choice.kinds);
        put_all(out, &choice.masks);
        put(out, choice.at_end);
        put_all(out, &choice.ways.iter().map(|way| u64::from(*way)).collect::<Vec<_>>());
    }
    put_table(out, program.first.begins());
    put(out, program.steps.len() as u64);
    program.steps.iter().for_each(|step| put_step(out, *step));
}

fn put_all(out: &mut Vec<u8>, numbers: &[u64]) {
    put(out, numbers.len() as u64);
    numbers.iter().for_each(|number| put(out, *number));
}

/// A value for each byte, as runs of one value: less one, how many.
fn put_table(out: &mut Vec<u8>, table: &[u8; 256]) {
    for run in table.chunk_by(|a, b| a == b) {
        out.push((run.len() - 1) as u8);
        out.extend(run.first());
    }
}

/// Appends one of the lists that [`pack`] kept apart.
pub fn put_ranges(out: &mut Vec<u8>, ranges: &Ranges) {
    put(out, ranges.len() as u64);
    let mut last = 0;
    for (from, to) in ranges.iter() {
        put(out, u64::from(from - last));
        put(out, u64::from(to - from));
        last = *to;
    }
}

fn put_step(out: &mut Vec<u8>, step: Step) {
    let (kind, numbers): (u8, [u32; 3]) = match step {
        Step::Match => (0, [0; 3]),
        Step::Exactly { from, len } => (1, [from, len, 0]),
        Step::AnyCase { from, len, far } => (if far { 3 } else { 2 }, [from, len, 0]),
        Step::One(set) => (4, [set, 0, 0]),
        Step::Run { set, min, max, greedy } => (if greedy { 5 } else { 6 }, [set, min, max]),
        Step::Whole { set, min, max } => (7, [set, min, max]),
        Step::Split { first, second } => (8, [first, second, 0]),
        Step::Jump(to) => (9, [to, 0, 0]),
        Step::Choose(choice) => (10, [choice, 0, 0]),
        Step::Save(slot) => (11, [slot, 0, 0]),
        Step::Look(look) => (12, [LOOKS.iter().position(|l| *l == look).unwrap_or(LOOKS.len()) as u32, 0, 0]),
    };
    out.push(kind);
    // "As many as there are" is the largest number: one more than it is nothing.
    numbers.iter().take(operands(kind)).for_each(|n| put(out, u64::from(n.wrapping_add(1))));
}
