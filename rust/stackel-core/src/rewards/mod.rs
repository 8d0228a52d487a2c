//! The table of rewards: what each pull of each arm brings, whoever pulls it and whenever.
//!
//! Noise belongs to (seed, replication, player, arm, n) and not to the round: the n-th pull of an arm reads the
//! n-th entry of the arm's *tape*. So all engines play the same game, whatever they leap over; and two runs with
//! one seed meet the same n-th reward of each arm.
//!
//! An arm is what the player counts: a leader's action, or a follower's response to an action. Where the law of the
//! noise depends on the mean, as that of coins does, it is a pair of actions for both players. `key` says which random words
//! belong to a place, `tree` how tapes have sums, `gaussian`, `coins` and `uniform` the laws of their
//! entries. `bar` is the curve that a
//! search runs along, and `bridge` the reason why it may leave out what lies between two places. `sums` has the whole numbers in which rewards are added up.

mod bar;
mod bridge;
mod coins;
mod gaussian;
mod key;
mod sums;
#[cfg(test)]
mod tests;
mod tree;
mod uniform;

use self::coins::Coins;
use self::gaussian::Normals;
use self::key::Key;
pub(crate) use self::bar::{Bar, Search};
pub(crate) use self::bridge::Bridge;
pub use self::sums::Rewards;
pub(crate) use self::sums::{Exact, Units};
use self::tree::Tree;
use self::uniform::Uniforms;
use crate::game::Game;
use crate::learners::{IndexBarrier, Tally};
use crate::noise::Noise;
use crate::rng::Role;

/// Tapes that are kept in memory. Beyond, all are dropped and made again when they are read.
const MOST_TAPES: usize = 1 << 13;

/// Noise of a smaller scale than this is none.
const LEAST: f64 = 1e-290;

/// The rewards of one player in one replication.
#[derive(Clone)]
pub(crate) struct Table {
    key: Key,
    noise: Noise,
    units: Units,
    /// Mean utilities of the cells, as numbers and as whole numbers of units.
    means: Vec<f64>,
    wholes: Vec<[i128; 2]>,
    /// Number of cells to a tape.
    width: usize,
    tapes: Vec<Option<Box<Tape>>>,
    in_memory: usize,
    /// Number of entries of each tape that have been pulled, and a place where its sum is known: this one, if it was
    /// read here.
    places: Vec<u64>,
    known: Vec<(u64, i64)>,
}

#[derive(Clone)]
enum Tape {
    Normals(Tree<Normals>),
    Coins(Tree<Coins>),
    Uniforms(Tree<Uniforms>),
}

impl Tape {
    fn new(noise: Noise, mean: f64, key: Key) -> Self {
        match noise {
            Noise::Bernoulli => Tape::Coins(Tree::new(Coins { probability: mean }, key)),
            Noise::Uniform { .. } => Tape::Uniforms(Tree::new(Uniforms, key)),
            _ => Tape::Normals(Tree::new(Normals, key)),
        }
    }

    /// Sum of the first `n` entries.
    #[inline]
    fn sum(&mut self, n: u64) -> i64 {
        match self {
            Tape::Normals(tree) => tree.sum(n),
            Tape::Coins(tree) => tree.sum(n),
            Tape::Uniforms(tree) => tree.sum(n),
        }
    }

    /// See [`Tree::passage`].
    #[inline]
    fn passage(&mut self, from: u64, to: u64, bar: &Bar, search: &mut Search) -> Option<u64> {
        match self {
            Tape::Normals(tree) => tree.passage(from, to, bar, search),
            Tape::Coins(tree) => tree.passage(from, to, bar, search),
            Tape::Uniforms(tree) => tree.passage(from, to, bar, search),
        }
    }
}

impl Table {
    /// The table of a player in a replication of a game.
    pub(crate) fn new(game: &Game, role: Role, seed: u64, replication: u64) -> Self {
        let player = role as usize;
        let means = &game.utility()[player];
        let (noise, unit) = match game.noise()[player] {
            Noise::Gaussian { sigma } => (Noise::Gaussian { sigma }, sigma / gaussian::GRID),
            Noise::Uniform { half_width } => (Noise::Uniform { half_width }, half_width / uniform::GRID),
            Noise::Bernoulli => (Noise::Bernoulli, 1.0),
            other => (other, 0.0),
        };
        let sure = matches!(noise, Noise::Gaussian { .. } | Noise::Uniform { .. }) && unit < LEAST;
        let noise = if sure { Noise::Deterministic } else { noise };
        let (units, mut wholes) = Units::of(means, unit);
        if noise == Noise::Bernoulli {
            wholes.fill([0; 2]);
        }
        let by_action = matches!(noise, Noise::Gaussian { .. } | Noise::Uniform { .. });
        let width = if by_action && role == Role::Leader { game.n_follower() } else { 1 };
        let tapes = game.n_cells() / width;
        Self {
            key: Key::of(seed, replication, role),
            noise,
            units,
            means: means.clone(),
            wholes,
            width,
            tapes: vec![None; tapes],
            in_memory: 0,
            places: vec![0; tapes],
            known: vec![(0, 0); tapes],
        }
    }

    /// Whether sums of rewards are known without reading each of them, and do not depend on the order of play.
    pub(crate) fn has_sums(&self) -> bool {
        !matches!(self.noise, Noise::Own(_))
    }

