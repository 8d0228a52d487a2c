//! A `CustomLearner` as a player: of the core, or of replications in lockstep.

use std::ops::Range;
use std::sync::Arc;

use pyo3::prelude::*;
use stackel_core::Rewards;
use stackel_core::learners::{Algorithm, Information, RoundByRound, Seat};
use stackel_core::rng::{Role, Stream};

use crate::scalar_policy::ScalarPolicies;
use crate::seated::{PyPlayer, Seated, Trouble};
use crate::unraisable::outside;
use crate::vector_policy::VectorPolicy;

/// A decision may take so many times as long as a round drawn by itself.
const EFFORT: u64 = 1 << 12;

/// A `CustomLearner` as an algorithm of the core, for games that are played in pieces.
pub(crate) struct Policy(pub(crate) Arc<PolicyLearner>);

/// A `CustomLearner`.
pub(crate) struct PolicyLearner {
    object: Py<PyAny>,
    name: String,
    sees_response: bool,
    pub(crate) is_vectorised: bool,
}

impl PolicyLearner {
    pub(crate) fn new(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self {
            name: object.getattr("name")?.extract()?,
            sees_response: object.getattr("sees_response")?.extract()?,
            is_vectorised: object.getattr("vectorised")?.extract()?,
            object: object.clone().unbind(),
        })
    }

    pub(crate) fn object(&self, py: Python<'_>) -> Py<PyAny> {
        self.object.clone_ref(py)
    }

    /// Takes a seat in some replications.
    pub(crate) fn player(
        &self,
        py: Python<'_>,
        seat: &Seat,
        replications: Range<usize>,
    ) -> Result<Box<dyn PyPlayer>, Trouble> {
        let seated = Seated {
            role: seat.role,
            n_instances: match seat.role {
                Role::Follower if !seat.blind && seat.leader_action.is_none() => seat.n_leader,
                _ => 1,
            },
            blind: seat.blind,
            leader_action: seat.leader_action,
            replications,
            n_arms: seat.n_arms(),
            shape: (seat.n_leader, seat.n_follower),
            horizon: seat.horizon,
            sees_response: self.sees_response,
            name: self.name.clone(),
        };
        let learner = self.object.bind(py);
        Ok(if self.is_vectorised {
            Box::new(VectorPolicy::new(learner, seated)?)
        } else {
            Box::new(ScalarPolicies::new(learner, seated)?)
        })
    }
}

impl Algorithm for Policy {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn sees(&self) -> Information {
        if self.0.sees_response {
            Information::Responses
        } else {
            Information::OwnRewards
        }
    }

    /// Its instances are Python objects, which one learner of the core asks.
    fn answers_all_actions(&self) -> bool {
        true
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        let player = Python::attach(|py| outside(|| self.0.player(py, seat, 0..1)));
        Box::new(Rule {
            player: player.unwrap_or_else(|trouble| trouble.unwind()),
            facing: 0,
        })
    }

    fn effort(&self) -> u64 {
        EFFORT
    }
}

/// The instances of a player in one replication, asked by the core.
struct Rule {
    player: Box<dyn PyPlayer>,
    /// The instance that is asked.
    facing: usize,
}

impl RoundByRound for Rule {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let mut arms = [0];
        let streams = std::slice::from_mut(choice);
        let ask =
            |py: Python<'_>| outside(|| self.player.choose(py, &[self.facing], streams, &mut arms));
        Python::attach(ask).unwrap_or_else(|trouble| trouble.unwind());
        arms[0]
    }

    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        let tell = |py: Python<'_>| {
            outside(|| {
                self.player
                    .observe(py, &[self.facing], &[arm], &[response], &[reward.value()])
            })
        };
        Python::attach(tell).unwrap_or_else(|trouble| trouble.unwind());
    }

    fn face(&mut self, action: usize) {
        self.facing = action;
    }
}
