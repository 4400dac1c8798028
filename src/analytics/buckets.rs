//! How many incidents were short, how many long? Durations counted in classes that people think in.

use super::durations::grouped;
use super::frames::GroupColumn;
use super::{AnalyticsError, Basis, Frames};
use crate::domain::Measure;
use crate::record::Value;

/// Name of a class in columns, title, and the minutes below which a duration is in it.
pub const BUCKETS: [(&str, &str, f64); 6] = [
    ("under_15m", "< 15 min", 15.0),
    ("under_30m", "< 30 min", 30.0),
    ("under_1h", "< 1 h", 60.0),
    ("under_3h", "< 3 h", 180.0),
    ("under_1d", "< 1 d", 1_440.0),
    ("from_1d", "≥ 1 d", f64::INFINITY),
];

/// A metric of a group of incidents, counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucketed {
    pub key: Vec<Value>,
    /// One list a metric asked for: incidents in each class, and, last, those whose duration is not known.
    pub counts: Vec<[usize; BUCKETS.len() + 1]>,
}

pub fn buckets(
    frames: &Frames,
    by: &[GroupColumn],
    measures: &[Measure],
    basis: Basis,
) -> Result<Vec<Bucketed>, AnalyticsError> {
    let groups = grouped(frames, by, basis.all_minutes(measures, frames)?)?;
    let counted = |values: &Vec<Option<f64>>| {
        let mut counts = [0; BUCKETS.len() + 1];
        for value in values {
            let known = value.filter(|m| *m >= 0.0);
            let place = known.and_then(|m| BUCKETS.iter().position(|(.., below)| m < *below)).unwrap_or(BUCKETS.len());
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        counts
    };
    let groups = groups.into_iter().map(|g| Bucketed { key: g.key, counts: g.values.iter().map(counted).collect() });
    Ok(groups.collect())
}

#[cfg(test)]
mod tests {
    use super::super::sample::incidents;
    use super::*;
    use crate::domain::Metric;

    #[test]
    fn a_limit_belongs_to_the_class_above_it() {
        let frames = incidents(&[
            "ttr_minutes=0",
            "ttr_minutes=14",
            "ttr_minutes=15",
            "ttr_minutes=59",
            "ttr_minutes=60",
            "ttr_minutes=180",
            "ttr_minutes=1440",
            "ttr_minutes=-5",
            "",
        ]);
        let found = buckets(&frames, &[], &[Metric::Ttr.into()], Basis::Chosen).unwrap();
        assert_eq!(found[0].counts, [[2, 1, 1, 1, 1, 1, 2]]);
    }
}
