//! The largest of many keys, and the largest of the rest, under changes of one key at a time.

use std::hint::select_unpredictable;
use std::iter;

/// A knockout tournament of arms, won by the largest key; ties go to the lowest index.
///
/// `matches[1]` was won by the winner of all, `matches[i]` is between the winners of `matches[2i]`
/// and `matches[2i + 1]`, and the last half are the arms themselves. Changing a key replays one path,
/// and the runner-up lost to the winner somewhere on the winner's path: both take log2(K) comparisons.
pub(super) struct Tournament {
    matches: Vec<Winner>,
}

/// Key and arm side by side: a comparison looks into one place of memory only.
#[derive(Clone, Copy)]
struct Winner {
    rank: i64,
    arm: usize,
}

/// An integer that orders as the key does. Who wins is a coin toss to the processor, and integers can
/// be chosen between without a jump that it would have to guess.
#[inline]
fn rank(key: f64) -> i64 {
    // Positive zero for both: equal keys have equal ranks.
    let bits = (key + 0.0).to_bits().cast_signed();
    bits ^ (bits >> 63 & i64::MAX)
}

/// The key of a rank.
#[inline]
fn key(rank: i64) -> f64 {
    f64::from_bits((rank ^ (rank >> 63 & i64::MAX)).cast_unsigned())
}

impl Tournament {
    /// A tournament among `n` arms whose keys are all minus infinity.
    pub(super) fn new(n: usize) -> Self {
        let size = n.next_power_of_two();
        let rank = rank(f64::NEG_INFINITY);
        // Among equals the leftmost arm of a match's part of the field wins.
        let leftmost = |i: usize| i * (size >> i.ilog2()) - size;
        let winners = (1..2 * size).map(|i| Winner {
            rank,
            arm: leftmost(i),
        });
        Self {
            matches: iter::once(Winner { rank, arm: 0 }).chain(winners).collect(),
        }
    }

    /// Changes one key.
    #[inline]
    pub(super) fn set(&mut self, arm: usize, key: f64) {
        let mut winner = Winner {
            rank: rank(key),
            arm,
        };
        let mut i = self.matches.len() / 2 + arm;
        self.matches[i] = winner;
        while i > 1 {
            let rival = self.matches[i ^ 1];
            // From the left, an equal rank is enough.
            let from_left = i64::from(i % 2 == 1);
            let wins = rival.rank + from_left > winner.rank;
            winner = Winner {
                rank: select_unpredictable(wins, rival.rank, winner.rank),
                arm: select_unpredictable(wins, rival.arm, winner.arm),
            };
            i /= 2;
            self.matches[i] = winner;
        }
    }

    /// The arm with the largest key.
    #[inline]
    pub(super) fn winner(&self) -> usize {
        self.matches[1].arm
    }

    /// The largest key.
    #[inline]
    pub(super) fn best(&self) -> f64 {
        key(self.matches[1].rank)
    }

    /// The arms with the largest key, which is finite, in index order.
    pub(super) fn leaders(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        let best = self.matches[1].rank;
        let arms = &self.matches[self.matches.len() / 2..];
        let leads = arms.iter().filter(move |arm| arm.rank == best);
        leads.map(|leader| leader.arm)
    }

    /// The largest key of the other arms; minus infinity if there is none.
    #[inline]
    pub(super) fn runner_up(&self) -> f64 {
        let mut best = rank(f64::NEG_INFINITY);
        let mut i = self.matches.len() / 2 + self.winner();
        while i > 1 {
            best = best.max(self.matches[i ^ 1].rank);
            i /= 2;
        }
        key(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::support::tally::argmax;
    use crate::rng::{Purpose, Role, Stream};

    #[test]
    fn agrees_with_a_scan_of_all_keys() {
        let mut stream = Stream::new(3, 0, Role::Leader, Purpose::Choice);
        for n in 1..20 {
            let mut tournament = Tournament::new(n);
            let mut keys = vec![f64::NEG_INFINITY; n];
            for _ in 0..200 {
                let (arm, key) = (stream.below(n), stream.below(7) as f64);
                keys[arm] = key;
                tournament.set(arm, key);
                let winner = argmax(keys.iter().copied());
                let others = keys.iter().enumerate().filter(|&(arm, _)| arm != winner);
                let runner_up = others
                    .map(|(_, &key)| key)
                    .fold(f64::NEG_INFINITY, f64::max);
                assert_eq!(
                    (tournament.winner(), tournament.runner_up()),
                    (winner, runner_up)
                );
                let best = keys[winner];
                let tied = (0..n).filter(|&arm| keys[arm] == best);
                assert!(tournament.leaders().eq(tied));
            }
        }
    }
}
