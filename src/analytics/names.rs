//! One organisation under one name: some reports write it in capitals, and a count by organisation would tell it twice.

use super::{AnalyticsError, Frames};
use polars::prelude::{Column, IntoLazy, NamedFrom, PlHashMap, Series};
use std::cmp::Reverse;
use std::collections::HashMap;

/// The frames with one spelling of every organisation: of those that differ in capitals alone the commonest, else the
/// one with fewest capitals. Frames whose organisations were not read stay as they are.
///
/// # Errors
/// The tables cannot be read.
pub fn one_spelling(frames: Frames) -> Result<Frames, AnalyticsError> {
    let Some(incidents) = frames.frame("incidents").cloned() else { return Ok(frames) };
    let Ok(orgs) = incidents.column("org") else { return Ok(frames) };
    let mut counts: PlHashMap<&str, usize> = PlHashMap::default();
    for org in orgs.str()?.iter().flatten() {
        *counts.entry(org).or_default() += 1;
    }
    let mut spellings: HashMap<String, Vec<&str>> = HashMap::new();
    for org in counts.keys() {
        spellings.entry(org.to_lowercase()).or_default().push(org);
    }
    let mut chosen: PlHashMap<&str, &str> = PlHashMap::default();
    for same in spellings.values().filter(|same| same.len() > 1) {
        let rank = |org: &str| (counts.get(org).copied(), Reverse(org.chars().filter(|c| c.is_uppercase()).count()));
        let best = same.iter().copied().max_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| b.cmp(a))).unwrap_or_default();
        chosen.extend(same.iter().map(|org| (*org, best)));
    }
    if chosen.is_empty() {
        return Ok(frames);
    }
    let one = |org: Option<&str>| org.map(|org| chosen.get(org).copied().unwrap_or(org).to_owned());
    let orgs: Vec<Option<String>> = orgs.str()?.iter().map(one).collect();
    let mut renamed = incidents.clone();
    renamed.with_column(Column::from(Series::new("org".into(), orgs)))?;
    frames.with_incidents(renamed.lazy())
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;

    #[test]
    fn capitals_alone_make_no_other_organisation() {
        let orgs = |rows: &[&str]| {
            let found = one_spelling(incidents(rows)).unwrap().columns(&["org"]).unwrap();
            found.texts("org").unwrap().into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>()
        };
        assert_eq!(orgs(&["org=SKERRY", "org=Skerry", "id=c", "org=AWS"]), ["Skerry", "Skerry", "", "AWS"]);
        assert_eq!(orgs(&["org=SKERRY", "org=SKERRY", "org=Skerry"]), ["SKERRY", "SKERRY", "SKERRY"]);
        assert_eq!(orgs(&["org=Skerry_Labs", "org=Skerry"]), ["Skerry Labs", "Skerry"]);
    }
}
