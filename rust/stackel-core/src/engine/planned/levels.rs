//! Stretches in which the leader changes its actions all the time, too.
//!
//! An action and the follower's instance that answers it are a *row*: what happens in a row does not depend on when
//! its rounds come. So the leader can descend to a level as a follower does, row by row: each row whose index is at least the level is
//! played until its index is below. If this takes more rounds than there are, or much work, the rows are put back: the rewards
//! that were read stand in the table.

use super::PlannedPlay;
use crate::engine::descent::{level, most};
use crate::learners::{IndexArms, IndexBarrier, Tally, index};
use crate::math::count;

/// Most units of work of a descent, in all and for each round that it aims at; and those after which the next one does
/// not aim further. Nobody can stop the run in between.
const MOST_WORK: u64 = 1 << 21;
const WORTHWHILE: f64 = 1.0 / 3.0;
const MUCH_WORK: u64 = 1 << 19;

/// Units of work.
struct Work {
    done: u64,
    most: u64,
}

/// What a row was before it was played.
struct Row {
    action: usize,
    pulls: Vec<u64>,
    /// The follower's statistics, unless it is committed.
    responses: Option<Vec<Tally>>,
}

impl PlannedPlay {
    /// Plays rows until the leader's indices are below a level, in at most `left` rounds. Returns the work it took, if the
    /// level was reached.
    pub(super) fn descend_rows(&mut self, left: u64) -> Option<u64> {
        let Some(IndexArms { width, tallies }) = self.leader.index_arms() else {
            self.leader_pace.not_needed();
            return None;
        };
        let before = tallies.to_vec();
        let mut wasted = 0;
        loop {
            let aim = self.leader_pace.rounds().min(0.5 * left as f64);
            let Some(rival) = level(&before, width, aim) else {
                self.leader_pace.not_needed();
                break;
            };
            let barrier = IndexBarrier::new(rival, width);
            let most_work = count(WORTHWHILE * aim).min(MOST_WORK);
            match self.play_rows(&before, barrier, most(aim).min(left), most_work) {
                Ok(work) => {
                    if work < MUCH_WORK {
                        self.leader_pace.succeeded();
                    }
                    return Some(wasted + work);
                }
                Err(work) => wasted += work,
            }
            if !self.leader_pace.failed() {
                break;
            }
        }
        (wasted > 0).then_some(wasted)
    }

    /// Plays each row whose index is at least that of a barrier until it is below. Returns the work, as an error if more
    /// than `limit` rounds would be needed; then nothing has been played.
    fn play_rows(
        &mut self,
        before: &[Tally],
        barrier: IndexBarrier,
        limit: u64,
        most_work: u64,
    ) -> Result<u64, u64> {
        let (start, accepted) = (self.round, self.accepted);
        let mut rows = Vec::new();
        let mut work = Work {
            done: 0,
            most: most_work,
        };
        let mut reached = true;
        for (a, tally) in before.iter().enumerate() {
            if !reached || index(tally, barrier.width) < barrier.rival {
                continue;
            }
            let Some(row) = self.row(a) else {
                reached = false;
                break;
            };
            rows.push(row);
            reached = self.play_row(a, barrier, start + limit, &mut work);
        }
        let after: Vec<Tally> = (0..before.len()).map(|a| self.leader.tally(a, 0)).collect();
        if reached {
            self.leader.land(&after);
            return Ok(work.done);
        }
        for row in rows {
            self.put_back(&row);
        }
        (self.round, self.accepted) = (start, accepted);
        self.leader.land(before);
        Err(work.done)
    }

    /// A row as it is, if it can be put back.
    fn row(&mut self, action: usize) -> Option<Row> {
        let instance = self.instances.answering(action);
        let follower = &mut self.followers[instance];
        follower.prepare(|| self.choice[1].stream(instance));
        let responses = if follower.is_committed() {
            None
        } else {
            Some(follower.index_arms()?.tallies.to_vec())
        };
        let cells = self.game.cell(action, 0)..self.game.cell(action + 1, 0);
        Some(Row {
            action,
            pulls: self.pulls[cells].to_vec(),
            responses,
        })
    }

    /// Plays a row until its index is below that of a barrier. Returns whether it was before the round `end`.
    fn play_row(&mut self, a: usize, barrier: IndexBarrier, end: u64, work: &mut Work) -> bool {
        while index(&self.leader.tally(a, 0), barrier.width) >= barrier.rival {
            self.leader.aim(a, barrier, end - self.round);
            while !self.leader.is_done() {
                work.done += self.respond_to(a, u64::MAX, end - self.round, work.most);
                if work.done > work.most {
                    return false;
                }
            }
            if self.round == end {
                return false;
            }
        }
        true
    }

    fn put_back(&mut self, row: &Row) {
        let first = self.game.cell(row.action, 0);
        let instance = self.instances.answering(row.action);
        for (cell, &before) in (first..).zip(&row.pulls) {
            let rounds = self.pulls[cell] - before;
            self.pulls[cell] = before;
            self.choice[0].pass_back(0, rounds);
            self.choice[1].pass_back(instance, rounds);
            for table in &mut self.tables {
                table.pass_back(cell, rounds);
            }
        }
        if let Some(responses) = &row.responses {
            self.followers[instance].land(responses);
        }
    }
}
