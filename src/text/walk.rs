//! Walks a program over a text, going back where a way ends: the way of Perl, with as many steps as the text is long,
//! times a constant. Who needs more is told so, and asks the library, whose automata need no way back.

use super::program::{Choice, Program, Step};
use super::set::{Set, character};
use regex_syntax::hir::Look;
use std::cell::RefCell;
use std::ops::Range;

/// Too many steps were taken.
#[derive(Debug)]
pub struct Exhausted;

/// How many steps a search may take for each byte of a text, and at least.
const STEPS_PER_BYTE: usize = 64;
const STEPS_MIN: usize = 20_000;

/// A place that a group did not take.
pub const NOWHERE: usize = usize::MAX;

/// Where to go on if the way ends.
enum Back {
    Way {
        step: u32,
        at: usize,
    },
    Choice {
        choice: u32,
        left: u64,
        at: usize,
    },
    /// A run gave back down to its least, `at` being its end.
    Shorter {
        step: u32,
        least: usize,
        at: usize,
    },
    /// A run takes one more, while it may.
    Longer {
        step: u32,
        set: u32,
        left: u32,
        at: usize,
    },
    Slot {
        slot: u32,
        was: usize,
    },
}

#[derive(Default)]
struct Memory {
    back: Vec<Back>,
    slots: Vec<usize>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Program {
    /// The leftmost match from a place on; `slots` tells the places of its groups, if they are asked for.
    pub fn search<T>(
        &self,
        text: &[u8],
        from: usize,
        with_groups: bool,
        tell: impl FnOnce(Option<Range<usize>>, &[usize]) -> T,
    ) -> Result<T, Exhausted> {
        MEMORY.with_borrow_mut(|memory| {
            memory.slots.clear();
            memory.slots.resize(if with_groups { self.slots } else { 0 }, NOWHERE);
            let left = text.len().saturating_sub(from) * STEPS_PER_BYTE + STEPS_MIN;
            let found = Walk::new(self, text, memory, left).first(from)?;
            Ok(tell(found, &memory.slots))
        })
    }

    /// The match that begins at a place: where it ends, if there is one, and the places of its groups.
    pub fn search_at<T>(
        &self,
        text: &[u8],
        at: usize,
        tell: impl FnOnce(Option<usize>, &[usize]) -> T,
    ) -> Result<T, Exhausted> {
        MEMORY.with_borrow_mut(|memory| {
            memory.slots.clear();
            memory.slots.resize(self.slots, NOWHERE);
            let left = text.len().saturating_sub(at) * STEPS_PER_BYTE + STEPS_MIN;
            let found = Walk::new(self, text, memory, left).from(at)?;
            Ok(tell(found, &memory.slots))
        })
    }

    /// Where the match ends that begins at a place; groups are not told.
    pub fn end(&self, text: &[u8], at: usize) -> Result<Option<usize>, Exhausted> {
        MEMORY.with_borrow_mut(|memory| {
            memory.slots.clear();
            let left = text.len().saturating_sub(at) * STEPS_PER_BYTE + STEPS_MIN;
            Walk::new(self, text, memory, left).from(at)
        })
    }
}

struct Walk<'w> {
    program: &'w Program,
    // Of the program, as slices: every step asks for them.
    steps: &'w [Step],
    sets: &'w [Set],
    choices: &'w [Choice],
    letters: &'w [u8],
    text: &'w [u8],
    back: &'w mut Vec<Back>,
    slots: &'w mut Vec<usize>,
    left: usize,
}

impl<'w> Walk<'w> {
    #[inline]
    fn new(program: &'w Program, text: &'w [u8], memory: &'w mut Memory, left: usize) -> Self {
        let Program { steps, sets, choices, letters, .. } = program;
        let Memory { back, slots } = memory;
        Walk { program, steps, sets, choices, letters, text, back, slots, left }
    }

