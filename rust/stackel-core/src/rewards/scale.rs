//! What the rewards of a player in a game are made of, for all replications.

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
}

impl Scale {
    /// The scale of a player's mean utilities and noise, in a game with `n_follower` responses.
    pub(crate) fn new(role: Role, means: &[f64], noise: Noise, n_follower: usize) -> Self {
        // The cells whose rewards a tally adds up: a leader's action, or a response to one.
        let shared = if role == Role::Leader { n_follower } else { 1 };
        Self::of(means, noise, shared, shared)
    }

    /// The scale of a follower whose tallies add up rewards of all cells. Each cell has its tape.
    pub(crate) fn pooled(means: &[f64], noise: Noise) -> Self {
        Self::of(means, noise, means.len(), 1)
    }

    /// Tallies add up rewards of `shared` cells; where cells of an action share a tape, there are `width` of them.
    fn of(means: &[f64], noise: Noise, shared: usize, width: usize) -> Self {
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
        let means = if noise == Noise::Bernoulli {
            // The number of ones is all there is to a sum.
            Mean::all(&vec![0.0; means.len()])
        } else {
            means.chunks(shared).flat_map(Mean::all).collect()
        };
        Self {
            noise,
            has_sums: !matches!(noise, Noise::Own(_))
                && means.iter().all(|mean: &Mean| mean.rest == 0.0),
            means,
            unit,
            width: if by_action { width } else { 1 },
        }
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
