//! Scores records against labels, field by field: precision, recall and F1, micro-averaged over documents.
//!
//! A label's list holds every acceptable value; a record's value is right when it is one of them. A missing record
//! counts as predicting nothing.

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a document says, by hand. Times are `2024-01-18T11:40+01:00`, with the parts left out that it doesn't tell.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Label {
    pub file: String,
    /// `incident`, `multi` or `none`.
    pub kind: String,
    pub title: String,
    pub orgs: Vec<String>,
    pub date: Vec<String>,
    pub year_inferred: bool,
    pub zones: Vec<String>,
    pub severity: Vec<String>,
    pub started: Vec<String>,
    pub detected: Vec<String>,
    pub identified: Vec<String>,
    pub mitigated: Vec<String>,
    pub resolved: Vec<String>,
    pub providers_at_fault: Vec<Vec<String>>,
    pub providers_involved: Vec<Vec<String>>,
    pub trigger: Vec<String>,
    pub component: Vec<String>,
    pub root_cause: Vec<String>,
    pub detection: Vec<String>,
    pub actions: Vec<String>,
    pub actions_done: usize,
    pub lang: String,
    /// What would fool a program here.
    pub exercises: String,
    /// Minutes by metric.
    pub stated: BTreeMap<String, Vec<f64>>,
    pub timeline: Vec<LabelEvent>,
    /// The incidents of a `multi` document.
    pub part: Vec<Label>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelEvent {
    pub at: String,
    #[serde(default)]
    #[allow(dead_code, reason = "labelled; a range's end is not scored yet")]
    pub end: Option<String>,
    /// Its first eight words.
    pub text: String,
}

/// The fields, in the order in which the table shows them.
pub const FIELDS: &[&str] = &[
    "kind",
    "title",
    "org",
    "date",
    "zone",
    "severity",
    "started",
    "detected",
    "identified",
    "mitigated",
    "resolved",
    "stated_durations",
    "ttd",
    "ttm",
    "ttr",
    "timeline_clock",
    "timeline_full",
    "timeline_text",
    "providers_at_fault",
    "providers_involved",
    "trigger",
    "trigger_top1",
    "component",
    "component_top1",
    "detection",
    "detection_top1",
    "root_cause",
    "actions",
    "actions_done",
];

#[derive(Debug, Default, Clone, Copy)]
pub struct Count {
    pub right: usize,
    pub predicted: usize,
    pub labelled: usize,
}

impl Count {
    pub fn f1(self) -> f64 {
        let total = self.predicted + self.labelled;
        if total == 0 { 1.0 } else { 2.0 * self.right as f64 / total as f64 }
    }
}

/// The counts of every field, and every miss.
#[derive(Debug, Default)]
pub struct Tally {
    pub counts: BTreeMap<&'static str, Count>,
    pub misses: Vec<Miss>,
}

#[derive(Debug)]
pub struct Miss {
    pub field: &'static str,
    pub file: String,
    pub want: String,
    pub got: String,
}

/// Scores the records of each labelled file.
pub fn score(labels: &[Label], records: &BTreeMap<String, Vec<Value>>) -> Tally {
    let mut tally = Tally::default();
    for label in labels {
        let found = records.get(&label.file).map_or(&[][..], Vec::as_slice);
        let kind = match found {
            [] => None,
            [one] => one["kind"].as_str(),
            _ => Some("multi"),
        };
        tally.one(
            "kind",
            &label.file,
            std::slice::from_ref(&label.kind),
            kind.map(str::to_owned),
            kind == Some(&label.kind),
        );
        match label.kind.as_str() {
            "incident" => tally.incident(&label.file, label, found.first().unwrap_or(&Value::Null)),
            "multi" => tally.parts(label, found),
            _ => {}
        }
    }
    tally
}

impl Tally {
    /// A field with one value, of which several may be acceptable.
    fn one(&mut self, field: &'static str, file: &str, want: &[String], got: Option<String>, is_right: bool) {
        let count = self.counts.entry(field).or_default();
        count.labelled += usize::from(!want.is_empty());
        count.predicted += usize::from(got.is_some());
        if !want.is_empty() && got.is_some() && is_right {
            count.right += 1;
        } else if !want.is_empty() || got.is_some() {
            self.miss(field, file, want.join(" | "), got.unwrap_or_default());
        }
    }

    /// A field with many values.
    fn many(&mut self, field: &'static str, file: &str, want: &[String], got: &[String], right: usize) {
        let count = self.counts.entry(field).or_default();
        count.labelled += want.len();
        count.predicted += got.len();
        count.right += right;
        if right < want.len().max(got.len()) {
            self.miss(field, file, want.join(" | "), got.join(" | "));
        }
    }

