//! The rewards of one player in one replication.

mod passage;

use std::ops::Range;

use super::bridge::{Bridge, Safety};
use super::coins::Coins;
use super::gaussian::Normals;
use super::key::Key;
use super::scale::Scale;
use super::student::student;
use super::sums::{Exact, Rewards};
use super::tape::{HEAD, Tape};
use super::uniform::Uniforms;
use crate::game::Game;
use crate::noise::Noise;
use crate::rng::Role;

/// Tapes that are kept in memory. Beyond, all are dropped and made again when they are read.
const MOST_TAPES: usize = 1 << 13;

/// The rewards of one player in one replication.
#[derive(Clone)]
pub(crate) struct Table {
    key: Key,
    game: Game,
    player: usize,
    arms: Vec<Arm>,
    /// 2^64 over the number of cells of an arm, rounded up; 0 where it is one. Products with cells are exact quotients.
    inverse: u64,
    /// What is safe of a tape.
    safety: Safety,
    /// Number of tapes in memory.
    in_memory: usize,
}

/// An arm with a tape of its own.
#[derive(Clone, Default)]
struct Arm {
    /// Number of entries that have been pulled.
    place: u64,
    /// Two places where the sum of the entries before is known: where the arm stands, and where a reader looked
    /// last.
    known: (u64, i64),
    found: (u64, i64),
    tape: Option<Tape>,
}

impl Table {
    /// The table of a player in a replication of a game.
    pub(crate) fn new(game: &Game, role: Role, seed: u64, replication: u64) -> Self {
        let player = role as usize;
        let width = game.scale(player).width;
        let arms = game.n_cells() / width;
        Self {
            key: Key::of(seed, replication, role),
            game: game.clone(),
            player,
            arms: vec![Arm::default(); arms],
            inverse: if width == 1 {
                0
            } else {
                u64::MAX / width as u64 + 1
            },
            safety: game
                .scale(player)
                .tape_bridge()
                .safety_unscaled(f64::INFINITY),
            in_memory: 0,
        }
    }

    /// The same table, of which searches may ignore crossings with a probability of at most `exp(-certainty)`.
    pub(crate) fn trusting(mut self, certainty: f64) -> Self {
        self.safety = self.scale().tape_bridge().safety_unscaled(certainty);
        self
    }

    #[inline]
    pub(super) fn scale(&self) -> &Scale {
        self.game.scale(self.player)
    }

    /// The mean utility of a cell.
    #[inline]
    pub(crate) fn mean(&self, cell: usize) -> f64 {
        self.game.utility()[self.player][cell]
    }

    /// The mean that the next `rounds` rewards of a cell scatter around: where the cell has a tape of its own, their own.
    pub(crate) fn center(&mut self, cell: usize, rounds: u64) -> f64 {
        if self.scale().noise == Noise::Bernoulli || !self.tape_is_one() {
            return self.rewards(cell, 0, rounds).value() / rounds as f64;
        }
        self.mean(cell)
    }

    /// Whether the noise of all responses to an action is on one tape, or there is none.
    pub(crate) fn tape_is_one(&self) -> bool {
        self.inverse != 0
            || self.scale().width == self.game.n_follower()
            || self.scale().noise == Noise::Deterministic
    }

    /// Whether sums of rewards do not depend on the order of play.
    pub(crate) fn has_sums(&self) -> bool {
        self.scale().has_sums
    }

    /// The walk of the sums of rewards of a cell, in units of utility.
    #[inline]
    pub(crate) fn bridge(&self, cell: usize) -> Bridge {
        Bridge::of(*self.scale().law(cell))
    }

    /// The walk of the sums of rewards of some cells, with steps as large as those of any of them.
    #[inline]
    pub(crate) fn largest_bridge(&self, cells: impl Iterator<Item = usize>) -> Bridge {
        Bridge::of(self.scale().largest(cells).0)
    }

    /// For rewards of cells that come in turn: their walk, with steps of the mean variance where it is normal, and by how many rounds the
    /// variance is ever ahead or behind.
    pub(crate) fn bridge_in_turn(
        &self,
        cells: impl Iterator<Item = usize> + Clone,
    ) -> (Bridge, f64) {
        match self.scale().largest(cells.clone()) {
            (Noise::Gaussian { .. }, false) => {
                let sizes = cells.map(|cell| self.size(cell));
                Bridge::normal_in_turn(&sizes.collect::<Vec<_>>())
            }
            (law, _) => (Bridge::of(law), 0.0),
        }
    }

