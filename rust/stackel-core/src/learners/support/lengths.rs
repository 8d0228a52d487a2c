//! Default lengths of exploration.

use crate::learners::Seat;
use crate::math::{cbrt, count, ln, pow};

/// `E2 = ceil((T / (|A||B|))^(2/3) (ln T)^(1/3))`, at least 1: how long an explore-then-commit
/// follower tries each answer to one leader action.
pub(in crate::learners) fn follower_exploration(seat: &Seat) -> u64 {
    let horizon = seat.horizon as f64;
    let cells = seat.n_leader as f64 * seat.n_follower as f64;
    count((pow(horizon / cells, 2.0 / 3.0) * cbrt(ln(horizon))).ceil()).max(1)
}

/// `|B| E2`: how long a leader must play an action before such a follower has settled its answer.
pub(in crate::learners) fn leader_exploration(seat: &Seat) -> u64 {
    follower_exploration(seat).saturating_mul(seat.n_follower as u64)
}