    fn miss(&mut self, field: &'static str, file: &str, want: String, got: String) {
        self.misses.push(Miss { field, file: file.to_owned(), want, got });
    }

    /// Several incidents in one document: each is scored against the record whose title is nearest.
    fn parts(&mut self, label: &Label, records: &[Value]) {
        let mut left: Vec<_> = records.iter().collect();
        for (number, part) in (1..).zip(&label.part) {
            let likeness = |r: &Value| {
                let same_start = part.started.iter().any(|s| same_time(s, time(&r["milestones"]["started"]["at"])));
                token_f1(&part.title, text(&r["title"]).unwrap_or_default()) + if same_start { 0.5 } else { 0.0 }
            };
            let best =
                left.iter().enumerate().max_by(|a, b| likeness(a.1).total_cmp(&likeness(b.1)).then(b.0.cmp(&a.0)));
            let record = best.filter(|(_, r)| likeness(r) >= 0.5).map(|(at, _)| at).map(|at| left.remove(at));
            self.incident(&format!("{} {number}", label.file), part, record.unwrap_or(&Value::Null));
        }
    }

    fn incident(&mut self, file: &str, label: &Label, record: &Value) {
        let title = text(&record["title"]);
        let is_title = token_f1(&label.title, title.unwrap_or_default()) >= 0.8;
        self.one("title", file, std::slice::from_ref(&label.title), owned(title), is_title);
        for (field, want) in [("org", &label.orgs), ("severity", &label.severity)] {
            let got = text(&record[field]);
            self.one(field, file, want, owned(got), want.iter().any(|w| fold(w) == fold(got.unwrap_or_default())));
        }
        let date = owned(text(&record["date"]));
        self.one("date", file, &label.date, date.clone(), date.is_some_and(|d| label.date.contains(&d)));
        if let Some(zone) = label.zones.first() {
            let got = record["zones"][0].as_str();
            self.one("zone", file, std::slice::from_ref(zone), owned(got), got == Some(zone));
        }
        self.milestones(file, label, record);
        self.durations(file, label, record);
        self.timeline(file, label, record);
        self.providers(file, label, record);
        self.causes(file, label, record);
        self.actions(file, label, record);
    }

    fn milestones(&mut self, file: &str, label: &Label, record: &Value) {
        let stones = [
            ("started", &label.started),
            ("detected", &label.detected),
            ("identified", &label.identified),
            ("mitigated", &label.mitigated),
            ("resolved", &label.resolved),
        ];
        for (name, want) in stones {
            let at = &record["milestones"][name]["at"];
            let is_right = want.iter().any(|w| same_time(w, time(at)));
            self.one(name, file, want, shown(at), is_right);
        }
    }

    fn durations(&mut self, file: &str, label: &Label, record: &Value) {
        let durations = &record["durations"];
        let near = |got: Option<f64>, want: &[f64], least: f64| {
            got.is_some_and(|got| want.iter().any(|w| (got - w).abs() <= f64::max(least, 0.02 * w)))
        };
        for metric in ["ttd", "tta", "tti", "ttm", "ttr", "impact"] {
            let want = label.stated.get(metric).cloned().unwrap_or_default();
            let got = durations[metric]["stated"]["minutes"].as_f64();
            let place = format!("{file} {metric}");
            self.one("stated_durations", &place, &strings(&want), got.map(|m| m.to_string()), near(got, &want, 1.0));
        }
        let ends = [("ttd", &label.detected), ("ttm", &label.mitigated), ("ttr", &label.resolved)];
        for (metric, ends) in ends {
            let implied = implied(&label.started, ends);
            let stated = label.stated.get(metric).cloned().unwrap_or_default();
            let got = durations[metric]["minutes"].as_f64();
            let is_right = near(got, &[implied.clone(), stated].concat(), 2.0);
            self.one(metric, file, &strings(&implied), got.map(|m| m.to_string()), is_right);
        }
    }

