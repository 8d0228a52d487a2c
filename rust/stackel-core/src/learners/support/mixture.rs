//! Arms drawn at random, with the same law in every round, of which any number of rounds can be counted at once.
//!
//! Rounds are cut into blocks. The numbers of each arm in the first n blocks come from a table of coins: the coins of the first arm are
//! tossed in all rounds, those of the second one in the rounds that are left, and so on. Within a block, the arms are put into an
//! order at random. So what is drawn in a round does not depend on how many rounds are counted at once.

use crate::archive::Archive;
use crate::game::Game;
use crate::noise::Noise;
use crate::record::MAX_HORIZON;
use crate::rewards::Table;
use crate::rng::{Choices, Role, Stream};

/// Rounds of a block.
const BLOCK: u64 = 256;
const BLOCK_SIZE: usize = 256;

/// Arms that have the same probabilities in every round.
pub struct Mixture {
    /// Probabilities of the coins: that of an arm among the rounds that are left by those before it.
    chances: Vec<f64>,
    /// The arm that the first coin is for, if it is not arm 0 but one that may change. The other coins are those of all arms.
    best: Option<usize>,
    /// The numbers that everything is drawn by.
    seed: [u64; 2],
    coins: Table,
    /// What the order within each block is drawn by.
    orders: Stream,
    /// Rounds that have been drawn.
    place: u64,
    /// The number of the block in memory, the numbers of each coin before and after it, and its coins.
    block: u64,
    before: Vec<u64>,
    after: Vec<u64>,
    order: Vec<u32>,
    /// A place and the numbers of each coin before it.
    at_place: (u64, Vec<u64>),
}

impl Mixture {
    /// Arms with probabilities in proportion to their weights, of which one at least is above 0. At least two arms.
    pub(in crate::learners) fn weighted(weights: &[f64], choice: &mut Stream) -> Self {
        Self::of(coins(weights), None, seed(choice))
    }

    /// All arms alike with the probability `epsilon` together, else one that may change. At least two arms.
    pub(in crate::learners) fn around_best(
        n_arms: usize,
        epsilon: f64,
        choice: &mut Stream,
    ) -> Self {
        let mut chances = vec![1.0 - epsilon.min(1.0)];
        chances.extend(coins(&vec![1.0; n_arms]));
        Self::of(chances, Some(0), seed(choice))
    }

    fn of(chances: Vec<f64>, best: Option<usize>, seed: [u64; 2]) -> Self {
        let noise = [Noise::Bernoulli; 2];
        let game = Game::new(1, chances.len(), chances.clone(), chances.clone(), noise);
        let game = game.unwrap_or_else(|error| unreachable!("chances of coins: {error}"));
        Self {
            best,
            seed,
            coins: Table::new(&game, Role::Leader, seed[0], seed[1]),
            orders: Choices::new(seed[0], seed[1], Role::Leader, 1).stream(0),
            place: 0,
            block: u64::MAX - 1,
            before: Vec::new(),
            after: Vec::new(),
            order: Vec::new(),
            at_place: (0, vec![0; chances.len() + 1]),
            chances,
        }
    }

    /// Numbers of each coin in the first rounds, of whole blocks.
    fn in_blocks(&mut self, blocks: u64) -> Vec<u64> {
        let mut left = blocks * BLOCK;
        let mut counts = Vec::with_capacity(self.chances.len() + 1);
        for coin in 0..self.chances.len() {
            let ones = self.coins.rewards(coin, 0, left).ones();
            left -= ones;
            counts.push(ones);
        }
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
        self.block = block;
        self.order.clear();
        for (coin, (after, before)) in (0..).zip(self.after.iter().zip(&self.before)) {
            let end = self.order.len() + Self::within_block(after - before);
            self.order.resize(end, coin);
        }
        let mut words = self.orders.at(block).stream();
        for left in (2..=BLOCK_SIZE).rev() {
            self.order.swap(left - 1, words.below(left));
        }
    }

    #[allow(clippy::cast_possible_truncation)] // at most the length of a block
    fn within_block(rounds: u64) -> usize {
        rounds as usize
    }

    /// The coin of a place of the block in memory.
    #[inline]
    fn coin(&self, place: u64) -> usize {
        self.order[Self::within_block(place % BLOCK)] as usize
    }

