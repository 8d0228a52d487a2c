//! The checkpoints of a game, and the utilities recorded there.

use crate::archive::Archive;
use crate::error::SpecError;
use crate::game::Game;
pub use crate::math::MAX_HORIZON;
use crate::math::{count, pow};
use crate::noise::LARGEST;

/// Default number of checkpoints.
const DEFAULT_CHECKPOINTS: u64 = 64;

/// The rounds after which cumulative utilities are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checkpoints {
    /// About 64, evenly spaced in log scale.
    Default,
    /// The given number, evenly spaced in log scale. There are fewer where rounds coincide; a game that
    /// is not longer than the number has a checkpoint at every round.
    LogSpaced(u64),
    /// The given rounds.
    Rounds(Vec<u64>),
}

impl Checkpoints {
    /// The checkpoints of a game, in increasing order. Spaced ones end with the horizon.
    ///
    /// ```
    /// use stackel_core::record::Checkpoints;
    /// assert_eq!(Checkpoints::LogSpaced(4).rounds(1000).unwrap(), [1, 10, 100, 1000]);
    /// ```
    pub fn rounds(self, horizon: u64) -> Result<Vec<u64>, SpecError> {
        match self {
            Checkpoints::Default => Ok(log_spaced(horizon, DEFAULT_CHECKPOINTS)),
            Checkpoints::LogSpaced(0) => Err(SpecError::new("checkpoints", "at least one", "0")),
            Checkpoints::LogSpaced(n) => Ok(log_spaced(horizon, n)),
            Checkpoints::Rounds(rounds) => {
                let increasing = rounds.windows(2).all(|pair| pair[0] < pair[1]);
                let inside = |&round: &u64| (1..=horizon).contains(&round);
                if rounds.is_empty() || !increasing || !rounds.iter().all(inside) {
                    let allowed = format!("increasing rounds from 1 to horizon = {horizon}");
                    return Err(SpecError::new(
                        "checkpoints",
                        allowed,
                        format!("{rounds:?}"),
                    ));
                }
                Ok(rounds)
            }
        }
    }
}

fn log_spaced(horizon: u64, n: u64) -> Vec<u64> {
    if horizon <= n {
        return (1..=horizon).collect();
    }
    let ratio = |i: u64| i as f64 / (n - 1) as f64;
    let mut rounds: Vec<u64> = (0..n - 1)
        .map(|i| count(pow(horizon as f64, ratio(i)).round()).clamp(1, horizon))
        .chain([horizon])
        .collect();
    rounds.dedup();
    rounds
}

/// Cumulative mean utility of each player, from the number of rounds of each cell.
///
/// The sum over counts has the same bits at whatever checkpoints it is computed. A sum over rounds
/// would not.
pub fn utility(game: &Game, pulls: &[u64]) -> [f64; 2] {
    let mut total = [0.0; 2];
    for (cell, &pulls) in pulls.iter().enumerate() {
        let [leader, follower] = game.means(cell);
        total[0] += leader * pulls as f64;
        total[1] += follower * pulls as f64;
    }
    total
}

/// What the rounds of a run have earned: in the games that are over, if it is one that changes, and in the one in force.
#[derive(Debug, Clone, Default)]
pub(crate) struct Earned {
    /// Counts of action pairs when the game in force began; empty for the first one.
    pulls: Vec<u64>,
    /// The utility until then, and its remainder.
    utility: [f64; 4],
}

impl Earned {
    /// Cumulative mean utilities of leader and follower, then what rounding took from them, after these rounds of each cell.
    pub(crate) fn utility(&self, game: &Game, pulls: &[u64]) -> [f64; 4] {
        if self.pulls.is_empty() {
            return utility_with_remainder(game, pulls, [0.0; 4]);
        }
        let since = pulls.iter().zip(&self.pulls);
        let since: Vec<u64> = since.map(|(now, then)| now - then).collect();
        utility_with_remainder(game, &since, self.utility)
    }

    /// Notes that a game is over after these rounds of each cell.
    pub(crate) fn close(&mut self, game: &Game, pulls: &[u64]) {
        self.utility = self.utility(game, pulls);
        self.pulls = pulls.to_vec();
    }

