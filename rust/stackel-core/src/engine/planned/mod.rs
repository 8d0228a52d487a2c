//! Play by plans, with one decision a stretch.

mod blend;
mod changes;
mod each_round;
mod external;
mod levels;
mod mixing;
mod rotations;
mod settling;
mod stretch;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::stretch::Stretch;
use super::course::Course;
use super::descent::Pace;
use super::player::{Foresight, Player};
use super::setup::{Instances, Play, Setup};
use super::trace::Trace;
use crate::game::Game;
use crate::rewards::{Search, Table};
use crate::rng::Choices;

/// Least number of rounds for which a rotation is tried.
const SHORTEST_ROTATION: u64 = 128;
/// Least number of rounds for which a rotation was worthwhile.
const WORTHWHILE_ROTATION: u64 = 64;
/// Largest number of pairs of actions for which rotations are tried: the sums of more pairs would take
/// too much memory.
const MOST_CELLS: usize = 1 << 16;

/// Least number of rounds for which the leader has to stay for a descent.
const SHORTEST_DESCENT: u64 = 256;

pub(crate) struct PlannedPlay {
    /// The game in force.
    game: Game,
    course: Course,
    leader: Player,
    /// The follower's instances: one for each leader action, or one for all.
    followers: Vec<Player>,
    instances: Instances,
    /// Whether the follower is one learner for all leader actions, which wants to see each round.
    follower_is_one: bool,
    tables: [Table; 2],
    choice: [Choices; 2],
    pulls: Vec<u64>,
    round: u64,
    accepted: u64,
    /// Work that no stretch has counted.
    unbilled: u64,
    /// Minus the logarithm of the crossing tolerance; infinite if no crossing may be missed.
    certainty: f64,
    /// Whether rewards have to be taken one by one, in the order of rounds.
    one_by_one: bool,
    /// Whether rounds may be played in another order than they come in.
    reorders: bool,
    rotation_pace: Pace,
    /// The descents of the leader, or its mixing, if it mixes; and the descents of each of the follower's instances.
    leader_pace: Pace,
    paces: Vec<Pace>,
    /// The rounds in which each of the follower's instances that mixes its responses was found to stay in its corridor.
    assured: Vec<Range<u64>>,
    /// How many rounds each of the follower's instances has still to be told of.
    untold: Vec<u64>,
    trace: Option<Box<Trace>>,
}

impl PlannedPlay {
    pub(crate) fn new(setup: &Setup, replication: u64, certainty: f64) -> Self {
        let stage = setup.first();
        let game = &stage.piece.game;
        let tables = setup
            .tables(replication)
            .map(|table| table.trusting(certainty));
        let one_by_one = !tables.iter().all(Table::has_sums);
        let reorders = !one_by_one && !setup.trace;
        let leaps = certainty.is_finite();
        let (leader, followers) = (
            changes::leader(stage, leaps),
            changes::followers(stage, leaps),
        );
        let leader_pace = match (leader.mixes(), stage.follower.leaps()) {
            (false, _) => Pace::leader(game.n_cells()),
            (true, true) => Pace::MIXING_LEADER,
            // Rows that are stepped would be stepped again if they are put back.
            (true, false) => Pace::NEVER,
        };
        let pace = |follower: &Player| {
            if follower.mixes() {
                Pace::MIXING_FOLLOWER
            } else {
                Pace::FOLLOWER
            }
        };
        Self {
            game: game.clone(),
            course: Course::new(setup.stages),
            leader,
            leader_pace,
            paces: followers.iter().map(pace).collect(),
            assured: vec![0..0; followers.len()],
            untold: vec![0; followers.len()],
            followers,
            instances: setup.instances(),
            follower_is_one: stage.follower.answers_all_actions(),
            tables,
            choice: setup.choices(replication),
            pulls: vec![0; game.n_cells()],
            round: 0,
            accepted: 0,
            unbilled: 0,
            certainty,
            one_by_one,
            reorders,
            rotation_pace: if reorders && game.n_cells() <= MOST_CELLS {
                Pace::ROTATION
            } else {
                Pace::NEVER
            },
            trace: setup.tracer(),
        }
    }
}

