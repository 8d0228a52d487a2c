//! A player whose next rounds are known, arms in turn or one arm: what a rotation has to know of it.

use super::{Mode, Player};
use crate::engine::rotation::{Guard, Use};
use crate::learners::EliminationBound;
use crate::rewards::Rewards;

impl Player {
    /// Whether the player begins a turn of a schedule that goes on under a bound.
    #[inline]
    pub(in crate::engine) fn may_rotate(&self) -> bool {
        self.place == 0
            && self
                .schedule()
                .is_some_and(|schedule| schedule.again.is_some())
    }

    /// The schedule of a player that plays arms in turn.
    #[inline]
    pub(in crate::engine) fn schedule(&self) -> Option<Schedule<'_>> {
        let in_turn =
            matches!(self.mode, Mode::Cycle) && self.cycle.len() > 1 && self.blocks.is_empty();
        in_turn.then(|| Schedule {
            cycle: &self.cycle,
            place: self.place,
            again: self.again,
        })
    }

    /// The next rounds of the player, if they need no decision.
    pub(in crate::engine) fn lookout(&self) -> Option<Lookout<'_>> {
        let arm = std::slice::from_ref(&self.arm);
        let most = self.most;
        let look = |cycle, place, rewards, certain| Lookout {
            cycle,
            place,
            rewards,
            certain,
            most,
        };
        match (self.mode, self.schedule()) {
            (Mode::Fixed, _) => Some(look(arm, 0, self.rotation_use(), u64::MAX)),
            (Mode::While(_) | Mode::Unread, _) => {
                Some(look(arm, 0, self.rotation_use(), self.left))
            }
            (
                Mode::Cycle,
                Some(Schedule {
                    cycle,
                    place,
                    again,
                }),
            ) => {
                let guarded = |bound| Use::Guarded(Guard::Elimination(bound));
                let rewards = again.map_or(Use::Summed, guarded);
                Some(look(cycle, place, rewards, self.left))
            }
            (Mode::Cycle, None) if self.blocks.is_empty() => {
                Some(look(arm, 0, self.rotation_use(), self.left))
            }
            (Mode::Cycle | Mode::Drawn | Mode::Once, _) => None,
        }
    }

    /// The use of the rewards of the present decision in a rotation.
    pub(in crate::engine) fn rotation_use(&self) -> Use {
        match self.mode {
            Mode::While(barrier) => Use::Guarded(Guard::Index(barrier)),
            Mode::Fixed | Mode::Drawn | Mode::Unread => Use::Unread,
            Mode::Cycle | Mode::Once => Use::Summed,
        }
    }

    /// Takes rewards of an arm, wherever the plan is.
    pub(in crate::engine) fn gain(&mut self, arm: usize, response: usize, rewards: &Rewards) {
        if !self.reads_nothing() && rewards.count() > 0 {
            self.learner.take(arm, response, rewards);
        }
    }

    /// Moves on in the plan by rounds whose rewards have been given already.
    #[allow(clippy::cast_possible_truncation)] // a remainder of a usize
    pub(in crate::engine) fn skip(&mut self, rounds: u64, stands: bool) {
        if self.is_committed() {
            return;
        }
        if self.schedule().is_none() {
            self.pass(rounds, stands);
            return;
        }
        let length = self.cycle.len() as u64;
        self.most = self.most.saturating_sub(rounds);
        self.place = ((self.place as u64 + rounds % length) % length) as usize;
        self.arm = self.cycle[self.place];
        self.left = match self.left.checked_sub(rounds) {
            Some(left) if stands => left,
            // Beyond the end of the schedule, the learner may be asked after any turn.
            _ => ((length - self.place as u64) % length).min(self.most),
        };
    }
}

/// Arms that are played in turn.
pub(in crate::engine) struct Schedule<'a> {
    pub(in crate::engine) cycle: &'a [usize],
    pub(in crate::engine) place: usize,
    /// The bound under which the schedule goes on beyond its end.
    pub(in crate::engine) again: Option<EliminationBound>,
}

/// The next rounds of a player, which it plays as long as its guard holds.
pub(in crate::engine) struct Lookout<'a> {
    /// The arms that are played in turn, and the place of the next one.
    pub(in crate::engine) cycle: &'a [usize],
    pub(in crate::engine) place: usize,
    /// The use of the rewards.
    pub(in crate::engine) rewards: Use,
    /// Rounds that are planned. A barrier guards these; an elimination bound guards rounds beyond them.
    pub(in crate::engine) certain: u64,
    /// Most rounds beyond them.
    most: u64,
}

impl Lookout<'_> {
    /// Largest number of rounds.
    pub(in crate::engine) fn limit(&self) -> u64 {
        match self.rewards {
            Use::Guarded(Guard::Elimination(_)) => self.most,
            _ => self.certain,
        }
    }
}
