//! Learners and laws of another crate, written with public names alone: they play the same games as the
//! crate's own learners and laws with the same rule.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use stackel_core::learners::schema::Value;
use stackel_core::learners::{
    Algorithm, Information, Learner, Plan, Planner, RoundByRound, Seat, Tally,
};
use stackel_core::noise::{self, Law};
use stackel_core::rng::{Role, Stream};
use stackel_core::{
    Checkpoints, Config, EngineKind, Experiment, Game, Noise, Outcome, Rewards, SpecError,
};

const HORIZON: u64 = 3_000;
const STEPPED: [EngineKind; 2] = [EngineKind::Stepwise, EngineKind::Reference];

fn game(noise: [Noise; 2]) -> Game {
    let leader = vec![0.2, 0.9, 0.4, 0.6, 0.5, 0.1];
    let follower = vec![0.5, 0.4, 0.1, 0.8, 0.3, 0.35];
    Game::new(3, 2, leader, follower, noise).unwrap()
}

fn gaussian() -> [Noise; 2] {
    [Noise::Gaussian { sigma: 0.7 }; 2]
}

fn play(game: &Game, leader: &Config, follower: &Config, engine: EngineKind) -> Outcome {
    let checkpoints = Checkpoints::LogSpaced(9);
    let run = Experiment::new(game, leader, follower, HORIZON, 4, 11, checkpoints, engine);
    run.unwrap().run(2, &mut |_| true).unwrap()
}

/// UCB as its definition reads.
struct OwnUcb;

struct UcbRule {
    width: f64,
    tallies: Vec<Tally>,
}

impl UcbRule {
    fn index(&self, arm: usize) -> f64 {
        let tally = &self.tallies[arm];
        match tally.count {
            0 => f64::INFINITY,
            n => tally.mean() + self.width / (n as f64).sqrt(),
        }
    }
}

impl Algorithm for OwnUcb {
    fn name(&self) -> &'static str {
        "OwnUCB"
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        Box::new(UcbRule {
            width: (2.0 * (seat.horizon as f64).ln()).sqrt(),
            tallies: vec![Tally::default(); seat.n_arms()],
        })
    }
}

impl RoundByRound for UcbRule {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        let best = (0..self.tallies.len()).rev();
        best.max_by(|&i, &j| self.index(i).total_cmp(&self.index(j)))
            .unwrap()
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
    }
}

#[test]
fn a_learner_of_another_crate_plays_like_the_same_learner_of_this_one() {
    let ucb = Config::new("UCB", vec![]).unwrap();
    let own = Config::own(OwnUcb);
    let game = game(gaussian());
    for engine in STEPPED {
        let expected = play(&game, &ucb, &ucb, engine);
        assert_eq!(play(&game, &own, &ucb, engine), expected);
        assert_eq!(play(&game, &ucb, &own, engine), expected);
        assert_eq!(play(&game, &own, &own, engine), expected);
    }
}

/// An arm at random every round.
struct OwnUniform;

struct AnyOf(usize);

impl Algorithm for OwnUniform {
    fn name(&self) -> &'static str {
        "OwnUniform"
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        Box::new(AnyOf(seat.n_arms()))
    }
}

impl RoundByRound for AnyOf {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        choice.below(self.0)
    }

    fn observe(&mut self, _arm: usize, _response: usize, _reward: &Rewards) {}
}

#[test]
fn its_decisions_draw_from_the_same_streams() {
    let uniform = Config::new("UniformLearner", vec![]).unwrap();
    let own = Config::own(OwnUniform);
    let game = game(gaussian());
    for engine in STEPPED {
        let expected = play(&game, &uniform, &uniform, engine);
        assert_eq!(play(&game, &own, &own, engine), expected);
    }
}

/// Explore-then-commit by plans: every arm `E` times, then the arm with the best mean.
struct OwnCommit(u64);

struct Commit {
    exploration: u64,
    tallies: Vec<Tally>,
}

