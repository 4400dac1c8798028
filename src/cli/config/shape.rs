//! The shape of `retro.toml`, and the checks that types cannot make.

use super::{Config, Mistake, Named, PathRule};
use crate::check::{self, Level};
use crate::domain::{CustomMetric, METRICS, MilestoneKind};
use crate::extract::{ExtraProvider, Taxonomy, TaxonomyError};
use crate::time::hours::{self, SupportHours};
use crate::time::zone::{self, Zone};
use chrono::NaiveDate;
use globset::GlobBuilder;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    slo: Option<Spanned<f64>>,
    #[serde(default)]
    defaults: Vec<Entry>,
    support_hours: Option<Hours>,
    #[serde(default)]
    provider: Vec<Spanned<ExtraProvider>>,
    #[serde(default)]
    own_names: Vec<String>,
    #[serde(default)]
    severity: Named<Spanned<u8>>,
    #[serde(default)]
    metrics: Named<Metric>,
    #[serde(default)]
    check: Named<Spanned<String>>,
    #[serde(default)]
    redact: Redact,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    path: Option<Spanned<String>>,
    org: Option<String>,
    zone: Option<Spanned<String>>,
    support_hours: Option<Hours>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    zone: Spanned<String>,
    hours: Vec<Spanned<String>>,
    #[serde(default)]
    holidays: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metric {
    start: Spanned<String>,
    end: Spanned<String>,
    title: Option<String>,
    meaning: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Redact {
    #[serde(default)]
    names: Vec<Spanned<String>>,
}

pub(super) fn read(text: &str) -> Result<Config, Mistake> {
    let file: File = toml::from_str(text).map_err(|e| Mistake::of_toml(&e))?;
    Ok(Config {
        slo: file.slo.map(slo).transpose()?,
        metrics: file.metrics.into_iter().map(|(name, metric)| custom(&name, metric)).collect::<Result<_, _>>()?,
        levels: file.check.iter().map(level).collect::<Result<_, _>>()?,
        redacted_names: file.redact.names.iter().map(name).collect::<Result<_, _>>()?,
        support_hours: file.support_hours.map(support_hours).transpose()?,
        taxonomy: Arc::new(taxonomy(file.provider, &file.severity)?),
        own_names: file.own_names.into(),
        rules: file.defaults.into_iter().map(rule).collect::<Result<_, _>>()?,
    })
}

fn taxonomy(extra: Vec<Spanned<ExtraProvider>>, grades: &Named<Spanned<u8>>) -> Result<Taxonomy, Mistake> {
    let places: Vec<_> = extra.iter().map(|p| (p.get_ref().name.clone(), p.span())).collect();
    let levels: BTreeMap<String, u8> = grades.iter().map(|(g, l)| (g.get_ref().clone(), *l.get_ref())).collect();
    Taxonomy::new(extra.into_iter().map(Spanned::into_inner).collect(), &levels).map_err(|error| {
        let provider = |name: &str| places.iter().rev().find(|(n, _)| n == name).map(|(_, span)| span.clone());
        let (span, hint) = match &error {
            TaxonomyError::EmptyName => {
                (places.iter().find(|(n, _)| n.trim().is_empty()).map(|(_, s)| s.clone()), NAMES)
            }
            TaxonomyError::ShortName { provider: name, .. } | TaxonomyError::TwoOwners { second: name, .. } => {
                (provider(name), NAMES)
            }
            TaxonomyError::EmptyGrade => {
                (grades.keys().find(|g| g.get_ref().trim().is_empty()).map(Spanned::span), GRADES)
            }
            TaxonomyError::Level { grade, .. } => {
                (grades.iter().find(|(g, _)| g.get_ref() == grade).map(|(_, level)| level.span()), GRADES)
            }
        };
        Mistake { span, message: error.to_string(), hint: Some(hint.to_owned()) }
    })
}

const NAMES: &str = "give each provider a name, and every name to one provider";
const GRADES: &str = "write grades such as \"Sev A\" = 1";

fn level((name, level): (&Spanned<String>, &Spanned<String>)) -> Result<(&'static str, Level), Mistake> {
    let hint = "'retro check --list' lists the checks";
    let unknown = || Mistake::at(name.span(), format!("there is no check '{}'", name.get_ref()), hint);
    let check = check::named(name.get_ref()).ok_or_else(unknown)?;
    let hint = "the levels are off, note, warning, error";
    let wrong = || Mistake::at(level.span(), format!("there is no level '{}'", level.get_ref()), hint);
    Ok((check.code, Level::parse(level.get_ref()).ok_or_else(wrong)?))
}

fn slo(written: Spanned<f64>) -> Result<f64, Mistake> {
    let (span, slo) = (written.span(), written.into_inner());
    if slo > 0.0 && slo < 100.0 {
        return Ok(slo);
    }
    Err(Mistake::at(span, format!("{slo} is no availability in per cent"), "write slo = 99.9"))
}

fn rule(entry: Entry) -> Result<PathRule, Mistake> {
    if let Some(zone) = &entry.zone {
        one_zone(zone)?;
    }
    let pattern = entry.path.as_ref().map_or("**", |p| p.get_ref());
    let built = GlobBuilder::new(pattern).literal_separator(true).build();
    let span = entry.path.as_ref().map(Spanned::span).unwrap_or_default();
    let hint = "write a pattern such as \"reports/paris/**\" or \"**/*.md\"";
    let pattern = built.map_err(|e| Mistake::at(span, format!("this is no pattern: {}", e.kind()), hint))?;
    Ok(PathRule {
        pattern: pattern.compile_matcher(),
        org: entry.org,
        zone: entry.zone.map(Spanned::into_inner),
        support_hours: entry.support_hours.map(support_hours).transpose()?,
    })
}

/// A zone in a configuration must have one meaning: the documents it is for give no context to choose by.
fn one_zone(written: &Spanned<String>) -> Result<Zone, Mistake> {
    let label = written.get_ref();
    let problem = match zone::readings(label).as_slice() {
        [one] => return Ok(*one),
        [] => "is no time zone",
        _ => "has several readings",
    };
    let hint = "write an IANA name or an offset, such as \"Europe/Paris\" or \"+01:00\"";
    Err(Mistake::at(written.span(), format!("'{label}' {problem}"), hint))
}

fn support_hours(written: Hours) -> Result<SupportHours, Mistake> {
    let zone = one_zone(&written.zone)?;
    let mut week = <[Vec<std::ops::Range<u16>>; 7]>::default();
    for line in &written.hours {
        let hint = "write hours such as \"Mon-Fri 09:00-17:30\", \"Sat,Sun 10:00-14:00\" or \"daily 00:00-24:00\"";
        hours::add(&mut week, line.get_ref()).map_err(|e| Mistake::at(line.span(), e.to_string(), hint))?;
    }
    let day = |written: Spanned<String>| {
        let mistake = |_| Mistake::at(written.span(), "this is no date", "write a date such as \"2025-12-25\"");
        written.get_ref().parse::<NaiveDate>().map_err(mistake)
    };
    let holidays = written.holidays.into_iter().map(day).collect::<Result<_, _>>()?;
    Ok(SupportHours { zone, week, holidays })
}

fn custom(name: &Spanned<String>, metric: Metric) -> Result<CustomMetric, Mistake> {
    let (span, name) = (name.span(), name.get_ref().clone());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
        let hint = "write lower case letters, digits and dashes, such as [metrics.triage]";
        return Err(Mistake::at(span, format!("'{name}' cannot be a metric's name"), hint));
    }
    if METRICS.iter().any(|known| known.name == name) {
        let hint = "choose another name; 'retro stats --define' prints what each metric means";
        return Err(Mistake::at(span, format!("{name} is a metric already, and its meaning is fixed"), hint));
    }
    let (start, end) = (milestone(&metric.start)?, milestone(&metric.end)?);
    if start == end {
        let message = "a metric starts and ends at different milestones";
        return Err(Mistake::at(metric.end.span(), message, milestones()));
    }
    let meaning = metric.meaning.unwrap_or_else(|| format!("from {} to {}", start.name(), end.name()));
    Ok(CustomMetric { title: metric.title.unwrap_or_else(|| name.clone()), start, end, meaning, name })
}

fn milestone(written: &Spanned<String>) -> Result<MilestoneKind, Mistake> {
    let mistake = || Mistake::at(written.span(), format!("'{}' is no milestone", written.get_ref()), milestones());
    MilestoneKind::parse(written.get_ref()).ok_or_else(mistake)
}

fn milestones() -> String {
    let names: Vec<_> = MilestoneKind::ALL.iter().map(|m| m.name()).collect();
    format!("the milestones are {}", names.join(", "))
}

/// A name to mask; a short one would mask the middle of other words.
fn name(written: &Spanned<String>) -> Result<String, Mistake> {
    let trimmed = written.get_ref().trim().to_owned();
    if trimmed.chars().count() < NAME_CHARS_MIN {
        let message = format!("'{trimmed}' is too short to be masked");
        return Err(Mistake::at(written.span(), message, "write the whole name"));
    }
    Ok(trimmed)
}

const NAME_CHARS_MIN: usize = 2;
