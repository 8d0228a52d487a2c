//! Runs in which a player is a Python object. They keep the interpreter and the calling thread.

use std::time::{Duration, Instant};

use pyo3::intern;
use pyo3::prelude::*;
use stackel_core::lockstep::{Failure, Learners, Lockstep, VectorPlayer};
use stackel_core::rng::Role;
use stackel_core::{EngineKind, SpecError};

use crate::convert::{Named, config};
use crate::errors::spec_error;
use crate::policy::{Policies, Trouble};
use crate::run::{Arrays, Run, arrays};
use crate::supervise::{CancelToken, Request};
use crate::vector_policy::VectorPolicy;

/// Time between two checks for signals and reports of progress.
const TICK: Duration = Duration::from_millis(50);
/// Number of replications in lockstep where a player decides for all of them at once.
const LOCKSTEP_WIDTH: usize = 1 << 12;

/// The name that `CustomLearner.as_core` returns, and the key of the learner.
const CUSTOM: &str = "CustomLearner";
const POLICY: &str = "policy";

/// A player: a learner of the core, or a `CustomLearner`.
pub(crate) enum Player<'py> {
    Named(Named<'py>),
    Custom(Bound<'py, PyAny>),
}

impl<'py> Player<'py> {
    /// Reads a learner. `None`, where the caller decides, gives no player.
    pub(crate) fn read(learner: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        if learner.is_none() {
            return Ok(None);
        }
        let named: Named<'py> = learner
            .call_method0(intern!(learner.py(), "as_core"))?
            .extract()?;
        if named.0 == CUSTOM
            && let Some(learner) = named.1.get_item(POLICY)?
        {
            return Ok(Some(Player::Custom(learner)));
        }
        Ok(Some(Player::Named(named)))
    }

    fn is_vectorised(&self) -> PyResult<bool> {
        match self {
            Player::Named(_) => Ok(false),
            Player::Custom(learner) => learner.getattr("vectorised")?.extract(),
        }
    }

    /// The player in its seat in some of the replications.
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

/// Runs an experiment in which at least one player is a Python object.
pub(crate) fn simulate_policies<'py>(
    py: Python<'py>,
    asked: Run<'py>,
    request: &Request,
    progress: Option<&Py<PyAny>>,
    cancel: Option<&Py<CancelToken>>,
) -> PyResult<Arrays<'py>> {
    let game = &asked.game.get().0;
    let [Some(leader), Some(follower)] = &asked.players else {
        let allowed = "a learner for each player";
        return Err(spec_error(SpecError::new("leader", allowed, "None")));
    };
    let (horizon, replications) = (asked.horizon, asked.replications);
    let run = Lockstep::new(
        game,
        horizon,
        replications,
        asked.seed,
        asked.checkpoints,
        asked.trace,
    );
    let run = run.map_err(spec_error)?;
    let mut outcome = run.outcome().map_err(spec_error)?;
    let vectorised = leader.is_vectorised()? || follower.is_vectorised()?;
    let width = if vectorised { LOCKSTEP_WIDTH } else { 1 };
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
        let vector_player = |player, role, some| Player::vector_player(player, role, &run, some);
        let mut leader =
            vector_player(leader, Role::Leader, some.clone()).map_err(|t| t.raise(py, None))?;
        let mut follower =
            vector_player(follower, Role::Follower, some.clone()).map_err(|t| t.raise(py, None))?;
        let play = || run.play(some, &mut *leader, &mut *follower, &mut outcome, &mut look);
        request
            .guard(play)?
            .map_err(|Failure { error, round }| Trouble::raise(error, py, Some(round)))?;
    }
    arrays(py, game, outcome, replications, EngineKind::Stepwise)
}
