//! Runs of many games at once.

use numpy::{
    PyArray1, PyArray4, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray3,
    PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use stackel_core::learners::schema::Value;
use stackel_core::{Batch, Config, Experiment, Game, SpecError};

use crate::convert::Learner;
use crate::description::Run;
use crate::errors::spec_error;
use crate::run::workers;
use crate::supervise::{CancelToken, Request, detached};

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

/// Parameters that change from game to game.
type Columns<'py> = Vec<(String, Column<'py>)>;

/// The learner of every game.
enum Learners {
    /// A learner of the registry: its name, and its parameters in each game.
    Registered {
        name: &'static str,
        fixed: Vec<(String, Value)>,
        varied: Vec<(String, Vec<Value>)>,
    },
    /// A learner of the caller's own.
    Own(Config),
}

impl Learners {
    fn new(learner: &Learner, columns: Columns<'_>) -> Self {
        let config = learner.config();
        let Some(entry) = config.entry() else {
            return Learners::Own(config);
        };
        let varied: Vec<_> = columns
            .into_iter()
            .map(|(name, column)| (name, column.values()))
            .collect();
        let is_fixed = |name: &str| varied.iter().all(|(other, _)| other != name);
        let fixed = config.args().iter().filter(|(name, _)| is_fixed(name));
        Learners::Registered {
            name: entry.name,
            fixed: fixed
                .map(|(name, value)| (name.to_string(), value.clone()))
                .collect(),
            varied,
        }
    }

    fn of_game(&self, i: usize) -> Result<Config, SpecError> {
        match self {
            Learners::Own(config) => Ok(config.clone()),
            Learners::Registered {
                name,
                fixed,
                varied,
            } => {
                let own = varied
                    .iter()
                    .map(|(name, column)| (name.clone(), column[i].clone()));
                Config::new(name, fixed.iter().cloned().chain(own).collect())
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

/// Run a batch; see `stackel.simulate_many`. Arrays are in C order and of matching shapes; the matrices of the games that follow
/// each other, one for each of `starts`, are neighbours in the stacks.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // the games and what changes from game to game
pub(crate) fn simulate_many<'py>(
    py: Python<'py>,
    experiment: &Bound<'py, PyAny>,
    leader_stack: PyReadonlyArray3<'py, f64>,
    follower_stack: PyReadonlyArray3<'py, f64>,
    leader_columns: Columns<'py>,
    follower_columns: Columns<'py>,
    seeds: PyReadonlyArray1<'py, u64>,
    starts: Vec<u64>,
    newcomers: [bool; 2],
    threads: usize,
    progress: Option<Py<PyAny>>,
    cancel: Option<Py<CancelToken>>,
    spec: Py<PyAny>,
) -> PyResult<Arrays<'py>> {
    let &[matrices, n_leader, n_follower] = leader_stack.shape() else {
        return Err(spec_error(SpecError::new(
            "leader_stack",
            "three-dimensional",
            "less",
        )));
    };
    if starts.is_empty() || matrices % starts.len() != 0 {
        return Err(spec_error(SpecError::new(
            "starts",
            format!("one number for each matrix of a game, a divisor of {matrices}"),
            starts.len().to_string(),
        )));
    }
    let n = matrices / starts.len();
    let run = Run::read(experiment)?;
    let model = &run.game.get().0;
    let needs = run.needs();
    let [leader, follower] = run.both()?;
    let learners = [
        Learners::new(leader, leader_columns),
        Learners::new(follower, follower_columns),
    ];
    let [first, second] = [&learners[0], &learners[1]].map(|learner| learner.of_game(0));
    let kind = run.engine(
        &first.map_err(|error| spec_error(of_game(0, error)))?,
        &second.map_err(|error| spec_error(of_game(0, error)))?,
    )?;
    let (horizon, replications, tolerance) =
        (run.horizon, run.replications, run.crossing_tolerance);
    let stacks = [leader_stack.as_slice()?, follower_stack.as_slice()?];
    let seeds = seeds.as_slice()?;
    let checkpoints = run.checkpoints;

    let request = Request::new(spec);
    let outcome = detached(
        py,
        &request,
        needs,
        progress.as_ref(),
        cancel.as_ref(),
        |supervisor| {
            let games = games(stacks, model, &starts, newcomers)?;
            let experiment = |(i, game)| {
                let experiment = || {
                    let [leader, follower] = [learners[0].of_game(i)?, learners[1].of_game(i)?];
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
                    .with_crossing_tolerance(tolerance)
                };
                experiment().map_err(|error| of_game(i, error))
            };
            let experiments = games.iter().enumerate().map(experiment);
            let threads = workers(threads, n.saturating_mul(replications));
            Batch::new(experiments.collect::<Result<_, _>>()?)?.run(threads, supervisor)
        },
    )?;

    let marks = outcome.rounds.len();
    let rounds = outcome.rounds.into_iter().map(u64::cast_signed).collect();
    let shape = [n, replications, n_leader, n_follower];
    Ok((
        PyArray1::from_vec(py, rounds),
        PyArray1::from_vec(py, outcome.utility).reshape([4, n, replications, marks])?,
        PyArray1::from_vec(py, outcome.pulls).reshape(shape)?,
        kind.name(),
        PyArray1::from_vec(py, outcome.error_bound),
    ))
}

/// Games of the actions and noise of a model, with utilities out of two stacks.
fn games(
    [leader, follower]: [&[f64]; 2],
    model: &Game,
    starts: &[u64],
    newcomers: [bool; 2],
) -> Result<Vec<Game>, SpecError> {
    let cells = model.n_cells();
    let matrices = leader.chunks_exact(cells).zip(follower.chunks_exact(cells));
    let game = |(i, (u1, u2)): (usize, (&[f64], &[f64]))| {
        model
            .with_utility(u1.to_vec(), u2.to_vec())
            .map_err(|error| {
                let argument = format!("{}_stack", error.argument);
                of_game(i / starts.len(), SpecError { argument, ..error })
            })
    };
    let games = matrices.enumerate().map(game);
    if starts.len() == 1 {
        return games.collect();
    }
    let games: Vec<Game> = games.collect::<Result<_, _>>()?;
    let several = games.chunks_exact(starts.len());
    several
        .map(|games| Game::changing(games, starts, newcomers))
        .collect()
}

/// The error of one game, with the game's number.
fn of_game(i: usize, error: SpecError) -> SpecError {
    SpecError {
        given: format!("{} in game {i}", error.given),
        ..error
    }
}
