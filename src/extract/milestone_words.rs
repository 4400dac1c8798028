//! The words that name milestones: keys of labelled fields, and cue phrases (`vocabulary/milestones.toml`).

use super::labels::fold_key;
use super::sentences::sentence_ranges;
use super::speech::{joints, speech};
use crate::domain::{MilestoneKind, Span};
use crate::text::{Apart, Marks, Memory, Phrases, WordMap, filed_phrases};
use crate::time::tail;
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

/// The phrases of all milestones, filed where the program is built (`build.rs`): those of each in five sets, in the
/// order of [`MILESTONES`].
static PHRASES: Phrases = Phrases::new(filed_phrases!("milestones"));

/// Each milestone and the keys that name it, in the order of the vocabulary.
static MILESTONES: LazyLock<Vec<(MilestoneKind, Vec<&'static str>)>> = LazyLock::new(|| {
    let lines = include_str!(concat!(env!("OUT_DIR"), "/milestones.keys")).lines();
    lines
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, keys)| Some((MilestoneKind::parse(name)?, keys.split('\t').collect())))
        .collect()
});

/// The sets of a milestone, from the first of its five on.
const SETS: usize = 5;
const STRONG: usize = 0;
const WEAK: usize = 1;
/// They take a sentence back.
const AGAINST: usize = 2;
/// Passed over: a negation or a condition that says nothing of the rest of the sentence.
const IGNORED: usize = 3;
/// Strong words that outdo other strong ones.
const OUTRIGHT: usize = 4;

/// How plainly words speak of a milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cue {
    Weak,
    Strong,
}

/// Where the milestone that a key names stands among all; a key of two names the first.
static KEYED: LazyLock<WordMap<&'static str, usize>> = LazyLock::new(|| {
    let keys = MILESTONES.iter().enumerate().flat_map(|(nth, (_, keys))| keys.iter().map(move |key| (*key, nth)));
    let mut keyed = WordMap::default();
    keys.for_each(|(key, nth)| _ = keyed.entry(key).or_insert(nth));
    keyed
});

/// The milestone that a (folded) label key names.
pub fn keyed(key: &str) -> Option<MilestoneKind> {
    let bare = if key.contains('(') { key.split_once(" (").map(|(bare, _)| bare) } else { None };
    let named = [Some(key), bare].into_iter().flatten().filter_map(|key| KEYED.get(key)).min()?;
    MILESTONES.get(*named).map(|(kind, _)| *kind)
}

thread_local! {
    /// What words say of each milestone, as far as it was asked.
    static CUES: RefCell<Memory<Vec<Option<Option<Cue>>>>> = RefCell::default();
}

/// How plainly words speak of a milestone, if they do: as plainly as the plainest of their sentences.
pub fn cue(words: &str, kind: MilestoneKind) -> Option<Cue> {
    CUES.with_borrow_mut(|known| {
        let cues = known.of(words, |_, cues| cues.clear());
        let nth = kind as usize;
        if cues.len() <= nth {
            cues.resize(nth + 1, None);
        }
        let cue = cues.get_mut(nth)?;
        *cue.get_or_insert_with(|| spoken(words, kind, u64::MAX))
    })
}

/// The same, for who asks about one milestone alone.
pub fn cue_alone(words: &str, kind: MilestoneKind) -> Option<Cue> {
    spoken(words, kind, ((1 << SETS) - 1) << first_set(kind)?)
}

/// Where the sets of a milestone begin.
fn first_set(kind: MilestoneKind) -> Option<usize> {
    Some(SETS * MILESTONES.iter().position(|(known, _)| *known == kind)?)
}

/// `sets`: those that will be asked about, of the same words.
fn spoken(words: &str, kind: MilestoneKind, sets: u64) -> Option<Cue> {
    let first = first_set(kind)?;
    let words = &*Apart::of(words).text;
    // "OUTAGE BEGINS — automated message about …": what the author puts before a dash labels the rest.
    if let Some(label) = label(words) {
        let is_named = NAMED.contains(&kind) && names(&fold_key(label)) == Some(kind);
        let is_told = || {
            told(label, first, sets) == Some(Cue::Strong)
                && labelled(words).is_none_or(|k| k == kind)
                && !(ENDS.contains(&kind) && is_put_off(words))
        };
        if is_named && standing(words, sets) >> (first + AGAINST) & 1 == 0 || is_told() {
            return Some(Cue::Strong);
        }
    }
    // "Discovery: a customer writes": that found no cause.
    let is_noticed = kind == MilestoneKind::Identified && labelled(words) == Some(MilestoneKind::Detected);
    let words = words.get(if is_noticed { label(words).map_or(0, str::len) } else { 0 }..).unwrap_or(words);
    let sentences = sentence_ranges(words).filter_map(|range| words.get(range));
    sentences.filter_map(|sentence| told(sentence, first, sets)).max()
}

