//! Descriptions of games and learners out of bytes, most of them realistic and some absurd.

use arbitrary::{Result, Unstructured};
use stackel_core::learners::Array;
use stackel_core::learners::registry::REGISTRY;
use stackel_core::learners::schema::{Kind, Value};
use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise, SpecError};

/// Rounds of a game.
pub(crate) const HORIZON: u64 = 1000;
const MOST_ACTIONS: usize = 6;
/// Learners that a learner is made of, one within the other.
const DEPTH: usize = 3;
const ENGINES: [EngineKind; 3] = [
    EngineKind::Stepwise,
    EngineKind::Leap,
    EngineKind::Reference,
];
const ODD: [f64; 12] = [
    0.0,
    -0.0,
    0.5,
    1.0,
    -1.0,
    f64::MIN_POSITIVE,
    f64::EPSILON,
    1e100,
    -1e100,
    f64::MAX,
    f64::INFINITY,
    f64::NAN,
];

/// A description. Any part of it may be refused.
pub(crate) struct Spec {
    /// The game.
    game: std::result::Result<Game, SpecError>,
    /// Leader and follower.
    learners: [std::result::Result<Config, SpecError>; 2],
    /// The seed of all randomness.
    seed: u64,
    /// How the game is played, which changes no number.
    pub(crate) ways: [Way; ENGINES.len()],
}

/// A way to play a game.
#[derive(Debug)]
pub(crate) struct Way {
    engine: EngineKind,
    checkpoints: Checkpoints,
    trace: bool,
}

impl Spec {
    /// Reads a description.
    pub(crate) fn read(bytes: &mut Unstructured) -> Result<Self> {
        Ok(Self {
            game: game(bytes)?,
            learners: [learner(bytes, DEPTH)?, learner(bytes, DEPTH)?],
            seed: bytes.arbitrary()?,
            ways: ways(bytes)?,
        })
    }

    /// Whether choices are random: engines then agree in law.
    pub(crate) fn chooses_at_random(&self) -> bool {
        self.learners.iter().flatten().any(Config::randomises)
    }

    /// The parts, for messages.
    pub(crate) fn shown(&self) -> String {
        let learners = self.learners.iter().flatten();
        let learners: Vec<_> = learners
            .map(|config| format!("{} {:?}", config.name(), config.args()))
            .collect();
        format!(
            "{:?}\n{learners:?}, seed {}\n{:?}",
            self.game, self.seed, self.ways
        )
    }

    /// The game and its experiment, played in one of the ways. `None` if any part is refused.
    pub(crate) fn experiment(
        &self,
        replications: usize,
        way: &Way,
    ) -> Option<(&Game, Experiment<'_>)> {
        let (Ok(game), [Ok(leader), Ok(follower)]) = (&self.game, &self.learners) else {
            return None;
        };
        let experiment = Experiment::new(
            game,
            leader,
            follower,
            HORIZON,
            replications,
            self.seed,
            way.checkpoints.clone(),
            way.engine,
        );
        Some((game, experiment.ok()?.tracing(way.trace)))
    }
}

/// Every engine once, the first of them with checkpoints that may be refused.
fn ways(bytes: &mut Unstructured) -> Result<[Way; ENGINES.len()]> {
    let first = bytes.int_in_range(0..=ENGINES.len() - 1)?;
    let mut way = |i: usize| {
        Ok(Way {
            engine: ENGINES[(first + i) % ENGINES.len()],
            checkpoints: if i == 0 {
                checkpoints(bytes)?
            } else {
                Checkpoints::Rounds(steps(bytes)?)
            },
            trace: bytes.arbitrary()?,
        })
    };
    Ok([way(0)?, way(1)?, way(2)?])
}

/// A few increasing rounds, the last of which is the horizon.
pub(crate) fn steps(bytes: &mut Unstructured) -> Result<Vec<u64>> {
    let mut rounds = vec![HORIZON];
    for _ in 0..bytes.int_in_range(0..=4)? {
        rounds.push(bytes.int_in_range(1..=HORIZON)?);
    }
    rounds.sort_unstable();
    rounds.dedup();
    Ok(rounds)
}

fn real(bytes: &mut Unstructured) -> Result<f64> {
    Ok(match bytes.int_in_range(0..=9)? {
        0 => *bytes.choose(&ODD)?,
        1 => bytes.arbitrary()?,
        2..=4 => f64::from(bytes.int_in_range(0..=4)?) / 4.0,
        _ => f64::from(bytes.arbitrary::<u16>()?) / f64::from(u16::MAX),
    })
}

fn count(bytes: &mut Unstructured) -> Result<u64> {
    match bytes.int_in_range(0..=9)? {
        0 => bytes.arbitrary(),
        1 => bytes.int_in_range(0..=10 * HORIZON),
        _ => bytes.int_in_range(0..=8),
    }
}

