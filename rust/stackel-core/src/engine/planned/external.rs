//! A game in pieces: rounds in which the caller may decide, and the state as bytes.

use super::{LONGEST_REST, PlannedPlay};
use crate::archive::Archive;
use crate::engine::descent::Foreseen;
use crate::engine::setup::facing;
use crate::learners::RoundByRound;
use crate::noise::Noise;
use crate::record::MAX_HORIZON;

impl PlannedPlay {
    /// The leader's action in the next round.
    pub(crate) fn act(&mut self) -> usize {
        self.leader.choose(&mut self.choice[0])
    }

    /// The follower's response to `a` in the next round.
    pub(crate) fn respond(&mut self, a: usize) -> usize {
        facing(&mut self.followers, a).choose(&mut self.choice[1])
    }

    /// Makes the leader play `a` in the next round.
    pub(crate) fn force_action(&mut self, a: usize) {
        self.leader.obey(a);
    }

    /// Makes the follower respond to `a` with `b` in the next round.
    pub(crate) fn force_response(&mut self, a: usize, b: usize) {
        facing(&mut self.followers, a).obey(b);
    }

    /// Draws rewards for a pair of actions. Rewards drawn ahead are dropped: they are independent of all
    /// rounds played.
    pub(crate) fn draw(&mut self, a: usize, b: usize) -> [f64; 2] {
        self.foreseen = None;
        let means = self.game.means(self.game.cell(a, b));
        self.engine.draw_round(means.into(), &mut self.noise).into()
    }

    /// Ends a round in which the players have decided on `a` and `b`.
    pub(crate) fn reward(&mut self, a: usize, b: usize, [leader, follower]: [f64; 2]) {
        self.leader.take(b, leader);
        let player = facing(&mut self.followers, a);
        player.overhear(b, leader);
        player.take(b, follower);
        self.played(a, b, 1);
    }

    /// Plays a round with a follower that sees the leader's rewards. Returns the work done: such a follower
    /// looks at every cell.
    pub(super) fn step_round(&mut self) -> u64 {
        let a = self.act();
        let b = self.respond(a);
        let rewards = self.draw(a, b);
        self.reward(a, b, rewards);
        1 + self.game.n_cells() as u64 / 8
    }

    /// Visits everything that rounds change.
    pub(crate) fn exchange(&mut self, archive: &mut Archive) {
        for stream in self.noise.iter_mut().chain(&mut self.choice) {
            stream.exchange(archive);
        }
        archive.count(&mut self.round, MAX_HORIZON);
        archive.count(&mut self.accepted, u64::MAX / 2);
        archive.count(&mut self.pause, u64::MAX);
        archive.count(&mut self.rest, u64::MAX);
        archive.count(&mut self.rests, LONGEST_REST);
        let coins = self.game.noise()[1] == Noise::Bernoulli;
        let shape = (self.game.n_leader(), self.game.n_follower());
        Foreseen::exchange(&mut self.foreseen, archive, shape, coins);
        for pulls in &mut self.pulls {
            archive.count(pulls, MAX_HORIZON);
        }
        let total: u128 = self.pulls.iter().map(|&pulls| u128::from(pulls)).sum();
        if total != u128::from(self.round) {
            archive.refuse("counts that do not add up to the rounds played");
        }
        self.leader.exchange(archive, self.game.n_leader());
        for follower in &mut self.followers {
            follower.exchange(archive, self.game.n_follower());
        }
    }
}