/// The milestone that the label of an entry names, as a key or as a noun.
fn names(label: &str) -> Option<MilestoneKind> {
    keyed(label).or_else(|| noun(label))
}

/// The milestone that a noun names.
fn noun(label: &str) -> Option<MilestoneKind> {
    keyed(&format!("time of {label}"))
}

/// "Detection: the nightly check failed": milestones that such a label names. "Start: …" and "Status: …" begin other
/// entries as well.
const NAMED: [MilestoneKind; 3] = [MilestoneKind::Detected, MilestoneKind::Identified, MilestoneKind::Mitigated];

/// Do words that are a strong cue say it so plainly that they outdo other strong ones?
pub fn is_outright(words: &str, kind: MilestoneKind) -> bool {
    let outright = |first: usize, sentence: &str| {
        standing(sentence, u64::MAX) >> (first + OUTRIGHT) & 1 == 1
            && told(sentence, first, u64::MAX) == Some(Cue::Strong)
    };
    let words = &*Apart::of(words).text;
    // "Detection: a developer asks where his mails are": the author says what it was.
    if labelled(words) == Some(kind) {
        return cue(words, kind) == Some(Cue::Strong);
    }
    let mut sentences = sentence_ranges(words).filter_map(|range| words.get(range));
    first_set(kind).is_some_and(|first| sentences.any(|sentence| outright(first, sentence)))
}

/// The milestone whose noun labels an entry: "Detection: …", "Resolution - …".
pub fn labelled(words: &str) -> Option<MilestoneKind> {
    noun(&fold_key(label(words)?))
}

/// With what the marks begin that end a label.
const LABEL_MARKS: Marks<2> = Marks { near: [(b':', b':'), (b'-', b'-')], far: true };

/// The label that opens an entry.
fn label(words: &str) -> Option<&str> {
    let head = words.get(..words.floor_char_boundary(LABEL_BYTES_MAX)).unwrap_or(words);
    // Most words have no such mark.
    if !LABEL_MARKS.any(head) {
        return None;
    }
    let marks = head.match_indices([' ', ':']).map(|(at, _)| at);
    let is_mark = |at: &usize| {
        let rest = head.get(*at..).unwrap_or("");
        [" — ", " – ", " - ", ": "].iter().any(|mark| rest.starts_with(mark))
    };
    let end = marks.into_iter().find(is_mark)?;
    let label = head.get(..end)?;
    (label.split_whitespace().count() <= LABEL_WORDS_MAX).then_some(label)
}

const LABEL_BYTES_MAX: usize = 60;
const LABEL_WORDS_MAX: usize = 4;

/// Quotes and emphasis around words say nothing: back to "normal".
const MARKS: &[char] = &['"', '“', '”', '*', '`'];
const MARKS_BEGIN: Marks<3> = Marks { near: [(b'"', b'"'), (b'*', b'*'), (b'`', b'`')], far: true };

fn marks(text: &str) -> impl Iterator<Item = Span> {
    text.match_indices(MARKS).map(|(at, mark)| at..at + mark.len())
}

/// What ends trouble is not told by the name of an alarm.
const ENDS: [MilestoneKind; 2] = [MilestoneKind::Mitigated, MilestoneKind::Resolved];

