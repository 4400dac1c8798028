//! How often? Counts with exact intervals, and whether two rates differ.

use super::Interval;
use super::special::{beta_cdf, beta_quantile, gamma_quantile};

/// The exact 95 % interval of a Poisson mean after `count` events (Garwood, Biometrika 28, 1936).
///
/// It says how far a count may be from the rate behind it, provided that incidents come independently of each other;
/// where they come in bursts the truth is wider.
pub fn poisson_interval(count: u64) -> Interval {
    let x = count as f64;
    let low = if count == 0 { 0.0 } else { gamma_quantile(x, 0.025) };
    Interval { low, high: gamma_quantile(x + 1.0, 0.975) }
}

/// How one rate relates to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    /// New rate over old rate; `None` when there was nothing before.
    pub ratio: Option<f64>,
    /// 95 %; the upper end is infinite when there was nothing before.
    pub interval: Interval,
    /// The chance of counts at least this uneven if the rate had not changed.
    pub p: f64,
}

/// Compares the rates of two Poisson processes: given the total, the new count is binomial (Przyborowski & Wilenski,
/// Biometrika 31, 1940); interval by Clopper & Pearson (Biometrika 26, 1934), p doubled from the smaller tail.
/// Exposures are lengths of time in the same unit, above 0. `None` when nothing happened at all.
pub fn rate_ratio(new: u64, new_exposure: f64, old: u64, old_exposure: f64) -> Option<RateRatio> {
    let total = new + old;
    if total == 0 || new_exposure <= 0.0 || old_exposure <= 0.0 {
        return None;
    }
    let (x, n) = (new as f64, total as f64);
    let low = if new == 0 { 0.0 } else { beta_quantile(x, n - x + 1.0, 0.025) };
    let high = if old == 0 { 1.0 } else { beta_quantile(x + 1.0, n - x, 0.975) };
    let scale = old_exposure / new_exposure;
    let odds = |share: f64| if share >= 1.0 { f64::INFINITY } else { share / (1.0 - share) * scale };
    let share = new_exposure / (new_exposure + old_exposure);
    let at_most = if old == 0 { 1.0 } else { beta_cdf(n - x, x + 1.0, 1.0 - share) };
    let at_least = if new == 0 { 1.0 } else { beta_cdf(x, n - x + 1.0, share) };
    Some(RateRatio {
        ratio: (old > 0).then(|| x / old as f64 * scale),
        interval: Interval { low: odds(low), high: odds(high) },
        p: (2.0 * at_most.min(at_least)).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-6 * expected.abs().max(1e-3), "{found} is not {expected}");
    }

    /// Published vectors: 23 events in 5.25 (statpsych `ci.poisson`: 4.381, 2.777 to 6.574); no event (epitools
    /// `pois.exact`: upper end 3.689). The rest: scipy `chi2.ppf(.025, 2x)/2`, `chi2.ppf(.975, 2x+2)/2`.
    #[test]
    fn counts_get_exact_intervals() {
        let i = poisson_interval(23);
        let digits = |x: f64| format!("{:.3}", x / 5.25);
        assert_eq!([digits(23.0), digits(i.low), digits(i.high)], ["4.381", "2.777", "6.574"]);
        assert_eq!(format!("{:.3}", poisson_interval(0).high), "3.689");
        assert_eq!(poisson_interval(0).low, 0.0);
        for (count, low, high) in [
            (1, 0.0253178079843, 5.57164339094),
            (7, 2.81436305152, 14.4226753617),
            (100, 81.3639912509, 121.626793792),
            (5000, 4862.35918869, 5140.54894854),
        ] {
            close(poisson_interval(count).low, low);
            close(poisson_interval(count).high, high);
        }
    }

    /// Vectors: `b = scipy.stats.binomtest(new, new + old, t1 / (t1 + t2))`, `b.proportion_ci(0.95, 'exact')` as odds
    /// times t2 / t1; p = min(1, 2 min(binom.cdf(new, n, share), binom.sf(new - 1, n, share))).
    #[test]
    fn rates_are_compared_exactly() {
        for (new, t1, old, t2, ratio, low, high, p) in [
            (12, 91.0, 20, 90.0, 0.593406593407, 0.264488866057, 1.27457372144, 0.203932710459),
            (3, 92.0, 11, 91.0, 0.26976284585, 0.0483238833571, 1.0211978938, 0.0547527803811),
            (40, 365.0, 38, 366.0, 1.05551550108, 0.659960327914, 1.69075182187, 0.900344254985),
            (0, 91.0, 6, 91.0, 0.0, 0.0, 0.849311194297, 0.03125),
        ] {
            let r = rate_ratio(new, t1, old, t2).unwrap();
            close(r.ratio.unwrap(), ratio);
            close(r.interval.low, low);
            close(r.interval.high, high);
            close(r.p, p);
        }
        assert_eq!(rate_ratio(0, 1.0, 0, 1.0), None);
        let first = rate_ratio(3, 91.0, 0, 90.0).unwrap();
        assert_eq!((first.ratio, first.interval.high), (None, f64::INFINITY));
    }
}
