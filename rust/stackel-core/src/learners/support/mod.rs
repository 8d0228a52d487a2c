//! Parts that several learners share.

pub(super) mod anytime;
pub(super) mod committed;
pub(super) mod divergence;
pub(super) mod double;
pub(super) mod drawn;
pub(super) mod each_round;
pub(super) mod elimination_bound;
pub(super) mod exponential_weights;
pub(super) mod failure;
pub(super) mod first;
pub(super) mod geometric;
pub(super) mod index;
pub(super) mod index_barrier;
pub(super) mod lengths;
pub(super) mod manipulation;
pub(super) mod mixture;
pub(super) mod phases;
pub(super) mod reward_range;
pub(super) mod stationary;
pub(super) mod survivors;
pub(super) mod tally;
pub(super) mod temperature;
pub(super) mod ties;
mod tournament;
pub(super) mod weighted;
pub(super) mod window;
