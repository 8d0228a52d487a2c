//! Sums of rewards as random walks, drawn many steps at once and filled in afterwards.
//!
//! Three facts about a law make leaping possible: the law of a sum of n rewards; given that sum, the law
//! of the sum of the first k rewards (a bridge); and a bound on the probability that a bridge falls below
//! a line. See section 5 of the definitions.

use std::f64::consts::{LN_2, SQRT_2};

use super::sums::{binomial, normal, ones_in_first_part, uniform_sum};
use crate::math::{count, ln};
use crate::noise::Noise;
use crate::rng::Stream;

/// Factor in the length of a block. With 1/2, an end below its mean would not be high enough; with this
/// factor, an end that is an ordinary deviation below its mean still is.
const ROOM: f64 = 0.58;

/// The random walk of the sums of one player's rewards.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    steps: Steps,
    /// Minus the logarithm of the largest probability of a missed crossing that a leap may ignore.
    certainty: f64,
    /// Number of rounds that are stepped where the walk is close to its barrier. Stepping them takes about
    /// as long as filling in a block.
    burst: u64,
    /// Gap below which [`Self::reach`] is less than a burst.
    near: f64,
}

#[derive(Clone, Copy)]
enum Steps {
    /// Normal; sigma = 0 for deterministic rewards.
    Gaussian { sigma: f64 },
    /// 0 or 1.
    Bernoulli,
    /// Uniform around the mean, without bridges.
    Uniform { half_width: f64 },
}

impl Walk {
    /// Length of the longest block of Bernoulli rewards whose middle is likely to be drawn. In longer blocks,
    /// rounding errors inside the hypergeometric sampler would matter.
    pub(super) const LONGEST_TO_HALVE: u64 = 1 << 30;

    /// The walk of a law, if the law of its sums is known. A missed crossing of probability below
    /// the crossing tolerance is ignored.
    pub(super) fn of(noise: Noise, crossing_tolerance: f64) -> Option<Self> {
        let (steps, scale) = match noise {
            Noise::Gaussian { sigma } => (Steps::Gaussian { sigma }, sigma),
            Noise::Deterministic => (Steps::Gaussian { sigma: 0.0 }, 0.0),
            Noise::Bernoulli => (Steps::Bernoulli, 0.5),
            Noise::Uniform { half_width } => (Steps::Uniform { half_width }, half_width),
            Noise::Own(_) => return None,
        };
        let certainty = -ln(crossing_tolerance);
        let burst = match steps {
            Steps::Gaussian { .. } => 32,
            Steps::Bernoulli | Steps::Uniform { .. } => 96,
        };
        Some(Self {
            steps,
            certainty,
            burst,
            near: scale * (ROOM * certainty * burst as f64).sqrt(),
        })
    }

    /// Number of rounds to step close to a barrier.
    #[inline]
    pub(super) fn burst(self) -> u64 {
        self.burst
    }

    /// Whether a gap is so small that stepping is faster.
    #[inline]
    pub(super) fn is_near(self, gap: f64) -> bool {
        gap <= self.near
    }

    /// Whether blocks can be filled in, not only summed up.
    pub(super) fn has_bridges(self) -> bool {
        !matches!(self.steps, Steps::Uniform { .. })
    }

    /// The sum of `n` rewards of the given mean.
    pub(super) fn sum(self, mean: f64, n: u64, stream: &mut Stream) -> f64 {
        match self.steps {
            Steps::Gaussian { sigma } => {
                let steps = n as f64;
                mean * steps + normal(sigma * steps.sqrt(), stream)
            }
            Steps::Bernoulli => binomial(n, mean, stream) as f64,
            Steps::Uniform { half_width } => uniform_sum(mean, half_width, n, stream),
        }
    }

    /// The sum of the first `k` of `n` rewards whose sum is `sum`, for walks with bridges.
    pub(super) fn first_part(self, sum: f64, n: u64, k: u64, stream: &mut Stream) -> f64 {
        match self.steps {
            Steps::Gaussian { sigma } => {
                let (all, part) = (n as f64, k as f64);
                let share = part / all;
                sum * share + normal(sigma * (part * (1.0 - share)).sqrt(), stream)
            }
            Steps::Bernoulli => ones_in_first_part(n, count(sum), k, stream) as f64,
            Steps::Uniform { .. } => {
                debug_assert!(false, "sums of uniform rewards cannot be taken apart");
                f64::NAN
            }
        }
    }

