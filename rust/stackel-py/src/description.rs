//! The description of a run, read from Python.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;
use stackel_core::{Checkpoints, Config, EngineKind, SpecError};

use crate::convert::{Learner, Named};
use crate::core::Game;
use crate::errors::spec_error;
use crate::supervise::Needs;

/// Checkpoints as Python gives them: their number (0: the default) or the rounds.
#[derive(FromPyObject)]
pub(crate) enum Marks {
    Number(u64),
    Rounds(Vec<u64>),
}

impl From<Marks> for Checkpoints {
    fn from(marks: Marks) -> Self {
        match marks {
            Marks::Number(0) => Checkpoints::Default,
            Marks::Number(n) => Checkpoints::LogSpaced(n),
            Marks::Rounds(rounds) => Checkpoints::Rounds(rounds),
        }
    }
}

/// A run as `stackel.simulation._experiment.Experiment` describes it.
pub(crate) struct Run<'py> {
    pub(crate) game: Bound<'py, Game>,
    /// The learners of leader and follower; none where the caller decides.
    pub(crate) learners: [Option<Learner>; 2],
    pub(crate) horizon: u64,
    pub(crate) replications: usize,
    pub(crate) seed: u64,
    pub(crate) checkpoints: Checkpoints,
    engine: Bound<'py, PyString>,
    pub(crate) crossing_tolerance: f64,
    pub(crate) trace: bool,
}

impl<'py> Run<'py> {
    /// Reads a description that has been checked.
    pub(crate) fn read(description: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = description.py();
        let field = |name| description.getattr(name);
        let learner = |name| {
            let learner = description.getattr(name)?;
            if learner.is_none() {
                return Ok(None);
            }
            let named: Named<'py> = learner.call_method0(intern!(py, "as_core"))?.extract()?;
            Learner::read(&named).map(Some)
        };
        let game = field(intern!(py, "game"))?.call_method0(intern!(py, "as_core"))?;
        let checkpoints: Marks = field(intern!(py, "checkpoints"))?.extract()?;
        Ok(Self {
            game: game.cast_into()?,
            learners: [
                learner(intern!(py, "leader"))?,
                learner(intern!(py, "follower"))?,
            ],
            horizon: field(intern!(py, "horizon"))?.extract()?,
            replications: field(intern!(py, "replications"))?.extract()?,
            seed: field(intern!(py, "seed"))?.extract()?,
            checkpoints: checkpoints.into(),
            engine: field(intern!(py, "engine"))?.cast_into()?,
            crossing_tolerance: field(intern!(py, "crossing_tolerance"))?.extract()?,
            trace: field(intern!(py, "trace"))?.extract()?,
        })
    }

    /// The learners of leader and follower, where both have one.
    pub(crate) fn both(&self) -> PyResult<[&Learner; 2]> {
        if let [Some(leader), Some(follower)] = &self.learners {
            return Ok([leader, follower]);
        }
        let allowed = "a learner for each player";
        Err(spec_error(SpecError::new("leader", allowed, "None")))
    }

    /// What the learners need while they play.
    pub(crate) fn needs(&self) -> Needs {
        Needs::of(self.learners.iter().flatten())
    }

    /// The engine that plays a pair of learners.
    pub(crate) fn engine(&self, leader: &Config, follower: &Config) -> PyResult<EngineKind> {
        match self.engine.to_str()? {
            "auto" => Ok(EngineKind::automatic(leader, follower)),
            "stepwise" => Ok(EngineKind::Stepwise),
            "leap" => Ok(EngineKind::Leap),
            "reference" => Ok(EngineKind::Reference),
            name => {
                let allowed = "one of 'auto', 'leap', 'stepwise', 'reference'";
                Err(spec_error(SpecError::new(
                    "engine",
                    allowed,
                    format!("{name:?}"),
                )))
            }
        }
    }
}