fn noise(bytes: &mut Unstructured) -> Result<Noise> {
    Ok(match bytes.int_in_range(0..=4)? {
        0 => Noise::Gaussian {
            sigma: real(bytes)?,
        },
        1 => Noise::Uniform {
            half_width: real(bytes)?,
        },
        2 => Noise::Bernoulli,
        3 => Noise::StudentT {
            df: real(bytes)? + 1.5,
            scale: real(bytes)?,
        },
        _ => Noise::Deterministic,
    })
}

fn game(bytes: &mut Unstructured) -> Result<std::result::Result<Game, SpecError>> {
    let rows = bytes.int_in_range(1..=MOST_ACTIONS)?;
    let columns = bytes.int_in_range(1..=MOST_ACTIONS)?;
    let mut matrix = || (0..rows * columns).map(|_| real(bytes)).collect();
    let (leader, follower): (Result<Vec<f64>>, Result<Vec<f64>>) = (matrix(), matrix());
    let laws = [noise(bytes)?, noise(bytes)?];
    let game = Game::new(rows, columns, leader?, follower?, laws);
    let factors = [
        factors(bytes, rows * columns)?,
        factors(bytes, rows * columns)?,
    ];
    Ok(game.and_then(|game| game.with_noise_scaled(factors)))
}

/// Factors of the noise of each cell, now and then.
fn factors(bytes: &mut Unstructured, cells: usize) -> Result<Option<Vec<f64>>> {
    if !bytes.ratio(1, 6)? {
        return Ok(None);
    }
    (0..cells)
        .map(|_| real(bytes))
        .collect::<Result<_>>()
        .map(Some)
}

/// A learner that is made of at most `depth` others.
fn learner(
    bytes: &mut Unstructured,
    depth: usize,
) -> Result<std::result::Result<Config, SpecError>> {
    let entry = bytes.choose(REGISTRY)?;
    let mut given = Vec::new();
    for param in entry.params {
        if param.default().is_none() || bytes.arbitrary()? {
            given.push((param.name.to_string(), value(param.kind, bytes, depth)?));
        }
    }
    if bytes.ratio(1, 50)? {
        given.push((bytes.arbitrary()?, Value::Text(bytes.arbitrary()?)));
    }
    let name = if bytes.ratio(1, 50)? {
        bytes.arbitrary()?
    } else {
        entry.name
    };
    Ok(Config::new(name, given))
}

/// A value, most often of the right kind.
fn value(kind: Kind, bytes: &mut Unstructured, depth: usize) -> Result<Value> {
    const OTHERS: [Kind; 5] = [
        Kind::Array,
        Kind::Flag,
        Kind::Count { min: 0 },
        Kind::Counts,
        Kind::Real { min: 0.0, max: 1.0 },
    ];
    let kind = match bytes.int_in_range(0..=39)? {
        0 => return Ok(Value::None),
        1 => return Ok(Value::Other(bytes.arbitrary()?)),
        2 => *bytes.choose(&OTHERS)?,
        _ => kind,
    };
    Ok(match kind {
        Kind::Flag => Value::Flag(bytes.arbitrary()?),
        Kind::Count { .. } => Value::Count(count(bytes)?),
        Kind::Real { .. } => Value::Real(real(bytes)?),
        Kind::Counts => {
            let length = bytes.int_in_range(0..=6)?;
            let counts: Result<Vec<u64>> = (0..length).map(|_| count(bytes)).collect();
            Value::Counts(counts?.into())
        }
        Kind::Choice(words) => Value::Text((*bytes.choose(words)?).to_string()),
        Kind::Array => {
            let axes = bytes.int_in_range(1..=3)?;
            let shape: Result<Vec<usize>> = (0..axes).map(|_| bytes.int_in_range(0..=4)).collect();
            let shape = shape?;
            let values: Result<Vec<f64>> =
                (0..shape.iter().product()).map(|_| real(bytes)).collect();
            match Array::new(shape, values?) {
                Ok(array) => Value::Array(array.into()),
                Err(error) => Value::Other(error.given),
            }
        }
        Kind::Learner if depth == 0 => Value::None,
        Kind::Learner => match learner(bytes, depth - 1)? {
            Ok(config) => Value::Learner(config),
            Err(error) => Value::Other(error.given),
        },
    })
}

fn checkpoints(bytes: &mut Unstructured) -> Result<Checkpoints> {
    Ok(match bytes.int_in_range(0..=2)? {
        0 => Checkpoints::Default,
        1 => Checkpoints::LogSpaced(count(bytes)?),
        _ => {
            let length = bytes.int_in_range(0..=4)?;
            let rounds: Result<Vec<u64>> = (0..length)
                .map(|_| bytes.int_in_range(0..=HORIZON + 1))
                .collect();
            Checkpoints::Rounds(rounds?)
        }
    })
}
