//! Where is it heading? A monotonic trend in a series of (time, value), without assuming its shape.

use super::Interval;
use super::random::Random;
use super::special::{Z_95, normal_two_sided};
use super::summary::SEED;

/// Fewer points than this, and no trend is tested: below it the test cannot reach 5 % whatever the data.
pub const POINTS_MIN: usize = 5;

/// Up to this many points without ties the test is exact.
const EXACT_MAX: usize = 10;

/// Slopes looked at; beyond this many pairs a seeded sample of them stands for all.
const PAIRS_MAX: usize = 250_000;

/// A monotonic trend.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    pub n: usize,
    /// Change of the value per unit of time: the median of all pairwise slopes.
    pub slope: f64,
    /// 95 % interval of the slope.
    pub interval: Interval,
    /// The chance of a rank order at least this one-sided if there were no trend.
    pub p: f64,
}

impl Trend {
    /// Both the test and the interval say that it rises or falls. An end at 0 does not speak against it: of counts many
    /// slopes are exactly 0.
    pub fn is_shown(&self) -> bool {
        let is_rising = self.slope > 0.0 && self.interval.low >= 0.0;
        let is_falling = self.slope < 0.0 && self.interval.high <= 0.0;
        self.p < 0.05 && (is_rising || is_falling)
    }
}

/// Tests for a trend (Mann, Econometrica 13, 1945; Kendall, Rank Correlation Methods, 4th ed.) and estimates it (Theil
/// 1950; Sen, J. Am. Stat. Assoc. 63, 1968). Points may share a time or a value. `None` with fewer than
/// [`POINTS_MIN`] points or when all stand at one time.
pub fn trend(points: &[(f64, f64)]) -> Option<Trend> {
    let mut points: Vec<(f64, f64)> = points.iter().copied().filter(|(t, v)| t.is_finite() && v.is_finite()).collect();
    if points.len() < POINTS_MIN {
        return None;
    }
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (score, variance, has_ties) = kendall(&points);
    let p = if !has_ties && points.len() <= EXACT_MAX {
        exact_p(points.len(), score)
    } else if variance > 0.0 {
        normal_two_sided((score.abs() - 1.0).max(0.0) / variance.sqrt())
    } else {
        1.0
    };
    let mut slopes = slopes(&points);
    slopes.sort_by(f64::total_cmp);
    let slope = super::summary::quantile(&slopes, 0.5)?;
    // Sen's interval: of N slopes in order the (N − C)/2th and the one after the (N + C)/2th, with C = z √Var(S). Where
    // slopes are a sample, the same share of them.
    let pairs = points.len() as f64 * (points.len() - 1) as f64 / 2.0;
    let share = Z_95 * variance.max(0.0).sqrt() / (2.0 * pairs);
    let n = slopes.len() as f64;
    let ranked = |rank: f64| super::summary::quantile(&slopes, (rank - 1.0) / (n - 1.0)).unwrap_or(slope);
    let interval = Interval { low: ranked(n * (0.5 - share)), high: ranked(n * (0.5 + share) + 1.0) };
    Some(Trend { n: points.len(), slope, interval, p })
}

/// Kendall's S (concordant minus discordant pairs), its variance with ties on both sides, and whether there are any.
/// Points are sorted by time, then value.
fn kendall(points: &[(f64, f64)]) -> (f64, f64, bool) {
    let n = points.len() as f64;
    let time_ties = groups(points.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len));
    let both_ties = groups(points.chunk_by(|a, b| a == b).map(<[_]>::len));
    let mut values: Vec<f64> = points.iter().map(|p| p.1).collect();
    let discordant = inversions(&mut values);
    let value_ties = groups(values.chunk_by(|a, b| a == b).map(<[_]>::len));
    let pairs = n * (n - 1.0) / 2.0;
    let score = pairs - time_ties.pairs - value_ties.pairs + both_ties.pairs - 2.0 * discordant as f64;
    let mut variance = (n * (n - 1.0) * (2.0 * n + 5.0) - time_ties.cubic - value_ties.cubic) / 18.0;
    if n > 2.0 {
        variance += time_ties.triple * value_ties.triple / (9.0 * n * (n - 1.0) * (n - 2.0));
    }
    variance += 2.0 * time_ties.pairs * value_ties.pairs / (n * (n - 1.0));
    (score, variance, time_ties.pairs + value_ties.pairs > 0.0)
}

/// Sums over groups of t equal members, as the variance of S needs them.
struct Ties {
    /// Σ t(t − 1)/2
    pairs: f64,
    /// Σ t(t − 1)(2t + 5)
    cubic: f64,
    /// Σ t(t − 1)(t − 2)
    triple: f64,
}

fn groups(sizes: impl Iterator<Item = usize>) -> Ties {
    let mut ties = Ties { pairs: 0.0, cubic: 0.0, triple: 0.0 };
    for t in sizes.map(|t| t as f64) {
        ties.pairs += t * (t - 1.0) / 2.0;
        ties.cubic += t * (t - 1.0) * (2.0 * t + 5.0);
        ties.triple += t * (t - 1.0) * (t - 2.0);
    }
    ties
}

/// Pairs in descending order, counted by merge sort, which also sorts (Knight, J. Am. Stat. Assoc. 61, 1966).
fn inversions(values: &mut [f64]) -> u64 {
    if values.len() < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut l, mut r) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(a), Some(b)) = (l.peek(), r.peek()) {
        if a <= b {
            merged.extend(l.next());
        } else {
            count += l.len() as u64;
            merged.extend(r.next());
        }
    }
    merged.extend(l);
    merged.extend(r);
    values.copy_from_slice(&merged);
    count
}

