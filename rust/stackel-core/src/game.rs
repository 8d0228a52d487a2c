//! The game: mean utilities of both players and the law of each player's rewards.

use std::sync::Arc;

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
    /// What the rewards of leader and follower are made of.
    scales: Arc<[Scale; 2]>,
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
        let scale = |role, means| Scale::new(role, means, noise[role as usize], n_follower);
        let scales = [
            scale(Role::Leader, &leader),
            scale(Role::Follower, &follower),
        ];
        Ok(Self {
            n_leader,
            n_follower,
            utility: Arc::new([leader, follower]),
            noise,
            scales: Arc::new(scales),
        })
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

    /// The same game, in which a follower may add up its rewards under different leader actions without rounding.
    pub(crate) fn pooled(&self) -> Self {
        let [leader, _] = &*self.scales;
        let means = &self.utility[1];
        let scales = [leader.clone(), Scale::pooled(means, self.noise[1])];
        Self {
            scales: Arc::new(scales),
            ..self.clone()
        }
    }

    /// Reward laws of leader and follower.
    pub fn noise(&self) -> [Noise; 2] {
        self.noise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