    /// The arm that a coin stands for.
    #[inline]
    fn arm_of(&self, coin: usize) -> usize {
        match self.best {
            None => coin,
            Some(best) if coin == 0 => best,
            Some(_) => coin - 1,
        }
    }

    /// Numbers of each coin in the first rounds.
    fn counts(&mut self, rounds: u64) -> Vec<u64> {
        let (block, within) = (rounds / BLOCK, rounds % BLOCK);
        if within == 0 && block != self.block {
            return self.in_blocks(block);
        }
        self.turn_to(block);
        let mut counts = self.before.clone();
        for &coin in &self.order[..Self::within_block(within)] {
            counts[coin as usize] += 1;
        }
        counts
    }

    /// Rounds that have been drawn.
    pub(crate) fn place(&self) -> u64 {
        self.place
    }

    /// The number of arms.
    pub(crate) fn n_arms(&self) -> usize {
        self.chances.len() + usize::from(self.best.is_none())
    }

    /// The probability of an arm.
    pub(crate) fn weight(&self, arm: usize) -> f64 {
        let Some(best) = self.best else {
            let left: f64 = self.chances[..arm]
                .iter()
                .map(|chance| 1.0 - chance)
                .product();
            return left * self.chances.get(arm).unwrap_or(&1.0);
        };
        let alike = (1.0 - self.chances[0]) / self.n_arms() as f64;
        alike + if arm == best { self.chances[0] } else { 0.0 }
    }

    /// Makes an arm the one that is more likely than the others.
    pub(in crate::learners) fn prefer(&mut self, arm: usize) {
        self.best = Some(arm);
    }

    /// Whether the next round is one of the arm that is more likely than the others; if so, how many such rounds come without
    /// another one.
    #[inline]
    pub(in crate::learners) fn run(&mut self) -> Option<u64> {
        self.turn_to(self.place / BLOCK);
        let ahead = &self.order[Self::within_block(self.place % BLOCK)..];
        let run = ahead.iter().position(|&coin| coin != 0);
        let run = run.unwrap_or(ahead.len()) as u64;
        (run > 0).then_some(run)
    }

    /// The arm of the next round.
    #[inline]
    pub(crate) fn next(&mut self) -> usize {
        self.turn_to(self.place / BLOCK);
        self.arm_of(self.coin(self.place))
    }

    /// Moves on by some rounds.
    #[inline]
    pub(crate) fn pass(&mut self, rounds: u64) {
        self.place += rounds;
    }

    /// Moves to where some rounds have been drawn.
    #[inline]
    pub(in crate::learners) fn move_to(&mut self, place: u64) {
        self.place = place;
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
        if let Some(best) = self.best {
            let most = counts.remove(0);
            counts[best] += most;
        }
        counts
    }

    /// The most rounds, at most `rounds`, after which a block ends; none if none does.
    pub(crate) fn whole_ahead(&self, done: u64, rounds: u64) -> u64 {
        let end = (self.place + done + rounds) / BLOCK * BLOCK;
        end.saturating_sub(self.place + done)
    }

    /// The arms of the rounds after the next `rounds`, to the end of their block.
    pub(crate) fn block_ahead(&mut self, rounds: u64) -> Vec<usize> {
        let place = self.place + rounds;
        self.turn_to(place / BLOCK);
        let coins = &self.order[Self::within_block(place % BLOCK)..];
        coins
            .iter()
            .map(|&coin| self.arm_of(coin as usize))
            .collect()
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
        if seed == self.seed {
            self.place = place;
            return;
        }
        let chances = std::mem::take(&mut self.chances);
        *self = Self {
            place,
            ..Self::of(chances, self.best, seed)
        };
    }

    /// Visits a mixture that may have still to be made.
    pub(in crate::learners) fn exchange_made(
        mixture: &mut Option<Self>,
        archive: &mut Archive,
        make: impl FnOnce(&mut Stream) -> Self,
    ) {
        let mut is_made = mixture.is_some();
        archive.flag(&mut is_made);
        if is_made {
            mixture
                .get_or_insert_with(|| make(&mut Stream::default()))
                .exchange(archive);
        } else {
            *mixture = None;
        }
    }
}

/// Coins of arms with these weights, but for the last arm.
fn coins(weights: &[f64]) -> Vec<f64> {
    let mut left = 0.0;
    let chance = |&weight: &f64| {
        left += weight;
        if weight > 0.0 { weight / left } else { 0.0 }
    };
    let mut chances: Vec<f64> = weights.iter().rev().map(chance).collect();
    chances.reverse();
    chances.pop();
    chances
}

