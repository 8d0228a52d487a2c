//! Work that does not hold the interpreter and can be stopped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;
use stackel_core::RunError;
use stackel_core::supervision::Supervisor;

use crate::convert::Learner;
use crate::errors::{broken, run_error, unwound};
use crate::unraisable::{Hooked, inside, outside};

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

    /// Does some work. What unwinds it becomes an exception: a failure of a learner of the caller's, or a
    /// panic, which would be a defect.
    pub(crate) fn guard<T>(&self, work: impl FnOnce() -> T) -> PyResult<T> {
        catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
            self.failed.store(true, Ordering::Relaxed);
            unwound(panic, &self.spec)
        })
    }
}

/// What learners of the caller's need while they play.
#[derive(Clone, Copy, Default)]
pub(crate) struct Needs {
    /// The interpreter, because Python objects are asked: the calling thread keeps it.
    pub(crate) interpreter: bool,
    /// Somebody who catches the exceptions of compiled functions.
    hook: bool,
}

impl Needs {
    pub(crate) fn of<'l>(learners: impl IntoIterator<Item = &'l Learner>) -> Self {
        let mut needs = Self::default();
        for learner in learners {
            needs.interpreter |= learner.policy().is_some();
            needs.hook |= learner.is_compiled();
        }
        needs
    }

    /// What catches these exceptions as long as it lives, if it is needed.
    pub(crate) fn hooked(self, py: Python<'_>) -> PyResult<Option<Hooked>> {
        self.hook.then(|| Hooked::new(py)).transpose()
    }
}

/// Does some work detached from the interpreter, unless learners need it. Every now and then it comes back
/// to look at signals and at the token, and to report progress.
pub(crate) fn detached<T: Send>(
    py: Python<'_>,
    request: &Request,
    needs: Needs,
    progress: Option<&Py<PyAny>>,
    cancel: Option<&Py<CancelToken>>,
    work: impl FnOnce(Supervisor) -> Result<T, RunError> + Send,
) -> PyResult<T> {
    // Short work ends before its supervisor checks the token.
    CancelToken::check(cancel)?;
    let _hooked = needs.hooked(py)?;
    let mut interruption = None;
    let play = || {
        let mut supervisor = |fraction: f64| {
            if cancel.is_some_and(|token| token.get().cancelled()) {
                return false;
            }
            let look = |py: Python<'_>| {
                if needs.interpreter {
                    // Other threads may want it, and one of them to cancel.
                    py.detach(|| ());
                }
                py.check_signals()?;
                progress.map_or(Ok(()), |show| show.call1(py, (fraction,)).map(|_| ()))
            };
            outside(|| Python::attach(look))
                .map_err(|error| interruption = Some(error))
                .is_ok()
        };
        request.guard(|| inside(|| work(&mut supervisor)))
    };
    let outcome = if needs.interpreter {
        play()
    } else {
        py.detach(play)
    };
    if let Some(error) = interruption {
        return Err(error);
    }
    outcome?.map_err(run_error)
}

/// Panic as a defect would, for tests.
#[pyfunction]
#[allow(clippy::panic)] // its purpose
pub(crate) fn fail(py: Python<'_>, spec: Py<PyAny>) -> PyResult<()> {
    detached(
        py,
        &Request::new(spec),
        Needs::default(),
        None,
        None,
        |_| panic!("on purpose"),
    )
}
