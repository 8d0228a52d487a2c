//! How far a sum of rewards may be trusted to stay above a line between two places at which it is known.

use std::f64::consts::{LN_2, SQRT_2};

use crate::noise::Noise;

/// Factor in the length of a block. With 1/2, an end below its mean would not be high enough; with this
/// factor, an end that is an ordinary deviation below its mean still is.
const ROOM: f64 = 0.58;

/// What the lower digits of uniform steps, which are not independent, add at most, in units of their range.
const LOOSE: f64 = 1.0 / 32768.0;

/// The random walk of the sums of rewards, given its ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bridge {
    /// Normal steps; sigma = 0 for sure ones.
    Normal {
        /// Their standard deviation.
        sigma: f64,
    },
    /// Steps in an interval.
    Bounded {
        /// Largest difference of two steps.
        range: f64,
    },
    /// Steps that are mean utilities in a random order, and noise.
    Mixed {
        /// A variance by which they are bounded as if they were normal.
        variance: f64,
        /// What the lower digits of uniform noise add at most.
        loose: f64,
    },
    /// Steps whose sums have no law that is of use.
    Unknown,
}

/// The condition under which a bridge may be trusted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Safety {
    /// The product of the gaps at both ends that is needed for each step.
    need: f64,
    /// Steps that are added.
    extra: f64,
    /// What is taken from each gap.
    loose: f64,
    /// Steps that are likely to be safe, for a gap of 1.
    far: f64,
}

impl Safety {
    fn of(need: f64, extra: f64, loose: f64) -> Self {
        Self {
            need,
            extra,
            loose,
            far: 1.0 / (2.0 * ROOM * need),
        }
    }

    /// Whether a walk from `start` above a line to `end` above it in `n` steps falls below the line in between with a
    /// probability of at most `exp(-certainty)`.
    ///
    /// Normal: at most `exp(-2 start end / (n sigma^2))`, the continuous bridge's. Bounded, with a range of 1: given how often
    /// each value occurs, they are drawn without replacement; by the maximal inequality for an exponential of the martingale of Serfling (1974) in
    /// each half of the bridge, at most `2 exp(-8 start end / (n + 3))`, as if it were normal with
    /// the largest possible variance.
    #[inline]
    pub(super) fn stays_above(&self, start: f64, end: f64, n: f64) -> bool {
        let (start, end) = (start - self.loose, end - self.loose);
        start >= 0.0 && end >= 0.0 && start * end >= self.need * (n + self.extra)
    }

    /// About the largest number of steps for which [`Self::stays_above`] is likely. The walk is `gap` above a line, and
    /// comes down by `fall` a step.
    #[inline]
    pub(super) fn reach(&self, gap: f64, fall: f64) -> f64 {
        if gap.is_nan() || gap <= 0.0 {
            return 0.0;
        }
        let undisturbed = gap * gap * self.far;
        if undisturbed * (2.0 * fall) > gap {
            gap / (2.0 * fall)
        } else {
            undisturbed
        }
    }
}

impl Bridge {
    /// The one of two walks of a kind that has the larger steps.
    pub(crate) fn larger(self, other: Self) -> Self {
        let size = |bridge: Self| match bridge {
            Bridge::Normal { sigma } => sigma,
            Bridge::Unknown => f64::INFINITY,
            Bridge::Bounded { .. } | Bridge::Mixed { .. } => bridge.unit(),
        };
        if size(other) > size(self) {
            other
        } else {
            self
        }
    }

    /// The size of its steps: gaps are compared in this unit, as their squares may be too small for a float.
    fn unit(self) -> f64 {
        match self {
            Bridge::Normal { sigma: 0.0 }
            | Bridge::Mixed { variance: 0.0, .. }
            | Bridge::Unknown => 1.0,
            Bridge::Normal { sigma } => sigma,
            Bridge::Bounded { range } => range,
            Bridge::Mixed { variance, .. } => variance.sqrt(),
        }
    }

    /// Steps of rewards of a law, in units of utility.
    #[inline]
    pub(super) fn of(noise: Noise) -> Self {
        match noise {
            Noise::Gaussian { sigma } => Bridge::Normal { sigma },
            Noise::Deterministic => Bridge::Normal { sigma: 0.0 },
            Noise::Bernoulli => Bridge::Bounded { range: 1.0 },
            Noise::Uniform { half_width } => Bridge::Bounded {
                range: 2.0 * half_width,
            },
            Noise::StudentT { .. } | Noise::Own(_) => Bridge::Unknown,
        }
    }

