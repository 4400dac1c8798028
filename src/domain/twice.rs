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

/// What is kept of it: names and words as numbers, as there are very many.
struct Facts {
    /// A number of its document, equal for incidents of the same one.
    document: u32,
    /// Equal for equal organisations in any case.
    org: Option<u32>,
    date: Option<NaiveDate>,
    started: Option<DateTime<Utc>>,
    ended: Option<DateTime<Utc>>,
    trigger: Option<u32>,
    component: Option<u32>,
    /// Equal for equal regions in any case.
    regions: Box<[u32]>,
    /// Where its words end among those of all.
    words_end: usize,
}

impl Facts {
    /// Do so many facts that both tell speak against their being one: what set it off, where it sat, when, and which
    /// regions it hit?
    fn is_opposed(&self, other: &Self) -> bool {
        let differ = |one: Option<u32>, two: Option<u32>| one.is_some() && two.is_some() && one != two;
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
        let (here, there) = (&self.regions, &other.regions);
        !here.is_empty() && !there.is_empty() && !here.iter().any(|region| there.contains(region))
    }
}

/// Incidents to be compared, those of one document one after the other.
#[derive(Default)]
pub struct Compared {
    all: Vec<Facts>,
    /// Those of each, ascending, one after the other.
    words: Vec<u32>,
    names: Numbers,
    known_words: Numbers,
    document: (String, u32),
}

impl Compared {
    pub fn add(&mut self, told: &Told<'_>) {
        if self.all.is_empty() || self.document.0 != told.path {
            told.path.clone_into(&mut self.document.0);
            self.document.1 += 1;
        }
        let mut name = |name: &str| self.names.number(&name.to_lowercase());
        let regions = told.regions.unwrap_or_default().split(';').map(str::trim).filter(|n| !n.is_empty());
        let regions = regions.map(&mut name).collect();
        let org = told.org.map(&mut name);
        let mut label = |label: Option<&str>| label.filter(|l| *l != "unknown").map(|l| self.names.number(l));
        let (trigger, component) = (label(told.trigger), label(told.component));
        self.known_words.add(&told.texts, &mut self.words);
        self.all.push(Facts {
            document: self.document.1,
            org,
            date: told.date,
            started: told.started,
            ended: told.ended,
            trigger,
            component,
            regions,
            words_end: self.words.len(),
        });
    }

    /// Groups of the same incident, each by the places of its tellings, in order; incidents told once are in none.
    pub fn groups(self) -> Vec<Vec<usize>> {
        let Compared { all, words, names, known_words, .. } = self;
        drop((names, known_words));
        let telling = Tellings::of(all, words);
        let mut first: Vec<usize> = (0..telling.all.len()).collect();
        let mut join = |at: usize, other: usize| {
            let (low, high) = (find(&first, at).min(find(&first, other)), find(&first, at).max(find(&first, other)));
            if let Some(place) = first.get_mut(high) {
                *place = low;
            }
        };
        telling.each_dated(&mut join);
        telling.each_undated(&mut join);
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..first.len() {
            let group = find(&first, at);
            if group != at {
                groups.entry(group).or_insert_with(|| vec![group]).push(at);
            }
        }
        groups.into_values().collect()
    }
}

/// Everything that is compared.
struct Tellings {
    all: Vec<Facts>,
    /// Those of each, ascending, one after the other.
    words: Vec<u32>,
    /// What a word weighs, by its number.
    rarity: Vec<f32>,
    /// What all words of a telling weigh.
    weights: Vec<f32>,
    by_date: BTreeMap<NaiveDate, Vec<usize>>,
    undated: Vec<usize>,
    /// Incidents of an organisation on a date.
    crowds: HashMap<(u32, NaiveDate), usize>,
}

impl Tellings {
    fn of(all: Vec<Facts>, words: Vec<u32>) -> Self {
        let mut counts = vec![0.0f32; words.iter().max().map_or(0, |n| *n as usize + 1)];
        words.iter().filter_map(|w| place(*w)).for_each(|w| {
            if let Some(count) = counts.get_mut(w) {
                *count += 1.0;
            }
        });
        let rarity: Vec<f32> = counts.iter().map(|n| ((1.0 + all.len() as f32) / n.max(1.0)).ln()).collect();
        let mut by_date: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        let (mut undated, mut crowds) = (Vec::new(), HashMap::new());
        for (at, facts) in all.iter().enumerate() {
            match facts.date {
                Some(date) => by_date.entry(date).or_default().push(at),
                None => undated.push(at),
            }
            if let (Some(org), Some(date)) = (facts.org, facts.date) {
                *crowds.entry((org, date)).or_default() += 1;
            }
        }
        undated.truncate(UNDATED_MAX);
        let mut tellings = Tellings { all, words, rarity, weights: Vec::new(), by_date, undated, crowds };
        let weigh = |at: usize| tellings.words_of(at).iter().map(|w| weight(&tellings.rarity, *w)).sum();
        tellings.weights = (0..tellings.all.len()).map(weigh).collect();
        tellings
    }

    /// The words of one, ascending.
    fn words_of(&self, at: usize) -> &[u32] {
        let end = |at: usize| self.all.get(at).map(|facts| facts.words_end);
        let from = at.checked_sub(1).and_then(end).unwrap_or(0);
        self.words.get(from..end(at).unwrap_or(from)).unwrap_or_default()
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
            self.words_of(*at).iter().for_each(|w| users.entry(*w).or_default().push(nth));
        }
        if users.is_empty() {
            return;
        }
        let mut common = vec![0.0f32; self.undated.len()];
        for at in 0..self.all.len() {
            common.fill(0.0);
            for word in self.words_of(at) {
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
            let is_long = |at: usize| self.words_of(at).len() >= COPY_WORDS_MIN;
            let weight = |at: usize| self.weights.get(at).copied().unwrap_or(0.0);
            // A copy leaves nothing out on either side: what differs may be all that tells two incidents apart.
            (is_long(at) && is_long(other)).then(|| LIKENESS_OF_COPIES * weight(at).max(weight(other)))
        };
        let org = match (a.org, b.org) {
            (Some(one), Some(two)) if one == two => Some(one),
            (Some(_), Some(_)) => return None,
            // A copy without its letterhead.
            _ => None,
        };
        // A document tells each of its incidents once.
        if a.document == b.document {
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
        let (mut a, mut b) = (self.words_of(at).iter().peekable(), self.words_of(other).iter().peekable());
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

    /// Adds the different words of some texts that say something, ascending.
    fn add(&mut self, texts: &[Option<&str>], all: &mut Vec<u32>) {
        let words = texts.iter().flatten().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        let words = words.filter(|w| w.chars().count() >= WORD_CHARS_MIN);
        let mut numbers: Vec<u32> = words.map(|w| self.number(&w.to_lowercase())).collect();
        numbers.sort_unstable();
        numbers.dedup();
        all.extend(numbers);
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

    fn told_twice(all: &[Told<'_>]) -> Vec<Vec<usize>> {
        let mut compared = Compared::default();
        all.iter().for_each(|told| compared.add(told));
        compared.groups()
    }

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
