//! Did it change? Two samples of durations, and whether the difference is more than chance.

use super::permutation;
use super::random::Random;
use super::special::{Z_95, normal_two_sided};
use super::summary::{Interval, RESAMPLES, SEED, logarithms, mean, percentile_interval, sorted};

/// Fewer values than this in either arm, and no comparison is made.
pub const ARM_MIN: usize = 5;

/// Above this many values in an arm a mean of logarithms is as good as normal, and its interval needs no resampling.
pub const RESAMPLED_MAX: usize = 500;

/// Up to this many values in each arm, without ties, the rank test is exact.
const EXACT_MAX: usize = 20;

/// The change that planning figures are given for: a fifth.
pub const PLANNED_CHANGE: f64 = 0.8;

/// What can be said of two samples.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// An arm is too small to say anything.
    TooFew {
        new: usize,
        old: usize,
        /// As in [`Change::needed`], by the spread of all values known; `None` where that is not known either.
        needed: Option<usize>,
    },
    Made(Change),
}

/// How a sample differs from an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub new: usize,
    pub old: usize,
    /// Geometric mean of the new values over that of the old ones; below 1 is shorter.
    pub ratio: f64,
    /// 95 % interval of the ratio.
    pub interval: Interval,
    /// The chance of a rank difference at least this large if nothing had changed.
    pub p: f64,
    /// The chance of a ratio at least this far from 1 if nothing had changed.
    pub chance: f64,
    pub verdict: Verdict,
    /// Values an arm would need for a change by a fifth to show in four of five such comparisons.
    pub needed: usize,
}

/// What the data carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Rank test and interval agree that the new values are smaller.
    Shorter,
    /// Rank test and interval agree that the new values are larger.
    Longer,
    /// Chance explains it.
    NotShown,
}

/// Compares new values with old ones. Unusable values (negative, not finite) are left out. `all` are the values of
/// every period: where the arms are too small to compare, their spread tells how many would be needed.
pub fn compare(new: &[f64], old: &[f64], all: &[f64]) -> Comparison {
    let (new, old) = (sorted(new.iter().copied()), sorted(old.iter().copied()));
    if new.len() < ARM_MIN || old.len() < ARM_MIN {
        let spread = variance(&logarithms(&sorted(all.iter().copied())));
        let needed = (all.len() >= ARM_MIN && spread > 0.0).then(|| arm_size(spread, spread));
        return Comparison::TooFew { new: new.len(), old: old.len(), needed };
    }
    let (new_logs, old_logs) = (logarithms(&new), logarithms(&old));
    let difference = mean(&new_logs).unwrap_or(0.0) - mean(&old_logs).unwrap_or(0.0);
    let interval = ratio_interval(&new_logs, &old_logs, difference);
    let p = mann_whitney(&new, &old);
    let verdict = match interval {
        i if p < 0.05 && i.high < 1.0 => Verdict::Shorter,
        i if p < 0.05 && i.low > 1.0 => Verdict::Longer,
        _ => Verdict::NotShown,
    };
    let needed = arm_size(variance(&new_logs), variance(&old_logs));
    let chance = permutation::two_sided(&new_logs, &old_logs);
    let (ratio, new, old) = (difference.exp(), new.len(), old.len());
    Comparison::Made(Change { new, old, ratio, interval, p, chance, verdict, needed })
}

/// Percentile bootstrap of the ratio of geometric means; for large arms the normal interval of the difference of mean
/// logarithms, which it converges to.
fn ratio_interval(new: &[f64], old: &[f64], difference: f64) -> Interval {
    if new.len() > RESAMPLED_MAX || old.len() > RESAMPLED_MAX {
        let error = (variance(new) / new.len() as f64 + variance(old) / old.len() as f64).sqrt();
        return Interval { low: (difference - Z_95 * error).exp(), high: (difference + Z_95 * error).exp() };
    }
    let mut random = Random::new(SEED);
    let mut resampled = |values: &[f64]| {
        let sum: f64 = (0..values.len()).filter_map(|_| values.get(random.below(values.len()))).sum();
        sum / values.len() as f64
    };
    let ratios = (0..RESAMPLES).map(|_| (resampled(new) - resampled(old)).exp()).collect();
    percentile_interval(ratios).unwrap_or(Interval { low: 0.0, high: f64::INFINITY })
}

