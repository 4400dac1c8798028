//! One incident told in two documents: an internal report and the notice to customers, a page and its copy.
//!
//! Counted twice it falsifies every number, so statistics and search ask the same question here. It is answered by
//! facts (who, when) and by the words both share, weighed by how rare they are among all that are compared (inverse
//! document frequency; Spärck Jones, 1972). Knows nothing of where the facts come from.

use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, HashMap};

/// Words shorter than this say little.
const WORD_CHARS_MIN: usize = 4;
/// Two tellings of one beginning differ by no more than this, of one end by twice as much.
const MINUTES_APART_MAX: i64 = 30;
/// How much of the words of the shorter telling, weighed by their rarity, the other has too, from nothing to all: where
/// both ends agree; where the times overlap; where only the date agrees. And of the longer one, where nothing is known
/// but the words.
const LIKENESS_OF_TIMES: f32 = 0.12;
const LIKENESS_OF_OVERLAP: f32 = 0.3;
const LIKENESS_OF_DATE: f32 = 0.4;
const LIKENESS_OF_COPIES: f32 = 0.9;
/// Where nothing else is known, two words in common are no copy.
const COPY_WORDS_MIN: usize = 6;
/// One fact that two tell differently may be misread, or the notice to customers names it otherwise; so many are not.
const OPPOSING_MIN: usize = 2;
/// With so many others about that time, words have to tell half as much again as they could.
const CROWD: f32 = 4.0;
/// One is compared with so many others of its day and the next: of a store that puts thousands on one day, the day says
/// nothing, and comparing all with all would take the square of their number.
const OF_A_DAY_MAX: usize = 500;
/// The undated are compared with everything; a store of thousands of them says nothing by their dates anyway.
const UNDATED_MAX: usize = 200;

/// What is known of one incident.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told<'a> {
    pub path: &'a str,
    pub org: Option<&'a str>,
    pub date: Option<NaiveDate>,
    pub started: Option<DateTime<Utc>>,
    pub ended: Option<DateTime<Utc>>,
    pub trigger: Option<&'a str>,
    pub component: Option<&'a str>,
    /// Separated by semicolons.
    pub regions: Option<&'a str>,
    /// Its title and the sentences that tell cause and impact.
    pub texts: [Option<&'a str>; 3],
}

impl<'a> Told<'a> {
    /// Do so many facts that both tell speak against their being one: what set it off, where it sat, when, and which
    /// regions it hit?
    fn is_opposed(&self, other: &Self) -> bool {
        let differ = |one: Option<&str>, two: Option<&str>| {
            let known = |label: Option<&str>| label.is_some_and(|l| l != "unknown");
            known(one) && known(two) && one != two
        };
        let far = |one: Option<DateTime<Utc>>, two: Option<DateTime<Utc>>| {
            one.zip(two).is_some_and(|(one, two)| (one - two).num_minutes().abs() > MINUTES_APART_MAX * 2)
        };
        let facts = [
            differ(self.trigger, other.trigger),
            differ(self.component, other.component),
            far(self.started, other.started) || far(self.ended, other.ended),
        ];
        let against = facts.into_iter().filter(|is_against| *is_against).count();
        // The regions cost most and are told least.
        against >= OPPOSING_MIN || against + 1 == OPPOSING_MIN && self.is_elsewhere(other)
    }

    fn is_elsewhere(&self, other: &Self) -> bool {
        let (Some(here), Some(there)) = (self.regions, other.regions) else { return false };
        let names =
            |regions: &'a str| regions.split(';').map(str::trim).filter(|n| !n.is_empty()).collect::<Vec<&'a str>>();
        let (here, there) = (names(here), names(there));
        let is_shared = |name: &&str| there.iter().any(|n| n.to_lowercase() == name.to_lowercase());
        !here.is_empty() && !there.is_empty() && !here.iter().any(is_shared)
    }
}

/// Groups of the same incident, each by the places of its tellings, in order; incidents told once are in none.
pub fn told_twice(all: &[Told<'_>]) -> Vec<Vec<usize>> {
    let telling = Tellings::of(all);
    let mut first: Vec<usize> = (0..all.len()).collect();
    let mut join = |at: usize, other: usize| {
        let (low, high) = (find(&first, at).min(find(&first, other)), find(&first, at).max(find(&first, other)));
        if let Some(place) = first.get_mut(high) {
            *place = low;
        }
    };
    telling.each_dated(&mut join);
    telling.each_undated(&mut join);
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    (0..all.len()).for_each(|at| groups.entry(find(&first, at)).or_default().push(at));
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Everything that is compared, names and words as numbers.
struct Tellings<'a> {
    all: &'a [Told<'a>],
    /// Equal for equal organisations in any case.
    orgs: Vec<Option<u32>>,
    /// Of each, ascending.
    words: Vec<Vec<u32>>,
    /// What a word weighs, by its number.
    rarity: Vec<f32>,
    /// What all words of a telling weigh.
    weights: Vec<f32>,
    by_date: BTreeMap<NaiveDate, Vec<usize>>,
    undated: Vec<usize>,
    /// Incidents of an organisation on a date.
    crowds: HashMap<(u32, NaiveDate), usize>,
}

