//! Which incidents, and which notices? Rows for lists.

use super::columns::Columns;
use super::durations::{compare_keys, exploded};
use super::frames::GroupColumn;
use super::{AnalyticsError, Basis, Frames};
use crate::domain::Measure;
use crate::record::Value;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// The incidents' columns of these names, a row an incident, in order of date, then id; undated ones last. The first
/// `limit` of them, and how many there are.
pub fn incident_list(
    frames: &Frames,
    names: &[String],
    limit: usize,
) -> Result<(Vec<Vec<Value>>, usize), AnalyticsError> {
    let mut wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    wanted.extend(["date", "id"].iter().filter(|n| !names.iter().any(|m| m == *n)));
    let columns = Columns::of(frames.incidents(), &wanted)?;
    let keys = columns.dates("date")?.into_iter().zip(columns.words("id")?).enumerate();
    let mut keys: Vec<_> = keys.map(|(at, (date, id))| (date.is_none(), date, id, at)).collect();
    if limit < keys.len() {
        keys.select_nth_unstable(limit);
        keys.truncate(limit);
    }
    keys.sort_unstable();
    let chosen = columns.rows(&keys.into_iter().map(|(.., at)| at).collect::<Vec<_>>())?;
    let cells = names.iter().map(|n| Ok(chosen.values(n)?.into_iter())).collect::<Result<Vec<_>, AnalyticsError>>()?;
    let mut cells = cells;
    let row = |_| cells.iter_mut().map(|cell| cell.next().unwrap_or(Value::Null)).collect();
    Ok(((0..chosen.height()).map(row).collect(), columns.height()))
}

/// The incidents of each value of a column, in order of id; an incident stands under each of several values.
pub fn members(frames: &Frames, column: GroupColumn) -> Result<Vec<(Value, Vec<String>)>, AnalyticsError> {
    let columns = Columns::of(exploded(frames.incidents(), &[column]), &[column.name, "id"])?;
    let mut found: Vec<(Value, Vec<String>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (value, id) in columns.values(column.name)?.into_iter().zip(columns.texts("id")?) {
        let place = *places.entry(format!("{value:?}")).or_insert(found.len());
        if place == found.len() {
            found.push((value, Vec::new()));
        }
        if let Some((_, ids)) = found.get_mut(place) {
            ids.extend(id);
        }
    }
    for (_, ids) in &mut found {
        ids.sort();
    }
    found.sort_by(|a, b| compare_keys(std::slice::from_ref(&a.0), std::slice::from_ref(&b.0)));
    Ok(found)
}

/// One metric of every dated incident, as (date, minutes, id), in order of date, then id.
pub fn dated_ids(
    frames: &Frames,
    measure: &Measure,
    basis: Basis,
) -> Result<Vec<(NaiveDate, f64, String)>, AnalyticsError> {
    let columns = frames.columns(&["id", "date"])?;
    let rows = columns.words("id")?.into_iter().zip(columns.dates("date")?).zip(basis.minutes(measure, frames)?);
    let known = rows.filter_map(|((id, date), minutes)| Some((date?, minutes.filter(|m| *m >= 0.0)?, id?.to_owned())));
    let mut rows: Vec<_> = known.collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.2.cmp(&b.2)));
    Ok(rows)
}

/// The notices of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeCount {
    pub code: String,
    pub count: usize,
    pub incidents: usize,
    /// The message of the first one by id, and that id.
    pub example: String,
    pub example_id: String,
}

/// Notices by kind, the most frequent first.
pub fn notice_counts(frames: &Frames) -> Result<Vec<NoticeCount>, AnalyticsError> {
    let columns = Columns::of(frames.table("notices"), &["id", "code", "message"])?;
    let words = columns.texts("code")?.into_iter().zip(columns.texts("message")?);
    let mut kinds: BTreeMap<String, BTreeSet<(String, String, usize)>> = BTreeMap::new();
    for (i, (id, (code, message))) in columns.texts("id")?.into_iter().zip(words).enumerate() {
        if let (Some(id), Some(code)) = (id, code) {
            // The position tells two equal notices of one incident apart.
            kinds.entry(code).or_default().insert((id, message.unwrap_or_default(), i));
        }
    }
    let mut counts: Vec<NoticeCount> = kinds
        .into_iter()
        .filter_map(|(code, all)| {
            let (example_id, example, _) = all.first().cloned()?;
            let incidents = all.iter().map(|(id, ..)| id).collect::<BTreeSet<_>>().len();
            Some(NoticeCount { code, count: all.len(), incidents, example, example_id })
        })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::super::sample::frames;
    use super::*;
    use crate::domain::Metric;

    fn sample() -> Frames {
        frames(&[
            (
                "incidents",
                &["id=c", "id=b date=2025-01-02 ttr_minutes=5", "id=a date=2025-01-02", "id=d date=2024-01-01"],
            ),
            ("notices", &["id=b code=zone message=x", "id=a code=zone message=y", "id=a code=order message=z"]),
        ])
    }

    #[test]
    fn incidents_are_listed_by_date() {
        let (rows, count) = incident_list(&sample(), &["id".to_owned()], 3).unwrap();
        assert_eq!(count, 4);
        let ids: Vec<_> =
            rows.into_iter().map(|r| if let Value::Text(t) = &r[0] { t.clone() } else { panic!() }).collect();
        assert_eq!(ids, ["d", "a", "b"]);
        assert_eq!(dated_ids(&sample(), &Metric::Ttr.into(), Basis::Chosen).unwrap()[0].2, "b");
    }

    #[test]
    fn a_value_leads_to_its_incidents() {
        let frames = frames(&[("incidents", &["id=b services=api;_dns", "id=a services=api", "id=c"])]);
        let found = members(&frames, super::super::group_column("service").unwrap()).unwrap();
        let shown: Vec<_> = found.iter().map(|(v, ids)| (v.clone(), ids.join(" "))).collect();
        let text = |t: &str| Value::Text(t.to_owned());
        let of = |v: Value, ids: &str| (v, ids.to_owned());
        assert_eq!(shown, [of(text("api"), "a b"), of(text("dns"), "b"), of(Value::Null, "c")]);
    }

    #[test]
    fn notices_are_counted_with_an_example() {
        let found = notice_counts(&sample()).unwrap();
        let shown: Vec<_> = found.iter().map(|n| (n.code.as_str(), n.count, n.example_id.as_str())).collect();
        assert_eq!(shown, [("zone", 2, "a"), ("order", 1, "a")]);
    }
}
