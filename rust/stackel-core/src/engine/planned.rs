//! Play by plans: one decision a stretch.

use super::player::Player;
use super::{Drawn, Engine, Play, Setup, Stretch, Watch, stepwise};
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
}

impl<'g> PlannedPlay<'g> {
    pub(crate) fn new(setup: &Setup<'g>, replication: u64) -> Self {
        let game = setup.game;
        let instance = |a| Player::new(setup.follower.learner(&setup.follower_seat(a)));
        Self {
            game,
            engine: stepwise::engine(game.noise()),
            leader: Player::new(setup.leader.learner(&setup.leader_seat())),
            followers: (0..game.n_leader()).map(instance).collect(),
            noise: setup.streams(replication, Purpose::Noise),
            choice: setup.streams(replication, Purpose::Choice),
            pulls: vec![0; game.n_cells()],
            round: 0,
        }
    }
}

impl Play for PlannedPlay<'_> {
    fn advance(&mut self, until: u64, budget: u64) -> u64 {
        let pause = until.min(self.round.saturating_add(budget));
        while self.round < pause {
            let (a, leader_stands) = self.leader.decide(&mut self.choice[0]);
            let follower = &mut self.followers[a];
            let (b, follower_stands) = follower.decide(&mut self.choice[1]);
            let cell = self.game.cell(a, b);

            let committed = self.leader.is_committed();
            if committed && follower.is_committed() {
                // Nothing that is still to come depends on a reward: the rest costs no work.
                self.pulls[cell] += until - self.round;
                self.round = until;
                break;
            }
            let Drawn { rounds, stands } = self.engine.draw(
                Stretch {
                    means: self.game.means(cell),
                    rounds: leader_stands.min(follower_stands).min(pause - self.round),
                    watches: [
                        if committed {
                            Watch::Skip
                        } else {
                            self.leader.watch(b)
                        },
                        follower.watch(b),
                    ],
                },
                &mut self.noise,
            );
            self.leader.settle(b, rounds, stands[0]);
            follower.settle(b, rounds, stands[1]);
            self.pulls[cell] += rounds;
            self.round += rounds;
        }
        self.round
    }

    fn pulls(&self) -> &[u64] {
        &self.pulls
    }
}
