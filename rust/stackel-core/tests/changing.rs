//! Games that change: all engines play the same game, a change that changes nothing is none, and newcomers play as others
//! do in a game of their own.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

mod common;

use common::{candidates, games};
use stackel_core::lockstep::{Learners, Lockstep};
use stackel_core::rng::{Purpose, Role, Stream};
use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise, Outcome, Simulation};

const HORIZON: u64 = 2_500;
const STARTS: [u64; 4] = [0, 37, 1_000, 1_001];
const EVERYBODY: [[bool; 2]; 4] = [[false; 2], [true, false], [false, true], [true; 2]];

/// A game that changes three times: to one of other utilities, back again, and to a third one.
fn changing(game: &Game, newcomers: [bool; 2]) -> Game {
    let mut stream = Stream::new(7, 0, Role::Leader, Purpose::Choice);
    let mut other = |_| {
        let utility = game.utility().each_ref();
        let [leader, follower] = utility.map(|means| {
            let mean = |&mean: &f64| {
                if stream.unit() < 0.3 {
                    mean
                } else {
                    stream.below(8) as f64 / 8.0
                }
            };
            means.iter().map(mean).collect::<Vec<f64>>()
        });
        Game::new(
            game.n_leader(),
            game.n_follower(),
            leader,
            follower,
            game.noise(),
        )
        .unwrap()
    };
    let [second, third] = [0, 1].map(&mut other);
    Game::changing(
        &[game.clone(), second, game.clone(), third],
        &STARTS,
        newcomers,
    )
    .unwrap()
}

fn experiment<'g>(game: &'g Game, pair: [&Config; 2], engine: EngineKind) -> Experiment<'g> {
    let checkpoints = Checkpoints::Rounds(vec![1, 37, 38, 999, 1_000, 1_001, 1_002, 2_000]);
    Experiment::new(game, pair[0], pair[1], HORIZON, 2, 5, checkpoints, engine).unwrap()
}

fn play(game: &Game, pair: [&Config; 2], engine: EngineKind) -> Outcome {
    let mut outcome = experiment(game, pair, engine)
        .run(1, &mut |_| true)
        .unwrap();
    assert!(outcome.error_bound <= 1e-12);
    outcome.error_bound = 0.0;
    outcome
}

