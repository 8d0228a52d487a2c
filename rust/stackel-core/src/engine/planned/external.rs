//! A game in pieces: rounds in which the caller may decide, and the state as bytes.

use std::iter;

use super::PlannedPlay;
use crate::archive::Archive;
use crate::engine::setup::facing;
use crate::learners::RoundByRound;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;

impl PlannedPlay {
    /// The leader's action in the next round.
    pub(crate) fn act(&mut self) -> usize {
        self.prepare_leader();
        self.leader.choose(&mut self.choice[0].stream(0))
    }

    /// The follower's response to `a` in the next round.
    pub(crate) fn respond(&mut self, a: usize) -> usize {
        let instance = self.instances.answering(a);
        if self.followers.len() > 1 {
            self.prepare_follower(instance);
        }
        facing(&mut self.followers, a).choose(&mut self.choice[1].stream(instance))
    }

    /// Makes the leader play `a` in the next round.
    pub(crate) fn force_action(&mut self, a: usize) {
        self.leader.obey(a);
    }

    /// Makes the follower respond to `a` with `b` in the next round.
    pub(crate) fn force_response(&mut self, a: usize, b: usize) {
        facing(&mut self.followers, a).obey(b);
    }

    /// The rewards of leader and follower if the next round is played with this pair of actions.
    pub(crate) fn rewards(&mut self, a: usize, b: usize) -> [Rewards; 2] {
        let cell = self.game.cell(a, b);
        self.tables
            .each_mut()
            .map(|table| table.rewards(cell, 0, 1))
    }

    /// Ends a round in which the players have decided on `a` and `b`. Rewards are `open` if the caller gives them, or makes decisions
    /// that may depend on them.
    pub(crate) fn reward(
        &mut self,
        a: usize,
        b: usize,
        [leader, follower]: &[Rewards; 2],
        open: bool,
    ) {
        self.settle_before(a, b, open);
        let cell = self.game.cell(a, b);
        for table in &mut self.tables {
            table.pass(cell, 1);
        }
        self.tell(a, b, [leader, follower], open);
    }

    /// The same where the tables have moved on.
    #[inline]
    fn tell(&mut self, a: usize, b: usize, [leader, follower]: [&Rewards; 2], open: bool) {
        self.leader.take_one(b, leader);
        let player = facing(&mut self.followers, a);
        player.overhear(b, leader.value());
        player.take_one(b, follower);
        if open {
            self.leader.settle_one(leader);
            player.settle_one(follower);
            player.forget();
        }
        self.count(a, b, 1);
        if self.round == self.course.end() {
            self.change();
        }
    }

    /// Plays a round with a follower that sees the leader's rewards. Returns the work done: such a follower
    /// looks at every cell.
    pub(super) fn step_round(&mut self) -> u64 {
        let a = self.act();
        let b = self.respond(a);
        self.settle_before(a, b, false);
        let cell = self.game.cell(a, b);
        let [first, second] = &mut self.tables;
        let (leader, follower) = (first.next(cell), second.next(cell));
        self.tell(a, b, [&leader, &follower], false);
        1 + self.game.n_cells() as u64 / 8
    }

    /// Visits everything that rounds change.
    pub(crate) fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.round, MAX_HORIZON);
        archive.count(&mut self.accepted, u64::MAX / 2);
        for pulls in &mut self.pulls {
            archive.count(pulls, MAX_HORIZON);
        }
        let total: u128 = self.pulls.iter().map(|&pulls| u128::from(pulls)).sum();
        if total != u128::from(self.round) {
            archive.refuse("counts that do not add up to the rounds played");
        }
        if self.course.go_to(self.round) {
            self.enter();
        }
        self.course.exchange(archive, &self.pulls);
        for table in &mut self.tables {
            table.move_to(&self.pulls);
        }
        self.choice[0].move_to(iter::once(self.round));
        if self.instances.blind {
            self.choice[1].move_to(iter::once(self.round));
        } else {
            let answers = self.pulls.chunks_exact(self.game.n_follower());
            self.choice[1].move_to(answers.map(|pulls| pulls.iter().sum()));
        }
        self.leader.exchange(archive, self.game.n_leader());
        for follower in &mut self.followers {
            follower.exchange(archive, self.game.n_follower());
        }
    }
}
