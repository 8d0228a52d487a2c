//! `DiscountedUCB(discount, sigma, confidence)`: upper confidence bounds from rewards that count the less
//! the older they are.
//!
//! After Garivier and Moulines (2011) and Kocsis and Szepesvári (2006); the former's rewards in [0, B]
//! have sigma = B/2, and their xi is half the confidence. Every round is decided anew, for in every
//! round all arms are forgotten a little.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::{Args, Param, Value};
use super::support::index::width;
use super::support::tally::LARGEST_SUM;
use super::support::ties::Ties;
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::ln;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

const DISCOUNT: Param = Param::resolved_real("discount", 0.0, 1.0);

pub(super) const ENTRY: Entry = Entry {
    name: "DiscountedUCB",
    roles: BOTH,
    summary: "largest mean + radius of rewards that count the less the older they are",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[DISCOUNT, Param::SIGMA, Param::CONFIDENCE, Ties::PARAM],
    fill,
    play: every_round!(|args, seat| DiscountedUcb::new(args, seat)),
};

/// `1 - 1 / (4 sqrt(T))`: what the authors advise where rewards in [0, 1] change once.
#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let advised = 1.0 - 0.25 / (seat.horizon as f64).sqrt();
    args.fill(DISCOUNT.name, Value::Real(advised));
    Ok(())
}

/// Arms that are worked on together.
const LANES: usize = 4;
/// Totals that differ by less than this share of them have widths that differ by less, if they are at least `LOGARITHMIC`: the width is
/// in proportion to the square root of a logarithm, which is at least 1.
const NEAR: f64 = 1e-6;
const LOGARITHMIC: f64 = 3.0;
/// More than twice what the difference of two indices changes by that, as a share of the larger radius, and by rounding, as a share of
/// the indices.
const DOUBT: f64 = 8.0 * NEAR;
const ROUNDING: f64 = 1e-12;

/// What is left of the rewards of some arms.
#[derive(Clone, Copy)]
struct Discounted {
    /// What they count for all together: 1 for a reward that has just come.
    weights: [f64; LANES],
    /// Their weighted mean, which does not change as they grow old together.
    means: [f64; LANES],
    /// Their weighted sum when the last one came. Without a discount, sums of coins are exact in whatever order they come.
    sums: [f64; LANES],
}

impl Discounted {
    /// Arms without rewards. What fills the last lanes has infinite weight, and so no radius.
    fn all(n_arms: usize) -> Vec<Self> {
        let arms = |first| Self {
            weights: std::array::from_fn(|lane| {
                if first + lane < n_arms {
                    0.0
                } else {
                    f64::INFINITY
                }
            }),
            means: [0.0; LANES],
            sums: [0.0; LANES],
        };
        (0..n_arms).step_by(LANES).map(arms).collect()
    }

    fn add(&mut self, lane: usize, reward: f64, discounts: bool) {
        let old = if discounts {
            self.means[lane] * self.weights[lane]
        } else {
            self.sums[lane]
        };
        self.sums[lane] = old + reward;
        self.weights[lane] += 1.0;
        self.means[lane] = self.sums[lane] / self.weights[lane];
    }

    /// Writes the indices: infinite where nothing is left, not even of the first reward. Returns the largest radius.
    #[inline]
    fn write_indices(&self, width: f64, indices: &mut [f64; LANES]) -> f64 {
        let (mut radii, numerator) = ([0.0; LANES], 2.0 * width);
        for lane in 0..LANES {
            let weight = self.weights[lane];
            radii[lane] = if weight == 0.0 {
                f64::INFINITY
            } else {
                numerator / weight.sqrt()
            };
            indices[lane] = self.means[lane] + radii[lane];
        }
        larger(larger(radii[0], radii[1]), larger(radii[2], radii[3]))
    }
}

/// The larger of two numbers, of which neither is NaN: for those, `f64::max` has more to do.
#[inline(always)]
fn larger(x: f64, y: f64) -> f64 {
    if x > y { x } else { y }
}

struct DiscountedUcb {
    discount: f64,
    sigma: f64,
    confidence: f64,
    ties: Ties,
    n_arms: usize,
    arms: Vec<Discounted>,
    indices: Vec<[f64; LANES]>,
    /// A total of the weights, and the width for it.
    width: (f64, f64),
}

impl DiscountedUcb {
    fn new(args: &Args, seat: &Seat) -> Self {
        let n_arms = seat.n_arms();
        Self {
            discount: args.real(DISCOUNT.name),
            sigma: args.real("sigma"),
            confidence: args.real("confidence"),
            ties: Ties::of(args),
            n_arms,
            arms: Discounted::all(n_arms),
            indices: vec![[0.0; LANES]; n_arms.div_ceil(LANES)],
            width: (0.0, 0.0),
        }
    }