impl<'a> Tellings<'a> {
    fn of(all: &'a [Told<'a>]) -> Self {
        let (mut orgs, mut words) = (Numbers::default(), Numbers::default());
        let orgs: Vec<_> = all.iter().map(|t| t.org.map(|org| orgs.number(&org.to_lowercase()))).collect();
        let words: Vec<Vec<u32>> = all.iter().map(|t| words.of(&t.texts)).collect();
        let mut counts = vec![0.0f32; words.iter().filter_map(|w| w.last()).max().map_or(0, |n| *n as usize + 1)];
        words.iter().flatten().filter_map(|w| place(*w)).for_each(|w| {
            if let Some(count) = counts.get_mut(w) {
                *count += 1.0;
            }
        });
        let rarity: Vec<f32> = counts.iter().map(|n| ((1.0 + all.len() as f32) / n.max(1.0)).ln()).collect();
        let weights = words.iter().map(|own| own.iter().map(|w| weight(&rarity, *w)).sum()).collect();
        let mut by_date: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        let (mut undated, mut crowds) = (Vec::new(), HashMap::new());
        for (at, (told, org)) in all.iter().zip(&orgs).enumerate() {
            match told.date {
                Some(date) => by_date.entry(date).or_default().push(at),
                None => undated.push(at),
            }
            if let (Some(org), Some(date)) = (org, told.date) {
                *crowds.entry((*org, date)).or_default() += 1;
            }
        }
        undated.truncate(UNDATED_MAX);
        Tellings { all, orgs, words, rarity, weights, by_date, undated, crowds }
    }

    /// Joins those whose dates are a day apart at most.
    fn each_dated(&self, join: &mut impl FnMut(usize, usize)) {
        for (date, here) in &self.by_date {
            let next = date.succ_opt().and_then(|next| self.by_date.get(&next));
            for (nth, at) in here.iter().enumerate() {
                let later = here.iter().skip(nth + 1).chain(next.into_iter().flatten());
                for other in later.take(OF_A_DAY_MAX) {
                    if self.needed(*at, *other).is_some_and(|needed| self.common(*at, *other) >= needed) {
                        join(*at, *other);
                    }
                }
            }
        }
    }

    /// Joins the undated with those that use the same words.
    fn each_undated(&self, join: &mut impl FnMut(usize, usize)) {
        let mut users: HashMap<u32, Vec<usize>> = HashMap::new();
        for (nth, at) in self.undated.iter().enumerate() {
            self.words.get(*at).into_iter().flatten().for_each(|w| users.entry(*w).or_default().push(nth));
        }
        if users.is_empty() {
            return;
        }
        let mut common = vec![0.0f32; self.undated.len()];
        for (at, words) in self.words.iter().enumerate() {
            common.fill(0.0);
            for word in words {
                for nth in users.get(word).into_iter().flatten() {
                    if let Some(sum) = common.get_mut(*nth) {
                        *sum += weight(&self.rarity, *word);
                    }
                }
            }
            for (undated, common) in self.undated.iter().zip(&common) {
                let is_pair = at != *undated && (self.date(at).is_some() || at < *undated);
                if is_pair && self.needed(at, *undated).is_some_and(|needed| *common >= needed) {
                    join(at, *undated);
                }
            }
        }
    }

    fn date(&self, at: usize) -> Option<NaiveDate> {
        self.all.get(at)?.date
    }

    /// What the words that two have in common must weigh for them to be one; none if the facts speak against it.
    fn needed(&self, at: usize, other: usize) -> Option<f32> {
        let (a, b) = (self.all.get(at)?, self.all.get(other)?);
        let copies = || {
            let is_long = |at: usize| self.words.get(at).is_some_and(|w| w.len() >= COPY_WORDS_MIN);
            let weight = |at: usize| self.weights.get(at).copied().unwrap_or(0.0);
            // A copy leaves nothing out on either side: what differs may be all that tells two incidents apart.
            (is_long(at) && is_long(other)).then(|| LIKENESS_OF_COPIES * weight(at).max(weight(other)))
        };
        let org = match (*self.orgs.get(at)?, *self.orgs.get(other)?) {
            (Some(one), Some(two)) if one == two => Some(one),
            (Some(_), Some(_)) => return None,
            // A copy without its letterhead.
            _ => None,
        };
        // A document tells each of its incidents once.
        if a.path == b.path {
            return None;
        }
        if a.is_opposed(b) {
            return copies();
        }
        let (Some(org), Some(one), Some(two)) = (org, a.date, b.date) else { return copies() };
        let (Some(from), Some(start)) = (a.started, b.started) else {
            return (one == two).then(|| self.crowded(LIKENESS_OF_DATE, org, one) * self.lighter(at, other));
        };
        let apart = |x: DateTime<Utc>, y: DateTime<Utc>| (x - y).num_minutes().abs();
        let least = match (a.ended, b.ended) {
            (Some(to), Some(end)) => {
                let is_same = apart(from, start) <= MINUTES_APART_MAX && apart(to, end) <= MINUTES_APART_MAX * 2;
                let overlaps = from < end && start < to;
                is_same.then_some(LIKENESS_OF_TIMES).or(overlaps.then_some(LIKENESS_OF_OVERLAP))
            }
            _ => (apart(from, start) <= MINUTES_APART_MAX).then_some(LIKENESS_OF_OVERLAP),
        };
        least.map(|least| self.crowded(least, org, one) * self.lighter(at, other))
    }

    /// Where an organisation reports many incidents a day, some agree in their times by chance, and it is the words
    /// that have to tell them apart.
    fn crowded(&self, least: f32, org: u32, date: NaiveDate) -> f32 {
        let days = [date.pred_opt(), Some(date), date.succ_opt()];
        let about: usize = days.into_iter().flatten().filter_map(|day| self.crowds.get(&(org, day))).sum();
        let others = about.saturating_sub(2) as f32;
        least + (LIKENESS_OF_COPIES - least) * others / (others + CROWD)
    }

    /// What the words that two have in common weigh; less than nothing where there are none.
    fn common(&self, at: usize, other: usize) -> f32 {
        let (Some(a), Some(b)) = (self.words.get(at), self.words.get(other)) else { return -1.0 };
        let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
        let mut common = 0.0;
        while let (Some(one), Some(two)) = (a.peek(), b.peek()) {
            match one.cmp(two) {
                std::cmp::Ordering::Less => {
                    a.next();
                }
                std::cmp::Ordering::Greater => {
                    b.next();
                }
                std::cmp::Ordering::Equal => {
                    common += weight(&self.rarity, **one);
                    a.next();
                    b.next();
                }
            }
        }
        if common > 0.0 { common } else { -1.0 }
    }

    /// What all words of the one that says less weigh.
    fn lighter(&self, at: usize, other: usize) -> f32 {
        let weight = |at: usize| self.weights.get(at).copied().unwrap_or(0.0);
        weight(at).min(weight(other))
    }
}

