//! Learners from outside that fail, that play in pieces, and what they are told of their seat.

#![allow(clippy::unwrap_used)] // what cannot be unwrapped here is a failed test

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use stackel_core::learners::{Algorithm, RoundByRound, Seat};
use stackel_core::lockstep::{Learners, Lockstep};
use stackel_core::rng::{Role, Stream};
use stackel_core::{
    Agent, Batch, Checkpoints, Config, EngineKind, Experiment, Game, LearnerFailure, Noise,
    Rewards, Simulation,
};

const HORIZON: u64 = 400;
const SEED: u64 = 3;

fn game() -> Game {
    let leader = vec![0.2, 0.9, 0.4, 0.6, 0.5, 0.1];
    let follower = vec![0.5, 0.4, 0.1, 0.8, 0.3, 0.35];
    Game::new(3, 2, leader, follower, [Noise::Gaussian { sigma: 0.7 }; 2]).unwrap()
}

fn experiment<'g>(game: &'g Game, leader: &Config, follower: &Config) -> Experiment<'g> {
    let last = Checkpoints::Rounds(vec![HORIZON]);
    let kind = EngineKind::Stepwise;
    Experiment::new(game, leader, follower, HORIZON, 4, SEED, last, kind).unwrap()
}

/// Plays its arms at random, or the one for all actions the action that it faces; fails in a round.
struct Own {
    fails_in: u64,
    is_one: bool,
    /// The leader actions of its seats.
    told: Arc<Mutex<Vec<Option<usize>>>>,
}

impl Own {
    fn config(fails_in: u64, is_one: bool) -> Config {
        Config::own(Self {
            fails_in,
            is_one,
            told: Arc::default(),
        })
    }
}

struct Rule {
    n_arms: usize,
    left: u64,
    facing: Option<usize>,
}

impl Algorithm for Own {
    fn name(&self) -> &'static str {
        "Own"
    }

    fn answers_all_actions(&self) -> bool {
        self.is_one
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        self.told.lock().unwrap().push(seat.leader_action);
        if self.fails_in == 0 {
            LearnerFailure::unwind("no", "start");
        }
        Box::new(Rule {
            n_arms: seat.n_arms(),
            left: self.fails_in,
            facing: None,
        })
    }
}

impl RoundByRound for Rule {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let random = choice.below(self.n_arms);
        self.facing.map_or(random, |action| action % self.n_arms)
    }

    fn observe(&mut self, _arm: usize, _response: usize, _reward: &Rewards) {
        self.left -= 1;
        if self.left == 0 {
            LearnerFailure::unwind("no", "observe");
        }
    }

    fn face(&mut self, action: usize) {
        self.facing = Some(action);
    }
}

/// Where a learner failed.
fn place<T>(work: impl FnOnce() -> T) -> (String, Option<u64>, Option<u64>) {
    let payload = catch_unwind(AssertUnwindSafe(work)).err().unwrap();
    let failure = payload.downcast::<LearnerFailure>().unwrap();
    assert_eq!(failure.error.downcast_ref(), Some(&"no"));
    (failure.doing, failure.replication, failure.round)
}

fn ucb() -> Config {
    Config::new("UCB", vec![]).unwrap()
}

#[test]
fn a_failure_knows_its_replication_and_round() {
    let game = game();
    let expected = ("observe".to_string(), Some(0), Some(7));
    let (own, start) = (Own::config(7, false), Own::config(0, false));
    let run = || experiment(&game, &own, &ucb()).run(1, &mut |_| true);
    assert_eq!(place(run), expected);
    let run = || experiment(&game, &start, &ucb()).run(1, &mut |_| true);
    assert_eq!(place(run), ("start".to_string(), Some(0), Some(0)));
    let batch = || {
        let one = || experiment(&game, &own, &ucb());
        Batch::new(vec![one(), one()])
            .unwrap()
            .run(1, &mut |_| true)
    };
    let payload = catch_unwind(AssertUnwindSafe(batch)).err().unwrap();
    let failure = payload.downcast::<LearnerFailure>().unwrap();
    assert_eq!((failure.game, failure.round), (Some(0), Some(7)));
}

#[test]
fn one_on_a_worker_does_too() {
    let (game, own, horizon) = (game(), Own::config(50_000, false), 1 << 50);
    let last = Checkpoints::Rounds(vec![horizon]);
    let kind = EngineKind::Stepwise;
    let run = Experiment::new(&game, &own, &ucb(), horizon, 8, SEED, last, kind).unwrap();
    let (doing, replication, round) = place(|| run.run(2, &mut |_| true));
    assert_eq!((doing.as_str(), round), ("observe", Some(50_000)));
    assert!(replication.unwrap() < 8);
}

#[test]
fn so_do_those_of_simulations_and_agents() {
    let (game, own, start) = (game(), Own::config(7, false), Own::config(0, false));
    let expected = ("observe".to_string(), Some(2), Some(7));
    let simulation = || Simulation::new(&experiment(&game, &own, &ucb()), 2).unwrap();
    let mut one = simulation();
    assert_eq!(place(|| one.advance(100, &mut |_| true)), expected);
    let mut other = simulation();
    other.step(6, [None, None], &mut |_| true).unwrap();
    other.choose([None, None]).unwrap();
    assert_eq!(place(|| other.observe([None, None])), expected);
    let new = || Simulation::new(&experiment(&game, &start, &ucb()), 2);
    assert_eq!(place(new), ("start".to_string(), Some(2), Some(0)));

    let mut agent = Agent::new(&game, &own, Role::Leader, HORIZON, SEED, 2).unwrap();
    let play = || {
        loop {
            agent.choose(None).unwrap();
            agent.observe(0.0, None, None, None).unwrap();
        }
    };
    assert_eq!(place(play), expected);
    let new = || Agent::new(&game, &start, Role::Leader, HORIZON, SEED, 2);
    assert_eq!(place(new), ("start".to_string(), Some(2), Some(0)));
}

