//! Runs in which a player is a Python object: on the calling thread, which keeps the interpreter.

use std::ops::Range;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use stackel_core::lockstep::{Failure, Learners, Lockstep, VectorPlayer};
use stackel_core::rng::Role;
use stackel_core::{Checkpoints, Game, Outcome};

use crate::convert::Learner;
use crate::errors::spec_error;
use crate::policy::{Attached, Trouble};
use crate::supervise::{CancelToken, Needs, Request};
use crate::unraisable::inside;

/// How often the interpreter is asked for signals, and the progress bar moved.
const TICK: Duration = Duration::from_millis(50);
/// So many replications are played side by side where a player decides for all of them at once.
const LOCKSTEP_WIDTH: usize = 1 << 12;

/// A run between players of which one at least is a Python object.
pub(crate) struct PolicyRun<'a> {
    pub(crate) game: &'a Game,
    pub(crate) learners: [&'a Learner; 2],
    pub(crate) horizon: u64,
    pub(crate) replications: usize,
    pub(crate) seed: u64,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) trace: bool,
}

impl PolicyRun<'_> {
    /// Plays all replications. `progress` is told the fraction of rounds that are done.
    pub(crate) fn play(
        self,
        py: Python<'_>,
        request: &Request,
        progress: &dyn Fn(f64) -> PyResult<()>,
        cancel: Option<&Py<CancelToken>>,
    ) -> PyResult<Outcome> {
        let (horizon, replications) = (self.horizon, self.replications);
        let run = Lockstep::new(
            self.game,
            horizon,
            replications,
            self.seed,
            self.checkpoints,
            self.trace,
        );
        let run = run.map_err(spec_error)?;
        let mut outcome = run.outcome().map_err(spec_error)?;
        let _hooked = Needs::of(&self.learners).hooked(py)?;
        let is_vectorised =
            |learner: &&Learner| matches!(learner, Learner::Policy(policy) if policy.is_vectorised);
        let width = if self.learners.iter().any(is_vectorised) {
            LOCKSTEP_WIDTH
        } else {
            1
        };
        let mut last = Instant::now();
        for first in (0..replications).step_by(width) {
            let some = first..replications.min(first + width);
            let done = first as f64 / replications as f64;
            let share = some.len() as f64 / replications as f64 / horizon as f64;
            let mut look = |rounds: u64| {
                CancelToken::check(cancel)?;
                if last.elapsed() >= TICK {
                    // Other threads may want the interpreter, and one of them to cancel.
                    py.detach(|| ());
                    py.check_signals()?;
                    progress(done + share * rounds as f64)?;
                    last = Instant::now();
                }
                Ok(())
            };
            let play = || {
                let player =
                    |i: usize, role| player(py, self.learners[i], role, &run, some.clone());
                let start = || Ok((player(0, Role::Leader)?, player(1, Role::Follower)?));
                let (mut leader, mut follower) =
                    start().map_err(|error| Failure { error, round: 0 })?;
                run.play(
                    some.clone(),
                    &mut *leader,
                    &mut *follower,
                    &mut outcome,
                    &mut look,
                )
            };
            request
                .guard(play)?
                .map_err(|Failure { error, round }| Trouble::raise(error, py, round))?;
        }
        Ok(outcome)
    }
}

/// Takes a seat in some of the replications.
fn player<'py>(
    py: Python<'py>,
    learner: &Learner,
    role: Role,
    run: &Lockstep<'_>,
    replications: Range<usize>,
) -> Result<Box<dyn VectorPlayer<Trouble> + 'py>, Trouble> {
    let learners = |config| Learners::new(config, role, run, replications.clone());
    Ok(match learner {
        Learner::BuiltIn(config) => Box::new(learners(config).map_err(spec_error)?),
        Learner::Compiled(config) => {
            let learners = inside(|| learners(config)).map_err(spec_error)?;
            Box::new(Compiled(learners))
        }
        Learner::Policy(policy) => {
            let choice = replications.clone().map(|r| run.choice(role, r)).collect();
            let player = policy.player(py, &run.seat(role), replications, choice)?;
            Box::new(Attached { py, player })
        }
    })
}

/// Compiled functions on a thread where other Python code runs as well.
struct Compiled(Learners);

impl VectorPlayer<Trouble> for Compiled {
    fn choose(&mut self, instances: &[usize], arms: &mut [usize]) -> Result<(), Trouble> {
        inside(|| self.0.choose(instances, arms))
    }

    fn observe(
        &mut self,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), Trouble> {
        inside(|| self.0.observe(instances, arms, responses, rewards))
    }
}
