//! `retro stats --stated --computed`: what authors stated beside what their own times give, and why they differ.

use super::headline::spoken;
use super::method;
use super::stats::{Asked, by, columns, count, optional};
use crate::analytics::{AnalyticsError, Basis, Disagreement, Reason, disagreements, durations};
use crate::domain::Measure;
use crate::record::{Grid, GridColumn, Value};

/// Incidents that a note names; the rest is counted.
const REASONS_MAX: usize = 40;

/// Both values of each metric, side by side, and for every incident in which they disagree the reason, where the report
/// lets one see it. `is_in_support_hours`: the frames know lengths in support hours.
pub fn beside(asked: &Asked<'_>, is_in_support_hours: bool) -> Result<Grid, AnalyticsError> {
    let of = |basis| durations(asked.frames, asked.by, asked.measures, basis);
    let (stated, computed) = (of(Basis::Stated)?, of(Basis::Computed)?);
    let mut grid = Grid::new(format!("Stated and computed durations of incidents{}", by(asked)), columns(asked.by));
    grid.columns.extend([
        GridColumn::integer("incidents", "Incidents"),
        GridColumn::integer("stated_n", "n stated"),
        GridColumn::minutes("stated_median_minutes", "Median stated"),
        GridColumn::minutes("stated_mean_minutes", "Mean stated"),
        GridColumn::integer("computed_n", "n computed"),
        GridColumn::minutes("computed_median_minutes", "Median computed"),
        GridColumn::minutes("computed_mean_minutes", "Mean computed"),
    ]);
    for (said, told) in stated.iter().zip(&computed) {
        for ((measure, s), c) in asked.measures.iter().zip(&said.summaries).zip(&told.summaries) {
            let mut row = said.key.clone();
            row.extend([Value::Text(measure.title.clone()), count(said.incidents)]);
            row.extend([count(s.n), optional(s.median), optional(s.mean)]);
            row.extend([count(c.n), optional(c.median), optional(c.mean)]);
            grid.rows.push(row);
        }
    }
    reasons(asked, is_in_support_hours, &mut grid)?;
    for measure in asked.measures {
        grid.note(method::definition(measure));
    }
    grid.note(method::inclusion(Basis::Stated));
    grid.note(method::inclusion(Basis::Computed));
    grid.notes.extend(method::grouping(asked.by));
    grid.notes.extend(asked.aside.notes());
    Ok(grid)
}

fn reasons(asked: &Asked<'_>, is_in_support_hours: bool, grid: &mut Grid) -> Result<(), AnalyticsError> {
    let mut sentences = Vec::new();
    for measure in asked.measures {
        let Some(metric) = measure.metric else { continue };
        let found = disagreements(asked.frames, metric, is_in_support_hours)?;
        sentences.extend(found.iter().map(|d| sentence(measure, d)));
    }
    grid.note(format!(
        "Stated and computed differ by more than the larger of 10 minutes and 10 % in {}; 'retro show ID --evidence' \
         gives the words of both",
        method::counted(sentences.len(), "case")
    ));
    let rest = sentences.len().saturating_sub(REASONS_MAX);
    grid.notes.extend(sentences.into_iter().take(REASONS_MAX));
    if rest > 0 {
        grid.note(format!("{rest} more are not listed"));
    }
    if !is_in_support_hours {
        grid.note("With support hours configured and --support-hours, one sees where only those were counted");
    }
    Ok(())
}

fn sentence(measure: &Measure, found: &Disagreement) -> String {
    let reason = match found.reason {
        Reason::MistypedDate => "they are whole days apart: a date is mistyped".to_owned(),
        Reason::Between(from, to) => format!("the stated one is the time from {} to {}", from.name(), to.name()),
        Reason::SupportHours => "the stated one is the time within support hours".to_owned(),
        Reason::Unknown => "the report's times do not explain it".to_owned(),
    };
    let (stated, computed) = (spoken(found.stated), spoken(found.computed));
    format!("{}: {} stated as {stated}, computed {computed}; {reason}", found.id, measure.title)
}
