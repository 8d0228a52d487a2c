//! Stretches in which the follower changes its responses all the time, and those in which the leader changes its actions, too.
//!
//! An action and the follower's instance that answers it are a *row*: what happens in a row does not depend on when
//! its rounds come. So the leader can descend to a level as a follower does, row by row: each row whose index is at least the level is
//! played until its index is below. If this takes more rounds than there are, or much work, the rows are put back: the rewards
//! that were read stand in the table.

use super::PlannedPlay;
use crate::engine::descent::{Descent, level, most};
use crate::learners::{IndexArms, IndexBarrier, Tally, index};
use crate::math::count;
use crate::rewards::Search;

/// Least number of rounds that are left for a descent of the leader.
const SHORTEST_LEVEL: u64 = 1 << 17;

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
    /// Rounds for which it can be put back.
    most: u64,
}

impl PlannedPlay {
    /// While the leader stays at `a`, for at most `limit` rounds, the follower descends to a level.
    /// Returns the work it took.
    pub(super) fn descend(&mut self, a: usize, limit: u64, budget: u64) -> Option<u64> {
        let instance = self.instances.answering(a);
        self.prepare_follower(instance);
        let (follower, pace) = (&mut self.followers[instance], &mut self.paces[instance]);
        let limit = limit.min(follower.most());
        if follower.draws() || follower.mixes() {
            return self.blend(a, limit, budget);
        }
        let Some(IndexArms { width, tallies }) = follower.index_arms() else {
            pace.not_needed();
            return None;
        };
        let tallies = tallies.to_vec();
        let mut search = Search::new(self.certainty);
        let mut descent = Descent {
            leader: self
                .leader
                .guard()
                .map(|(tally, barrier)| (*tally, barrier)),
            width,
            arms: tallies.clone(),
            first_cell: self.game.cell(a, 0),
            tables: &mut self.tables,
            search: &mut search,
        };
        let rounds = loop {
            let aim = pace.rounds().min(0.5 * limit as f64);
            let Some(level) = level(&tallies, width, aim) else {
                pace.not_needed();
                break None;
            };
            if let Some(rounds) = descent.descend(level, most(aim).min(limit)) {
                pace.succeeded();
                break Some(rounds);
            }
            descent.arms.clone_from(&tallies);
            if !pace.failed() {
                break None;
            }
        };
        let arms = descent.arms;
        self.accepted += search.skipped;
        let rounds = rounds?;
        self.lead(a, &rounds);
        self.followers[instance].land(&arms);
        self.leader.skip(rounds.iter().sum(), true);
        Some(1 + search.work)
    }

    /// Plays rounds in which `a` is answered by a number of each response, for the leader.
    pub(super) fn lead(&mut self, a: usize, counts: &[u64]) {
        for (b, &rounds) in counts.iter().enumerate().filter(|(_, rounds)| **rounds > 0) {
            if !self.leader.is_committed() {
                let rewards = self.tables[0].rewards(self.game.cell(a, b), 0, rounds);
                self.leader.gain(a, b, &rewards);
            }
            self.played(a, b, rounds);
        }
    }

    /// Plays rows, in at most `left` rounds, if the leader is one for which this can be done. Returns the work it took, if any was done.
    pub(super) fn play_rows(&mut self, left: u64) -> Option<u64> {
        if self.leader.mixes() {
            return self.mix_rows(left);
        }
        if left < SHORTEST_LEVEL {
            self.leader_pace.not_needed();
            return None;
        }
        self.descend_rows(left)
    }

    /// Plays rows until the leader's indices are below a level, in at most `left` rounds. Returns the work it took, if the
    /// level was reached.
    pub(super) fn descend_rows(&mut self, left: u64) -> Option<u64> {
        let Some(IndexArms { width, tallies }) = self.leader.index_arms() else {
            self.leader_pace.not_needed();
            return None;
        };
        let before = tallies.to_vec();
        let left = left.min(self.leader.most());
        let mut wasted = 0;
        loop {
            let aim = self.leader_pace.rounds().min(0.5 * left as f64);
            let Some(rival) = level(&before, width, aim) else {
                self.leader_pace.not_needed();
                break;
            };
            let barrier = IndexBarrier::new(rival, width);
            let most_work = count(WORTHWHILE * aim).min(MOST_WORK);
            match self.descend_row_by_row(&before, barrier, most(aim).min(left), most_work) {
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
    fn descend_row_by_row(
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
            let end = (start + limit).min(self.round.saturating_add(row.most));
            rows.push(row);
            reached = self.play_row(a, barrier, end, &mut work);
        }
        let after: Vec<Tally> = (0..before.len()).map(|a| self.leader.tally(a, 0)).collect();
        if reached {
            self.leader.land(&after);
            return Ok(work.done);
        }
        for row in rows {
            self.put_back(row.action, &row.pulls);
            if let Some(responses) = &row.responses {
                self.followers[self.instances.answering(row.action)].land(responses);
            }
        }
        (self.round, self.accepted) = (start, accepted);
        self.leader.land(before);
        Err(work.done)
    }

    /// A row as it is, if it can be put back.
    fn row(&mut self, action: usize) -> Option<Row> {
        let instance = self.instances.answering(action);
        self.prepare_follower(instance);
        let follower = &mut self.followers[instance];
        let responses = if follower.is_committed() {
            None
        } else {
            Some(follower.index_arms()?.tallies.to_vec())
        };
        let most = follower.most();
        let cells = self.game.cell(action, 0)..self.game.cell(action + 1, 0);
        Some(Row {
            action,
            pulls: self.pulls[cells].to_vec(),
            responses,
            most,
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

    /// Takes back the rounds that an action has been played since its pairs of actions had been played so often.
    pub(super) fn put_back(&mut self, action: usize, pulls: &[u64]) {
        let first = self.game.cell(action, 0);
        let instance = self.instances.answering(action);
        for (cell, &before) in (first..).zip(pulls) {
            let rounds = self.pulls[cell] - before;
            self.pulls[cell] = before;
            self.choice[0].pass_back(0, rounds);
            self.choice[1].pass_back(instance, rounds);
            for table in &mut self.tables {
                table.pass_back(cell, rounds);
            }
        }
    }
}
