//! Python objects as a player, asked for one replication after the other.

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use stackel_core::rng::Stream;

use crate::seated::{PyPlayer, Seated, Trouble};
use crate::streams::BitGenerator;

/// One object for each replication and instance.
pub(crate) struct ScalarPolicies {
    seated: Seated,
    /// The bound methods of the objects, replication by replication.
    choose: Vec<Py<PyAny>>,
    observe: Vec<Py<PyAny>>,
    generator: Py<BitGenerator>,
    /// The arguments of `choose`: NumPy's generator.
    rng: Py<PyTuple>,
}

impl ScalarPolicies {
    pub(crate) fn new(learner: &Bound<'_, PyAny>, seated: Seated) -> Result<Self, Trouble> {
        let py = learner.py();
        let n = seated.replications.len() * seated.n_instances;
        let (mut choose, mut observe) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for i in 0..n {
            let at = (i / seated.n_instances, i % seated.n_instances);
            let action = seated.action(at.1);
            let seat = (
                seated.role.name(),
                seated.horizon,
                seated.n_arms,
                seated.shape,
                action,
            );
            let methods = learner.call_method1("_seat", seat);
            let methods = methods.map_err(|error| seated.trouble(error, "the start", Some(at)))?;
            let (first, second) = methods.extract()?;
            choose.push(first);
            observe.push(second);
        }
        let generator = Bound::new(py, BitGenerator::new(py)?)?;
        let rng = py
            .import("numpy.random")?
            .getattr("Generator")?
            .call1((&generator,))?;
        Ok(Self {
            seated,
            choose,
            observe,
            generator: generator.unbind(),
            rng: PyTuple::new(py, [rng])?.unbind(),
        })
    }

    fn choose_in(&mut self, py: Python<'_>, r: usize, instance: usize) -> PyResult<usize> {
        let choose = self.choose[r * self.seated.n_instances + instance].bind(py);
        let chosen = choose.call1(self.rng.bind(py))?;
        match chosen.extract() {
            Ok(arm) if arm < self.seated.n_arms => Ok(arm),
            _ => Err(self.seated.no_arm("choose", "a whole number", &chosen)),
        }
    }
}

impl PyPlayer for ScalarPolicies {
    fn choose(
        &mut self,
        py: Python<'_>,
        instances: &[usize],
        streams: &mut [Stream],
        arms: &mut [usize],
    ) -> Result<(), Trouble> {
        for (r, (&instance, arm)) in instances.iter().zip(arms).enumerate() {
            self.generator.get().set(&streams[r]);
            *arm = self
                .choose_in(py, r, instance)
                .map_err(|error| self.seated.trouble(error, "choose", Some((r, instance))))?;
        }
        Ok(())
    }

    fn observe(
        &mut self,
        py: Python<'_>,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), Trouble> {
        for (r, &instance) in instances.iter().enumerate() {
            let observe = self.observe[r * self.seated.n_instances + instance].bind(py);
            let told = if self.seated.sees_response {
                observe.call1((arms[r], rewards[r], responses[r]))
            } else {
                observe.call1((arms[r], rewards[r]))
            };
            if let Err(error) = told {
                return Err(self.seated.trouble(error, "observe", Some((r, instance))));
            }
        }
        Ok(())
    }
}
