//! Stretches in which the players' actions change by schedule.
//!
//! A follower may play its responses in turn while the leader stays; or a leader may play its actions in
//! turn while the follower's instance at each of them has a plan. Neither needs a decision for many
//! rounds. Such a stretch consists of *lanes*: a leader action with the responses that its follower
//! instance gives in turn. Each lane plays one round for every round of the others.

use super::reward_use::RotationUse;
use crate::learners::Tally;

/// Lanes that are played in turn.
pub(crate) struct Rotation {
    pub(crate) lanes: Vec<Lane>,
    /// The use that the leader makes of its rewards.
    pub(crate) leader: RotationUse,
    /// Rounds of each lane that the leader plays whether or not its guard holds.
    pub(crate) leader_certain: u64,
    pub(crate) leader_stands: bool,
    /// Largest number of rounds of each lane, at least 1.
    pub(crate) limit: u64,
    /// Rounds of each lane that have been played.
    pub(crate) played: u64,
}

/// A leader action and the responses to it.
pub(crate) struct Lane {
    pub(crate) action: usize,
    /// The leader's statistics of this action, at the start.
    pub(crate) leader: Tally,
    /// The cells in the order in which they are played, the next one first.
    pub(crate) cells: Vec<Cell>,
    /// The use that the follower makes of its rewards.
    pub(crate) follower: RotationUse,
    /// Rounds that the follower plays whether or not its guard holds.
    pub(crate) follower_certain: u64,
    pub(crate) follower_stands: bool,
}

/// A pair of actions.
pub(crate) struct Cell {
    pub(crate) response: usize,
    pub(crate) means: [f64; 2],
    /// The follower's statistics of this response, at the start.
    pub(crate) follower: Tally,
    /// Sums of the rewards of leader and follower since the start.
    pub(crate) gains: [f64; 2],
}

impl Lane {
    /// Number of rounds of cell `i` among the first `rounds` rounds of the lane.
    pub(crate) fn turns(&self, i: usize, rounds: u64) -> u64 {
        let length = self.cells.len() as u64;
        if length == 1 {
            return rounds;
        }
        (rounds + length - 1 - i as u64) / length
    }

    /// The leader's mean utility over a turn.
    pub(crate) fn leader_mean(&self) -> f64 {
        let total: f64 = self.cells.iter().map(|cell| cell.means[0]).sum();
        total / self.cells.len() as f64
    }
}

impl Rotation {
    /// Number of pairs of actions.
    pub(crate) fn n_cells(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.cells.len() as u64).sum()
    }

    /// Whether no player has to be asked yet.
    pub(crate) fn stands(&self) -> bool {
        self.leader_stands && self.lanes.iter().all(|lane| lane.follower_stands)
    }
}