impl Play for PlannedPlay {
    fn advance(&mut self, until: u64, budget: u64) -> u64 {
        let mut work = 0;
        while self.round < until && work < budget {
            if self.follower_is_one {
                work += self.step_round();
                continue;
            }
            let left = until.min(self.course.end()) - self.round;
            work += self.step(left, budget - work);
            work += std::mem::take(&mut self.unbilled);
            if self.round == self.course.end() {
                work += self.change();
            }
        }
        self.round
    }

    fn round(&self) -> u64 {
        self.round
    }

    fn pulls(&self) -> &[u64] {
        &self.pulls
    }

    fn utility(&self) -> [f64; 4] {
        self.course.utility(&self.pulls)
    }

    fn trace(&self) -> Option<&Trace> {
        self.trace.as_deref()
    }

    fn accepted(&self) -> u64 {
        self.accepted
    }
}

impl PlannedPlay {
    /// Plays a stretch of at most `left` rounds; returns the work it took.
    #[inline]
    fn step(&mut self, left: u64, budget: u64) -> u64 {
        self.prepare_leader();
        if let Some(a) = self.leader.single() {
            if self.leader_is_asked_each_round() {
                return self.play_each_round(a, left, budget);
            }
            return self.respond_once(a);
        }
        let rotates = self.rotation_pace.is_due();
        if rotates
            && left >= SHORTEST_ROTATION
            && self.leader.may_rotate()
            && self.rows_are_independent()
            && let Some(work) = self.rotate_actions(left, budget)
        {
            return work;
        }
        if self.reorders
            && self.leader_pace.is_due()
            && self.rows_are_independent()
            && let Some(work) = self.play_rows(left)
        {
            return work;
        }
        // A schedule may be played arm by arm if nothing depends on the order. This holds for a leader's
        // schedule, if the follower's instances are independent; and for a follower's, unless the
        // leader is guarded.
        let window = if self.reorders && self.rows_are_independent() {
            left
        } else {
            1
        };
        let (a, leader_stands) = self.leader.decide(window, || self.choice[0].stream(0));
        let stays = leader_stands.min(left);
        if rotates
            && stays >= SHORTEST_ROTATION
            && !self.leader.settles()
            && let Some(work) = self.rotate_responses(a, stays, budget)
        {
            return work;
        }
        self.respond_to(a, leader_stands, left, budget)
    }

    /// Plays a round with the action `a` of a leader that decides anew after it; returns the work it took.
    #[inline(always)]
    fn respond_once(&mut self, a: usize) -> u64 {
        let instance = self.instances.answering(a);
        self.prepare_follower(instance);
        let follower = &mut self.followers[instance];
        let (b, _) = follower.decide(1, || self.choice[1].stream(instance));
        let reads = [true, !follower.reads_nothing()];
        self.play_round(a, b, reads);
        1
    }

    /// Plays a stretch of at most `left` rounds with the action `a` of a leader that stands for a number of rounds; returns the
    /// work it took.
    #[inline(always)]
    fn respond_to(&mut self, a: usize, leader_stands: u64, left: u64, budget: u64) -> u64 {
        let stays = leader_stands.min(left);
        if self.reorders
            && stays >= SHORTEST_DESCENT
            && !self.leader.settles()
            && self.paces[self.instances.answering(a)].is_due()
            && let Some(work) = self.descend(a, stays, budget)
        {
            return work;
        }
        let instance = self.instances.answering(a);
        self.prepare_follower(instance);
        let follower = &mut self.followers[instance];
        let window = if self.reorders && !self.leader.is_guarded() {
            stays
        } else {
            1
        };
        let (b, follower_stands) = follower.decide(window, || self.choice[1].stream(instance));
        self.lead_on(a, b);
        let cell = self.game.cell(a, b);
        let reads = [&self.leader, &self.followers[instance]].map(|player| !player.reads_nothing());
        if reads == [false; 2] {
            // After two commitments, the rest costs no work.
            let rounds = stays.min(follower_stands);
            self.pass_unread(a, rounds, reads);
            self.played(a, b, rounds);
            return u64::from(rounds < left);
        }
        if self.one_by_one || stays.min(follower_stands) == 1 {
            self.play_round(a, b, reads);
            return 1;
        }
        let (found, work) = self.look_ahead(a, b, stays.min(follower_stands), budget);
        let rounds = found[0].rounds.min(found[1].rounds);
        let stands = found.map(|each| each.stands || rounds < each.rounds);
        if reads[0] {
            let rewards = self.tables[0].rewards(cell, 0, rounds);
            self.leader.take(b, &rewards, stands[0]);
        }
        if reads[1] {
            let rewards = self.tables[1].rewards(cell, 0, rounds);
            self.followers[instance].take(b, &rewards, stands[1]);
        }
        self.pass_unread(a, rounds, reads);
        self.played(a, b, rounds);
        1 + work
    }

