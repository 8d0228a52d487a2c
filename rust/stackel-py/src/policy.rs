//! A Python object as a player, asked for one replication after the other.

use std::ops::Range;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use stackel_core::SpecError;
use stackel_core::lockstep::{Lockstep, VectorPlayer};
use stackel_core::rng::{Role, Stream};

use crate::errors::spec_error;
use crate::streams::BitGenerator;

/// An exception, and where in the caller's code it arose, if it did.
pub(crate) struct Trouble {
    error: PyErr,
    /// The replications that were played, and what was being done.
    place: Option<[String; 2]>,
}

impl From<PyErr> for Trouble {
    fn from(error: PyErr) -> Self {
        Self { error, place: None }
    }
}

impl Trouble {
    /// The exception, unchanged but for a note that says where it arose.
    pub(crate) fn raise(self, py: Python<'_>, round: Option<u64>) -> PyErr {
        let Some([replications, doing]) = self.place else {
            return self.error;
        };
        let when = round.map_or("before round 1".to_string(), |round| {
            format!("in round {round}")
        });
        let note = format!("{when} of {replications}: {doing}");
        match self.error.value(py).call_method1("add_note", (note,)) {
            Ok(_) => self.error,
            Err(error) => error,
        }
    }
}

/// A `CustomLearner` in its seat.
pub(crate) struct Seated {
    pub(crate) role: Role,
    pub(crate) replications: Range<usize>,
    /// Instances in each replication.
    pub(crate) n_instances: usize,
    pub(crate) n_arms: usize,
    pub(crate) horizon: u64,
    pub(crate) sees_response: bool,
    name: String,
}

impl Seated {
    pub(crate) fn new(
        learner: &Bound<'_, PyAny>,
        role: Role,
        run: &Lockstep<'_>,
        replications: Range<usize>,
    ) -> PyResult<Self> {
        let seat = run.seat(role);
        Ok(Self {
            role,
            replications,
            n_instances: match role {
                Role::Leader => 1,
                Role::Follower => seat.n_leader,
            },
            n_arms: seat.n_arms(),
            horizon: seat.horizon,
            sees_response: learner.getattr("sees_response")?.extract()?,
            name: learner.getattr("name")?.extract()?,
        })
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
        let instance = match (self.role, at) {
            (Role::Follower, Some((_, action))) => format!(" at leader action {action}"),
            _ => String::new(),
        };
        let doing = format!(
            "{method} of the {} {:?}{instance}",
            self.role.name(),
            self.name
        );
        let place = Some([replications, doing]);
        Trouble { error, place }
    }

    /// The exception for something that is no arm.
    #[cold]
    pub(crate) fn no_arm(&self, method: &str, what: &str, given: &Bound<'_, PyAny>) -> PyErr {
        let shown = given.py().import("stackel._utils.validation").and_then(|module| {
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

/// One object for each replication and instance.
pub(crate) struct Policies<'py> {
    seated: Seated,
    /// The bound methods of the objects, replication by replication.
    choose: Vec<Bound<'py, PyAny>>,
    observe: Vec<Bound<'py, PyAny>>,
    /// The stream of each replication, but for that which the generator holds.
    choice: Vec<Stream>,
    generator: Bound<'py, BitGenerator>,
    holds: usize,
    /// The arguments of `choose`: NumPy's generator.
    rng: Bound<'py, PyTuple>,
}

impl<'py> Policies<'py> {
    pub(crate) fn new(
        learner: &Bound<'py, PyAny>,
        role: Role,
        run: &Lockstep<'_>,
        replications: Range<usize>,
    ) -> Result<Self, Trouble> {
        let py = learner.py();
        let seated = Seated::new(learner, role, run, replications.clone())?;
        let n = replications.len() * seated.n_instances;
        let (mut choose, mut observe) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for i in 0..n {
            let seat = (role.name(), seated.horizon, seated.n_arms);
            let methods = learner.call_method1("_seat", seat);
            let at = (i / seated.n_instances, i % seated.n_instances);
            let methods = methods.map_err(|error| seated.trouble(error, "the start", Some(at)))?;
            let (first, second) = methods.extract()?;
            choose.push(first);
            observe.push(second);
        }
        let mut choice: Vec<_> = replications.map(|r| run.choice(role, r)).collect();
        let generator = Bound::new(py, BitGenerator::new(py, choice[0].clone())?)?;
        let rng = py
            .import("numpy.random")?
            .getattr("Generator")?
            .call1((&generator,))?;
        // The place of the stream that is held is never read.
        choice[0] = run.choice(role, 0);
        Ok(Self {
            seated,
            choose,
            observe,
            choice,
            generator,
            holds: 0,
            rng: PyTuple::new(py, [rng])?,
        })
    }

    /// Lets the generator draw from the stream of a replication.
    fn hold(&mut self, r: usize) {
        if self.holds != r {
            self.generator.get().swap(&mut self.choice[self.holds]);
            self.generator.get().swap(&mut self.choice[r]);
            self.holds = r;
        }
    }

    fn choose_in(&mut self, r: usize, instance: usize) -> PyResult<usize> {
        self.hold(r);
        let choose = &self.choose[r * self.seated.n_instances + instance];
        let chosen = choose.call1(&self.rng)?;
        match chosen.extract() {
            Ok(arm) if arm < self.seated.n_arms => Ok(arm),
            _ => Err(self.seated.no_arm("choose", "a whole number", &chosen)),
        }
    }
}

impl VectorPlayer<Trouble> for Policies<'_> {
    fn choose(&mut self, instances: &[usize], arms: &mut [usize]) -> Result<(), Trouble> {
        for (r, (&instance, arm)) in instances.iter().zip(arms).enumerate() {
            *arm = self
                .choose_in(r, instance)
                .map_err(|error| self.seated.trouble(error, "choose", Some((r, instance))))?;
        }
        Ok(())
    }

    fn observe(
        &mut self,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), Trouble> {
        for (r, &instance) in instances.iter().enumerate() {
            let observe = &self.observe[r * self.seated.n_instances + instance];
            let told = if self.seated.sees_response {
                observe.call1((arms[r], rewards[r], responses[r]))
            } else {
                observe.call1((arms[r], rewards[r]))
            };
            if let Err(error) = told {
                return Err(self.seated.trouble(error, "observe", Some((r, instance))));
            }
        }
        Ok(())
    }
}
