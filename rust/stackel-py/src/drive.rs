//! Games and players that Python advances step by step.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use stackel_core::learners::schema::Value;
use stackel_core::rng::Role;
use stackel_core::supervision::Supervisor;
use stackel_core::{Checkpoints, Config, Experiment, RunError, SpecError};

use crate::convert::Real;
use crate::description::Run;
use crate::errors::{busy, run_error, spec_error};
use crate::global_draws::Policies;
use crate::supervise::{CancelToken, Needs, Request, detached};
use crate::unraisable::inside;

/// Number of short steps that are watched for draws from global generators. To watch a step takes longer
/// than the step.
const WATCHED_STEPS: u32 = 16;

/// A state that one thread at a time can advance, and none after a failure halfway. `needs` are those of its
/// learners.
struct Shared<T> {
    inner: Mutex<T>,
    request: Request,
    needs: Needs,
    policies: Policies,
    /// Number of short steps that are still to be watched for draws from global generators.
    watched: AtomicU32,
}

impl<T> Shared<T> {
    fn new(
        py: Python<'_>,
        spec: Py<PyAny>,
        run: &Run<'_>,
        build: impl FnOnce() -> Result<T, RunError>,
    ) -> PyResult<Self> {
        let request = Request::new(spec);
        let needs = run.needs();
        let _hooked = needs.hooked(py)?;
        let built = request.guard(|| inside(build))?;
        Ok(Self {
            inner: Mutex::new(built.map_err(run_error)?),
            request,
            needs,
            policies: Policies::of(py, run.learners.iter().flatten()),
            watched: AtomicU32::new(WATCHED_STEPS),
        })
    }

    /// Advances the state by a short step.
    fn guarded<R>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut T) -> Result<R, SpecError>,
    ) -> PyResult<R> {
        let inner = &mut *self.lock()?;
        let _hooked = self.needs.hooked(py)?;
        let work = || {
            let done = self.request.guard(|| inside(|| work(inner)))?;
            done.map_err(spec_error)
        };
        match self.watched.load(Ordering::Relaxed) {
            0 => work(),
            left => {
                self.watched.store(left - 1, Ordering::Relaxed);
                self.policies.watched(py, work)
            }
        }
    }

    /// Advances the state by many steps, under supervision.
    fn supervised<R: Send>(
        &self,
        py: Python<'_>,
        cancel: Option<Py<CancelToken>>,
        work: impl FnOnce(&mut T, Supervisor) -> Result<R, RunError> + Send,
    ) -> PyResult<R>
    where
        T: Send,
    {
        let inner = &mut *self.lock()?;
        self.policies.watched(py, || {
            let work = |supervisor: Supervisor| work(inner, supervisor);
            detached(py, &self.request, self.needs, None, cancel.as_ref(), work)
        })
    }

    /// Locks the state without waiting: the thread that holds it may be waiting for the interpreter.
    fn lock(&self) -> PyResult<MutexGuard<'_, T>> {
        self.request.check()?;
        self.inner.try_lock().or_else(|error| match error {
            TryLockError::Poisoned(poisoned) => Ok(PoisonError::into_inner(poisoned)),
            TryLockError::WouldBlock => Err(busy()),
        })
    }
}

/// A game in progress; see `stackel.Simulation`.
#[pyclass(frozen)]
pub(crate) struct Simulation {
    inner: Shared<stackel_core::Simulation>,
    shape: [usize; 2],
    engine: &'static str,
}

type ActionsAndRewards<'py> = (Bound<'py, PyArray2<i64>>, Bound<'py, PyArray2<f64>>);

#[pymethods]
impl Simulation {
    /// A game before its first round. A player without a learner is left to the caller.
    #[new]
    fn new(experiment: &Bound<'_, PyAny>, replication: u64, spec: Py<PyAny>) -> PyResult<Self> {
        let (py, run) = (experiment.py(), Run::read(experiment)?);
        let game = &run.game.get().0;
        let external = run.learners.each_ref().map(Option::is_none);
        let [leader, follower] = [learner(&run, 0)?, learner(&run, 1)?];
        let kind = run.engine(&leader, &follower)?.of(&leader, &follower);
        let (horizon, seed, tolerance) = (run.horizon, run.seed, run.crossing_tolerance);
        let last = Checkpoints::Rounds(vec![horizon]);
        let build = || {
            let experiment =
                Experiment::new(game, &leader, &follower, horizon, 1, seed, last, kind)?
                    .with_crossing_tolerance(tolerance)?;
            Ok(stackel_core::Simulation::new(&experiment, replication)?.driven(external))
        };
        Ok(Self {
            inner: Shared::new(py, spec, &run, build)?,
            shape: [game.n_leader(), game.n_follower()],
            engine: kind.name(),
        })
    }

