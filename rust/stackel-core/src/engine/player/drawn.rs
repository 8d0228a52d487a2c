//! The player that draws its arms from a mixture.

use super::{Mode, Player, SHORTEST_BLOCK};
use crate::learners::{Corridor, Mixture};

impl Player {
    /// The next arm of a mixture, and its number of rounds within the next `window`. Rounds that are counted together
    /// have to be played.
    pub(super) fn draw(&mut self, window: u64) -> (usize, u64) {
        if self.blocks.is_empty()
            && let Some(mixture) = self.learner.mixture()
        {
            if window < SHORTEST_BLOCK {
                self.arm = mixture.next();
                return (self.arm, 1);
            }
            let counts = mixture.take(window.min(self.left)).into_iter().enumerate();
            self.blocks.extend(counts.filter(|&(_, rounds)| rounds > 0));
        }
        if let Some(&(arm, rounds)) = self.blocks.last() {
            self.arm = arm;
            return (arm, rounds);
        }
        (self.arm, 1)
    }

    /// Whether the player draws its arms whatever the rewards are, and those of the next rounds have not been counted.
    pub(in crate::engine) fn draws(&self) -> bool {
        matches!(self.mode, Mode::Drawn) && self.blocks.is_empty()
    }

    pub(in crate::engine) fn mixture(&mut self) -> Option<&mut Mixture> {
        self.learner.mixture()
    }

    /// Whether the player draws its arms as long as means stay in a corridor, and that corridor.
    pub(in crate::engine) fn mixes(&self) -> bool {
        self.mixes
    }

    /// The arm of a decision for one round, of a learner of which no more can be told ahead.
    #[inline]
    pub(in crate::engine) fn single(&self) -> Option<usize> {
        let is_single = matches!(self.mode, Mode::Once) && self.left == 1;
        (is_single && !self.mixes && !self.settles).then_some(self.arm)
    }

    pub(in crate::engine) fn corridor(&mut self) -> Option<Corridor> {
        self.learner.corridor().filter(|_| self.blocks.is_empty())
    }
}
