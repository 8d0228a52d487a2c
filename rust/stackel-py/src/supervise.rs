//! Work that does not hold the interpreter and can be stopped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;
use stackel_core::RunError;
use stackel_core::supervision::Supervisor;

use crate::errors::{broken, defect, run_error};

/// A token that stops runs from another thread.
#[pyclass(frozen, module = "stackel")]
#[derive(Default)]
pub(crate) struct CancelToken(AtomicBool);

impl CancelToken {
    /// Raises the error of a cancelled run if the token was cancelled.
    pub(crate) fn check(token: Option<&Py<Self>>) -> PyResult<()> {
        match token {
            Some(token) if token.get().cancelled() => Err(run_error(RunError::Cancelled)),
            _ => Ok(()),
        }
    }
}

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Ask every run that was given this token to stop; it then raises `RunError`.
    fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether `cancel` was called.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The description of a call, which is reported if the call meets a defect.
pub(crate) struct Request {
    spec: Py<PyAny>,
    failed: AtomicBool,
}

impl Request {
    pub(crate) fn new(spec: Py<PyAny>) -> Self {
        let failed = AtomicBool::new(false);
        Self { spec, failed }
    }

    /// Raises `RunError` if a call has met a defect before.
    pub(crate) fn check(&self) -> PyResult<()> {
        if self.failed.load(Ordering::Relaxed) {
            Err(broken())
        } else {
            Ok(())
        }
    }

    /// Does some work. A panic becomes an exception.
    pub(crate) fn guard<T>(&self, work: impl FnOnce() -> T) -> PyResult<T> {
        catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
            self.failed.store(true, Ordering::Relaxed);
            defect(&*panic, &self.spec)
        })
    }
}

/// Does some work detached from the interpreter. Its supervisor attaches again to check for signals, and
/// to report progress.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    request: &Request,
    progress: Option<&Py<PyAny>>,
    cancel: Option<&Py<CancelToken>>,
    work: impl FnOnce(Supervisor) -> Result<T, RunError> + Send,
) -> PyResult<T> {
    // Short work ends before its supervisor checks the token.
    CancelToken::check(cancel)?;
    let mut interruption = None;
    let outcome = py.detach(|| {
        let mut supervisor = |fraction: f64| {
            if cancel.is_some_and(|token| token.get().cancelled()) {
                return false;
            }
            let look = |py: Python<'_>| {
                py.check_signals()?;
                progress.map_or(Ok(()), |show| show.call1(py, (fraction,)).map(|_| ()))
            };
            Python::attach(look)
                .map_err(|error| interruption = Some(error))
                .is_ok()
        };
        request.guard(|| work(&mut supervisor))
    });
    if let Some(error) = interruption {
        return Err(error);
    }
    outcome?.map_err(run_error)
}

/// Panic as a defect would, for tests.
#[pyfunction]
#[allow(clippy::panic)] // its purpose
pub(crate) fn fail(py: Python<'_>, spec: Py<PyAny>) -> PyResult<()> {
    detached(py, &Request::new(spec), None, None, |_| {
        panic!("on purpose")
    })
}