/// Numbers for texts, in the order in which they are met.
#[derive(Default)]
struct Numbers(HashMap<String, u32>);

impl Numbers {
    fn number(&mut self, text: &str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        match self.0.get(text) {
            Some(number) => *number,
            None => *self.0.entry(text.to_owned()).or_insert(next),
        }
    }

    /// Of the different words of a text that say something, ascending.
    fn of(&mut self, texts: &[Option<&str>]) -> Vec<u32> {
        let words = texts.iter().flatten().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        let words = words.filter(|w| w.chars().count() >= WORD_CHARS_MIN);
        let mut numbers: Vec<u32> = words.map(|w| self.number(&w.to_lowercase())).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.shrink_to_fit();
        numbers
    }
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

fn weight(rarity: &[f32], word: u32) -> f32 {
    place(word).and_then(|w| rarity.get(w)).copied().unwrap_or(0.0)
}

/// The group that a place belongs to.
fn find(first: &[usize], mut at: usize) -> usize {
    while let Some(parent) = first.get(at).copied().filter(|parent| *parent != at) {
        at = parent;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Told<'_> {
        let mut told = Told::default();
        for part in line.split(" | ") {
            let (name, value) = part.split_once('=').unwrap();
            match name {
                "path" => told.path = value,
                "org" => told.org = Some(value),
                "date" => told.date = value.parse().ok(),
                "from" => told.started = value.parse().ok(),
                "to" => told.ended = value.parse().ok(),
                "trigger" => told.trigger = Some(value),
                "component" => told.component = Some(value),
                "regions" => told.regions = Some(value),
                _ => told.texts = [Some(value), None, None],
            }
        }
        told
    }

    #[test]
    fn the_same_incident_is_recognised_and_others_are_not() {
        let report = "path=a | org=Acme | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                      text=Bookings blocked by our own firewall rule, every write was refused";
        for (other, is_one) in [
            // The notice to customers, in other words.
            (
                "path=b | org=ACME | date=2025-03-02 | from=2025-03-02T10:05:00Z | to=2025-03-02T11:20:00Z | \
                 text=Booking interruption: a firewall rule rejected bookings",
                true,
            ),
            // Another incident of that day.
            (
                "path=b | org=Acme | date=2025-03-02 | from=2025-03-02T17:00:00Z | to=2025-03-02T18:00:00Z | \
                 text=Bookings blocked by our own firewall rule, every write was refused",
                false,
            ),
            // The same hour, something else.
            (
                "path=b | org=Acme | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                 text=Nightly mail could not be delivered",
                false,
            ),
            // Someone else's.
            (
                "path=b | org=Beta | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                 text=Bookings blocked by our own firewall rule, every write was refused",
                false,
            ),
            // Two parts of one document.
            (
                "path=a | org=Acme | date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z | \
                 text=Bookings blocked by our own firewall rule, every write was refused",
                false,
            ),
            // A copy without date or letterhead.
            ("path=b | text=Bookings blocked by our own firewall rule; every write was refused", true),
        ] {
            let all = [told(report), told(other), told("path=c | org=Acme | date=2024-01-01 | text=something else")];
            let expected = if is_one { vec![vec![0, 1]] } else { Vec::new() };
            assert_eq!(told_twice(&all), expected, "{other}");
        }
        assert!(told_twice(&[]).is_empty());
    }

    /// Two incidents of one organisation that begin together, and read alike but for what sets them apart.
    #[test]
    fn facts_that_speak_against_it_outweigh_what_words_share() {
        let told_of = |path: &str, to: &str, facts: &str, text: &str| {
            let times = format!("date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T{to}:00Z");
            format!("path={path} | org=Acme | {times} | {facts} | text={text}")
        };
        let eu = told_of(
            "a",
            "10:40",
            "trigger=expiry | component=auth | regions=EU",
            "Login page returns errors: sign-in was refused because a certificate had expired",
        );
        let us = "Login page returns errors: sign-in was refused because a disk had filled";
        let copy = "Login page returns errors: sign-in was refused because a certificate had expired";
        for (to, facts, text, is_one) in [
            ("12:00", "trigger=exhaustion | component=auth | regions=US", us, false),
            ("10:40", "trigger=exhaustion | component=auth | regions=US", us, false),
            ("12:00", "trigger=exhaustion | component=auth", us, false),
            // One fact may be misread.
            ("10:45", "trigger=exhaustion | component=auth", us, true),
            ("10:45", "trigger=expiry | component=network | regions=eu; US", us, true),
            ("10:45", "trigger=unknown | component=unknown", us, true),
            // A copy is one however it was labelled.
            ("12:00", "trigger=exhaustion | component=auth | regions=US", copy, true),
        ] {
            let other = told_of("b", to, facts, text);
            let all = [told(&eu), told(&other), told("path=c | org=Acme | date=2024-01-01 | text=something else")];
            let expected = if is_one { vec![vec![0, 1]] } else { Vec::new() };
            assert_eq!(told_twice(&all), expected, "{other}");
        }
    }

    /// Two words in common are no copy, and of many incidents a day some agree in their times by chance.
    #[test]
    fn short_texts_and_busy_days_join_nothing() {
        let undated = [told("path=a | text=Disk full"), told("path=b | text=The disk was full, and so was the queue")];
        assert!(told_twice(&undated).is_empty());
        let line = |nth: usize, words: &str| {
            let times = "date=2025-03-02 | from=2025-03-02T10:00:00Z | to=2025-03-02T11:00:00Z";
            format!("path={nth} | org=Acme | {times} | text={words}")
        };
        let busy: Vec<String> =
            ["checkout", "search", "mailing", "ledger", "catalogue", "reports", "billing", "imports", "exports"]
                .iter()
                .enumerate()
                .map(|(nth, service)| line(nth, &format!("Elevated latency alarm for {service} service in Paris")))
                .collect();
        let told: Vec<_> = busy.iter().map(|line| told(line)).collect();
        assert_eq!(told_twice(&told), Vec::<Vec<usize>>::new());
        assert_eq!(told_twice(&told[..2]), [[0, 1]]);
    }
}
