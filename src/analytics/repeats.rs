//! What happened again? Incidents of one organisation with the same trigger, component and provider at fault.

use super::frames::Columns;
use super::{AnalyticsError, Frames};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A pattern that was seen more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    pub org: Option<String>,
    pub trigger: String,
    pub component: String,
    /// `None`: no provider was at fault.
    pub provider: Option<String>,
    /// In order of date, the undated last.
    pub members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: String,
    pub date: Option<NaiveDate>,
}

impl Repeat {
    /// Days between the last two dated members.
    pub fn last_gap_days(&self) -> Option<i64> {
        let dates: Vec<_> = self.members.iter().filter_map(|m| m.date).collect();
        let [.., before, last] = dates.as_slice() else { return None };
        Some((*last - *before).num_days())
    }
}

/// The patterns seen at least twice, the most frequent first. Incidents whose trigger or component is unknown match
/// nothing: two unknowns are no pattern.
pub fn repeats(frames: &Frames) -> Result<Vec<Repeat>, AnalyticsError> {
    let columns = Columns::of(frames.incidents(), &["id", "org", "date", "trigger", "component", "provider"])?;
    let (ids, dates) = (columns.texts("id")?, columns.dates("date")?);
    let (orgs, providers) = (columns.texts("org")?, columns.texts("provider")?);
    let (triggers, components) = (columns.texts("trigger")?, columns.texts("component")?);
    let known = |label: Option<String>| label.filter(|l| l != "unknown");
    let mut patterns: BTreeMap<_, Vec<Member>> = BTreeMap::new();
    let causes = triggers.into_iter().zip(components).zip(orgs.into_iter().zip(providers));
    for ((id, date), ((trigger, component), (org, provider))) in ids.into_iter().zip(dates).zip(causes) {
        if let (Some(id), Some(trigger), Some(component)) = (id, known(trigger), known(component)) {
            patterns.entry((org, trigger, component, provider)).or_default().push(Member { id, date });
        }
    }
    let mut found: Vec<Repeat> = patterns
        .into_iter()
        .filter(|(_, members)| members.len() > 1)
        .map(|((org, trigger, component, provider), mut members)| {
            members.sort_by(|a, b| (a.date.is_none(), a.date, &a.id).cmp(&(b.date.is_none(), b.date, &b.id)));
            Repeat { org, trigger, component, provider, members }
        })
        .collect();
    // The map's order, which is that of the names, decides between equals.
    found.sort_by_key(|r| std::cmp::Reverse(r.members.len()));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;

    #[test]
    fn the_same_causes_make_a_repeat_and_unknown_ones_none() {
        let frames = incidents(&[
            "id=b org=Acme date=2025-03-01 trigger=expiry component=tls",
            "id=a org=Acme date=2025-01-01 trigger=expiry component=tls",
            "id=c org=Acme date=2025-03-21 trigger=expiry component=tls",
            "id=d org=Acme date=2025-03-01 trigger=expiry component=tls provider=Nordlink",
            "id=e org=Beta date=2025-03-01 trigger=expiry component=tls",
            "id=f org=Acme trigger=unknown component=tls",
            "id=g org=Acme trigger=unknown component=tls",
            "id=h org=Acme trigger=deploy",
            "id=i org=Acme trigger=deploy",
        ]);
        let found = repeats(&frames).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].members.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(found[0].last_gap_days(), Some(20));
    }
}