    fn first(&mut self, from: usize) -> Result<Option<Range<usize>>, Exhausted> {
        let first = self.program.first.whole();
        let last = if self.program.opens { self.text.len().min(from + 1) } else { self.text.len() };
        let mut at = from;
        while let Some(passed) = self.text.get(at..last).and_then(|rest| rest.iter().position(|b| first.may_begin(*b)))
        {
            at += passed;
            let inside = at.checked_sub(1).and_then(|at| self.text.get(at)).is_some_and(|b| is_word(*b));
            let may = self.text.get(at).is_some_and(|b| first.has(*b, inside));
            if may && let Some(end) = self.from(at)? {
                return Ok(Some(at..end));
            }
            at += 1;
        }
        if self.program.first.empty
            && last >= self.text.len()
            && let Some(end) = self.from(self.text.len())?
        {
            return Ok(Some(self.text.len()..end));
        }
        Ok(None)
    }

    fn from(&mut self, begin: usize) -> Result<Option<usize>, Exhausted> {
        self.back.clear();
        let (mut step, mut at) = (0, begin);
        loop {
            self.left = self.left.checked_sub(1).ok_or(Exhausted)?;
            let Some(now) = self.steps.get(step as usize) else { return Ok(None) };
            if *now == Step::Match {
                return Ok(Some(at));
            }
            let Some(next) = self.step(*now, step, at).or_else(|| self.go_back()) else { return Ok(None) };
            (step, at) = next;
        }
    }

    /// One step: where it leads.
    #[inline(always)]
    fn step(&mut self, now: Step, step: u32, at: usize) -> Option<(u32, usize)> {
        match now {
            Step::Match => None,
            Step::Exactly { from, len } => {
                let (from, len) = (from as usize, len as usize);
                // Most differ in the first letter, and many have no other.
                let same = self.text.get(at) == self.letters.get(from)
                    && (len == 1 || self.text.get(at..at + len) == self.letters.get(from..from + len));
                same.then_some((step + 1, at + len))
            }
            Step::AnyCase { from, len, far } => {
                let letters = self.letters.get(from as usize..(from + len) as usize)?;
                any_case(self.text, at, letters, far).map(|end| (step + 1, end))
            }
            Step::One(set) => match self.sets.get(set as usize)?.taken(self.text, at) {
                0 => None,
                taken => Some((step + 1, at + taken)),
            },
            Step::Run { set, min, max, greedy } => self.run(set, min, if greedy { max } else { min }, step, at, max),
            Step::Whole { set, min, max } => self.whole(set, min, max, at).map(|end| (step + 1, end)),
            Step::Split { first, second } => {
                self.back.push(Back::Way { step: second, at });
                Some((first, at))
            }
            Step::Jump(to) => Some((to, at)),
            Step::Choose(choice) => {
                let left = self.choices.get(choice as usize)?.ways(self.text.get(at));
                self.choose(choice, left, at)
            }
            Step::Save(slot) => {
                if let Some(place) = self.slots.get_mut(slot as usize) {
                    let was = std::mem::replace(place, at);
                    self.back.push(Back::Slot { slot, was });
                }
                Some((step + 1, at))
            }
            Step::Look(look) => self.sees(look, at).then_some((step + 1, at)),
        }
    }

    fn whole(&self, set: u32, min: u32, max: u32, at: usize) -> Option<usize> {
        let known = self.sets.get(set as usize)?;
        let (mut end, mut count) = (at, 0);
        while count < max {
            let taken = known.taken(self.text, end);
            if taken == 0 {
                break;
            }
            end += taken;
            count += 1;
        }
        (count >= min).then_some(end)
    }

    fn run(&mut self, set: u32, min: u32, most: u32, step: u32, at: usize, max: u32) -> Option<(u32, usize)> {
        let known = self.sets.get(set as usize)?;
        let (mut end, mut least, mut count) = (at, at, 0);
        while count < most {
            let taken = known.taken(self.text, end);
            if taken == 0 {
                break;
            }
            end += taken;
            count += 1;
            if count == min {
                least = end;
            }
        }
        if count < min {
            return None;
        }
        if most < max && count == most {
            self.back.push(Back::Longer { step: step + 1, set, left: max - most, at: end });
        } else if end > least {
            self.back.push(Back::Shorter { step: step + 1, least, at: end });
        }
        Some((step + 1, end))
    }

