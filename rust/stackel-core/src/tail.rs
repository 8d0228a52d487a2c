//! Tails of the normal law: their probabilities, and numbers drawn from them.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use crate::math::{erfc, exp, ln};
use crate::normal::Ziggurat;
use crate::rng::Stream;

/// Probability that a standard normal number exceeds `z`.
#[inline]
pub(crate) fn tail(z: f64) -> f64 {
    0.5 * erfc(z * FRAC_1_SQRT_2)
}

/// About the number that a standard normal one exceeds with the probability `p`, off by at most 5e-4; 0 for `p` beyond 1/2
/// (Abramowitz and Stegun 1964, 26.2.23).
pub(crate) fn quantile(p: f64) -> f64 {
    if p >= 0.5 {
        return 0.0;
    }
    let t = (-2.0 * ln(p)).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    t - above / below
}

/// The number that a standard normal one exceeds with the probability `p`, from 1e-300 on; 0 for `p` beyond 1/2.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let mut z = quantile(p);
    if p >= 0.5 {
        return z;
    }
    // Newton's method for the logarithm of the tail, which squares a relative error of 5e-4 at most each time.
    for _ in 0..3 {
        let above = tail(z);
        let density = exp(-0.5 * z * z) / TAU.sqrt();
        z += ln(above / p) * above / density;
    }
    z
}

/// A standard normal number, given that it exceeds `z`. Far out it is drawn by an exponential law and rejected (Robert 1995).
pub(crate) fn normal_above(z: f64, choice: &mut Stream) -> f64 {
    if z < 0.4 {
        loop {
            let x = Ziggurat::shared().normal(choice.next_u64());
            if x > z {
                return x;
            }
        }
    }
    let rate = 0.5 * (z + (z * z + 4.0).sqrt());
    loop {
        let x = z - ln(1.0 - choice.unit()) / rate;
        let off = x - rate;
        if ln(1.0 - choice.unit()) <= -0.5 * off * off {
            return x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role};
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn tails_are_those_of_the_normal_law() {
        let law = Normal::standard();
        for z in [-8.0, -1.0, 0.0, 0.3, 1.0, 4.0, 8.0, 20.0] {
            let expected = law.sf(z);
            assert!((tail(z) - expected).abs() <= 1e-9 * expected, "{z}");
            assert!(
                (quantile(tail(z)) - z.max(0.0)).abs() < 5e-4 || z > 10.0,
                "{z}"
            );
        }
    }

    #[test]
    fn numbers_above_a_threshold_follow_their_law() {
        const DRAWS: usize = 200_000;
        for z in [-2.0, 0.0, 0.39, 0.41, 1.5, 5.0, 8.0] {
            let mut choice = Stream::new(13, 0, Role::Leader, Purpose::Choice);
            let mut scores: Vec<f64> = (0..DRAWS)
                .map(|_| tail(normal_above(z, &mut choice)) / tail(z))
                .collect();
            scores.sort_by(f64::total_cmp);
            // Kolmogorov's statistic; P(statistic > 2.5) = 7.5e-6.
            let off = |(i, &x): (usize, &f64)| (x - (i as f64 + 0.5) / DRAWS as f64).abs();
            let distance = scores.iter().enumerate().map(off).fold(0.0, f64::max);
            assert!(distance * (DRAWS as f64).sqrt() < 2.5, "{z}: {distance}");
        }
    }
}