    /// Visits it, where the game in force began after `start` rounds.
    pub(crate) fn exchange(&mut self, archive: &mut Archive, start: u64, pulls: &[u64]) {
        if start == 0 {
            *self = Self::default();
            return;
        }
        self.pulls.resize(pulls.len(), 0);
        for (then, &now) in self.pulls.iter_mut().zip(pulls) {
            archive.count(then, now);
        }
        let total: u128 = self.pulls.iter().map(|&pulls| u128::from(pulls)).sum();
        if total != u128::from(start) {
            archive.refuse("counts at a change that do not add up to the rounds before it");
            self.pulls.fill(0);
        }
        for value in &mut self.utility {
            archive.real(value, 2.0 * LARGEST * MAX_HORIZON as f64);
        }
    }
}

/// [`utility`] in addition to what there was before, and what rounding took from it: the sum of both is the exact utility, up
/// to a relative error of about 2^-106. Large utilities with small differences lose nothing so.
fn utility_with_remainder(game: &Game, pulls: &[u64], before: [f64; 4]) -> [f64; 4] {
    let player = |player: usize| {
        let means = &game.utility()[player];
        let cells = || means.iter().zip(pulls);
        let rounded = cells().fold(before[player], |total, (&mean, &pulls)| {
            total + mean * pulls as f64
        });
        let (mut sum, mut lost) = exact_sum(-rounded, before[player]);
        lost += before[2 + player];
        for (&mean, &pulls) in cells().filter(|(_, pulls)| **pulls > 0) {
            let (product, error) = exact_product(mean, pulls as f64);
            let (next, rest) = exact_sum(sum, product);
            sum = next;
            lost += error + rest;
        }
        [rounded, sum + lost]
    };
    let ([leader, rest], [follower, also]) = (player(0), player(1));
    [leader, follower, rest, also]
}

/// A rounded product, and its rounding error (Dekker).
fn exact_product(x: f64, y: f64) -> (f64, f64) {
    let halves = |x: f64| {
        let shifted = SPLITTER * x;
        let high = shifted - (shifted - x);
        (high, x - high)
    };
    let ((x1, x2), (y1, y2)) = (halves(x), halves(y));
    let product = x * y;
    (
        product,
        x2 * y2 - (((product - x1 * y1) - x2 * y1) - x1 * y2),
    )
}

/// A rounded sum, and its rounding error (Knuth).
fn exact_sum(x: f64, y: f64) -> (f64, f64) {
    let sum = x + y;
    let part = sum - x;
    (sum, (x - (sum - part)) + (y - part))
}

/// Cuts the 53 digits of a number into halves.
const SPLITTER: f64 = 134_217_729.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::noise::Noise;

    #[test]
    #[allow(clippy::cast_possible_truncation)] // floats around 1e9 are multiples of 2^-23
    fn utilities_and_remainders_add_up_exactly() {
        let (large, pulls) = (1e9, [999_999_488, 300, 212, 0]);
        let means = vec![large + 0.6, large + 0.2, large + 0.5, 1e99];
        let scaled: Vec<i128> = means[..3]
            .iter()
            .map(|u| (u * 8_388_608.0) as i128)
            .collect();
        let noise = [Noise::Deterministic; 2];
        let game = Game::new(2, 2, means, vec![0.1; 4], noise).unwrap();
        let [leader, follower, rest, also] = Earned::default().utility(&game, &pulls);
        assert_eq!([leader, follower], utility(&game, &pulls));
        let exact: i128 = scaled
            .iter()
            .zip(pulls)
            .map(|(u, n)| u * i128::from(n))
            .sum();
        let rounded = (leader as i128) * 8_388_608;
        assert_eq!(rest, (exact - rounded) as f64 / 8_388_608.0);
        assert!(rest != 0.0 && also != 0.0);
    }

    #[test]
    fn spaced_rounds_increase_and_end_with_the_horizon() {
        for horizon in [1, 2, 3, 10, 63, 64, 65, 12_345, MAX_HORIZON] {
            let rounds = Checkpoints::Default.rounds(horizon).unwrap();
            assert!(
                rounds.windows(2).all(|pair| pair[0] < pair[1]),
                "{rounds:?}"
            );
            assert_eq!(*rounds.last().unwrap(), horizon);
            assert!(rounds.len() <= 64 && rounds[0] >= 1);
        }
        assert_eq!(Checkpoints::LogSpaced(1).rounds(5).unwrap(), [5]);
    }

    #[test]
    fn rounds_out_of_order_or_out_of_range_are_refused() {
        for rounds in [vec![], vec![0], vec![2, 2], vec![3, 1], vec![11]] {
            let error = Checkpoints::Rounds(rounds).rounds(10).unwrap_err();
            assert_eq!(error.argument, "checkpoints");
        }
    }
}