impl Algorithm for OwnCommit {
    fn name(&self) -> &'static str {
        "OwnCommit"
    }

    fn check(&self, seat: &Seat) -> Result<(), SpecError> {
        if seat.role == Role::Leader && self.0 == 0 {
            return Err(SpecError::new("leader", "one that explores", self.name()));
        }
        Ok(())
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        Box::new(Commit::new(self.0, seat))
    }

    fn planner(&self) -> Option<&dyn Planner> {
        Some(self)
    }
}

impl Planner for OwnCommit {
    fn learner(&self, seat: &Seat) -> Box<dyn Learner> {
        Box::new(Commit::new(self.0, seat))
    }
}

impl Commit {
    fn new(exploration: u64, seat: &Seat) -> Self {
        Self {
            exploration,
            tallies: vec![Tally::default(); seat.n_arms()],
        }
    }

    fn best(&self) -> usize {
        let means = self.tallies.iter().map(Tally::mean);
        let best = means.enumerate().fold(
            (0, f64::MIN),
            |best, arm| {
                if arm.1 > best.1 { arm } else { best }
            },
        );
        best.0
    }
}

impl RoundByRound for Commit {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        let fewest = self.tallies.iter().map(|tally| tally.count).min().unwrap();
        if fewest == self.exploration {
            return self.best();
        }
        let counts = self.tallies.iter().map(|tally| tally.count);
        counts.take_while(|&count| count > fewest).count()
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        if self.tallies[arm].count < self.exploration {
            self.tallies[arm].gain(reward);
        }
    }
}

impl Learner for Commit {
    fn plan(&mut self, _choice: &mut Stream) -> Plan {
        if self.tallies[0].count == 0 {
            return Plan::round_robin(self.tallies.len(), self.exploration);
        }
        let means = self.tallies.iter().map(Tally::mean);
        let best = means.enumerate().fold(
            (0, f64::MIN),
            |best, arm| {
                if arm.1 > best.1 { arm } else { best }
            },
        );
        Plan::Fixed { arm: best.0 }
    }

    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }
}

#[test]
fn its_plans_leap_and_are_played_by_the_reference() {
    let given = vec![("exploration".to_string(), Value::Count(40))];
    let etc = Config::new("ExploreThenCommit", given).unwrap();
    let own = Config::own(OwnCommit(40));
    let game = game(gaussian());
    for engine in [STEPPED[0], STEPPED[1], EngineKind::Leap] {
        let expected = play(&game, &etc, &etc, engine);
        assert_eq!(play(&game, &own, &own, engine), expected);
    }
    assert_eq!(EngineKind::automatic(&own, &etc), EngineKind::Leap);
}

/// A follower that sees the leader's rewards and checks that they belong to the actions it answered.
struct Spy {
    action: usize,
    heard: f64,
}

/// `u1 = 10 a + b`, `u2 = u1 + 0.5`, no noise.
fn telling() -> Game {
    let leader: Vec<f64> = (0..6)
        .map(|cell| f64::from(cell / 2 * 10 + cell % 2))
        .collect();
    let follower = leader.iter().map(|mean| mean + 0.5).collect();
    Game::new(3, 2, leader, follower, [Noise::Deterministic; 2]).unwrap()
}

impl Algorithm for Spy {
    fn name(&self) -> &'static str {
        "Spy"
    }

    fn sees(&self) -> Information {
        Information::Rewards
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        assert!(seat.means.is_empty() && seat.full_game.is_none());
        let Spy { action, heard } = *self;
        Box::new(Spy { action, heard })
    }
}

impl RoundByRound for Spy {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        // The last reward over all actions, not over this one alone.
        usize::from(self.heard >= 10.0)
    }

    fn observe(&mut self, _arm: usize, _response: usize, reward: &Rewards) {
        assert_eq!(reward.value(), self.heard + 0.5);
    }

    fn face(&mut self, action: usize) {
        self.action = action;
    }

    fn overhear(&mut self, response: usize, reward: f64) {
        self.heard = (self.action * 10 + response) as f64;
        assert_eq!(reward, self.heard);
    }
}