#[test]
fn and_those_in_lockstep() {
    let game = game();
    let last = Checkpoints::Rounds(vec![HORIZON]);
    let run = Lockstep::new(&game, HORIZON, 5, SEED, last, false).unwrap();
    let play = |own: Config| {
        let mut outcome = run.outcome().unwrap();
        let mut leader = Learners::new(&own, Role::Leader, &run, 3..5).unwrap();
        let mut follower = Learners::new(&ucb(), Role::Follower, &run, 3..5).unwrap();
        let mut watch = |_| Ok::<(), ()>(());
        run.play(3..5, &mut leader, &mut follower, &mut outcome, &mut watch)
    };
    let expected = |doing: &str, round| (doing.to_string(), Some(3), Some(round));
    assert_eq!(
        place(|| play(Own::config(7, false))),
        expected("observe", 7)
    );
    assert_eq!(place(|| play(Own::config(0, false))), expected("start", 0));
}

#[test]
fn other_panics_pass_as_they_are() {
    struct Panics;
    impl Algorithm for Panics {
        fn name(&self) -> &'static str {
            "Panics"
        }

        fn rule(&self, _seat: &Seat) -> Box<dyn RoundByRound> {
            std::panic::resume_unwind(Box::new("mine"))
        }
    }
    let (game, own) = (game(), Config::own(Panics));
    let run = || experiment(&game, &own, &ucb()).run(1, &mut |_| true);
    let payload = catch_unwind(AssertUnwindSafe(run)).err().unwrap();
    assert_eq!(payload.downcast_ref(), Some(&"mine"));
}

#[test]
fn a_simulation_plays_the_game_of_its_experiment() {
    let game = game();
    for (leader, follower) in [
        (Own::config(u64::MAX, false), ucb()),
        (ucb(), Own::config(u64::MAX, false)),
        (ucb(), Own::config(u64::MAX, true)),
        (Own::config(u64::MAX, false), Own::config(u64::MAX, true)),
    ] {
        let outcome = experiment(&game, &leader, &follower).run(1, &mut |_| true);
        let pulls = outcome.unwrap().pulls;
        for kind in [EngineKind::Stepwise, EngineKind::Leap] {
            let last = Checkpoints::Rounds(vec![HORIZON]);
            let asked = Experiment::new(&game, &leader, &follower, HORIZON, 4, SEED, last, kind);
            let mut simulation = Simulation::new(&asked.unwrap(), 1).unwrap();
            simulation.advance(HORIZON - 9, &mut |_| true).unwrap();
            simulation.step(9, [None, None], &mut |_| true).unwrap();
            let expected = pulls[6..12].iter().map(|&n| n.cast_unsigned());
            assert_eq!(simulation.pulls(), expected.collect::<Vec<_>>());
            assert!(simulation.save().is_err());
        }
    }
}

#[test]
fn a_stop_leaves_it_between_two_rounds() {
    let (game, own) = (game(), Own::config(u64::MAX, false));
    let horizon = 1 << 40;
    let last = Checkpoints::Rounds(vec![horizon]);
    let kind = EngineKind::Stepwise;
    let asked = Experiment::new(&game, &own, &ucb(), horizon, 1, SEED, last, kind).unwrap();
    let mut simulation = Simulation::new(&asked, 0).unwrap();
    assert!(simulation.advance(horizon, &mut |_| false).is_err());
    let round = simulation.round();
    assert!(round > 0);
    assert_eq!(simulation.pulls().iter().sum::<u64>(), round);
    simulation.advance(10, &mut |_| true).unwrap();
    assert_eq!(simulation.round(), round + 10);
}

#[test]
fn an_instance_is_told_its_action_and_one_for_all_faces_each() {
    let game = game();
    let seats = |is_one| {
        let told = Arc::default();
        let own = Config::own(Own {
            fails_in: u64::MAX,
            is_one,
            told: Arc::clone(&told),
        });
        let outcome = experiment(&game, &ucb(), &own)
            .run(1, &mut |_| true)
            .unwrap();
        let leads = experiment(&game, &own, &ucb()).run(1, &mut |_| true);
        leads.unwrap();
        let told = told.lock().unwrap().clone();
        (told, outcome.pulls)
    };
    let (told, _) = seats(false);
    assert_eq!(told[..3], [Some(0), Some(1), Some(2)]);
    assert_eq!(told[12..], [None; 4]);
    let (told, pulls) = seats(true);
    assert_eq!(told, [None; 8]);
    // It answers each action with the one of its two arms that has the action's parity.
    for replication in pulls.chunks_exact(6) {
        assert!(replication[0] > 0 && replication[3] > 0 && replication[4] > 0);
        assert_eq!([replication[1], replication[2], replication[5]], [0; 3]);
    }
}
