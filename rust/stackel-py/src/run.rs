//! Runs of an experiment without holding the interpreter.

use std::num::NonZero;
use std::thread::available_parallelism;

use numpy::{PyArray1, PyArray2, PyArray3, PyArray4, PyArrayMethods};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;
use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Outcome, SpecError};

use crate::convert::{Learner, Named};
use crate::core::Game;
use crate::errors::spec_error;
use crate::global_draws::Policies;
use crate::policies::simulate_policies;
use crate::supervise::{CancelToken, Needs, Request, detached};

/// Checkpoints as Python gives them: their number (0: the default) or the rounds.
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

/// Number of threads; 0 stands for all cores.
pub(crate) fn workers(threads: usize) -> usize {
    match threads {
        0 => available_parallelism().map_or(1, NonZero::get),
        n => n,
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

/// A run as `stackel.simulation._experiment.Experiment` describes it.
pub(crate) struct Run<'py> {
    pub(crate) game: Bound<'py, Game>,
    /// The learners of leader and follower; none where the caller decides.
    pub(crate) learners: [Option<Learner>; 2],
    pub(crate) horizon: u64,
    pub(crate) replications: usize,
    pub(crate) seed: u64,
    pub(crate) checkpoints: Checkpoints,
    engine: Bound<'py, PyString>,
    pub(crate) crossing_tolerance: f64,
    pub(crate) trace: bool,
}

impl<'py> Run<'py> {
    /// Reads a description that has been checked.
    pub(crate) fn read(description: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = description.py();
        let field = |name| description.getattr(name);
        let learner = |name| {
            let learner = description.getattr(name)?;
            if learner.is_none() {
                return Ok(None);
            }
            let named: Named<'py> = learner.call_method0(intern!(py, "as_core"))?.extract()?;
            Learner::read(&named).map(Some)
        };
        let game = field(intern!(py, "game"))?.call_method0(intern!(py, "as_core"))?;
        let checkpoints: Marks = field(intern!(py, "checkpoints"))?.extract()?;
        Ok(Self {
            game: game.cast_into()?,
            learners: [
                learner(intern!(py, "leader"))?,
                learner(intern!(py, "follower"))?,
            ],
            horizon: field(intern!(py, "horizon"))?.extract()?,
            replications: field(intern!(py, "replications"))?.extract()?,
            seed: field(intern!(py, "seed"))?.extract()?,
            checkpoints: checkpoints.into(),
            engine: field(intern!(py, "engine"))?.cast_into()?,
            crossing_tolerance: field(intern!(py, "crossing_tolerance"))?.extract()?,
            trace: field(intern!(py, "trace"))?.extract()?,
        })
    }

    /// The learners of leader and follower, where both have one.
    pub(crate) fn both(&self) -> PyResult<[&Learner; 2]> {
        match &self.learners {
            [Some(leader), Some(follower)] => Ok([leader, follower]),
            _ => {
                let allowed = "a learner for each player";
                Err(spec_error(SpecError::new("leader", allowed, "None")))
            }
        }
    }

    /// What the learners need while they play.
    pub(crate) fn needs(&self) -> Needs {
        Needs::of(self.learners.iter().flatten())
    }

    /// The engine that plays a pair of learners.
    pub(crate) fn engine(&self, leader: &Config, follower: &Config) -> PyResult<EngineKind> {
        match self.engine.to_str()? {
            "auto" => Ok(EngineKind::automatic(leader, follower)),
            "stepwise" => Ok(EngineKind::Stepwise),
            "leap" => Ok(EngineKind::Leap),
            "reference" => Ok(EngineKind::Reference),
            name => {
                let allowed = "one of 'auto', 'leap', 'stepwise', 'reference'";
                Err(spec_error(SpecError::new(
                    "engine",
                    allowed,
                    format!("{name:?}"),
                )))
            }
        }
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
        |supervisor| experiment.run(workers(threads), supervisor),
    )?;
    arrays(py, game, outcome, run.replications, kind)
}

/// The arrays of an outcome.
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
