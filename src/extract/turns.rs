//! How a sentence in a timeline turns the story: what fails, what is changed, what is done against it, what mends
//! (`vocabulary/turns.toml`). Asked where no entry states a milestone in so many words ([`super::milestone_words`]).
//!
//! The words are many and their patterns loose, so they are looked up as words, and patterns are rows of classes of
//! them: as phrases they would take as long to file as all others together. Written where the program is built
//! (`build.rs`).

use crate::text::Memory;
use std::cell::RefCell;

/// Each word with the numbers of its classes, sorted.
static WORDS: &[(&str, &[u16])] = include!(concat!(env!("OUT_DIR"), "/turns.words.rs"));

/// Each pattern: the turn it tells, the classes of its words, and whether a word stands right behind the one before;
/// in the order of their first classes.
static ROWS: &[(u8, &[(u16, bool)])] = include!(concat!(env!("OUT_DIR"), "/turns.rows.rs"));

/// What tells each turn in scripts without spaces, wherever it stands.
static SIGNS: &[&[&str]] = include!(concat!(env!("OUT_DIR"), "/turns.signs.rs"));

/// More classes have no bit; a test sees to it that there are none.
const CLASSES_MAX: usize = 512;

/// The class of numbers.
const NUMBER: u16 = 0;

/// No sign begins with a letter before it.
const FIRST_SIGN: char = '\u{3041}';

/// So many words may stand between two of a pattern.
const BETWEEN_MAX: usize = 4;

/// So much of a sentence is read.
const WORDS_MAX: usize = 120;

/// What an entry may tell, by the names of the vocabulary and in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Turn {
    Again,
    Background,
    Beside,
    Calm,
    Changed,
    Defect,
    Doubted,
    Fails,
    Learnt,
    Mending,
    Partly,
    Persists,
    Relapsed,
    Remedied,
    Symptom,
    Undone,
}

/// All that an entry tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Turns(u16);

thread_local! {
    /// Several rules ask the same entries.
    static TURNS: RefCell<Memory<Turns>> = RefCell::default();
}

impl Turns {
    pub fn of(sentence: &str) -> Self {
        TURNS.with_borrow_mut(|known| *known.of(sentence, |sentence, turns| *turns = Turns::read(sentence)))
    }

    fn read(sentence: &str) -> Self {
        let words = Read::of(sentence);
        let mut told = 0;
        for (at, (classes, is_number)) in words.words.iter().enumerate() {
            for class in classes.iter().chain(is_number.then_some(&NUMBER)) {
                for (turn, row) in beginning_with(*class) {
                    if told >> turn & 1 == 0 && words.hold(row, at) {
                        told |= 1 << turn;
                    }
                }
            }
        }
        if !sentence.is_ascii() && sentence.contains(|c| c >= FIRST_SIGN) {
            let signs = (0..).zip(SIGNS).filter(|(_, signs)| signs.iter().any(|sign| sentence.contains(sign)));
            told |= signs.fold(0, |all, (turn, _): (u32, _)| all | 1 << turn);
        }
        Turns(told)
    }

    fn tell(self, turn: Turn) -> bool {
        self.0 >> turn as u8 & 1 == 1
    }

    /// Something was done that can end trouble.
    pub fn are_remedy(self) -> bool {
        self.tell(Turn::Remedied) && self.stand() && !self.are_beside()
    }

    /// People looked, measured or wrote.
    pub fn are_beside(self) -> bool {
        self.tell(Turn::Beside)
    }

    /// Things got better, as far as the words go.
    pub fn are_mending(self) -> bool {
        self.tell(Turn::Mending) && self.stand() && !self.tell(Turn::Partly)
    }

    /// Something is so again that is neither trouble nor what people do.
    pub fn are_so_again(self) -> bool {
        let others = [
            Turn::Beside,
            Turn::Changed,
            Turn::Defect,
            Turn::Doubted,
            Turn::Fails,
            Turn::Learnt,
            Turn::Partly,
            Turn::Remedied,
            Turn::Symptom,
        ];
        self.tell(Turn::Again) && self.stand() && !others.into_iter().any(|other| self.tell(other))
    }

