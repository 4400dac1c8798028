//! Did incidents become shorter, or only a different lot? A change split into what happened within the strata (severity
//! levels, services) and what came from their shares having shifted.

use super::compare::{ARM_MIN, RESAMPLED_MAX, variance};
use super::frames::GroupColumn;
use super::random::Random;
use super::special::Z_95;
use super::summary::{Interval, RESAMPLES, SEED, logarithms, mean, percentile_interval};
use super::{AnalyticsError, Basis, Frames};
use crate::domain::Measure;
use crate::record::Value;
use std::collections::BTreeMap;

/// A ratio of geometric means and its two parts; their product is the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardised {
    /// Strata that both periods have, and in which the change is measured.
    pub strata: usize,
    /// Values in strata of one period only: they cannot be compared like with like and are left out.
    pub unmatched: usize,
    /// The ratio as it stands, of the values in those strata.
    pub crude: f64,
    /// The ratio at equal mix.
    pub within: f64,
    /// 95 %, of `within`.
    pub interval: Interval,
    /// What the shift of shares alone makes.
    pub mix: f64,
}

/// The logarithms of one stratum: new, old.
type Strata = BTreeMap<String, (Vec<f64>, Vec<f64>)>;

/// Compares new incidents with old ones at equal mix of a column's values: Kitagawa's decomposition (J. Am. Stat.
/// Assoc. 50, 1955) of the difference of mean logarithms, with the mean of both periods' shares as weights. The
/// interval is a percentile bootstrap within strata. `None` with fewer than [`ARM_MIN`] values a side in common strata.
pub fn standardise(
    new: &Frames,
    old: &Frames,
    column: GroupColumn,
    measure: &Measure,
    basis: Basis,
) -> Result<Option<Standardised>, AnalyticsError> {
    let mut strata = Strata::new();
    for (label, log) in labelled(new, column, measure, basis)? {
        strata.entry(label).or_default().0.push(log);
    }
    for (label, log) in labelled(old, column, measure, basis)? {
        strata.entry(label).or_default().1.push(log);
    }
    Ok(standardised(strata))
}

/// The stratum and the logarithm of each known value. Of a list of services, the first is where an incident belongs.
fn labelled(
    frames: &Frames,
    column: GroupColumn,
    measure: &Measure,
    basis: Basis,
) -> Result<Vec<(String, f64)>, AnalyticsError> {
    let labels = frames.columns(&[column.name])?.values(column.name)?.into_iter().map(|label| match label {
        Value::Text(t) => t.split("; ").next().unwrap_or_default().to_owned(),
        Value::Integer(n) => n.to_string(),
        _ => String::new(),
    });
    let known = labels.zip(basis.minutes(measure, frames)?).filter_map(|(l, v)| Some((l, v.filter(|v| *v >= 0.0)?)));
    let mut known: Vec<(String, f64)> = known.collect();
    known.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let logs = logarithms(&known.iter().map(|(_, v)| *v).collect::<Vec<_>>());
    Ok(known.into_iter().map(|(label, _)| label).zip(logs).collect())
}

fn standardised(mut strata: Strata) -> Option<Standardised> {
    let all: usize = strata.values().map(|(new, old)| new.len() + old.len()).sum();
    strata.retain(|_, (new, old)| !new.is_empty() && !old.is_empty());
    let (new, old) = strata.values().fold((0, 0), |(n, o), (new, old)| (n + new.len(), o + old.len()));
    if new < ARM_MIN || old < ARM_MIN {
        return None;
    }
    let shares = |n: &[f64], o: &[f64]| (n.len() as f64 / new as f64, o.len() as f64 / old as f64);
    let weight = |n: &[f64], o: &[f64]| f64::midpoint(shares(n, o).0, shares(n, o).1);
    let (mut within, mut mix) = (0.0, 0.0);
    for (n, o) in strata.values() {
        let (p, q) = shares(n, o);
        let (m, l) = (mean(n).unwrap_or(0.0), mean(o).unwrap_or(0.0));
        within += weight(n, o) * (m - l);
        mix += f64::midpoint(m, l) * (p - q);
    }
    Some(Standardised {
        strata: strata.len(),
        unmatched: all - new - old,
        crude: (within + mix).exp(),
        within: within.exp(),
        interval: interval(&strata, &weight, within)?,
        mix: mix.exp(),
    })
}

/// By resampling within strata; of large samples by the normal distribution that this converges to.
fn interval(strata: &Strata, weight: &dyn Fn(&[f64], &[f64]) -> f64, within: f64) -> Option<Interval> {
    let largest = strata.values().map(|(n, o)| n.len().max(o.len())).max()?;
    if largest > RESAMPLED_MAX {
        let error = |values: &[f64]| variance(values) / values.len() as f64;
        let total: f64 = strata.values().map(|(n, o)| weight(n, o).powi(2) * (error(n) + error(o))).sum();
        let reach = Z_95 * total.sqrt();
        return Some(Interval { low: (within - reach).exp(), high: (within + reach).exp() });
    }
    let mut random = Random::new(SEED);
    let mut resampled = |values: &[f64]| {
        let sum: f64 = (0..values.len()).filter_map(|_| values.get(random.below(values.len()))).sum();
        sum / values.len() as f64
    };
    let mut replicate = || strata.values().map(|(n, o)| weight(n, o) * (resampled(n) - resampled(o))).sum::<f64>();
    percentile_interval((0..RESAMPLES).map(|_| replicate().exp()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strata(list: &[(&str, &[f64], &[f64])]) -> Strata {
        let logs = |values: &[f64]| values.iter().map(|v| v.ln()).collect();
        list.iter().map(|(label, new, old)| ((*label).to_owned(), (logs(new), logs(old)))).collect()
    }

    /// Nothing changed within the levels; there are only fewer of the long ones.
    #[test]
    fn a_shift_of_shares_is_no_improvement() {
        let long = [200.0, 400.0, 800.0];
        let short = [10.0, 20.0, 40.0];
        let (many, few) = ([short, short, short].concat(), [long, long, long].concat());
        let found = standardised(strata(&[("1", &long, &few), ("3", &many, &short)])).unwrap();
        assert!((found.within - 1.0).abs() < 1e-12, "{found:?}");
        assert!(found.interval.low < 1.0 && found.interval.high > 1.0);
        assert!(found.mix < 0.3 && (found.crude - found.mix * found.within).abs() < 1e-12);
    }

    /// Vector, in NumPy: strata a: new [30, 60, 90], old [60, 120]; b: new [5, 10], old [10, 20, 40]; logarithms,
    /// shares p = (3/5, 2/5), q = (2/5, 3/5); `exp(sum((p + q) / 2 * (m - l)))` and `exp(sum((m + l) / 2 * (p - q)))`.
    #[test]
    fn the_parts_agree_with_numpy() {
        let list: [(&str, &[f64], &[f64]); 3] =
            [("a", &[30.0, 60.0, 90.0], &[60.0, 120.0]), ("b", &[5.0, 10.0], &[10.0, 20.0, 40.0]), ("c", &[7.0], &[])];
        let found = standardised(strata(&list)).unwrap();
        assert_eq!((found.strata, found.unmatched), (2, 1));
        assert!((found.within - 0.47659214649846837).abs() < 1e-9, "{found:?}");
        assert!((found.mix - 1.4173125264926656).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn too_few_in_common_is_no_answer() {
        assert_eq!(standardised(strata(&[("a", &[1.0; 9], &[]), ("b", &[], &[1.0; 9])])), None);
    }
}
