//! How much work long games take.

use crate::engine::{EngineKind, Play};
use crate::ensemble::Experiment;
use crate::game::Game;
use crate::learners::Config;
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