    /// Looks along at most `most` rounds of a pair of actions for the first one after which a player has to be asked. Returns what
    /// is known of each player's plan, and the work it took.
    #[inline(always)]
    fn look_ahead(&mut self, a: usize, b: usize, most: u64, budget: u64) -> ([Foresight; 2], u64) {
        let follower = &mut self.followers[self.instances.answering(a)];
        let known = follower.foresight();
        let stretch = Stretch {
            cell: self.game.cell(a, b),
            rounds: known.map_or(most, |known| most.min(known.rounds)),
            budget,
        };
        let to_find = follower.guard().filter(|_| known.is_none());
        // The rewards of an instance come from its own tapes, whatever the leader does in between.
        let is_kept = to_find.is_some() && !self.instances.blind;
        let guards = [self.leader.guard(), to_find];
        let mut search = Search::new(self.certainty);
        let mut found = stretch.first_to_fail(guards, &mut self.tables, &mut search);
        self.accepted += search.skipped;
        if let Some(known) = known {
            found[1] = known;
        } else if is_kept {
            follower.foresee(found[1]);
        }
        (found, search.work)
    }

    /// Plays a round; `reads` says which players read their rewards.
    #[inline]
    fn play_round(&mut self, a: usize, b: usize, reads: [bool; 2]) {
        let cell = self.game.cell(a, b);
        let [first, second] = &mut self.tables;
        let follower = &mut self.followers[self.instances.answering(a)];
        Self::reward_one(&mut self.leader, b, first, cell, reads[0]);
        Self::reward_one(follower, b, second, cell, reads[1]);
        self.count(a, b, 1);
    }

    /// Gives a player the next reward of a cell, if it reads it.
    #[inline(always)]
    fn reward_one(player: &mut Player, b: usize, table: &mut Table, cell: usize, reads: bool) {
        if reads {
            player.take_one(b, &table.next(cell));
        } else {
            table.pass(cell, 1);
            player.skip(1, true);
        }
    }

    /// Moves players on that read no rewards.
    #[inline]
    fn pass_unread(&mut self, a: usize, rounds: u64, reads: [bool; 2]) {
        if !reads[0] {
            self.leader.skip(rounds, true);
        }
        if !reads[1] {
            self.followers[self.instances.answering(a)].skip(rounds, true);
        }
    }

    /// Whether it makes no difference to a row, a leader action with the responses to it, when its rounds come. A blind
    /// follower learns in all of them, unless it is committed.
    #[inline]
    fn rows_are_independent(&mut self) -> bool {
        if !self.instances.blind {
            return true;
        }
        self.followers[0].prepare(|| self.choice[1].stream(0));
        self.followers[0].is_committed()
    }

    /// Moves on by rounds of a pair of actions.
    #[inline]
    fn played(&mut self, a: usize, b: usize, rounds: u64) {
        let cell = self.game.cell(a, b);
        for table in &mut self.tables {
            table.pass(cell, rounds);
        }
        self.count(a, b, rounds);
    }

    /// Counts rounds of a pair of actions, by which the tables have moved on.
    #[inline(always)]
    fn count(&mut self, a: usize, b: usize, rounds: u64) {
        if let Some(trace) = &mut self.trace {
            trace.note(a, b, self.round, rounds);
        }
        let cell = self.game.cell(a, b);
        self.choice[0].pass(0, rounds);
        self.choice[1].pass(self.instances.answering(a), rounds);
        self.pulls[cell] += rounds;
        self.round += rounds;
    }
}