/// Two-sided p of S for n points without ties: permutations of n by their number of inversions (Mahonian numbers).
fn exact_p(n: usize, score: f64) -> f64 {
    let mut ways = vec![1.0];
    for size in 2..=n {
        let mut next = vec![0.0; ways.len() + size - 1];
        for (inversions, count) in ways.iter().enumerate() {
            for slot in next.iter_mut().skip(inversions).take(size) {
                *slot += count;
            }
        }
        ways = next;
    }
    let pairs = n as f64 * (n as f64 - 1.0) / 2.0;
    let fewest = ((pairs - score.abs()) / 2.0).round() as usize;
    let tail: f64 = ways.iter().take(fewest + 1).sum();
    (2.0 * tail / ways.iter().sum::<f64>()).min(1.0)
}

/// The slopes between points at different times: all, or a seeded sample.
fn slopes(points: &[(f64, f64)]) -> Vec<f64> {
    let between = |a: &(f64, f64), b: &(f64, f64)| (a.0 != b.0).then(|| (b.1 - a.1) / (b.0 - a.0));
    if points.len() * (points.len() - 1) / 2 <= PAIRS_MAX {
        let pairs = points.iter().enumerate().flat_map(|(i, a)| points.iter().skip(i + 1).map(move |b| (a, b)));
        return pairs.filter_map(|(a, b)| between(a, b)).collect();
    }
    let mut random = Random::new(SEED);
    let mut draw = || points.get(random.below(points.len()));
    (0..PAIRS_MAX).filter_map(|_| between(draw()?, draw()?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9 * expected.abs().max(1e-3), "{found} is not {expected}");
    }

    fn series(values: &[f64]) -> Vec<(f64, f64)> {
        values.iter().enumerate().map(|(i, v)| (i as f64, *v)).collect()
    }

    /// Vectors: p by `scipy.stats.kendalltau(t, v, method='exact')`, slope by `scipy.stats.theilslopes(v, t)`.
    #[test]
    fn short_series_agree_with_scipy() {
        for (values, p, slope) in [
            (vec![3.0, 1.0, 4.0, 1.5, 5.0, 9.0, 2.0, 6.0], 0.178869047619048, 0.464285714285714),
            (vec![90.0, 80.0, 85.0, 60.0, 65.0, 40.0], 0.0555555555555556, -10.0),
            (vec![5.0, 4.0, 3.0, 2.0, 1.0], 0.0166666666666667, -1.0),
        ] {
            let found = trend(&series(&values)).unwrap();
            close(found.p, p);
            close(found.slope, slope);
        }
    }

    /// S, its variance, slope and interval of a series with ties in time and value. Vectors: S by counting pairs, the
    /// variance as in `scipy.stats.kendalltau`, slope and interval by order statistics of all slopes.
    #[test]
    fn ties_are_accounted_for() {
        let points: Vec<(f64, f64)> = vec![
            (1.0, 30.0),
            (1.0, 45.0),
            (2.0, 45.0),
            (3.0, 20.0),
            (3.0, 20.0),
            (3.0, 60.0),
            (4.0, 15.0),
            (5.0, 30.0),
            (6.0, 10.0),
            (6.0, 10.0),
            (7.0, 5.0),
            (8.0, 30.0),
            (9.0, 8.0),
        ];
        let mut sorted = points.clone();
        sorted.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let (score, variance, has_ties) = kendall(&sorted);
        assert!(has_ties);
        close(score, -41.0);
        close(variance, 256.72027972028);
        let found = trend(&points).unwrap();
        close(found.p, 0.012542905906901);
        close(found.slope, -4.0);
    }

    /// Few points, whose interval hangs on the ranks: of 55 slopes, with C = 24.74, rank 15.13 lies between -0.25 and
    /// -0.125 and rank 40.87 between 1.25 and 1.333; `scipy.stats.theilslopes(v, t, 0.95)` takes the whole ranks 15 and
    /// 41. Less than half a rank to the inside claims more than is known.
    #[test]
    fn the_interval_of_few_points_has_sens_ranks() {
        let counts = [21.0, 23.0, 25.0, 41.0, 24.0, 24.0, 25.0, 35.0, 29.0, 29.0, 24.0];
        let found = trend(&series(&counts)).unwrap();
        assert!((found.slope - 4.0 / 7.0).abs() < 1e-9, "{found:?}");
        assert!((found.interval.low + 0.25).abs() < 0.02, "{found:?}");
        assert!((found.interval.high - 4.0 / 3.0).abs() < 0.02, "{found:?}");
    }

    /// Sen's own interval; `scipy.stats.theilslopes(v, t, 0.95)` takes the nearest whole ranks.
    #[test]
    fn the_slope_has_its_interval() {
        let values: Vec<f64> = (0..30).map(|i| f64::from(i) * 2.0 + f64::from(i * 37 % 11)).collect();
        let found = trend(&series(&values)).unwrap();
        close(found.slope, 2.04);
        assert!((found.interval.low - 1.875).abs() < 0.02, "{found:?}");
        assert!((found.interval.high - 2.33333333333333).abs() < 0.02, "{found:?}");
        assert!(found.is_shown());
    }

    #[test]
    fn no_trend_is_claimed_from_nothing() {
        assert_eq!(trend(&series(&[1.0, 2.0, 3.0, 4.0])), None);
        assert_eq!(trend(&[(1.0, 2.0); 9]).map(|t| t.is_shown()), None);
        assert!(!trend(&series(&[7.0; 12])).unwrap().is_shown());
    }

    #[test]
    fn a_long_series_is_sampled() {
        let points: Vec<(f64, f64)> = (0..3_000).map(|i| (f64::from(i), f64::from(i) * 0.5)).collect();
        let found = trend(&points).unwrap();
        close(found.slope, 0.5);
        assert!(found.is_shown());
    }
}
