//! Parts that several learners share.

pub(super) mod barrier;
pub(super) mod committed;
pub(super) mod divergence;
pub(super) mod each_round;
pub(super) mod exponential_weights;
pub(super) mod failure;
pub(super) mod index;
pub(super) mod lengths;
pub(super) mod manipulation;
pub(super) mod phases;
pub(super) mod spread;
pub(super) mod survivors;
pub(super) mod tally;
mod tournament;
pub(super) mod window;
