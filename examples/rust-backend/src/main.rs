//! A bandit library with stackel as its engine: its policies side by side with learners of the crate.

mod backend;
mod library;

use backend::{Backend, pulls};
use library::{Curious, Optimist};
use stackel_core::{Config, Noise, RunError};
use std::time::Instant;

const MEANS: [f64; 3] = [0.1, 0.5, 0.9];
const REPLICATIONS: usize = 100;

fn main() -> Result<(), RunError> {
    let optimist = || Backend::learner("Optimist", Optimist::new);
    let curious = Backend::learner("Curious", |n_arms, _| Curious::new(n_arms, 0.1));
    let runs = [
        ("the library's Optimist", optimist(), 100_000),
        ("the library's Curious", curious, 100_000),
        ("UCB of stackel", Config::new("UCB", vec![])?, 100_000),
        ("UCB of stackel", Config::new("UCB", vec![])?, 1_000_000_000),
    ];
    for (name, learner, rounds) in runs {
        let start = Instant::now();
        let played = pulls(&MEANS, Noise::Bernoulli, &learner, rounds, REPLICATIONS, 1)?;
        let took = start.elapsed().as_secs_f64();
        let regret = played.iter().map(|arms| regret(arms)).sum::<f64>() / REPLICATIONS as f64;
        println!("{name:24} T = {rounds:10}  regret {regret:8.1}  {took:6.2} s");
    }
    Ok(())
}

/// Regret of a replication against the best arm.
fn regret(arms: &[i64]) -> f64 {
    let gaps = MEANS.iter().map(|mean| 0.9 - mean);
    gaps.zip(arms).map(|(gap, &n)| gap * n as f64).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same rule, by the library's trait and by plans of the crate, on the same rewards.
    #[test]
    fn the_librarys_rule_plays_the_games_of_the_crates() -> Result<(), RunError> {
        for noise in [Noise::Bernoulli, Noise::Gaussian { sigma: 1.0 }] {
            let theirs = Backend::learner("Optimist", Optimist::new);
            let ours = Config::new("UCB", vec![])?;
            let [theirs, ours] =
                [theirs, ours].map(|each| pulls(&MEANS, noise, &each, 5_000, 20, 7));
            assert_eq!(theirs?, ours?);
        }
        Ok(())
    }

    #[test]
    fn a_policy_that_draws_repeats_itself_and_differs_between_replications() -> Result<(), RunError>
    {
        let curious = || Backend::learner("Curious", |n_arms, _| Curious::new(n_arms, 0.5));
        let played = pulls(&MEANS, Noise::Bernoulli, &curious(), 1_000, 20, 7)?;
        assert_eq!(
            played,
            pulls(&MEANS, Noise::Bernoulli, &curious(), 1_000, 20, 7)?
        );
        assert_ne!(played[0], played[1]);
        assert!(played.iter().all(|arms| arms.iter().sum::<i64>() == 1_000));
        Ok(())
    }
}