/// Two-sided p of the Mann–Whitney U test (Ann. Math. Statist. 18, 1947): exact for small arms without ties, else
/// normal with tie and continuity correction (Hollander & Wolfe, Nonparametric Statistical Methods, section 4.1).
fn mann_whitney(new: &[f64], old: &[f64]) -> f64 {
    let (n1, n2) = (new.len(), old.len());
    let mut all: Vec<(f64, bool)> = new.iter().map(|v| (*v, true)).chain(old.iter().map(|v| (*v, false))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let size = group.len() as f64;
        let rank = before + (size + 1.0) / 2.0;
        rank_sum += rank * group.iter().filter(|(_, is_new)| *is_new).count() as f64;
        ties += size * (size * size - 1.0);
        before += size;
    }
    let (a, b) = (n1 as f64, n2 as f64);
    let u = rank_sum - a * (a + 1.0) / 2.0;
    if ties == 0.0 && n1.max(n2) <= EXACT_MAX {
        return exact_p(n1, n2, u.min(a * b - u));
    }
    let n = a + b;
    let variance = a * b / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let distance = ((u - a * b / 2.0).abs() - 0.5).max(0.0);
    normal_two_sided(distance / variance.sqrt())
}

/// Twice the probability of a U at most this small: the number of ways to U obeys
/// w(n₁, n₂, u) = w(n₁ − 1, n₂, u − n₂) + w(n₁, n₂ − 1, u).
fn exact_p(n1: usize, n2: usize, smaller_u: f64) -> f64 {
    let width = n1 * n2 + 1;
    // ways[j] holds w(i, j, ·) of the current i.
    let mut ways = vec![vec![0.0; width]; n2 + 1];
    for row in &mut ways {
        row[0] = 1.0;
    }
    for _ in 1..=n1 {
        for j in 1..=n2 {
            let (done, rest) = ways.split_at_mut(j);
            let (fewer_old, current) = (&done[j - 1], &mut rest[0]);
            for u in (0..width).rev() {
                let fewer_new = if u >= j { current[u - j] } else { 0.0 };
                current[u] = fewer_new + fewer_old[u];
            }
        }
    }
    let last = ways.pop().unwrap_or_default();
    let all: f64 = last.iter().sum();
    let tail: f64 = last.iter().take(smaller_u as usize + 1).sum();
    (2.0 * tail / all).min(1.0)
}

/// Unbiased.
pub(super) fn variance(values: &[f64]) -> f64 {
    let Some(mean) = mean(values).filter(|_| values.len() > 1) else { return 0.0 };
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64
}

