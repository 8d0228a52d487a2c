//! Stretches in which the players' actions change by schedule.
//!
//! A follower may play its responses in turn while the leader stays; or a leader may play its actions in
//! turn while the follower's instance at each of them has a plan. Neither needs a decision for many
//! rounds. Such a stretch consists of *lanes*: a leader action with the responses that its follower
//! instance gives in turn. Each lane plays one round for every round of the others.

mod search;

use crate::learners::{EliminationBound, IndexBarrier, Tally};
use crate::rewards::{Rewards, Table};

pub(crate) use search::Search;

/// The use that a player makes of its rewards in a rotation.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    /// It reads none, now or later.
    Unread,
    /// It reads their sums in the end.
    Summed,
    /// It is asked as soon as they fail the guard.
    Guarded(Guard),
}

/// The condition under which a decision stands.
#[derive(Clone, Copy)]
pub(crate) enum Guard {
    /// The arm clears a barrier; checked after every reward.
    Index(IndexBarrier),
    /// The sums of the arms stay within a bound of each other; checked after every turn.
    Elimination(EliminationBound),
}

impl Use {
    fn guard(self) -> Option<Guard> {
        match self {
            Use::Guarded(guard) => Some(guard),
            Use::Unread | Use::Summed => None,
        }
    }
}

/// Lanes that are played in turn.
pub(crate) struct Rotation {
    pub(crate) lanes: Vec<Lane>,
    /// The use that the leader makes of its rewards.
    pub(crate) leader: Use,
    /// Rounds of each lane that the leader plays whether or not its guard holds.
    pub(crate) leader_certain: u64,
    pub(crate) leader_stands: bool,
    /// Largest number of rounds of each lane, at least 1.
    pub(crate) limit: u64,
    /// Rounds of each lane that have been played.
    pub(crate) played: u64,
    /// Minus the logarithm of the crossing tolerance.
    pub(crate) certainty: f64,
    /// Units of work that were done, and crossings that were taken for impossible.
    pub(crate) work: u64,
    pub(crate) accepted: u64,
}

/// A leader action and the responses to it.
pub(crate) struct Lane {
    pub(crate) action: usize,
    /// The leader's statistics of this action, at the start.
    pub(crate) leader: Tally,
    /// The pairs of actions in the order in which they are played, the next one first.
    pub(crate) pairs: Vec<Pair>,
    /// The use that the follower makes of its rewards.
    pub(crate) follower: Use,
    /// Rounds that the follower plays whether or not its guard holds.
    pub(crate) follower_certain: u64,
    pub(crate) follower_stands: bool,
}

/// A pair of actions.
pub(crate) struct Pair {
    pub(crate) response: usize,
    pub(crate) cell: usize,
    pub(crate) means: [f64; 2],
    /// The follower's statistics of this response, at the start.
    pub(crate) follower: Tally,
}

impl Lane {
    /// Number of rounds of the `i`-th pair among the first `rounds` rounds of the lane.
    pub(crate) fn turns(&self, i: usize, rounds: u64) -> u64 {
        let length = self.pairs.len() as u64;
        if length == 1 {
            return rounds;
        }
        (rounds + length - 1 - i as u64) / length
    }

    /// The rewards of the leader in the first `rounds` rounds of the lane.
    pub(crate) fn leader_rewards(&self, rounds: u64, table: &mut Table) -> Rewards {
        let pairs = self.pairs.iter().enumerate();
        table.total(pairs.map(|(k, pair)| (pair.cell, self.turns(k, rounds))))
    }

    /// The pairs of actions, by their places in the game.
    fn cells(&self) -> impl Iterator<Item = usize> + Clone {
        self.pairs.iter().map(|pair| pair.cell)
    }

    /// The leader's utility of the first `rounds` rounds of the lane, without noise.
    fn leader_utility(&self, rounds: u64) -> f64 {
        let pairs = self.pairs.iter().enumerate();
        pairs
            .map(|(k, pair)| self.turns(k, rounds) as f64 * pair.means[0])
            .sum()
    }

    /// The leader's mean utility over a turn.
    fn leader_mean(&self) -> f64 {
        self.means(0).sum::<f64>() / self.pairs.len() as f64
    }

    /// Mean utilities of a player in the order of play.
    fn means(&self, player: usize) -> impl ExactSizeIterator<Item = f64> + Clone {
        self.pairs.iter().map(move |pair| pair.means[player])
    }

    /// Whether every response has been played equally often after `rounds` rounds.
    fn is_even(&self, rounds: u64) -> bool {
        let count = |k: usize| self.pairs[k].follower.count + self.turns(k, rounds);
        (1..self.pairs.len()).all(|k| count(k) == count(0))
    }
}
