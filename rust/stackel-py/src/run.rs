//! Running an experiment without holding the interpreter.

use std::num::NonZero;
use std::thread::available_parallelism;

use numpy::{PyArray1, PyArray2, PyArray3, PyArray4, PyArrayMethods};
use pyo3::prelude::*;
use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Outcome, SpecError};

use crate::convert::{Learner, Named};
use crate::core::Game;
use crate::errors::spec_error;
use crate::policies::PolicyRun;
use crate::supervise::{CancelToken, Needs, Request, detached};

/// Checkpoints as Python gives them: how many (0: the default) or which.
#[derive(FromPyObject)]
pub(crate) enum Marks {
    Number(u64),
    Rounds(Vec<u64>),
}

impl From<Marks> for Checkpoints {
    fn from(marks: Marks) -> Self {
        match marks {
            Marks::Number(0) => Checkpoints::Default,
            Marks::Number(n) => Checkpoints::LogSpaced(n),
            Marks::Rounds(rounds) => Checkpoints::Rounds(rounds),
        }
    }
}

/// How many threads to use; 0 stands for all cores.
pub(crate) fn workers(threads: usize) -> usize {
    match threads {
        0 => available_parallelism().map_or(1, NonZero::get),
        n => n,
    }
}

/// The engine of that name.
pub(crate) fn engine_kind(name: &str, leader: &Config, follower: &Config) -> PyResult<EngineKind> {
    match name {
        "auto" => Ok(EngineKind::automatic(leader, follower)),
        "stepwise" => Ok(EngineKind::Stepwise),
        "leap" => Ok(EngineKind::Leap),
        "reference" => Ok(EngineKind::Reference),
        _ => {
            let allowed = "one of 'auto', 'leap', 'stepwise', 'reference'";
            let given = format!("{name:?}");
            Err(spec_error(SpecError::new("engine", allowed, given)))
        }
    }
}

pub(crate) type Arrays<'py> = (
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray3<f64>>,
    Bound<'py, PyArray3<i64>>,
    &'static str,
    f64,
    Option<TracedArrays<'py>>,
);

/// Counts of action pairs over time, switches, and last explorations.
pub(crate) type TracedArrays<'py> = (
    Bound<'py, PyArray4<i64>>,
    Bound<'py, PyArray2<i64>>,
    Bound<'py, PyArray2<i64>>,
);

/// Run an experiment; see `stackel.simulate`.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // they are what a run is
pub(crate) fn simulate<'py>(
    py: Python<'py>,
    game: &Bound<'py, Game>,
    leader: Named<'py>,
    follower: Named<'py>,
    horizon: u64,
    replications: usize,
    seed: u64,
    checkpoints: Marks,
    engine: &str,
    negligible: f64,
    trace: bool,
    threads: usize,
    progress: Option<Py<PyAny>>,
    cancel: Option<Py<CancelToken>>,
    spec: Py<PyAny>,
) -> PyResult<Arrays<'py>> {
    let game = game.get();
    let (leader, follower) = (Learner::read(&leader)?, Learner::read(&follower)?);
    let needs = Needs::of(&[&leader, &follower]);
    let request = Request::new(spec);
    if needs.interpreter {
        let run = PolicyRun {
            game: &game.0,
            learners: [&leader, &follower],
            horizon,
            replications,
            seed,
            checkpoints: checkpoints.into(),
            trace,
        };
        let show = |fraction| told(py, progress.as_ref(), fraction);
        let outcome = run.play(py, &request, &show, cancel.as_ref())?;
        return arrays(py, &game.0, outcome, replications, EngineKind::Stepwise);
    }
    let (leader, follower) = (leader.into_config(), follower.into_config());
    let kind = engine_kind(engine, &leader, &follower)?;
    let experiment = Experiment::new(
        &game.0,
        &leader,
        &follower,
        horizon,
        replications,
        seed,
        checkpoints.into(),
        kind,
    )
    .and_then(|experiment| experiment.tracing(trace).neglecting(negligible))
    .map_err(spec_error)?;

    let outcome = detached(
        py,
        &request,
        needs,
        progress.as_ref(),
        cancel.as_ref(),
        |supervisor| experiment.run(workers(threads), supervisor),
    )?;

    arrays(py, &game.0, outcome, replications, kind)
}

/// Tells what shows the progress, if anything does.
pub(crate) fn told(py: Python<'_>, progress: Option<&Py<PyAny>>, fraction: f64) -> PyResult<()> {
    progress.map_or(Ok(()), |show| show.call1(py, (fraction,)).map(|_| ()))
}

/// Hands an outcome to Python.
pub(crate) fn arrays<'py>(
    py: Python<'py>,
    game: &stackel_core::Game,
    outcome: Outcome,
    replications: usize,
    engine: EngineKind,
) -> PyResult<Arrays<'py>> {
    let (marks, shape) = (outcome.rounds.len(), [game.n_leader(), game.n_follower()]);
    let traces = outcome.traces.map(|traces| {
        let both = [2, replications];
        PyResult::Ok((
            PyArray1::from_vec(py, traces.pulls).reshape([
                replications,
                marks,
                shape[0],
                shape[1],
            ])?,
            PyArray1::from_vec(py, traces.switches).reshape(both)?,
            PyArray1::from_vec(py, traces.last_exploration).reshape(both)?,
        ))
    });
    let rounds = outcome.rounds.into_iter().map(u64::cast_signed).collect();
    Ok((
        PyArray1::from_vec(py, rounds),
        PyArray1::from_vec(py, outcome.utility).reshape([2, replications, marks])?,
        PyArray1::from_vec(py, outcome.pulls).reshape([replications, shape[0], shape[1]])?,
        engine.name(),
        outcome.error_bound,
        traces.transpose()?,
    ))
}
