//! Games played in pieces, saved and loaded, or driven by the caller: they are the same games.
//!
//! The tests run over the registry, so that a new learner is covered as soon as it is added.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

mod common;

use common::{candidates, games};
use stackel_core::rng::{Purpose, Role, Stream};
use stackel_core::{
    Agent, Checkpoints, Config, EngineKind, Experiment, Game, Noise, Rounds, Simulation, SpecError,
};

const HORIZON: u64 = 600;
const SEED: u64 = 5;
const ENGINES: [EngineKind; 2] = [EngineKind::Stepwise, EngineKind::Leap];

type Pair<'a> = [&'a Config; 2];

fn laws() -> [[Noise; 2]; 3] {
    let gaussian = Noise::Gaussian { sigma: 0.7 };
    [
        [gaussian, gaussian],
        [Noise::Bernoulli, Noise::Uniform { half_width: 0.5 }],
        [Noise::Deterministic, Noise::Bernoulli],
    ]
}

/// Every pair with every law, each time in another one of the games.
fn for_every_pair(mut check: impl FnMut(&Game, Pair)) {
    let (leaders, followers) = (candidates(Role::Leader), candidates(Role::Follower));
    for (law, noise) in laws().into_iter().enumerate() {
        let games = games(noise);
        for (i, leader) in leaders.iter().enumerate() {
            for (j, follower) in followers.iter().enumerate() {
                check(&games[(law + i + j) % games.len()], [leader, follower]);
            }
        }
    }
}

fn experiment<'g>(game: &'g Game, pair: Pair, engine: EngineKind) -> Experiment<'g> {
    let marks = Checkpoints::Rounds(vec![7, 250, HORIZON]);
    Experiment::new(game, pair[0], pair[1], HORIZON, 1, SEED, marks, engine).unwrap()
}

fn simulation(game: &Game, pair: Pair, engine: EngineKind) -> Simulation {
    Simulation::new(&experiment(game, pair, engine), 0).unwrap()
}

fn step(simulation: &mut Simulation, rounds: usize) -> Rounds {
    simulation.step(rounds, [None; 2], &mut |_| true).unwrap()
}

fn advance(simulation: &mut Simulation, rounds: u64) {
    simulation.advance(rounds, &mut |_| true).unwrap();
}

fn name(pair: Pair, game: &Game) -> String {
    let [leader, follower] = pair.map(|config| (config.name().to_string(), config.args()));
    format!("{leader:?} v {follower:?} on {game:?}")
}

/// The final counts and utilities of a game.
fn end(simulation: &mut Simulation) -> (Vec<u64>, [u64; 2]) {
    advance(simulation, HORIZON - simulation.round());
    let utility = simulation.utility().map(f64::to_bits);
    (simulation.pulls().to_vec(), utility)
}

#[test]
fn advancing_from_checkpoint_to_checkpoint_is_the_run() {
    for_every_pair(|game, pair| {
        for engine in ENGINES {
            let run = experiment(game, pair, engine)
                .run(1, &mut |_| true)
                .unwrap();
            let mut simulation = simulation(game, pair, engine);
            for (k, rounds) in [7, 243, HORIZON - 250].into_iter().enumerate() {
                advance(&mut simulation, rounds);
                let expected = [run.utility[k], run.utility[3 + k]];
                assert_eq!(simulation.utility(), expected, "{}", name(pair, game));
            }
            let pulls: Vec<_> = simulation.pulls().iter().map(|n| n.cast_signed()).collect();
            assert_eq!(pulls, run.pulls, "{}", name(pair, game));
            assert_eq!(simulation.error_bound(), run.error_bound);
        }
    });
}

#[test]
fn stepping_and_advancing_mix_without_a_trace() {
    for_every_pair(|game, pair| {
        let new = || simulation(game, pair, EngineKind::Stepwise);
        let mut advanced = new();
        let expected = end(&mut advanced);
        let mut stepped = new();
        let rounds = step(&mut stepped, 600);
        assert_eq!(end(&mut stepped), expected, "{}", name(pair, game));

        let mut mixed = new();
        for (first, count) in [(0, 1), (2, 30), (90, 200), (400, 100)] {
            let skipped = first - usize::try_from(mixed.round()).unwrap();
            advance(&mut mixed, skipped as u64);
            let part = step(&mut mixed, count);
            for i in 0..2 {
                let [here, there] = [i * count, i * 600 + first];
                assert_eq!(
                    part.actions[here..here + count],
                    rounds.actions[there..there + count],
                    "{}",
                    name(pair, game)
                );
            }
        }
        assert_eq!(end(&mut mixed), expected, "{}", name(pair, game));
    });
}