    fn timeline(&mut self, file: &str, label: &Label, record: &Value) {
        let want: Vec<_> = label.timeline.iter().map(|e| e.at.clone()).collect();
        let events = array(&record["timeline"]);
        let got: Vec<_> = events.iter().map(|e| shown(&e["at"]).unwrap_or_default()).collect();
        let clock = |w: &String, g: &String| split_time(w).1 == split_time(g).1;
        let full = |w: &String, g: &String| same_time(w, Some(split_time(g)));
        let pairs = matched(&want, &got, full);
        self.many("timeline_clock", file, &want, &got, matched(&want, &got, clock).len());
        self.many("timeline_full", file, &want, &got, pairs.len());
        let is_same_text = |(w, g): &&(usize, usize)| {
            let want = words(&label.timeline[*w].text);
            let got: Vec<_> =
                words(text(&events[*g]["text"]).unwrap_or_default()).into_iter().take(want.len()).collect();
            token_f1(&want.join(" "), &got.join(" ")) >= 0.6
        };
        let right = pairs.iter().filter(is_same_text).count();
        let texts: Vec<_> = pairs.iter().map(|(w, _)| label.timeline[*w].text.clone()).collect();
        self.many("timeline_text", file, &texts, &texts, right);
    }

    fn providers(&mut self, file: &str, label: &Label, record: &Value) {
        let providers = array(&record["providers"]);
        let folded = |role: Option<&str>| -> BTreeSet<String> {
            let of_role = providers.iter().filter(|p| role.is_none_or(|role| p["role"] == role));
            of_role.filter_map(|p| p["name"].as_str()).map(fold).collect()
        };
        let is_named =
            |spellings: &[String], named: &BTreeSet<String>| spellings.iter().any(|s| named.contains(&fold(s)));
        let join = |names: &[Vec<String>]| names.iter().map(|n| n.join("/")).collect::<Vec<_>>();
        let fault = folded(Some("at-fault"));
        let right = label.providers_at_fault.iter().filter(|names| is_named(names, &fault)).count();
        let got: Vec<_> = fault.iter().cloned().collect();
        self.many("providers_at_fault", file, &join(&label.providers_at_fault), &got, right);

        let named = folded(None);
        let involved =
            if label.providers_involved.is_empty() { &label.providers_at_fault } else { &label.providers_involved };
        let known: BTreeSet<_> =
            label.providers_at_fault.iter().chain(&label.providers_involved).flatten().map(|s| fold(s)).collect();
        let hits = involved.iter().filter(|names| is_named(names, &named)).count();
        let right = hits.min(named.intersection(&known).count());
        let got: Vec<_> = named.iter().cloned().collect();
        self.many("providers_involved", file, &join(involved), &got, right);
    }

    fn causes(&mut self, file: &str, label: &Label, record: &Value) {
        let unknown = vec!["unknown".to_owned()];
        let choices = [
            ("trigger", "trigger_top1", &label.trigger, &record["causes"]["trigger"]),
            ("component", "component_top1", &label.component, &record["causes"]["component"]),
            ("detection", "detection_top1", &label.detection, &record["detection"]),
        ];
        for (field, top, want, got) in choices {
            let want = if want.is_empty() { &unknown } else { want };
            let got = text(got).unwrap_or("unknown").to_owned();
            self.one(field, file, want, Some(got.clone()), want.contains(&got));
            self.one(top, file, &want[..1], Some(got.clone()), want[0] == got);
        }
        let summary = text(&record["causes"]["summary"]);
        let said = summary.unwrap_or_default();
        let covers = |want: &String| words(said).join(" ").contains(&words(want).join(" "));
        let is_right = label.root_cause.iter().any(|want| token_f1(want, said) >= 0.5 || covers(want));
        self.one("root_cause", file, &label.root_cause, owned(summary), is_right);
    }

    fn actions(&mut self, file: &str, label: &Label, record: &Value) {
        let first_words = |text: &str| words(text).into_iter().take(5).collect::<Vec<_>>().join(" ");
        let want: Vec<_> = label.actions.iter().map(|a| first_words(a)).collect();
        let actions = array(&record["actions"]);
        let got: Vec<_> = actions.iter().map(|a| first_words(text(&a["text"]).unwrap_or_default())).collect();
        let right = matched(&want, &got, |w, g| token_f1(w, g) >= 0.6).len();
        self.many("actions", file, &want, &got, right);
        if !want.is_empty() {
            let done = actions.iter().filter(|a| a["status"] == "done").count();
            let labelled = label.actions_done.to_string();
            self.one("actions_done", file, &[labelled], Some(done.to_string()), done == label.actions_done);
        }
    }
}

/// Date, clock and offset of a written time.
type Parts<'a> = (Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// `2024-01-18T11:40:30+01:00` → its date, its clock to the minute, its offset; each may be missing.
fn split_time(text: &str) -> Parts<'_> {
    let (date, rest) = text.split_once('T').map_or((text, None), |(date, rest)| (date, Some(rest)));
    let clock = rest.and_then(|r| r.get(..5));
    let offset = rest.and_then(|r| r.find(['+', '-']).and_then(|at| r.get(at..)));
    ((!date.is_empty()).then_some(date), clock, offset)
}

