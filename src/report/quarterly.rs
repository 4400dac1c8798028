//! The reliability report of a period: what can be claimed, what cannot, and everything behind it.

use super::aside::SetAside;
use super::headline::{self, Ground};
use super::value::Report;
use super::{lists, sections};
use crate::analytics::{AnalyticsError, Basis, Frames};
use crate::domain::Measure;
use crate::query::Repeats;
use crate::record::Record;
use crate::time::period::{Period, Unit};
use chrono::NaiveDate;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    pub period: Period,
    pub compared_with: Period,
    /// Availability objective in per cent.
    pub objective: f64,
    /// The filter as typed; empty when there is none.
    pub filter: String,
    pub source: Source,
    /// The day on which it is asked: a period may not be over.
    pub today: NaiveDate,
}

impl Question {
    /// The day as of which actions are weighed: the end of the period, or today where that is still to come.
    pub fn day(&self) -> NaiveDate {
        self.period.end().min(self.today.max(self.period.start()))
    }
}

/// What the store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Digest of all documents.
    pub corpus: String,
    pub documents: usize,
    pub incidents: usize,
    pub aside: SetAside,
    /// Documents that could not be read.
    pub failed: usize,
    pub version: String,
}

/// Groups of repeats that a report shows.
pub const REPEATS_MAX: usize = 100;

/// How long before its period's start a report looks for what came back: grouping all of a large store costs more than
/// all the rest of the report, and what came back after years was hardly known to anybody.
pub const REPEATS_MONTHS: u32 = 24;

/// The objective where none is configured.
pub const OBJECTIVE_DEFAULT: f64 = 99.9;

/// The period to report when none is named: the latest quarter with an incident up to `today`.
pub fn default_period(frames: &Frames, today: NaiveDate) -> Result<Option<Period>, AnalyticsError> {
    frames.latest(Unit::Quarter, today)
}

/// The report, but for what [`Report::complete`] adds. `frames` hold every incident in scope, not only the period's:
/// charts show how it came to this.
pub fn quarterly(frames: &Frames, question: &Question) -> Result<Report, AnalyticsError> {
    let ground = Ground::new(frames, question)?;
    let (shown, not_shown) = headline::claims(&ground)?;
    let all = Measure::all();
    let sections = vec![
        sections::frequency(&ground)?,
        sections::durations(&ground, &all, Basis::Chosen)?,
        sections::causes(&ground)?,
        sections::providers(&ground)?,
        sections::detection(&ground)?,
        sections::availability(&ground)?,
        lists::incidents(&ground)?,
        lists::actions(&ground)?,
        lists::documentation(&ground)?,
        lists::notices(&ground)?,
        lists::method(&ground)?,
    ];
    Ok(Report {
        title: format!("Reliability report {}", question.period),
        period: question.period,
        compared_with: question.compared_with,
        incidents: ground.now.incident_count(),
        headline: headline::sentence(&ground),
        shown,
        not_shown,
        figures: headline::figures(&ground)?,
        sections,
        provenance: provenance(question),
        details: Vec::new(),
    })
}

impl Report {
    /// Adds what is asked of documents, not of tables: what came back in the period, and the records that the report
    /// shows whole.
    pub fn complete(&mut self, repeats: &Repeats, details: Vec<Record>) {
        let after = self.sections.iter().position(|section| section.id == "incidents").map_or(0, |at| at + 1);
        self.sections.insert(after, lists::repeats(self.period, repeats));
        self.details = details;
    }
}

fn provenance(question: &Question) -> Vec<(String, String)> {
    let source = &question.source;
    let (period, before) = (question.period, question.compared_with);
    let dates = |p: Period| format!("{} to {}", p.start(), p.end().pred_opt().unwrap_or(p.end()));
    let filter = if question.filter.is_empty() { "none".to_owned() } else { question.filter.clone() };
    let documents = format!(
        "{} read, {} incidents found, {} that report none, {} unreadable",
        source.documents,
        source.incidents,
        source.aside.genres.values().sum::<usize>(),
        source.failed
    );
    let mut left_out = source.aside.notes();
    left_out.push("What else keeps incidents out of numbers is told with each table and by 'retro stats'".to_owned());
    [
        ("Period", format!("{period}, {}", dates(period))),
        ("Compared with", format!("{before}, {}", dates(before))),
        ("Filter", filter),
        ("Objective", format!("{} % availability", question.objective)),
        ("Documents", documents),
        ("Left out", left_out.join(". ")),
        ("Digest of the documents", source.corpus.clone()),
        ("Made by", format!("retrospect {}", source.version)),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}
