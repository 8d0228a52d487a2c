//! Sums of rewards as random walks: drawn many steps at once, and filled in afterwards.
//!
//! Three facts about a law make leaping possible: the law of a sum of n rewards; given that sum,
//! the law of the sum of the first k of them (a bridge); and a bound on the probability that a
//! bridge dips below a line. Section 5 of the definitions page.

use rand_distr::{Binomial, Distribution, Hypergeometric};

use crate::math::count;
use crate::noise::Noise;
use crate::normal::Ziggurat;
use crate::rng::Stream;

/// Largest probability of a crossing that is taken for none, and minus its logarithm.
pub(crate) const NEGLIGIBLE: f64 = 1e-18;
const LOG_NEGLIGIBLE: f64 = 41.446_531_673_892_82;

/// Longest block of Bernoulli rewards whose middle may have to be drawn.
const LONGEST_BERNOULLI: f64 = (1u64 << 30) as f64;

/// Up to so many rewards that differ from all others are placed one by one.
const FEW: u64 = 32;

/// The random walk that sums of one player's rewards make.
#[derive(Clone, Copy)]
pub(super) enum Walk {
    /// Normal steps; sigma = 0 for deterministic rewards.
    Gaussian { sigma: f64 },
    /// Steps of 0 or 1.
    Bernoulli,
}

impl Walk {
    /// The walk of a law, unless its sums have to be drawn step by step.
    pub(super) fn of(noise: Noise) -> Option<Self> {
        match noise {
            Noise::Gaussian { sigma } => Some(Walk::Gaussian { sigma }),
            Noise::Deterministic => Some(Walk::Gaussian { sigma: 0.0 }),
            Noise::Bernoulli => Some(Walk::Bernoulli),
            Noise::Uniform { .. } => None,
        }
    }

    /// The sum of `n` rewards of the given mean.
    pub(super) fn sum(self, mean: f64, n: u64, stream: &mut Stream) -> f64 {
        match self {
            Walk::Gaussian { sigma } => {
                let steps = n as f64;
                mean * steps + normal(sigma * steps.sqrt(), stream)
            }
            Walk::Bernoulli => {
                let law = Binomial::new(n, mean);
                debug_assert!(law.is_ok(), "probability {mean}");
                law.map_or(0.0, |law| law.sample(stream) as f64)
            }
        }
    }

    /// The sum of the first `k` of `n` rewards whose sum is `sum`.
    pub(super) fn first_part(self, sum: f64, n: u64, k: u64, stream: &mut Stream) -> f64 {
        match self {
            Walk::Gaussian { sigma } => {
                let (all, part) = (n as f64, k as f64);
                let share = part / all;
                sum * share + normal(sigma * (part * (1.0 - share)).sqrt(), stream)
            }
            Walk::Bernoulli => ones_in_first_part(n, count(sum), k, stream) as f64,
        }
    }

    /// Whether a bridge of `n` steps from `start > 0` above a line to `end > 0` above it dips below
    /// the line with a probability under [`NEGLIGIBLE`].
    ///
    /// Gaussian: at most `exp(-2 start end / (n sigma^2))`, the continuous bridge's. Bernoulli: the
    /// steps are sampled without replacement; by the maximal inequality for the martingale of
    /// Serfling (1974) in each half of the bridge, at most `2 exp(-min(start, end)^2 / n)`.
    pub(super) fn stays_above(self, start: f64, end: f64, n: u64) -> bool {
        let n = n as f64;
        match self {
            // Gaps in units of sigma, whose square may be too small for a float.
            Walk::Gaussian { sigma } => {
                start >= 0.0
                    && end >= 0.0
                    && (sigma == 0.0 || 2.0 * (start / sigma) * (end / sigma) >= LOG_NEGLIGIBLE * n)
            }
            Walk::Bernoulli => {
                let gap = start.min(end);
                gap > 0.0 && gap * gap >= (LOG_NEGLIGIBLE + std::f64::consts::LN_2) * n
            }
        }
    }

    /// For how many steps a walk without drift will probably keep so far above a line that
    /// [`Self::stays_above`] can be certain of it.
    pub(super) fn reach(self, gap: f64) -> f64 {
        match self {
            Walk::Gaussian { sigma: 0.0 } => f64::INFINITY,
            Walk::Gaussian { sigma } => (gap / sigma).powi(2) / 24.0,
            // Beyond, rounding inside the hypergeometric sampler would begin to show.
            Walk::Bernoulli => (gap * gap / 50.0).min(LONGEST_BERNOULLI),
        }
    }
}

/// How many of `ones` rewards 1, spread at random over `n` rounds, fall into the first `k`.
fn ones_in_first_part(n: u64, ones: u64, k: u64, stream: &mut Stream) -> u64 {
    // The sampler's set-up takes time of order n where hardly any round differs from the others.
    if ones <= FEW {
        return draw_few(n, ones, k, stream);
    }
    if n - ones <= FEW {
        return k - draw_few(n, n - ones, k, stream);
    }
    let law = Hypergeometric::new(n, ones, k);
    debug_assert!(law.is_ok(), "{ones} of {n}, first {k}");
    law.map_or(0, |law| law.sample(stream))
}

/// Places the marked rounds one by one: each is among the first `k` with the share of places left.
fn draw_few(n: u64, marked: u64, k: u64, stream: &mut Stream) -> u64 {
    (0..marked).fold(0, |inside, placed| {
        let share = (k - inside) as f64 / (n - placed) as f64;
        inside + u64::from(stream.unit() < share)
    })
}

fn normal(scale: f64, stream: &mut Stream) -> f64 {
    if scale == 0.0 {
        0.0
    } else {
        scale * Ziggurat::shared().draw(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role};

    /// Mean and variance of the hypergeometric law, whichever way it is drawn.
    #[test]
    fn ones_fall_evenly_into_both_parts() {
        for (n, ones, k) in [
            (100, 3, 40),
            (100, 97, 40),
            (1000, 400, 500),
            (64, 0, 9),
            (64, 64, 9),
        ] {
            let mut stream = Stream::new(6, 0, Role::Leader, Purpose::Noise);
            let draws = 100_000;
            let values: Vec<f64> = (0..draws)
                .map(|_| ones_in_first_part(n, ones, k, &mut stream) as f64)
                .collect();
            let share = ones as f64 / n as f64;
            let mean = k as f64 * share;
            let variance = mean * (1.0 - share) * (n - k) as f64 / (n - 1) as f64;
            let average = values.iter().sum::<f64>() / f64::from(draws);
            let spread = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(draws);
            // Five standard errors of the mean, and more than that of the variance.
            let tolerance = 5.0 * (variance / f64::from(draws)).sqrt() + 1e-12;
            assert!(
                (average - mean).abs() <= tolerance,
                "{ones} of {n}, first {k}: {average}"
            );
            assert!(
                (spread - variance).abs() <= 0.03 * variance + 1e-12,
                "{ones} of {n}: {spread}"
            );
        }
    }

    #[test]
    fn scales_whose_squares_vanish_are_scales_all_the_same() {
        let walk = Walk::Gaussian { sigma: 1e-200 };
        assert!(!walk.stays_above(1e-200, 1e-200, 1000));
        assert!(walk.stays_above(1e-198, 1e-198, 100));
        assert!((walk.reach(24e-200) - 24.0).abs() < 1e-9);
    }
}