fn time(at: &Value) -> Option<Parts<'_>> {
    let (date, clock, _) = split_time(at["local"].as_str()?);
    Some((date, clock, at["offset"].as_str()))
}

/// A record's time as labels write it.
fn shown(at: &Value) -> Option<String> {
    let (date, clock, offset) = time(at)?;
    let clock = clock.map(|c| format!("T{c}")).unwrap_or_default();
    Some(format!("{}{clock}{}", date.unwrap_or_default(), offset.unwrap_or_default()))
}

/// Does the record say all that the label says? What the label leaves open is not asked for.
fn same_time(label: &str, got: Option<Parts<'_>>) -> bool {
    let (date, clock, offset) = split_time(label);
    let says = |want: Option<&str>, got: Option<&str>| want.is_none() || want == got;
    got.is_some_and(|(d, c, o)| says(date, d) && says(clock, c) && says(offset, o))
}

/// The lengths that labelled milestones imply, in minutes: any acceptable start with any acceptable end.
fn implied(starts: &[String], ends: &[String]) -> Vec<f64> {
    let pairs = starts.iter().flat_map(|s| ends.iter().map(move |e| (s, e)));
    let lengths = pairs.filter_map(|(s, e)| {
        let ((from, from_dated), (to, to_dated)) = (minutes(s)?, minutes(e)?);
        (from_dated == to_dated && to >= from).then_some(to - from)
    });
    let sorted: BTreeSet<_> = lengths.collect();
    sorted.into_iter().map(|m| m as f64).collect()
}

/// Minutes on the UTC axis, and whether there is a date to count from.
fn minutes(label: &str) -> Option<(i64, bool)> {
    let (date, clock, offset) = split_time(label);
    let (hours, mins) = clock?.split_once(':')?;
    let mut total = hours.parse::<i64>().ok()? * 60 + mins.parse::<i64>().ok()?;
    if let Some(date) = date {
        let date: chrono::NaiveDate = date.parse().ok()?;
        total += date.signed_duration_since(chrono::NaiveDate::default()).num_minutes();
    }
    if let Some((sign, (hours, mins))) = offset.and_then(|o| Some((o.get(..1)?, o.get(1..)?.split_once(':')?))) {
        let east = hours.parse::<i64>().ok()? * 60 + mins.parse::<i64>().ok()?;
        total -= if sign == "+" { east } else { -east };
    }
    Some((total, date.is_some()))
}

/// One-to-one pairs, greedily in order.
fn matched(want: &[String], got: &[String], same: impl Fn(&String, &String) -> bool) -> Vec<(usize, usize)> {
    let mut used = BTreeSet::new();
    let mut pairs = Vec::new();
    for (w, wanted) in want.iter().enumerate() {
        if let Some(g) = (0..got.len()).find(|g| !used.contains(g) && same(wanted, &got[*g])) {
            used.insert(g);
            pairs.push((w, g));
        }
    }
    pairs
}

pub fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

pub fn token_f1(a: &str, b: &str) -> f64 {
    let (a, b) = (words(a), words(b));
    let mut left = a.clone();
    let shared = b.iter().filter(|word| left.iter().position(|w| w == *word).map(|at| left.swap_remove(at)).is_some());
    let shared = shared.count();
    if shared == 0 { 0.0 } else { 2.0 * shared as f64 / (a.len() + b.len()) as f64 }
}

fn fold(name: &str) -> String {
    words(name).concat()
}

/// A plain string, or a field's value.
fn text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value["value"].as_str())
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn strings(numbers: &[f64]) -> Vec<String> {
    numbers.iter().map(f64::to_string).collect()
}

#[test]
fn times_compare_by_the_parts_that_are_labelled() {
    let got = serde_json::json!({"local": "2024-01-18T11:40", "offset": "+01:00"});
    for (label, expected) in [
        ("2024-01-18T11:40+01:00", true),
        ("2024-01-18T11:40:30+01:00", true),
        ("T11:40", true),
        ("2024-01-18", true),
        ("2024-01-18T11:40+00:00", false),
        ("2024-01-19", false),
    ] {
        assert_eq!(same_time(label, time(&got)), expected, "{label}");
    }
    assert_eq!(implied(&["2024-01-18T23:50+01:00".to_owned()], &["2024-01-18T23:10+00:00".to_owned()]), [20.0]);
}
