//! Parameters of learners: their types, ranges and defaults, and the values that were given.

use std::sync::Arc;

use super::array::Array;
use super::registry::Config;
use crate::error::SpecError;
use crate::noise::LARGEST;

/// Characters of what was given that an error message shows.
const LONGEST_SHOWN: usize = 60;

/// A parameter's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Left to its default.
    None,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(u64),
    /// A real number.
    Real(f64),
    /// A sequence of whole numbers, which all instances of a learner share.
    Counts(Arc<[u64]>),
    /// A word.
    Text(String),
    /// A learner.
    Learner(Config),
    /// An array of numbers, which all instances of a learner share.
    Array(Arc<Array>),
    /// Anything that no parameter accepts, as it prints.
    Other(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::None => write!(f, "None"),
            Value::Flag(true) => write!(f, "True"),
            Value::Flag(false) => write!(f, "False"),
            Value::Count(n) => write!(f, "{n}"),
            Value::Real(x) => write!(f, "{x:?}"),
            Value::Counts(list) => write!(f, "{list:?}"),
            Value::Text(text) => write!(f, "{text:?}"),
            Value::Learner(config) => write!(f, "{}", config.name()),
            Value::Array(array) => write!(f, "{array}"),
            Value::Other(text) => write!(f, "{text}"),
        }
    }
}

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

/// The whole number from 0 that a float is, as long as all whole numbers are floats.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked before
pub fn whole(x: f64) -> Option<u64> {
    let is_whole = x.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&x);
    is_whole.then_some(x as u64)
}

/// What was given, cut to a length that fits an error message.
fn shown(given: &Value) -> String {
    let text = given.to_string();
    if text.chars().count() <= LONGEST_SHOWN {
        return text;
    }
    text.chars()
        .take(LONGEST_SHOWN - 3)
        .chain("...".chars())
        .collect()
}

/// A number without many zeros.
fn brief(x: f64) -> String {
    if x == 0.0 || (1e-6..1e6).contains(&x.abs()) {
        x.to_string()
    } else {
        format!("{x:e}")
    }
}

/// The checked parameters of one learner, in the order of its schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Args(Vec<(&'static str, Value)>);

impl Args {
    /// No parameters at all.
    pub(super) const NONE: &Args = &Args(Vec::new());

    /// Reads `given` against a schema; parameters that are not given take their defaults.
    pub fn read(
        learner: &str,
        schema: &[Param],
        mut given: Vec<(String, Value)>,
    ) -> Result<Self, SpecError> {
        let mut args = Vec::with_capacity(schema.len());
        for param in schema {
            let value = match given.iter().position(|(name, _)| name == param.name) {
                Some(place) => param.read(given.swap_remove(place).1)?,
                None => param
                    .default()
                    .ok_or_else(|| SpecError::new(param.name, param.allowed(), "nothing"))?,
            };
            args.push((param.name, value));
        }
        if let Some((name, _)) = given.first() {
            let known: Vec<_> = schema.iter().map(|param| param.name).collect();
            let allowed = match known.as_slice() {
                [] => "given no parameters".to_string(),
                _ => format!("given parameters out of: {}", known.join(", ")),
            };
            return Err(SpecError::new(
                learner,
                allowed,
                shown(&Value::Text(name.clone())),
            ));
        }
        Ok(Self(args))
    }

    /// All parameters.
    pub fn iter(&self) -> impl Iterator<Item = &(&'static str, Value)> {
        self.0.iter()
    }

    /// Replaces None by a default that is now known.
    pub fn fill(&mut self, name: &str, value: Value) {
        for entry in &mut self.0 {
            if entry.0 == name && entry.1 == Value::None {
                entry.1.clone_from(&value);
            }
        }
    }

    /// A parameter of kind [`Kind::Array`].
    pub fn array(&self, name: &str) -> Option<Arc<Array>> {
        match self.get(name) {
            Value::Array(array) => Some(Arc::clone(array)),
            _ => None,
        }
    }

