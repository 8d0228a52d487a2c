//! Exceptions in compiled functions of the caller's.
//!
//! A function of numba or of ctypes in which an exception arises cannot hand it to its caller. Python
//! calls `sys.unraisablehook` with it, on the same thread, and the function returns some number. While a
//! run with such functions goes on, that hook is one of this module: it keeps the exception for the
//! caller, who asks for it after each call. What arises elsewhere goes to the hook that was there before.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;

thread_local! {
    /// Whether this thread is at work in the core, where no Python code runs but that of such functions.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static CAUGHT: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Exceptions that were caught on some thread and not yet taken.
static WAITING: AtomicUsize = AtomicUsize::new(0);
/// Runs that need the hook.
static RUNS: Mutex<usize> = Mutex::new(0);

/// Does some work in which exceptions nobody can raise are those of compiled functions.
pub(crate) fn inside<T>(work: impl FnOnce() -> T) -> T {
    at(true, work)
}

/// Does some work in which they are somebody else's.
pub(crate) fn outside<T>(work: impl FnOnce() -> T) -> T {
    at(false, work)
}

fn at<T>(inside: bool, work: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            INSIDE.set(self.0);
        }
    }
    let _restore = Restore(INSIDE.replace(inside));
    work()
}

/// Says that this thread is a worker of the core: until it ends, it is inside.
pub(crate) fn enter() {
    INSIDE.set(true);
}

/// Whether some thread has caught an exception.
#[inline]
pub(crate) fn has_caught() -> bool {
    WAITING.load(Ordering::Relaxed) != 0
}

/// The exception of the call just made on this thread, if there was one.
pub(crate) fn caught() -> Option<PyErr> {
    let error = CAUGHT.take();
    if error.is_some() {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
    error
}

/// What `sys.unraisablehook` is in the meantime.
#[pyclass(frozen, module = "stackel._core")]
struct UnraisableHook {
    /// The hook that was there before.
    before: Py<PyAny>,
}

#[pymethods]
impl UnraisableHook {
    fn __call__(&self, unraisable: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = unraisable.py();
        if !INSIDE.get() || is_of_a_finalizer(unraisable)? {
            return self.before.call1(py, (unraisable,)).map(|_| ());
        }
        let value = unraisable.getattr("exc_value")?;
        let error = if value.is_none() {
            PyErr::from_value(unraisable.getattr("exc_type")?.call0()?)
        } else {
            PyErr::from_value(value)
        };
        if CAUGHT.replace(Some(error)).is_none() {
            WAITING.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Whether it arose where some object was thrown away, which may be at any time.
fn is_of_a_finalizer(unraisable: &Bound<'_, PyAny>) -> PyResult<bool> {
    let object = unraisable.getattr("object")?;
    if let Ok(name) = object.getattr("__name__")
        && name.eq("__del__")?
    {
        return Ok(true);
    }
    let message = unraisable.getattr("err_msg")?.str()?;
    Ok(message.to_string_lossy().contains("deallocator"))
}

/// Keeps the hook in place as long as it lives.
pub(crate) struct Hooked(());

impl Hooked {
    pub(crate) fn new(py: Python<'_>) -> PyResult<Self> {
        let mut runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
        let sys = py.import("sys")?;
        let before = sys.getattr("unraisablehook")?;
        if !before.is_instance_of::<UnraisableHook>() {
            let before = before.unbind();
            sys.setattr("unraisablehook", Bound::new(py, UnraisableHook { before })?)?;
        }
        *runs += 1;
        Ok(Self(()))
    }
}

impl Drop for Hooked {
    fn drop(&mut self) {
        Python::attach(|py| {
            let mut runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
            *runs -= 1;
            if *runs == 0 {
                // A hook that somebody has set meanwhile stays.
                let _ = restore(py);
            }
        });
    }
}

fn restore(py: Python<'_>) -> PyResult<()> {
    let sys = py.import("sys")?;
    let hook = sys.getattr("unraisablehook")?;
    match hook.cast::<UnraisableHook>() {
        Ok(ours) => sys.setattr("unraisablehook", &ours.get().before),
        Err(_) => Ok(()),
    }
}
