//! Rounds near the barrier of a leader that stays at one action.
//!
//! Its mean utilities are a saw-tooth above a straight line, and the line is searched along its tape.

use super::Search;
use crate::engine::descent::ROUNDING;
use crate::engine::rotation::Guard;
use crate::rewards;

/// Most rounds that are searched at once.
const NEAR: u64 = 256;

impl Search<'_> {
    /// The first of the next rounds after which a leader that stays may have to be asked, or the last of them. `None` if
    /// its rewards are not on one tape.
    pub(super) fn passage(&mut self, rounds: u64) -> Option<u64> {
        let [table, _] = &mut *self.tables;
        let ([lane], Some(Guard::Index(barrier))) =
            (&*self.rotation.lanes, self.rotation.leader.guard())
        else {
            return None;
        };
        if !table.tape_is_one() {
            return None;
        }
        let (cell, average) = (lane.pairs[0].cell, lane.leader_mean());
        let (mut path, mut behind, mut largest) = (0.0, 0.0_f64, 0.0_f64);
        for mean in lane.means(0) {
            path += mean - average;
            behind = behind.max(-path);
            largest = largest.max(mean.abs());
        }
        let from = self.rotation.played;
        let to = from + rounds.min(NEAR);
        let margin = ROUNDING * largest * (lane.leader.count + to) as f64;
        let barrier = barrier.over_mean(average - table.mean(cell), &lane.leader, behind + margin);
        let bar = table.bar(cell, barrier, &lane.leader, to);
        let mut search = rewards::Search::new(self.rotation.certainty);
        let place = table.passage(cell, (from, to), &bar, &mut search);
        self.rotation.work += search.work;
        self.rotation.accepted += search.skipped;
        Some(place.unwrap_or(to))
    }
}
