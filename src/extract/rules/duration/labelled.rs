//! # labelled-duration (D001)
//!
//! ## What it reads
//! A field that names a duration and gives it: `Time to resolve: 1h 27m`, `Duration: 47 minutes`, a row `TTD | 5`; also
//! a short line without a colon, `MTTR ~70 minutes`, and a number whose key has its unit, `Downtime (hours): 1.5`.
//!
//! ## Why it is believed
//! The author computed it and said which one it is.
//!
//! ## When it declines
//! Values without a duration (`?`, `n/a`, a range of clocks).
//!
//! ## Seen in
//! Summary fields at the head of reports, metric tables, front matter.

use crate::document::BlockKind;
use crate::domain::{Metric, Stated};
use crate::extract::labels::fold_key;
use crate::extract::reading::{Label, LabelForm, Reading};
use crate::extract::rule::{Candidate, Example, Finding, Rule};
use crate::extract::section::Section;
use crate::extract::speech::speech;
use crate::text::Regex;
use crate::time::duration::{self, WrittenDuration};
use std::sync::LazyLock;

pub const RULE: Rule = Rule {
    code: "D001",
    slug: "labelled-duration",
    source: include_str!("labelled.rs"),
    apply,
    examples: &[
        Example { text: "Time to detection: «5 minutes»", expect: &["ttd 5 min"] },
        Example { text: "Duration: «about 1 hour»", expect: &["impact ~60 min"] },
        Example { text: "Total time users were affected: «90 minutes»", expect: &["impact 90 min"] },
        Example { text: "Tiempo total fuera de servicio: «~3 horas»", expect: &["impact ~180 min"] },
        Example { text: "Durée totale de la panne: «2 h 10»", expect: &["impact 130 min"] },
        Example { text: "Time from detection to mitigation: «23 min»", expect: &["ttm 23 min"] },
        Example { text: "First failure to first alert: «19 h»", expect: &["ttd 1140 min"] },
        Example { text: "Duration: «01:25»", expect: &["impact 85 min"] },
        Example { text: "Duration (hours): «1.5»", expect: &["impact 90 min"] },
        Example { text: "Minutes of downtime: «43»", expect: &["impact 43 min"] },
        Example { text: "«MTTR ~70 minutes»", expect: &["ttr ~70 min"] },
        Example { text: "«Duration 1:25:00»", expect: &["impact 85 min"] },
        Example { text: "«TTD = 5 min», «TTR = 1 h 10 m»", expect: &["ttd 5 min", "ttr 70 min"] },
        Example { text: "Downtime 43 minutes a year is what we promise", expect: &[] },
        Example { text: "Response time 12s", expect: &[] },
        Example { text: "We cut the MTTR 20 minutes", expect: &[] },
        Example { text: "Duration: from 14:05 to 15:00", expect: &[] },
        Example { text: "Time to live: 5 minutes", expect: &[] },
        Example { text: "Duration of the backup: 5 minutes", expect: &[] },
        Example { text: "Time to detection: ?", expect: &[] },
    ],
};

/// Hours and minutes, and nothing else.
static LENGTH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\d{1,3}:[0-5]\d(?::[0-5]\d)?$").expect("a valid regex"));

const LABELLED: f32 = 0.9;
/// Without a colon.
const PLAIN: f32 = 0.85;

/// A line without a colon is a field only where it says little else.
const LINE_BYTES_MAX: usize = 160;
const REST_BYTES_MAX: usize = 12;
const KEY_BYTES_MAX: usize = 48;
/// A length and the little behind it are shorter.
const LENGTH_BYTES_MAX: usize = 48;

/// The metric that a (folded) key names. "Time to recovery" is repair of service, "time to resolve" closing.
fn metric(key: &str) -> Option<Metric> {
    let bare = key.split(" (").next().unwrap_or(key);
    let keys = [
        (Metric::Ttd, &speech().ttd_key),
        (Metric::Tta, &speech().tta_key),
        (Metric::Tti, &speech().tti_key),
        (Metric::Ttm, &speech().ttm_key),
        (Metric::Ttr, &speech().ttr_key),
        (Metric::Impact, &speech().impact_key),
    ];
    keys.into_iter().find(|(_, phrases)| phrases.begins(bare)).map(|(metric, _)| metric)
}

/// Every label, with the metric that its key names.
pub(super) fn metrics<'r>(reading: &'r Reading<'_>) -> impl Iterator<Item = (&'r Label, Option<Metric>)> {
    let known = reading.memo.metrics.get_or_init(|| reading.labels.iter().map(|label| metric(&label.key)).collect());
    reading.labels.iter().zip(known.iter().copied())
}

/// "Date: 28 Feb 17:38 to 1 Mar 20:54 (75 hours)": beside both ends of a window, its length in brackets.
fn window(reading: &Reading<'_>, label: &Label) -> Option<Metric> {
    let times = reading.timing.of_label(label);
    let spans = times.len() > 1 || times.first().is_some_and(|t| t.end.is_some());
    let bracketed = || {
        duration::read(&label.value).first().is_some_and(|d| {
            let before = label.value.get(..d.span.start).unwrap_or("");
            before.trim_end_matches(['~', '≈', ' ']).ends_with('(')
        })
    };
    (WINDOWS.contains(&label.key.as_str()) && spans && bracketed()).then_some(Metric::Impact)
}

