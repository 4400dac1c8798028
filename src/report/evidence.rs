//! `retro stats --evidence`: from a number to the incidents behind it, and to the words behind each of those.

use super::stats::count;
use crate::domain::{Measure, MilestoneKind};
use crate::record::{Grid, GridColumn, Milestone, Record, Spanned, Value};

/// Every value of the measures in the records, with the words it was read from.
pub fn evidence(records: &[Record], measures: &[Measure]) -> Grid {
    let columns = vec![
        GridColumn::text("id", "Incident"),
        GridColumn::text("metric", "Metric"),
        GridColumn::integer("minutes", "Value").unit("minutes"),
        GridColumn::text("from", "From").spare(1),
        GridColumn::text("what", "What"),
        GridColumn::integer("line", "Line"),
        GridColumn::text("words", "Words"),
        GridColumn::text("path", "File").spare(2),
    ];
    let mut grid = Grid::new("The words behind the numbers", columns);
    for record in records {
        for measure in measures {
            push(record, measure, &mut grid);
        }
    }
    grid.note("'retro show ID --evidence' shows the whole record, 'retro correct' mends a value that was misread");
    grid
}

fn push(record: &Record, measure: &Measure, grid: &mut Grid) {
    let value = measure.metric.and_then(|metric| record.durations.get(metric));
    let mut lines: Vec<(String, Vec<Spanned>)> = Vec::new();
    let ends = [measure.start, measure.end].map(|kind| (kind, milestone(record, kind)));
    if ends.iter().all(|(_, found)| found.is_some()) {
        for (kind, found) in ends {
            let at = found.map_or(String::new(), |m| format!("{} {}", kind.name(), m.at.local.replace('T', " ")));
            lines.push((at, found.map(|m| m.evidence.clone()).unwrap_or_default()));
        }
    }
    if let Some(stated) = value.and_then(|v| v.stated.as_ref()) {
        lines.push((format!("stated as {} minutes", stated.minutes), stated.evidence.clone()));
    }
    for (i, (what, spans)) in lines.into_iter().enumerate() {
        let span = spans.first();
        let first = |value: Value| if i == 0 { value } else { Value::Null };
        grid.rows.push(vec![
            Value::Text(record.id.clone()),
            Value::Text(measure.title.clone()),
            first(value.map_or(Value::Null, |v| Value::Integer(v.minutes))),
            first(value.map_or(Value::Null, |v| Value::Text(v.from.clone()))),
            Value::Text(what),
            span.map_or(Value::Null, |s| count(s.line)),
            span.map_or(Value::Null, |s| Value::Text(s.quote.clone())),
            Value::Text(record.source.path.clone()),
        ]);
    }
}

fn milestone(record: &Record, kind: MilestoneKind) -> Option<&Milestone> {
    let all = &record.milestones;
    let found = match kind {
        MilestoneKind::Started => &all.started,
        MilestoneKind::Detected => &all.detected,
        MilestoneKind::Acknowledged => &all.acknowledged,
        MilestoneKind::Identified => &all.identified,
        MilestoneKind::Mitigated => &all.mitigated,
        MilestoneKind::Resolved => &all.resolved,
    };
    found.as_ref()
}
