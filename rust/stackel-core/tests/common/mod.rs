//! The learners and games of the tests: every learner of the registry, games of several shapes.

#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
#![allow(missing_docs, unreachable_pub)] // a module of tests has no public interface

use std::sync::Arc;

use stackel_core::learners::Entry;
use stackel_core::learners::registry::REGISTRY;
use stackel_core::learners::schema::{Kind, Value};
use stackel_core::rng::{Purpose, Role, Stream};
use stackel_core::{Config, Game, Noise};

/// Games of several shapes: utilities on a coarse grid give ties, `levels = 1` ties everything.
pub fn games(noise: [Noise; 2]) -> Vec<Game> {
    let mut stream = Stream::new(99, 0, Role::Leader, Purpose::Choice);
    let mut matrix = |cells: usize, levels: usize| -> Vec<f64> {
        (0..cells)
            .map(|_| stream.below(levels) as f64 / levels as f64)
            .collect()
    };
    [
        (2, 2, 1),
        (3, 4, 4),
        (5, 3, 1000),
        (1, 3, 10),
        (3, 1, 10),
        (1, 1, 10),
    ]
    .into_iter()
    .map(|(rows, columns, levels)| {
        let [leader, follower] = [
            matrix(rows * columns, levels),
            matrix(rows * columns, levels),
        ];
        Game::new(rows, columns, leader, follower, noise).unwrap()
    })
    .collect()
}

/// A learner with its defaults, and one with every parameter moved away from them.
fn variants(entry: &Entry) -> Vec<Config> {
    let moved = entry.params.iter().map(|param| {
        let value = match param.kind {
            Kind::Flag => Value::Flag(true),
            Kind::Count { min } if param.default().is_none() => Value::Count(min),
            Kind::Count { min } => Value::Count(min.max(7)),
            Kind::Counts => Value::Counts(Arc::new([2, 1, 3])),
            Kind::Real { min, .. } => Value::Real(min.max(0.0) + 0.3),
            Kind::Choice(words) => Value::Text(words[words.len() - 1].to_string()),
            // Arrays fit games of one shape only.
            Kind::Array => Value::None,
            Kind::Learner => {
                let elimination = Config::new("ActiveArmElimination", Vec::new());
                Value::Learner(elimination.unwrap())
            }
        };
        (param.name.to_string(), value)
    });
    let required = entry
        .params
        .iter()
        .filter(|param| param.default().is_none());
    let least = required.map(|param| (param.name.to_string(), param.least()));
    [least.collect(), moved.collect()]
        .into_iter()
        .map(|given| Config::new(entry.name, given).unwrap())
        .collect()
}

/// Every learner that can take a seat.
pub fn candidates(role: Role) -> Vec<Config> {
    let entries = REGISTRY.iter().filter(|entry| entry.roles.contains(&role));
    entries.flat_map(variants).collect()
}
