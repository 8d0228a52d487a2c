//! The range in which rewards are told apart: the parameters `low` and `high`.

use crate::error::SpecError;
use crate::learners::schema::{Args, Param};
use crate::noise::LARGEST;

/// The worst reward that is told from worse ones.
pub(in crate::learners) const LOW: Param = Param::real_between("low", -LARGEST, LARGEST, 0.0);
/// The best reward that is told from better ones.
pub(in crate::learners) const HIGH: Param = Param::real_between("high", -LARGEST, LARGEST, 1.0);

/// Refuses a `high` below `low`.
pub(in crate::learners) fn check(args: &Args) -> Result<(), SpecError> {
    let (low, high) = (args.real(LOW.name), args.real(HIGH.name));
    if low <= high {
        return Ok(());
    }
    let allowed = format!("at least low, which is {low:?}");
    Err(SpecError::new(HIGH.name, allowed, format!("{high:?}")))
}

/// A range of rewards.
pub(in crate::learners) struct RewardRange {
    low: f64,
    high: f64,
}

impl RewardRange {
    /// Reads `low` and `high`.
    pub(in crate::learners) fn of(args: &Args) -> Self {
        Self {
            low: args.real(LOW.name),
            high: args.real(HIGH.name),
        }
    }

    /// What a reward is short of the best one, as a share of the range; rewards outside count as its ends.
    pub(in crate::learners) fn loss(&self, reward: f64) -> f64 {
        if reward >= self.high {
            0.0
        } else if reward <= self.low {
            1.0
        } else {
            (self.high - reward) / (self.high - self.low)
        }
    }
}
