//! What the registry knows of learners and their parameters, as Python's dictionaries.

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use stackel_core::learners::schema::{Kind, Param};
use stackel_core::learners::{Entry, Horizon, Only};

use crate::convert::to_python;

/// A learner: what it is called, who may play it, what it sees, how it decides, what it takes.
pub(crate) fn learner<'py>(py: Python<'py>, entry: &Entry) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let roles: Vec<_> = entry.roles.iter().map(|role| role.name()).collect();
    let parameters: PyResult<Vec<_>> = entry
        .params
        .iter()
        .map(|each| parameter(py, each))
        .collect();
    dict.set_item("name", entry.name)?;
    dict.set_item("roles", roles)?;
    dict.set_item("summary", entry.summary)?;
    dict.set_item("sees", entry.sees.name())?;
    dict.set_item("plans_ahead", entry.plans_ahead())?;
    dict.set_item("leaps", entry.leaps())?;
    let leaps_if = entry.leaping().and_then(|leaping| leaping.only);
    dict.set_item("leaps_if", condition(py, leaps_if)?)?;
    let (reads_if, reads_unless) = match entry.horizon {
        Horizon::ReadIf(name, value) => (Some((name, value)), None),
        Horizon::ReadUnless(name, value) => (None, Some((name, value))),
        _ => (None, None),
    };
    dict.set_item("reads_horizon", entry.horizon.name())?;
    dict.set_item("reads_horizon_if", condition(py, reads_if)?)?;
    dict.set_item("reads_horizon_unless", condition(py, reads_unless)?)?;
    dict.set_item("randomised", entry.draws.is_some())?;
    dict.set_item("draws", entry.draws)?;
    dict.set_item("parameters", parameters?)?;
    Ok(dict)
}

/// The name and value of a parameter that a fact is only true for, if there is one.
fn condition(
    py: Python<'_>,
    only: Option<(&'static str, Only)>,
) -> PyResult<Option<(&'static str, Py<PyAny>)>> {
    only.map(|(name, value)| {
        let value = match value {
            Only::Text(text) => text.into_py_any(py),
            Only::Flag(flag) => flag.into_py_any(py),
            Only::Real(real) => real.into_py_any(py),
        };
        value.map(|value| (name, value))
    })
    .transpose()
}

/// A parameter: its name and type, its default unless it is required, what is allowed.
fn parameter<'py>(py: Python<'py>, param: &Param) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("name", param.name)?;
    dict.set_item("type", type_of(param.kind))?;
    dict.set_item("allowed", param.allowed())?;
    match param.kind {
        Kind::Count { min } => dict.set_item("least", min)?,
        Kind::Real { min, max } => {
            dict.set_item("least", min)?;
            dict.set_item("most", max)?;
        }
        Kind::Choice(words) => dict.set_item("choices", words)?,
        Kind::Flag | Kind::Counts | Kind::Learner | Kind::Array => {}
    }
    dict.set_item("required", param.default().is_none())?;
    if let Some(value) = param.default() {
        dict.set_item("default", to_python(py, &value)?)?;
    }
    Ok(dict)
}

/// The Python type of a value.
fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Flag => "bool",
        Kind::Count { .. } => "int",
        Kind::Counts => "Sequence[int]",
        Kind::Real { .. } => "float",
        Kind::Choice(_) => "str",
        Kind::Learner => "Learner",
        Kind::Array => "array",
    }
}
