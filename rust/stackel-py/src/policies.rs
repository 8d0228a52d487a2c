//! Runs in which a player is a Python object: on the calling thread, which keeps the interpreter.

use std::time::{Duration, Instant};

use pyo3::prelude::*;
use stackel_core::EngineKind;
use stackel_core::lockstep::{Failure, Learners, Lockstep, VectorPlayer};
use stackel_core::rng::Role;

use crate::convert::{Named, config};
use crate::core::Game;
use crate::errors::spec_error;
use crate::policy::{Policies, Trouble};
use crate::run::{Arrays, Marks, arrays};
use crate::supervise::{CancelToken, Request};
use crate::vector_policy::VectorPolicy;

/// How often the interpreter is asked for signals, and the progress bar moved.
const TICK: Duration = Duration::from_millis(50);
/// So many replications are played abreast where a player decides for all of them at once.
const LOCKSTEP_WIDTH: usize = 1 << 12;

/// Who takes a seat: a learner of the core, or a `CustomLearner`.
#[derive(FromPyObject)]
pub(crate) enum Player<'py> {
    Named(Named<'py>),
    Custom(Bound<'py, PyAny>),
}

impl Player<'_> {
    fn is_vectorised(&self) -> PyResult<bool> {
        match self {
            Player::Named(_) => Ok(false),
            Player::Custom(learner) => learner.getattr("vectorised")?.extract(),
        }
    }

    /// Takes the seat in some of the replications.
    fn vector_player<'a>(
        &'a self,
        role: Role,
        run: &Lockstep<'_>,
        replications: std::ops::Range<usize>,
    ) -> Result<Box<dyn VectorPlayer<Trouble> + 'a>, Trouble> {
        Ok(match self {
            Player::Named(named) => {
                let learners = Learners::new(&config(named)?, role, run, replications);
                Box::new(learners.map_err(spec_error)?)
            }
            Player::Custom(learner) if self.is_vectorised()? => {
                Box::new(VectorPolicy::new(learner, role, run, replications)?)
            }
            Player::Custom(learner) => Box::new(Policies::new(learner, role, run, replications)?),
        })
    }
}

/// Run an experiment between players of which one at least is a Python object.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // they are what a run is
pub(crate) fn simulate_policies<'py>(
    py: Python<'py>,
    game: &Bound<'py, Game>,
    leader: Player<'py>,
    follower: Player<'py>,
    horizon: u64,
    replications: usize,
    seed: u64,
    checkpoints: Marks,
    trace: bool,
    progress: Option<Py<PyAny>>,
    cancel: Option<Py<CancelToken>>,
    spec: Py<PyAny>,
) -> PyResult<Arrays<'py>> {
    let game = &game.get().0;
    let run = Lockstep::new(game, horizon, replications, seed, checkpoints.into(), trace);
    let run = run.map_err(spec_error)?;
    let mut outcome = run.outcome().map_err(spec_error)?;
    let vectorised = leader.is_vectorised()? || follower.is_vectorised()?;
    let width = if vectorised { LOCKSTEP_WIDTH } else { 1 };
    let request = Request::new(spec);
    let mut last = Instant::now();
    for first in (0..replications).step_by(width) {
        let some = first..replications.min(first + width);
        let done = first as f64 / replications as f64;
        let share = some.len() as f64 / replications as f64 / horizon as f64;
        let mut look = |rounds: u64| {
            CancelToken::check(cancel.as_ref())?;
            if last.elapsed() >= TICK {
                // Other threads may want the interpreter, and one of them to cancel.
                py.detach(|| ());
                py.check_signals()?;
                if let Some(show) = &progress {
                    show.call1(py, (done + share * rounds as f64,))?;
                }
                last = Instant::now();
            }
            Ok(())
        };
        let vector_player = |player, role, some| Player::vector_player(player, role, &run, some);
        let mut leader =
            vector_player(&leader, Role::Leader, some.clone()).map_err(|t| t.raise(py, None))?;
        let mut follower = vector_player(&follower, Role::Follower, some.clone())
            .map_err(|t| t.raise(py, None))?;
        let play = || run.play(some, &mut *leader, &mut *follower, &mut outcome, &mut look);
        request
            .guard(play)?
            .map_err(|Failure { error, round }| Trouble::raise(error, py, Some(round)))?;
    }
    arrays(py, game, outcome, replications, EngineKind::Stepwise)
}
