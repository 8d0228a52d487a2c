//! Play round by round, as the definition of the model reads.

use super::player::Player;
use super::setup::{Instances, Play, Setup, facing};
use super::trace::Trace;
use crate::game::Game;
use crate::learners::{Config, RoundByRound, Seat};
use crate::rewards::Table;
use crate::rng::Choices;

pub(crate) struct ReferencePlay {
    game: Game,
    /// Units of work of a round.
    cost: u64,
    leader: Box<dyn RoundByRound>,
    /// The follower's instances: one for each leader action, or one for all.
    followers: Vec<Box<dyn RoundByRound>>,
    instances: Instances,
    tables: [Table; 2],
    choice: [Choices; 2],
    pulls: Vec<u64>,
    round: u64,
    trace: Option<Box<Trace>>,
}

impl ReferencePlay {
    /// A game in which every decision is recomputed.
    pub(crate) fn recomputing(setup: &Setup, replication: u64) -> Self {
        // A round looks at every arm of both players.
        let cost = 1 + (setup.game.n_leader() + setup.game.n_follower()) as u64 / 8;
        Self::new(setup, replication, cost, Config::round_by_round)
    }

    /// A game in which learners that have plans follow them.
    pub(crate) fn planning(setup: &Setup, replication: u64) -> Self {
        Self::new(setup, replication, 1, |config, seat| {
            if config.is_asked_every_round() {
                config.round_by_round(seat)
            } else {
                Box::new(Player::new(config.learner(seat, false)))
            }
        })
    }

    fn new(
        setup: &Setup,
        replication: u64,
        cost: u64,
        rule: impl Fn(&Config, &Seat) -> Box<dyn RoundByRound>,
    ) -> Self {
        let game = setup.game;
        Self {
            game: game.clone(),
            cost,
            leader: rule(setup.leader, &setup.leader_seat()),
            followers: setup.followers(|seat| rule(setup.follower, seat)),
            instances: setup.instances(),
            tables: setup.tables(replication),
            choice: setup.choices(replication),
            pulls: vec![0; game.n_cells()],
            round: 0,
            trace: setup.tracer(),
        }
    }
}

impl Play for ReferencePlay {
    fn advance(&mut self, until: u64, budget: u64) -> u64 {
        let pause = until.min(self.round.saturating_add(budget.div_ceil(self.cost)));
        while self.round < pause {
            let a = self.leader.choose(&mut self.choice[0].stream(0));
            let is_one = self.followers.len() == 1;
            let follower = facing(&mut self.followers, a);
            let instance = self.instances.answering(a);
            let b = follower.choose(&mut self.choice[1].stream(instance));
            let cell = self.game.cell(a, b);

            let [first, second] = self.tables.each_mut().map(|table| table.next(cell));
            self.leader.observe(a, b, &first);
            if is_one {
                follower.overhear(b, first.value());
            }
            follower.observe(b, b, &second);

            if let Some(trace) = &mut self.trace {
                trace.note(a, b, self.round, 1);
            }
            self.pulls[cell] += 1;
            self.choice[0].pass(0, 1);
            self.choice[1].pass(instance, 1);
            self.round += 1;
        }
        self.round
    }

    fn round(&self) -> u64 {
        self.round
    }

    fn pulls(&self) -> &[u64] {
        &self.pulls
    }

    fn trace(&self) -> Option<&Trace> {
        self.trace.as_deref()
    }
}