    /// They did for some, or began to.
    pub fn are_partly_mending(self) -> bool {
        self.tell(Turn::Partly) && self.stand()
    }

    /// Nothing takes them back.
    pub fn stand(self) -> bool {
        !self.persist() && !self.tell(Turn::Undone)
    }

    /// The trouble went on, whatever had been done.
    pub fn persist(self) -> bool {
        self.tell(Turn::Persists)
    }

    /// Somebody learnt what is not as it should be.
    pub fn are_finding(self) -> bool {
        self.tell(Turn::Learnt) && self.tell(Turn::Defect) && !self.tell(Turn::Doubted)
    }

    /// More than what everybody sees of trouble, and not how it ended.
    pub fn may_explain(self) -> bool {
        let is_seen = self.tell(Turn::Symptom) && !self.tell(Turn::Defect);
        !is_seen && !self.are_mending() && !self.are_partly_mending()
    }

    /// The trouble that had ended came back.
    pub fn are_relapse(self) -> bool {
        self.tell(Turn::Relapsed) && !self.tell(Turn::Undone)
    }

    /// Something gave way.
    pub fn are_failure(self) -> bool {
        self.tell(Turn::Fails) && !self.tell(Turn::Calm)
    }

    /// Something was brought in that may break what ran.
    pub fn are_change(self) -> bool {
        self.tell(Turn::Changed) && !self.are_background()
    }

    /// The days as they were.
    pub fn are_background(self) -> bool {
        self.tell(Turn::Background) || self.tell(Turn::Calm)
    }
}

/// The rows that begin with a class.
fn beginning_with(class: u16) -> impl Iterator<Item = &'static (u8, &'static [(u16, bool)])> {
    let first = |(_, row): &(u8, &[(u16, bool)])| row.first().map(|(class, _)| *class);
    let begin = ROWS.partition_point(|row| first(row) < Some(class));
    ROWS.get(begin..).unwrap_or_default().iter().take_while(move |row| first(row) == Some(class))
}