/// Words in quotes behind one of noticing: "alert fires: \"bucket publicly available\"" names what is wrong. A word
/// alone is what somebody set.
fn alarms(text: &str) -> Vec<Span> {
    let mut alarms = Vec::new();
    let mut rest = 0;
    while let Some(found) = text.get(rest..).and_then(|t| t.find(['"', '“'])) {
        let open = rest + found;
        let begin = open + text.get(open..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
        let Some(length) = text.get(begin..).and_then(|t| t.find(['"', '”'])) else { break };
        let words = text.get(begin..begin + length).unwrap_or("");
        let before = tail(text.get(..open).unwrap_or(""), LEAD_CHARS_MAX);
        if words.trim().contains(' ') && speech().alarms.is_in(before) {
            alarms.push(begin..begin + length);
        }
        rest = begin + length + text.get(begin + length..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8);
    }
    alarms
}

/// The text with something else in place of each range.
fn without<'t>(text: &'t str, ranges: impl Iterator<Item = Span>, instead: &str) -> Cow<'t, str> {
    let mut kept = String::new();
    let mut end = 0;
    for range in ranges {
        kept.push_str(text.get(end..range.start).unwrap_or(""));
        kept.push_str(instead);
        end = range.end;
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(text.get(end..).unwrap_or(""));
    Cow::Owned(kept)
}

thread_local! {
    /// The sets that were asked about, and those of them that stand.
    static STANDING: RefCell<Memory<(u64, u64)>> = RefCell::default();
}

/// The sets that stand in a sentence, as bits; it is asked about one milestone after the other.
fn standing(sentence: &str, sets: u64) -> u64 {
    STANDING.with_borrow_mut(|known| {
        let (asked, standing) = known.of(sentence, |_, known| *known = (0, 0));
        if sets & !*asked != 0 {
            *standing |= PHRASES.standing(sentence, sets & !*asked);
            *asked |= sets;
        }
        *standing
    })
}

/// What a sentence tells of the milestone whose sets begin there. "Users saw errors, though no alert fired": what takes
/// back that somebody noticed, or understood, takes back its own clause.
fn told(sentence: &str, first: usize, sets: u64) -> Option<Cue> {
    let by_clause = || BY_CLAUSE.iter().any(|kind| first_set(*kind) == Some(first));
    if standing(sentence, sets) >> (first + AGAINST) & 1 == 1 && by_clause() && !sentence.trim_end().ends_with('?') {
        return clauses(sentence).filter_map(|clause| told_by_clause(clause, first, sets)).max();
    }
    told_by_clause(sentence, first, sets)
}

const BY_CLAUSE: [MilestoneKind; 2] = [MilestoneKind::Detected, MilestoneKind::Identified];

/// The clauses of a sentence of several; none of one of one.
fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    let mut begin = 0;
    let mut ends = joints(sentence).map(|joint| (joint.start, joint.end)).peekable();
    let several = ends.peek().is_some();
    let mut ends = ends.chain(several.then_some((sentence.len(), sentence.len())));
    std::iter::from_fn(move || {
        let (end, next) = ends.next()?;
        let clause = sentence.get(begin..end);
        begin = next;
        clause
    })
}

fn told_by_clause(sentence: &str, first: usize, sets: u64) -> Option<Cue> {
    let has = |standing: u64, set: usize| standing >> (first + set) & 1 == 1;
    // Most sentences are asked once: nothing is taken out of them.
    let mut said = standing(sentence, sets);
    // A question states nothing: "Could it have been found sooner?"
    if has(said, AGAINST) || sentence.trim_end().ends_with('?') {
        return None;
    }
    let is_end = || ENDS.iter().any(|kind| first_set(*kind) == Some(first));
    let mut plain = Cow::Borrowed(sentence);
    // Most have none.
    if MARKS_BEGIN.any(sentence) {
        let alarms = if is_end() { alarms(sentence) } else { Vec::new() };
        let told = without(sentence, alarms.into_iter(), " – ");
        plain = Cow::Owned(without(&told, marks(&told), "").into_owned());
        said = standing(&plain, sets);
    }
    let speaks = |said: u64| has(said, STRONG) || has(said, WEAK);
    let not_yet = if is_end() && speaks(said) { not_yet(&plain) } else { Vec::new() };
    if has(said, IGNORED) || !not_yet.is_empty() {
        let mut passed_over = PHRASES.find_all(first + IGNORED, &plain);
        passed_over.retain(|range| !is_achieved(&plain, range));
        passed_over.extend(not_yet);
        let passed_over = apart(passed_over);
        if let Cow::Owned(heard) = without(&plain, passed_over.into_iter(), " – ") {
            said = standing(&heard, sets);
        }
    }
    if has(said, STRONG) {
        Some(Cue::Strong)
    } else if has(said, WEAK) {
        Some(Cue::Weak)
    } else {
        None
    }
}

