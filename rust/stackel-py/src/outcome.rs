//! The arrays of a run.

use numpy::{PyArray1, PyArray2, PyArray3, PyArray4, PyArrayMethods};
use pyo3::prelude::*;
use stackel_core::{EngineKind, Outcome};

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
        PyArray1::from_vec(py, outcome.utility).reshape([4, replications, marks])?,
        PyArray1::from_vec(py, outcome.pulls).reshape([replications, shape[0], shape[1]])?,
        engine.name(),
        outcome.error_bound,
        traces.transpose()?,
    ))
}
