//! Runs in which a player is a Python object. They keep the interpreter and the calling thread.

use std::ops::Range;
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use stackel_core::lockstep::{Failure, Learners, Lockstep, VectorPlayer};
use stackel_core::rng::{Role, Stream};
use stackel_core::{EngineKind, Rewards};

use crate::convert::Learner;
use crate::description::Run;
use crate::errors::spec_error;
use crate::outcome::{Arrays, arrays};
use crate::seated::{Attached, Trouble};
use crate::supervise::{CancelToken, Needs, Request};
use crate::unraisable::inside;

/// Time between two checks for signals and reports of progress.
const TICK: Duration = Duration::from_millis(50);
/// Number of replications in lockstep where a player decides for all of them at once.
const LOCKSTEP_WIDTH: usize = 1 << 12;

/// Runs an experiment in which at least one player is a Python object.
pub(crate) fn simulate_policies<'py>(
    py: Python<'py>,
    asked: Run<'py>,
    request: &Request,
    progress: Option<&Py<PyAny>>,
    cancel: Option<&Py<CancelToken>>,
) -> PyResult<Arrays<'py>> {
    let game = &asked.game.get().0;
    let learners = asked.both()?.map(Clone::clone);
    let (horizon, replications) = (asked.horizon, asked.replications);
    let run = Lockstep::new(
        game,
        horizon,
        replications,
        asked.seed,
        asked.checkpoints,
        asked.trace,
    );
    let run = run.map_err(spec_error)?.answered_by(&learners[1].config());
    let mut outcome = run.outcome().map_err(spec_error)?;
    let _hooked = Needs::of(&learners).hooked(py)?;
    let is_vectorised =
        |learner: &Learner| matches!(learner, Learner::Policy(policy) if policy.is_vectorised);
    let width = if learners.iter().any(is_vectorised) {
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
                // Other threads get the interpreter, so that one of them can cancel the run.
                py.detach(|| ());
                py.check_signals()?;
                if let Some(show) = progress {
                    show.call1(py, (done + share * rounds as f64,))?;
                }
                last = Instant::now();
            }
            Ok(())
        };
        let play = || {
            let [leader, follower] = &learners;
            let player = |learner, role| player(py, learner, role, &run, some.clone());
            let start = || {
                Ok((
                    player(leader, Role::Leader)?,
                    player(follower, Role::Follower)?,
                ))
            };
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
    arrays(py, game, outcome, replications, EngineKind::Stepwise)
}

/// A learner in its seat in some of the replications.
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
        Learner::Compiled(config) | Learner::MadeOfPolicy(config, _) => {
            let learners = inside(|| learners(config)).map_err(spec_error)?;
            Box::new(Asking(learners))
        }
        Learner::Policy(policy) => {
            let player = policy.player(py, &run.seat(role), replications)?;
            Box::new(Attached { py, player })
        }
    })
}

/// Learners of the core that ask compiled functions or Python objects, on a thread where other Python code runs as well.
struct Asking(Learners);

impl VectorPlayer<Trouble> for Asking {
    fn choose(
        &mut self,
        instances: &[usize],
        streams: &mut [Stream],
        arms: &mut [usize],
    ) -> Result<(), Trouble> {
        inside(|| self.0.choose(instances, streams, arms))
    }

    fn observe(
        &mut self,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[Rewards],
    ) -> Result<(), Trouble> {
        inside(|| self.0.observe(instances, arms, responses, rewards))
    }
}