fn seed(choice: &mut Stream) -> [u64; 2] {
    [choice.next_u64(), choice.next_u64()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn mixture(n_arms: usize, epsilon: Option<f64>, choice: &mut Stream) -> Mixture {
        match epsilon {
            None => Mixture::weighted(&vec![1.0; n_arms], choice),
            Some(epsilon) => Mixture::around_best(n_arms, epsilon, choice),
        }
    }

    const ROUNDS: u32 = 200_000;

    /// How often each pair of arms comes in neighbouring rounds.
    fn pairs(mixture: &mut Mixture) -> Vec<u32> {
        let n_arms = mixture.n_arms();
        let mut counts = vec![0; n_arms * n_arms];
        let mut last = mixture.next();
        for _ in 0..ROUNDS {
            mixture.pass(1);
            let arm = mixture.next();
            counts[last * n_arms + arm] += 1;
            last = arm;
        }
        counts
    }

    const KINDS: [(usize, Option<f64>); 7] = [
        (2, None),
        (3, None),
        (7, None),
        (2, Some(0.1)),
        (3, Some(1.0)),
        (4, Some(0.0)),
        (5, Some(0.5)),
    ];

    #[test]
    fn rounds_are_the_same_one_by_one_and_at_once() {
        let mut choice = Stream::new(6, 0, Role::Leader, Purpose::Choice);
        for (n_arms, epsilon) in KINDS {
            let mut one = mixture(n_arms, epsilon, &mut choice);
            let mut other = Mixture::of(one.chances.clone(), one.best, one.seed);
            for rounds in [1, 5, 63, 256, 255, 1, 700, 58, 1000] {
                let mut counts = vec![0; n_arms];
                for _ in 0..rounds {
                    let run = if epsilon.is_some() { one.run() } else { None };
                    counts[one.next()] += 1;
                    one.pass(1);
                    assert!(run.is_none_or(|run| run == 1 || one.run() == Some(run - 1)));
                }
                assert_eq!(counts, other.take(rounds));
            }
        }
    }

    /// Each pair of arms in neighbouring rounds is as likely as it should be: six standard deviations are allowed for.
    #[test]
    fn arms_have_their_probabilities_whatever_came_before() {
        let mut choice = Stream::new(7, 0, Role::Leader, Purpose::Choice);
        for (n_arms, epsilon) in KINDS {
            let mut mixture = mixture(n_arms, epsilon, &mut choice);
            let counts = pairs(&mut mixture);
            for (pair, &count) in counts.iter().enumerate() {
                let share = mixture.weight(pair / n_arms) * mixture.weight(pair % n_arms);
                let mean = f64::from(ROUNDS) * share;
                let room = 6.0 * (mean * (1.0 - share)).sqrt();
                assert!((f64::from(count) - mean).abs() <= room, "{counts:?}");
            }
        }
    }

    /// Each pair of arms in neighbouring rounds is as likely as each is by itself: six standard deviations are allowed for.
    #[test]
    fn weights_are_those_of_the_arms_whatever_came_before() {
        let laws: [&[f64]; 5] = [
            &[1.0; 3],
            &[0.25, 1.0],
            &[0.3, 0.0, 1.0, 0.5, 0.0],
            &[0.0, 1.0, 0.0],
            &[1e-300, 1.0, 1.0],
        ];
        let mut choice = Stream::new(8, 0, Role::Leader, Purpose::Choice);
        for weights in laws {
            let n_arms = weights.len();
            let mut mixture = Mixture::weighted(weights, &mut choice);
            let counts = pairs(&mut mixture);
            let total: f64 = weights.iter().sum();
            for (pair, &count) in counts.iter().enumerate() {
                let chances = [pair / n_arms, pair % n_arms].map(|arm| weights[arm] / total);
                let mean = f64::from(ROUNDS) * chances[0] * chances[1];
                let off = (f64::from(count) - mean).abs();
                assert!(off <= 6.0 * mean.sqrt() + 1.0, "{weights:?}: {counts:?}");
            }
            for (arm, weight) in weights.iter().enumerate() {
                let off = weight / total - mixture.weight(arm);
                assert!(off.abs() < 1e-15, "{weights:?}: {off}");
            }
        }
    }
}
