//! Changes of the game.
//!
//! A stretch never goes beyond one, so that all that an engine leaps over is in one game. What the players know stays as it is:
//! a barrier is about the sum of an arm, whatever mean utility the next rewards have.

use super::PlannedPlay;
use crate::engine::course::Stage;
use crate::engine::player::Player;
use crate::rng::Role;

impl PlannedPlay {
    /// Goes on to the next game. Returns the work done: it looks at every cell.
    #[cold]
    pub(super) fn change(&mut self) -> u64 {
        self.settle_all();
        self.course.go_on(&self.pulls);
        self.enter();
        1 + self.game.n_cells() as u64 / 8
    }

    /// Takes up the game in force.
    pub(super) fn enter(&mut self) {
        let leaps = self.certainty.is_finite();
        let stage = self.course.stage();
        self.game = stage.piece.game.clone();
        for table in &mut self.tables {
            table.change_to(&self.game);
        }
        if stage.piece.renews(Role::Leader, &stage.leader) {
            self.leader = leader(stage, leaps);
        }
        if stage.piece.renews(Role::Follower, &stage.follower) {
            self.followers = followers(stage, leaps);
        }
        // What was found of rounds to come has the means of the game that is over.
        self.assured.fill(0..0);
        self.followers.iter_mut().for_each(Player::forget);
    }
}

/// The leader of a game.
pub(super) fn leader(stage: &Stage, leaps: bool) -> Player {
    Player::new(stage.leader.learner(&stage.leader_seat(), leaps))
}

/// The follower's instances of a game.
pub(super) fn followers(stage: &Stage, leaps: bool) -> Vec<Player> {
    stage.followers(|seat| Player::new(stage.follower.learner(seat, leaps)))
}
