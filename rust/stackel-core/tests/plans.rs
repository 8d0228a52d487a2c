//! Plans against definitions: a game played by plans has the same bits as when every decision is
//! recomputed every round.
//!
//! The tests run over the registry, so that a new learner is covered as soon as it is added.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

mod common;

use common::{candidates, games};
use stackel_core::learners::schema::Value;
use stackel_core::rng::Role;
use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise, Outcome};

const HORIZON: u64 = 1_500;

fn laws() -> [[Noise; 2]; 5] {
    let gaussian = Noise::Gaussian { sigma: 0.7 };
    let uniform = Noise::Uniform { half_width: 0.5 };
    [
        [gaussian, gaussian],
        [Noise::Bernoulli, Noise::Bernoulli],
        [uniform, gaussian],
        [Noise::Deterministic, Noise::Deterministic],
        [Noise::Gaussian { sigma: 0.0 }, Noise::Bernoulli],
    ]
}

fn play(game: &Game, pair: [&Config; 2], engine: EngineKind) -> Outcome {
    let checkpoints = Checkpoints::Rounds(vec![1, 2, 50, 51, 777, HORIZON]);
    Experiment::new(game, pair[0], pair[1], HORIZON, 2, 5, checkpoints, engine)
        .unwrap()
        .run(1, &mut |_| true)
        .unwrap()
}

#[test]
fn every_pair_plays_its_definition_bit_for_bit() {
    let compared: usize = laws()
        .into_iter()
        .map(|noise| compare_engines(&games(noise)))
        .sum();
    assert!(compared > 2_000, "only {compared} pairs compared");
}

#[test]
fn every_pair_plays_its_definition_with_noise_of_another_scale_in_each_cell() {
    let gaussian = Noise::Gaussian { sigma: 0.7 };
    let uniform = Noise::Uniform { half_width: 0.5 };
    let student = Noise::StudentT {
        df: 2.5,
        scale: 0.4,
    };
    let mut compared = 0;
    for (noise, by_row) in [([gaussian, uniform], false), ([student, gaussian], true)] {
        let games = games(noise).into_iter().map(|game| scaled(game, by_row));
        compared += compare_engines(&games.collect::<Vec<_>>());
    }
    assert!(compared > 2_000, "only {compared} pairs compared");
}

/// The same game with noise of another scale in each cell, some of it without any; or in each row, if `by_row`.
fn scaled(game: Game, by_row: bool) -> Game {
    const FACTORS: [f64; 7] = [0.5, 2.0, 0.0, 1.0 / 3.0, 1e-3, 1.0, 0.7];
    let columns = game.n_follower();
    let factors = |first: usize| -> Vec<f64> {
        let place = |cell: usize| if by_row { cell / columns } else { cell };
        let factor = |cell| FACTORS[(first + place(cell)) % FACTORS.len()];
        (0..game.n_cells()).map(factor).collect()
    };
    let scaled = [0, 1].map(|player| match game.noise()[player] {
        Noise::Bernoulli | Noise::Deterministic | Noise::Own(_) => None,
        _ => Some(factors(player)),
    });
    game.with_noise_scaled(scaled).unwrap()
}

/// Plays pairs of learners, each in one of the games, with all engines. Returns the number of comparisons.
fn compare_engines(games: &[Game]) -> usize {
    let mut compared = 0;
    for (k, game) in games.iter().enumerate() {
        for (i, leader) in candidates(Role::Leader).iter().enumerate() {
            // Every pair meets in one of the games.
            let followers = candidates(Role::Follower);
            let others = followers.iter().skip((i + k) % games.len());
            for follower in others.step_by(games.len()) {
                let reference = play(game, [leader, follower], EngineKind::Reference);
                let in_law = [leader, follower].iter().any(|each| each.leaps_in_law());
                for engine in [EngineKind::Stepwise, EngineKind::Leap] {
                    if in_law && engine == EngineKind::Leap {
                        continue;
                    }
                    let mut outcome = play(game, [leader, follower], engine);
                    assert!(outcome.error_bound <= 1e-12);
                    outcome.error_bound = 0.0;
                    assert_eq!(
                        outcome,
                        reference,
                        "{engine:?}: {} {:?} v {} {:?} on {game:?}",
                        leader.name(),
                        leader.args(),
                        follower.name(),
                        follower.args(),
                    );
                    compared += 1;
                }
            }
        }
    }
    compared
}

