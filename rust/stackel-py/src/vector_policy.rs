//! A Python object as a player, asked for all replications at once.

use std::ops::Range;

use numpy::{PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use stackel_core::lockstep::{Lockstep, VectorPlayer};
use stackel_core::rng::Role;

use crate::policy::{Seated, Trouble};
use crate::streams::RandomStreams;

/// One object that is every instance in every replication.
pub(crate) struct VectorPolicy<'py> {
    seated: Seated,
    choose: Bound<'py, PyAny>,
    observe: Bound<'py, PyAny>,
    rng: Bound<'py, RandomStreams>,
    /// What is asked, and what was answered, as NumPy has it.
    instances: Bound<'py, PyArray1<i64>>,
    arms: Bound<'py, PyArray1<i64>>,
}

impl<'py> VectorPolicy<'py> {
    pub(crate) fn new(
        learner: &Bound<'py, PyAny>,
        role: Role,
        run: &Lockstep<'_>,
        replications: Range<usize>,
    ) -> Result<Self, Trouble> {
        let py = learner.py();
        let seated = Seated::new(learner, role, run, replications.clone())?;
        let n_instances = replications.len() * seated.n_instances;
        let seat = (role.name(), seated.horizon, seated.n_arms, n_instances);
        let methods = learner.call_method1("_seat_many", seat);
        let methods = methods.map_err(|error| seated.trouble(error, "the start", None))?;
        let (choose, observe) = methods.extract()?;
        let streams = RandomStreams::new(replications.map(|r| run.choice(role, r)).collect());
        let none = || PyArray1::from_slice(py, &[]);
        Ok(Self {
            seated,
            choose,
            observe,
            rng: Bound::new(py, streams)?,
            instances: none(),
            arms: none(),
        })
    }

    fn ask(&mut self, instances: &[usize], arms: &mut [usize]) -> PyResult<()> {
        let py = self.choose.py();
        let number =
            |(r, &instance): (usize, &usize)| as_number(r * self.seated.n_instances + instance);
        let numbers = instances.iter().enumerate().map(number).collect();
        self.instances = PyArray1::from_vec(py, numbers);
        let chosen = self.choose.call1((&self.rng, &self.instances))?;
        let refuse = || {
            let what = format!("{} whole numbers", instances.len());
            self.seated.no_arm("choose_many", &what, &chosen)
        };
        self.arms = if let Ok(array) = chosen.cast::<PyArray1<i64>>() {
            array.clone()
        } else {
            let module = py.import("stackel._utils.validation")?;
            let array = module.getattr("as_whole_numbers")?.call1((&chosen,))?;
            array.extract().map_err(|_| refuse())?
        };
        let read = self.arms.readonly();
        let read = read.as_array();
        if read.len() != arms.len() {
            return Err(refuse());
        }
        for (arm, &chosen) in arms.iter_mut().zip(read) {
            match usize::try_from(chosen) {
                Ok(number) if number < self.seated.n_arms => *arm = number,
                _ => return Err(refuse()),
            }
        }
        Ok(())
    }
}

impl VectorPlayer<Trouble> for VectorPolicy<'_> {
    fn choose(&mut self, instances: &[usize], arms: &mut [usize]) -> Result<(), Trouble> {
        self.ask(instances, arms)
            .map_err(|error| self.seated.trouble(error, "choose_many", None))
    }

    fn observe(
        &mut self,
        _instances: &[usize],
        _arms: &[usize],
        responses: &[usize],
        rewards: &[f64],
    ) -> Result<(), Trouble> {
        let py = self.observe.py();
        let rewards = PyArray1::from_slice(py, rewards);
        let told = if self.seated.sees_response {
            let responses = responses.iter().copied().map(as_number).collect();
            let responses = PyArray1::from_vec(py, responses);
            self.observe
                .call1((&self.instances, &self.arms, rewards, responses))
        } else {
            self.observe.call1((&self.instances, &self.arms, rewards))
        };
        match told {
            Ok(_) => Ok(()),
            Err(error) => Err(self.seated.trouble(error, "observe_many", None)),
        }
    }
}

/// A count as NumPy has it.
fn as_number(count: usize) -> i64 {
    count.cast_signed() as i64
}
