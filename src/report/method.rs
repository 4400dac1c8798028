//! The words that travel with numbers: definitions, inclusion rules, methods.

use super::aside::listed;
use crate::analytics::{
    ARM_MIN, Basis, EXACT_BELOW, GroupColumn, Intake, P90_FROM, PLANNED_CHANGE, RESAMPLED_MAX, RESAMPLES, SHUFFLES,
};
use crate::domain::Measure;
use crate::record::{Grid, GridColumn, Value};

/// `TTR = resolved − started, of one incident: time to resolve: …`.
pub fn definition(measure: &Measure) -> String {
    format!(
        "{} = {} − {} of one incident; {}",
        measure.title,
        measure.end.name(),
        measure.start.name(),
        measure.meaning
    )
}

/// The formulas of all metrics, in a line.
pub fn formulas(measures: &[Measure]) -> String {
    let formulas = measures.iter().map(|m| format!("{} {} → {}", m.title, m.start.name(), m.end.name()));
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
             it; the stated one also where the two agree on the clock and are whole days apart, which is a mistyped \
             date. n counts incidents with a value, missing those without; nothing is guessed"
        }
        Basis::Stated => {
            "Only durations that authors stated in words or fields. n counts incidents with one, missing those without"
        }
        Basis::Computed => {
            "Only differences of two milestones, as the report's own times give them. n counts incidents with both, \
             missing those without"
        }
        Basis::SupportHours => {
            "Minutes between two milestones that lie in the configured support hours. n counts incidents with both \
             instants (date, clock and zone known) and with hours configured, missing those without"
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
         1; with fewer than {ARM_MIN} values on a side nothing is compared. Chance: how often a ratio at least this \
         far from 1 comes about when nothing changed (permutation of the two periods' labels, all of them where they \
         are few, else {SHUFFLES}, fixed seed). Above {RESAMPLED_MAX} values on a side both are those of the normal \
         distribution, which they come to. n needed: incidents on each side for a true change by {:.0} % to show \
         in four of five such comparisons",
        (1.0 - PLANNED_CHANGE) * 100.0
    )
}

/// What many comparisons at once mean.
pub const MANY: &str = "Groups are compared each with itself. p of all: p adjusted for the number of comparisons in the \
                        table (Holm), which a change has to pass too: of twenty groups that did not change one would \
                        else look as if it had";

/// What keeps incidents out of which numbers; nothing when nothing does.
pub fn left_out(intake: &Intake) -> Option<String> {
    let parts: Vec<String> = [
        (intake.undated, "without a date (in no period)"),
        (intake.endless, "without an end or a length, still open or not told (no TTM, TTR, impact)"),
        (intake.impossible, "with an end before its start (that duration counts as missing)"),
        (
            intake.conflicting,
            "whose stated and computed durations disagree (the computed one is used, unless a date is mistyped)",
        ),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{n} {what}"))
    .collect();
    (!parts.is_empty()).then(|| format!("Of {}: {}", counted(intake.incidents, "incident"), parts.join("; ")))
}

/// Whose dates are mistyped, if anyone's.
pub fn mistyped(title: &str, ids: &[String]) -> Option<String> {
    (!ids.is_empty()).then(|| {
        format!(
            "{title}: stated and computed are whole days apart in {} ({}); the stated value counts",
            counted(ids.len(), "incident"),
            listed(ids)
        )
    })
}

/// Which organisations are one.
pub const ONE_SPELLING: &str = "Organisations whose names differ in capitals alone are one";

/// What a grouping means where it is not plain.
pub fn grouping(by: &[GroupColumn]) -> Vec<String> {
    let lists: Vec<_> = by.iter().filter(|c| c.is_list).map(|c| c.name).collect();
    let of_several =
        format!("An incident with several {} counts once in each, so groups add up to more", lists.join(", "));
    let is_by_org = by.iter().any(|c| c.name == "org");
    let notes = [(!lists.is_empty()).then_some(of_several), is_by_org.then(|| ONE_SPELLING.to_owned())];
    notes.into_iter().flatten().collect()
}

/// How a change is split into the change within strata and the shift between them.
pub fn adjustment(column: GroupColumn) -> String {
    format!(
        "At equal mix: the ratio within the groups of {}, weighted by the mean of both periods' shares (Kitagawa), 95 % \
         interval by bootstrap within groups; mix alone: what the shift of shares makes. Their product is the ratio of \
         the values in groups that both periods have; left out: values in groups of one period only",
        column.name.replace('_', " ")
    )
}

/// All definitions and methods; `own` are a team's metrics.
pub fn definitions(own: &[Measure]) -> Grid {
    let columns = vec![
        GridColumn::text("metric", "Metric"),
        GridColumn::text("from", "From"),
        GridColumn::text("to", "To"),
        GridColumn::text("column", "Column"),
        GridColumn::text("meaning", "Meaning"),
    ];
    let mut grid = Grid::new("What the numbers mean", columns);
    for m in Measure::all().iter().chain(own) {
        let column = m.metric.map_or_else(|| "computed when asked".to_owned(), |d| format!("{}_minutes", d.name()));
        let cells = [&m.title, m.start.name(), m.end.name(), &column, &m.meaning];
        grid.rows.push(cells.iter().map(|c| Value::Text((*c).to_owned())).collect());
    }
    for basis in [Basis::Chosen, Basis::Stated, Basis::Computed, Basis::SupportHours] {
        grid.note(inclusion(basis));
    }
    grid.note("An incident belongs to the period of the local date on which its impact began");
    grid.note("Drills, templates and planned maintenance are no incidents and in no number");
    grid.note(
        "An incident that several documents tell counts once, by the fullest report: of one organisation, at the same \
         time or on the same day, in much the same words (weighed by their rarity), and not with two or more of \
         trigger, component, regions and times told otherwise; --every-telling counts them all",
    );
    grid.note(summaries());
    grid.note(comparison());
    grid.note(MANY);
    grid.note(
        "At equal mix (--adjust): Kitagawa's decomposition of the difference of mean logarithms over the groups that \
         both periods have",
    );
    grid.note(CLASSES);
    grid.note(CENSORED);
    grid.note(TREND);
    grid.note(COUNTS);
    grid.note(DOWNTIME);
    grid
}

/// What a class of durations takes in.
pub const CLASSES: &str = "A class begins where the one before ends: a duration of 15 minutes is in the second";

/// How open incidents are taken in.
pub const CENSORED: &str = "Open incidents taken in: one whose report tells neither when users' impact ended nor when it \
                            was declared over counts as having lasted at least to its last dated entry (Kaplan–Meier; \
                            95 % interval of the median by Brookmeyer and Crowley, log-log; a bound that the data do \
                            not reach is ?). Missing: nothing after its start is told either";

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