    /// The walk of the sums of rewards, in units of utility.
    pub(crate) fn bridge(&self) -> Bridge {
        match self.noise {
            Noise::Gaussian { sigma } => Bridge::Normal { sigma },
            Noise::Deterministic => Bridge::Normal { sigma: 0.0 },
            Noise::Bernoulli => Bridge::Coins,
            Noise::Uniform { .. } | Noise::Own(_) => Bridge::Unknown,
        }
    }

    #[inline]
    fn tape(&mut self, number: usize, cell: usize) -> &mut Tape {
        if self.tapes[number].is_none() {
            self.make(number, cell);
        }
        // It has just been made.
        match &mut self.tapes[number] {
            Some(tape) => tape,
            None => unreachable!(),
        }
    }

    #[cold]
    fn make(&mut self, number: usize, cell: usize) {
        if self.in_memory == MOST_TAPES {
            self.tapes.fill(None);
            self.in_memory = 0;
        }
        self.in_memory += 1;
        let key = self.key.tape(number);
        self.tapes[number] = Some(Box::new(Tape::new(self.noise, self.means[cell], key)));
    }

    /// Sum of the first `n` entries of the tape of a cell.
    #[inline]
    fn sum(&mut self, cell: usize, n: u64) -> i64 {
        let number = cell / self.width;
        let (place, sum) = self.known[number];
        if place == n {
            return sum;
        }
        let sum = self.tape(number, cell).sum(n);
        if n == self.places[number] {
            self.known[number] = (n, sum);
        }
        sum
    }

    /// The curve above which the noise of a cell has to stay for `rounds` rounds.
    pub(crate) fn bar(
        &mut self,
        cell: usize,
        barrier: IndexBarrier,
        tally: &Tally,
        rounds: u64,
    ) -> Bar {
        let start = self.places[cell / self.width];
        let (mean, base, unit) = match self.noise {
            Noise::Deterministic | Noise::Own(_) => (self.means[cell], 0, 1.0),
            Noise::Bernoulli => (0.0, self.sum(cell, start), 1.0),
            _ => (self.means[cell], self.sum(cell, start), self.units.noise),
        };
        Bar::new(barrier, tally, mean, rounds, (start, base, unit))
    }

    /// The first number of rounds in `from + 1..=to` after which the noise of a cell lies below a curve.
    #[inline]
    pub(crate) fn passage(
        &mut self,
        cell: usize,
        (from, to): (u64, u64),
        bar: &Bar,
        search: &mut Search,
    ) -> Option<u64> {
        let number = cell / self.width;
        let start = self.places[number];
        let (from, to) = (start + from, start + to);
        search.bridge = match self.noise {
            Noise::Gaussian { .. } => Bridge::Normal {
                sigma: gaussian::GRID,
            },
            Noise::Bernoulli => Bridge::Coins,
            _ => Bridge::Unknown,
        };
        let place = if self.noise == Noise::Deterministic {
            bar.meets_zero(from, to)
        } else {
            self.tape(number, cell).passage(from, to, bar, search)
        };
        Some(place? - start)
    }

    /// The rewards of a cell in the `rounds` rounds after the next `ahead` rounds with its arm.
    #[inline]
    pub(crate) fn rewards(&mut self, cell: usize, ahead: u64, rounds: u64) -> Rewards {
        let number = cell / self.width;
        let from = self.places[number] + ahead;
        let times = i128::from(rounds);
        let [coarse, fine] = self.wholes[cell];
        let mut rewards = Rewards {
            count: rounds,
            exact: Exact {
                means: [coarse * times, if fine == 0 { 0 } else { fine * times }],
                noise: 0,
            },
            units: self.has_sums().then_some(self.units),
            other: 0.0,
        };
        match self.noise {
            Noise::Deterministic => {}
            Noise::Own(law) => {
                let draw = |n| law.draw(self.means[cell], &mut self.key.tape(number).node(0, n).stream());
                rewards.exact = Exact::default();
                rewards.other = (from..from + rounds).map(draw).sum();
            }
            _ => {
                let before = self.sum(cell, from);
                rewards.exact.noise = self.sum(cell, from + rounds) - before;
            }
        }
        rewards
    }

    /// The next reward of a cell.
    #[inline]
    pub(crate) fn next(&mut self, cell: usize) -> Rewards {
        let reward = self.rewards(cell, 0, 1);
        self.pass(cell, 1);
        reward
    }

    /// The mean utility of a cell.
    pub(crate) fn mean(&self, cell: usize) -> f64 {
        self.means[cell]
    }

    /// The rewards of several cells, each for a number of rounds to come. Cells of one arm share its tape.
    pub(crate) fn total(&mut self, cells: impl Iterator<Item = (usize, u64)>) -> Rewards {
        let mut total = Rewards {
            count: 0,
            exact: Exact::default(),
            units: self.has_sums().then_some(self.units),
            other: 0.0,
        };
        let mut ahead = 0;
        let mut last = usize::MAX;
        for (cell, rounds) in cells {
            if cell / self.width != last {
                (ahead, last) = (0, cell / self.width);
            }
            let rewards = self.rewards(cell, ahead, rounds);
            total.count += rounds;
            total.exact.add(&rewards.exact);
            ahead += rounds;
        }
        total
    }

    /// Moves on by `rounds` rounds of a cell.
    #[inline]
    pub(crate) fn pass(&mut self, cell: usize, rounds: u64) {
        self.places[cell / self.width] += rounds;
    }

    /// Moves to where each cell has been played as often as `pulls` says.
    pub(crate) fn move_to(&mut self, pulls: &[u64]) {
        for (place, pulls) in self.places.iter_mut().zip(pulls.chunks_exact(self.width)) {
            *place = pulls.iter().sum();
        }
    }
}
