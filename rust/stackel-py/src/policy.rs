//! Python objects as players: what scalar and vector policies have in common.

use std::ops::Range;
use std::sync::Arc;

use pyo3::prelude::*;
use stackel_core::learners::{Algorithm, Information, RoundByRound, Seat};
use stackel_core::lockstep::VectorPlayer;
use stackel_core::rng::{Purpose, Role, Stream};
use stackel_core::{LearnerFailure, SpecError};

use crate::errors::{spec_error, with_note};
use crate::scalar_policy::ScalarPolicies;
use crate::unraisable::outside;
use crate::vector_policy::VectorPolicy;

/// A decision may take so many times as long as a round drawn by itself.
const EFFORT: u64 = 1 << 12;

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
    fn unwind(self) -> ! {
        let doing = self.place.map_or_else(String::new, |place| place.doing);
        LearnerFailure::unwind(self.error, doing)
    }
}

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

    /// Takes a seat in some replications, each with its stream of decisions.
    pub(crate) fn player(
        &self,
        py: Python<'_>,
        seat: &Seat,
        replications: Range<usize>,
        choice: Vec<Stream>,
    ) -> Result<Box<dyn PyPlayer>, Trouble> {
        let seated = Seated {
            role: seat.role,
            n_instances: match seat.role {
                Role::Leader => 1,
                Role::Follower => seat.n_leader,
            },
            replications,
            n_arms: seat.n_arms(),
            shape: (seat.n_leader, seat.n_follower),
            horizon: seat.horizon,
            sees_response: self.sees_response,
            name: self.name.clone(),
        };
        let learner = self.object.bind(py);
        Ok(if self.is_vectorised {
            Box::new(VectorPolicy::new(learner, seated, choice)?)
        } else {
            Box::new(ScalarPolicies::new(learner, seated, choice)?)
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
        // Nobody draws from this one: the stream comes with the first decision.
        let none = Stream::new(0, 0, seat.role, Purpose::Choice);
        let player = Python::attach(|py| outside(|| self.0.player(py, seat, 0..1, vec![none])));
        Box::new(Rule {
            player: player.unwrap_or_else(|trouble| trouble.unwind()),
            facing: 0,
            has_stream: false,
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
    /// Whether the player has the stream of its decisions.
    has_stream: bool,
}

impl RoundByRound for Rule {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        if !self.has_stream {
            self.player.draw_from(choice);
            self.has_stream = true;
        }
        let mut arms = [0];
        let ask = |py: Python<'_>| outside(|| self.player.choose(py, &[self.facing], &mut arms));
        Python::attach(ask).unwrap_or_else(|trouble| trouble.unwind());
        arms[0]
    }

    fn observe(&mut self, arm: usize, response: usize, reward: f64) {
        let tell = |py: Python<'_>| {
            outside(|| {
                self.player
                    .observe(py, &[self.facing], &[arm], &[response], &[reward])
            })
        };
        Python::attach(tell).unwrap_or_else(|trouble| trouble.unwind());
    }

    fn face(&mut self, action: usize) {
        self.facing = action;
    }
}

/// Python objects that are a player in several replications; see [`VectorPlayer`].
pub(crate) trait PyPlayer: Send {
    fn choose(
        &mut self,
        py: Python<'_>,
        instances: &[usize],
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

    /// Exchanges the stream of the first replication.
    fn draw_from(&mut self, stream: &mut Stream);
}

/// Such a player on a thread that keeps the interpreter.
pub(crate) struct Attached<'py> {
    pub(crate) py: Python<'py>,
    pub(crate) player: Box<dyn PyPlayer>,
}

impl VectorPlayer<Trouble> for Attached<'_> {
    fn choose(&mut self, instances: &[usize], arms: &mut [usize]) -> Result<(), Trouble> {
        self.player.choose(self.py, instances, arms)
    }

    fn observe(
        &mut self,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), Trouble> {
        self.player
            .observe(self.py, instances, arms, responses, rewards)
    }
}

/// A `CustomLearner` in its seat.
pub(crate) struct Seated {
    pub(crate) role: Role,
    pub(crate) replications: Range<usize>,
    /// Number of instances in each replication.
    pub(crate) n_instances: usize,
    pub(crate) n_arms: usize,
    /// Numbers of actions of leader and follower.
    pub(crate) shape: (usize, usize),
    pub(crate) horizon: u64,
    pub(crate) sees_response: bool,
    name: String,
}

impl Seated {
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
        let instance = match (self.role, at) {
            (Role::Follower, Some((_, action))) => format!(" at leader action {action}"),
            _ => String::new(),
        };
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
