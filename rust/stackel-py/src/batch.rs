//! Running many games at once.

use numpy::{
    PyArray1, PyArray4, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray3,
    PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use stackel_core::learners::schema::Value;
use stackel_core::{
    Batch, BatchOutcome, Checkpoints, Config, EngineKind, Experiment, Game, Noise, Outcome,
    SpecError,
};

use crate::convert::{Learner, Named, noise, values};
use crate::errors::spec_error;
use crate::policies::PolicyRun;
use crate::run::{Marks, engine_kind, told, workers};
use crate::supervise::{CancelToken, Needs, Request, detached};

/// A parameter that has a value of its own in every game.
#[derive(FromPyObject)]
pub(crate) enum Column<'py> {
    Real(PyReadonlyArray1<'py, f64>),
    Count(PyReadonlyArray1<'py, u64>),
    Flag(PyReadonlyArray1<'py, bool>),
    Counts(PyReadonlyArray2<'py, u64>),
}

impl Column<'_> {
    fn values(&self) -> Vec<Value> {
        match self {
            Column::Real(array) => array.as_array().iter().map(|&x| Value::Real(x)).collect(),
            Column::Count(array) => array.as_array().iter().map(|&n| Value::Count(n)).collect(),
            Column::Flag(array) => array.as_array().iter().map(|&x| Value::Flag(x)).collect(),
            Column::Counts(array) => {
                let rows = array.as_array();
                let row = |row: numpy::ndarray::ArrayView1<'_, u64>| row.iter().copied().collect();
                rows.rows()
                    .into_iter()
                    .map(|each| Value::Counts(row(each)))
                    .collect()
            }
        }
    }
}

/// A learner's name, its parameters, and those that change from game to game.
type Varied<'py> = (Named<'py>, Vec<(String, Column<'py>)>);

/// The learner of every game.
enum Learners {
    /// One of the registry: its name, and parameters that games share or not.
    BuiltIn {
        name: String,
        fixed: Vec<(String, Value)>,
        varied: Vec<(String, Vec<Value>)>,
    },
    /// One of the caller's.
    Own(Learner),
}

impl Learners {
    fn read((named, columns): Varied<'_>) -> PyResult<Self> {
        match Learner::read(&named) {
            Ok(own @ (Learner::Compiled(_) | Learner::Policy(_))) => return Ok(Self::Own(own)),
            // What is wrong with others is said when the parameters of a game are known.
            _ => (),
        }
        let (name, parameters) = named;
        let varied: Vec<_> = columns
            .into_iter()
            .map(|(name, column)| (name, column.values()))
            .collect();
        let mut fixed = values(&parameters)?;
        fixed.retain(|(name, _)| varied.iter().all(|(other, _)| other != name));
        Ok(Self::BuiltIn {
            name,
            fixed,
            varied,
        })
    }

    fn of_game(&self, i: usize) -> Result<Learner, SpecError> {
        match self {
            Self::Own(learner) => Ok(learner.clone()),
            Self::BuiltIn {
                name,
                fixed,
                varied,
            } => {
                let own = varied
                    .iter()
                    .map(|(name, column)| (name.clone(), column[i].clone()));
                Config::new(name, fixed.iter().cloned().chain(own).collect()).map(Learner::BuiltIn)
            }
        }
    }
}

type Arrays<'py> = (
    Bound<'py, PyArray1<i64>>,
    Bound<'py, PyArray4<f64>>,
    Bound<'py, PyArray4<i64>>,
    &'static str,
    Bound<'py, PyArray1<f64>>,
);

/// Run a batch; see `stackel.simulate_many`. Arrays are in C order and fit each other.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // they are what a run is
pub(crate) fn simulate_many<'py>(
    py: Python<'py>,
    leader_stack: PyReadonlyArray3<'py, f64>,
    follower_stack: PyReadonlyArray3<'py, f64>,
    leader_noise: Named<'py>,
    follower_noise: Named<'py>,
    leader: Varied<'py>,
    follower: Varied<'py>,
    horizon: u64,
    replications: usize,
    seeds: PyReadonlyArray1<'py, u64>,
    checkpoints: Marks,
    engine: &str,
    negligible: f64,
    threads: usize,
    progress: Option<Py<PyAny>>,
    cancel: Option<Py<CancelToken>>,
    spec: Py<PyAny>,
) -> PyResult<Arrays<'py>> {
    let &[n, n_leader, n_follower] = leader_stack.shape() else {
        return Err(spec_error(SpecError::new(
            "leader_stack",
            "three-dimensional",
            "less",
        )));
    };
    let laws = [noise(&leader_noise)?, noise(&follower_noise)?];
    let learners = [Learners::read(leader)?, Learners::read(follower)?];
    let first = |learner: &Learners| {
        let learner = learner.of_game(0);
        learner.map_err(|error| spec_error(of_game(0, error)))
    };
    let (leader, follower) = (first(&learners[0])?, first(&learners[1])?);
    let needs = Needs::of(&[&leader, &follower]);
    let kind = engine_kind(engine, &leader.into_config(), &follower.into_config())?;
    let stacks = [leader_stack.as_slice()?, follower_stack.as_slice()?];
    let seeds = seeds.as_slice()?;
    let checkpoints = Checkpoints::from(checkpoints);

    let request = Request::new(spec);
    let outcome = if needs.interpreter {
        let games = games(stacks, [n_leader, n_follower], laws).map_err(spec_error)?;
        let show = |fraction| told(py, progress.as_ref(), fraction);
        let play = |(i, game): (usize, &Game)| {
            let learner = |k: usize| {
                learners[k]
                    .of_game(i)
                    .map_err(|error| spec_error(of_game(i, error)))
            };
            let (leader, follower) = (learner(0)?, learner(1)?);
            let run = PolicyRun {
                game,
                learners: [&leader, &follower],
                horizon,
                replications,
                seed: seeds[i],
                checkpoints: checkpoints.clone(),
                trace: false,
            };
            let show = |fraction: f64| show((i as f64 + fraction) / n as f64);
            run.play(py, &request, &show, cancel.as_ref())
        };
        joined(games.iter().enumerate().map(play))?
    } else {
        detached(
            py,
            &request,
            needs,
            progress.as_ref(),
            cancel.as_ref(),
            |supervisor| {
                let games = games(stacks, [n_leader, n_follower], laws)?;
                let experiment = |(i, game)| {
                    let experiment = || {
                        let learner = |k: usize| learners[k].of_game(i).map(Learner::into_config);
                        let (leader, follower) = (learner(0)?, learner(1)?);
                        let marks = checkpoints.clone();
                        Experiment::new(
                            game,
                            &leader,
                            &follower,
                            horizon,
                            replications,
                            seeds[i],
                            marks,
                            kind,
                        )?
                        .neglecting(negligible)
                    };
                    experiment().map_err(|error| of_game(i, error))
                };
                let experiments = games.iter().enumerate().map(experiment);
                Batch::new(experiments.collect::<Result<_, _>>()?)?
                    .run(workers(threads), supervisor)
            },
        )?
    };

    let kind = if needs.interpreter {
        EngineKind::Stepwise
    } else {
        kind
    };
    let marks = outcome.rounds.len();
    let rounds = outcome.rounds.into_iter().map(u64::cast_signed).collect();
    let shape = [n, replications, n_leader, n_follower];
    Ok((
        PyArray1::from_vec(py, rounds),
        PyArray1::from_vec(py, outcome.utility).reshape([2, n, replications, marks])?,
        PyArray1::from_vec(py, outcome.pulls).reshape(shape)?,
        kind.name(),
        PyArray1::from_vec(py, outcome.error_bound),
    ))
}

/// The outcomes of games that were played one after the other.
fn joined(outcomes: impl Iterator<Item = PyResult<Outcome>>) -> PyResult<BatchOutcome> {
    let outcomes = outcomes.collect::<PyResult<Vec<_>>>()?;
    let player = |i: usize| {
        let half = move |outcome: &Outcome| {
            let middle = outcome.utility.len() / 2;
            outcome.utility[i * middle..(i + 1) * middle].to_vec()
        };
        outcomes.iter().flat_map(half)
    };
    Ok(BatchOutcome {
        rounds: outcomes
            .first()
            .map_or(Vec::new(), |outcome| outcome.rounds.clone()),
        utility: player(0).chain(player(1)).collect(),
        pulls: outcomes
            .iter()
            .flat_map(|outcome| outcome.pulls.clone())
            .collect(),
        error_bound: vec![0.0; outcomes.len()],
    })
}

fn games(
    [leader, follower]: [&[f64]; 2],
    [n_leader, n_follower]: [usize; 2],
    laws: [Noise; 2],
) -> Result<Vec<Game>, SpecError> {
    let cells = n_leader * n_follower;
    let matrices = leader.chunks_exact(cells).zip(follower.chunks_exact(cells));
    let game = |(i, (u1, u2)): (usize, (&[f64], &[f64]))| {
        Game::new(n_leader, n_follower, u1.to_vec(), u2.to_vec(), laws).map_err(|error| {
            let argument = format!("{}_stack", error.argument);
            of_game(i, SpecError { argument, ..error })
        })
    };
    matrices.enumerate().map(game).collect()
}

/// Says in which game something is wrong.
fn of_game(i: usize, error: SpecError) -> SpecError {
    SpecError {
        given: format!("{} in game {i}", error.given),
        ..error
    }
}
