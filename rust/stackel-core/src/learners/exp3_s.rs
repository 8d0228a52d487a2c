//! `EXP3S(gamma, alpha, low, high, first)`: exponential weights that share a little with all arms, to follow a best arm that changes.
//!
//! After Auer, Cesa-Bianchi, Freund and Schapire (2002, section 8).

use std::f64::consts::E;

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::{Args, Param, Value};
use super::support::first::First;
use super::support::reward_range::{self, HIGH, LOW, RewardRange};
use super::support::weighted::draw;
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::{exp, ln};
use crate::rewards::Rewards;
use crate::rng::Stream;

/// Weights are divided by their sum when it is larger.
const LARGE: f64 = 1e100;
/// Least share: no weight gets lost beside a sum of `LARGE`.
const LEAST_SHARE: f64 = 1e-100;

const GAMMA: Param = Param::resolved_real("gamma", 0.0, 1.0);
const ALPHA: Param = Param::resolved_real("alpha", LEAST_SHARE, 1.0);
/// The first rounds are played by the weights, or are one of each arm.
const FIRST: Param = Param::choice("first", &["weights", "index", "random"], "weights");

pub(super) const ENTRY: Entry = Entry {
    name: "EXP3S",
    roles: BOTH,
    summary: "exponential weights that share with all arms, to follow a best arm that changes",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some(
        "a unit, which lies in the interval of the arm chosen, as long as its probability; where arms are tried first, only their order is drawn, in the first round, if it is random",
    ),
    params: &[GAMMA, ALPHA, LOW, HIGH, FIRST],
    fill,
    play: every_round!(|args, seat| Exp3S::new(args, seat)),
};

/// As in corollary 8.2 of the paper, which does not know how often the best arm changes.
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let (n_arms, horizon) = (seat.n_arms() as f64, seat.horizon as f64);
    let gamma = (n_arms * ln(n_arms * horizon) / horizon).sqrt().min(1.0);
    args.fill(GAMMA.name, Value::Real(gamma));
    args.fill(ALPHA.name, Value::Real(1.0 / horizon));
    reward_range::check(args)
}

/// Arm i is played with probability `p_i = (1 - gamma) w_i / W + gamma / K`, where W is the sum of the weights w.
/// After a gain of x, the weight of the arm is multiplied by `exp(gamma x / (K p_i))`; and all get `e alpha W / K` more.
/// An arm that is tried first is weighed by the same probability.
struct Exp3S {
    gamma: f64,
    alpha: f64,
    range: RewardRange,
    weights: Vec<f64>,
    probabilities: Vec<f64>,
    /// One over the probability of the last arm that was chosen.
    rarity: f64,
    /// The order in which arms are tried first, if they are.
    first: Option<First>,
    /// Arms without rewards, in that order; none before the first round.
    untried: Option<Vec<usize>>,
}

impl Exp3S {
    fn new(args: &Args, seat: &Seat) -> Self {
        let n_arms = seat.n_arms();
        Self {
            gamma: args.real(GAMMA.name),
            alpha: args.real(ALPHA.name),
            range: RewardRange::of(args),
            weights: vec![1.0; n_arms],
            probabilities: vec![0.0; n_arms],
            rarity: 1.0,
            first: (args.text(FIRST.name) != "weights").then(|| First::of(args)),
            untried: None,
        }
    }

    /// The arm to try next, if arms are tried first.
    fn next_untried(&mut self, choice: &mut Stream) -> Option<usize> {
        let (first, n_arms) = (self.first?, self.weights.len());
        let arms = self
            .untried
            .get_or_insert_with(|| first.order(n_arms, choice));
        arms.first().copied()
    }
}

impl RoundByRound for Exp3S {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let total: f64 = self.weights.iter().sum();
        let share = (1.0 - self.gamma) / total;
        let explored = self.gamma / self.weights.len() as f64;
        for (probability, weight) in self.probabilities.iter_mut().zip(&self.weights) {
            *probability = share * weight + explored;
        }
        let arm = match self.next_untried(choice) {
            Some(arm) => arm,
            None => draw(&self.probabilities, 1.0, choice),
        };
        self.rarity = 1.0 / self.probabilities[arm];
        arm
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        if let Some(arms) = &mut self.untried {
            arms.retain(|&untried| untried != arm);
        }
        let n_arms = self.weights.len() as f64;
        let total: f64 = self.weights.iter().sum();
        let gain = 1.0 - self.range.loss(reward.value());
        self.weights[arm] *= exp(self.gamma * gain * self.rarity / n_arms);
        let shared = E * self.alpha / n_arms * total;
        let scale = if total > LARGE { 1.0 / total } else { 1.0 };
        for weight in &mut self.weights {
            *weight = (*weight + shared) * scale;
        }
    }

    fn memo(&self) -> f64 {
        self.rarity
    }

    fn recall(&mut self, memo: f64) {
        self.rarity = memo;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        for weight in &mut self.weights {
            archive.real(weight, LARGE * LARGE);
            if *weight <= 0.0 {
                archive.refuse("a weight that is not above 0");
            }
        }
        // A game may be kept between a decision and its reward.
        archive.real(&mut self.rarity, LARGE * LARGE);
        if self.rarity * self.gamma > 2.0 * self.weights.len() as f64 || self.rarity < 0.5 {
            archive.refuse("a probability that no arm has");
        }
        if self.first.is_some() {
            exchange_untried(&mut self.untried, self.weights.len(), archive);
        }
    }
}

fn exchange_untried(untried: &mut Option<Vec<usize>>, n_arms: usize, archive: &mut Archive) {
    let mut begun = untried.is_some();
    archive.flag(&mut begun);
    if !begun {
        return;
    }
    let arms = untried.get_or_insert_default();
    let mut count = arms.len();
    archive.length(&mut count);
    arms.resize(count, 0);
    for arm in arms {
        archive.index(arm, n_arms);
    }
}