#[test]
fn a_simulation_taken_up_again_goes_on_bit_for_bit() {
    for_every_pair(|game, pair| {
        for engine in ENGINES {
            let mut original = simulation(game, pair, engine);
            for (rounds, stepped) in [(0, 0), (1, 2), (40, 1), (100, 37)] {
                advance(&mut original, rounds);
                step(&mut original, stepped);
                let bytes = original.save().unwrap();
                let mut copy = simulation(game, pair, engine);
                copy.load(&bytes).unwrap();
                assert_eq!(copy.save().unwrap(), bytes, "{}", name(pair, game));
                let other = step(&mut copy, 25);
                assert_eq!(step(&mut original, 25), other, "{}", name(pair, game));
                advance(&mut original, 40);
                advance(&mut copy, 40);
                assert_eq!(original.save(), copy.save(), "{}", name(pair, game));
            }
            let mut copy = simulation(game, pair, engine);
            copy.load(&original.save().unwrap()).unwrap();
            assert_eq!(end(&mut copy), end(&mut original), "{}", name(pair, game));
        }
    });
}

/// Changed bytes are refused, or give a game that can be played to its end. Overflows and indices out of
/// range would panic here.
#[test]
fn bytes_that_were_tampered_with_do_no_harm() {
    let mut random = Stream::new(8, 0, Role::Leader, Purpose::Choice);
    let values = [
        0,
        1,
        2,
        3,
        1 << 40,
        1 << 53,
        1 << 62,
        u64::MAX,
        f64::NAN.to_bits(),
    ];
    let floats = [0.0, -1.0, 1e-300, 1e119, f64::INFINITY, f64::NEG_INFINITY].map(f64::to_bits);
    let (mut refused, mut played) = (0, 0);
    for noise in [laws()[0], [Noise::Bernoulli; 2]] {
        let game = &games(noise)[1];
        for leader in candidates(Role::Leader) {
            for follower in candidates(Role::Follower) {
                for engine in ENGINES {
                    let mut original = simulation(game, [&leader, &follower], engine);
                    advance(&mut original, [0, 30, 200][random.below(3)]);
                    let bytes = original.save().unwrap();
                    for _ in 0..40 {
                        let mut bad = bytes.clone();
                        for _ in 0..=random.below(3) {
                            let word = random.below(bad.len() / 8) * 8;
                            let value = match random.below(3) {
                                0 => values[random.below(values.len())],
                                1 => floats[random.below(floats.len())],
                                _ => random.next_u64() >> random.below(64),
                            };
                            bad[word..word + 8].copy_from_slice(&value.to_le_bytes());
                        }
                        let mut other = simulation(game, [&leader, &follower], engine);
                        if other.load(&bad).is_err() {
                            refused += 1;
                            continue;
                        }
                        let left = usize::try_from(HORIZON - other.round()).unwrap();
                        step(&mut other, left.min(9));
                        end(&mut other);
                        played += 1;
                    }
                }
            }
        }
    }
    assert!(
        refused > 1000 && played > 1000,
        "{refused} refused, {played} played"
    );
}

#[test]
fn states_of_other_games_are_refused() {
    let ucb = &Config::new("UCB", vec![]).unwrap();
    let aae = &Config::new("ActiveArmElimination", vec![]).unwrap();
    let games = games(laws()[0]);
    let mut original = simulation(&games[0], [ucb, ucb], EngineKind::Leap);
    advance(&mut original, 100);
    let bytes = original.save().unwrap();
    let refused = |game: &Game, pair: Pair, bytes: &[u8]| {
        let mut other = simulation(game, pair, EngineKind::Leap);
        let error = other.load(bytes).unwrap_err();
        assert_eq!(error.argument, "snapshot");
    };
    refused(&games[1], [ucb, ucb], &bytes);
    refused(&games[0], [ucb, aae], &bytes);
    for length in (0..bytes.len()).step_by(5) {
        refused(&games[0], [ucb, ucb], &bytes[..length]);
    }
    let mut longer = bytes.clone();
    longer.extend([0; 8]);
    refused(&games[0], [ucb, ucb], &longer);
}

