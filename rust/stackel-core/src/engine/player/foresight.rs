//! What was found of the rounds to come of a player's plan.

use super::Player;

/// Rounds of a plan that were looked at ahead.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine) struct Foresight {
    /// Rounds for which the plan stands.
    pub(in crate::engine) rounds: u64,
    /// Whether it stands after them.
    pub(in crate::engine) stands: bool,
}

impl Player {
    /// What is known of the rounds to come of its plan.
    #[inline]
    pub(in crate::engine) fn foresight(&self) -> Option<Foresight> {
        (self.foresight.rounds > 0).then_some(self.foresight)
    }

    /// Takes note of what is found of the rounds to come of its plan.
    #[inline]
    pub(in crate::engine) fn foresee(&mut self, found: Foresight) {
        self.foresight = found;
    }

    /// Forgets what was found of rounds to come: their rewards are others.
    #[inline]
    pub(in crate::engine) fn forget(&mut self) {
        self.foresight.rounds = 0;
    }
}
