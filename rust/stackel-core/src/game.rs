//! The game: mean utilities of both players and the law of each player's rewards.

mod changing;

use std::sync::Arc;

use self::changing::Changes;
pub use self::changing::Piece;
use crate::error::SpecError;
use crate::noise::Noise;
use crate::rewards::Scale;
use crate::rng::Role;

/// A Stackelberg game with finitely many actions. Copies share their utilities in memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Game {
    n_leader: usize,
    n_follower: usize,
    /// Mean utilities of leader and follower, row-major by leader action.
    utility: Arc<[Vec<f64>; 2]>,
    noise: [Noise; 2],
    /// What the noise of leader and follower is multiplied by in each cell, where it is not the same in all of them.
    factors: [Option<Arc<[f64]>>; 2],
    /// What the rewards of leader and follower are made of.
    scales: Arc<[Scale; 2]>,
    /// The games in their order, where this is the first of several.
    changes: Option<Arc<Changes>>,
}

impl Game {
    /// Builds a game from row-major matrices of shape `(n_leader, n_follower)`.
    ///
    /// ```
    /// use stackel_core::{Game, Noise};
    /// let noise = Noise::Gaussian { sigma: 1.0 };
    /// let game = Game::new(2, 2, vec![0.6, 0.2, 0.5, 0.4], vec![0.4, 0.0, 0.3, 0.2], [noise; 2]);
    /// assert!(game.is_ok());
    /// ```
    pub fn new(
        n_leader: usize,
        n_follower: usize,
        leader: Vec<f64>,
        follower: Vec<f64>,
        noise: [Noise; 2],
    ) -> Result<Self, SpecError> {
        for (role, utility, law) in [
            (Role::Leader, &leader, noise[0]),
            (Role::Follower, &follower, noise[1]),
        ] {
            if utility.is_empty() || Some(utility.len()) != n_leader.checked_mul(n_follower) {
                return Err(SpecError::new(
                    role.name(),
                    "a matrix with a row for each leader action and a column for each answer",
                    format!("{} entries for {n_leader} x {n_follower}", utility.len()),
                ));
            }
            law.check()?;
            if let Some(cell) = utility.iter().position(|&mean| !law.admits(mean)) {
                let allowed = match law {
                    Noise::Bernoulli => "probabilities in [0, 1], as Bernoulli noise needs",
                    Noise::Own(_) if utility[cell].is_finite() => "means of such a law",
                    _ => "finite numbers of size at most 1e100",
                };
                let (a, b) = (cell / n_follower, cell % n_follower);
                let given = format!("{:?} at [{a}, {b}]", utility[cell]);
                return Err(SpecError::new(role.name(), allowed, given));
            }
        }
        let scales = [(Role::Leader, &leader), (Role::Follower, &follower)]
            .map(|(role, means)| Scale::new(role, means, noise[role as usize], n_follower));
        Ok(Self {
            n_leader,
            n_follower,
            utility: Arc::new([leader, follower]),
            noise,
            factors: [None, None],
            scales: Arc::new(scales),
            changes: None,
        })
    }

    /// The same game with noise whose scale differs from cell to cell: that of leader and follower is multiplied by these
    /// factors, row-major by leader action. Not for games that change: scale the games that they are made of.
    ///
    /// ```
    /// use stackel_core::{Game, Noise};
    /// let noise = [Noise::Gaussian { sigma: 1.0 }, Noise::Bernoulli];
    /// let game = Game::new(2, 1, vec![0.6, 0.5], vec![0.4, 0.3], noise)?;
    /// assert!(game.clone().with_noise_scaled([Some(vec![0.5, 2.0]), None]).is_ok());
    /// assert!(game.with_noise_scaled([None, Some(vec![0.5, 2.0])]).is_err());
    /// # Ok::<(), stackel_core::SpecError>(())
    /// ```
    pub fn with_noise_scaled(mut self, factors: [Option<Vec<f64>>; 2]) -> Result<Self, SpecError> {
        if factors.iter().all(Option::is_none) {
            return Ok(self);
        }
        let refuse = |allowed: &str, given: String| Err(SpecError::new("noise", allowed, given));
        if self.changes.is_some() {
            return refuse(
                "scaled in the games that a changing game is made of",
                "factors for a game that changes".to_string(),
            );
        }
        for (player, factors) in factors.into_iter().enumerate() {
            let Some(factors) = factors else {
                continue;
            };
            if factors.len() != self.n_cells() {
                let (n, m) = (self.n_leader, self.n_follower);
                let allowed = format!("of one scale, or of one for each cell: {n} x {m} scales");
                return refuse(&allowed, format!("{} scales", factors.len()));
            }
            let factors: Vec<f64> = match self.factors[player].take() {
                Some(old) => factors
                    .iter()
                    .zip(&*old)
                    .map(|(new, old)| new * old)
                    .collect(),
                None => factors,
            };
            for (cell, &factor) in factors.iter().enumerate() {
                let Some(law) = self.noise[player].scaled(factor) else {
                    let given = format!("scales for {:?}", self.noise[player]);
                    return refuse(
                        "a law with a scale, for scales of its own in each cell",
                        given,
                    );
                };
                law.check().map_err(|error| {
                    let (a, b) = (cell / self.n_follower, cell % self.n_follower);
                    let given = format!("{} at [{a}, {b}]", error.given);
                    SpecError { given, ..error }
                })?;
            }
            let first = factors[0];
            if factors.iter().all(|&factor| factor == first) {
                let law = self.noise[player].scaled(first);
                self.noise[player] = law.unwrap_or(self.noise[player]);
            } else {
                self.factors[player] = Some(factors.into());
            }
        }
        Ok(changing::alike(&[&self], false).swap_remove(0))
    }