    /// Whether a bridge of `n` steps from `start > 0` above a line to `end > 0` above the line falls below
    /// the line with a probability within the crossing tolerance.
    ///
    /// Gaussian: at most `exp(-2 start end / (n sigma^2))`, the continuous bridge's. Bernoulli: the
    /// steps are sampled without replacement; by the maximal inequality for an exponential of the
    /// martingale of Serfling (1974) in each half of the bridge, at most
    /// `2 exp(-8 start end / (n + 3))`, as if it were Gaussian with the largest possible variance.
    pub(super) fn stays_above(self, start: f64, end: f64, n: u64) -> bool {
        let n = n as f64;
        match self.steps {
            // Gaps in units of sigma, whose square may be too small for a float.
            Steps::Gaussian { sigma } => {
                start >= 0.0
                    && end >= 0.0
                    && (sigma == 0.0 || 2.0 * (start / sigma) * (end / sigma) >= self.certainty * n)
            }
            Steps::Bernoulli => {
                start >= 0.0
                    && end >= 0.0
                    && 8.0 * start * end >= (self.certainty + LN_2) * (n + 3.0)
            }
            Steps::Uniform { .. } => false,
        }
    }

    /// The same for the difference of two such walks, `n` steps each: twice the variance.
    pub(super) fn stay_together(self, start: f64, end: f64, n: u64) -> bool {
        self.stays_above(start / SQRT_2, end / SQRT_2, n)
    }

    /// Whether a walk whose end is not known falls below a line within `n` steps with at most the
    /// probability that the crossing tolerance allows, if its mean path starts `start` above the line
    /// and ends `end` above the line.
    ///
    /// Rewards are sub-Gaussian: `exp(-a W - a^2 v k / 2)` is a supermartingale in k for their
    /// noise W, every `a > 0` and, by Hoeffding's lemma, v a quarter of the square of their range.
    /// Where the walk is below the line it is at least `exp(a start + a k (drift - a v / 2))`, with
    /// `drift = (end - start) / n`, and `a = end / (n v)` or `2 drift / v` makes the most of that.
    pub(super) fn keeps_above(self, start: f64, end: f64, n: f64) -> bool {
        let scale = match self.steps {
            Steps::Gaussian { sigma } => sigma,
            Steps::Bernoulli => 0.5,
            Steps::Uniform { half_width } => half_width,
        };
        if !(start >= 0.0 && end >= 0.0) {
            return false;
        }
        // Gaps in units of the scale, whose square may be too small for a float.
        let (start, end) = (start / scale, end / scale);
        let gain = end - start;
        let certainty = if gain <= start {
            end * end / 2.0
        } else {
            2.0 * gain * start
        };
        scale == 0.0 || certainty >= self.certainty * n
    }

    /// Number of steps, at most `left`, for which [`Self::stays_above`] will probably be true. The walk is
    /// `gap` above a barrier and comes down by `fall` a step.
    pub(super) fn reach(self, gap: f64, fall: f64, left: u64) -> u64 {
        if gap.is_nan() || gap <= 0.0 {
            return 0;
        }
        let certainty = self.certainty;
        let undisturbed = |room: f64| match self.steps {
            Steps::Gaussian { sigma: 0.0 } => f64::INFINITY,
            Steps::Gaussian { sigma } => (gap / sigma).powi(2) / (room * certainty),
            Steps::Bernoulli => 4.0 * gap * gap / (room * (certainty + LN_2)),
            Steps::Uniform { .. } => 0.0,
        };
        let fall = fall.max(0.0);
        let mut steps = undisturbed(ROOM).min(gap / (2.0 * fall));
        if let Steps::Bernoulli = self.steps
            && steps > Self::LONGEST_TO_HALVE as f64
        {
            // With this length, the probability that the block has to be halved is within the
            // tolerance: its end would have to use up the quarter of the gap that is left for drift and, by Hoeffding's inequality
            // exp(-2 (gap / 4)^2 / steps), another quarter.
            let unhalved = undisturbed(32.0).min(gap / (4.0 * fall));
            steps = unhalved.max(Self::LONGEST_TO_HALVE as f64);
        }
        if steps < left as f64 {
            count(steps)
        } else {
            left
        }
    }

    /// Number of events of a probability within the tolerance that an accepted block takes for impossible: that there
    /// was a crossing, and for walks whose long blocks cannot be halved, that the block had to be halved.
    pub(super) fn bounds(self) -> u64 {
        match self.steps {
            Steps::Bernoulli => 2,
            Steps::Gaussian { .. } | Steps::Uniform { .. } => 1,
        }
    }

    /// The same for [`Self::stay_together`], where the walks move apart by `fall` a step.
    pub(super) fn reach_together(self, gap: f64, fall: f64, left: u64) -> u64 {
        self.reach(gap / SQRT_2, fall / SQRT_2, left)
    }

