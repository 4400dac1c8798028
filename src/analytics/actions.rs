//! What was promised and not done? Follow-up actions and their age on a given day.

use super::columns::Columns;
use super::{AnalyticsError, Frames};
use chrono::NaiveDate;

/// The follow-up actions of a set of incidents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionBalance {
    pub done: usize,
    /// Marked open or planned.
    pub open: usize,
    /// The report does not say how far they are.
    pub unknown: usize,
    /// Neither owner nor date, among those not marked done.
    pub unowned: usize,
    /// Those not marked done: overdue first, then the oldest first.
    pub pending: Vec<PendingAction>,
}

/// Upper ends of the classes of an action's age, in days; the last one has none.
const AGES: [(&str, i64); 4] =
    [("under 30 days", 30), ("30 to 89 days", 90), ("90 to 364 days", 365), ("a year or more", i64::MAX)];

/// Actions not marked done, of one class of age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeClass {
    pub age: &'static str,
    pub open: usize,
    pub unknown: usize,
    pub overdue: usize,
    /// The incidents they follow from, in order of id.
    pub ids: Vec<String>,
}

/// The actions not marked done of every incident that began before a day, by their age on it, the youngest first;
/// classes without any are left out. Those of undated incidents belong to no class.
///
/// # Errors
/// The tables cannot be read.
pub fn ages(frames: &Frames, day: NaiveDate) -> Result<Vec<AgeClass>, AnalyticsError> {
    let dates = frames.columns(&["date"])?.dates("date")?;
    let columns = Columns::of(frames.table("actions"), &["id", "status", "due"])?;
    let mut classes = AGES.map(|(age, _)| AgeClass { age, open: 0, unknown: 0, overdue: 0, ids: Vec::new() });
    let told = columns.words("id")?.into_iter().zip(columns.words("status")?).zip(columns.dates("due")?);
    let told = told.zip(frames.owners("actions")?);
    for (((id, status), due), owner) in told.filter(|(((_, status), _), _)| *status != Some("done")) {
        let date = dates.get(*owner as usize).copied().flatten().filter(|date| *date < day);
        let (Some(id), Some(date)) = (id, date) else { continue };
        let days = (day - date).num_days();
        let Some(class) = classes.iter_mut().zip(AGES).find(|(_, (_, below))| days < *below) else { continue };
        let class = class.0;
        class.open += usize::from(status == Some("open"));
        class.unknown += usize::from(status != Some("open"));
        class.overdue += usize::from(due.is_some_and(|due| due < day));
        // Actions of an incident stand together.
        if class.ids.last().is_none_or(|last| last != id) {
            class.ids.push(id.to_owned());
        }
    }
    let mut classes: Vec<_> = classes.into_iter().filter(|class| class.open + class.unknown > 0).collect();
    for class in &mut classes {
        class.ids.sort_unstable();
        class.ids.dedup();
    }
    Ok(classes)
}

/// An action that is not marked done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingAction {
    pub id: String,
    pub text: String,
    /// `open` or `unknown`.
    pub status: String,
    pub owner: Option<String>,
    pub due: Option<NaiveDate>,
    /// Days since the incident, when it is dated.
    pub age_days: Option<i64>,
    /// It was due before the day.
    pub is_overdue: bool,
}

/// Weighs the actions as of a day. The day comes from the question (a period's end), not from the clock, so that the
/// same store gives the same answer tomorrow.
pub fn actions(frames: &Frames, day: NaiveDate) -> Result<ActionBalance, AnalyticsError> {
    let dates = frames.columns(&["date"])?.dates("date")?;
    let names = ["id", "position", "text", "status", "owner", "due"];
    let columns = Columns::of(frames.table("actions"), &names)?;
    let (ids, positions) = (columns.texts("id")?, columns.numbers("position")?);
    let (texts, statuses) = (columns.texts("text")?, columns.texts("status")?);
    let (owners, dues) = (columns.texts("owner")?, columns.dates("due")?);
    let mut balance = ActionBalance::default();
    let mut pending = Vec::new();
    let words = texts.into_iter().zip(statuses).zip(owners.into_iter().zip(dues));
    let rows = ids.into_iter().zip(positions).zip(words).zip(frames.owners("actions")?);
    for (((id, position), ((text, status), (owner, due))), incident) in rows {
        match status.as_deref() {
            Some("done") => {
                balance.done += 1;
                continue;
            }
            Some("open") => balance.open += 1,
            _ => balance.unknown += 1,
        }
        balance.unowned += usize::from(owner.is_none() && due.is_none());
        let id = id.unwrap_or_default();
        let date = dates.get(*incident as usize).copied().flatten();
        let age_days = date.map(|date| (day - date).num_days());
        let is_overdue = due.is_some_and(|d| d < day);
        let status = status.unwrap_or_else(|| "unknown".to_owned());
        let action = PendingAction { id, text: text.unwrap_or_default(), status, owner, due, age_days, is_overdue };
        pending.push((position.unwrap_or_default(), action));
    }
    pending.sort_by(|(p, a), (q, b)| {
        (!a.is_overdue, std::cmp::Reverse(a.age_days), &a.id)
            .cmp(&(!b.is_overdue, std::cmp::Reverse(b.age_days), &b.id))
            .then(p.total_cmp(q))
    });
    balance.pending = pending.into_iter().map(|(_, action)| action).collect();
    Ok(balance)
}

#[cfg(test)]
mod tests {
    use super::super::sample::frames;
    use super::*;

    #[test]
    fn overdue_actions_come_first_then_the_oldest() {
        let frames = frames(&[
            ("incidents", &["id=a date=2025-01-01", "id=b date=2025-03-01", "id=c"]),
            (
                "actions",
                &[
                    "id=a position=1 text=x status=done",
                    "id=a position=2 text=old status=open owner=Lee",
                    "id=b position=1 text=late status=open due=2025-06-29",
                    "id=b position=2 text=later status=open due=2025-07-02",
                    "id=c position=1 text=undated status=unknown",
                ],
            ),
        ]);
        let found = actions(&frames, "2025-06-30".parse().unwrap()).unwrap();
        assert_eq!((found.done, found.open, found.unknown, found.unowned), (1, 3, 1, 1));
        let shown: Vec<_> = found.pending.iter().map(|a| (a.text.as_str(), a.age_days, a.is_overdue)).collect();
        let expected = [
            ("late", Some(121), true),
            ("old", Some(180), false),
            ("later", Some(121), false),
            ("undated", None, false),
        ];
        assert_eq!(shown, expected);
        let shown = |day: &str| -> Vec<_> {
            let classes = ages(&frames, day.parse().unwrap()).unwrap();
            classes.into_iter().map(|c| (c.age, c.open, c.overdue, c.ids.join(" "))).collect()
        };
        assert_eq!(shown("2025-06-30"), [("90 to 364 days", 3, 1, "a b".to_owned())]);
        let young = [("under 30 days", 2, 0, "b".to_owned()), ("30 to 89 days", 1, 0, "a".to_owned())];
        assert_eq!(shown("2025-03-15"), young);
    }
}
