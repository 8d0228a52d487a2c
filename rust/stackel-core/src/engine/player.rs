//! A learner, the plan it is following, and how far along it is.

use super::Watch;
use crate::learners::{Learner, Plan};
use crate::rng::Stream;

pub(super) struct Player {
    learner: Box<dyn Learner>,
    plan: Plan,
    /// Rounds until the learner has to be asked again.
    left: u64,
    /// Place in the plan's cycle.
    place: usize,
}

impl Player {
    pub(super) fn new(learner: Box<dyn Learner>) -> Self {
        Self {
            learner,
            plan: Plan::Once { arm: 0 },
            left: 0,
            place: 0,
        }
    }

    /// The arm to play now and for how many rounds it certainly or conditionally stands.
    #[inline]
    pub(super) fn decide(&mut self, choice: &mut Stream) -> (usize, u64) {
        if self.left == 0 {
            self.plan = self.learner.plan(choice);
            self.left = self.plan.rounds();
            self.place = 0;
        }
        match &self.plan {
            Plan::Cycle { arms, .. } if arms.len() > 1 => (arms[self.place], 1),
            Plan::Cycle { arms, .. } => (arms[0], self.left),
            Plan::Fixed { arm } | Plan::While { arm, .. } | Plan::Once { arm } => (*arm, self.left),
        }
    }

    /// Whether no reward can change its decisions any more.
    #[inline]
    pub(super) fn is_committed(&self) -> bool {
        matches!(self.plan, Plan::Fixed { .. })
    }

    /// What it wants from the rewards of the stretch it has just decided on.
    #[inline]
    pub(super) fn watch(&mut self, arm: usize, response: usize) -> Watch<'_> {
        match self.plan {
            Plan::Fixed { .. } => Watch::Discard,
            Plan::While { barrier, .. } => Watch::Guard(self.learner.tally(arm, response), barrier),
            Plan::Cycle { .. } | Plan::Once { .. } => Watch::Add(self.learner.tally(arm, response)),
        }
    }

    /// Takes note that `rounds` rounds were played, and whether its plan still stands.
    #[inline]
    pub(super) fn settle(&mut self, arm: usize, response: usize, rounds: u64, stands: bool) {
        match &self.plan {
            Plan::Fixed { .. } => return,
            Plan::Cycle { arms, .. } => {
                self.place = if self.place + 1 < arms.len() {
                    self.place + 1
                } else {
                    0
                };
            }
            Plan::While { .. } | Plan::Once { .. } => {}
        }
        self.left = if stands { self.left - rounds } else { 0 };
        self.learner.observe(arm, response, rounds);
    }
}
