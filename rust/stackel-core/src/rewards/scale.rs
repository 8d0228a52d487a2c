//! What the rewards of a player in a game are made of, for all replications.

use std::collections::HashMap;

use super::bridge::Bridge;
use super::coins::Coins;
use super::digits;
use super::gaussian::{self, Normals};
use super::key::Key;
use super::sums::{Mean, Rewards};
use super::tape::Tape;
use super::tree::Tree;
use super::uniform::UniformTape;
use crate::noise::Noise;
use crate::rng::Role;

/// Noise of a smaller scale than this is none.
const LEAST: f64 = 1e-290;

/// The rewards of a player in a game, but for the random numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    pub(super) noise: Noise,
    /// A reward of each cell without its noise.
    pub(super) sure: Vec<Rewards>,
    /// Whether sums of rewards do not depend on the order of play.
    pub(super) has_sums: bool,
    /// Unit of the noise, unless it differs from cell to cell.
    unit: f64,
    /// The noise of each cell, if its scale differs from cell to cell.
    own: Vec<OwnNoise>,
    /// Number of cells to a tape.
    pub(super) width: usize,
    /// The number of the tape of each cell among those of the cell, where it is not the first: in a game that changes,
    /// coins of another probability have another tape.
    pub(super) tapes: Vec<u32>,
}

/// The noise of a cell that has a scale of its own.
#[derive(Debug, Clone, PartialEq)]
struct OwnNoise {
    law: Noise,
    /// The unit of its noise.
    unit: f64,
    /// The same in the units of mean utilities, where a tally adds up noise of several units.
    whole: Option<Mean>,
}

impl Scale {
    /// The scale of a player's mean utilities and noise, in a game with `n_follower` responses.
    pub(crate) fn new(role: Role, means: &[f64], noise: Noise, n_follower: usize) -> Self {
        // The cells whose rewards a tally adds up: a leader's action, or a response to one.
        let shared = if role == Role::Leader { n_follower } else { 1 };
        let mut all = Self::all(&[means], (noise, &[]), shared, shared);
        all.swap_remove(0)
    }

    /// The scales of a player in games that follow each other. They have the same units, so that a tally can go on. Tallies add up
    /// rewards of `shared` cells; where cells of an action share a tape, there are `width` of them. The noise is that of a law,
    /// multiplied by the factor of the cell, if there are factors.
    pub(crate) fn all(
        games: &[&[f64]],
        (noise, factors): (Noise, &[f64]),
        shared: usize,
        width: usize,
    ) -> Vec<Self> {
        let mut own = own_noise(noise, factors);
        let unit = unit_of(noise);
        let scaled = noise.scaled(1.0).is_some();
        // Tapes of one scale add up, whatever the order of play.
        let of_action = |cells: &[OwnNoise]| cells.iter().all(|each| each.unit == cells[0].unit);
        let by_action = scaled && own.chunks(width).all(of_action);
        let is_none = if own.is_empty() {
            unit < LEAST
        } else {
            own.iter().all(|each| each.unit == 0.0)
        };
        let noise = if scaled && is_none {
            own.clear();
            Noise::Deterministic
        } else {
            noise
        };
        let coins = noise == Noise::Bernoulli;
        let means = if coins {
            // The number of ones is all there is to a sum.
            let none = |means: &&[f64]| Mean::all(&vec![0.0; means.len()]);
            games.iter().map(none).collect()
        } else {
            pooled(games, shared, &mut own)
        };
        let exact = |means: &Vec<Mean>| means.iter().all(|mean| mean.rest == 0.0);
        let mut wholes = own.iter().filter_map(|each| each.whole);
        let has_sums =
            noise.has_sums() && means.iter().all(exact) && wholes.all(|whole| whole.rest == 0.0);
        let tapes = if coins {
            tapes(games)
        } else {
            vec![vec![]; games.len()]
        };
        let sure = |(cell, mean): (usize, &Mean)| {
            let noise = own.get(cell).map_or(unit, |each| each.unit);
            Rewards::sure(mean, noise)
        };
        let scale = |(means, tapes): (Vec<Mean>, _)| Self {
            noise,
            sure: means.iter().enumerate().map(sure).collect(),
            has_sums,
            unit,
            own: own.clone(),
            width: if by_action { width } else { 1 },
            tapes,
        };
        means.into_iter().zip(tapes).map(scale).collect()
    }

    /// The unit of the noise of a cell.
    #[inline]
    pub(super) fn unit(&self, cell: usize) -> f64 {
        if self.own.is_empty() {
            return self.unit;
        }
        self.own[cell].unit
    }

    /// Whether rewards of a cell are equal to their mean.
    #[inline]
    pub(super) fn is_sure(&self, cell: usize) -> bool {
        matches!(self.noise, Noise::Deterministic)
            || !self.own.is_empty() && self.own[cell].unit == 0.0
    }

    /// Whether all rewards are mean utilities and normal noise, whose sums do not depend on the order of play.
    pub(crate) fn is_normal(&self) -> bool {
        let is_none = |each: &OwnNoise| each.unit == 0.0;
        matches!(self.noise, Noise::Gaussian { .. })
            && self.has_sums
            && !self.own.iter().any(is_none)
    }

    /// The law of the noise of a cell.
    #[inline]
    pub(super) fn law(&self, cell: usize) -> &Noise {
        if self.own.is_empty() {
            return &self.noise;
        }
        &self.own[cell].law
    }