/// Learners with plans of every kind, and without.
const OF: [&str; 8] = [
    "UCB",
    "ActiveArmElimination",
    "ExploreThenCommit",
    "ExploreThenUCB",
    "EpsilonGreedy",
    "PhasedUCB",
    "MOSS",
    "ThompsonSampling",
];

/// Learners that start afresh now and then, of all of these, one within the other too.
fn in_epochs() -> Vec<Config> {
    let made = |name: &str, of: Config, (parameter, value): (&str, u64)| {
        let of = ("of".to_string(), Value::Learner(of));
        Config::new(name, vec![of, (parameter.to_string(), Value::Count(value))]).unwrap()
    };
    let of = OF.map(|name| Config::new(name, vec![]).unwrap());
    of.into_iter()
        .flat_map(|of| {
            let restarting = made("Restarting", of.clone(), ("every", 240));
            let doubling = made("Doubling", of, ("first", 90));
            let both = made("Doubling", restarting.clone(), ("first", 100));
            [restarting, doubling, both]
        })
        .collect()
}

#[test]
fn learners_that_start_afresh_play_their_definitions_bit_for_bit() {
    for noise in laws() {
        let games = games(noise);
        for (i, leader) in in_epochs().iter().enumerate() {
            for (k, follower) in in_epochs().iter().enumerate() {
                if (i + k) % 5 != 0 || follower_cannot(follower) {
                    continue;
                }
                let game = &games[(i + k / 5) % games.len()];
                let pair = [leader, follower];
                let reference = play(game, pair, EngineKind::Reference);
                for engine in [EngineKind::Stepwise, EngineKind::Leap] {
                    let in_law = pair.iter().any(|each| each.leaps_in_law());
                    if in_law && engine == EngineKind::Leap {
                        continue;
                    }
                    let mut outcome = play(game, pair, engine);
                    outcome.error_bound = 0.0;
                    assert_eq!(
                        outcome, reference,
                        "{engine:?}: {leader:?} v {follower:?} on {game:?}"
                    );
                }
            }
        }
    }
}

/// Whether a learner is made of one that can only be the leader.
fn follower_cannot(config: &Config) -> bool {
    config.name() == "PhasedUCB" || config.made_of().is_some_and(follower_cannot)
}

#[test]
fn threads_checkpoints_and_more_replications_change_nothing() {
    let game = &games([Noise::Gaussian { sigma: 1.0 }; 2])[1];
    let [leader, follower] = ["LipschitzUCB", "UCB"].map(|name| Config::new(name, vec![]).unwrap());
    let run = |replications, checkpoints, threads| {
        let kind = EngineKind::Stepwise;
        Experiment::new(
            game,
            &leader,
            &follower,
            50_000,
            replications,
            8,
            checkpoints,
            kind,
        )
        .unwrap()
        .run(threads, &mut |_| true)
        .unwrap()
    };
    let many = run(9, Checkpoints::Default, 3);
    assert_eq!(many, run(9, Checkpoints::Default, 1));
    let few = run(4, Checkpoints::Rounds(vec![123, 50_000]), 2);
    assert_eq!(few.pulls, many.pulls[..few.pulls.len()]);
    let last =
        |outcome: &Outcome, r: usize| outcome.utility[(r + 1) * outcome.rounds.len() - 1].to_bits();
    for r in 0..4 {
        assert_eq!(last(&few, r), last(&many, r));
    }
}

#[test]
fn a_supervisor_can_stop_a_run_that_would_take_years() {
    let game = &games([Noise::Gaussian { sigma: 1.0 }; 2])[1];
    let ucb = Config::new("UCB", vec![]).unwrap();
    for threads in [1, 2] {
        let kind = EngineKind::Stepwise;
        let run =
            Experiment::new(game, &ucb, &ucb, 1 << 53, 4, 8, Checkpoints::Default, kind).unwrap();
        let start = std::time::Instant::now();
        assert!(run.run(threads, &mut |_| false).is_err());
        assert!(start.elapsed().as_secs_f64() < 5.0);
    }
}