    /// The parameter of kind [`Kind::Learner`], if there is one.
    pub fn learner(&self) -> Option<&Config> {
        self.0.iter().find_map(|(_, value)| match value {
            Value::Learner(config) => Some(config),
            _ => None,
        })
    }

    /// The same of a learner that is made of another.
    pub(super) fn made_of(&self) -> &Config {
        match self.learner() {
            Some(config) => config,
            None => unreachable!("a learner that is made of another has the parameter `of`"),
        }
    }

    /// Puts another learner in its place.
    pub(super) fn remake(&mut self, of: Config) {
        for (_, value) in &mut self.0 {
            if let Value::Learner(config) = value {
                *config = of.clone();
            }
        }
    }

    fn get(&self, name: &str) -> &Value {
        let entry = self.0.iter().find(|entry| entry.0 == name);
        debug_assert!(entry.is_some(), "{name} is not in the schema");
        entry.map_or(&Value::None, |entry| &entry.1)
    }

    /// A parameter of kind [`Kind::Real`].
    pub fn real(&self, name: &str) -> f64 {
        match self.get(name) {
            Value::Real(x) => *x,
            _ => 0.0,
        }
    }

    /// A parameter of kind [`Kind::Count`], filled in.
    pub fn count(&self, name: &str) -> u64 {
        match self.get(name) {
            Value::Count(n) => *n,
            _ => 0,
        }
    }

    /// A parameter of kind [`Kind::Flag`].
    pub fn flag(&self, name: &str) -> bool {
        *self.get(name) == Value::Flag(true)
    }

    /// A parameter of kind [`Kind::Choice`].
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Value::Text(word) => word,
            _ => "",
        }
    }

    /// A parameter of kind [`Kind::Counts`], filled in.
    pub fn counts(&self, name: &str) -> Arc<[u64]> {
        match self.get(name) {
            Value::Counts(list) => Arc::clone(list),
            _ => Arc::new([]),
        }
    }
}

/// Whether a whole number is exact as a float: it has at most 53 digits beside zeros at its end.
fn is_float(n: u64) -> bool {
    n.leading_zeros() + n.trailing_zeros() >= u64::BITS - f64::MANTISSA_DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &[Param] = &[Param::length("exploration", 1), Param::SIGMA];

    fn read(given: &[(&str, Value)]) -> Result<Args, SpecError> {
        let given = given
            .iter()
            .map(|(name, value)| ((*name).to_string(), value.clone()));
        Args::read("Example", SCHEMA, given.collect())
    }

    #[test]
    fn defaults_are_taken_and_filled() {
        let mut args = read(&[]).unwrap();
        assert_eq!(args.real("sigma"), 1.0);
        args.fill("exploration", Value::Count(7));
        args.fill("exploration", Value::Count(8));
        assert_eq!(args.count("exploration"), 7);
    }

    #[test]
    fn messages_name_the_argument_and_what_is_allowed() {
        let say = |given: &[(&str, Value)]| read(given).unwrap_err().to_string();
        assert_eq!(
            say(&[("exploration", Value::Count(0))]),
            "exploration: must be a whole number >= 1, or None, got 0"
        );
        assert_eq!(
            say(&[("sigma", Value::Real(f64::NAN))]),
            "sigma: must be a number from 0 to 1e100, got NaN"
        );
        assert_eq!(
            say(&[("sgima", Value::Real(1.0))]),
            "Example: must be given parameters out of: exploration, sigma, got \"sgima\""
        );
    }

    #[test]
    fn messages_show_the_beginning_of_what_is_long() {
        let long = Value::Text("\u{e9}".repeat(1_000_000));
        let error = read(&[("exploration", long.clone())]).unwrap_err();
        assert_eq!(error.given, format!("\"{}...", "\u{e9}".repeat(56)));
        let Value::Text(name) = long else { return };
        let error = read(&[("exploration", Value::Count(1)), (&name, Value::None)]).unwrap_err();
        assert_eq!(error.given.chars().count(), LONGEST_SHOWN);
    }
}
