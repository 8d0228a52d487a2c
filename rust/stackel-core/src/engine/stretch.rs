//! Stretches of rounds in which both decisions stand, and the engines that draw them.

use super::descent::{Block, Descended, Descent};
use super::rotation::Rotation;
use crate::learners::{IndexBarrier, Tally};
use crate::rng::Stream;

/// What a player wants from the rewards of a stretch.
pub(crate) enum Watch<'a> {
    /// Nothing, and its noise is never read again: no reward need be drawn.
    Skip,
    /// Nothing, but the stream must move on, because the player's other instances share it.
    Discard,
    /// Their count and sum.
    Add(&'a mut Tally),
    /// Their count and sum, and the end of the stretch when these fail the barrier.
    Guard(&'a mut Tally, IndexBarrier),
}

impl Stretch<'_> {
    /// Its first rounds.
    pub(crate) fn shortened(&mut self, rounds: u64) -> Stretch<'_> {
        Stretch {
            means: self.means,
            rounds,
            watches: self.watches.each_mut().map(Watch::again),
            work: self.work,
            foreseen: None,
        }
    }
}

impl Watch<'_> {
    /// Whether nothing gets lost when `rounds` rewards are simply added up.
    #[inline]
    pub(crate) fn is_small(&self, rounds: u64) -> bool {
        match self {
            Watch::Skip | Watch::Discard => true,
            Watch::Add(tally) | Watch::Guard(tally, _) => tally.is_small(rounds),
        }
    }

    /// The same for some rounds of the stretch.
    fn again(&mut self) -> Watch<'_> {
        match self {
            Watch::Skip => Watch::Skip,
            Watch::Discard => Watch::Discard,
            Watch::Add(tally) => Watch::Add(tally),
            Watch::Guard(tally, barrier) => Watch::Guard(tally, *barrier),
        }
    }

    /// Takes one reward; whether the player's decision still stands.
    #[inline]
    pub(crate) fn take(&mut self, reward: f64) -> bool {
        match self {
            Watch::Skip | Watch::Discard => true,
            Watch::Add(tally) => {
                tally.add(reward);
                true
            }
            Watch::Guard(tally, barrier) => {
                tally.add(reward);
                barrier.clears(tally)
            }
        }
    }

    /// Whether the stretch may end at any reward.
    pub(crate) fn is_guard(&self) -> bool {
        matches!(self, Watch::Guard(..))
    }
}

/// A stretch of rounds with the same pair of actions.
pub(crate) struct Stretch<'a> {
    /// Mean utilities of leader and follower.
    pub(crate) means: [f64; 2],
    /// Longest it may be, at least 1.
    pub(crate) rounds: u64,
    /// What leader and follower want from it.
    pub(crate) watches: [Watch<'a>; 2],
    /// Units of work after which to stop for now.
    pub(crate) work: u64,
    /// Rewards of the follower that have been drawn already, the next ones last: only these are played.
    pub(crate) foreseen: Option<&'a mut Vec<Block>>,
}

/// What was drawn of a stretch.
pub(crate) struct Drawn {
    /// Rounds played, at least 1.
    pub(crate) rounds: u64,
    /// Whether leader and follower still clear their barriers.
    pub(crate) stands: [bool; 2],
    /// Units of work it took.
    pub(crate) work: u64,
    /// See [`Play::accepted`](super::setup::Play::accepted).
    pub(crate) accepted: u64,
}

impl Default for Drawn {
    /// Nothing yet.
    fn default() -> Self {
        Self {
            rounds: 0,
            stands: [true; 2],
            work: 0,
            accepted: 0,
        }
    }
}

impl Drawn {
    /// This, and what was drawn after it.
    #[inline]
    pub(crate) fn and(self, next: Drawn) -> Drawn {
        Drawn {
            rounds: self.rounds + next.rounds,
            stands: next.stands,
            work: self.work + next.work,
            accepted: self.accepted + next.accepted,
        }
    }
}

/// A way to draw rewards.
pub(crate) trait Engine: Send {
    /// Whether rounds whose order no decision depends on may be drawn in another order.
    fn reorders(&self) -> bool {
        false
    }

    /// The rewards of leader and follower in a round by itself, from their means. Pairs, because
    /// these travel in registers.
    fn draw_round(&self, means: (f64, f64), noise: &mut [Stream; 2]) -> (f64, f64);

    /// A stretch of rounds, up to the first after which a barrier is failed.
    fn draw(&self, stretch: Stretch<'_>, noise: &mut [Stream; 2]) -> Drawn;

    /// A stretch in which actions change by schedule, up to the first round after which a condition
    /// is failed; nothing, and then nothing is drawn, if that is better drawn round by round.
    fn rotate(
        &self,
        _rotation: &mut Rotation,
        _work: u64,
        _noise: &mut [Stream; 2],
    ) -> Option<Drawn> {
        None
    }

    /// Whether a guarded leader may stay for so many rounds without having to be watched.
    fn may_descend(&self, _leader: &Tally, _barrier: IndexBarrier, _rounds: u64) -> bool {
        false
    }

    /// A stretch in which the follower goes down to a level; nothing, and then nothing is drawn, if
    /// that is not worthwhile.
    fn descend(&self, _descent: &mut Descent, _noise: &mut [Stream; 2]) -> Option<Descended> {
        None
    }
}
