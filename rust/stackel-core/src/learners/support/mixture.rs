//! Arms drawn at random, the same law in every round, of which any number of rounds can be counted at once.
//!
//! Rounds are cut into blocks. The numbers of each arm in the first n blocks come from a table of coins: the coins of arm 0 are
//! tossed in all rounds, those of arm 1 in the rounds that are left, and so on. Within a block, the arms are put into an
//! order at random. So what is drawn in a round does not depend on how many rounds are counted at once.

use crate::archive::Archive;
use crate::game::Game;
use crate::noise::Noise;
use crate::record::MAX_HORIZON;
use crate::rewards::Table;
use crate::rng::{Choices, Role, Stream};

/// Rounds of a block.
const BLOCK: u64 = 64;
const BLOCK_SIZE: usize = 64;

/// Arms that have the same probabilities in every round.
pub struct Mixture {
    /// Probability of each arm but the last, where it is none of those before.
    chances: Vec<f64>,
    /// The numbers that everything is drawn by.
    seed: [u64; 2],
    /// Whether an arm is that of a coin, of those rounds that are left by the arms before it.
    coins: Table,
    /// What the order within each block is drawn by.
    orders: Stream,
    /// Rounds that have been drawn.
    place: u64,
    /// The number of the block in memory, the numbers of each arm before and after it, and its arms.
    block: u64,
    before: Vec<u64>,
    after: Vec<u64>,
    arms: Vec<usize>,
    /// A place and the numbers of each arm before it.
    at_place: (u64, Vec<u64>),
}

impl Mixture {
    /// At least two arms, with probabilities in proportion to their weights, of which one at least is above 0.
    pub(in crate::learners) fn new(weights: &[f64], choice: &mut Stream) -> Self {
        let mut left = 0.0;
        let chance = |&weight: &f64| {
            left += weight;
            if weight > 0.0 { weight / left } else { 0.0 }
        };
        let mut chances: Vec<f64> = weights.iter().rev().map(chance).collect();
        chances.reverse();
        chances.truncate(weights.len() - 1);
        Self::of(chances, [choice.next_u64(), choice.next_u64()])
    }

    fn of(chances: Vec<f64>, seed: [u64; 2]) -> Self {
        let noise = [Noise::Bernoulli; 2];
        let n_arms = chances.len() + 1;
        let game = Game::new(1, n_arms - 1, chances.clone(), chances.clone(), noise);
        let game = game.unwrap_or_else(|error| unreachable!("chances of coins: {error}"));
        Self {
            chances,
            seed,
            coins: Table::new(&game, Role::Leader, seed[0], seed[1]),
            orders: Choices::new(seed[0], seed[1], Role::Leader, 1).stream(0),
            place: 0,
            block: u64::MAX - 1,
            before: Vec::new(),
            after: Vec::new(),
            arms: Vec::new(),
            at_place: (0, vec![0; n_arms]),
        }
    }

    /// Numbers of each arm in the first rounds, of whole blocks.
    fn in_blocks(&mut self, blocks: u64) -> Vec<u64> {
        let mut left = blocks * BLOCK;
        let coins = 0..self.chances.len();
        let mut counts: Vec<u64> = coins
            .map(|arm| {
                let ones = self.coins.rewards(arm, 0, left).ones();
                left -= ones;
                ones
            })
            .collect();
        counts.push(left);
        counts
    }

    /// Reads a block.
    fn turn_to(&mut self, block: u64) {
        if self.block == block {
            return;
        }
        self.before = if block == self.block.wrapping_add(1) {
            std::mem::take(&mut self.after)
        } else {
            self.in_blocks(block)
        };
        self.after = self.in_blocks(block + 1);
        let mut left = self.after.clone();
        for (left, before) in left.iter_mut().zip(&self.before) {
            *left -= before;
        }
        self.block = block;
        self.arms.clear();
        let mut words = self.orders.at(block).stream();
        for rounds in (1..=BLOCK_SIZE).rev() {
            let mut number = words.below(rounds) as u64;
            let arm = left.iter().position(|&left| {
                let found = number < left;
                number = number.wrapping_sub(left);
                found
            });
            let arm = arm.unwrap_or(0);
            left[arm] -= 1;
            self.arms.push(arm);
        }
    }

    #[allow(clippy::cast_possible_truncation)] // a place within a block
    fn within(place: u64) -> usize {
        (place % BLOCK) as usize
    }

    /// Numbers of each arm in the first rounds.
    fn counts(&mut self, rounds: u64) -> Vec<u64> {
        let within = Self::within(rounds);
        if within == 0 && rounds / BLOCK != self.block {
            return self.in_blocks(rounds / BLOCK);
        }
        self.turn_to(rounds / BLOCK);
        let mut counts = self.before.clone();
        self.arms[..within].iter().for_each(|&arm| counts[arm] += 1);
        counts
    }