    /// Largest distance of the mean path below a chord of it, for rewards that come in turn from cells with
    /// the given means. For known rewards, largest distance of their sums below a chord.
    pub(super) fn unevenness(self, means: impl ExactSizeIterator<Item = f64> + Clone) -> f64 {
        let length = means.len() as f64;
        if means.len() == 1 {
            return 0.0;
        }
        if let Steps::Bernoulli = self.steps {
            // A turn that is not over can fall short by a turn's length; by another one because one cell
            // is ahead of another; and the slope of the chord can differ by as much.
            return 3.0 * length;
        }
        let average = means.clone().sum::<f64>() / length;
        let (mut path, mut low, mut high) = (0.0_f64, 0.0_f64, 0.0_f64);
        for mean in means {
            path += mean - average;
            (low, high) = (low.min(path), high.max(path));
        }
        high - low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_whose_squares_vanish_are_used_as_scales() {
        let walk = Walk::of(Noise::Gaussian { sigma: 1e-200 }, 1e-18).unwrap();
        assert!(!walk.stays_above(1e-200, 1e-200, 1000));
        assert!(walk.stays_above(1e-198, 1e-198, 100));
        assert!((10..30).contains(&walk.reach(24e-200, 0.0, 1000)));
    }

    /// The probability that a path of `n` steps with `ones` ones, from `start` above a line to `end` above
    /// the line, is ever below the line: by recursion over all paths.
    fn dips(n: usize, ones: usize, [start, end]: [f64; 2]) -> f64 {
        let mut alive = vec![0.0; ones + 2];
        alive[0] = 1.0;
        let mut dipped = 0.0;
        for k in 1..n {
            for s in (0..=ones).rev() {
                let up = |s: usize| ((ones - s) as f64 / (n - k + 1) as f64).min(1.0);
                let from_below = if s == 0 {
                    0.0
                } else {
                    alive[s - 1] * up(s - 1)
                };
                alive[s] = alive[s] * (1.0 - up(s)) + from_below;
            }
            let share = k as f64 / n as f64;
            let line = ones as f64 * share - (start + (end - start) * share);
            for (s, paths) in alive.iter_mut().enumerate() {
                if (s as f64) < line {
                    dipped += std::mem::take(paths);
                }
            }
        }
        dipped
    }

    /// The probability that a walk of `n` fair Bernoulli rewards falls below a line that its mean path
    /// starts `start` above and ends `end` above: by recursion over all paths.
    fn falls(n: usize, [start, end]: [f64; 2]) -> f64 {
        let mut alive = vec![0.0; n + 2];
        alive[0] = 1.0;
        let mut fallen = 0.0;
        for k in 1..=n {
            for s in (1..=k).rev() {
                alive[s] = 0.5 * (alive[s] + alive[s - 1]);
            }
            alive[0] *= 0.5;
            let line = 0.5 * k as f64 - (start + (end - start) * k as f64 / n as f64);
            for (s, paths) in alive.iter_mut().enumerate() {
                if (s as f64) < line {
                    fallen += std::mem::take(paths);
                }
            }
        }
        fallen
    }

    #[test]
    fn walks_fall_below_a_line_as_rarely_as_the_bound_says() {
        for n in [1, 5, 40, 200] {
            for start in [0.3, 1.0, 4.0, 12.0] {
                for end in [0.2, 1.0, 5.0, 12.0, 40.0] {
                    let falls = falls(n, [start, end]);
                    // The value of the bound, by bisection over its logarithm.
                    let keeps = |crossing_tolerance: f64| {
                        Walk::of(Noise::Bernoulli, crossing_tolerance)
                            .unwrap()
                            .keeps_above(start, end, n as f64)
                    };
                    let (mut none, mut sure) = (1e-250_f64, 1.0_f64);
                    for _ in 0..60 {
                        let between = (none * sure).sqrt();
                        if keeps(between) {
                            sure = between;
                        } else {
                            none = between;
                        }
                    }
                    assert!(falls <= sure, "{n}, {start} to {end}: {falls} > {sure}");
                }
            }
        }
    }

    #[test]
    fn dips_of_bernoulli_bridges_are_as_rare_as_the_bound_says() {
        for n in [2, 3, 5, 20, 101] {
            for ones in [1, n / 3, n / 2, n - 1] {
                for start in [0.3, 1.0, 3.0, 8.0] {
                    for end in [0.5, 2.0, 4.0, 9.0] {
                        let dips = dips(n, ones, [start, end]);
                        let certainty = 2.0 * (-8.0 * start * end / (n + 3) as f64).exp();
                        assert!(dips <= certainty, "{ones} of {n}, {start} to {end}: {dips}");
                        // The bridge is safe exactly where its bound is within the tolerance.
                        let walk = |crossing_tolerance| {
                            Walk::of(Noise::Bernoulli, crossing_tolerance).unwrap()
                        };
                        let safe =
                            |factor| walk(certainty * factor).stays_above(start, end, n as u64);
                        assert!(safe(1.001) && !safe(0.999));
                    }
                }
            }
        }
    }
}
