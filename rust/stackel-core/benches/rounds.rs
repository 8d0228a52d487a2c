//! Time of a round, compared with the time of its noise alone.
//!
//! `cargo bench -p stackel-core`; the throughput column is rounds a second.
#![allow(clippy::expect_used)] // a benchmark that cannot start has nothing to measure

use std::hint::black_box;
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use stackel_core::noise::{Gaussian, Law};
use stackel_core::rng::{Purpose, Role, Stream};
use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise};

const ROUNDS: u64 = 1_000_000;

/// A game without ties: utilities are the fractional parts of multiples of the golden ratio.
fn spread_game(n: usize) -> Game {
    let mean = |i: usize| (i as f64 * 0.618_033_988_749_894_9).fract();
    let [leader, follower] = [1, 1 + n * n].map(|first| (first..first + n * n).map(mean).collect());
    let noise = [Noise::Gaussian { sigma: 1.0 }; 2];
    Game::new(n, n, leader, follower, noise).expect("a valid game")
}

/// A game in which all actions are equally good.
fn tied_game(n: usize) -> Game {
    let noise = [Noise::Gaussian { sigma: 1.0 }; 2];
    Game::new(n, n, vec![0.5; n * n], vec![0.5; n * n], noise).expect("a valid game")
}

fn play(game: &Game, leader: &Config, follower: &Config, engine: EngineKind) -> i64 {
    play_to(ROUNDS, game, leader, follower, engine)
}

fn play_to(
    horizon: u64,
    game: &Game,
    leader: &Config,
    follower: &Config,
    engine: EngineKind,
) -> i64 {
    let last = Checkpoints::Rounds(vec![horizon]);
    let run = Experiment::new(game, leader, follower, horizon, 1, 1, last, engine);
    let outcome = run.expect("a valid run").run(1, &mut |_| true);
    outcome.expect("a run that is not cancelled").pulls[0]
}

fn learner(name: &str) -> Config {
    Config::new(name, vec![]).expect("a registered learner")
}

/// Two normals a round from two streams: no engine that draws every reward can be faster.
fn noise_floor() -> f64 {
    let law = Gaussian::new(1.0);
    let [mut first, mut second] =
        [Role::Leader, Role::Follower].map(|role| Stream::new(1, 0, role, Purpose::Noise));
    let mut sums = [0.0; 2];
    for _ in 0..ROUNDS {
        sums[0] += law.draw(0.5, &mut first);
        sums[1] += law.draw(0.5, &mut second);
    }
    sums[0] + sums[1]
}

fn floor(c: &mut Criterion) {
    let mut group = c.benchmark_group("noise floor, UCB v UCB 4x4");
    group
        .throughput(Throughput::Elements(ROUNDS))
        .sample_size(20);
    let (game, ucb) = (spread_game(4), learner("UCB"));
    group.bench_function("two normals", |b| b.iter(|| black_box(noise_floor())));
    for engine in [EngineKind::Stepwise, EngineKind::Reference] {
        group.bench_function(engine.name(), |b| {
            b.iter(|| play(&game, &ucb, &ucb, engine));
        });
    }
    group.finish();
}

fn pairs(c: &mut Criterion) {
    let mut group = c.benchmark_group("pairs 4x4");
    group
        .throughput(Throughput::Elements(ROUNDS))
        .sample_size(10);
    let game = spread_game(4);
    for (leader, follower) in [
        ("ExploreThenCommit", "ExploreThenCommit"),
        ("ExploreThenCommitThrowOut", "ExploreThenCommit"),
        ("ExploreThenUCB", "ActiveArmElimination"),
        ("ExploreThenUCB", "UCB"),
        ("LipschitzUCB", "ActiveArmElimination"),
        ("LipschitzUCB", "UCB"),
        ("PhasedUCB", "ActiveArmElimination"),
        ("UniformLearner", "UniformLearner"),
    ] {
        let (first, second) = (learner(leader), learner(follower));
        group.bench_function(BenchmarkId::new(leader, follower), |b| {
            b.iter(|| play(&game, &first, &second, EngineKind::Stepwise));
        });
    }
    // No arm is ever dropped, so that every round needs a decision.
    let (game, elimination) = (tied_game(4), learner("ActiveArmElimination"));
    for engine in [EngineKind::Stepwise, EngineKind::Reference] {
        group.bench_function(
            BenchmarkId::new("elimination, all tied", engine.name()),
            |b| {
                b.iter(|| play(&game, &elimination, &elimination, engine));
            },
        );
    }
    group.finish();
}

fn sizes(c: &mut Criterion) {
    let mut group = c.benchmark_group("UCB v UCB by number of actions");
    group
        .throughput(Throughput::Elements(ROUNDS))
        .sample_size(10);
    let ucb = learner("UCB");
    for n in [2, 4, 16, 64, 256] {
        let game = spread_game(n);
        group.bench_function(BenchmarkId::from_parameter(n), |b| {
            b.iter(|| play(&game, &ucb, &ucb, EngineKind::Stepwise));
        });
    }
    group.finish();
}

/// Whole games, by horizon: the time hardly grows.
fn leaps(c: &mut Criterion) {
    let mut group = c.benchmark_group("leap, UCB v UCB 4x4");
    group.sample_size(10);
    let (game, ucb) = (spread_game(4), learner("UCB"));
    for exponent in [6, 8, 10, 12] {
        let horizon = 10u64.pow(exponent);
        group.bench_function(format!("T = 1e{exponent}"), |b| {
            b.iter(|| play_to(horizon, &game, &ucb, &ucb, EngineKind::Leap));
        });
    }
    group.finish();
}

criterion_group!(benches, floor, pairs, sizes, leaps);
/// Prints the time of play over that of noise alone. Both are timed in turns, because the clock of a
/// machine changes, but hardly between two turns.
#[allow(clippy::print_stdout)] // a report
fn print_ratio_to_noise_floor() {
    const TURNS: usize = 101;
    let (game, ucb) = (spread_game(4), learner("UCB"));
    let seconds = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let floor = || {
        black_box(noise_floor());
    };
    let stepwise = || {
        black_box(play(&game, &ucb, &ucb, EngineKind::Stepwise));
    };
    let turn = |_| 1.0 / seconds(&floor) * seconds(&stepwise);
    let mut ratios: Vec<f64> = (0..TURNS).map(turn).collect();
    ratios.sort_by(f64::total_cmp);
    let [low, median, high] = [TURNS / 4, TURNS / 2, 3 * TURNS / 4].map(|rank| ratios[rank]);
    println!(
        "UCB v UCB 4x4, stepwise: {median:.2} times its noise alone (quartiles {low:.2} to {high:.2})"
    );
}

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
    print_ratio_to_noise_floor();
}
