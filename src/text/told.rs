//! What the shipped lists may have in the texts that were asked about last.

use super::listed;
use super::lists::{Known, Met, Set};
use super::memory::Memory;
use super::scripts::Apart;
use super::starts::Start;
use std::cell::RefCell;

/// What is known of a text.
#[derive(Default)]
struct Asked {
    /// The text with its letters apart, where that is another one.
    apart: Option<Apart<'static>>,
    known: Known,
}

impl Asked {
    fn read(&mut self, text: &str, met: &mut Met) {
        let apart = Apart::of(text);
        listed::LISTS.tell(&apart.text, met, &mut self.known);
        self.apart = (!apart.is_plain()).then(|| apart.into_owned());
    }
}

#[derive(Default)]
struct Texts {
    known: Memory<Asked>,
    met: Met,
}

impl Texts {
    fn of(&mut self, text: &str) -> &Asked {
        self.known.of(text, |text, asked| asked.read(text, &mut self.met))
    }
}

thread_local! {
    static TEXTS: RefCell<Texts> = RefCell::default();
}

/// Which lists may have a phrase in a text: asked once for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    any: Set,
}

impl Told {
    /// May the list with this number have one?
    #[inline]
    pub fn may(self, number: Option<u32>) -> bool {
        number.is_none_or(|number| self.any.has(number))
    }
}

/// Which lists may have a phrase in a text.
pub fn told(text: &str) -> Told {
    TEXTS.with_borrow_mut(|texts| Told { any: texts.of(text).known.any })
}

/// Calls `found` with every place where a list may have a phrase in a text with its letters apart, until it answers
/// false. It must not ask again.
pub fn each_told(text: &str, number: u32, mut found: impl FnMut(&Apart<'_>, Start) -> bool) {
    TEXTS.with_borrow_mut(|texts| {
        let Asked { apart, known } = texts.of(text);
        // Of most texts a list may have nothing.
        if known.any.has(number) {
            let apart = apart.as_ref().map_or_else(|| Apart::plain(text), Apart::borrowed);
            known.told.iter().filter(|(_, lists)| lists.has(number)).all(|(start, _)| found(&apart, *start));
        }
    });
}
