//! What the rewards of a player in a game are made of, for all replications.

use std::collections::HashMap;

use super::bridge::Bridge;
use super::coins::Coins;
use super::digits;
use super::gaussian::{self, Normals};
use super::key::Key;
use super::sums::{Mean, Units};
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
    /// Mean utilities of the cells.
    pub(super) means: Vec<Mean>,
    /// Whether sums of rewards do not depend on the order of play.
    pub(super) has_sums: bool,
    /// Unit of the noise.
    pub(super) unit: f64,
    /// Number of cells to a tape.
    pub(super) width: usize,
    /// The number of the tape of each cell among those of the cell, where it is not the first: in a game that changes,
    /// coins of another probability have another tape.
    pub(super) tapes: Vec<u32>,
}

impl Scale {
    /// The scale of a player's mean utilities and noise, in a game with `n_follower` responses.
    pub(crate) fn new(role: Role, means: &[f64], noise: Noise, n_follower: usize) -> Self {
        // The cells whose rewards a tally adds up: a leader's action, or a response to one.
        let shared = if role == Role::Leader { n_follower } else { 1 };
        let mut all = Self::all(&[means], noise, shared, shared);
        all.swap_remove(0)
    }

    /// The scales of a player in games that follow each other. They have the same units, so that a tally can go on. Tallies add up
    /// rewards of `shared` cells; where cells of an action share a tape, there are `width` of them.
    pub(crate) fn all(games: &[&[f64]], noise: Noise, shared: usize, width: usize) -> Vec<Self> {
        let unit = match noise {
            Noise::Gaussian { sigma } => sigma / gaussian::GRID,
            Noise::Uniform { half_width } => half_width / digits::GRID,
            Noise::Bernoulli => 1.0,
            Noise::Deterministic | Noise::Own(_) => 0.0,
        };
        let by_action = matches!(noise, Noise::Gaussian { .. } | Noise::Uniform { .. });
        let noise = if by_action && unit < LEAST {
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
            pooled(games, shared)
        };
        let exact = |means: &Vec<Mean>| means.iter().all(|mean| mean.rest == 0.0);
        let has_sums = !matches!(noise, Noise::Own(_)) && means.iter().all(exact);
        let tapes = if coins {
            tapes(games)
        } else {
            vec![vec![]; games.len()]
        };
        let scale = |(means, tapes)| Self {
            noise,
            means,
            has_sums,
            unit,
            width: if by_action { width } else { 1 },
            tapes,
        };
        means.into_iter().zip(tapes).map(scale).collect()
    }

    /// The units of the rewards of a cell.
    #[inline]
    pub(super) fn units(&self, cell: usize) -> Units {
        Units {
            means: self.means[cell].units,
            noise: self.unit,
        }
    }

    /// Whether rewards differ from their means.
    pub(super) fn has_noise(&self) -> bool {
        self.noise != Noise::Deterministic
    }

    /// The walk of the sums of rewards, in units of utility.
    pub(super) fn bridge(&self) -> Bridge {
        match self.noise {
            Noise::Gaussian { sigma } => Bridge::Normal { sigma },
            Noise::Deterministic => Bridge::Normal { sigma: 0.0 },
            Noise::Bernoulli => Bridge::Bounded { range: 1.0 },
            Noise::Uniform { half_width } => Bridge::Bounded {
                range: 2.0 * half_width,
            },
            Noise::Own(_) => Bridge::Unknown,
        }
    }

    /// The same, in units of the tape.
    #[inline]
    pub(super) fn tape_bridge(&self) -> Bridge {
        match self.noise {
            Noise::Gaussian { .. } | Noise::Deterministic => Bridge::Normal {
                sigma: gaussian::GRID,
            },
            Noise::Uniform { .. } => Bridge::Bounded {
                range: 2.0 * digits::GRID,
            },
            Noise::Bernoulli | Noise::Own(_) => self.bridge(),
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

/// The means of each game. Those that a tally adds up, `shared` neighbours in every game, share their units.
fn pooled(games: &[&[f64]], shared: usize) -> Vec<Vec<Mean>> {
    let mut pooled = vec![Vec::with_capacity(games[0].len()); games.len()];
    for first in (0..games[0].len()).step_by(shared) {
        let own = |game: &&[f64]| game[first..first + shared].to_vec();
        let together: Vec<f64> = games.iter().flat_map(own).collect();
        for (all, own) in pooled.iter_mut().zip(Mean::all(&together).chunks(shared)) {
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
