//! Families of posterior laws: what leaps have to know of them.

use super::Gaussian;
use crate::beta::Beta;
use crate::learners::{IndexBarrier, Tally};
use crate::math::{MAX_HORIZON, count, exp, ln, ln_1p};
use crate::normal::Ziggurat;
use crate::rng::Stream;
use crate::tail::{normal_above, quantile, tail};

/// Least room of a corridor, in standard deviations of the leading arm's draw.
const ROOM: f64 = 0.4;
/// Least distance of mean and threshold, in standard deviations.
const NEAR: f64 = 0.3;

/// The law of the draws for an arm.
pub(super) trait Law: Copy + Send {
    /// Whether it has a mean and a standard deviation that are of use.
    fn is_proper(&self) -> bool;
    fn mean(&self) -> f64;
    fn scale(&self) -> f64;
    /// Probability that a draw is below a threshold, and that it is above.
    fn below(&self, threshold: f64) -> f64;
    fn above(&self, threshold: f64) -> f64;
    /// A place above the mean that a draw exceeds with about the probability p.
    fn exceeded(&self, p: f64) -> f64;
    /// A place below the mean that a draw falls below with a probability of at most p; of a normal law the one that is given,
    /// which was found for such laws.
    fn undercut(&self, place: f64, p: f64) -> f64;
    /// A draw, on a scale on which draws of all arms can be compared.
    fn draw(&self, choice: &mut Stream) -> f64;
    /// The same, given that it is below a threshold, or above.
    fn draw_below(&self, threshold: f64, choice: &mut Stream) -> f64;
    fn draw_above(&self, threshold: f64, choice: &mut Stream) -> f64;
}

/// What is known of arms before their first rewards, and how that changes.
pub(super) trait Family: Send {
    type Law: Law;

    /// The number of rewards that are known of an arm, those that the prior counts as included.
    fn known(&self, tally: &Tally) -> f64;

    fn law(&self, tally: &Tally) -> Self::Law;

    /// Whether an arm can have these statistics.
    fn is_possible(&self, tally: &Tally) -> bool;

    /// Where a corridor ends at which a draw falls below a threshold with about the probability `wanted`, unless that is nearer
    /// than it should be; and a number of rewards for which it is good.
    fn edge(&self, tally: &Tally, threshold: f64, wanted: f64) -> Option<(f64, u64)>;

    /// The largest probability of such a draw in the corridor, after the first rewards.
    fn falls_at(&self, threshold: f64, edge: f64, first: u64) -> f64;

    /// What the sum of an arm has to clear in the corridor, up to the last reward.
    fn barrier(&self, threshold: f64, edge: f64, last: u64) -> IndexBarrier;
}

/// A normal law.
#[derive(Debug, Clone, Copy)]
pub(super) struct Normal {
    pub(super) mean: f64,
    pub(super) scale: f64,
}

impl Normal {
    fn place(&self, threshold: f64) -> f64 {
        (threshold - self.mean) / self.scale
    }
}

impl Law for Normal {
    fn is_proper(&self) -> bool {
        self.scale.is_normal() && self.mean.is_finite()
    }

    #[inline]
    fn mean(&self) -> f64 {
        self.mean
    }

    #[inline]
    fn scale(&self) -> f64 {
        self.scale
    }

    fn below(&self, threshold: f64) -> f64 {
        tail(-self.place(threshold))
    }

    fn above(&self, threshold: f64) -> f64 {
        tail(self.place(threshold))
    }

    fn exceeded(&self, p: f64) -> f64 {
        self.mean + quantile(p) * self.scale
    }

    fn undercut(&self, place: f64, _p: f64) -> f64 {
        place
    }

    #[inline]
    fn draw(&self, choice: &mut Stream) -> f64 {
        let noise = Ziggurat::shared().normal(choice.next_u64());
        if self.mean.is_infinite() {
            return self.mean;
        }
        self.mean + self.scale * noise
    }

    fn draw_below(&self, threshold: f64, choice: &mut Stream) -> f64 {
        self.mean - self.scale * normal_above(-self.place(threshold), choice)
    }

    fn draw_above(&self, threshold: f64, choice: &mut Stream) -> f64 {
        self.mean + self.scale * normal_above(self.place(threshold), choice)
    }
}

impl Family for Gaussian {
    type Law = Normal;

    fn known(&self, tally: &Tally) -> f64 {
        Gaussian::known(self, tally)
    }

    #[inline]
    fn law(&self, tally: &Tally) -> Normal {
        let [mean, scale] = self.posterior(tally);
        Normal { mean, scale }
    }

    fn is_possible(&self, _tally: &Tally) -> bool {
        true
    }

