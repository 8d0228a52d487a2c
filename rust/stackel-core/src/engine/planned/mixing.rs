//! Stretches in which the leader draws its actions from a mixture while its means stay in a corridor.
//!
//! How often each action is played in many rounds is known before they are. An action and the follower's instance that answers it are a
//! *row*, in which nothing depends on when its rounds come: rows are played one after the other. If the leader's sum of a row may have left
//! the corridor, or the rounds take much work, the rows are put back, and fewer rounds are tried: the rewards that were read stand in the table.

use super::PlannedPlay;
use crate::archive::Archive;
use crate::engine::descent::{gap, stays_on_side};
use crate::learners::{Corridor, IndexBarrier, Tally};
use crate::math::count;
use crate::rewards::Search;

/// Least number of rounds that are tried.
const SHORTEST: u64 = 1024;
/// Most units of work of a try, and those after which the next one does not aim further. Nobody can stop the run in between.
const MOST_WORK: u64 = 1 << 21;
const MUCH_WORK: u64 = 1 << 19;

/// What a row was before it was played.
struct Row {
    action: usize,
    pulls: Vec<u64>,
    follower: Vec<u8>,
}

impl PlannedPlay {
    /// Plays rows of a leader that mixes its actions, in at most `left` rounds. Returns the work it took, if any was done.
    pub(super) fn mix_rows(&mut self, left: u64) -> Option<u64> {
        let mut wasted = 0;
        if let Some(corridor) = self.leader.corridor() {
            let n_leader = self.game.n_leader();
            let before: Vec<Tally> = (0..n_leader).map(|a| self.leader.tally(a, 0)).collect();
            let reach = self.row_reach(&before, corridor);
            loop {
                let mixture = self.leader.mixture()?;
                let aim = count(self.leader_pace.rounds().min(reach)).min(left);
                let rounds = mixture.whole_ahead(0, aim);
                if rounds < SHORTEST {
                    break;
                }
                let counts = mixture.ahead(rounds);
                match self.play_counts(&before, corridor, &counts) {
                    Ok(work) => {
                        if work < MUCH_WORK {
                            self.leader_pace.succeeded();
                        }
                        return Some(wasted + work);
                    }
                    Err(work) => wasted += work,
                }
                if !self.leader_pace.failed() {
                    return Some(wasted);
                }
            }
        }
        self.leader_pace.give_up();
        (wasted > 0).then_some(wasted)
    }

    /// A number of rounds in which all means probably stay in the corridor.
    fn row_reach(&mut self, tallies: &[Tally], corridor: Corridor) -> f64 {
        let reach = |(a, tally): (usize, &Tally)| {
            let cells = self.game.cell(a, 0)..self.game.cell(a + 1, 0);
            let bridge = self.tables[0].largest_bridge(cells);
            let weight = self.leader.mixture()?.weight(a);
            Some(bridge.reach(room(tally, a, corridor), 0.0, self.certainty) / weight)
        };
        let reaches = tallies.iter().enumerate().filter_map(reach);
        reaches.fold(f64::INFINITY, f64::min)
    }

    /// Plays each row a number of rounds. Returns the work, as an error if the corridor may have been left or if it was much; then nothing
    /// has been played.
    fn play_counts(
        &mut self,
        before: &[Tally],
        corridor: Corridor,
        counts: &[u64],
    ) -> Result<u64, u64> {
        let (start, accepted) = (self.round, self.accepted);
        let mut rows = Vec::new();
        let mut work = 1;
        let mut stays = true;
        for (a, &rounds) in counts.iter().enumerate() {
            if rounds == 0 {
                continue;
            }
            let Some(row) = self.mixed_row(a) else {
                stays = false;
                break;
            };
            self.leader.stay(a, rounds);
            while !self.leader.is_done() && work < MOST_WORK {
                let left = rounds - (self.leader.tally(a, 0).count - before[a].count);
                work += self.respond_to(a, left, left, MOST_WORK - work);
            }
            stays = self.leader.is_done() && self.row_stays(&row, &before[a], corridor);
            rows.push(row);
            if !stays {
                break;
            }
        }
        let after: Vec<Tally> = (0..before.len()).map(|a| self.leader.tally(a, 0)).collect();
        if stays {
            self.leader.land(&after);
            return Ok(work);
        }
        for row in &rows {
            self.put_back(row.action, &row.pulls);
            let n_follower = self.game.n_follower();
            let follower = &mut self.followers[self.instances.answering(row.action)];
            let read = Archive::read(&row.follower, |archive| {
                follower.exchange(archive, n_follower);
            });
            debug_assert!(read.is_ok(), "a state that was just written: {read:?}");
        }
        (self.round, self.accepted) = (start, accepted);
        self.leader.land(before);
        Err(work)
    }

    /// A row as it is, if its follower's state can be kept.
    fn mixed_row(&mut self, action: usize) -> Option<Row> {
        let n_follower = self.game.n_follower();
        let follower = &mut self.followers[self.instances.answering(action)];
        let cells = self.game.cell(action, 0)..self.game.cell(action + 1, 0);
        Some(Row {
            action,
            pulls: self.pulls[cells].to_vec(),
            follower: Archive::write(|archive| follower.exchange(archive, n_follower)).ok()?,
        })
    }

    /// Whether the leader's sum of a row that was played has stayed on its side all the while.
    fn row_stays(&mut self, row: &Row, before: &Tally, corridor: Corridor) -> bool {
        let a = row.action;
        let first = self.game.cell(a, 0);
        let after = self.leader.tally(a, 0);
        let played = self.pulls[first..].iter().zip(&row.pulls);
        let played: Vec<u64> = played.map(|(now, before)| now - before).collect();
        let gaps = [before, &after].map(|tally| room(tally, a, corridor));
        let mut search = Search::new(self.certainty);
        let [table, _] = &mut self.tables;
        let cells = || (first..).zip(played.iter().copied());
        // The bridge starts where the row did.
        cells().for_each(|(cell, rounds)| table.pass_back(cell, rounds));
        let stays = stays_on_side(table, first, &played, gaps, &mut search);
        cells().for_each(|(cell, rounds)| table.pass(cell, rounds));
        self.accepted += search.skipped;
        stays
    }
}

/// How far the sum of an action is on its side.
fn room(tally: &Tally, action: usize, corridor: Corridor) -> f64 {
    let barrier = IndexBarrier::new(corridor.threshold, 0.0);
    gap(tally, barrier, action == corridor.best)
}
