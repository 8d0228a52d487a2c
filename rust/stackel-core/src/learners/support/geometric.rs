//! The time until a rare event.

use crate::math::{count, ln_1p};
use crate::rng::Stream;

/// How often an event of a given probability does not come before it comes: a geometric number.
pub(in crate::learners) fn failures(probability: f64, choice: &mut Stream) -> u64 {
    let survival = ln_1p(-choice.unit());
    if probability == 0.0 {
        return u64::MAX;
    }
    count(survival / ln_1p(-probability))
}
