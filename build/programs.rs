//! Programs as code, for those of expressions and of phrases.

use crate::text::{Choice, Program, Ranges, Set, Step};

/// What several programs share.
#[derive(Default)]
pub struct Shared {
    /// What is told of each byte, by `text::tables`.
    tables: Vec<u8>,
    /// Characters beyond ASCII.
    ranges: Vec<Ranges>,
}

const TABLE_BYTES: usize = 256;

impl Shared {
    /// The tables as code.
    pub fn tables(&self) -> String {
        let (tables, _) = self.tables.as_chunks::<TABLE_BYTES>();
        let numbered = tables.iter().enumerate();
        numbered.map(|(nth, table)| format!("pub const T{nth}: &[u8] = b\"{}\";\n", table.escape_ascii())).collect()
    }

    /// The characters beyond ASCII as code.
    pub fn ranges(&self) -> String {
        let numbered = self.ranges.iter().enumerate();
        numbered.map(|(nth, ranges)| format!("const R{nth}: &[(u32, u32)] = &{ranges:?};\n")).collect()
    }

    fn table(&mut self, table: &[u8]) -> String {
        if table.is_empty() {
            return "filed::Cow::Borrowed(&[])".to_owned();
        }
        let (known, _) = self.tables.as_chunks::<TABLE_BYTES>();
        let nth = known.iter().position(|known| known == table).unwrap_or(known.len());
        if nth == known.len() {
            self.tables.extend_from_slice(table);
        }
        format!("filed::Cow::Borrowed(tables::T{nth})")
    }

    fn set(&mut self, Set { bytes, far }: &Set) -> String {
        if far.is_empty() {
            return format!("filed::Set {{ bytes: {bytes:?}, far: filed::Cow::Borrowed(&[]) }}");
        }
        let nth = self.ranges.iter().position(|known| known == far).unwrap_or(self.ranges.len());
        if nth == self.ranges.len() {
            self.ranges.push(far.clone());
        }
        format!("filed::Set {{ bytes: {bytes:?}, far: filed::Cow::Borrowed(R{nth}) }}")
    }

    /// A program as code.
    pub fn code(&mut self, program: &Program) -> String {
        let Program { steps, sets, choices, letters, first, opens, slots, unicode } = program;
        let steps: Vec<String> = steps.iter().map(step).collect();
        let sets: Vec<String> = sets.iter().map(|set| self.set(set)).collect();
        let choice = |Choice { kinds, masks, at_end, ways }: &Choice| {
            let kinds = self.table(kinds);
            let (masks, ways) = (borrowed(&format!("{masks:?}")), borrowed(&format!("{ways:?}")));
            format!("filed::Choice {{ kinds: {kinds}, masks: {masks}, at_end: {at_end}, ways: {ways} }}")
        };
        let choices: Vec<String> = choices.iter().map(choice).collect();
        let list = |items: Vec<String>| borrowed(&format!("[{}]", items.join(",\n")));
        let (steps, sets, choices) = (list(steps), list(sets), list(choices));
        let letters = format!("filed::Cow::Borrowed(b\"{}\")", letters.escape_ascii());
        let by_byte = self.table(&first.by_byte);
        let first = format!("filed::FirstTable {{ by_byte: {by_byte}, empty: {} }}", first.empty);
        format!(
            "filed::Program {{ steps: {steps}, sets: {sets}, choices: {choices}, letters: {letters}, first: {first}, \
             opens: {opens}, slots: {slots}, unicode: {unicode} }}"
        )
    }
}

fn borrowed(list: &str) -> String {
    format!("filed::Cow::Borrowed(&{list})")
}

fn step(step: &Step) -> String {
    match step {
        Step::Look(look) => format!("filed::Step::Look(filed::Look::{look:?})"),
        step => format!("filed::Step::{step:?}"),
    }
}