/// "Not yet resolved", "once it is fixed": where an end is denied or still to come.
fn not_yet(text: &str) -> Vec<Span> {
    [speech().unended, speech().awaited].iter().flat_map(|words| words.places(text)).collect()
}

/// "Resolved: expected at noon", "Resolved: not yet": whether what follows a label puts its end off.
fn is_put_off(words: &str) -> bool {
    let sentence = sentence_ranges(words).next().and_then(|range| words.get(range)).unwrap_or(words);
    not_yet(sentence).iter().any(|range| range.start < LABEL_BYTES_MAX)
}

/// Ranges in their order, those that meet as one.
fn apart(mut ranges: Vec<Span>) -> Vec<Span> {
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, before| {
        let meet = next.start < before.end;
        before.end = if meet { before.end.max(next.end) } else { before.end };
        meet
    });
    ranges
}

/// Whether words say that it is not over: that its end is denied, to come, or worked on, and not that it came.
pub fn is_unended(words: &str) -> bool {
    let said = speech();
    [said.unended, said.awaited, said.goes_on_looking].iter().any(|open| open.is_in(words)) && !is_ended(words)
}

/// Whether words deny that it is over.
pub fn is_denied_end(words: &str) -> bool {
    speech().unended.is_in(words) && !is_ended(words)
}

fn is_ended(words: &str) -> bool {
    ENDS.iter().any(|end| cue(words, *end) == Some(Cue::Strong))
}

/// "We were able to find out why": somebody did what words behind "to" only mean to do elsewhere.
fn is_achieved(text: &str, aim: &Span) -> bool {
    let words = text.get(aim.clone()).unwrap_or("");
    let begin = aim.end - words.trim_start().len();
    let able = words.trim_start().starts_with(ABLE);
    let until = begin + if able { ABLE.len() } else { 0 };
    text.get(..until).is_some_and(|before| speech().achieved.ends(tail(before, LEAD_CHARS_MAX)))
}

const ABLE: &str = "able ";