/// The words of a sentence, as the classes they are of.
#[derive(Default)]
struct Read {
    words: Vec<(&'static [u16], bool)>,
    /// Which classes there are.
    classes: [u64; CLASSES_MAX / 64],
}

impl Read {
    fn of(sentence: &str) -> Self {
        let mut read = Read::default();
        let mut small = String::new();
        for piece in sentence.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '%' | '\'' | '’')) {
            if read.words.len() >= WORDS_MAX {
                break;
            }
            small.clear();
            if piece.is_ascii() && !piece.contains('-') {
                small.push_str(piece);
                small.make_ascii_lowercase();
            } else {
                small.extend(piece.chars().filter(|c| *c != '-').flat_map(char::to_lowercase));
            }
            if small.ends_with("n't") || small.ends_with("n’t") {
                read.add("not");
                continue;
            }
            if small.bytes().all(|b| b.is_ascii_alphanumeric()) {
                if !small.is_empty() {
                    read.add(&small);
                }
                continue;
            }
            let percent = small.strip_suffix('%');
            percent.unwrap_or(&small).split(['\'', '’', '%']).filter(|w| !w.is_empty()).for_each(|w| read.add(w));
            if percent.is_some() {
                read.add("percent");
            }
        }
        read
    }

    fn add(&mut self, word: &str) {
        let known = WORDS.binary_search_by(|(known, _)| (*known).cmp(word)).ok();
        let classes = known.and_then(|at| WORDS.get(at)).map_or(&[][..], |(_, classes)| classes);
        let is_number = word.starts_with(|c: char| c.is_ascii_digit());
        for class in classes.iter().chain(is_number.then_some(&NUMBER)) {
            if let Some(bits) = self.classes.get_mut(usize::from(class / 64)) {
                *bits |= 1 << (class % 64);
            }
        }
        self.words.push((classes, is_number));
    }

    /// Does the row begin there? Of most, a class is missing.
    fn hold(&self, row: &[(u16, bool)], at: usize) -> bool {
        let is_there =
            |class: &u16| self.classes.get(usize::from(class / 64)).is_some_and(|bits| bits >> (class % 64) & 1 == 1);
        row.iter().all(|(class, _)| is_there(class)) && self.hold_at(row, at)
    }

    fn hold_at(&self, row: &[(u16, bool)], at: usize) -> bool {
        let Some(((class, _), rest)) = row.split_first() else { return true };
        let Some((classes, is_number)) = self.words.get(at) else { return false };
        if !classes.contains(class) && !(*is_number && *class == NUMBER) {
            return false;
        }
        let between = if rest.first().is_some_and(|(_, adjoins)| *adjoins) { 0 } else { BETWEEN_MAX };
        (at + 1..=at + 1 + between).any(|next| self.hold_at(rest, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_stand_in_the_order_of_their_names() {
        let names: &[&str] = include!(concat!(env!("OUT_DIR"), "/turns.names.rs"));
        let known = [
            "again",
            "background",
            "beside",
            "calm",
            "changed",
            "defect",
            "doubted",
            "fails",
            "learnt",
            "mending",
            "partly",
            "persists",
            "relapsed",
            "remedied",
            "symptom",
            "undone",
        ];
        assert_eq!(names, known);
        assert_eq!(Turn::Undone as usize, known.len() - 1);
        assert!(WORDS.is_sorted_by_key(|(word, _)| *word));
        let mut classes = ROWS.iter().flat_map(|(_, row)| row.iter());
        assert!(classes.all(|(class, _)| usize::from(*class) < CLASSES_MAX));
    }

    #[test]
    fn what_is_found_is_told_from_what_is_seen_and_what_is_supposed() {
        for words in [
            "Ines spots that the token of the mailer was revoked",
            "The hoster tells us that a breaker had tripped",
            "Turned out the index was never created",
            "Checked the relay: its disk is full",
            "Kollegin entdeckt einen Tippfehler in der Zonendatei",
            "On constate que le disque est plein",
            "Vemos que la cola está bloqueada",
        ] {
            assert!(Turns::of(words).are_finding(), "{words}");
        }
        for words in [
            "We see that the error rate rises",
            "We suspect that the index is missing",
            "Checked whether the disk is full",
            "Users report wrong totals",
            "Found that the runbook is outdated",
            "Replaced the broken disk",
            "Investigation of the missing mails started",
        ] {
            assert!(!Turns::of(words).are_finding(), "{words}");
        }
    }

    #[test]
    fn what_is_so_again_is_no_deed_and_no_trouble() {
        assert!(Turns::of("Printers take jobs again").are_so_again());
        assert!(Turns::of("Les guichets ouvrent à nouveau").are_so_again());
        for words in
            ["Errors rise again", "Restarted again", "Alert fires again", "We look at it again", "Wieder Fehler"]
        {
            assert!(!Turns::of(words).are_so_again(), "{words}");
        }
        assert!(Turns::of("The errors return").are_relapse());
        assert!(!Turns::of("Traffic returns").are_relapse());
    }

    #[test]
    fn what_gets_better_is_told_by_what_it_is() {
        for words in [
            "Cluster healed",
            "Balances reconciled",
            "Latency settles",
            "Response times within the usual range",
            "Bucket closed",
            "Cluster reports green",
            "Everyone could print",
            "Monitoring shows recovery",
        ] {
            assert!(Turns::of(words).are_mending(), "{words}");
        }
        for words in [
            "The error rate drops, then rises again",
            "Pumps should be online by six",
            "Nobody could print",
            "The cluster smells",
            "Latency within minutes doubled",
        ] {
            assert!(!Turns::of(words).are_mending(), "{words}");
        }
    }

    #[test]
    fn remedies_are_told_from_attempts_and_from_other_work() {
        for words in [
            "Failed disk swapped",
            "Took the old line card out of service",
            "We throttle the tenant",
            "Defekte Karte getauscht",
            "Retour arrière effectué",
            "サーバーを再起動",
        ] {
            assert!(Turns::of(words).are_remedy(), "{words}");
        }
        for words in [
            "Restarted the proxy, no improvement",
            "Tried to promote the replica",
            "Vendor asked to replace the card",
            "Rollback started",
            "Added Ines to the call",
            "Raised the log level to debug",
            "Neustart bringt nichts",
        ] {
            assert!(!Turns::of(words).are_remedy(), "{words}");
        }
    }
}
