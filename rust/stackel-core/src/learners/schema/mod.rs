//! Parameters of learners: their types, ranges and defaults, and the values that were given.

mod args;
mod value;

pub use self::args::Args;
use self::value::shown;
pub use self::value::{Value, whole};
use crate::error::SpecError;
use crate::learners::registry::Config;
use crate::noise::LARGEST;

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Yes or no.
    Flag,
    /// A whole number, at least `min`.
    Count {
        /// Smallest allowed value.
        min: u64,
    },
    /// A nonempty sequence of whole numbers, each at least 1.
    Counts,
    /// A number from `min` to `max`.
    Real {
        /// Smallest allowed value.
        min: f64,
        /// Largest allowed value.
        max: f64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A learner.
    Learner,
    /// An array of numbers whose first axes are actions.
    Array,
}

/// The default of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Preset {
    /// Must be given.
    Required,
    /// None: filled in when the seat is known.
    Resolved,
    /// This flag.
    Flag(bool),
    /// This whole number.
    Count(u64),
    /// This number.
    Real(f64),
    /// This word.
    Text(&'static str),
}

/// One parameter of a learner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Which values it takes.
    pub kind: Kind,
    /// Its default.
    pub preset: Preset,
}

impl Param {
    /// The noise scale a learner assumes.
    pub const SIGMA: Param = Param::real("sigma", 0.0, 1.0);
    /// The multiplier c of the squared radius.
    pub const CONFIDENCE: Param = Param::real("confidence", 0.0, 1.0);

    /// The learner that a learner is made of.
    pub const OF: Param = Param {
        name: "of",
        kind: Kind::Learner,
        preset: Preset::Required,
    };

    /// A number, at least `min`.
    pub const fn real(name: &'static str, min: f64, preset: f64) -> Self {
        Self {
            name,
            kind: Kind::Real { min, max: LARGEST },
            preset: Preset::Real(preset),
        }
    }

    /// A number, from `min` to `max`.
    pub const fn real_between(name: &'static str, min: f64, max: f64, preset: f64) -> Self {
        Self {
            name,
            kind: Kind::Real { min, max },
            preset: Preset::Real(preset),
        }
    }

    /// A number, at least `min`, that must be given.
    pub const fn required_real(name: &'static str, min: f64) -> Self {
        Self {
            name,
            kind: Kind::Real { min, max: LARGEST },
            preset: Preset::Required,
        }
    }

    /// A number, from `min` to `max`, with a default that is filled in.
    pub const fn resolved_real(name: &'static str, min: f64, max: f64) -> Self {
        Self {
            name,
            kind: Kind::Real { min, max },
            preset: Preset::Resolved,
        }
    }

    /// One of some words, by default `preset`.
    pub const fn choice(
        name: &'static str,
        words: &'static [&'static str],
        preset: &'static str,
    ) -> Self {
        Self {
            name,
            kind: Kind::Choice(words),
            preset: Preset::Text(preset),
        }
    }

    /// A count, at least `min`, by default `preset`.
    pub const fn count(name: &'static str, min: u64, preset: u64) -> Self {
        Self {
            name,
            kind: Kind::Count { min },
            preset: Preset::Count(preset),
        }
    }

    /// A count, at least `min`, that must be given.
    pub const fn required_count(name: &'static str, min: u64) -> Self {
        Self {
            name,
            kind: Kind::Count { min },
            preset: Preset::Required,
        }
    }

    /// A count, at least `min`, with a default that depends on the seat.
    pub const fn length(name: &'static str, min: u64) -> Self {
        Self {
            name,
            kind: Kind::Count { min },
            preset: Preset::Resolved,
        }
    }

    /// What is allowed, phrased to follow "must be".
    pub fn allowed(&self) -> String {
        let or_none = if self.preset == Preset::Resolved {
            ", or None"
        } else {
            ""
        };
        match self.kind {
            Kind::Flag => "True or False".to_string(),
            Kind::Count { min } => format!("a whole number >= {min}{or_none}"),
            Kind::Counts => format!("a nonempty sequence of whole numbers >= 1{or_none}"),
            Kind::Real { min, max } => {
                format!("a number from {} to {}{or_none}", brief(min), brief(max))
            }
            Kind::Choice(words) => format!("one of {words:?}"),
            Kind::Learner => "a learner".to_string(),
            Kind::Array => format!(
                "an array of numbers up to 1e50, of shape (n_leader, d) or (n_leader, n_follower, d){or_none}"
            ),
        }
    }

    /// The least value of a parameter that must be given; of learners, UCB.
    #[doc(hidden)]
    pub fn least(&self) -> Value {
        match self.kind {
            Kind::Learner => match Config::new("UCB", Vec::new()) {
                Ok(config) => Value::Learner(config),
                Err(error) => Value::Other(error.to_string()),
            },
            Kind::Real { min, .. } => Value::Real(min),
            Kind::Count { min } => Value::Count(min),
            _ => Value::None,
        }
    }

    /// The default value, if there is one.
    pub fn default(&self) -> Option<Value> {
        match self.preset {
            Preset::Required => None,
            Preset::Resolved => Some(Value::None),
            Preset::Flag(flag) => Some(Value::Flag(flag)),
            Preset::Count(n) => Some(Value::Count(n)),
            Preset::Real(x) => Some(Value::Real(x)),
            Preset::Text(word) => Some(Value::Text(word.to_string())),
        }
    }

    /// Reads a value of this parameter.
    fn read(&self, given: Value) -> Result<Value, SpecError> {
        let given = match (self.kind, given) {
            (Kind::Count { .. }, Value::Real(x)) => whole(x).map_or(Value::Real(x), Value::Count),
            (_, given) => given,
        };
        match (self.kind, given) {
            (_, Value::None) if self.preset == Preset::Resolved => Ok(Value::None),
            (Kind::Flag, Value::Flag(flag)) => Ok(Value::Flag(flag)),
            (Kind::Count { min }, Value::Count(n)) if n >= min => Ok(Value::Count(n)),
            (Kind::Counts, Value::Counts(list)) if !list.is_empty() && !list.contains(&0) => {
                Ok(Value::Counts(list))
            }
            (Kind::Real { .. }, Value::Count(n)) if is_float(n) => self.read(Value::Real(n as f64)),
            (Kind::Real { .. }, Value::Count(n)) => {
                let rounded = format!("{n}, which is no float and would be rounded");
                Err(SpecError::new(self.name, self.allowed(), rounded))
            }
            // Adding 0.0 turns -0.0 into 0.0: equal parameters have the same text.
            (Kind::Real { min, max }, Value::Real(x)) if (min..=max).contains(&x) => {
                Ok(Value::Real(x + 0.0))
            }
            (Kind::Choice(words), Value::Text(word)) if words.contains(&word.as_str()) => {
                Ok(Value::Text(word))
            }
            (Kind::Learner, Value::Learner(config)) => Ok(Value::Learner(config)),
            (Kind::Array, Value::Array(array)) => match array.fault() {
                None => Ok(Value::Array(array)),
                Some(fault) => Err(SpecError::new(self.name, self.allowed(), fault)),
            },
            (_, given) => Err(SpecError::new(self.name, self.allowed(), shown(&given))),
        }
    }
}

/// A number without many zeros.
fn brief(x: f64) -> String {
    if x == 0.0 || (1e-6..1e6).contains(&x.abs()) {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}

/// Whether a whole number is exact as a float: it has at most 53 digits beside zeros at its end.
fn is_float(n: u64) -> bool {
    n.leading_zeros() + n.trailing_zeros() >= u64::BITS - f64::MANTISSA_DIGITS
}