    /// Number of leader actions.
    pub fn n_leader(&self) -> usize {
        self.n_leader
    }

    /// Number of follower actions.
    pub fn n_follower(&self) -> usize {
        self.n_follower
    }

    /// Number of action pairs.
    pub fn n_cells(&self) -> usize {
        self.n_leader * self.n_follower
    }

    /// Position of a pair of actions in row-major order.
    ///
    /// # Panics
    ///
    /// If the follower has no action `b`.
    #[inline]
    pub fn cell(&self, a: usize, b: usize) -> usize {
        assert!(
            b < self.n_follower,
            "a learner named an arm that it does not have"
        );
        a * self.n_follower + b
    }

    /// Mean utilities of leader and follower, row-major by leader action.
    pub fn utility(&self) -> &[Vec<f64>; 2] {
        &self.utility
    }

    /// Mean utilities of leader and follower in a cell.
    #[inline]
    pub fn means(&self, cell: usize) -> [f64; 2] {
        [self.utility[0][cell], self.utility[1][cell]]
    }

    /// The follower's mean utilities under leader action `a`.
    pub fn follower_row(&self, a: usize) -> &[f64] {
        &self.utility[1][self.cell(a, 0)..self.cell(a + 1, 0)]
    }

    /// What the rewards of leader, 0, or follower, 1, are made of.
    #[inline]
    pub(crate) fn scale(&self, player: usize) -> &Scale {
        &self.scales[player]
    }

    /// A game with the same actions and the same noise, but other mean utilities.
    pub fn with_utility(&self, leader: Vec<f64>, follower: Vec<f64>) -> Result<Self, SpecError> {
        let factors = self
            .factors
            .each_ref()
            .map(|each| each.as_deref().map(<[f64]>::to_vec));
        Self::new(self.n_leader, self.n_follower, leader, follower, self.noise)?
            .with_noise_scaled(factors)
    }

    /// What the noise of leader, 0, or follower, 1, is multiplied by in each cell; nothing if it is the same in all of them.
    pub(crate) fn factors(&self, player: usize) -> &[f64] {
        self.factors[player].as_deref().unwrap_or_default()
    }

    /// Reward laws of leader and follower, before they are scaled.
    pub fn noise(&self) -> [Noise; 2] {
        self.noise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_multiply() {
        let noise = [Noise::Gaussian { sigma: 2.0 }; 2];
        let plain = Game::new(1, 2, vec![0.0; 2], vec![0.0; 2], noise).unwrap();
        let scaled = |game: Game, factors: [f64; 2]| {
            let factors = Some(factors.to_vec());
            game.with_noise_scaled([factors.clone(), factors]).unwrap()
        };
        let twice = scaled(scaled(plain.clone(), [0.5, 2.0]), [3.0, 4.0]);
        assert_eq!(twice, scaled(plain.clone(), [1.5, 8.0]));
        // Back to one scale.
        assert_eq!(scaled(scaled(plain.clone(), [0.5, 2.0]), [2.0, 0.5]), plain);
    }

    #[test]
    fn bad_utilities_are_named_with_their_place() {
        let noise = [Noise::Deterministic, Noise::Bernoulli];
        let error = Game::new(1, 2, vec![0.0, f64::NAN], vec![0.0; 2], noise).unwrap_err();
        assert_eq!(
            error.to_string(),
            "leader: must be finite numbers of size at most 1e100, got NaN at [0, 1]"
        );
        let error = Game::new(2, 1, vec![0.0; 2], vec![0.0, 1.5], noise).unwrap_err();
        assert_eq!(
            (error.argument.as_str(), error.given.as_str()),
            ("follower", "1.5 at [1, 0]")
        );
        assert!(Game::new(0, 3, vec![], vec![], noise).is_err());
        assert!(Game::new(usize::MAX, 2, vec![0.0; 2], vec![0.0; 2], noise).is_err());
    }
}