/// What leads to words stands this near: a text may be long, and have many of them.
const LEAD_CHARS_MAX: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_milestone_has_its_words() {
        for kind in MilestoneKind::ALL {
            assert!(MILESTONES.iter().any(|(known, _)| known == kind), "{}", kind.name());
        }
        assert!(PHRASES.compiles());
        assert_eq!(keyed("impact start (utc)"), Some(MilestoneKind::Started));
        assert_eq!(keyed("time of the recovery"), Some(MilestoneKind::Mitigated));
        assert_eq!(keyed("report date"), None);
    }

    #[test]
    fn cues_speak_plainly_or_not_at_all() {
        use MilestoneKind::{Acknowledged, Detected, Identified, Mitigated, Resolved, Started};
        for (words, kind, expected) in [
            ("The site went down", Started, Some(Cue::Strong)),
            ("errors started to rise", Started, Some(Cue::Strong)),
            ("We started to investigate errors", Started, None),
            ("First alert fired for high error rate", Detected, Some(Cue::Strong)),
            ("Root cause identified as a bad deploy", Identified, Some(Cue::Strong)),
            ("root cause not yet identified", Identified, None),
            ("Traffic is back to normal", Mitigated, Some(Cue::Strong)),
            ("The incident is considered resolved", Resolved, Some(Cue::Strong)),
            ("We keep watching", Resolved, None),
            ("Il portale smette di rispondere", Started, Some(Cue::Strong)),
            ("Individuata la causa: certificato scaduto", Identified, Some(Cue::Strong)),
            ("Servizio ripristinato", Mitigated, Some(Cue::Strong)),
            ("Il servizio non è ancora ripristinato", Mitigated, None),
            ("De website is niet meer bereikbaar", Started, Some(Cue::Strong)),
            ("Oorzaak gevonden", Identified, Some(Cue::Strong)),
            ("De dienst is weer bereikbaar", Mitigated, Some(Cue::Strong)),
            ("De storing is nog niet opgelost", Mitigated, None),
            ("Обнаружены ошибки 500", Detected, Some(Cue::Strong)),
            ("Сервис восстановлен", Mitigated, Some(Cue::Strong)),
            ("Сервис пока не восстановлен", Mitigated, None),
            ("Serwis przestał odpowiadać", Started, Some(Cue::Strong)),
            ("Usługa przywrócona", Mitigated, Some(Cue::Strong)),
            ("Tjänsten slutade svara", Started, Some(Cue::Strong)),
            ("Alt fungerer igjen", Mitigated, Some(Cue::Strong)),
            ("OUTAGE BEGINS — automated alert about timeouts", Started, Some(Cue::Strong)),
            ("CAUSE — the relay was unplugged", Identified, Some(Cue::Strong)),
            ("It turned out to be the new pool", Identified, Some(Cue::Strong)),
            ("Night shift noticed the certificate had expired", Identified, Some(Cue::Strong)),
            ("Night shift noticed that pages were missing", Identified, Some(Cue::Weak)),
            ("We no longer see any errors", Mitigated, Some(Cue::Strong)),
            ("Users no longer see their orders", Mitigated, None),
            ("Users get an error page", Detected, None),
            ("Smart meters stop reporting", Detected, None),
            ("RECOVERY – the old pump runs", Mitigated, Some(Cue::Strong)),
            ("RECOVERY – not yet, the old pump waits for oil", Mitigated, None),
            ("The alert stays silent", Detected, None),
            ("Mei wonders why nothing arrives", Detected, Some(Cue::Strong)),
            ("Der Grund war ein volles Laufwerk", Identified, Some(Cue::Strong)),
            ("The theory of a full disk proves wrong", Identified, None),
            ("Identified affected tenants", Identified, None),
            ("Printing possible", Mitigated, Some(Cue::Strong)),
            ("As soon as possible", Mitigated, None),
            ("Meter readings as before", Mitigated, Some(Cue::Strong)),
            ("Fehler treten nicht mehr auf", Mitigated, Some(Cue::Strong)),
            ("Plus aucune erreur", Mitigated, Some(Cue::Strong)),
            ("Not all meters recovered", Mitigated, None),
            ("Page resolved", Resolved, Some(Cue::Strong)),
            ("Login nicht möglich", Started, Some(Cue::Strong)),
            ("Alert fires: \"Bucket is publicly available\"", Mitigated, None),
            ("Status set to \"Resolved\"", Resolved, Some(Cue::Strong)),
            ("We focus on getting all orders restored", Mitigated, None),
            ("Restored at ten, no further problems reported", Detected, None),
            ("Access restored, but pages load slowly", Mitigated, None),
            ("Callers noticed missing tones, though the gateway showed no impact", Detected, Some(Cue::Strong)),
            ("Alerts cleared", Detected, None),
            ("The watchdog sends a mail to the desk", Detected, Some(Cue::Strong)),
            ("Ticket 77 comes in", Detected, Some(Cue::Strong)),
            ("Мониторинг зафиксировал рост ошибок", Detected, Some(Cue::Strong)),
            ("No late trams were reported", Detected, None),
            ("Diagnostic : pompe bloquée", Identified, Some(Cue::Strong)),
            ("Der Fehler liegt im Umrichter", Identified, Some(Cue::Strong)),
            ("Выявлена ошибка в расписании", Identified, Some(Cue::Strong)),
            ("We are sure that it is the relay", Identified, Some(Cue::Strong)),
            ("We were confident that the last errors would be gone", Identified, None),
            ("Identified as P2", Identified, None),
            ("It is clear that all trams are affected", Identified, None),
            ("The problem went away at three", Mitigated, Some(Cue::Strong)),
            ("Power returned at three", Mitigated, Some(Cue::Strong)),
            ("The queue was purged, restoring normal delivery", Mitigated, Some(Cue::Strong)),
            ("Before restoring service we took a copy", Mitigated, None),
            ("Bridge opened, all teams available", Mitigated, None),
            ("We were finally able to isolate the faulty card", Identified, Some(Cue::Strong)),
            ("We were not able to isolate the faulty card", Identified, None),
            ("Mara managed to bring the tills back online", Mitigated, Some(Cue::Strong)),
            ("Nous avons pu identifier la panne", Identified, Some(Cue::Strong)),
            ("Sobald die Störung behoben ist, melden wir uns", Mitigated, None),
            ("Le service sera rétabli dans la soirée", Mitigated, None),
            ("El servicio será restablecido en breve", Mitigated, None),
            ("We will tell you once resolved", Resolved, None),
            ("Resolved: expected at noon", Resolved, None),
            ("Resolved: the expected answers arrive", Resolved, Some(Cue::Strong)),
            ("We are still investigating", Acknowledged, None),
            ("It took until noon, once the pump ran the incident was resolved", Resolved, None),
            ("We narrowed the trouble to the spare pump", Identified, Some(Cue::Strong)),
            ("Theory confirmed: the belt was never oiled", Identified, Some(Cue::Strong)),
            ("Spelling mistake caught in the price list", Identified, Some(Cue::Strong)),
            ("Detected the wrong key in the vault and put the right one in", Identified, Some(Cue::Strong)),
            ("Detected a wrong turn", Identified, None),
            ("The pump was suspected as the cause", Identified, None),
            ("Initially, the crew thought that the pump was the cause", Identified, None),
            ("First look pointed to a possible leak", Identified, None),
            ("Mei discovered that users could not buy tickets", Identified, None),
            ("All late trams identified", Identified, None),
            ("The outage was caused by a frozen switch", Identified, Some(Cue::Strong)),
            ("Problem found", Identified, Some(Cue::Strong)),
            ("Problems to be found by the day shift", Identified, None),
            ("The log did not show any frozen switch", Identified, None),
            ("Affected trams identified", Identified, None),
            ("Crew confirmed that the line is stable", Identified, None),
            ("We see in the pump logs that the valve never opened", Identified, Some(Cue::Strong)),
            ("Mei: it's the new timetable image", Identified, Some(Cue::Strong)),
            ("The crew first thought that it was the new image", Identified, None),
            ("Crew found a frozen switch but at first assumed that it was the cold", Identified, None),
            ("Crew discovered that the night run had accidentally wiped the price list", Identified, Some(Cue::Strong)),
            ("Crew discovered that the valve was set far too low", Identified, Some(Cue::Strong)),
            ("Crew discovered that prices were shown too low", Identified, Some(Cue::Weak)),
            ("Issue confirmed resolved", Identified, None),
            ("The night shift picked it up on a walk", Detected, Some(Cue::Strong)),
            ("Reboot resolved the delay", Mitigated, Some(Cue::Strong)),
            ("Reboot being prepared", Mitigated, None),
            ("Night shift raised a concern with the yard", Detected, Some(Cue::Strong)),
            ("We inform all passengers", Detected, None),
            ("Full resolution at 15:05", Mitigated, Some(Cue::Strong)),
            ("100 % of the trams are back", Mitigated, Some(Cue::Strong)),
            ("40 % of the trams are back", Mitigated, None),
            ("Restoration achieved with the spare pump", Mitigated, Some(Cue::Strong)),
            ("A ticket was opened about cold water", Detected, Some(Cue::Strong)),
            ("Alerts sent to all crews", Detected, Some(Cue::Strong)),
        ] {
            assert_eq!(cue(words, kind), expected, "{words}");
        }
    }

    #[test]
    fn what_is_not_over_is_told_from_what_is() {
        for open in [
            "Still investigating",
            "The issue is not yet resolved",
            "Logins remain unresolved",
            "We continue to work on a fix",
            "Engineers are working to restore the archive",
            "It will be resolved by tomorrow",
            "The gate stays shut until it is fixed",
            "Resolution expected by 14:00",
            "Partially restored",
            "Noch nicht behoben",
            "Die Störung wird voraussichtlich um 15:00 behoben sein",
            "Pas encore résolu",
            "Nous poursuivons l'analyse",
            "El problema aún no está resuelto",
            "O problema ainda não foi resolvido",
            "Nog niet opgelost",
        ] {
            assert!(is_unended(open), "{open}");
        }
        for over in [
            "Resolved",
            "The gate is fixed",
            "Störung behoben",
            "Service rétabli",
            "Incident closed, we are still investigating why",
            "The relay was restarted",
            "After further investigation the relay was replaced",
            "Payments continue to work",
        ] {
            assert!(!is_unended(over), "{over}");
        }
        assert!(is_denied_end("The pump is not fixed yet"));
        assert!(!is_denied_end("The pump will be fixed on Monday"));
    }
}
