//! Play round by round, as the definition of the model reads.

use super::course::{Course, Stage};
use super::player::Player;
use super::setup::{Instances, Play, Setup, facing};
use super::trace::Trace;
use crate::game::Game;
use crate::learners::{Config, RoundByRound, Seat};
use crate::rewards::Table;
use crate::rng::{Choices, Role};

/// How a learner becomes a player.
type Rule = fn(&Config, &Seat) -> Box<dyn RoundByRound>;

pub(crate) struct ReferencePlay {
    game: Game,
    course: Course,
    rule: Rule,
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
        let game = &setup.first().piece.game;
        let cost = 1 + (game.n_leader() + game.n_follower()) as u64 / 8;
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

    fn new(setup: &Setup, replication: u64, cost: u64, rule: Rule) -> Self {
        let stage = setup.first();
        let game = &stage.piece.game;
        Self {
            game: game.clone(),
            course: Course::new(setup.stages),
            rule,
            cost,
            leader: rule(&stage.leader, &stage.leader_seat()),
            followers: followers(stage, rule),
            instances: setup.instances(),
            tables: setup.tables(replication),
            choice: setup.choices(replication),
            pulls: vec![0; game.n_cells()],
            round: 0,
            trace: setup.tracer(),
        }
    }

    /// Goes on to the next game.
    fn change(&mut self) {
        self.course.go_on(&self.pulls);
        let stage = self.course.stage();
        self.game = stage.piece.game.clone();
        for table in &mut self.tables {
            table.change_to(&self.game);
        }
        if stage.piece.renews(Role::Leader, &stage.leader) {
            self.leader = (self.rule)(&stage.leader, &stage.leader_seat());
        }
        if stage.piece.renews(Role::Follower, &stage.follower) {
            self.followers = followers(stage, self.rule);
        }
    }
}

fn followers(stage: &Stage, rule: Rule) -> Vec<Box<dyn RoundByRound>> {
    stage.followers(|seat| rule(&stage.follower, seat))
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

            let [first, second] = &mut self.tables;
            let reward = first.next(cell);
            self.leader.observe(a, b, &reward);
            if is_one {
                follower.overhear(b, reward.value());
            }
            follower.observe(b, b, &second.next(cell));

            if let Some(trace) = &mut self.trace {
                trace.note(a, b, self.round, 1);
            }
            self.pulls[cell] += 1;
            self.choice[0].pass(0, 1);
            self.choice[1].pass(instance, 1);
            self.round += 1;
            if self.round == self.course.end() {
                self.change();
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
}
