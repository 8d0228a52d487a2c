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
            // Utilities were checked to be probabilities.
            Walk::Bernoulli => Binomial::new(n, mean).map_or(0.0, |law| law.sample(stream) as f64),
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
            Walk::Bernoulli => {
                Hypergeometric::new(n, count(sum), k).map_or(0.0, |law| law.sample(stream) as f64)
            }
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
            Walk::Gaussian { sigma } => {
                start >= 0.0
                    && end >= 0.0
                    && 2.0 * start * end >= LOG_NEGLIGIBLE * n * sigma * sigma
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
            Walk::Gaussian { sigma } => gap * gap / (24.0 * sigma * sigma),
            // Beyond, rounding inside the hypergeometric sampler would begin to show.
            Walk::Bernoulli => (gap * gap / 50.0).min(LONGEST_BERNOULLI),
        }
    }
}

fn normal(scale: f64, stream: &mut Stream) -> f64 {
    if scale == 0.0 {
        0.0
    } else {
        scale * Ziggurat::shared().draw(stream)
    }
}
