//! What entries say of their learners is what these do.

use super::*;
use crate::learners::Plan;
use crate::learners::schema::Kind;
use crate::learners::support::made::LEARNING;
use crate::noise::Noise;
use crate::rewards::Rewards;
use crate::rng::{Purpose, Stream};

/// What a learner does in a game of three actions each.
struct Seen {
    plans_ahead: bool,
    is_index: bool,
    draws: bool,
}

fn with_least(entry: &Entry) -> Config {
    let required = entry
        .params
        .iter()
        .filter(|param| param.default().is_none());
    let given = required.map(|param| (param.name.to_string(), param.least()));
    Config::new(entry.name, given.collect()).unwrap()
}

/// The learner with each word and each flag of its parameters.
fn variants(entry: &Entry) -> Vec<Config> {
    let mut all = vec![Vec::new()];
    for param in entry.params {
        let values = match param.kind {
            _ if param.default().is_none() => vec![param.least()],
            Kind::Choice(words) => words
                .iter()
                .map(|word| Value::Text((*word).to_string()))
                .collect(),
            Kind::Flag => [false, true].map(Value::Flag).to_vec(),
            _ => continue,
        };
        let with = |given: &Vec<_>| {
            let each = |value: &Value| {
                let named = (param.name.to_string(), value.clone());
                given.iter().cloned().chain([named]).collect::<Vec<_>>()
            };
            values.iter().map(each).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(with).collect();
    }
    let config = |given| Config::new(entry.name, given).unwrap();
    all.into_iter().map(config).collect()
}

fn see(config: &Config, role: Role) -> Seen {
    let means: Vec<f64> = (0..9).map(|cell| f64::from(cell) / 9.0).collect();
    let noise = [Noise::Deterministic; 2];
    let game = Game::new(3, 3, means.clone(), means.clone(), noise).unwrap();
    let seat = match role {
        Role::Leader => Seat::new(&game, role, 10_000),
        Role::Follower => Seat::answering(&game, 1, config.sees(), 10_000),
    };
    let mut learner = config.resolve(&seat).unwrap().learner(&seat, false);
    let stream = || Stream::new(1, 0, role, Purpose::Choice);
    let mut choice = stream();
    let mut plans_ahead = false;
    let is_index = learner.index_arms().is_some();
    for _ in 0..200 {
        learner.face(1);
        let plan = learner.plan(&mut choice);
        plans_ahead |= plan.rounds() > 1;
        let arm = match plan {
            Plan::Cycle { arms, .. } => arms[0],
            Plan::Drawn => 0,
            Plan::Fixed { arm } | Plan::While { arm, .. } | Plan::Once { arm } => arm,
        };
        learner.overhear(arm, means[arm]);
        learner.take(arm, 0, &Rewards::from(means[arm]));
    }
    Seen {
        plans_ahead,
        is_index,
        draws: choice.next_u64() != stream().next_u64(),
    }
}

#[test]
fn entries_say_what_their_learners_do() {
    for entry in REGISTRY {
        let name = entry.name;
        for &role in entry.roles {
            let seen = see(&with_least(entry), role);
            assert_eq!(
                (seen.plans_ahead, seen.draws),
                (entry.plans_ahead(), entry.draws.is_some()),
                "(whether {name} plans ahead, whether its choices are random): correct `play` or `draws` of its ENTRY"
            );
        }
    }
}

#[test]
fn batches_plan_ahead_if_the_registry_says_so() {
    let (mut ahead, mut asked) = (0, 0);
    for entry in REGISTRY
        .iter()
        .filter(|entry| LEARNING.contains(&entry.sees))
    {
        for of in variants(entry) {
            for &role in entry
                .roles
                .iter()
                .filter(|role| !of.is_blind() || **role == Role::Follower)
            {
                assert!(
                    entry.is_made() || see(&of, role).is_index == of.is_index(),
                    "{of:?}: correct `by_index` of its ENTRY"
                );
                for size in [1, 3] {
                    let given = [
                        ("of", Value::Learner(of.clone())),
                        ("size", Value::Count(size)),
                    ];
                    let given = given.map(|(name, value)| (name.to_string(), value));
                    let batched = Config::new("Batched", given.to_vec()).unwrap();
                    let plans_ahead = see(&batched, role).plans_ahead;
                    assert_eq!(
                        batched.how_it_leaps(),
                        if plans_ahead { "alike" } else { "no" },
                        "{batched:?}"
                    );
                    *if plans_ahead { &mut ahead } else { &mut asked } += 1;
                }
            }
        }
    }
    assert!(ahead > 20 && asked > 20, "{ahead} {asked}");
}