    /// The law of the largest noise of some cells, and whether it is that of all of them.
    pub(super) fn largest(&self, mut cells: impl Iterator<Item = usize>) -> (Noise, bool) {
        if self.own.is_empty() {
            return (self.noise, true);
        }
        let first = cells.next().map_or(self.noise, |cell| *self.law(cell));
        cells.fold((first, true), |(largest, alike), cell| {
            let law = *self.law(cell);
            let larger = if law.size() > largest.size() {
                law
            } else {
                largest
            };
            (larger, alike && law == largest)
        })
    }

    /// Adds a sum of entries of the tape to rewards of a cell.
    #[inline]
    pub(super) fn add_noise(&self, cell: usize, sum: i64, rewards: &mut Rewards) {
        if self.own.is_empty() {
            rewards.exact.noise += sum;
            return;
        }
        self.add_own_noise(cell, sum, rewards);
    }

    /// The same where the scale differs from cell to cell.
    fn add_own_noise(&self, cell: usize, sum: i64, rewards: &mut Rewards) {
        let Some(whole) = self.own[cell].whole else {
            rewards.exact.noise += sum;
            return;
        };
        for (means, unit) in rewards.exact.means.iter_mut().zip(whole.wholes) {
            *means += i128::from(sum) * unit;
        }
        rewards.other += sum as f64 * whole.rest;
    }

    /// Whether rewards differ from their means.
    pub(super) fn has_noise(&self) -> bool {
        self.noise != Noise::Deterministic
    }

    /// The walk of the sums of rewards, in units of the tape.
    #[inline]
    pub(super) fn tape_bridge(&self) -> Bridge {
        match self.noise {
            Noise::Gaussian { .. } | Noise::Deterministic => Bridge::Normal {
                sigma: gaussian::GRID,
            },
            Noise::Uniform { .. } => Bridge::Bounded {
                range: 2.0 * digits::GRID,
            },
            Noise::Bernoulli | Noise::StudentT { .. } | Noise::Own(_) => Bridge::of(self.noise),
        }
    }

    /// A tape with this noise.
    pub(super) fn tape(&self, mean: f64, key: Key) -> Tape {
        match self.noise {
            Noise::Bernoulli => Tape::Coins(Box::new(Tree::new(Coins { probability: mean }, key))),
            Noise::Uniform { .. } => Tape::Uniforms(Box::new(UniformTape::new(key))),
            _ => Tape::Normals(Box::new(Tree::new(Normals, key))),
        }
    }
}

/// The unit of the noise of a law.
fn unit_of(noise: Noise) -> f64 {
    match noise {
        Noise::Gaussian { sigma } => sigma / gaussian::GRID,
        Noise::Uniform { half_width } => half_width / digits::GRID,
        Noise::StudentT { scale, .. } => scale,
        Noise::Bernoulli => 1.0,
        Noise::Deterministic | Noise::Own(_) => 0.0,
    }
}

/// The noise of each cell whose law is multiplied by a factor.
fn own_noise(noise: Noise, factors: &[f64]) -> Vec<OwnNoise> {
    let own = |&factor: &f64| {
        let law = noise.scaled(factor).unwrap_or(noise);
        let unit = unit_of(law);
        let is_none = unit < LEAST;
        OwnNoise {
            law: if is_none { Noise::Deterministic } else { law },
            unit: if is_none { 0.0 } else { unit },
            whole: None,
        }
    };
    factors.iter().map(own).collect()
}

/// The means of each game. Those that a tally adds up, `shared` neighbours in every game, share their units, also with the noise
/// of cells if that differs among them.
fn pooled(games: &[&[f64]], shared: usize, noise: &mut [OwnNoise]) -> Vec<Vec<Mean>> {
    let mut pooled = vec![Vec::with_capacity(games[0].len()); games.len()];
    for first in (0..games[0].len()).step_by(shared) {
        let own = |game: &&[f64]| game[first..first + shared].to_vec();
        let together: Vec<f64> = games.iter().flat_map(own).collect();
        let noisy = noise.get_mut(first..first + shared).unwrap_or_default();
        let units: Vec<f64> = noisy.iter().map(|each| each.unit).collect();
        let means = if units.iter().all(|unit| *unit == units[0]) {
            Mean::all(&together)
        } else {
            let [means, wholes] = Mean::beside_noise(&together, &units);
            for (each, whole) in noisy.iter_mut().zip(wholes) {
                each.whole = Some(whole);
            }
            means
        };
        for (all, own) in pooled.iter_mut().zip(means.chunks(shared)) {
            all.extend_from_slice(own);
        }
    }
    pooled
}

/// The number of each cell's tape in each game: how many other means the cell had before it first had this one.
fn tapes(games: &[&[f64]]) -> Vec<Vec<u32>> {
    if games.len() == 1 {
        return vec![vec![]];
    }
    let mut known: Vec<HashMap<u64, u32>> = vec![HashMap::new(); games[0].len()];
    let mut number = |(&mean, known): (&f64, &mut HashMap<u64, u32>)| {
        let new = u32::try_from(known.len()).unwrap_or(u32::MAX);
        // Both zeros are one mean.
        *known.entry((mean + 0.0).to_bits()).or_insert(new)
    };
    let game = |game: &&[f64]| game.iter().zip(&mut known).map(&mut number).collect();
    games.iter().map(game).collect()
}
