//! Many tests at once: with twenty of them one comes out by chance.

/// The p-values, adjusted so that the chance of a single false claim among all of them stays what it is for one (Holm,
/// "A simple sequentially rejective multiple test procedure", Scand. J. Statist. 6, 1979). In the order given.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = p.iter().copied().enumerate().collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut adjusted = vec![1.0; p.len()];
    let mut least: f64 = 0.0;
    for (nth, (at, p)) in order.into_iter().enumerate() {
        least = least.max((adjusted.len() - nth) as f64 * p).min(1.0);
        if let Some(place) = adjusted.get_mut(at) {
            *place = least;
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vector: R `p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.5), "holm")`; the same by hand: 4 · 0.01, then the running
    /// maximum of 3 · 0.03 and 2 · 0.04, 5 · 0.005, 1 · 0.5.
    #[test]
    fn the_adjustment_agrees_with_r() {
        let found = holm(&[0.01, 0.04, 0.03, 0.005, 0.5]);
        for (found, expected) in found.into_iter().zip([0.04, 0.09, 0.09, 0.025, 0.5]) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
        assert_eq!(holm(&[0.6, 0.7]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
