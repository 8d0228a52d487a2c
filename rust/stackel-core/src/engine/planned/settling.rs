//! Squares of rewards, for learners that want to know them.
//!
//! What a learner is told depends on its own rounds alone: on where a barrier was set and where it was met, or another response came,
//! and not on the stretches in which rounds were played.

use super::PlannedPlay;
use crate::engine::player::Player;
use crate::math::{count, exp};
use crate::rewards::{CERTAINTY, Search, Table};

/// More would not leave room for the sum over all games of a run.
const MOST: f64 = (1u64 << 32) as f64;

impl PlannedPlay {
    /// Asks the leader for a plan if the last one is over.
    #[inline]
    pub(super) fn prepare_leader(&mut self) {
        if self.leader.settles() && self.leader.is_done() {
            self.settle_leader();
        }
        self.leader.prepare(|| self.choice[0].stream(0));
    }

    /// Asks an instance of the follower for a plan if the last one is over.
    #[inline]
    pub(super) fn prepare_follower(&mut self, instance: usize) {
        let follower = &self.followers[instance];
        if follower.settles() && follower.is_done() {
            self.settle_follower(instance);
        }
        self.followers[instance].prepare(|| self.choice[1].stream(instance));
    }

    /// The leader's next reward is from this pair of actions.
    #[inline]
    pub(super) fn lead_on(&mut self, a: usize, b: usize) {
        if self.leader.settles()
            && (self.leader.unsettled()).is_some_and(|last| (last.arm, last.response) != (a, b))
        {
            self.settle_leader();
        }
    }

    /// The next rewards of both players are from this pair of actions, whatever their plans. Open ones are settled one by one.
    pub(super) fn settle_before(&mut self, a: usize, b: usize, open: bool) {
        self.lead_on(a, b);
        let instance = self.instances.answering(a);
        let follower = &self.followers[instance.min(self.followers.len() - 1)];
        if follower.settles() && follower.unsettled().is_some_and(|last| last.arm != b) {
            self.settle_follower(instance);
        }
        if open {
            self.settle_all();
        }
    }

    /// Tells all players of their rewards.
    pub(super) fn settle_all(&mut self) {
        if self.leader.settles() {
            self.settle_leader();
        }
        if self.followers[0].settles() {
            (0..self.followers.len()).for_each(|instance| self.settle_follower(instance));
        }
    }

    fn settle_leader(&mut self) {
        let game = &self.game;
        let cell = |arm, response| game.cell(arm, response);
        let search = settle(&mut self.leader, &mut self.tables[0], cell);
        self.note(&search);
    }

    /// A follower that is one for all leader actions is not told of squares.
    fn settle_follower(&mut self, instance: usize) {
        let game = &self.game;
        let cell = |arm, _response| game.cell(instance, arm);
        let player = &mut self.followers[instance];
        let search = settle(player, &mut self.tables[1], cell);
        self.note(&search);
    }

    /// Counts events of another probability than the crossing tolerance as so many of that probability, at most [`MOST`].
    fn note(&mut self, search: &Search) {
        let each = exp(self.certainty - CERTAINTY).clamp(1.0, MOST);
        self.accepted += count(each.ceil()) * search.skipped;
        self.unbilled += search.work;
    }
}

/// Tells a player of its rewards.
fn settle(player: &mut Player, table: &mut Table, cell: impl Fn(usize, usize) -> usize) -> Search {
    let mut search = Search::new(CERTAINTY);
    if let Some(last) = player.unsettled() {
        let tally = player.tally(last.arm, last.response);
        let cell = cell(last.arm, last.response);
        player.settle(table.scatter(cell, &last, &tally, &mut search));
    }
    search
}
