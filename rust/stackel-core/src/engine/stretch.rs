//! Stretches of rounds in which both decisions stand, and the engines that draw them.

use super::descent::{Block, Descended, Descent};
use super::reward_use::StretchUse;
use super::rotation::Rotation;
use crate::learners::{IndexBarrier, Tally};
use crate::rng::Stream;

/// A stretch of rounds with the same pair of actions.
pub(crate) struct Stretch<'a> {
    /// Mean utilities of leader and follower.
    pub(crate) means: [f64; 2],
    /// Longest it may be, at least 1.
    pub(crate) rounds: u64,
    /// What leader and follower do with its rewards.
    pub(crate) uses: [StretchUse<'a>; 2],
    /// Units of work after which to stop for now.
    pub(crate) work: u64,
    /// Rewards of the follower that have been drawn already, the next ones last: only these are played.
    pub(crate) foreseen: Option<&'a mut Vec<Block>>,
}

impl Stretch<'_> {
    /// Its first rounds.
    pub(crate) fn shortened(&mut self, rounds: u64) -> Stretch<'_> {
        Stretch {
            means: self.means,
            rounds,
            uses: self.uses.each_mut().map(StretchUse::lend),
            work: self.work,
            foreseen: None,
        }
    }
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
