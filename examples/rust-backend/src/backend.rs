//! The adapter: any policy of the library as a learner of the engine, and a bandit as a game.

use crate::library::Policy;
use stackel_core::learners::schema::Value;
use stackel_core::learners::{Algorithm, RoundByRound, Seat};
use stackel_core::rng::Stream;
use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise, Rewards, RunError};

/// Makes a fresh policy from the numbers of arms and rounds: one for each replication.
pub struct Backend<F> {
    name: &'static str,
    make: F,
}

impl<F, P> Backend<F>
where
    F: Fn(usize, u64) -> P + Send + Sync + 'static,
    P: Policy + 'static,
{
    /// A learner of the engine that plays such policies.
    pub fn learner(name: &'static str, make: F) -> Config {
        Config::own(Self { name, make })
    }
}

impl<F, P> Algorithm for Backend<F>
where
    F: Fn(usize, u64) -> P + Send + Sync + 'static,
    P: Policy + 'static,
{
    fn name(&self) -> &str {
        self.name
    }

    fn rule(&self, seat: &Seat) -> Box<dyn RoundByRound> {
        Box::new(Seated((self.make)(seat.n_arms(), seat.horizon)))
    }
}

/// A policy that plays.
struct Seated<P>(P);

impl<P: Policy> RoundByRound for Seated<P> {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        self.0.select(&mut || choice.unit())
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.0.update(arm, reward.value());
    }
}

/// How often a learner plays each arm of a bandit: one row a replication.
///
/// A bandit is a game in which the learner leads and the follower has a single action.
pub fn pulls(
    means: &[f64],
    noise: Noise,
    learner: &Config,
    rounds: u64,
    replications: usize,
    seed: u64,
) -> Result<Vec<Vec<i64>>, RunError> {
    let game = Game::new(
        means.len(),
        1,
        means.to_vec(),
        vec![0.0; means.len()],
        [noise, Noise::Deterministic],
    )?;
    let nobody = Config::new("FixedAction", vec![("a".to_string(), Value::Count(0))])?;
    let run = Experiment::new(
        &game,
        learner,
        &nobody,
        rounds,
        replications,
        seed,
        Checkpoints::Rounds(vec![rounds]),
        EngineKind::automatic(learner, &nobody),
    )?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let outcome = run.run(threads, &mut |_fraction_done| true)?;
    Ok(outcome
        .pulls
        .chunks(means.len())
        .map(<[i64]>::to_vec)
        .collect())
}