    #[inline]
    fn choose(&mut self, choice: u32, left: u64, at: usize) -> Option<(u32, usize)> {
        let Choice { ways, .. } = self.choices.get(choice as usize)?;
        let step = *ways.get(left.trailing_zeros() as usize)?;
        let left = left & (left - 1);
        if left != 0 {
            self.back.push(Back::Choice { choice, left, at });
        }
        Some((step, at))
    }

    /// The last place where another way was open.
    fn go_back(&mut self) -> Option<(u32, usize)> {
        loop {
            match self.back.pop()? {
                Back::Way { step, at } => return Some((step, at)),
                Back::Choice { choice, left, at } => return self.choose(choice, left, at),
                Back::Slot { slot, was } => {
                    if let Some(place) = self.slots.get_mut(slot as usize) {
                        *place = was;
                    }
                }
                Back::Shorter { step, least, at } => {
                    if let Some(at) = self.shorter(step, least, at) {
                        if at > least {
                            self.back.push(Back::Shorter { step, least, at });
                        }
                        return Some((step, at));
                    }
                }
                Back::Longer { step, set, left, at } => {
                    let taken = self.sets.get(set as usize)?.taken(self.text, at);
                    if taken > 0 {
                        if left > 1 {
                            self.back.push(Back::Longer { step, set, left: left - 1, at: at + taken });
                        }
                        return Some((step, at + taken));
                    }
                }
            }
        }
    }

    /// The last place before `at` from which the step may go on.
    fn shorter(&mut self, step: u32, least: usize, mut at: usize) -> Option<usize> {
        let next = match self.steps.get(step as usize)? {
            Step::Exactly { from, .. } => self.letters.get(*from as usize).copied(),
            _ => None,
        };
        while at > least {
            at -= 1;
            self.left = self.left.saturating_sub(1);
            let byte = *self.text.get(at)?;
            if self.program.unicode && (0x80..0xC0).contains(&byte) {
                continue;
            }
            if next.is_none_or(|next| next == byte) {
                return Some(at);
            }
        }
        None
    }

    fn sees(&self, look: Look, at: usize) -> bool {
        let before = || at.checked_sub(1).and_then(|at| self.text.get(at)).copied();
        let after = || self.text.get(at).copied();
        let edge = |word: &dyn Fn(u8) -> bool| before().is_some_and(word) != after().is_some_and(word);
        match look {
            Look::Start => at == 0,
            Look::End => at == self.text.len(),
            Look::StartLF => before().is_none_or(|b| b == b'\n'),
            Look::EndLF => after().is_none_or(|b| b == b'\n'),
            Look::WordAscii => edge(&is_word),
            Look::WordAsciiNegate => !edge(&is_word),
            Look::WordUnicode => self.word_before(at) != self.word_after(at),
            Look::WordUnicodeNegate => self.word_before(at) == self.word_after(at),
            _ => false,
        }
    }

    fn word_after(&self, at: usize) -> bool {
        self.text.get(at).is_some_and(|b| if b.is_ascii() { is_word(*b) } else { is_far_word(self.text, at) })
    }

    fn word_before(&self, at: usize) -> bool {
        let Some(last) = at.checked_sub(1) else { return false };
        let Some(byte) = self.text.get(last) else { return false };
        if byte.is_ascii() {
            return is_word(*byte);
        }
        let begin = (0..=last).rev().find(|at| self.text.get(*at).is_some_and(|b| !(0x80..0xC0).contains(b)));
        begin.is_some_and(|begin| is_far_word(self.text, begin))
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_far_word(text: &[u8], at: usize) -> bool {
    char::from_u32(character(text, at).0).is_some_and(regex_syntax::is_word_character)
}

/// Where letters end that stand at a place in any case.
fn any_case(text: &[u8], at: usize, letters: &[u8], far: bool) -> Option<usize> {
    let mut end = at;
    for letter in letters {
        let byte = *text.get(end)?;
        if byte.to_ascii_lowercase() == *letter {
            end += 1;
        } else if far && !byte.is_ascii() {
            let (c, len) = character(text, end);
            if !matches!((c, letter), (0x17F, b's') | (0x212A, b'k')) {
                return None;
            }
            end += len;
        } else {
            return None;
        }
    }
    Some(end)
}
