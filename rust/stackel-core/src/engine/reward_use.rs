//! The use that a player makes of its rewards.

use crate::learners::{EliminationBound, IndexBarrier, Tally};

/// The use that a player makes of the rewards of the rounds ahead. Every engine goes by this list. `T`
/// holds their sum, `G` the condition under which the decision stands.
#[derive(Clone, Copy)]
pub(crate) enum RewardUse<T, G> {
    /// The player reads no reward, now or later. None has to be drawn.
    Unread,
    /// The player reads no reward. The stream still moves on, because its other instances share it.
    Discarded,
    /// The player reads count and sum after the last round.
    Summed(T),
    /// The player reads count and sum, and the decision ends as soon as these fail the guard.
    Guarded(T, G),
}

/// The use of the rewards of a stretch with one pair of actions.
pub(crate) type StretchUse<'a> = RewardUse<&'a mut Tally, IndexBarrier>;

/// The use of the rewards of a rotation, which has a tally for each pair of actions.
pub(crate) type RotationUse = RewardUse<(), Guard>;

/// The condition under which a decision stands.
#[derive(Clone, Copy)]
pub(crate) enum Guard {
    /// The arm clears a barrier; checked after every reward.
    Index(IndexBarrier),
    /// The sums of the arms stay within a bound of each other; checked after every turn.
    Elimination(EliminationBound),
}

impl<T, G: Copy> RewardUse<T, G> {
    /// The condition of a guarded decision.
    pub(crate) fn guard(&self) -> Option<G> {
        match self {
            RewardUse::Guarded(_, guard) => Some(*guard),
            RewardUse::Unread | RewardUse::Discarded | RewardUse::Summed(_) => None,
        }
    }

    /// Whether the decision may end at any reward.
    pub(crate) fn is_guarded(&self) -> bool {
        matches!(self, RewardUse::Guarded(..))
    }
}

impl StretchUse<'_> {
    /// Whether `rounds` rewards can be added up without loss by rounding.
    #[inline]
    pub(crate) fn is_small(&self, rounds: u64) -> bool {
        match self {
            RewardUse::Unread | RewardUse::Discarded => true,
            RewardUse::Summed(tally) | RewardUse::Guarded(tally, _) => tally.is_small(rounds),
        }
    }

    /// The same use, borrowed for some rounds of the stretch.
    pub(crate) fn lend(&mut self) -> StretchUse<'_> {
        match self {
            RewardUse::Unread => RewardUse::Unread,
            RewardUse::Discarded => RewardUse::Discarded,
            RewardUse::Summed(tally) => RewardUse::Summed(tally),
            RewardUse::Guarded(tally, barrier) => RewardUse::Guarded(tally, *barrier),
        }
    }

    /// Takes one reward; returns whether the player's decision still stands.
    #[inline]
    pub(crate) fn take(&mut self, reward: f64) -> bool {
        match self {
            RewardUse::Unread | RewardUse::Discarded => true,
            RewardUse::Summed(tally) => {
                tally.add(reward);
                true
            }
            RewardUse::Guarded(tally, barrier) => {
                tally.add(reward);
                barrier.clears(tally)
            }
        }
    }
}