#[test]
fn a_follower_that_sees_the_leaders_rewards_has_one_instance_for_all_actions() {
    let (game, ucb) = (telling(), Config::new("UCB", vec![]).unwrap());
    let spy = || {
        Config::own(Spy {
            action: 9,
            heard: 0.0,
        })
    };
    for leader in [&Config::own(OwnUcb), &ucb] {
        let [first, second] = STEPPED.map(|engine| play(&game, leader, &spy(), engine));
        assert_eq!(first, second);
        // The first answer to action 2 depends on the reward of action 1, which an instance for each action
        // would not have seen.
        assert!(first.pulls[2] > 0 && first.pulls[4] == 0 && first.pulls[5] > 0);
    }
}

#[test]
fn it_may_refuse_a_seat() {
    let (game, lazy) = (game(gaussian()), Config::own(OwnCommit(0)));
    let checkpoints = Checkpoints::Default;
    let run = Experiment::new(&game, &lazy, &lazy, 10, 1, 1, checkpoints, STEPPED[0]);
    let message = run.err().unwrap().to_string();
    assert_eq!(message, "leader: must be one that explores, got OwnCommit");
}

/// An algorithm whose first learner names an arm beyond the last one; the others always play arm 0.
#[derive(Default)]
struct Lost(AtomicBool);

struct Always(usize);

impl Algorithm for Lost {
    fn name(&self) -> &'static str {
        "Lost"
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        let is_first = !self.0.swap(true, Ordering::Relaxed);
        Box::new(Always(if is_first { seat.n_arms() } else { 0 }))
    }
}

impl RoundByRound for Always {
    fn choose(&mut self, _choice: &mut Stream) -> usize {
        self.0
    }

    fn observe(&mut self, _arm: usize, _response: usize, _reward: &Rewards) {}
}

#[test]
#[should_panic(expected = "a learner named an arm that it does not have")]
fn an_arm_that_is_not_there_is_not_taken_for_another() {
    let (ucb, lost) = (Config::new("UCB", vec![]).unwrap(), Lost::default());
    play(&game(gaussian()), &ucb, &Config::own(lost), STEPPED[0]);
}

#[test]
fn a_panic_in_one_replication_ends_all() {
    let (ucb, lost) = (
        Config::new("UCB", vec![]).unwrap(),
        Config::own(Lost::default()),
    );
    let (game, horizon) = (game(gaussian()), 1 << 50);
    let last = Checkpoints::Rounds(vec![horizon]);
    let run = Experiment::new(&game, &lost, &ucb, horizon, 8, 1, last, STEPPED[0]).unwrap();
    let panic = catch_unwind(AssertUnwindSafe(|| run.run(2, &mut |_| true)));
    assert!(panic.is_err());
}

/// The crate's normal law as a law that the engines do not know.
struct OwnGaussian(noise::Gaussian);

impl Law for OwnGaussian {
    fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
        self.0.draw(mean, stream)
    }

    fn admits(&self, mean: f64) -> bool {
        mean >= 0.0
    }
}

fn own_gaussian() -> Noise {
    Noise::own("OwnGaussian", OwnGaussian(noise::Gaussian::new(0.7)))
}

#[test]
fn games_with_a_law_of_another_crate_are_the_same_for_all_engines() {
    let own = game([own_gaussian(); 2]);
    for name in ["UCB", "ActiveArmElimination", "EpsilonGreedy"] {
        let learner = Config::new(name, vec![]).unwrap();
        let leapt = play(&own, &learner, &learner, EngineKind::Leap);
        for engine in STEPPED {
            assert_eq!(play(&own, &learner, &learner, engine), leapt);
        }
    }
}

#[test]
fn a_law_says_which_means_it_has_and_what_it_is_called() {
    let law = own_gaussian();
    assert_eq!(format!("{law:?}"), "Own(OwnGaussian)");
    assert_eq!(law, law);
    assert_ne!(law, own_gaussian());
    let error = Game::new(1, 1, vec![-1.0], vec![0.0], [law; 2]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "leader: must be means of such a law, got -1.0 at [0, 0]"
    );
}