#[test]
fn a_call_that_is_stopped_leaves_everything_as_it_was() {
    let tied = &games(laws()[0])[0];
    let ucb = Config::new("UCB", vec![]).unwrap();
    for engine in ENGINES {
        let marks = Checkpoints::Default;
        let endless = Experiment::new(tied, &ucb, &ucb, 1 << 53, 1, 1, marks, engine);
        let mut simulation = Simulation::new(&endless.unwrap(), 0).unwrap();
        advance(&mut simulation, 1000);
        let before = simulation.save().unwrap();
        let mut looks = 0;
        let mut stop = |_| {
            looks += 1;
            looks < 2
        };
        assert!(simulation.advance(1 << 50, &mut stop).is_err());
        assert_eq!(simulation.save().unwrap(), before);
        assert!(simulation.step(1 << 24, [None; 2], &mut |_| false).is_err());
        assert_eq!(simulation.save().unwrap(), before);
    }
}

/// Two agents are told the rewards of a game, round by round.
#[test]
fn agents_decide_as_players_do() {
    for_every_pair(|game, pair| {
        let rounds = step(&mut simulation(game, pair, EngineKind::Stepwise), 600);
        let [mut leader, mut follower] = [(Role::Leader, pair[0]), (Role::Follower, pair[1])]
            .map(|(role, learner)| Agent::new(game, learner, role, HORIZON, SEED, 0).unwrap());
        for t in 0..600 {
            let a = leader.choose(None).unwrap();
            let b = follower.choose(Some(a)).unwrap();
            let played = [0, 600].map(|first| rounds.actions[first + t]);
            assert_eq!(
                [a, b].map(|x| (x as u64).cast_signed()),
                played,
                "{}",
                name(pair, game)
            );
            let [first, second] = [0, 600].map(|player| rounds.rewards[player + t]);
            leader.observe(first, Some(b), None, None).unwrap();
            follower.observe(second, None, Some(first), None).unwrap();
            if t % 97 == 0 {
                let bytes = follower.save().unwrap();
                follower = Agent::new(game, pair[1], Role::Follower, HORIZON, SEED, 0).unwrap();
                follower.load(&bytes).unwrap();
            }
        }
    });
}

/// The caller gives the actions of a learner, all at once or round by round.
#[test]
fn actions_of_the_caller_are_played() {
    for_every_pair(|game, pair| {
        let rounds = step(&mut simulation(game, pair, EngineKind::Stepwise), 600);
        let script: [Vec<usize>; 2] = [0, 600].map(|first| {
            let actions = rounds.actions[first..first + 600].iter();
            actions
                .map(|&action| usize::try_from(action).unwrap())
                .collect()
        });
        let engine = if pair.iter().any(|each| each.leaps_in_law()) {
            EngineKind::Stepwise
        } else {
            EngineKind::Leap
        };
        for external in [[true, false], [false, true], [true, true]] {
            let new = || simulation(game, pair, engine).driven(external);
            let given = [0, 1].map(|i| external[i].then_some(&script[i][..]));
            let mut scripted = new();
            let played = scripted.step(600, given, &mut |_| true).unwrap();
            assert_eq!(played, rounds, "{}", name(pair, game));

            let mut talked = new();
            for t in 0..600 {
                let given = given.map(|actions| actions.map(|actions| actions[t]));
                let mut both = talked.choose([given[0], None]).unwrap();
                assert_eq!(both[1].is_none(), external[1]);
                if external[1] {
                    both = talked.choose(given).unwrap();
                }
                assert_eq!(
                    both,
                    [0, 1].map(|i| Some(script[i][t])),
                    "{}",
                    name(pair, game)
                );
                let rewards = [0, 600].map(|first| rounds.rewards[first + t]);
                let told = [t % 3 == 0, t % 2 == 0];
                let told = [0, 1].map(|i| told[i].then_some(rewards[i]));
                assert_eq!(talked.observe(told).unwrap(), rewards);
            }
            assert_eq!(talked.pulls(), scripted.pulls());
        }
    });
}

