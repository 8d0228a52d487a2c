//! How much work long games take.

use crate::engine::{EngineKind, Play};
use crate::ensemble::Experiment;
use crate::game::Game;
use crate::learners::Config;
use crate::learners::schema::Value;
use crate::noise::Noise;
use crate::record::Checkpoints;

const HORIZON: u64 = 100_000_000;

#[test]
fn games_of_all_laws_are_leapt_over() {
    let ucb = Config::new("UCB", vec![]).unwrap();
    let means = |k: u32| {
        (k..k + 16)
            .map(|i| (f64::from(i) * 0.618).fract())
            .collect()
    };
    for (noise, most) in [
        (Noise::Gaussian { sigma: 1.0 }, 60_000),
        (Noise::Bernoulli, 300_000),
        (Noise::Uniform { half_width: 1.0 }, 600_000),
    ] {
        let game = Game::new(4, 4, means(1), means(17), [noise; 2]).unwrap();
        let (marks, kind) = (Checkpoints::Rounds(vec![HORIZON]), EngineKind::Leap);
        let run = Experiment::new(&game, &ucb, &ucb, HORIZON, 1, 1, marks, kind).unwrap();
        let mut play = run.in_pieces(0).unwrap();
        assert_eq!(play.advance(HORIZON, most), HORIZON, "{noise:?}");
    }
}

#[test]
fn a_leader_that_descends_plays_the_same_game() {
    let config = |name: &str, a: Option<u64>| {
        let args = a.map(|a| ("a".to_string(), Value::Count(a)));
        Config::new(name, args.into_iter().collect()).unwrap()
    };
    let (horizon, ucb) = (3_000_000, config("UCB", None));
    for (follower, noise, gap) in [
        (config("UCB", None), Noise::Gaussian { sigma: 1.0 }, 0.0),
        (config("UCB", None), Noise::Gaussian { sigma: 1.0 }, 1e-3),
        (config("FixedAction", Some(1)), Noise::Bernoulli, 0.0),
    ] {
        let means = || (0..6).map(|i| 0.5 + gap * f64::from(i % 4)).collect();
        let game = Game::new(3, 2, means(), means(), [noise; 2]).unwrap();
        let run = |kind| {
            let marks = Checkpoints::Rounds(vec![1_000_000, horizon]);
            Experiment::new(&game, &ucb, &follower, horizon, 1, 3, marks, kind).unwrap()
        };
        let reference = run(EngineKind::Reference).run(1, &mut |_| true).unwrap();
        let mut play = run(EngineKind::Leap).in_pieces(0).unwrap();
        while play.round() < horizon {
            play.advance(horizon, 1 << 15);
        }
        let pulls: Vec<i64> = play.pulls().iter().map(|n| n.cast_signed()).collect();
        assert_eq!(pulls, reference.pulls, "{noise:?}, {gap}");
        assert!(play.leader_pace.rounds() > 65536.0, "{noise:?}, {gap}");
    }
}
