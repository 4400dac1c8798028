//! How likely is a difference this large when nothing has changed? Labels reshuffled between two samples.

use super::compare::{RESAMPLED_MAX, variance};
use super::random::Random;
use super::special::normal_two_sided;
use super::summary::{SEED, mean};

/// Shuffles where not every arrangement can be looked at.
pub const SHUFFLES: usize = 4_999;

/// Up to this many arrangements, all are looked at and the answer is exact.
const ARRANGEMENTS_MAX: f64 = 20_000.0;

/// The share of arrangements of the labels "new" and "old" whose means are at least as far apart as those observed
/// (Pitman, J. R. Stat. Soc. Suppl. 4, 1937): of all arrangements where they are few, else of seeded random ones, the
/// observed one counted among them (Phipson & Smyth, Stat. Appl. Genet. Mol. Biol. 9, 2010). For large samples the
/// normal distribution that both converge to.
pub fn two_sided(new: &[f64], old: &[f64]) -> f64 {
    let all: Vec<f64> = new.iter().chain(old).copied().collect();
    let Some(observed) = mean(new).zip(mean(old)).map(|(n, o)| (n - o).abs()) else { return 1.0 };
    if new.len() > RESAMPLED_MAX || old.len() > RESAMPLED_MAX {
        let error = (variance(new) / new.len() as f64 + variance(old) / old.len() as f64).sqrt();
        return if error > 0.0 { normal_two_sided(observed / error) } else { 1.0 };
    }
    // Sums compared with a little slack, since equal ones may differ in the last digit by the order of adding.
    let limit = observed - 1e-9 * observed.max(1.0);
    let total: f64 = all.iter().sum();
    let (n, rest) = (new.len() as f64, old.len() as f64);
    let is_as_far = |sum: f64| (sum / n - (total - sum) / rest).abs() >= limit;
    if arrangements(all.len(), new.len()) <= ARRANGEMENTS_MAX {
        let (mut far, mut count) = (0usize, 0usize);
        each_sum(&all, new.len(), 0.0, &mut |sum| {
            count += 1;
            far += usize::from(is_as_far(sum));
        });
        return far as f64 / count.max(1) as f64;
    }
    let mut random = Random::new(SEED);
    let mut labels = all;
    let mut far = 0usize;
    for _ in 0..SHUFFLES {
        // The first places of a Fisher–Yates shuffle are a random subset.
        let mut sum = 0.0;
        for place in 0..new.len() {
            let other = place + random.below(labels.len() - place);
            labels.swap(place, other);
            sum += labels.get(place).copied().unwrap_or_default();
        }
        far += usize::from(is_as_far(sum));
    }
    (far + 1) as f64 / (SHUFFLES + 1) as f64
}

/// Ways to choose k of n.
fn arrangements(n: usize, k: usize) -> f64 {
    let k = k.min(n - k);
    (0..k).fold(1.0, |ways, i| ways * (n - i) as f64 / (i + 1) as f64)
}

/// Calls back with the sum of every choice of k values.
fn each_sum(values: &[f64], k: usize, sum: f64, found: &mut impl FnMut(f64)) {
    if k == 0 {
        return found(sum);
    }
    for (i, value) in values.iter().enumerate() {
        let Some(rest) = values.get(i + 1..).filter(|rest| rest.len() + 1 >= k) else { return };
        each_sum(rest, k - 1, sum + value, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [f64; 7] = [12.0, 25.0, 31.0, 44.0, 58.0, 61.0, 90.0];
    const B: [f64; 6] = [40.0, 75.0, 110.0, 180.0, 240.0, 600.0];

    fn logs(values: &[f64]) -> Vec<f64> {
        values.iter().map(|v| v.ln()).collect()
    }

    /// Vector: `scipy.stats.permutation_test((np.log(A), np.log(B)), lambda x, y: abs(np.mean(x) - np.mean(y)),
    /// alternative='greater', n_resamples=np.inf).pvalue`.
    #[test]
    fn few_values_are_arranged_in_every_way() {
        assert_eq!(arrangements(13, 7), 1_716.0);
        let exact = two_sided(&logs(&A), &logs(&B));
        assert!((exact - 0.012_820_512_820_512_82).abs() < 1e-9, "{exact}");
        assert_eq!(two_sided(&logs(&A), &logs(&B)), two_sided(&logs(&B), &logs(&A)));
        assert_eq!(two_sided(&[1.0; 5], &[1.0; 5]), 1.0);
    }

    /// The same call for `x = log(i**2)`, `i = 1..25`, and `y = log(i**2 + 70.5)`, `i = 1..30`, with
    /// `n_resamples=1_000_000, rng=1`; the shuffles here have a standard error of 0.001.
    #[test]
    fn many_values_are_shuffled() {
        let x: Vec<f64> = (1..=25).map(|i| f64::from(i * i).ln()).collect();
        let y: Vec<f64> = (1..=30).map(|i| (f64::from(i * i) + 70.5).ln()).collect();
        let found = two_sided(&x, &y);
        assert!((found - 0.004213).abs() < 0.004, "{found}");
    }
}
