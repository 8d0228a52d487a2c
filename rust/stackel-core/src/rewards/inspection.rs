//! The table without a game, for inspection and tests.

use std::ops::Range;

use super::key::Key;
use super::scale::Scale;
use super::student::student;
use super::tape::Tape;
use crate::noise::Noise;
use crate::rng::Role;

/// A player's rewards of one law and mean in a replication, whatever the game.
#[derive(Debug, Clone, Copy)]
pub struct Inspection {
    key: Key,
    noise: Noise,
    mean: f64,
    role: Role,
}

impl Inspection {
    /// The rewards of a law of this crate.
    pub fn new(noise: Noise, mean: f64, seed: u64, replication: u64, role: Role) -> Self {
        let key = Key::of(seed, replication, role);
        Self {
            key,
            noise,
            mean,
            role,
        }
    }

    /// The noise of entries of a tape, in units of the law's scale, for a law whose rewards are drawn one by one; nothing for others.
    pub fn entries(&self, tape: usize, places: Range<u64>) -> Vec<f64> {
        let key = self.key.tape(tape);
        match self.noise {
            Noise::StudentT { df, .. } => {
                places.map(|n| student(df, &mut key.node(0, n))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// For each pair of the number of a tape and a number n, the sum of the noise in the tape's first n entries, in whole numbers of
    /// the law's unit: `sigma / 2^30`, `half_width / 2^31`, or 1 for coins, whose noise is all of their reward.
    pub fn sums(&self, places: impl IntoIterator<Item = (usize, u64)>) -> Vec<i64> {
        let scale = Scale::new(self.role, &[self.mean], self.noise, 1);
        if !scale.has_noise() || !self.noise.has_sums() {
            return places.into_iter().map(|_| 0).collect();
        }
        let mut last: Option<(usize, Tape)> = None;
        let mut sum = |(number, n): (usize, u64)| {
            if last.as_ref().is_none_or(|(tape, _)| *tape != number) {
                last = Some((number, scale.tape(self.mean, self.key.tape(number))));
            }
            last.as_mut().map_or(0, |(_, tape)| tape.sum(n))
        };
        places.into_iter().map(&mut sum).collect()
    }
}
