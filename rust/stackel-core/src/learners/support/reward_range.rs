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
    high: f64,
    width: f64,
}

impl RewardRange {
    /// Reads `low` and `high`.
    pub(in crate::learners) fn of(args: &Args) -> Self {
        let high = args.real(HIGH.name);
        // Of a range that is a point, the least width: all that is short of it counts as the worst.
        let width = (high - args.real(LOW.name)).max(f64::from_bits(1));
        Self { high, width }
    }

    /// What a reward is short of the best one, as a share of the range; rewards outside count as its ends.
    #[inline]
    pub(in crate::learners) fn loss(&self, reward: f64) -> f64 {
        let mut short = self.high - reward;
        if self.width != 1.0 {
            short /= self.width;
        }
        // No branches: on which side of the range a reward lies, no processor can guess.
        short.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role, Stream};

    #[test]
    fn losses_are_shares_of_the_range_and_beyond_it_its_ends() {
        let mut stream = Stream::new(2, 0, Role::Leader, Purpose::Choice);
        for (low, high) in [
            (0.0, 1.0),
            (-3.0, 0.7),
            (0.3, 0.3),
            (0.0, 0.0),
            (-1e50, 1e50),
        ] {
            let width = f64::max(high - low, f64::from_bits(1));
            let range = RewardRange { high, width };
            let inside = (0..100).map(|_| low + stream.unit() * (high - low));
            let outside = [-1e90, low.next_down(), low, high, high.next_up(), 1e90];
            for reward in inside.chain(outside) {
                let expected = if reward >= high {
                    0.0
                } else if reward <= low {
                    1.0
                } else {
                    (high - reward) / (high - low)
                };
                assert_eq!(range.loss(reward), expected, "{reward} in [{low}, {high}]");
            }
        }
    }
}
