//! Values of parameters, and how an error message shows them.

use std::sync::Arc;

use crate::learners::array::Array;
use crate::learners::registry::Config;

/// Characters of what was given that an error message shows.
pub(super) const LONGEST_SHOWN: usize = 60;

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

/// The whole number from 0 that a float is, as long as all whole numbers are floats.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked before
pub fn whole(x: f64) -> Option<u64> {
    let is_whole = x.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(&x);
    is_whole.then_some(x as u64)
}

/// What was given, cut to a length that fits an error message.
pub(super) fn shown(given: &Value) -> String {
    let text = given.to_string();
    if text.chars().count() <= LONGEST_SHOWN {
        return text;
    }
    text.chars()
        .take(LONGEST_SHOWN - 3)
        .chain("...".chars())
        .collect()
}
