//! What was found out of the texts that were asked about last: a sentence is asked about by many rules.

/// Of longer texts only the last is remembered: they are few, and memory is bounded.
const REMEMBERED_BYTES_MAX: usize = 4_096;

/// More room than this is given back when a text half as long takes the place.
const ROOMY_BYTES: usize = 256;

/// Places for texts, powers of two: at first, and several times as many as a long report has sentences, as two texts
/// that want the same place drive each other out.
const PLACES_MIN: usize = 256;
const PLACES_MAX: usize = 4_096;

/// One place in so many is taken before there are more.
const FREE: usize = 8;

/// Answers by text. The text itself decides, so no answer depends on what was asked before.
#[derive(Default)]
pub struct Memory<T> {
    /// By place, which of the texts is there, plus one; 0 where there is none. No places before it is first asked.
    places: Vec<u32>,
    /// As many as places are taken: a place of its own for each would touch ten times the memory of a short document.
    known: Vec<(String, T)>,
    /// Which text was asked about last: most are asked about several times in a row.
    last: usize,
    /// Of the last long text.
    long: Option<(String, T)>,
}

impl<T: Default> Memory<T> {
    /// What is known of the text; `find` puts it into what was known of another.
    pub fn of(&mut self, text: &str, find: impl FnOnce(&str, &mut T)) -> &mut T {
        let is_long = text.len() > REMEMBERED_BYTES_MAX;
        let mut is_new = false;
        if !is_long && self.known.get(self.last).is_none_or(|(last, _)| last != text) {
            (self.last, is_new) = self.place(text);
        }
        let place = self.known.get_mut(self.last).filter(|_| !is_long);
        is_new |= is_long && self.long.as_ref().is_none_or(|(long, _)| long != text);
        let (known, answer) = place.unwrap_or_else(|| self.long.get_or_insert_default());
        if is_new {
            // Room for a long text is not kept for short ones: in time every place would have held one.
            if known.capacity() > ROOMY_BYTES && text.len() < known.capacity() / 2 {
                (*known, *answer) = Default::default();
            }
            known.clear();
            known.push_str(text);
            find(text, answer);
        }
        answer
    }

    /// Which of the known texts has the place of a text, and whether it is another one.
    fn place(&mut self, text: &str) -> (usize, bool) {
        if self.places.is_empty() {
            self.places.resize(PLACES_MIN, 0);
        }
        let place = place(text, self.places.len());
        let Some(taken) = self.places.get_mut(place) else { return (0, true) };
        let Some(nth) = (*taken as usize).checked_sub(1) else {
            self.known.push(Default::default());
            *taken = u32::try_from(self.known.len()).unwrap_or(0);
            return (self.known.len() - 1, true);
        };
        let is_other = self.known.get(nth).is_none_or(|(known, _)| known != text);
        if is_other && self.places.len() < PLACES_MAX && self.known.len() * FREE > self.places.len() {
            self.grow();
            return self.place(text);
        }
        (nth, is_other)
    }

    /// Twice as many places: the texts of one part to the two that it becomes.
    fn grow(&mut self) {
        let mut places = vec![0; self.places.len() * 2];
        for (nth, (text, _)) in (1..).zip(&self.known) {
            let place = place(text, places.len());
            places.get_mut(place).into_iter().for_each(|free| *free = nth);
        }
        self.places = places;
    }
}

/// A place among so many, a power of two, by a hash of length and ends.
fn place(text: &str, places: usize) -> usize {
    let eight = |from: usize| {
        let bytes = text.as_bytes().get(from..).unwrap_or_default();
        bytes.first_chunk::<8>().map_or_else(
            || bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)),
            |eight| u64::from_le_bytes(*eight),
        )
    };
    let mixed = [text.len() as u64, eight(0), eight(text.len() / 2), eight(text.len().saturating_sub(8))];
    let hash = mixed.iter().fold(0_u64, |hash, part| (hash.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    (hash >> 32) as usize & (places - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_those_of_the_text_whatever_was_asked_before() {
        let mut memory: Memory<usize> = Memory::default();
        for round in 0..3 {
            for nth in 0..3 * PLACES_MAX {
                let text = "x".repeat(nth % 7) + &nth.to_string();
                assert_eq!(*memory.of(&text, |text, length| *length = text.len()), text.len(), "round {round}");
            }
            let long = "x".repeat(REMEMBERED_BYTES_MAX + 1 + round);
            assert_eq!(*memory.of(&long, |text, length| *length = text.len()), long.len());
        }
        assert_eq!(memory.places.len(), PLACES_MAX);
        let mut found = 0;
        ["", "a", "a", ""].iter().for_each(|text| *memory.of(text, |_, _| found += 1) += 0);
        assert_eq!(found, 2, "what is remembered is not found again");
    }
}
