//! Errors of the core as exceptions of `stackel.errors`.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use std::any::Any;

use stackel_core::{LearnerFailure, RunError, SpecError};

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

/// The exception for what has unwound a run: a learner of the caller's that has failed, or a defect of
/// stackel itself, caught before it could pass as a panic, with what was asked for.
pub(crate) fn unwound(payload: Box<dyn Any + Send>, spec: &Py<PyAny>) -> PyErr {
    match payload.downcast::<LearnerFailure>() {
        Ok(failure) => learner_failure(*failure),
        Err(panic) => defect(&*panic, spec),
    }
}

/// The exception for a learner of the caller's that has failed, with a note that says where.
fn learner_failure(failure: LearnerFailure) -> PyErr {
    let LearnerFailure {
        error,
        doing,
        game,
        replication,
        round,
    } = failure;
    let (round, replication) = (round.unwrap_or(0), replication.unwrap_or(0));
    let game = game.map_or(String::new(), |game| format!(" of game {game}"));
    let replication = format!("replication {replication}{game}");
    Python::attach(|py| {
        let error = match error.downcast::<Raised>() {
            Ok(raised) => return raised.raise(py, &place(round, &replication, &doing)),
            Err(error) => error,
        };
        let error = match error.downcast::<SpecError>() {
            Ok(error) => Ok(spec_error(*error)),
            Err(error) => error.downcast::<PyErr>().map(|error| *error),
        };
        match error {
            Ok(error) => with_note(py, error, round, &replication, &doing),
            Err(_) => raise("RunError", (doing,)),
        }
    })
}

/// Where something happened; round 0 is the start.
fn place(round: u64, replications: &str, doing: &str) -> String {
    match round {
        0 => format!("before round 1 of {replications}: {doing}"),
        _ => format!("in round {round} of {replications}: {doing}"),
    }
}

/// An exception, unchanged but for a note that says where it arose; round 0 is the start.
pub(crate) fn with_note(
    py: Python<'_>,
    error: PyErr,
    round: u64,
    replications: &str,
    doing: &str,
) -> PyErr {
    let note = place(round, replications, doing);
    match error.value(py).call_method1("add_note", (note,)) {
        Ok(_) => error,
        Err(other) => other,
    }
}

/// The exception of a run that failed.
pub(crate) fn failed(text: String) -> PyErr {
    raise("RunError", (text,))
}

fn defect(panic: &(dyn Any + Send), spec: &Py<PyAny>) -> PyErr {
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

/// The result of an attempt; none where it raised an exception. Ctrl-C and the like pass on, which Python may
/// raise wherever a text is made of an object.
pub(crate) fn attempt<T>(py: Python<'_>, result: PyResult<T>) -> PyResult<Option<T>> {
    match result {
        Err(error) if error.is_instance_of::<PyException>(py) => Ok(None),
        result => result.map(Some),
    }
}

/// An exception that arose in a compiled function.
pub(crate) struct Raised(pub(crate) PyErr);

impl Raised {
    /// The exception that ends the run: an error of its own, which names the place and has the first one as
    /// its cause. Ctrl-C and the like stay what they are.
    pub(crate) fn raise(self, py: Python<'_>, place: &str) -> PyErr {
        let Self(cause) = self;
        if !cause.is_instance_of::<PyException>(py) {
            return cause;
        }
        let told = || -> PyResult<String> {
            let kind = cause.get_type(py).name()?;
            let kind = kind.to_string_lossy();
            Ok(match attempt(py, cause.value(py).str())? {
                Some(text) => format!("{place} raised {kind}: {}", text.to_string_lossy()),
                None => format!("{place} raised {kind}"),
            })
        };
        match told() {
            Ok(message) => {
                let error = failed(message);
                error.set_cause(py, Some(cause));
                error
            }
            Err(error) => error,
        }
    }
}
