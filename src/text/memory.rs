//! What was found out of the texts that were asked about last: a sentence is asked about by many rules.

/// Longer texts are not remembered: they are few, and memory is bounded.
const REMEMBERED_BYTES_MAX: usize = 4_096;

/// About as many as a long report has sentences.
const REMEMBERED_TEXTS: usize = 1_024;

/// Answers by text. The text itself decides, so no answer depends on what was asked before.
pub struct Memory<T> {
    /// None before it is first asked.
    known: Vec<Option<(String, T)>>,
    /// Of a text that is not remembered.
    long: T,
}

impl<T: Default> Default for Memory<T> {
    fn default() -> Self {
        Memory { known: Vec::new(), long: T::default() }
    }
}

impl<T: Default> Memory<T> {
    /// What is known of the text; `find` puts it into what was known of another.
    pub fn of(&mut self, text: &str, find: impl FnOnce(&str, &mut T)) -> &mut T {
        if self.known.is_empty() {
            self.known.resize_with(REMEMBERED_TEXTS, || None);
        }
        let place = if text.len() > REMEMBERED_BYTES_MAX { None } else { self.known.get_mut(slot(text)) };
        let Some(place) = place else {
            find(text, &mut self.long);
            return &mut self.long;
        };
        let is_new = place.as_ref().is_none_or(|(known, _)| known != text);
        let (known, answer) = place.get_or_insert_default();
        if is_new {
            known.clear();
            known.push_str(text);
            find(text, answer);
        }
        answer
    }
}

/// A place by a hash of length and ends.
fn slot(text: &str) -> usize {
    let eight = |from: usize| {
        let bytes = text.as_bytes().get(from..).unwrap_or_default();
        bytes.first_chunk::<8>().map_or_else(
            || bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
            |eight| u64::from_le_bytes(*eight),
        )
    };
    let mixed = [text.len() as u64, eight(0), eight(text.len() / 2), eight(text.len().saturating_sub(8))];
    let hash = mixed.iter().fold(0_u64, |hash, part| (hash.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    (hash >> 32) as usize % REMEMBERED_TEXTS
}