    /// Normal steps whose standard deviations come in turn, as steps of their mean variance; and the number of such steps by which
    /// the variance is ever ahead or behind.
    pub(super) fn normal_in_turn(sigmas: &[f64]) -> (Self, f64) {
        let largest = sigmas.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let shares = sigmas.iter().map(|sigma| (sigma / largest).powi(2));
        let average = shares.clone().sum::<f64>() / sigmas.len() as f64;
        let sigma = largest * average.sqrt();
        (Bridge::Normal { sigma }, swing(shares, average) / average)
    }

    /// Steps of a player's rewards from actions with mean utilities in a range, which come in a random order.
    pub(super) fn mixed(noise: Noise, range: f64) -> Self {
        let bounded = |range: f64, half_width: f64| Bridge::Mixed {
            variance: 0.25 * range * range,
            loose: 2.0 * half_width * LOOSE,
        };
        match noise {
            Noise::Gaussian { sigma } => Bridge::Mixed {
                variance: sigma * sigma + 0.25 * range * range,
                loose: 0.0,
            },
            Noise::Bernoulli => bounded(1.0, 0.0),
            Noise::Uniform { half_width } => bounded(range + 2.0 * half_width, half_width),
            Noise::Deterministic => bounded(range, 0.0),
            Noise::StudentT { .. } | Noise::Own(_) => Bridge::Unknown,
        }
    }

    /// What is safe of such a walk, in units of its steps.
    fn safety(self, certainty: f64) -> Safety {
        match self {
            Bridge::Normal { sigma: 0.0 } | Bridge::Mixed { variance: 0.0, .. } => {
                Safety::of(0.0, 0.0, 0.0)
            }
            Bridge::Normal { .. } => Safety::of(certainty / 2.0, 0.0, 0.0),
            Bridge::Bounded { .. } => Safety::of((certainty + LN_2) / 8.0, 3.0, LOOSE),
            Bridge::Mixed { loose, .. } => {
                Safety::of(0.5 * (certainty + LN_2), 3.0, loose / self.unit())
            }
            Bridge::Unknown => Safety::of(f64::INFINITY, 0.0, 0.0),
        }
    }

    /// The same for gaps as they are.
    pub(super) fn safety_unscaled(self, certainty: f64) -> Safety {
        let (
            unit,
            Safety {
                need, extra, loose, ..
            },
        ) = (self.unit(), self.safety(certainty));
        Safety::of(need * unit * unit, extra, loose * unit)
    }

    /// See [`Safety::stays_above`].
    #[inline]
    pub(crate) fn stays_above(self, start: f64, end: f64, n: f64, certainty: f64) -> bool {
        let unit = self.unit();
        self.safety(certainty)
            .stays_above(start / unit, end / unit, n)
    }

    /// See [`Safety::reach`].
    #[inline]
    pub(crate) fn reach(self, gap: f64, fall: f64, certainty: f64) -> f64 {
        let unit = self.unit();
        self.safety(certainty).reach(gap / unit, fall / unit)
    }

    /// [`Self::stays_above`] for the difference of two such walks, `n` steps each: twice the variance.
    pub(crate) fn stay_together(self, start: f64, end: f64, n: f64, certainty: f64) -> bool {
        self.stays_above(start / SQRT_2, end / SQRT_2, n, certainty)
    }

    /// [`Self::reach`] for two walks that move apart by `fall` a step.
    pub(crate) fn reach_together(self, gap: f64, fall: f64, certainty: f64) -> f64 {
        self.reach(gap / SQRT_2, fall / SQRT_2, certainty)
    }

    /// Largest distance of the mean path below a chord of it, for rewards that come in turn from cells with
    /// the given means; for bounded steps, which come in whole turns, of their sums.
    pub(crate) fn unevenness(self, means: impl ExactSizeIterator<Item = f64> + Clone) -> f64 {
        let length = means.len() as f64;
        if means.len() == 1 {
            return 0.0;
        }
        let average = means.clone().sum::<f64>() / length;
        // A turn of steps that are not over can fall short by a turn's length; by another one because one cell is
        // ahead of another; and the slope of the chord can differ by as much.
        let turns = match self {
            Bridge::Bounded { range } => 3.0 * length * range,
            Bridge::Normal { .. } | Bridge::Mixed { .. } | Bridge::Unknown => 0.0,
        };
        swing(means, average) + turns
    }
}

/// The largest distance between two sums of what numbers in turn exceed their average by.
fn swing(numbers: impl Iterator<Item = f64>, average: f64) -> f64 {
    let (mut path, mut low, mut high) = (0.0_f64, 0.0_f64, 0.0_f64);
    for number in numbers {
        path += number - average;
        (low, high) = (low.min(path), high.max(path));
    }
    high - low
}