    fn write_indices(&mut self) -> f64 {
        let width = self.width.1;
        let all = self.arms.iter().zip(&mut self.indices);
        all.fold(0.0, |largest: f64, (arms, indices)| {
            larger(largest, arms.write_indices(width, indices))
        })
    }

    /// The arm with the largest index, if that is no less certain with the width of the last total than with that of this one.
    fn clear_winner(&mut self, total: f64) -> Option<usize> {
        let (known, _) = self.width;
        if known < LOGARITHMIC || (total - known).abs() > NEAR * known {
            return None;
        }
        let radius = self.write_indices();
        let (mut chosen, mut best, mut second) = (0, f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (arm, &index) in self.indices.as_flattened()[..self.n_arms]
            .iter()
            .enumerate()
        {
            if index > best {
                (chosen, best, second) = (arm, index, best);
            } else {
                second = larger(second, index);
            }
        }
        let doubt = DOUBT * radius + ROUNDING * (best.abs() + second.abs());
        (best - second > doubt).then_some(chosen)
    }
}

impl RoundByRound for DiscountedUcb {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let weights = self.arms.iter().flat_map(|arms| arms.weights);
        let total: f64 = weights.take(self.n_arms).sum();
        if let Some(arm) = self.clear_winner(total) {
            return arm;
        }
        let log = ln(total.max(1.0));
        self.width = (total, width(self.sigma, self.confidence, log));
        self.write_indices();
        let indices = &self.indices.as_flattened()[..self.n_arms];
        self.ties.pick(indices.iter().copied(), choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        for arms in &mut self.arms {
            for weight in &mut arms.weights {
                *weight *= self.discount;
            }
        }
        self.arms[arm / LANES].add(arm % LANES, reward.value(), self.discount < 1.0);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        for arm in 0..self.n_arms {
            let (arms, lane) = (&mut self.arms[arm / LANES], arm % LANES);
            archive.real(&mut arms.weights[lane], MAX_HORIZON as f64);
            archive.real(&mut arms.sums[lane], LARGEST_SUM);
            archive.real(&mut arms.means[lane], LARGEST_SUM);
            if arms.weights[lane] < 0.0 {
                archive.refuse("a negative weight");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::support::tally::argmax;
    use crate::rng::{Purpose, Role};

    /// The definition, arm by arm, with a logarithm in every round.
    struct Plain {
        /// Weight, and mean of the rewards.
        arms: Vec<[f64; 2]>,
        discount: f64,
    }

    impl Plain {
        fn choose(&self) -> usize {
            let total: f64 = self.arms.iter().map(|arm| arm[0]).sum();
            let width = width(0.5, 1.0, ln(total.max(1.0)));
            let index = |&[weight, mean]: &[f64; 2]| {
                if weight == 0.0 {
                    return f64::INFINITY;
                }
                mean + 2.0 * width / weight.sqrt()
            };
            argmax(self.arms.iter().map(index))
        }

        fn observe(&mut self, arm: usize, reward: f64) {
            for arm in &mut self.arms {
                arm[0] *= self.discount;
            }
            let [weight, mean] = &mut self.arms[arm];
            let sum = *mean * *weight + reward;
            *weight += 1.0;
            *mean = sum / *weight;
        }
    }

    #[test]
    fn a_width_that_is_kept_changes_no_choice() {
        let mut stream = Stream::new(7, 0, Role::Leader, Purpose::Choice);
        let mut kept = 0_u32;
        for (n_arms, discount) in [(2, 0.99), (4, 0.999), (5, 0.99), (9, 0.9999), (3, 1e-3)] {
            for apart in [0.0, 1e-9, 0.3] {
                let mut learner = DiscountedUcb {
                    discount,
                    sigma: 0.5,
                    confidence: 1.0,
                    ties: Ties::Lowest,
                    n_arms,
                    arms: Discounted::all(n_arms),
                    indices: vec![[0.0; LANES]; n_arms.div_ceil(LANES)],
                    width: (0.0, 0.0),
                };
                let arms = vec![[0.0; 2]; n_arms];
                let mut plain = Plain { arms, discount };
                for _ in 0..50_000 {
                    let before = learner.width.0;
                    let arm = learner.choose(&mut stream);
                    kept += u32::from(learner.width.0 == before);
                    assert_eq!(arm, plain.choose(), "{n_arms} {discount} {apart}");
                    // Few values, so that indices tie.
                    let reward = stream.below(3) as f64 + apart * arm as f64;
                    learner.observe(arm, arm, &reward.into());
                    plain.observe(arm, reward);
                }
            }
        }
        assert!(kept > 300_000, "{kept}");
    }
}