    /// The edge is a distance between mean and threshold in standard deviations of a draw.
    fn edge(&self, tally: &Tally, threshold: f64, wanted: f64) -> Option<(f64, u64)> {
        let now = -self.law(tally).place(threshold);
        let edge = quantile(wanted).min(now - ROOM);
        // Over so many rounds, a straight line takes at most half of the room.
        let rounds = tally.count as f64 * ((now - edge) / edge).min(1.0);
        (edge >= NEAR).then(|| (edge, count(rounds)))
    }

    fn falls_at(&self, _threshold: f64, edge: f64, _first: u64) -> f64 {
        tail(edge)
    }

    fn barrier(&self, threshold: f64, edge: f64, last: u64) -> IndexBarrier {
        let known = self.weight + last as f64;
        let prior = self.weight * (threshold - (self.mean - self.origin));
        IndexBarrier {
            base: prior + edge * known.sqrt() * self.sigma,
            ..IndexBarrier::new(self.origin + threshold, 0.0)
        }
    }
}

impl Law for Beta {
    fn is_proper(&self) -> bool {
        true
    }

    fn mean(&self) -> f64 {
        Beta::mean(self)
    }

    fn scale(&self) -> f64 {
        Beta::scale(self)
    }

    fn below(&self, threshold: f64) -> f64 {
        Beta::below(*self, threshold)
    }

    fn above(&self, threshold: f64) -> f64 {
        Beta::above(*self, threshold)
    }

    fn exceeded(&self, p: f64) -> f64 {
        1.0 - fallen(self.mirrored(), p)
    }

    fn undercut(&self, _place: f64, p: f64) -> f64 {
        fallen(*self, p)
    }

    fn draw(&self, choice: &mut Stream) -> f64 {
        self.odds(choice)
    }

    fn draw_below(&self, threshold: f64, choice: &mut Stream) -> f64 {
        self.odds_below(threshold, choice)
    }

    fn draw_above(&self, threshold: f64, choice: &mut Stream) -> f64 {
        self.odds_above(threshold, choice)
    }
}

/// A place below the mean that a draw falls below with a probability of at most p, by the bound exp(-n d(mean, place)).
fn fallen(law: Beta, p: f64) -> f64 {
    let (n, mean, needed) = (law.ones + law.zeros, law.mean(), -ln(p));
    last_below(0.0, mean, |place| {
        Coins::divergence(n, mean, place) > needed
    })
}

/// The largest number between two for which something holds, up to rounding; it holds for all smaller ones.
fn last_below(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..30 {
        let middle = f64::midpoint(low, high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A beta prior law, as numbers of ones and zeros.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coins {
    pub(super) ones: f64,
    pub(super) zeros: f64,
}

impl Coins {
    /// `n d(p, c)`, the divergence of a coin that shows 1 with the probability c from n coins with a share p of ones; 0 for p below c.
    fn divergence(n: f64, p: f64, c: f64) -> f64 {
        let step = p - c;
        if step <= 0.0 {
            return 0.0;
        }
        n * (-p * ln_1p(-step / p) - (1.0 - p) * ln_1p(step / (1.0 - p)))
    }
}

impl Family for Coins {
    type Law = Beta;

    fn known(&self, tally: &Tally) -> f64 {
        self.ones + self.zeros + tally.count as f64
    }

    fn law(&self, tally: &Tally) -> Beta {
        let Self { ones, zeros } = *self;
        Beta { ones, zeros }.after(tally.sum, tally.count as f64)
    }

    fn is_possible(&self, tally: &Tally) -> bool {
        (0.0..=tally.count as f64).contains(&tally.sum)
    }

    /// The edge is a share of ones. At a share p of n ones and zeros, a draw is below c with a probability of at most exp(-n d(p, c)).
    fn edge(&self, tally: &Tally, threshold: f64, wanted: f64) -> Option<(f64, u64)> {
        let (law, n) = (self.law(tally), self.known(tally));
        let (mean, scale) = (law.mean(), law.scale());
        let highest = mean - ROOM * scale;
        if !(threshold > 0.0 && threshold < highest && wanted > 0.0) {
            return None;
        }
        let needed = -ln(wanted);
        let edge = last_below(threshold, highest, |share| {
            Self::divergence(n, share, threshold) < needed
        });
        // While the mean is above the edge, more rewards make such a draw less likely.
        Some((edge, MAX_HORIZON))
    }

    fn falls_at(&self, threshold: f64, edge: f64, first: u64) -> f64 {
        let n = self.ones + self.zeros + first as f64;
        exp(-Self::divergence(n, edge, threshold))
    }

    fn barrier(&self, _threshold: f64, edge: f64, _last: u64) -> IndexBarrier {
        IndexBarrier {
            base: edge * (self.ones + self.zeros) - self.ones,
            ..IndexBarrier::new(edge, 0.0)
        }
    }
}
