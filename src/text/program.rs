//! A regular expression as a short list of instructions.
//!
//! Making one takes microseconds where an automaton takes milliseconds, most of them for Unicode's tables, and a report
//! of a few kilobytes meets hundreds of expressions for the first time. [`super::walk`] walks it.

use super::firsts::{FirstTable, Firsts, firsts};
use super::set::Set;
use regex_syntax::hir::{Capture, Class, Hir, HirKind, Look, Repetition};
use std::borrow::Cow;

/// A program. Which instructions follow each other is decided when it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    pub steps: Cow<'static, [Step]>,
    pub sets: Cow<'static, [Set]>,
    pub choices: Cow<'static, [Choice]>,
    /// Literals, one after the other.
    pub letters: Cow<'static, [u8]>,
    /// With which bytes a match can begin.
    pub first: FirstTable,
    /// It matches at the beginning of a text or nowhere.
    pub opens: bool,
    /// Places that are remembered: two a group.
    pub slots: usize,
    /// Characters are UTF-8's, not bytes.
    pub unicode: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    Match,
    /// These letters of the literals.
    Exactly {
        from: u32,
        len: u32,
    },
    /// The same in any ASCII case; the literal is in lower case. `far` takes the two letters beyond ASCII that are `s`
    /// and `k` in another case.
    AnyCase {
        from: u32,
        len: u32,
        far: bool,
    },
    /// One character of a set.
    One(u32),
    /// As many of a set as there are, or as few as will do.
    Run {
        set: u32,
        min: u32,
        max: u32,
        greedy: bool,
    },
    /// As many of a set as there are: what follows can begin with none of them, so that none is given back.
    Whole {
        set: u32,
        min: u32,
        max: u32,
    },
    /// Goes on here, or else there.
    Split {
        first: u32,
        second: u32,
    },
    Jump(u32),
    Choose(u32),
    Save(u32),
    Look(Look),
}

/// The alternatives that can begin with a byte, as bits, the first the lowest.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Of each byte, which of the masks tells its alternatives.
    pub kinds: Cow<'static, [u8]>,
    pub masks: Cow<'static, [u64]>,
    /// Those that can match at the end of the text.
    pub at_end: u64,
    pub ways: Cow<'static, [u32]>,
}

/// Larger programs are left to the library.
const STEPS_MAX: usize = 20_000;

/// More alternatives are a choice of choices.
const WAYS_MAX: usize = 63;

impl Program {
    /// `None` where it holds what is not walked: an endless repetition of what may be empty, a rare kind of edge, or
    /// too much.
    pub fn new(hir: &Hir, unicode: bool) -> Option<Self> {
        let slots = 2 * (1 + hir.properties().explicit_captures_len());
        let opens = opens(hir);
        let first = FirstTable::new(&firsts(hir), unicode);
        let mut program = Program {
            steps: Cow::default(),
            sets: Cow::default(),
            choices: Cow::default(),
            letters: Cow::default(),
            first,
            opens,
            slots,
            unicode,
        };
        program.add(hir)?;
        program.push(Step::Match)?;
        for at in 0..program.steps.len() {
            if let Some(Step::Run { set, min, max, greedy: true }) = program.steps.get(at).copied()
                && program.goes_on_without(set, at + 1, &mut Vec::new())
            {
                program.set(at, Step::Whole { set, min, max });
            }
        }
        Some(program)
    }

