//! The checked parameters of one learner.

use std::sync::Arc;

use super::value::shown;
use super::{Param, Value};
use crate::error::SpecError;
use crate::learners::array::Array;
use crate::learners::registry::Config;

/// The checked parameters of one learner, in the order of its schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Args(Vec<(&'static str, Value)>);

impl Args {
    /// No parameters at all.
    pub(in crate::learners) const NONE: &Args = &Args(Vec::new());

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

    /// A parameter of kind [`Kind::Array`](super::Kind::Array).
    pub fn array(&self, name: &str) -> Option<Arc<Array>> {
        match self.get(name) {
            Value::Array(array) => Some(Arc::clone(array)),
            _ => None,
        }
    }

    /// The parameter of kind [`Kind::Learner`](super::Kind::Learner), if there is one.
    pub fn learner(&self) -> Option<&Config> {
        self.0.iter().find_map(|(_, value)| match value {
            Value::Learner(config) => Some(config),
            _ => None,
        })
    }

    /// The same of a learner that is made of another.
    pub(in crate::learners) fn made_of(&self) -> &Config {
        match self.learner() {
            Some(config) => config,
            None => unreachable!("a learner that is made of another has the parameter `of`"),
        }
    }

    /// Puts another learner in its place.
    pub(in crate::learners) fn remake(&mut self, of: Config) {
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

    /// A parameter of kind [`Kind::Real`](super::Kind::Real).
    pub fn real(&self, name: &str) -> f64 {
        match self.get(name) {
            Value::Real(x) => *x,
            _ => 0.0,
        }
    }

    /// A parameter of kind [`Kind::Count`](super::Kind::Count), filled in.
    pub fn count(&self, name: &str) -> u64 {
        match self.get(name) {
            Value::Count(n) => *n,
            _ => 0,
        }
    }

    /// A parameter of kind [`Kind::Flag`](super::Kind::Flag).
    pub fn flag(&self, name: &str) -> bool {
        *self.get(name) == Value::Flag(true)
    }

    /// A parameter of kind [`Kind::Choice`](super::Kind::Choice).
    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Value::Text(word) => word,
            _ => "",
        }
    }

    /// A parameter of kind [`Kind::Counts`](super::Kind::Counts), filled in.
    pub fn counts(&self, name: &str) -> Arc<[u64]> {
        match self.get(name) {
            Value::Counts(list) => Arc::clone(list),
            _ => Arc::new([]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::schema::value::LONGEST_SHOWN;

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