    #[getter]
    fn engine(&self) -> &'static str {
        self.engine
    }

    #[getter]
    fn t(&self) -> PyResult<u64> {
        Ok(self.inner.lock()?.round())
    }

    #[getter]
    fn error_bound(&self) -> PyResult<f64> {
        Ok(self.inner.lock()?.error_bound())
    }

    #[getter]
    fn utility<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        Ok(PyArray1::from_slice(py, &self.inner.lock()?.utility()))
    }

    /// Utilities of leader and follower, then what rounding took from them.
    #[getter]
    fn earned<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let earned = self.inner.lock()?.utility_with_remainder();
        Ok(PyArray1::from_slice(py, &earned))
    }

    #[getter]
    fn pulls<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<i64>>> {
        let simulation = self.inner.lock()?;
        let pulls = simulation.pulls().iter().map(|&n| n.cast_signed());
        PyArray1::from_iter(py, pulls).reshape(self.shape)
    }

    fn advance(&self, py: Python<'_>, n: u64, cancel: Option<Py<CancelToken>>) -> PyResult<()> {
        let advance = |simulation: &mut stackel_core::Simulation, supervisor: Supervisor| {
            simulation.advance(n, supervisor)
        };
        self.inner.supervised(py, cancel, advance)
    }

    fn step<'py>(
        &self,
        py: Python<'py>,
        n: usize,
        leader_actions: Option<PyReadonlyArray1<'py, i64>>,
        follower_actions: Option<PyReadonlyArray1<'py, i64>>,
        cancel: Option<Py<CancelToken>>,
    ) -> PyResult<ActionsAndRewards<'py>> {
        let given = [leader_actions, follower_actions].map(|array| array.map(indices));
        let step = |simulation: &mut stackel_core::Simulation, supervisor: Supervisor| {
            let script = [0, 1].map(|i| given[i].as_deref());
            simulation.step(n, script, supervisor)
        };
        let rounds = self.inner.supervised(py, cancel, step)?;
        Ok((
            PyArray1::from_vec(py, rounds.actions).reshape([2, n])?,
            PyArray1::from_vec(py, rounds.rewards).reshape([2, n])?,
        ))
    }

    fn choose(
        &self,
        py: Python<'_>,
        leader_action: Option<usize>,
        follower_action: Option<usize>,
    ) -> PyResult<(Option<usize>, Option<usize>)> {
        let given = [leader_action, follower_action];
        let chosen = self
            .inner
            .guarded(py, |simulation| simulation.choose(given));
        chosen.map(Into::into)
    }

    fn observe(
        &self,
        py: Python<'_>,
        leader_reward: Option<Real>,
        follower_reward: Option<Real>,
    ) -> PyResult<(f64, f64)> {
        let given =
            [leader_reward, follower_reward].map(|reward| reward.map(|Real(reward)| reward));
        let rewards = self
            .inner
            .guarded(py, |simulation| simulation.observe(given));
        rewards.map(Into::into)
    }

    fn save<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let state = self.inner.guarded(py, stackel_core::Simulation::save)?;
        Ok(PyBytes::new(py, &state))
    }

    /// Restore the state that `save` returned.
    fn load(&self, py: Python<'_>, state: &[u8]) -> PyResult<()> {
        self.inner.guarded(py, |simulation| simulation.load(state))
    }
}

/// One player of a game that is played elsewhere; see `stackel.Agent`.
#[pyclass(frozen)]
pub(crate) struct Agent(Shared<stackel_core::Agent>);

#[pymethods]
impl Agent {
    #[new]
    fn new(experiment: &Bound<'_, PyAny>, replication: u64, spec: Py<PyAny>) -> PyResult<Self> {
        let (py, run) = (experiment.py(), Run::read(experiment)?);
        let role = if run.learners[0].is_some() {
            Role::Leader
        } else {
            Role::Follower
        };
        let (game, learner) = (&run.game.get().0, learner(&run, role as usize)?);
        let build = || {
            Ok(stackel_core::Agent::new(
                game,
                &learner,
                role,
                run.horizon,
                run.seed,
                replication,
            )?)
        };
        Shared::new(py, spec, &run, build).map(Self)
    }

    #[getter]
    fn t(&self) -> PyResult<u64> {
        Ok(self.0.lock()?.round())
    }

    fn choose(&self, py: Python<'_>, leader_action: Option<usize>) -> PyResult<usize> {
        self.0.guarded(py, |agent| agent.choose(leader_action))
    }

    fn observe(
        &self,
        py: Python<'_>,
        reward: Real,
        follower_action: Option<usize>,
        leader_reward: Option<Real>,
        action: Option<usize>,
    ) -> PyResult<()> {
        let seen = leader_reward.map(|Real(reward)| reward);
        let observe = |agent: &mut stackel_core::Agent| {
            agent.observe(reward.0, follower_action, seen, action)
        };
        self.0.guarded(py, observe)
    }

    fn save<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let state = self.0.guarded(py, stackel_core::Agent::save)?;
        Ok(PyBytes::new(py, &state))
    }

    /// Restore the state that `save` returned.
    fn load(&self, py: Python<'_>, state: &[u8]) -> PyResult<()> {
        self.0.guarded(py, |agent| agent.load(state))
    }
}

/// A player's learner. A player that is left to the caller gets a learner that is never asked.
fn learner(run: &Run<'_>, player: usize) -> PyResult<Config> {
    match &run.learners[player] {
        Some(learner) => Ok(learner.config()),
        None => {
            Config::new("FixedAction", vec![("a".to_string(), Value::Count(0))]).map_err(spec_error)
        }
    }
}

/// Actions as indices. The caller has checked that they are not negative.
fn indices(array: PyReadonlyArray1<'_, i64>) -> Vec<usize> {
    let index = |&action: &i64| usize::try_from(action).unwrap_or(usize::MAX);
    array.as_array().iter().map(index).collect()
}
