//! The binding: takes arguments out of Python, detaches from the interpreter, runs, and returns arrays.

mod batch;
mod compiled;
mod convert;
mod description;
mod drive;
mod errors;
mod global_draws;
mod outcome;
mod policies;
mod policy;
mod run;
mod scalar_policy;
mod schema;
mod seated;
mod streams;
mod supervise;
mod unraisable;
mod vector_policy;

use pyo3::prelude::*;

/// Compiled core of stackel.
#[pymodule(name = "_core")]
mod core {
    use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
    use pyo3::IntoPyObjectExt;
    use pyo3::prelude::*;
    use pyo3::types::PyDict;
    use stackel_core::learners::Seat;
    use stackel_core::learners::registry::REGISTRY;
    use stackel_core::learners::schema::Value;
    use stackel_core::rng::{Role, STREAM_VERSION};
    use stackel_core::{Checkpoints, Inspection, Noise, SpecError};

    #[pymodule_export]
    use crate::batch::simulate_many;
    #[pymodule_export]
    use crate::compiled::Code;
    use crate::convert::{Learner, Named, law, to_dict};
    use crate::description::Marks;
    #[pymodule_export]
    use crate::drive::{Agent, Simulation};
    use crate::errors::spec_error;
    #[pymodule_export]
    use crate::run::simulate;
    use crate::schema::learner as describe;
    #[pymodule_export]
    use crate::streams::{BitGenerator, RandomStreams};
    use crate::supervise::Request;
    #[pymodule_export]
    use crate::supervise::{CancelToken, fail};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("STREAM_VERSION", STREAM_VERSION)
    }

    /// A checked game, kept on the Rust side so that runs need not copy it.
    #[pyclass(frozen)]
    pub(crate) struct Game(pub(crate) stackel_core::Game);

    #[pymethods]
    impl Game {
        #[new]
        fn new(
            py: Python<'_>,
            leader: PyReadonlyArray2<'_, f64>,
            follower: PyReadonlyArray2<'_, f64>,
            leader_noise: Named<'_>,
            follower_noise: Named<'_>,
        ) -> PyResult<Self> {
            let spec = (
                leader.as_any(),
                follower.as_any(),
                &leader_noise,
                &follower_noise,
            );
            let request = Request::new(spec.into_py_any(py)?);
            let shape = leader.as_array().dim();
            let laws = [law(&leader_noise)?, law(&follower_noise)?];
            let [leader, follower] =
                [leader, follower].map(|u| u.as_array().iter().copied().collect());
            let build = || {
                let noise = laws.each_ref().map(|law| law.noise);
                let game = stackel_core::Game::new(shape.0, shape.1, leader, follower, noise)?;
                let [one, two] = laws.each_ref().map(|law| law.factors([shape.0, shape.1]));
                game.with_noise_scaled([one?, two?])
            };
            request.guard(build)?.map(Self).map_err(spec_error)
        }

        /// A game that changes to each of several games, after these numbers of rounds.
        #[staticmethod]
        fn changing(
            games: Vec<Bound<'_, Self>>,
            starts: Vec<u64>,
            newcomers: [bool; 2],
        ) -> PyResult<Self> {
            let games: Vec<_> = games.iter().map(|game| game.get().0.clone()).collect();
            let game = stackel_core::Game::changing(&games, &starts, newcomers);
            game.map(Self).map_err(spec_error)
        }
    }

    /// Version of the package.
    #[pyfunction]
    fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Versions, profile, compiler and target of this extension.
    #[pyfunction]
    fn build_info(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
        let info = PyDict::new(py);
        info.set_item("version", version())?;
        info.set_item("stream_version", STREAM_VERSION)?;
        info.set_item(
            "profile",
            if cfg!(debug_assertions) {
                "debug"
            } else {
                "release"
            },
        )?;
        info.set_item("compiler", env!("STACKEL_COMPILER"))?;
        info.set_item("target", env!("STACKEL_TARGET"))?;
        Ok(info)
    }

    /// Parameters of a law; raise `SpecError` unless it exists and they are usable.
    #[pyfunction]
    fn check_noise<'py>(
        py: Python<'py>,
        name: String,
        parameters: Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let named = (name, parameters);
        let request = Request::new((&named).into_py_any(py)?);
        let law = request.guard(|| law(&named))??;
        let (df, one) = match law.noise {
            Noise::Gaussian { sigma: scale } | Noise::Uniform { half_width: scale } => {
                (None, scale)
            }
            Noise::StudentT { df, scale } => (Some(df), scale),
            _ => (None, 0.0),
        };
        let value = |scales: Option<_>| scales.map_or(Value::Real(one), Value::Array);
        let df = df.map(|df| ("df", Value::Real(df)));
        let scale = law.scale.map(|(name, scales)| (name, value(scales)));
        to_dict(py, df.into_iter().chain(scale))
    }

    /// Parameters of a learner; raise `SpecError` unless it exists and they are usable.
    #[pyfunction]
    fn check_learner<'py>(
        py: Python<'py>,
        name: String,
        parameters: Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let named = (name, parameters);
        let request = Request::new((&named).into_py_any(py)?);
        let learner = request.guard(|| Learner::read(&named))??;
        to_dict(py, learner.config().args().iter().cloned())
    }

    /// How a learner can be leapt over: "alike", "in law" or "no".
    #[pyfunction]
    fn learner_leaps(name: String, parameters: Bound<'_, PyDict>) -> PyResult<&'static str> {
        Ok(Learner::read(&(name, parameters))?.config().how_it_leaps())
    }

    /// Parameters of a learner with its defaults filled in for a seat.
    #[pyfunction]
    fn resolve_learner<'py>(
        py: Python<'py>,
        name: String,
        parameters: Bound<'py, PyDict>,
        role: &str,
        horizon: u64,
        n_leader: usize,
        n_follower: usize,
    ) -> PyResult<Bound<'py, PyDict>> {
        let role = if role == "leader" {
            Role::Leader
        } else {
            Role::Follower
        };
        let seat = Seat {
            role,
            horizon,
            n_leader,
            n_follower,
            leader_action: None,
            blind: false,
            coins: false,
            normal: false,
            means: &[],
            full_game: None,
        };
        let named = (name, parameters);
        let request = Request::new((&named, role.name(), horizon).into_py_any(py)?);
        let learner = Learner::read(&named)?.config();
        let resolved = request
            .guard(|| learner.resolve(&seat))?
            .map_err(spec_error)?;
        to_dict(py, resolved.args().iter().cloned())
    }

    /// What the registry knows of every learner.
    #[pyfunction]
    fn learner_schema(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyDict>>> {
        REGISTRY.iter().map(|entry| describe(py, entry)).collect()
    }

    /// Rounds of checkpoints that are evenly spaced in log scale, about `number` of them; 0 stands for the default.
    #[pyfunction]
    fn spaced_rounds(horizon: u64, number: u64) -> PyResult<Vec<u64>> {
        let checkpoints = Checkpoints::from(Marks::Number(number));
        checkpoints.rounds(horizon).map_err(spec_error)
    }

    /// Mean rewards of both players in every cell, from equally many samples; see `stackel.central_explorer`.
    #[pyfunction]
    fn sample_outcomes<'py>(
        py: Python<'py>,
        game: &Bound<'py, Game>,
        samples: u64,
        seed: u64,
        spec: Py<PyAny>,
    ) -> PyResult<[Bound<'py, PyArray2<f64>>; 2]> {
        let game = &game.get().0;
        let query = || stackel_core::engine::sample_outcomes(game, samples, seed);
        let [leader, follower] = Request::new(spec).guard(query)?;
        let matrix =
            |means| PyArray1::from_vec(py, means).reshape([game.n_leader(), game.n_follower()]);
        Ok([matrix(leader)?, matrix(follower)?])
    }

    /// For each tape and number n, the sum of the noise in the tape's first n entries, in whole numbers of the law's unit.
    #[pyfunction]
    fn sums_of_noise<'py>(
        py: Python<'py>,
        noise: Named<'py>,
        mean: f64,
        seed: u64,
        replication: u64,
        player: &str,
        places: (PyReadonlyArray1<'py, i64>, PyReadonlyArray1<'py, i64>),
    ) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let law = law(&noise)?.noise;
        if !law.has_sums() {
            return Err(refused(law, "a law of which sums are drawn at once"));
        }
        let (tapes, places) = (places.0.as_array(), places.1.as_array());
        let pairs = tapes.iter().zip(places);
        let pairs = pairs.map(|(&tape, n)| {
            let tape = usize::try_from(tape).unwrap_or(usize::MAX);
            (tape, n.cast_unsigned())
        });
        let sums = Inspection::new(law, mean, seed, replication, role(player)).sums(pairs);
        Ok(PyArray1::from_vec(py, sums))
    }

    /// The noise of `count` entries of a tape from `start` on, in units of the law's scale, for a law whose rewards are drawn one by one.
    #[pyfunction]
    fn entries_of_noise<'py>(
        py: Python<'py>,
        noise: Named<'py>,
        seed: u64,
        replication: u64,
        player: &str,
        entries: (usize, u64, u64),
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let law = law(&noise)?.noise;
        if law.has_sums() {
            return Err(refused(law, "a law whose rewards are drawn one by one"));
        }
        let inspection = Inspection::new(law, 0.0, seed, replication, role(player));
        let (tape, start, count) = entries;
        let places = start..start.saturating_add(count);
        Ok(PyArray1::from_vec(py, inspection.entries(tape, places)))
    }

    fn refused(law: Noise, allowed: &str) -> PyErr {
        spec_error(SpecError::new("noise", allowed, format!("{law:?}")))
    }

    /// The seat of a player.
    fn role(player: &str) -> Role {
        if player == "leader" {
            Role::Leader
        } else {
            Role::Follower
        }
    }
}
