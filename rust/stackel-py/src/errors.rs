//! Errors of the core as exceptions of `stackel.errors`.

use pyo3::prelude::*;
use stackel_core::{RunError, SpecError};

/// The Python exception for a bad argument.
pub(crate) fn spec_error(error: SpecError) -> PyErr {
    let SpecError {
        argument,
        allowed,
        given,
    } = error;
    raise("SpecError", (argument, allowed, given))
}

/// The Python exception for a run without a result.
pub(crate) fn run_error(error: RunError) -> PyErr {
    match error {
        RunError::Spec(error) => spec_error(error),
        other => raise("RunError", (other.to_string(),)),
    }
}

/// The exception for a panic: a `DefectError` with the description of the run, or the `SpecError` by which
/// an error of the caller's compiled code unwinds.
pub(crate) fn defect(panic: &(dyn std::any::Any + Send), spec: &Py<PyAny>) -> PyErr {
    if let Some(error) = panic.downcast_ref::<SpecError>() {
        return spec_error(error.clone());
    }
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    raise("DefectError", (text, spec))
}

/// The exception for a call on a state that a defect has left half done.
pub(crate) fn broken() -> PyErr {
    let text = "an earlier call failed halfway; this object cannot be used any more";
    raise("RunError", (text,))
}

/// The exception for a second call while the first is running.
pub(crate) fn busy() -> PyErr {
    raise("RunError", ("another call on this object is running",))
}

fn raise<A>(name: &str, args: A) -> PyErr
where
    A: for<'py> pyo3::call::PyCallArgs<'py>,
{
    Python::attach(|py| {
        let exception = py
            .import("stackel.errors")
            .and_then(|module| module.getattr(name));
        match exception.and_then(|class| class.call1(args)) {
            Ok(exception) => PyErr::from_value(exception),
            Err(error) => error,
        }
    })
}