    /// The scale of the noise of a cell.
    #[inline]
    pub(crate) fn size(&self, cell: usize) -> f64 {
        self.scale().law(cell).size()
    }

    /// The walk of the sums of rewards from some cells that are played in a random order.
    pub(crate) fn mixed_bridge(&self, cells: Range<usize>) -> Bridge {
        let (law, alike) = self.scale().largest(cells.clone());
        let means = &self.game.utility()[self.player][cells];
        let largest = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = means.iter().copied().fold(f64::INFINITY, f64::min);
        match law {
            // The variance of what is left depends on the order.
            Noise::Gaussian { .. } if !alike => Bridge::Unknown,
            _ => Bridge::mixed(law, largest - least),
        }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // at most the cell
    pub(super) fn arm(&self, cell: usize) -> usize {
        match self.inverse {
            0 => cell,
            inverse => ((cell as u128 * u128::from(inverse)) >> 64) as usize,
        }
    }

    /// The key of the tape of an arm.
    #[inline]
    fn tape_key(&self, arm: usize) -> Key {
        let number = self.scale().tapes.get(arm).copied().unwrap_or(0);
        self.key.tape(arm + number as usize * self.arms.len())
    }

    /// Goes on with the next of several games: arms keep their places, and their tapes as long as the noise is the same.
    pub(crate) fn change_to(&mut self, game: &Game) {
        let before = std::mem::replace(&mut self.game, game.clone());
        let (old, new) = (&before.scale(self.player).tapes, &self.scale().tapes);
        let number = |tapes: &[u32], arm: usize| tapes.get(arm).copied().unwrap_or(0);
        let changed = |&arm: &usize| number(old, arm) != number(new, arm);
        let changed: Vec<usize> = (0..old.len().max(new.len())).filter(changed).collect();
        for arm in changed {
            let arm = &mut self.arms[arm];
            (arm.known, arm.found) = ((0, 0), (0, 0));
            self.in_memory -= usize::from(arm.tape.take().is_some());
        }
    }

    #[cold]
    fn make(&mut self, arm: usize, cell: usize) {
        if self.in_memory == MOST_TAPES {
            self.arms.iter_mut().for_each(|arm| arm.tape = None);
            self.in_memory = 0;
        }
        self.in_memory += 1;
        let tape = self.scale().tape(self.mean(cell), self.tape_key(arm));
        self.arms[arm].tape = Some(tape);
    }

    #[inline]
    fn tape(&mut self, arm: usize, cell: usize) -> &mut Tape {
        if self.arms[arm].tape.is_none() {
            self.make(arm, cell);
        }
        match &mut self.arms[arm].tape {
            Some(tape) => tape,
            None => unreachable!("it has just been made"),
        }
    }

    /// The sums of the first `from + 1, ..., to` entries of an arm, of its first block, after that of the first `from`.
    #[inline]
    fn head(
        &self,
        arm: usize,
        cell: usize,
        (from, to): (u64, u64),
        mut sum: i64,
    ) -> impl Iterator<Item = (u64, i64)> + use<> {
        let words = self.tape_key(arm).node(0, 0);
        let (noise, probability) = (self.scale().noise, self.mean(cell));
        (from..to).map(move |n| {
            let word = words.at(n);
            sum += match noise {
                Noise::Bernoulli => Coins { probability }.entry(word),
                Noise::Uniform { .. } => Uniforms::entry(word),
                _ => Normals::entry(word),
            };
            (n + 1, sum)
        })
    }

    /// Sum of the first `n` entries of the arm of a cell.
    #[inline]
    pub(super) fn sum(&mut self, arm: usize, cell: usize, n: u64) -> i64 {
        let Arm { known, found, .. } = &self.arms[arm];
        if known.0 == n {
            return known.1;
        }
        if found.0 == n {
            return found.1;
        }
        self.find_sum(arm, cell, n)
    }

    #[inline(never)]
    fn find_sum(&mut self, arm: usize, cell: usize, n: u64) -> i64 {
        let Arm { known, tape, .. } = &self.arms[arm];
        let sum = if tape.is_none() && n <= HEAD {
            let (from, sum) = if known.0 < n { *known } else { (0, 0) };
            let last = self.head(arm, cell, (from, n), sum).last();
            last.map_or(sum, |(_, sum)| sum)
        } else {
            self.tape(arm, cell).sum(n)
        };
        let arm = &mut self.arms[arm];
        if n == arm.place {
            arm.known = (n, sum);
        } else {
            arm.found = (n, sum);
        }
        sum
    }

    /// Number of entries of the tape of a cell that have been pulled.
    pub(crate) fn place(&self, cell: usize) -> u64 {
        self.arms[self.arm(cell)].place
    }

    /// The rewards of a cell in the `rounds` rounds after the next `ahead` rounds with its arm.
    #[inline]
    pub(crate) fn rewards(&mut self, cell: usize, ahead: u64, rounds: u64) -> Rewards {
        let arm = self.arm(cell);
        let from = self.arms[arm].place + ahead;
        let scale = self.scale();
        let mut rewards = scale.sure[cell].times(rounds);
        match scale.noise {
            Noise::Deterministic => {}
            Noise::StudentT { .. } | Noise::Own(_) => {
                rewards.units = None;
                rewards.other = (from..from + rounds)
                    .map(|n| self.single(cell, arm, n))
                    .sum();
            }
            _ => {
                let before = self.sum(arm, cell, from);
                let noise = self.sum(arm, cell, from + rounds) - before;
                self.scale().add_noise(cell, noise, &mut rewards);
            }
        }
        rewards
    }

    /// The reward of a cell that the entry `n` of its tape stands for, by a law whose rewards are drawn one by one.
    fn single(&self, cell: usize, arm: usize, n: u64) -> f64 {
        let (mean, mut words) = (self.mean(cell), self.tape_key(arm).node(0, n));
        match *self.scale().law(cell) {
            Noise::StudentT { df, scale } => mean + scale * student(df, &mut words),
            Noise::Own(law) => law.draw(mean, &mut words.stream()),
            _ => mean,
        }
    }

    /// The next reward of a cell.
    #[inline(always)]
    pub(crate) fn next(&mut self, cell: usize) -> Rewards {
        let arm = self.arm(cell);
        let Arm { place, tape, .. } = &mut self.arms[arm];
        let Some(tape) = tape else {
            let reward = self.rewards(cell, 0, 1);
            self.pass(cell, 1);
            return reward;
        };
        let noise = tape.entry(*place);
        *place += 1;
        let scale = self.scale();
        let mut reward = scale.sure[cell];
        scale.add_noise(cell, noise, &mut reward);
        reward
    }

    /// The rewards of several cells, each for a number of rounds to come. Cells of one arm share its tape.
    pub(crate) fn total(&mut self, cells: impl Iterator<Item = (usize, u64)>) -> Rewards {
        let mut total = Rewards {
            count: 0,
            exact: Exact::default(),
            units: None,
            other: 0.0,
        };
        let (mut cell_of_arm, mut ahead) = (None, 0);
        for (cell, rounds) in cells {
            match cell_of_arm {
                // The noise does not depend on the cell.
                Some(first) if self.arm(first) == self.arm(cell) => ahead += rounds,
                Some(first) => {
                    self.add_noise_ahead(first, ahead, &mut total);
                    (cell_of_arm, ahead) = (Some(cell), rounds);
                }
                None => (cell_of_arm, ahead) = (Some(cell), rounds),
            }
            let sure = self.scale().sure[cell].times(rounds);
            total.count += rounds;
            total.exact.add(&sure.exact);
            total.units = sure.units;
            total.other += sure.other;
        }
        if let Some(first) = cell_of_arm {
            self.add_noise_ahead(first, ahead, &mut total);
        }
        total
    }

    /// Adds the next entries of the tape of a cell to rewards.
    fn add_noise_ahead(&mut self, cell: usize, rounds: u64, rewards: &mut Rewards) {
        if self.scale().is_sure(cell) {
            return;
        }
        let arm = self.arm(cell);
        let place = self.arms[arm].place;
        let noise = self.sum(arm, cell, place + rounds) - self.sum(arm, cell, place);
        self.scale().add_noise(cell, noise, rewards);
    }

    /// Moves on by `rounds` rounds of a cell.
    #[inline]
    pub(crate) fn pass(&mut self, cell: usize, rounds: u64) {
        let arm = self.arm(cell);
        let arm = &mut self.arms[arm];
        arm.place += rounds;
        if arm.found.0 == arm.place {
            arm.known = arm.found;
        }
    }

    /// Moves back by `rounds` rounds of a cell.
    pub(crate) fn pass_back(&mut self, cell: usize, rounds: u64) {
        let arm = self.arm(cell);
        self.arms[arm].place -= rounds;
    }

    /// Moves to where each cell has been played as often as `pulls` says.
    pub(crate) fn move_to(&mut self, pulls: &[u64]) {
        let width = self.scale().width;
        for (arm, pulls) in self.arms.iter_mut().zip(pulls.chunks_exact(width)) {
            arm.place = pulls.iter().sum();
        }
    }
}