/// Values an arm needs so that a true change of the geometric mean by a fifth is found with 80 % power at 5 %: the
/// textbook n = 2 (z₀.₉₇₅ + z₀.₈)² σ² / δ² on the logarithmic scale.
fn arm_size(new_variance: f64, old_variance: f64) -> usize {
    const Z_POWER_80: f64 = 0.841_621_233_572_914_3;
    let spread = f64::midpoint(new_variance, old_variance);
    let size = 2.0 * (Z_95 + Z_POWER_80).powi(2) * spread / PLANNED_CHANGE.ln().powi(2);
    (size.ceil() as usize).max(ARM_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [f64; 7] = [12.0, 25.0, 31.0, 44.0, 58.0, 61.0, 90.0];
    const B: [f64; 6] = [40.0, 75.0, 110.0, 180.0, 240.0, 600.0];

    /// Where resampling ends, both ways give the same ends to two hundredths, for log-normal lengths of which
    /// some are 0.
    #[test]
    fn large_samples_need_no_resampling() {
        let mut random = Random::new(3);
        let mut logs = |count: usize, shift: f64| {
            let values: Vec<f64> = (0..count).map(|_| (3.0 + shift + 1.5 * random.normal()).exp().floor()).collect();
            logarithms(&values)
        };
        let (new, old) = (logs(RESAMPLED_MAX, 0.2), logs(RESAMPLED_MAX, 0.0));
        let difference = mean(&new).unwrap() - mean(&old).unwrap();
        let resampled = ratio_interval(&new, &old, difference);
        let error = (variance(&new) / new.len() as f64 + variance(&old) / old.len() as f64).sqrt();
        for (found, expected) in [(resampled.low, -Z_95), (resampled.high, Z_95)] {
            let expected = (difference + expected * error).exp();
            assert!((found / expected - 1.0).abs() < 0.02, "{found} is not {expected}");
        }
    }
    const TIED: [f64; 8] = [10.0, 10.0, 20.0, 30.0, 30.0, 30.0, 60.0, 90.0];
    const TIED_TOO: [f64; 7] = [30.0, 60.0, 60.0, 90.0, 120.0, 120.0, 300.0];

    /// Vectors: `scipy.stats.mannwhitneyu(x, y, method='exact' | 'asymptotic').pvalue`.
    #[test]
    fn the_rank_test_agrees_with_scipy() {
        let long: Vec<f64> = (1..=25).map(|i| f64::from(i * i)).collect();
        let longer: Vec<f64> = (1..=30).map(|i| f64::from(i * i) + 70.5).collect();
        for (found, expected) in [
            (mann_whitney(&A, &B), 0.0221445221445221),
            (mann_whitney(&B, &A), 0.0221445221445221),
            (mann_whitney(&TIED, &TIED_TOO), 0.0159846851251962),
            (mann_whitney(&long, &longer), 0.0201161594665649),
        ] {
            assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
        }
        assert_eq!(mann_whitney(&[5.0; 6], &[5.0; 6]), 1.0);
    }

    #[test]
    fn a_change_needs_both_the_test_and_the_interval() {
        let Comparison::Made(change) = compare(&A, &B, &[]) else { panic!() };
        assert_eq!(change.verdict, Verdict::Shorter);
        assert!((change.ratio - 0.27070098655905).abs() < 1e-9);
        assert!(change.interval.low < change.ratio && change.ratio < change.interval.high);
        let Comparison::Made(back) = compare(&B, &A, &[]) else { panic!() };
        assert_eq!(back.verdict, Verdict::Longer);
        let Comparison::Made(same) = compare(&A, &A, &[]) else { panic!() };
        assert_eq!(same.verdict, Verdict::NotShown);
        assert_eq!(compare(&A, &B[..4], &[]), Comparison::TooFew { new: 7, old: 4, needed: None });
    }

    /// Below five a side nothing is compared, and the spread of everything known says what it would take.
    #[test]
    fn a_refusal_says_how_many_are_needed() {
        let all: Vec<f64> = A.iter().chain(&B).copied().collect();
        let Comparison::TooFew { needed, .. } = compare(&A[..4], &B, &all) else { panic!() };
        // `2 * (norm.ppf(.975) + norm.ppf(.8))**2 * np.var(np.log(A + B), ddof=1) / np.log(.8)**2` = 334.0
        assert_eq!(needed, Some(335));
    }

    /// Vector: `scipy.stats.bootstrap((A, B), lambda x, y: np.exp(np.mean(np.log(x)) - np.mean(np.log(y))),
    /// n_resamples=200_000, method='percentile', rng=1).confidence_interval`.
    #[test]
    fn the_interval_of_the_ratio_agrees_with_scipy() {
        let Comparison::Made(change) = compare(&A, &B, &[]) else { panic!() };
        assert!((change.interval.low / 0.11594619749549143).ln().abs() < 0.08, "{change:?}");
        assert!((change.interval.high / 0.6082260573877589).ln().abs() < 0.08, "{change:?}");
    }

    /// The known result of Davidovič (Incident Metrics in SRE, 2021): with log-normal durations and few incidents, a
    /// true improvement by 10 % looks like none or worse in about 4 of 10 quarters. σ = 1.24 as in public data.
    #[test]
    fn a_true_tenth_is_invisible_in_25_incidents() {
        let mut random = Random::new(2021);
        let (quarters, compared, arm, spread) = (2_000, 150, 25, 1.24);
        let (mut hidden, mut called, mut false_alarms) = (0, 0, 0);
        let average = |values: &[f64]| mean(values).unwrap();
        let is_change = |x: &[f64], y: &[f64]| match compare(x, y, &[]) {
            Comparison::Made(change) => change.verdict != Verdict::NotShown,
            Comparison::TooFew { .. } => false,
        };
        for quarter in 0..quarters {
            let mut draw =
                |shift: f64| -> Vec<f64> { (0..arm).map(|_| (5.4 + shift + spread * random.normal()).exp()).collect() };
            let (old, new, same) = (draw(0.0), draw(0.9f64.ln()), draw(0.0));
            hidden += usize::from(average(&new) >= average(&old));
            if quarter < compared {
                called += usize::from(is_change(&new, &old));
                false_alarms += usize::from(is_change(&same, &old));
            }
        }
        let share = |n: usize, of: usize| n as f64 / of as f64;
        assert!((0.37..0.45).contains(&share(hidden, quarters)), "hidden in {}", share(hidden, quarters));
        assert!(share(called, compared) < 0.12, "called in {}", share(called, compared));
        assert!(share(false_alarms, compared) < 0.07, "false alarms in {}", share(false_alarms, compared));
    }

    /// 2 (1.95996 + 0.84162)² 1.24² / ln(0.8)² = 484.7.
    #[test]
    fn planning_figures_are_the_textbook_ones() {
        assert_eq!(arm_size(1.24f64.powi(2), 1.24f64.powi(2)), 485);
    }
}
