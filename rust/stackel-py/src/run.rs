//! Runs of an experiment without holding the interpreter.

use std::num::NonZero;
use std::thread::available_parallelism;

use pyo3::prelude::*;
use stackel_core::Experiment;

use crate::convert::Learner;
use crate::description::Run;
use crate::errors::spec_error;
use crate::global_draws::Policies;
use crate::outcome::{Arrays, arrays};
use crate::policies::simulate_policies;
use crate::supervise::{CancelToken, Request, detached};

/// Number of threads for some games; 0 stands for all cores. To count these takes longer than a short game.
pub(crate) fn workers(threads: usize, games: usize) -> usize {
    match threads {
        _ if games <= 1 => 1,
        0 => available_parallelism().map_or(1, NonZero::get),
        n => n,
    }
}

/// Run an experiment; see `stackel.simulate`.
#[pyfunction]
pub(crate) fn simulate<'py>(
    py: Python<'py>,
    experiment: &Bound<'py, PyAny>,
    threads: usize,
    progress: Option<Py<PyAny>>,
    cancel: Option<Py<CancelToken>>,
) -> PyResult<Arrays<'py>> {
    let run = Run::read(experiment)?;
    let request = Request::new(experiment.clone().unbind());
    let needs = run.needs();
    if needs.interpreter {
        let policies = Policies::of(py, run.learners.iter().flatten());
        let play = || simulate_policies(py, run, &request, progress.as_ref(), cancel.as_ref());
        return policies.watched(py, play);
    }
    let [leader, follower] = run.both()?.map(Learner::config);
    let kind = run.engine(&leader, &follower)?;
    let game = &run.game.get().0;
    let experiment = Experiment::new(
        game,
        &leader,
        &follower,
        run.horizon,
        run.replications,
        run.seed,
        run.checkpoints,
        kind,
    )
    .and_then(|experiment| {
        experiment
            .tracing(run.trace)
            .with_crossing_tolerance(run.crossing_tolerance)
    })
    .map_err(spec_error)?;
    let outcome = detached(
        py,
        &request,
        needs,
        progress.as_ref(),
        cancel.as_ref(),
        |supervisor| experiment.run(workers(threads, run.replications), supervisor),
    )?;
    arrays(py, game, outcome, run.replications, kind)
}