    /// The average of `values` of the arms.
    pub(crate) fn average(&self, values: &[f64]) -> f64 {
        let (mut left, mut sum) = (1.0, 0.0);
        for (value, chance) in values.iter().zip(&self.chances) {
            sum += left * chance * value;
            left *= 1.0 - chance;
        }
        sum + left * values[self.chances.len()]
    }

    /// The arm of the next round.
    #[inline]
    pub(crate) fn next(&mut self) -> usize {
        self.turn_to(self.place / BLOCK);
        self.arms[Self::within(self.place)]
    }

    /// Moves on by some rounds.
    #[inline]
    pub(crate) fn pass(&mut self, rounds: u64) {
        self.place += rounds;
    }

    /// Numbers of each arm in the next rounds.
    pub(crate) fn ahead(&mut self, rounds: u64) -> Vec<u64> {
        if self.at_place.0 != self.place {
            self.at_place = (self.place, self.counts(self.place));
        }
        let mut counts = self.counts(self.place + rounds);
        for (count, before) in counts.iter_mut().zip(&self.at_place.1) {
            *count -= before;
        }
        counts
    }

    /// The most rounds, at most `rounds`, after which a block of arms ends; none if none does.
    pub(crate) fn whole_ahead(&self, done: u64, rounds: u64) -> u64 {
        let end = (self.place + done + rounds) / BLOCK * BLOCK;
        end.saturating_sub(self.place + done)
    }

    /// The arms of the rounds after the next `rounds`, to the end of their block.
    pub(crate) fn block_ahead(&mut self, rounds: u64) -> &[usize] {
        let place = self.place + rounds;
        self.turn_to(place / BLOCK);
        &self.arms[Self::within(place)..]
    }

    /// Numbers of each arm in the next rounds, which are over then.
    pub(crate) fn take(&mut self, rounds: u64) -> Vec<u64> {
        let counts = self.ahead(rounds);
        self.place += rounds;
        counts
    }

    /// Visits the numbers that arms are drawn by, and the place.
    pub(in crate::learners) fn exchange(&mut self, archive: &mut Archive) {
        let mut seed = self.seed;
        for word in &mut seed {
            archive.count(word, u64::MAX);
        }
        let mut place = self.place;
        archive.count(&mut place, MAX_HORIZON);
        *self = Self {
            place,
            ..Self::of(std::mem::take(&mut self.chances), seed)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    /// Some of equal weights, some of others.
    const LAWS: &[&[f64]] = &[
        &[1.0, 1.0],
        &[1.0; 3],
        &[1.0; 7],
        &[0.25, 1.0],
        &[0.3, 0.0, 1.0, 0.5, 0.0],
        &[0.0, 1.0, 0.0],
        &[1e-300, 1.0, 1.0],
    ];

    #[test]
    fn rounds_are_the_same_one_by_one_and_at_once() {
        let mut choice = Stream::new(6, 0, Role::Leader, Purpose::Choice);
        for weights in LAWS {
            let n_arms = weights.len();
            let mut one = Mixture::new(weights, &mut choice);
            let mut other = Mixture::of(one.chances.clone(), one.seed);
            for rounds in [1, 5, 63, 64, 65, 1, 700, 58, 1000] {
                let mut counts = vec![0; n_arms];
                for _ in 0..rounds {
                    counts[one.next()] += 1;
                    one.pass(1);
                }
                assert_eq!(counts, other.take(rounds));
            }
        }
    }

    /// Each pair of arms in neighbouring rounds is as likely as each is by itself: six standard deviations are allowed for.
    #[test]
    fn arms_have_their_probabilities_whatever_came_before() {
        const ROUNDS: u32 = 200_000;
        let mut choice = Stream::new(7, 0, Role::Leader, Purpose::Choice);
        for weights in LAWS {
            let n_arms = weights.len();
            let mut mixture = Mixture::new(weights, &mut choice);
            let mut counts = vec![0_u32; n_arms * n_arms];
            let mut last = mixture.next();
            for _ in 0..ROUNDS {
                mixture.pass(1);
                let arm = mixture.next();
                counts[last * n_arms + arm] += 1;
                last = arm;
            }
            let total: f64 = weights.iter().sum();
            for (pair, &count) in counts.iter().enumerate() {
                let chances = [pair / n_arms, pair % n_arms].map(|arm| weights[arm] / total);
                let mean = f64::from(ROUNDS) * chances[0] * chances[1];
                let off = (f64::from(count) - mean).abs();
                // The last round has no neighbour.
                assert!(off <= 6.0 * mean.sqrt() + 1.0, "{weights:?}: {counts:?}");
            }
            let values: Vec<f64> = (0..n_arms).map(|arm| arm as f64 * 1.5 - 2.0).collect();
            let average = values
                .iter()
                .zip(*weights)
                .map(|(value, weight)| value * weight);
            let off = average.sum::<f64>() / total - mixture.average(&values);
            assert!(off.abs() < 1e-12, "{weights:?}: {off}");
        }
    }
}
