//! What a Python object is as a player: its seat, and the place of an exception.

use std::ops::Range;

use pyo3::prelude::*;
use stackel_core::lockstep::VectorPlayer;
use stackel_core::rng::{Role, Stream};
use stackel_core::{LearnerFailure, Rewards, SpecError};

use crate::errors::{spec_error, with_note};

/// An exception, with its place if it arose in the caller's code.
pub(crate) struct Trouble {
    error: PyErr,
    place: Option<Place>,
}

struct Place {
    /// The replications that were played.
    replications: String,
    /// What was being done.
    doing: String,
}

impl From<PyErr> for Trouble {
    fn from(error: PyErr) -> Self {
        Self { error, place: None }
    }
}

impl Trouble {
    /// The exception, unchanged but for a note that says where it arose; round 0 is the start.
    pub(crate) fn raise(self, py: Python<'_>, round: u64) -> PyErr {
        match self.place {
            None => self.error,
            Some(Place {
                replications,
                doing,
            }) => with_note(py, self.error, round, &replications, &doing),
        }
    }

    /// Ends a run of the core.
    #[cold]
    pub(crate) fn unwind(self) -> ! {
        let doing = self.place.map_or_else(String::new, |place| place.doing);
        LearnerFailure::unwind(self.error, doing)
    }
}

/// Python objects that are a player in several replications; see [`VectorPlayer`].
pub(crate) trait PyPlayer: Send {
    fn choose(
        &mut self,
        py: Python<'_>,
        instances: &[usize],
        streams: &mut [Stream],
        arms: &mut [usize],
    ) -> Result<(), Trouble>;

    fn observe(
        &mut self,
        py: Python<'_>,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), Trouble>;
}

/// Such a player on a thread that keeps the interpreter.
pub(crate) struct Attached<'py> {
    pub(crate) py: Python<'py>,
    pub(crate) player: Box<dyn PyPlayer>,
}

impl VectorPlayer<Trouble> for Attached<'_> {
    fn choose(
        &mut self,
        instances: &[usize],
        streams: &mut [Stream],
        arms: &mut [usize],
    ) -> Result<(), Trouble> {
        self.player.choose(self.py, instances, streams, arms)
    }

    fn observe(
        &mut self,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[Rewards],
    ) -> Result<(), Trouble> {
        let rewards: Vec<f64> = rewards.iter().map(Rewards::value).collect();
        self.player
            .observe(self.py, instances, arms, responses, &rewards)
    }
}

/// A `CustomLearner` in its seat.
pub(crate) struct Seated {
    pub(crate) role: Role,
    pub(crate) replications: Range<usize>,
    /// Number of instances in each replication.
    pub(crate) n_instances: usize,
    /// The leader action that the only instance answers; None where there is one for each action.
    pub(crate) leader_action: Option<usize>,
    /// Whether the only instance answers all leader actions, which it does not see.
    pub(crate) blind: bool,
    pub(crate) n_arms: usize,
    /// Numbers of actions of leader and follower.
    pub(crate) shape: (usize, usize),
    pub(crate) horizon: u64,
    pub(crate) sees_response: bool,
    pub(crate) name: String,
}

impl Seated {
    /// The leader action that an instance answers, if it answers one only.
    pub(crate) fn action(&self, instance: usize) -> Option<usize> {
        match self.role {
            Role::Follower if !self.blind => Some(self.leader_action.unwrap_or(instance)),
            _ => None,
        }
    }

    /// An exception of the caller's code in `method`, called for an instance of a replication.
    #[cold]
    pub(crate) fn trouble(
        &self,
        error: PyErr,
        method: &str,
        at: Option<(usize, usize)>,
    ) -> Trouble {
        let (first, last) = (self.replications.start, self.replications.end - 1);
        let replications = match at {
            Some((r, _)) => format!("replication {}", first + r),
            None if first == last => format!("replication {first}"),
            None => format!("replications {first} to {last}"),
        };
        let action = at.and_then(|(_, instance)| self.action(instance));
        let instance =
            action.map_or_else(String::new, |action| format!(" at leader action {action}"));
        let doing = format!(
            "{method} of the {} {:?}{instance}",
            self.role.name(),
            self.name
        );
        let place = Some(Place {
            replications,
            doing,
        });
        Trouble { error, place }
    }

    /// The exception for an answer that is no arm.
    #[cold]
    pub(crate) fn no_arm(&self, method: &str, what: &str, given: &Bound<'_, PyAny>) -> PyErr {
        let shown = given
            .py()
            .import("stackel._utils.validation")
            .and_then(|module| {
                module
                    .getattr("shown")?
                    .call1((given,))?
                    .extract::<String>()
            });
        let allowed = format!(
            "a learner whose {method} returns {what} from 0 to {}",
            self.n_arms - 1
        );
        match shown {
            Ok(shown) => spec_error(SpecError::new(self.role.name(), allowed, shown)),
            Err(error) => error,
        }
    }
}
