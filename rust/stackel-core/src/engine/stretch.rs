//! A stretch of rounds in which both decisions stand, and the interface of the engines that draw it.

use super::descent::{Block, Descended, Descent};
use super::reward_use::StretchUse;
use super::rotation::Rotation;
use crate::learners::{IndexBarrier, Tally};
use crate::rng::Stream;

/// A stretch of rounds with the same pair of actions.
pub(crate) struct Stretch<'a> {
    /// Mean utilities of leader and follower.
    pub(crate) means: [f64; 2],
    /// Largest number of rounds, at least 1.
    pub(crate) rounds: u64,
    /// The use that leader and follower make of the rewards.
    pub(crate) uses: [StretchUse<'a>; 2],
    /// Units of work after which to stop for now.
    pub(crate) work: u64,
    /// Rewards of the follower that have been drawn already, the next ones last. The stretch ends with
    /// them.
    pub(crate) foreseen: Option<&'a mut Vec<Block>>,
}

impl Stretch<'_> {
    /// The first `rounds` rounds of the stretch.
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

/// The rounds that were drawn of a stretch.
pub(crate) struct Drawn {
    /// Rounds played, at least 1.
    pub(crate) rounds: u64,
    /// Whether leader and follower still clear their barriers.
    pub(crate) stands: [bool; 2],
    /// Units of work that were done.
    pub(crate) work: u64,
    /// See [`Play::accepted`](super::setup::Play::accepted).
    pub(crate) accepted: u64,
}

impl Default for Drawn {
    /// No rounds yet.
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
    /// These rounds followed by the next ones.
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

/// An engine: a way to draw rewards.
pub(crate) trait Engine: Send {
    /// Whether rounds may be drawn in another order where no decision depends on the order.
    fn reorders(&self) -> bool {
        false
    }

    /// Draws the rewards of leader and follower in a single round, from their means. Means and rewards are
    /// tuples because these are passed in registers.
    fn draw_round(&self, means: (f64, f64), noise: &mut [Stream; 2]) -> (f64, f64);

    /// Draws a stretch of rounds, up to the first one after which a barrier is failed.
    fn draw(&self, stretch: Stretch<'_>, noise: &mut [Stream; 2]) -> Drawn;

    /// Draws a stretch in which actions change by schedule, up to the first round after which a guard is
    /// failed. Draws nothing and returns `None` if the rounds are better drawn one by one.
    fn rotate(
        &self,
        _rotation: &mut Rotation,
        _work: u64,
        _noise: &mut [Stream; 2],
    ) -> Option<Drawn> {
        None
    }

    /// Whether a guarded leader is certain to stay for `rounds` rounds.
    fn may_descend(&self, _leader: &Tally, _barrier: IndexBarrier, _rounds: u64) -> bool {
        false
    }

    /// Draws a stretch in which the follower descends to a level. Draws nothing and returns `None` if that
    /// is not worthwhile.
    fn descend(&self, _descent: &mut Descent, _noise: &mut [Stream; 2]) -> Option<Descended> {
        None
    }
}
