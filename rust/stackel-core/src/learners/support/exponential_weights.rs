//! Exponential weights: arms are played with probabilities that fall exponentially with what they
//! would have lost.

use crate::archive::Archive;
use crate::decay::Decay;
use crate::error::SpecError;
use crate::learners::schema::{Args, Param, Value};
use crate::learners::support::reward_range::{self, RewardRange};
use crate::learners::support::weighted::draw;
use crate::learners::{RoundByRound, Seat};
use crate::math::ln;
use crate::noise::LARGEST;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(in crate::learners) const LEARNING_RATE: Param =
    Param::resolved_real("learning_rate", 0.0, LARGEST);

/// Weights are computed anew when they sum to less.
const SMALL: f64 = 1e-9;

/// The rate is `sqrt(2 ln K / (T K))` unless one is given.
pub(in crate::learners) fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let (n_arms, horizon) = (seat.n_arms() as f64, seat.horizon as f64);
    let rate = (2.0 * ln(n_arms) / (horizon * n_arms)).sqrt();
    args.fill(LEARNING_RATE.name, Value::Real(rate));
    reward_range::check(args)
}

/// Plays arm i with a probability in proportion to `exp(-rate * loss_i)`, where `loss_i` is an
/// estimate of what the arm would have lost in all rounds: in a round in which it was played with
/// probability p and lost l, `l / (p + bias)`, in all others nothing.
///
/// Losses are taken relative to a number that moves rarely, so that a round takes one exponential.
pub(in crate::learners) struct ExponentialWeights<const BIASED: bool> {
    rate: f64,
    bias: f64,
    range: RewardRange,
    decay: &'static Decay,
    losses: Vec<f64>,
    /// `exp(-rate * (loss - base))` of each arm.
    weights: Vec<f64>,
    /// What no loss is below: the least one when all weights had last become small.
    base: f64,
    /// One over the probability with which the last arm was chosen, bias added.
    rarity: f64,
}

impl<const BIASED: bool> ExponentialWeights<BIASED> {
    /// Reads `learning_rate`, `low` and `high`.
    pub(in crate::learners) fn new(args: &Args, bias: f64, n_arms: usize) -> Self {
        Self {
            rate: args.real("learning_rate"),
            bias,
            range: RewardRange::of(args),
            decay: Decay::shared(),
            losses: vec![0.0; n_arms],
            weights: vec![1.0; n_arms],
            base: 0.0,
            rarity: 1.0,
        }
    }

    #[inline(always)]
    fn weigh(&mut self, arm: usize) {
        let above = self.losses[arm] - self.base;
        self.weights[arm] = self.decay.of(self.rate * above);
    }

    /// Sum of the weights, of which one is at least `SMALL / K`.
    #[inline(always)]
    fn total(&mut self) -> f64 {
        let total: f64 = self.weights.iter().sum();
        if total >= SMALL {
            return total;
        }
        self.base = self.losses.iter().copied().fold(f64::INFINITY, f64::min);
        (0..self.losses.len()).for_each(|arm| self.weigh(arm));
        self.weights.iter().sum()
    }
}

impl<const BIASED: bool> RoundByRound for ExponentialWeights<BIASED> {
    #[inline(always)]
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let total = self.total();
        let chosen = draw(&self.weights, total, choice);
        let biased = if BIASED { self.bias * total } else { 0.0 };
        self.rarity = total / (self.weights[chosen] + biased);
        chosen
    }

    #[inline(always)]
    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.losses[arm] += self.range.loss(reward.value()) * self.rarity;
        self.weigh(arm);
    }

    fn memo(&self) -> f64 {
        self.rarity
    }

    fn recall(&mut self, memo: f64) {
        self.rarity = memo;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.real(&mut self.base, f64::INFINITY);
        for loss in &mut self.losses {
            archive.real(loss, f64::INFINITY);
            if *loss < self.base {
                archive.refuse("a loss below the least one");
            }
        }
        (0..self.losses.len()).for_each(|arm| self.weigh(arm));
        // A game may be kept between a decision and its reward.
        archive.real(&mut self.rarity, f64::INFINITY);
        if self.rarity < 0.0 {
            archive.refuse("a negative probability");
        }
    }
}
