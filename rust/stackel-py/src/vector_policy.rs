//! A Python object as a player, called for all replications at once.

use numpy::{PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use stackel_core::rng::Stream;

use crate::seated::{PyPlayer, Seated, Trouble};
use crate::streams::RandomStreams;

/// One object that is every instance in every replication.
pub(crate) struct VectorPolicy {
    seated: Seated,
    choose: Py<PyAny>,
    observe: Py<PyAny>,
    rng: Py<RandomStreams>,
    /// What is asked, and what was answered, as NumPy has it.
    instances: Py<PyArray1<i64>>,
    arms: Py<PyArray1<i64>>,
    /// The arms as the core has them.
    chosen: Vec<usize>,
}

impl VectorPolicy {
    pub(crate) fn new(learner: &Bound<'_, PyAny>, seated: Seated) -> Result<Self, Trouble> {
        let py = learner.py();
        let n_instances = seated.replications.len() * seated.n_instances;
        let seat = (
            seated.role.name(),
            seated.horizon,
            seated.n_arms,
            n_instances,
            seated.shape,
        );
        let methods = learner.call_method1("_seat_many", seat);
        let methods = methods.map_err(|error| seated.trouble(error, "the start", None))?;
        let (choose, observe) = methods.extract()?;
        let none = || PyArray1::from_slice(py, &[]).unbind();
        Ok(Self {
            seated,
            choose,
            observe,
            rng: Py::new(py, RandomStreams::default())?,
            instances: none(),
            arms: none(),
            chosen: Vec::new(),
        })
    }

    /// The numbers of the instances, one of each replication.
    fn numbers<'py>(&self, py: Python<'py>, instances: &[usize]) -> Bound<'py, PyArray1<i64>> {
        let number =
            |(r, &instance): (usize, &usize)| as_number(r * self.seated.n_instances + instance);
        PyArray1::from_vec(py, instances.iter().enumerate().map(number).collect())
    }

    fn ask(&mut self, py: Python<'_>, instances: &[usize], arms: &mut [usize]) -> PyResult<()> {
        let numbers = self.numbers(py, instances);
        let chosen = self.choose.bind(py).call1((&self.rng, &numbers))?;
        self.instances = numbers.unbind();
        let refuse = || {
            let what = format!("{} whole numbers", instances.len());
            self.seated.no_arm("choose_many", &what, &chosen)
        };
        let answer = if let Ok(array) = chosen.cast::<PyArray1<i64>>() {
            array.clone()
        } else {
            let module = py.import("stackel._utils.arrays")?;
            let array = module.getattr("as_whole_numbers")?.call1((&chosen,))?;
            array
                .extract::<Bound<'_, PyArray1<i64>>>()
                .map_err(|_| refuse())?
        };
        self.arms = answer.clone().unbind();
        let read = answer.readonly();
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

impl PyPlayer for VectorPolicy {
    fn choose(
        &mut self,
        py: Python<'_>,
        instances: &[usize],
        streams: &mut [Stream],
        arms: &mut [usize],
    ) -> Result<(), Trouble> {
        self.rng.get().set(streams);
        self.ask(py, instances, arms)
            .map_err(|error| self.seated.trouble(error, "choose_many", None))?;
        self.chosen.clear();
        self.chosen.extend_from_slice(arms);
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
        let observe = self.observe.bind(py);
        let rewards = PyArray1::from_slice(py, rewards);
        if self.chosen != arms {
            // These rewards come late, perhaps before the first choice.
            self.chosen.clear();
            self.chosen.extend_from_slice(arms);
            let arms = arms.iter().copied().map(as_number).collect();
            self.arms = PyArray1::from_vec(py, arms).unbind();
            self.instances = self.numbers(py, instances).unbind();
        }
        let told = if self.seated.sees_response {
            let responses = responses.iter().copied().map(as_number).collect();
            let responses = PyArray1::from_vec(py, responses);
            observe.call1((&self.instances, &self.arms, rewards, responses))
        } else {
            observe.call1((&self.instances, &self.arms, rewards))
        };
        match told {
            Ok(_) => Ok(()),
            Err(error) => Err(self.seated.trouble(error, "observe_many", None)),
        }
    }
}

/// A count as a NumPy integer.
fn as_number(count: usize) -> i64 {
    count.cast_signed() as i64
}
