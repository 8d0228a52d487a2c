//! What a player does with the rewards of the rounds ahead.

use crate::learners::{EliminationBound, IndexBarrier, Tally};

/// What a player does with its rewards: the one list that every engine goes by. `T` is where they are
/// summed, `G` what guards the decision.
#[derive(Clone, Copy)]
pub(crate) enum RewardUse<T, G> {
    /// The player reads no reward, now or later: none has to be drawn.
    Unread,
    /// The player reads no reward, but the stream moves on, because its other instances read it too.
    Discarded,
    /// The player reads count and sum once the rounds are over.
    Summed(T),
    /// The player reads count and sum, and its decision ends as soon as these fail the guard.
    Guarded(T, G),
}

/// What a player does with the rewards of a stretch of one pair of actions.
pub(crate) type StretchUse<'a> = RewardUse<&'a mut Tally, IndexBarrier>;

/// What a player does with the rewards of a rotation, which has a tally for each pair of actions.
pub(crate) type RotationUse = RewardUse<(), Guard>;

/// What has to hold for a decision to stand.
#[derive(Clone, Copy)]
pub(crate) enum Guard {
    /// The arm clears a barrier, checked after every reward.
    Index(IndexBarrier),
    /// No sum of the arms is too far below another, checked after every turn.
    Elimination(EliminationBound),
}

impl<T, G: Copy> RewardUse<T, G> {
    /// What guards the decision, if anything does.
    pub(crate) fn guard(&self) -> Option<G> {
        match self {
            RewardUse::Guarded(_, guard) => Some(*guard),
            RewardUse::Unread | RewardUse::Discarded | RewardUse::Summed(_) => None,
        }
    }

    /// Whether the rounds may end at any reward.
    pub(crate) fn is_guarded(&self) -> bool {
        matches!(self, RewardUse::Guarded(..))
    }
}

impl StretchUse<'_> {
    /// Whether nothing gets lost when `rounds` rewards are simply added up.
    #[inline]
    pub(crate) fn is_small(&self, rounds: u64) -> bool {
        match self {
            RewardUse::Unread | RewardUse::Discarded => true,
            RewardUse::Summed(tally) | RewardUse::Guarded(tally, _) => tally.is_small(rounds),
        }
    }

    /// The same use, lent for some rounds of the stretch.
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
