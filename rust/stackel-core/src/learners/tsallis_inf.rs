//! `TsallisINF(low, high)`: probabilities that fall with the square of estimated losses, at a rate that needs no horizon.
//!
//! After Zimmert and Seldin (2021): follow the regularised leader, with the negative Tsallis entropy of power 1/2 as
//! regulariser and losses estimated by importance weighting. Good for adversarial and for stochastic rewards alike.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::Args;
use super::support::reward_range::{self, HIGH, LOW, RewardRange};
use super::support::weighted::{DRAWS, draw};
use crate::archive::Archive;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "TsallisINF",
    roles: BOTH,
    summary: "arms with probabilities that fall with the square of their estimated losses, whatever the horizon",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: DRAWS,
    params: &[LOW, HIGH],
    fill: |args, _seat| reward_range::check(args),
    play: every_round!(|args, seat| TsallisInf::new(args, seat)),
};

/// Newton's method doubles the digits in each step: the next one would change nothing.
const NEAR: f64 = 1e-9;
/// No estimated loss gets there: an arm whose probability is below its inverse is not played.
const LARGEST_LOSS: f64 = 1e100;
/// More steps than it ever takes.
const MOST_STEPS: usize = 100;

/// In its n-th round, arm i has the probability `(z + gap_i / sqrt(n))^-2`, where `gap_i` is what its estimated loss is above
/// the least one, and z makes the sum 1. So `z^-2` is the largest probability, and z is between 1 and `sqrt(K)`.
struct TsallisInf {
    range: RewardRange,
    losses: Vec<f64>,
    played: u64,
    /// The last z, from which the next one is searched.
    z: f64,
    probabilities: Vec<f64>,
    /// One over the probability with which the last arm was chosen.
    rarity: f64,
}

impl TsallisInf {
    fn new(args: &Args, seat: &Seat) -> Self {
        let n_arms = seat.n_arms();
        Self {
            range: RewardRange::of(args),
            losses: vec![0.0; n_arms],
            played: 0,
            z: 1.0,
            probabilities: vec![0.0; n_arms],
            rarity: 1.0,
        }
    }

    /// Writes the probabilities of the next round, and returns their sum: 1, up to rounding.
    fn solve(&mut self) -> f64 {
        let least = self.losses.iter().copied().fold(f64::INFINITY, f64::min);
        let rate = 1.0 / (self.played as f64 + 1.0).sqrt();
        for _ in 0..MOST_STEPS {
            let [sum, cubes] = self.weigh(least, rate);
            // The sum is convex in z: after the first step, z only grows.
            let next = (self.z + (sum - 1.0) / (2.0 * cubes)).max(1.0);
            let is_near = (next - self.z).abs() <= NEAR * next;
            self.z = next;
            if is_near {
                break;
            }
        }
        self.weigh(least, rate)[0]
    }

    /// Writes probabilities with the present z. Returns their sum, and that of their powers 3/2.
    fn weigh(&mut self, least: f64, rate: f64) -> [f64; 2] {
        let (mut sum, mut cubes) = (0.0, 0.0);
        for (probability, loss) in self.probabilities.iter_mut().zip(&self.losses) {
            let root = 1.0 / (self.z + (loss - least) * rate);
            *probability = root * root;
            sum += *probability;
            cubes += *probability * root;
        }
        [sum, cubes]
    }
}

impl RoundByRound for TsallisInf {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let sum = self.solve();
        let arm = draw(&self.probabilities, sum, choice);
        self.rarity = sum / self.probabilities[arm];
        arm
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.losses[arm] += self.range.loss(reward.value()) * self.rarity;
        self.played += 1;
    }

    fn memo(&self) -> f64 {
        self.rarity
    }

    fn recall(&mut self, memo: f64) {
        self.rarity = memo;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        for loss in &mut self.losses {
            archive.real(loss, LARGEST_LOSS);
        }
        archive.count(&mut self.played, MAX_HORIZON);
        archive.real(&mut self.z, LARGEST_LOSS);
        // A game may be kept between a decision and its reward.
        archive.real(&mut self.rarity, LARGEST_LOSS);
        if self.z < 1.0 || self.rarity < 1.0 - NEAR {
            archive.refuse("a probability above 1");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two arms, and many of which all but one have the same loss: z by bisection.
    #[test]
    fn probabilities_solve_their_equation_wherever_the_search_begins() {
        let args = Args::read("TsallisINF", ENTRY.params, Vec::new()).unwrap();
        for n_arms in [1, 2, 3, 50] {
            for gap in [0.0, 1e-9, 0.3, 7.0, 1e3, 1e9, 1e30] {
                for played in [0, 1, 99, 1 << 50] {
                    let rate = 1.0 / (played as f64 + 1.0).sqrt();
                    let others = |z: f64| (n_arms - 1) as f64 / (z + gap * rate).powi(2);
                    let (mut low, mut high) = (1.0, (n_arms as f64).sqrt());
                    for _ in 0..100 {
                        let middle = 0.5 * (low + high);
                        if 1.0 / (middle * middle) + others(middle) > 1.0 {
                            low = middle;
                        } else {
                            high = middle;
                        }
                    }
                    for z in [
                        1.0,
                        low,
                        high,
                        0.5 * (1.0 + (n_arms as f64).sqrt()),
                        1e3,
                        1e100,
                    ] {
                        let mut losses = vec![5.0 + gap; n_arms];
                        losses[0] = 5.0;
                        let gap = losses[n_arms - 1] - losses[0];
                        let mut learner = TsallisInf {
                            range: RewardRange::of(&args),
                            losses,
                            played,
                            z,
                            probabilities: vec![0.0; n_arms],
                            rarity: 1.0,
                        };
                        let sum = learner.solve();
                        let off = (learner.probabilities[0] - low.powi(-2)).abs();
                        assert!((sum - 1.0).abs() < 1e-14, "{n_arms} {gap} {played}: {sum}");
                        assert!(off < 1e-7, "{n_arms} {gap} {played} {z}: {off}");
                    }
                }
            }
        }
    }
}
