//! The core's random streams for Python code.

use std::ffi::{CStr, c_void};
use std::sync::{Mutex, MutexGuard, PoisonError};

use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use stackel_core::noise::{Gaussian, Law};
use stackel_core::rng::{Purpose, Role, Stream};

/// A stream as a bit generator for `numpy.random.Generator`.
#[pyclass(frozen, module = "stackel._core")]
pub(crate) struct BitGenerator {
    stream: Box<Mutex<Stream>>,
    /// The lock that NumPy's generators take as well.
    #[pyo3(get)]
    lock: Py<PyAny>,
}

/// NumPy's `bitgen_t`, the documented interface of bit generators.
#[repr(C)]
struct Interface {
    /// Address of the stream.
    state: usize,
    next_uint64: extern "C" fn(*mut c_void) -> u64,
    next_uint32: extern "C" fn(*mut c_void) -> u32,
    next_double: extern "C" fn(*mut c_void) -> f64,
    next_raw: extern "C" fn(*mut c_void) -> u64,
}

const NAME: &CStr = c"BitGenerator";

impl BitGenerator {
    /// A generator that has still to be given a stream.
    pub(crate) fn new(py: Python<'_>) -> PyResult<Self> {
        let none = Stream::new(0, 0, Role::Leader, Purpose::Choice);
        Ok(Self {
            stream: Box::new(Mutex::new(none)),
            lock: py.import("threading")?.call_method0("Lock")?.unbind(),
        })
    }

    /// Draws from `stream` from now on.
    pub(crate) fn set(&self, stream: &Stream) {
        locked(&self.stream).clone_from(stream);
    }
}

#[pymethods]
impl BitGenerator {
    /// The interface. It must not outlive this object, which generators keep alive.
    #[getter]
    fn capsule<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let interface = Interface {
            state: std::ptr::from_ref(&*self.stream).addr(),
            next_uint64,
            next_uint32,
            next_double,
            next_raw: next_uint64,
        };
        PyCapsule::new_with_value(py, interface, NAME)
    }
}

extern "C" fn next_uint64(state: *mut c_void) -> u64 {
    stream_at(state).next_u64()
}

#[allow(clippy::cast_possible_truncation)] // the upper half is what is left
extern "C" fn next_uint32(state: *mut c_void) -> u32 {
    (stream_at(state).next_u64() >> 32) as u32
}

extern "C" fn next_double(state: *mut c_void) -> f64 {
    stream_at(state).unit()
}

fn stream_at<'a>(state: *mut c_void) -> MutexGuard<'a, Stream> {
    // SAFETY: the address is that of a boxed stream in an object that generators keep alive.
    locked(unsafe { &*state.cast::<Mutex<Stream>>() })
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The streams of a player's decisions in several replications. A draw takes a number from each.
#[pyclass(frozen, module = "stackel")]
#[derive(Default)]
pub(crate) struct RandomStreams(Mutex<Vec<Stream>>);

impl RandomStreams {
    /// Draws from these streams from now on.
    pub(crate) fn set(&self, streams: &[Stream]) {
        let mut held = locked(&self.0);
        held.clear();
        held.extend_from_slice(streams);
    }

    fn draw<T: numpy::Element>(
        &self,
        py: Python<'_>,
        draw: impl FnMut(&mut Stream) -> T,
    ) -> Py<PyArray1<T>> {
        let values = locked(&self.0).iter_mut().map(draw).collect();
        PyArray1::from_vec(py, values).unbind()
    }
}

#[pymethods]
impl RandomStreams {
    /// Number of replications.
    fn __len__(&self) -> usize {
        locked(&self.0).len()
    }

    /// A number for each replication, uniform on [0, 1).
    fn random(&self, py: Python<'_>) -> Py<PyArray1<f64>> {
        self.draw(py, Stream::unit)
    }

    /// A standard normal number for each replication.
    fn standard_normal(&self, py: Python<'_>) -> Py<PyArray1<f64>> {
        let law = Gaussian::new(1.0);
        self.draw(py, |stream| law.draw(0.0, stream))
    }

    /// A whole number for each replication, uniform on 0, 1, ..., high - 1.
    fn integers(&self, py: Python<'_>, high: u32) -> PyResult<Py<PyArray1<i64>>> {
        if high == 0 {
            let message = "high must be at least 1";
            return Err(pyo3::exceptions::PyValueError::new_err(message));
        }
        Ok(self.draw(py, |stream| {
            stream.below(high as usize).cast_signed() as i64
        }))
    }
}
