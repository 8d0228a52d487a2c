//! A player round by round: actions that the caller decides, and the state as bytes.

use super::{Mode, Player};
use crate::archive::Archive;
use crate::learners::{IndexBarrier, RoundByRound};
use crate::rewards::Rewards;
use crate::rng::Stream;

impl Player {
    /// Plays `arm` in the next round, whatever the learner would do.
    pub(in crate::engine) fn obey(&mut self, arm: usize) {
        self.stay(arm, 1);
    }

    /// Visits the plan, the place in it, and the learner. A schedule that is played arm by arm must be at
    /// its end.
    pub(crate) fn exchange(&mut self, archive: &mut Archive, n_arms: usize) {
        let mut blocks = self.blocks.len();
        archive.index(&mut blocks, 1);
        self.blocks.truncate(blocks);
        self.mode.exchange(archive);
        archive.index(&mut self.arm, n_arms);
        archive.count(&mut self.left, u64::MAX);
        if matches!(self.mode, Mode::Cycle) {
            self.exchange_schedule(archive, n_arms);
        }
        self.learner.exchange(archive);
        self.forget();
        self.most = if self.reads_nothing() {
            self.left
        } else {
            self.learner.limit()
        };
    }

    fn exchange_schedule(&mut self, archive: &mut Archive, n_arms: usize) {
        let mut cycle = self.cycle.to_vec();
        archive.indices(&mut cycle, n_arms);
        archive.index(&mut self.place, cycle.len());
        let (mut goes_on, mut spread) = (self.again.is_some(), self.again.unwrap_or_default());
        archive.flag(&mut goes_on);
        if goes_on {
            spread.exchange(archive);
        }
        self.again = goes_on.then_some(spread);
        self.cycle = cycle.into();
    }
}

/// The player round by round.
impl RoundByRound for Player {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        self.decide(1, || choice.clone()).0
    }

    fn observe(&mut self, _arm: usize, response: usize, reward: &Rewards) {
        self.take_one(response, reward);
    }

    fn face(&mut self, action: usize) {
        self.learner.face(action);
    }

    fn overhear(&mut self, response: usize, reward: f64) {
        self.learner.overhear(response, reward);
    }
}

impl Mode {
    fn exchange(&mut self, archive: &mut Archive) {
        let (mut kind, mut barrier) = match *self {
            Mode::Fixed => (0, IndexBarrier::default()),
            Mode::Cycle => (1, IndexBarrier::default()),
            Mode::While(barrier) => (2, barrier),
            Mode::Once => (3, IndexBarrier::default()),
            Mode::Drawn => (4, IndexBarrier::default()),
            Mode::Unread => (5, IndexBarrier::default()),
        };
        archive.index(&mut kind, 6);
        if kind == 2 {
            barrier.exchange(archive);
        }
        *self = match kind {
            0 => Mode::Fixed,
            1 => Mode::Cycle,
            2 => Mode::While(barrier),
            4 => Mode::Drawn,
            5 => Mode::Unread,
            _ => Mode::Once,
        };
    }
}
