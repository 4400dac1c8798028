//! Two periods of every group: the values that are compared.

use super::durations::{Group, compare_keys, grouped};
use super::frames::GroupColumn;
use super::{ARM_MIN, AnalyticsError, Basis, Frames};
use crate::domain::Measure;
use crate::record::Value;
use std::cmp::Reverse;

/// A group in two periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Arms {
    /// The value of each grouping column.
    pub key: Vec<Value>,
    /// Incidents of the later and of the earlier period.
    pub new: usize,
    pub old: usize,
    /// One a metric asked for, in that order.
    pub values: Vec<Arm>,
}

/// A metric of a group, in minutes; one value an incident that has one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arm {
    pub new: Vec<f64>,
    pub old: Vec<f64>,
    /// Of all periods; empty where every arm is large enough to compare.
    pub all: Vec<f64>,
}

/// The groups that the columns make in either period, the largest first, the unknown last; without columns everything
/// is one group. `all` holds the incidents of every period.
///
/// # Errors
/// The tables cannot be grouped.
pub fn arms(
    (all, later, earlier): (&Frames, &Frames, &Frames),
    by: &[GroupColumn],
    measures: &[Measure],
    basis: Basis,
) -> Result<Vec<Arms>, AnalyticsError> {
    let of = |frames: &Frames| grouped(frames, by, basis.all_minutes(measures, frames)?);
    let (later, earlier) = (of(later)?, of(earlier)?);
    // What all periods vary by is asked for only where an arm is too small to compare.
    let known = |values: &Vec<Option<f64>>| values.iter().flatten().filter(|minutes| **minutes >= 0.0).count();
    let is_small = |groups: &[Group]| groups.iter().any(|g| g.values.iter().any(|values| known(values) < ARM_MIN));
    let is_whole = later.len() == earlier.len() && !is_small(&later) && !is_small(&earlier);
    let all = if is_whole { Vec::new() } else { of(all)? };
    let mut found: Vec<Arms> = Vec::new();
    for key in later.iter().chain(&earlier).map(|group| &group.key) {
        if found.iter().any(|arms| arms.key == *key) {
            continue;
        }
        let group = |groups: &[Group]| groups.iter().position(|group| group.key == *key);
        let (all_at, new_at, old_at) = (group(&all), group(&later), group(&earlier));
        let count = |groups: &[Group], at: Option<usize>| at.and_then(|at| groups.get(at)).map_or(0, |g| g.incidents);
        let known = |groups: &[Group], at: Option<usize>, nth: usize| -> Vec<f64> {
            let values = at.and_then(|at| groups.get(at)).and_then(|group| group.values.get(nth));
            values.into_iter().flatten().flatten().copied().filter(|minutes| *minutes >= 0.0).collect()
        };
        let arm = |nth| Arm {
            new: known(&later, new_at, nth),
            old: known(&earlier, old_at, nth),
            all: known(&all, all_at, nth),
        };
        found.push(Arms {
            key: key.clone(),
            new: count(&later, new_at),
            old: count(&earlier, old_at),
            values: (0..measures.len()).map(arm).collect(),
        });
    }
    let unknown = |arms: &Arms| arms.key.iter().filter(|value| **value == Value::Null).count();
    found.sort_by(|a, b| {
        let rank = |arms: &Arms| (unknown(arms), Reverse(arms.new + arms.old));
        rank(a).cmp(&rank(b)).then_with(|| compare_keys(&a.key, &b.key))
    });
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::super::{arms, group_column};
    use super::*;
    use crate::domain::Metric;
    use crate::time::period::Period;

    #[test]
    fn a_group_of_one_period_only_has_an_empty_arm() {
        let all = incidents(&[
            "id=a date=2025-04-03 trigger=deploy ttr_minutes=10",
            "id=b date=2025-04-04 trigger=deploy ttr_minutes=-3",
            "id=c date=2025-01-04 trigger=deploy ttr_minutes=7",
            "id=d date=2025-01-05 trigger=config ttr_minutes=8",
            "id=e date=2025-01-05",
            "id=f date=2024-01-05 trigger=deploy ttr_minutes=9",
        ]);
        let during = |period: &str| all.during(Period::parse(period).unwrap()).unwrap();
        let frames = (&all, &during("2025-Q2"), &during("2025-Q1"));
        let ttr = [Metric::Ttr.into()];
        let found = arms(frames, &[group_column("trigger").unwrap()], &ttr, Basis::Chosen).unwrap();
        let shown: Vec<_> = found.iter().map(|g| (g.key[0].clone(), g.new, g.old, &g.values[0])).collect();
        let text = |text: &str| Value::Text(text.to_owned());
        let deploy = Arm { new: vec![10.0], old: vec![7.0], all: vec![10.0, 7.0, 9.0] };
        let config = Arm { new: vec![], old: vec![8.0], all: vec![8.0] };
        let expected =
            [(text("deploy"), 2, 1, &deploy), (text("config"), 0, 1, &config), (Value::Null, 0, 1, &Arm::default())];
        assert_eq!(shown, expected);
        let whole = arms(frames, &[], &ttr, Basis::Chosen).unwrap();
        assert_eq!((whole.len(), whole[0].new, whole[0].old), (1, 2, 3));
    }
}
