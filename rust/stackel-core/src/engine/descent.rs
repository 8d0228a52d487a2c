//! Stretches in which a follower changes its responses all the time while the leader stays.
//!
//! As long as any index is at least v, the index policy plays an arm whose index is at least v. So there
//! is a round after which every arm has been played just until its index first fell below v, whatever the
//! order of play was. To *descend* to the *level* v takes one stretch for each arm, however often the
//! policy goes back and forth between the arms.

use crate::archive::Archive;
use crate::learners::{IndexBarrier, LARGEST_SUM, Tally};
use crate::record::MAX_HORIZON;

/// A leader action that stays, and the follower's way to a level.
pub(crate) struct Descent {
    /// The leader's statistics and the barrier that they have to clear, for a guarded leader.
    pub(crate) leader: Option<(Tally, IndexBarrier)>,
    /// Whether the leader is committed: it reads no rewards any more.
    pub(crate) committed: bool,
    /// The arms, one for each response.
    pub(crate) arms: Vec<Arm>,
    /// Factor of `1 / sqrt(n)` in the follower's indices.
    pub(crate) width: f64,
    /// Rounds for which the leader stays if it clears its barrier.
    pub(crate) limit: u64,
    /// The rewards of the follower that have been drawn, one arm after the other.
    pub(crate) blocks: Vec<Block>,
}

/// A response, and its rounds on the way to the level.
pub(crate) struct Arm {
    pub(crate) means: [f64; 2],
    /// The follower's statistics.
    pub(crate) tally: Tally,
    /// Rounds played on the way.
    pub(crate) rounds: u64,
    /// Sum of the leader's rewards in these rounds.
    pub(crate) gain: f64,
    /// Number of blocks that belong to this arm.
    pub(crate) blocks: usize,
}

/// A number of consecutive rewards and their sum.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Block {
    pub(crate) rounds: u64,
    pub(crate) gain: f64,
}

/// The result of a descent.
pub(crate) struct Descended {
    /// Whether the level was reached and the leader stayed all the while. If not, no round was played, and
    /// the follower's rewards that were drawn still lie ahead.
    pub(crate) landed: bool,
    /// Units of work that were done.
    pub(crate) work: u64,
    /// See [`Play::accepted`](super::setup::Play::accepted).
    pub(crate) accepted: u64,
}

/// Rewards of a follower's instance that have been drawn before they were played.
pub(crate) struct Foreseen {
    /// The leader action.
    pub(crate) action: usize,
    /// The blocks of each response, the next one last.
    pub(crate) arms: Vec<Vec<Block>>,
}

impl Descent {
    /// Number of rounds of the descent.
    pub(crate) fn rounds(&self) -> u64 {
        self.arms.iter().map(|arm| arm.rounds).sum()
    }

    /// The rewards that have been drawn, as rewards that lie ahead.
    pub(crate) fn foreseen(self, action: usize) -> Foreseen {
        let mut blocks = self.blocks.into_iter();
        let mut next = |arm: &Arm| {
            let mut ahead: Vec<_> = blocks.by_ref().take(arm.blocks).collect();
            ahead.reverse();
            ahead
        };
        Foreseen {
            action,
            arms: self.arms.iter().map(&mut next).collect(),
        }
    }
}

impl Foreseen {
    /// The rewards of a response that lie ahead. All rewards that lie ahead are dropped once they have been
    /// played or the leader has left: no decision has depended on the rest.
    #[inline]
    pub(crate) fn at(slot: &mut Option<Self>, a: usize, b: usize) -> Option<&mut Vec<Block>> {
        let foreseen = slot.as_ref()?;
        let is_over = || foreseen.arms.iter().all(Vec::is_empty);
        if foreseen.action != a || (foreseen.arms[b].is_empty() && is_over()) {
            *slot = None;
        }
        slot.as_mut()
            .map(|foreseen| &mut foreseen.arms[b])
            .filter(|blocks| !blocks.is_empty())
    }

    /// Visits the rewards that lie ahead, in a game of the given numbers of actions and responses. With
    /// `coins`, rewards are 0 or 1 and sums are whole numbers.
    pub(crate) fn exchange(
        slot: &mut Option<Self>,
        archive: &mut Archive,
        (n_leader, n_follower): (usize, usize),
        coins: bool,
    ) {
        let mut action = slot.as_ref().map(|foreseen| foreseen.action);
        archive.optional_index(&mut action, n_leader);
        let Some(action) = action else {
            *slot = None;
            return;
        };
        let mut arms = slot.take().map_or_else(Vec::new, |foreseen| foreseen.arms);
        arms.resize(n_follower, Vec::new());
        for blocks in &mut arms {
            let mut length = blocks.len();
            archive.length(&mut length);
            blocks.resize(length, Block::default());
            for block in blocks {
                block.exchange(archive, coins);
            }
        }
        *slot = Some(Self { action, arms });
    }
}

impl Block {
    fn exchange(&mut self, archive: &mut Archive, coins: bool) {
        archive.count(&mut self.rounds, MAX_HORIZON);
        archive.real(&mut self.gain, LARGEST_SUM);
        let possible =
            |gain: f64| (0.0..=self.rounds as f64).contains(&gain) && gain.fract() == 0.0;
        if self.rounds == 0 || (coins && !possible(self.gain)) {
            archive.refuse("a sum that its number of rewards cannot have");
        }
    }
}