    /// The letters that every match begins with, in small ones where their case does not count; perhaps none are told.
    pub fn opening(&self) -> &[u8] {
        match self.steps.first() {
            Some(Step::Exactly { from, len } | Step::AnyCase { from, len, far: false }) => {
                self.letters.get(*from as usize..(from + len) as usize).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// Can nothing that begins here take a character of the set, nor end by an edge before one?
    fn goes_on_without(&self, set: u32, at: usize, seen: &mut Vec<usize>) -> bool {
        let Some(given) = self.sets.get(set as usize) else { return false };
        if seen.contains(&at) {
            return true;
        }
        seen.push(at);
        let apart = |other: u32| self.sets.get(other as usize).is_some_and(|other| !given.meets(other));
        let first = |from: u32| self.letters.get(from as usize..).unwrap_or_default();
        match self.steps.get(at) {
            Some(Step::Match) => true,
            Some(Step::Exactly { from, .. }) => given.taken(first(*from), 0) == 0,
            Some(Step::AnyCase { from, far, .. }) => {
                let cases = first(*from).first().map(|b| [b.to_ascii_lowercase(), b.to_ascii_uppercase()]);
                !far && cases.is_some_and(|cases| cases.iter().all(|b| given.taken(&[*b], 0) == 0))
            }
            Some(Step::One(other)) => apart(*other),
            Some(Step::Run { set: other, min, .. } | Step::Whole { set: other, min, .. }) => {
                apart(*other) && (*min > 0 || self.goes_on_without(set, at + 1, seen))
            }
            Some(Step::Split { first, second }) => {
                [first, second].into_iter().all(|to| self.goes_on_without(set, *to as usize, seen))
            }
            Some(Step::Jump(to)) => self.goes_on_without(set, *to as usize, seen),
            Some(Step::Save(_)) => self.goes_on_without(set, at + 1, seen),
            Some(Step::Choose(choice)) => self
                .choices
                .get(*choice as usize)
                .is_some_and(|choice| choice.ways.iter().all(|to| self.goes_on_without(set, *to as usize, seen))),
            Some(Step::Look(_)) | None => false,
        }
    }

    fn here(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, step: Step) -> Option<usize> {
        let at = self.steps.len();
        self.steps.to_mut().push(step);
        (at < STEPS_MAX).then_some(at)
    }

    fn set(&mut self, at: usize, step: Step) {
        if let Some(known) = self.steps.to_mut().get_mut(at) {
            *known = step;
        }
    }

    fn add(&mut self, hir: &Hir) -> Option<()> {
        match hir.kind() {
            HirKind::Empty => {}
            HirKind::Literal(_) | HirKind::Class(_) => self.sequence(&[hir])?,
            HirKind::Concat(parts) => self.sequence(&parts.iter().collect::<Vec<_>>())?,
            HirKind::Look(look) => {
                let walked = matches!(
                    look,
                    Look::Start
                        | Look::End
                        | Look::StartLF
                        | Look::EndLF
                        | Look::WordAscii
                        | Look::WordAsciiNegate
                        | Look::WordUnicode
                        | Look::WordUnicodeNegate
                );
                self.push(Step::Look(*look)).filter(|_| walked)?;
            }
            HirKind::Capture(Capture { index, sub, .. }) => {
                self.push(Step::Save(2 * index))?;
                self.add(sub)?;
                self.push(Step::Save(2 * index + 1))?;
            }
            HirKind::Repetition(repetition) => self.repeated(repetition)?,
            HirKind::Alternation(ways) => self.choice(&ways.iter().collect::<Vec<_>>())?,
        }
        Some(())
    }

    /// One after the other; letters that follow each other are one step.
    fn sequence(&mut self, parts: &[&Hir]) -> Option<()> {
        let mut run = Letters::default();
        for part in parts {
            if let Some(more) = Letters::of(part) {
                let joined = run.joined(&more);
                if let Some(joined) = joined {
                    run = joined;
                } else {
                    self.letters(&run)?;
                    run = more;
                }
                continue;
            }
            self.letters(&run)?;
            run = Letters::default();
            if let HirKind::Class(class) = part.kind() {
                let set = self.known(class);
                self.push(Step::One(set))?;
            } else {
                self.add(part)?;
            }
        }
        self.letters(&run)
    }

    fn letters(&mut self, run: &Letters) -> Option<()> {
        let (from, len) = (u32::try_from(self.letters.len()).ok()?, u32::try_from(run.bytes.len()).ok()?);
        self.letters.to_mut().extend(&run.bytes);
        match run.case {
            _ if len == 0 => return Some(()),
            Case::Any { far } => self.push(Step::AnyCase { from, len, far: far == Some(true) })?,
            Case::One | Case::None => self.push(Step::Exactly { from, len })?,
        };
        Some(())
    }

    fn known(&mut self, class: &Class) -> u32 {
        let set = Set::new(class);
        let nth = self.sets.iter().position(|s| *s == set).unwrap_or_else(|| {
            self.sets.to_mut().push(set);
            self.sets.len() - 1
        });
        u32::try_from(nth).unwrap_or(u32::MAX)
    }

    fn repeated(&mut self, Repetition { min, max, greedy, sub }: &Repetition) -> Option<()> {
        if let HirKind::Class(class) = sub.kind() {
            let set = self.known(class);
            let max = max.unwrap_or(u32::MAX);
            self.push(Step::Run { set, min: *min, max, greedy: *greedy })?;
            return Some(());
        }
        for _ in 0..*min {
            self.add(sub)?;
        }
        let split = |program: &Self, at: usize| {
            let (into, past) = (u32::try_from(at + 1).unwrap_or(u32::MAX), program.here());
            let (first, second) = if *greedy { (into, past) } else { (past, into) };
            Step::Split { first, second }
        };
        let Some(max) = max else {
            // What may be empty could go round for ever.
            if sub.properties().minimum_len() == Some(0) {
                return None;
            }
            let at = self.push(Step::Jump(0))?;
            self.add(sub)?;
            self.push(Step::Jump(u32::try_from(at).ok()?))?;
            self.set(at, split(self, at));
            return Some(());
        };
        let mut optional = Vec::new();
        for _ in *min..*max {
            optional.push(self.push(Step::Jump(0))?);
            self.add(sub)?;
        }
        for at in optional {
            self.set(at, split(self, at));
        }
        Some(())
    }

    fn choice(&mut self, ways: &[&Hir]) -> Option<()> {
        let nth = self.choices.len();
        let kinds = vec![0; 256].into();
        self.choices.to_mut().push(Choice { kinds, masks: Cow::default(), at_end: 0, ways: Cow::default() });
        self.push(Step::Choose(u32::try_from(nth).ok()?))?;
        let mut by_byte = [0; 256];
        let (now, later) = if ways.len() > WAYS_MAX { ways.split_at(WAYS_MAX) } else { (ways, &[][..]) };
        let mut ends = Vec::new();
        for way in now {
            self.way(nth, &firsts(way), &mut by_byte)?;
            self.add(way)?;
            ends.push(self.push(Step::Jump(0))?);
        }
        if !later.is_empty() {
            let all = later.iter().map(|way| firsts(way)).reduce(|all, way| all.or(&way))?;
            self.way(nth, &all, &mut by_byte)?;
            if let [one] = later { self.add(one)? } else { self.choice(later)? }
        }
        let past = self.here();
        ends.into_iter().for_each(|at| self.set(at, Step::Jump(past)));
        self.choices.to_mut().get_mut(nth)?.file(&by_byte)
    }

    fn way(&mut self, choice: usize, first: &Firsts, by_byte: &mut [u64; 256]) -> Option<()> {
        let here = self.here();
        let choice = self.choices.to_mut().get_mut(choice)?;
        let bit = 1_u64 << choice.ways.len();
        if first.empty {
            by_byte.iter_mut().for_each(|ways| *ways |= bit);
        }
        for byte in first.bytes().filter(|_| !first.empty) {
            by_byte.get_mut(usize::from(byte)).into_iter().for_each(|ways| *ways |= bit);
        }
        if first.empty {
            choice.at_end |= bit;
        }
        choice.ways.to_mut().push(here);
        Some(())
    }
}

impl Choice {
    fn file(&mut self, by_byte: &[u64; 256]) -> Option<()> {
        for (kind, ways) in self.kinds.to_mut().iter_mut().zip(by_byte) {
            let known = self.masks.iter().position(|mask| mask == ways).unwrap_or_else(|| {
                self.masks.to_mut().push(*ways);
                self.masks.len() - 1
            });
            *kind = u8::try_from(known).ok()?;
        }
        Some(())
    }

    /// The alternatives that can begin with a byte, or where the text ends.
    #[inline]
    pub fn ways(&self, byte: Option<&u8>) -> u64 {
        let Some(byte) = byte else { return self.at_end };
        let kind = self.kinds.get(usize::from(*byte)).copied().unwrap_or(0);
        self.masks.get(usize::from(kind)).copied().unwrap_or(0)
    }
}

/// Letters that follow each other, and whether their case counts.
#[derive(Debug, Clone, Default)]
struct Letters {
    bytes: Vec<u8>,
    case: Case,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Case {
    /// No letter that has another case.
    #[default]
    None,
    One,
    /// Whether far letters count, once that is told.
    Any {
        far: Option<bool>,
    },
}

impl Letters {
    fn of(part: &Hir) -> Option<Self> {
        match part.kind() {
            HirKind::Literal(literal) => {
                let cased = literal.0.iter().any(u8::is_ascii_alphabetic);
                Some(Letters { bytes: literal.0.to_vec(), case: if cased { Case::One } else { Case::None } })
            }
            HirKind::Class(class) => {
                let ranges: Vec<(u32, u32)> = match class {
                    Class::Unicode(class) => {
                        class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect()
                    }
                    Class::Bytes(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
                };
                let (large, small, far) = match *ranges.as_slice() {
                    [(a, b), (c, d)] if a == b && c == d => (a, c, None),
                    [(a, b), (c, d), (e, f)] if a == b && c == d && e == f && [0x17F, 0x212A].contains(&e) => {
                        (a, c, Some(true))
                    }
                    _ => return None,
                };
                let letter = u8::try_from(large).ok().filter(u8::is_ascii_uppercase)?.to_ascii_lowercase();
                let far = far.or(matches!(letter, b's' | b'k').then_some(false));
                (small == u32::from(letter)).then(|| Letters { bytes: vec![letter], case: Case::Any { far } })
            }
            _ => None,
        }
    }

    fn joined(&self, next: &Self) -> Option<Self> {
        let case = match (self.case, next.case) {
            (Case::None, case) | (case, Case::None) => case,
            (Case::One, Case::One) => Case::One,
            (Case::Any { far: None }, case @ Case::Any { .. }) | (case @ Case::Any { .. }, Case::Any { far: None }) => {
                case
            }
            (Case::Any { far: a }, Case::Any { far: b }) if a == b => Case::Any { far: a },
            _ => return None,
        };
        Some(Letters { bytes: [self.bytes.as_slice(), &next.bytes].concat(), case })
    }
}

/// Does every match begin at the beginning of the text?
fn opens(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Look(look) => *look == Look::Start,
        HirKind::Capture(capture) => opens(&capture.sub),
        HirKind::Concat(parts) => parts.first().is_some_and(opens),
        HirKind::Alternation(ways) => ways.iter().all(opens),
        HirKind::Repetition(repetition) => repetition.min > 0 && opens(&repetition.sub),
        _ => false,
    }
}