#[test]
fn every_pair_plays_its_definition_bit_for_bit() {
    let gaussian = Noise::Gaussian { sigma: 0.7 };
    let laws = [
        [gaussian, gaussian],
        [Noise::Bernoulli, Noise::Bernoulli],
        [Noise::Uniform { half_width: 0.5 }, gaussian],
        [Noise::Deterministic, Noise::Bernoulli],
    ];
    let mut compared = 0;
    for (law, noise) in laws.into_iter().enumerate() {
        for (k, game) in games(noise).iter().take(3).enumerate() {
            let leaders = candidates(Role::Leader);
            let followers = candidates(Role::Follower);
            for (i, leader) in leaders.iter().enumerate() {
                for j in 0..2 {
                    let place = i + 5 * k + 11 * law + j * followers.len() / 2;
                    let pair = [leader, &followers[place % followers.len()]];
                    let game = changing(game, EVERYBODY[(place + j) % 4]);
                    let reference = play(&game, pair, EngineKind::Reference);
                    let in_law = pair.iter().any(|each| each.leaps_in_law());
                    for engine in [EngineKind::Stepwise, EngineKind::Leap] {
                        if in_law && engine == EngineKind::Leap {
                            continue;
                        }
                        let names = pair.map(Config::name);
                        assert_eq!(
                            play(&game, pair, engine),
                            reference,
                            "{engine:?}: {names:?} on {game:?}"
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 500, "only {compared} pairs compared");
}

#[test]
fn rounds_in_lockstep_have_the_bits_of_rounds_in_sequence() {
    let game = &games([Noise::Gaussian { sigma: 0.5 }, Noise::Bernoulli])[1];
    for newcomers in EVERYBODY {
        let game = changing(game, newcomers);
        for names in [
            ["UCB", "BestResponse"],
            ["PhasedUCB", "UniformLearner"],
            ["UCB", "ManipulationUCB"],
        ] {
            let configs = names.map(|name| Config::new(name, vec![]).unwrap());
            let pair = [&configs[0], &configs[1]];
            let expected = experiment(&game, pair, EngineKind::Stepwise).tracing(true);
            let expected = expected.run(1, &mut |_| true).unwrap();
            let marks = Checkpoints::Rounds(expected.rounds.clone());
            let run = Lockstep::new(&game, HORIZON, 2, 5, marks, true).unwrap();
            let mut outcome = run.outcome().unwrap();
            let players = |i: usize, role| Learners::new(pair[i], role, &run, 0..2).unwrap();
            let (mut leader, mut follower) = (players(0, Role::Leader), players(1, Role::Follower));
            let mut watch = |_| Ok::<(), ()>(());
            run.play(0..2, &mut leader, &mut follower, &mut outcome, &mut watch)
                .unwrap();
            assert_eq!(outcome, expected, "{names:?}");
        }
    }
}

#[test]
fn a_change_in_a_cell_that_nobody_plays_changes_nothing() {
    for noise in [
        Noise::Gaussian { sigma: 1.0 },
        Noise::Bernoulli,
        Noise::Uniform { half_width: 1.0 },
    ] {
        let game = |unplayed: f64| {
            let leader = vec![0.5, 0.25, 0.75, unplayed];
            Game::new(2, 2, leader, vec![0.5, 0.25, 0.75, 0.0], [noise; 2]).unwrap()
        };
        let plain = game(0.5);
        let [ucb, best] = ["UCB", "BestResponse"].map(|name| Config::new(name, vec![]).unwrap());
        let other = Game::changing(&[plain.clone(), game(0.625)], &[0, 1_000], [false; 2]).unwrap();
        let again =
            Game::changing(&[plain.clone(), plain.clone()], &[0, 1_000], [false; 2]).unwrap();
        // A best response plays a cell of its own as if it had never been replaced.
        let replaced =
            Game::changing(&[plain.clone(), plain.clone()], &[0, 1_000], [false, true]).unwrap();
        for engine in [
            EngineKind::Reference,
            EngineKind::Stepwise,
            EngineKind::Leap,
        ] {
            let expected = play(&plain, [&ucb, &best], engine);
            for game in [&other, &again, &replaced] {
                assert_eq!(
                    play(game, [&ucb, &best], engine),
                    expected,
                    "{engine:?} {noise:?}"
                );
            }
        }
    }
}

#[test]
fn newcomers_without_noise_play_as_in_games_of_their_own() {
    let noise = [Noise::Deterministic; 2];
    let [first, second] = [
        &games(noise)[1],
        &changing(&games(noise)[1], [false; 2]).pieces(HORIZON)[1].game,
    ];
    let both = Game::changing(&[first.clone(), second.clone()], &[0, 700], [true; 2]).unwrap();
    let run = |game: &Game, pair: [&Config; 2], horizon| {
        let last = Checkpoints::Rounds(vec![horizon]);
        let run = Experiment::new(
            game,
            pair[0],
            pair[1],
            horizon,
            1,
            5,
            last,
            EngineKind::Leap,
        );
        run.unwrap().run(1, &mut |_| true).unwrap()
    };
    let certain = |role| {
        let all = candidates(role).into_iter();
        all.filter(|each| !each.randomises())
    };
    let mut compared = 0;
    for leader in certain(Role::Leader) {
        for follower in certain(Role::Follower) {
            if leader.leaps_in_law() || follower.leaps_in_law() {
                continue;
            }
            let pair = [&leader, &follower];
            let [own, other, together] = [(first, 700), (second, HORIZON - 700), (&both, HORIZON)]
                .map(|(game, horizon)| run(game, pair, horizon).pulls);
            let sum: Vec<i64> = own.iter().zip(&other).map(|(one, two)| one + two).collect();
            assert_eq!(together, sum, "{:?}", pair.map(Config::name));
            compared += 1;
        }
    }
    assert!(compared > 300, "only {compared} pairs compared");
}

#[test]
fn a_simulation_that_is_taken_up_again_goes_on_bit_for_bit() {
    let ucb = Config::new("UCB", vec![]).unwrap();
    for noise in [Noise::Gaussian { sigma: 0.7 }, Noise::Bernoulli] {
        for newcomers in EVERYBODY {
            let game = changing(&games([noise; 2])[2], newcomers);
            let expected = play(&game, [&ucb, &ucb], EngineKind::Reference);
            let experiment = || experiment(&game, [&ucb, &ucb], EngineKind::Leap);
            let mut simulation = Simulation::new(&experiment(), 1).unwrap();
            let (mut states, mut k) = (vec![], 0);
            for rounds in [36, 1, 1, 500, 462, 1, 499] {
                simulation.advance(rounds, &mut |_| true).unwrap();
                k += rounds;
                states.push((k, simulation.utility(), simulation.save().unwrap()));
            }
            // Back and forth across the changes, stepping or leaping on.
            for (round, utility, bytes) in states.iter().rev().chain(&states) {
                simulation.load(bytes).unwrap();
                assert_eq!(
                    (simulation.round(), simulation.utility()),
                    (*round, *utility)
                );
                assert_eq!(simulation.save().unwrap(), *bytes);
                let left = usize::try_from(HORIZON - round).unwrap();
                let (stepped, leapt) = (left / 2, left - left / 2);
                simulation.step(stepped, [None; 2], &mut |_| true).unwrap();
                simulation.advance(leapt as u64, &mut |_| true).unwrap();
                let cells = game.n_cells();
                let pulls: Vec<i64> = simulation.pulls().iter().map(|n| n.cast_signed()).collect();
                assert_eq!(pulls, expected.pulls[cells..], "{newcomers:?} from {round}");
            }
            let mut fresh = Simulation::new(&experiment(), 1).unwrap();
            let (_, _, bytes) = &states[5];
            fresh.load(bytes).unwrap();
            for place in 0..bytes.len() / 8 {
                let mut damaged = bytes.clone();
                damaged[8 * place + 5] ^= 64;
                let mut other = Simulation::new(&experiment(), 1).unwrap();
                if other.load(&damaged).is_ok() {
                    other.advance(10, &mut |_| true).unwrap();
                }
            }
        }
    }
}

#[test]
fn a_leap_stops_at_changes_and_nowhere_else() {
    let game = |x: f64| {
        let noise = Noise::Gaussian { sigma: 1.0 };
        Game::new(
            2,
            2,
            vec![0.6, 0.2, 0.5, 0.4],
            vec![x, 0.0, 0.3, 0.2],
            [noise; 2],
        )
        .unwrap()
    };
    let [first, second] = [game(0.4), game(0.5)];
    let horizon = 1_000_000_000_000;
    let starts: Vec<u64> = (0..11).map(|k| k * horizon / 11).collect();
    let several: Vec<Game> = (0..11)
        .map(|k| if k % 2 == 0 { &first } else { &second }.clone())
        .collect();
    let changing = Game::changing(&several, &starts, [false; 2]).unwrap();
    let etc = Config::new("ExploreThenCommit", vec![]).unwrap();
    for game in [&first, &changing] {
        let last = Checkpoints::Rounds(vec![horizon]);
        let run = Experiment::new(game, &etc, &etc, horizon, 1, 5, last, EngineKind::Leap).unwrap();
        let start = std::time::Instant::now();
        let outcome = run.run(1, &mut |_| true).unwrap();
        assert_eq!(outcome.pulls.iter().sum::<i64>(), horizon.cast_signed());
        assert!(start.elapsed().as_secs_f64() < 5.0);
    }
}
