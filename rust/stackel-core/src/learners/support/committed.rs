//! A learner that always plays the same arm.

use crate::archive::Archive;
use crate::learners::{Learner, Plan, RoundByRound, Tally};
use crate::rewards::Rewards;
use crate::rng::Stream;

/// Plays `arm` in every round.
pub(in crate::learners) struct Committed {
    arm: usize,
    unread: Tally,
}

impl Committed {
    pub(in crate::learners) fn boxed(arm: usize) -> Box<Self> {
        let unread = Tally::default();
        Box::new(Self { arm, unread })
    }
}

impl Learner for Committed {
    fn plan(&mut self, _choice: &mut Stream) -> Plan {
        Plan::Fixed { arm: self.arm }
    }

    fn tally(&mut self, _arm: usize, _response: usize) -> &mut Tally {
        &mut self.unread
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.unread.exchange(archive);
    }
}

impl RoundByRound for Committed {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        self.arm
    }

    fn observe(&mut self, _arm: usize, _response: usize, _reward: &Rewards) {}

    fn exchange(&mut self, _archive: &mut Archive) {}
}
