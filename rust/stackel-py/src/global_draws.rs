//! A warning if Python objects draw from the global random generators.

use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::convert::Learner;

const MODULE: &str = "stackel.learners._global_draws";

/// The Python objects that play in a run.
pub(crate) struct Policies(Vec<Py<PyAny>>);

impl Policies {
    pub(crate) fn of<'l>(py: Python<'_>, learners: impl IntoIterator<Item = &'l Learner>) -> Self {
        let object = |learner: &Learner| Some(learner.policy()?.object(py));
        Self(learners.into_iter().filter_map(object).collect())
    }

    /// Does some work in which they play, and warns if they drew from these generators.
    pub(crate) fn watched<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce() -> PyResult<T>,
    ) -> PyResult<T> {
        if self.0.is_empty() {
            return work();
        }
        let module = py.import(MODULE)?;
        let before = module.call_method0("states")?;
        let done = work()?;
        let policies = PyList::new(py, &self.0)?;
        module.call_method1("warn_if_drawn", (before, policies))?;
        Ok(done)
    }
}
