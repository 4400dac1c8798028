//! What the shipped lists may have in the texts that were asked about last.

use super::listed;
use super::lists::{Known, Set};
use super::memory::Memory;
use super::scripts::Apart;
use super::starts::Start;
use std::cell::RefCell;

thread_local! {
    static TEXTS: RefCell<Memory<Known>> = RefCell::default();
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
    let Apart { text, .. } = &Apart::of(text);
    TEXTS.with_borrow_mut(|texts| Told { any: texts.of(text, |text, known| listed::LISTS.tell(text, known)).any })
}

/// Calls `found` with every place of a text where a list may have a phrase, until it answers false. It must not ask
/// again.
pub fn each_told(text: &str, number: u32, mut found: impl FnMut(Start) -> bool) {
    TEXTS.with_borrow_mut(|texts| {
        let known = texts.of(text, |text, known| listed::LISTS.tell(text, known));
        // Of most texts a list may have nothing.
        if known.any.has(number) {
            known.told.iter().filter(|(_, lists)| lists.has(number)).all(|(start, _)| found(*start));
        }
    });
}
