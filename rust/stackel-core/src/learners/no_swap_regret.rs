//! `NoSwapRegret(learning_rate, low, high)`: for each arm a copy of exponential weights, which learns what should have been
//! played in its place.
//!
//! After Blum and Mansour (2007). The copies' advice is a matrix, whose stationary law is played: that each copy has little
//! regret then means that no rule "b instead of a" would have gained much.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::{Args, Value};
use super::support::exponential_weights::LEARNING_RATE;
use super::support::reward_range::{self, HIGH, LOW, RewardRange};
use super::support::stationary::stationary;
use super::support::weighted::draw;
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::{exp, ln};
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "NoSwapRegret",
    roles: BOTH,
    summary: "exponential weights for each arm, of which the stationary law is played: no swap of arms would gain much",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some("a unit, which lies in the interval of the arm chosen, as long as its probability"),
    params: &[LEARNING_RATE, LOW, HIGH],
    fill,
    play: every_round!(|args, seat| NoSwapRegret::new(args, seat)),
};

/// The rate is `sqrt(2 ln K / T)` unless one is given.
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let rate = (2.0 * ln(seat.n_arms() as f64) / seat.horizon as f64).sqrt();
    args.fill(LEARNING_RATE.name, Value::Real(rate));
    reward_range::check(args)
}

/// Weights of a copy are computed anew when they sum to less.
const SMALL: f64 = 1e-9;
/// Losses are cut off here.
const LARGEST_LOSS: f64 = 1e300;

struct NoSwapRegret {
    rate: f64,
    range: RewardRange,
    /// Estimated losses, row by row: row i is the copy that is asked in place of arm i.
    losses: Vec<f64>,
    /// `exp(-rate * (loss - base))` of each loss.
    weights: Vec<f64>,
    /// For each copy, what no loss of its is below: the least one when all its weights had last become small.
    bases: Vec<f64>,
    /// The law of the last decision.
    law: Vec<f64>,
    /// One over the probability with which the last arm was chosen.
    rarity: f64,
    /// For the matrix whose stationary law is sought.
    moves: Vec<f64>,
}

impl NoSwapRegret {
    fn new(args: &Args, seat: &Seat) -> Self {
        let n_arms = seat.n_arms();
        Self {
            rate: args.real(LEARNING_RATE.name),
            range: RewardRange::of(args),
            losses: vec![0.0; n_arms * n_arms],
            weights: vec![1.0; n_arms * n_arms],
            bases: vec![0.0; n_arms],
            law: vec![1.0 / n_arms as f64; n_arms],
            rarity: 1.0,
            moves: vec![0.0; n_arms * n_arms],
        }
    }

    fn weigh(&mut self, copy: usize, arm: usize) {
        let cell = copy * self.law.len() + arm;
        self.weights[cell] = exp(-self.rate * (self.losses[cell] - self.bases[copy]));
    }

    /// Sum of a copy's weights, of which one is at least `SMALL / K`.
    fn total(&mut self, copy: usize) -> f64 {
        let n_arms = self.law.len();
        let row = copy * n_arms..(copy + 1) * n_arms;
        let total: f64 = self.weights[row.clone()].iter().sum();
        if total >= SMALL {
            return total;
        }
        let least = |least: f64, &loss: &f64| least.min(loss);
        self.bases[copy] = self.losses[row.clone()].iter().fold(f64::INFINITY, least);
        (0..n_arms).for_each(|arm| self.weigh(copy, arm));
        self.weights[row].iter().sum()
    }
}

impl RoundByRound for NoSwapRegret {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let n_arms = self.law.len();
        for copy in 0..n_arms {
            let share = 1.0 / self.total(copy);
            for cell in copy * n_arms..(copy + 1) * n_arms {
                self.moves[cell] = self.weights[cell] * share;
            }
        }
        stationary(&mut self.moves, &mut self.law);
        let arm = draw(&self.law, 1.0, choice);
        self.rarity = 1.0 / self.law[arm];
        arm
    }

    /// A copy that was followed with probability p takes a share p of the loss.
    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        let loss = self.range.loss(reward.value());
        if loss == 0.0 {
            return;
        }
        let n_arms = self.law.len();
        let estimate = loss * self.rarity;
        for copy in 0..n_arms {
            let total = &mut self.losses[copy * n_arms + arm];
            *total = (*total + self.law[copy] * estimate).min(LARGEST_LOSS);
            self.weigh(copy, arm);
        }
    }

    fn memo(&self) -> f64 {
        self.rarity
    }

    fn recall(&mut self, memo: f64) {
        self.rarity = memo;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        let n_arms = self.law.len();
        for copy in 0..n_arms {
            archive.real(&mut self.bases[copy], LARGEST_LOSS);
            for arm in 0..n_arms {
                let loss = &mut self.losses[copy * n_arms + arm];
                archive.real(loss, LARGEST_LOSS);
                if *loss < self.bases[copy] {
                    archive.refuse("a loss below the least one");
                }
                self.weigh(copy, arm);
            }
            // A game may be kept between a decision and its reward.
            archive.real(&mut self.law[copy], 1.0);
            if self.law[copy] < 0.0 {
                archive.refuse("a negative probability");
            }
        }
        archive.real(&mut self.rarity, f64::INFINITY);
        if self.rarity < 0.0 {
            archive.refuse("a negative probability");
        }
    }
}