/// Rewards that come late are not taken for those of another round.
#[test]
fn rewards_name_their_round() {
    let game = &games(laws()[0])[1];
    let ucb = Config::new("UCB", vec![]).unwrap();
    let mut agent = Agent::new(game, &ucb, Role::Leader, HORIZON, SEED, 0).unwrap();
    let argument = |error: Result<_, SpecError>| error.err().unwrap().argument;
    assert_eq!(agent.choose(None).unwrap(), agent.choose(None).unwrap());
    for _ in 0..2 {
        assert_eq!(argument(agent.observe(1.0, None, None, None)), "reward");
    }
    assert_eq!(agent.choose(None).unwrap(), 0);
    assert_eq!(argument(agent.observe(1.0, None, None, Some(1))), "action");
    agent.observe(1.0, None, None, Some(0)).unwrap();
    assert_eq!(agent.choose(None).unwrap(), 1);
    assert_eq!(argument(agent.observe(2.0, None, None, Some(0))), "action");
    agent.observe(2.0, None, None, None).unwrap();
    assert_eq!(agent.round(), 2);

    let mut simulation = simulation(game, [&ucb, &ucb], EngineKind::Stepwise);
    let refused = |error: Result<[f64; 2], SpecError>| error.err().unwrap().argument;
    assert_eq!(
        refused(simulation.observe([Some(1.0), None])),
        "leader_reward"
    );
    simulation.choose([None; 2]).unwrap();
    simulation.choose([None; 2]).unwrap();
    assert_eq!(
        refused(simulation.observe([None, Some(1.0)])),
        "follower_reward"
    );
    simulation.choose([None; 2]).unwrap();
    simulation.observe([None, Some(1.0)]).unwrap();
    assert_eq!(refused(simulation.observe([Some(1.0); 2])), "leader_reward");
    simulation.observe([None; 2]).unwrap();
    assert_eq!(simulation.round(), 2);
}

#[test]
fn misuse_is_named() {
    let game = &games(laws()[0])[1];
    let ucb = Config::new("UCB", vec![]).unwrap();
    let new = |external| simulation(game, [&ucb, &ucb], EngineKind::Stepwise).driven(external);
    let argument = |error: Result<_, SpecError>| error.err().unwrap().argument;

    let mut learners = new([false; 2]);
    assert_eq!(
        argument(learners.choose([Some(0), None]).map(|_| ())),
        "leader_action"
    );
    assert_eq!(
        argument(learners.observe([None, Some(f64::NAN)]).map(|_| ())),
        "follower_reward"
    );
    assert!(learners.step(601, [None; 2], &mut |_| true).is_err());
    step(&mut learners, 600);
    assert_eq!(argument(learners.choose([None; 2]).map(|_| ())), "horizon");
    assert_eq!(argument(learners.observe([None; 2]).map(|_| ())), "horizon");

    let mut driven = new([true, true]);
    assert_eq!(
        argument(driven.observe([None; 2]).map(|_| ())),
        "leader_action"
    );
    assert_eq!(
        argument(driven.choose([None, Some(1)]).map(|_| ())),
        "follower_action"
    );
    assert_eq!(
        argument(driven.choose([Some(3), None]).map(|_| ())),
        "leader_action"
    );
    assert_eq!(driven.choose([Some(2), None]).unwrap(), [Some(2), None]);
    assert_eq!(
        argument(driven.choose([Some(1), None]).map(|_| ())),
        "leader_action"
    );
    assert_eq!(
        argument(driven.observe([None; 2]).map(|_| ())),
        "follower_action"
    );
    assert!(driven.advance(1, &mut |_| true).is_err());
    assert!(
        driven
            .step(1, [Some(&[2]), Some(&[0])], &mut |_| true)
            .is_err()
    );
    assert_eq!(driven.choose([None, Some(3)]).unwrap(), [Some(2), Some(3)]);
    driven.observe([None; 2]).unwrap();
    for script in [
        [Some(&[0, 1][..]), Some(&[0, 4][..])],
        [Some(&[0, 3]), Some(&[0, 0])],
        [Some(&[0]), Some(&[0, 0])],
        [Some(&[0, 0]), None],
        [Some(&[0; 6]), Some(&[0; 2])],
    ] {
        assert!(driven.step(2, script, &mut |_| true).is_err());
    }
    let table = [1, 2, 3, 3, 2, 1];
    let played = driven.step(2, [Some(&[0, 2]), Some(&table)], &mut |_| true);
    assert_eq!(played.unwrap().actions, [0, 2, 1, 1]);
}
