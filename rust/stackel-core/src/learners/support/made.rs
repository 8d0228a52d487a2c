//! Learners that are made of another learner, the parameter `of`.

use crate::error::SpecError;
use crate::learners::Information;
use crate::learners::schema::Args;

/// Refuses a learner `of` that is told anything else than what one of `allowed` says.
pub(in crate::learners) fn check_of(args: &Args, allowed: &[Information]) -> Result<(), SpecError> {
    let of = args.made_of();
    if allowed.contains(&of.sees()) {
        return Ok(());
    }
    let given = format!("{}, which is told more ({})", of.name(), of.sees().name());
    Err(SpecError::new(
        "of",
        "a learner that is told its own rewards only",
        given,
    ))
}
