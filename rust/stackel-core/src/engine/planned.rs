//! Play by plans: one decision a stretch.

use super::player::Player;
use super::{Engine, Play, Setup, Stretch, Watch};
use crate::game::Game;
use crate::rng::{Purpose, Stream};

pub(crate) struct PlannedPlay<'g> {
    game: &'g Game,
    engine: Box<dyn Engine>,
    leader: Player,
    /// The follower's instances, one for each leader action.
    followers: Vec<Player>,
    noise: [Stream; 2],
    choice: [Stream; 2],
    pulls: Vec<u64>,
    round: u64,
    accepted: u64,
}

impl<'g> PlannedPlay<'g> {
    pub(crate) fn new(setup: &Setup<'g>, replication: u64, engine: Box<dyn Engine>) -> Self {
        let game = setup.game;
        let instance = |a| Player::new(setup.follower.learner(&setup.follower_seat(a)));
        Self {
            game,
            engine,
            leader: Player::new(setup.leader.learner(&setup.leader_seat())),
            followers: (0..game.n_leader()).map(instance).collect(),
            noise: setup.streams(replication, Purpose::Noise),
            choice: setup.streams(replication, Purpose::Choice),
            pulls: vec![0; game.n_cells()],
            round: 0,
            accepted: 0,
        }
    }
}

impl Play for PlannedPlay<'_> {
    fn advance(&mut self, until: u64, budget: u64) -> u64 {
        let reorders = self.engine.reorders();
        let mut work = 0;
        while self.round < until && work < budget {
            // A schedule may be played arm by arm if nothing depends on the order: a leader's,
            // because the follower's instances are independent; a follower's, unless the leader
            // watches how its sum comes about.
            let left = until - self.round;
            let window = if reorders { left } else { 1 };
            let (a, leader_stands) = self.leader.decide(window, &mut self.choice[0]);
            let follower = &mut self.followers[a];
            let window = if self.leader.is_guarded() {
                1
            } else {
                window.min(leader_stands)
            };
            let (b, follower_stands) = follower.decide(window, &mut self.choice[1]);
            let cell = self.game.cell(a, b);

            let committed = self.leader.is_committed();
            if committed && follower.is_committed() {
                // Nothing that is still to come depends on a reward: the rest costs no work.
                self.pulls[cell] += left;
                self.round = until;
                break;
            }
            let rounds = leader_stands.min(follower_stands).min(left);
            let means = self.game.means(cell);
            if rounds == 1 {
                let [first, second] = self.engine.draw_round(means, &mut self.noise);
                self.leader.take(b, first);
                follower.take(b, second);
                self.pulls[cell] += 1;
                self.round += 1;
                work += 1;
                continue;
            }
            let leader = if committed {
                Watch::Skip
            } else {
                self.leader.watch(b)
            };
            let watches = [leader, follower.watch(b)];
            let stretch = Stretch {
                means,
                rounds,
                watches,
                work: budget - work,
            };
            let drawn = self.engine.draw(stretch, &mut self.noise);
            self.leader.settle(b, drawn.rounds, drawn.stands[0]);
            follower.settle(b, drawn.rounds, drawn.stands[1]);
            self.pulls[cell] += drawn.rounds;
            self.round += drawn.rounds;
            self.accepted += drawn.accepted;
            work += drawn.work.max(1);
        }
        self.round
    }

    fn pulls(&self) -> &[u64] {
        &self.pulls
    }

    fn accepted(&self) -> u64 {
        self.accepted
    }
}
