//! Seeded randomness for resampling: the same seed gives the same numbers on every machine, today and next year,
//! which no general-purpose crate promises.

/// xoshiro256++ 1.0, seeded by SplitMix64 (Blackman & Vigna, "Scrambled linear pseudorandom number generators",
/// ACM Trans. Math. Softw. 47, 2021; reference code at <https://prng.di.unimi.it/>).
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut mixer = SplitMix(seed);
        Random { state: [mixer.next(), mixer.next(), mixer.next(), mixer.next()] }
    }

    fn next(&mut self) -> u64 {
        let [s0, s1, s2, s3] = self.state;
        let result = s0.wrapping_add(s3).rotate_left(23).wrapping_add(s0);
        let (s2, s3) = (s2 ^ s0, s3 ^ s1);
        self.state = [s0 ^ s3, s1 ^ s2, s2 ^ (s1 << 17), s3.rotate_left(45)];
        result
    }

    /// Uniform in the open interval (0, 1), 53 bits.
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Uniform in 0..n, without bias (Lemire, "Fast random integer generation in an interval", ACM TOMACS 29, 2019).
    pub fn below(&mut self, n: usize) -> usize {
        let n = n.max(1) as u64;
        loop {
            let product = u128::from(self.next()) * u128::from(n);
            if product as u64 >= n.wrapping_neg() % n {
                return (product >> 64) as usize;
            }
        }
    }

    /// Standard normal (Marsaglia's polar method, SIAM Review 6, 1964).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * (-2.0 * s.ln() / s).sqrt();
            }
        }
    }

    /// Gamma with shape ≥ 1 and scale 1 (Marsaglia & Tsang, ACM Trans. Math. Softw. 26, 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        let d = shape.max(1.0) - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Beta(a, b) with a, b ≥ 1, as a ratio of gammas.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let (x, y) = (self.gamma(a), self.gamma(b));
        x / (x + y)
    }
}

struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference vectors of the authors' C code, as other implementations test against them.
    #[test]
    fn generators_agree_with_the_reference() {
        let mut mixer = SplitMix(0);
        assert_eq!([mixer.next(), mixer.next()], [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4]);
        let mut random = Random { state: [1, 2, 3, 4] };
        let first: Vec<u64> = (0..6).map(|_| random.next()).collect();
        let expected = [
            41_943_041,
            58_720_359,
            3_588_806_011_781_223,
            3_591_011_842_654_386,
            9_228_616_714_210_784_205,
            9_973_669_472_204_895_162,
        ];
        assert_eq!(first, expected);
    }

    #[test]
    fn distributions_have_their_moments() {
        let mut random = Random::new(7);
        let mut mean = |draw: fn(&mut Random) -> f64| (0..20_000).map(|_| draw(&mut random)).sum::<f64>() / 20_000.0;
        for (found, expected) in [
            (mean(Random::unit), 0.5),
            (mean(|r| r.below(3) as f64), 1.0),
            (mean(Random::normal), 0.0),
            (mean(|r| r.normal().powi(2)), 1.0),
            (mean(|r| r.gamma(4.0)), 4.0),
            (mean(|r| r.beta(2.0, 6.0)), 0.25),
        ] {
            assert!((found - expected).abs() < 0.05, "{found} is not near {expected}");
        }
    }
}
