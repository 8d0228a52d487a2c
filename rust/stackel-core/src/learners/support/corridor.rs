//! How far the means of all arms may move before another one has the largest.

use super::mixture::Mixture;
use super::tally::{Tally, argmax};

/// The region in which one arm has the largest mean: its mean is above a threshold, and those of the others are below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corridor {
    /// The arm with the largest mean.
    pub best: usize,
    /// A number between its mean and those of the others.
    pub threshold: f64,
}

impl Corridor {
    /// The corridor of arms that are played as a mixture says, unless there is none. The threshold is where the means of the best and
    /// the next arm are about equally long on their sides.
    pub(in crate::learners) fn around_best(
        tallies: &[Tally],
        mixture: &mut Mixture,
    ) -> Option<Self> {
        if tallies.iter().any(|tally| tally.count == 0) {
            return None;
        }
        let best = argmax(tallies.iter().map(Tally::mean));
        let others = || (0..tallies.len()).filter(|&arm| arm != best);
        mixture.prefer(best);
        // By how much of its deviation until the end of the next rounds a mean moves for a distance of 1.
        let firmness = |arm: usize| {
            let weight = mixture.weight(arm).max(f64::MIN_POSITIVE);
            (tallies[arm].count as f64) / weight.sqrt()
        };
        let (mean, own) = (tallies[best].mean(), firmness(best));
        let threshold = others()
            .map(|arm| {
                let share = own / (own + firmness(arm));
                tallies[arm].mean() + share * (mean - tallies[arm].mean())
            })
            .fold(f64::NEG_INFINITY, f64::max);
        let between = |arm: usize| tallies[arm].mean() < threshold;
        (threshold < mean && others().all(between)).then_some(Self { best, threshold })
    }
}