/// Labels of windows that say when, not how long.
const WINDOWS: &[&str] =
    &["date", "dates", "when", "time", "incident date", "incident time", "period", "window", "datum", "fecha", "data"];

/// The length of a value, in the unit that its key tells if it has none: `Downtime (hours) | 1.5`.
fn value(label: &Label) -> Option<WrittenDuration> {
    let number = || label.value.trim().trim_start_matches('~').trim_start().replace(',', ".").parse::<f64>().ok();
    let unit = || {
        let words =
            label.key.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1 || label.key.contains('('));
        // Sixty of them, since a length is told in whole minutes.
        words.filter_map(|word| duration::read(&format!("60{word}")).into_iter().next()).map(|all| all.minutes).next()
    };
    match number().and_then(|number| Some((number, unit()?))) {
        Some((number, unit)) if number >= 0.0 => {
            let minutes = (number * unit as f64 / 60.0).round() as i64;
            Some(WrittenDuration { minutes, approximate: label.value.contains('~'), span: 0..label.value.len() })
        }
        _ => duration::read_value(&label.value),
    }
}

/// "MTTR ~70 minutes", "Duration 1:25:00", "TTD = 5 min, TTR = 1 h": short lines that name a metric and give it.
fn plain(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    let telling = |section| !matches!(section, Section::Timeline | Section::Actions | Section::Comments);
    for (index, block) in reading.blocks().filter(|(index, _)| telling(reading.section(*index))) {
        if !matches!(block.kind, BlockKind::Paragraph | BlockKind::Item { .. } | BlockKind::Quote) {
            continue;
        }
        let mut start = 0;
        for line in block.text.split_inclusive('\n') {
            let from = start;
            start += line.len();
            if line.len() > LINE_BYTES_MAX {
                continue;
            }
            let mut at = from;
            for part in line.split_inclusive([',', ';', '|']) {
                let place = at;
                at += part.len();
                let words = part.trim_end_matches([',', ';', '|']).trim();
                let Some((metric, written)) = keyed(words) else { continue };
                let skipped = part.len() - part.trim_start().len();
                let stated = Stated { minutes: written.minutes, approximate: written.approximate };
                found.push(Candidate {
                    finding: Finding::Duration(metric, stated),
                    confidence: PLAIN,
                    evidence: reading.evidence(index, place + skipped..place + skipped + words.len()),
                    rule: RULE.code,
                });
            }
        }
    }
}

/// The metric that words begin with, and the length that they end with.
fn keyed(words: &str) -> Option<(Metric, WrittenDuration)> {
    let digit = words.find(|c: char| c.is_ascii_digit())?;
    // Nearly every line says more before its first number than a key does.
    let lead =
        words.get(..digit).filter(|lead| lead.len() <= KEY_BYTES_MAX && lead.starts_with(char::is_alphabetic))?;
    if words.len() - digit > LENGTH_BYTES_MAX {
        return None;
    }
    metric(&fold_key(lead.trim_end_matches(" PT").trim_end_matches("PT")))?;
    let mut written = duration::read(words).into_iter().next().or_else(|| {
        let at = words.rfind(' ')? + 1;
        let value = words.get(at..).filter(|value| value.starts_with('P') || LENGTH.is_match(value))?;
        Some(WrittenDuration { span: at..words.len(), ..duration::read_value(value)? })
    })?;
    let (before, after) = (words.get(..written.span.start)?, words.get(written.span.end..)?);
    let is_short = after.trim_matches(|c: char| !c.is_alphanumeric()).len() <= REST_BYTES_MAX && !after.contains(' ');
    let key = before.trim_end_matches([' ', '~', '≈', '=', '–', '-']);
    written.approximate |= before.len() > key.len() && before.contains(['~', '≈']);
    // A colon makes a label of it, which is read as such.
    let is_plain = key.starts_with(char::is_alphabetic) && !key.contains(':') && is_short;
    // "Response time 12s" is how fast something answers.
    let metric = metric(&fold_key(key)).filter(|metric| is_plain && *metric != Metric::Tta)?;
    Some((metric, written))
}

fn apply(reading: &Reading<'_>, found: &mut Vec<Candidate>) {
    plain(reading, found);
    for (label, named) in metrics(reading) {
        let Some(metric) = named.or_else(|| window(reading, label)) else { continue };
        if label.form == LabelForm::Heading && label.value.len() > 80 {
            continue;
        }
        // A clock in the value is a window, not a length: "14:05 – 15:00"; but "14:05 – 15:00 (55 minutes)" has both.
        let clocks = reading.timing.of_label(label).iter().any(|t| t.at.clock.is_some());
        // "01:25" beside a key for a length is one.
        let first = if LENGTH.is_match(label.value.trim()) {
            duration::read_value(&label.value)
        } else if clocks {
            duration::read(&label.value).into_iter().next()
        } else {
            value(label)
        };
        let Some(written) = first else { continue };
        let value_is_long = label.value.len() > 160 && written.span.start > 60;
        if value_is_long {
            continue;
        }
        found.push(Candidate {
            finding: Finding::Duration(metric, Stated { minutes: written.minutes, approximate: written.approximate }),
            confidence: LABELLED,
            evidence: vec![label.evidence.clone()],
            rule: RULE.code,
        });
    }
}
