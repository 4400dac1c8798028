//! The words that travel with numbers: definitions, inclusion rules, methods.

use crate::analytics::{ARM_MIN, Basis, EXACT_BELOW, GroupColumn, Intake, P90_FROM, PLANNED_CHANGE, RESAMPLES};
use crate::domain::{METRICS, Metric};
use crate::record::{Grid, GridColumn, Value};

/// `TTR = resolved − started, of one incident: time to resolve: …`.
pub fn definition(metric: Metric) -> String {
    let d = metric.definition();
    format!("{} = {} − {} of one incident; {}", d.title, d.end.name(), d.start.name(), d.meaning)
}

/// The formulas of all metrics, in a line.
pub fn formulas(metrics: &[Metric]) -> String {
    let formulas =
        metrics.iter().map(|m| m.definition()).map(|d| format!("{} {} → {}", d.title, d.start.name(), d.end.name()));
    format!("Of one incident: {}", formulas.collect::<Vec<_>>().join(", "))
}

/// `1 incident`, `2 incidents`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// Which values enter the numbers.
pub fn inclusion(basis: Basis) -> &'static str {
    match basis {
        Basis::Chosen => {
            "Value of an incident: a correction by hand, else computed from its milestones, else as its author stated \
             it. n counts incidents with a value, missing those without; nothing is guessed"
        }
        Basis::Stated => {
            "Only durations that authors stated in words or fields. n counts incidents with one, missing those without"
        }
    }
}

/// How the summaries are computed.
pub fn summaries() -> String {
    format!(
        "95 % interval of the median: exact order statistics below n = {EXACT_BELOW} (none exists below 6), from there \
         on percentile bootstrap with {RESAMPLES} resamples and a fixed seed. 90th percentile from n = {P90_FROM} on. \
         The geometric mean counts 0 as half a minute"
    )
}

/// How two sets of durations are compared.
pub fn comparison() -> String {
    format!(
        "Ratio: geometric mean of the later over that of the earlier, 95 % interval by bootstrap ({RESAMPLES} \
         resamples, fixed seed); p: Mann–Whitney. A change is called one only if p < 0.05 and the interval leaves out \
         1; with fewer than {ARM_MIN} values on a side nothing is compared. n needed: incidents on each side for a true change \
         by {:.0} % to show in four of five such comparisons",
        (1.0 - PLANNED_CHANGE) * 100.0
    )
}

/// What keeps incidents out of which numbers; nothing when nothing does.
pub fn left_out(intake: &Intake) -> Option<String> {
    let parts: Vec<String> = [
        (intake.undated, "without a date (in no period)"),
        (intake.endless, "without an end or a length, still open or not told (no TTM, TTR, impact)"),
        (intake.impossible, "with an end before its start (that duration counts as missing)"),
        (intake.conflicting, "whose stated and computed durations disagree (the computed one is used)"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{n} {what}"))
    .collect();
    (!parts.is_empty()).then(|| format!("Of {}: {}", counted(intake.incidents, "incident"), parts.join("; ")))
}

/// What a grouping means where it is not plain.
pub fn grouping(by: &[GroupColumn]) -> Option<String> {
    let lists: Vec<_> = by.iter().filter(|c| c.is_list).map(|c| c.name).collect();
    (!lists.is_empty())
        .then(|| format!("An incident with several {} counts once in each, so groups add up to more", lists.join(", ")))
}

/// All definitions and methods.
pub fn definitions() -> Grid {
    let columns = vec![
        GridColumn::text("metric", "Metric"),
        GridColumn::text("from", "From"),
        GridColumn::text("to", "To"),
        GridColumn::text("column", "Column"),
        GridColumn::text("meaning", "Meaning"),
    ];
    let mut grid = Grid::new("What the numbers mean", columns);
    for d in METRICS {
        let cells = [d.title, d.start.name(), d.end.name(), &format!("{}_minutes", d.name), d.meaning];
        grid.rows.push(cells.iter().map(|c| Value::Text((*c).to_owned())).collect());
    }
    grid.note(inclusion(Basis::Chosen));
    grid.note("An incident belongs to the period of the local date on which its impact began");
    grid.note("Drills, templates and planned maintenance are no incidents and in no number");
    grid.note(summaries());
    grid.note(comparison());
    grid.note(TREND);
    grid.note(COUNTS);
    grid.note(DOWNTIME);
    grid
}

/// How trends are tested and estimated.
pub const TREND: &str = "Trend: Mann–Kendall over all dated incidents (not over a few period medians), slope by \
                         Theil–Sen on the logarithm with Sen's 95 % interval. Called one only if p < 0.05 and the \
                         interval leaves out no change";

/// How counts get their intervals.
pub const COUNTS: &str = "95 % interval of a count: exact Poisson (Garwood), which supposes that incidents come \
                          independently of each other";

/// How downtime is counted.
pub const DOWNTIME: &str = "Downtime: union of the impact windows (started to mitigated, else as long as stated, else \
                            to resolved) inside the period, in UTC; overlapping incidents count once, and any impact \
                            counts as full";
