//! Squares of normal rewards.
//!
//! The entries of a tape have sums, and their squares have none. Given the sum of normal entries, their distances from the mean are independent of it, and
//! the sum of the squares of these has a chi-square law. So where nothing but a sum decides, squares are drawn; where single entries may have decided,
//! they are read. docs/leap.md has the proof.

use super::bar::Search;
use super::gaussian::GRID;
use super::table::Table;
use crate::gamma::gamma;
use crate::learners::{Scatter, Tally, Unsettled};
use crate::rng::Stream;

/// Minus the logarithm of the largest probability of an event that is taken for impossible where squares are drawn. It is that of every
/// run, so that what is drawn does not depend on the crossing tolerance.
pub(crate) const CERTAINTY: f64 = 41.446_531_673_892_82;

/// The fewest entries whose squares are drawn, and the most that are not split but read.
const LEAST: u64 = 16;
const BLOCK: u64 = 64;

/// More work than a run takes: only a snapshot that was changed has such a barrier, and must not keep a game busy.
const MUCH_WORK: u64 = 1 << 24;

/// Entries between two places at which the sum of the tape is known.
#[derive(Clone, Copy)]
struct Piece {
    from: (u64, i64),
    to: (u64, i64),
}

impl Piece {
    fn entries(&self) -> u64 {
        self.to.0 - self.from.0
    }

    fn mean(&self) -> f64 {
        (self.to.1 - self.from.1) as f64 / self.entries() as f64
    }

    /// A place about in the middle, at which sums are cheap.
    fn middle(&self) -> u64 {
        let place = self.from.0.midpoint(self.to.0);
        let grain = (1 << (self.entries().ilog2() - 2)).max(BLOCK);
        let cheap = place / grain * grain;
        if cheap > self.from.0 { cheap } else { place }
    }
}

impl Table {
    /// What there is to know of the last rewards of a cell, the last ones of an arm with these statistics. Squares of rewards that
    /// have come down to their barrier with a probability of at most `exp(-CERTAINTY)`, given where they start and end, are drawn.
    pub(crate) fn scatter(
        &mut self,
        cell: usize,
        rewards: &Unsettled,
        tally: &Tally,
        search: &mut Search,
    ) -> Scatter {
        let (arm, end) = (self.arm(cell), self.place(cell));
        let rounds = rewards.rounds.min(end);
        let mean = self.mean(cell);
        if rounds == 0 || !self.scale().is_normal() {
            return Scatter { mean, squares: 0.0 };
        }
        let bar = self.bar(cell, rewards.barrier, tally, rounds);
        let mut words = rewards.words.clone();
        let safety = self.scale().tape_bridge().safety_unscaled(CERTAINTY);
        let start = end - rounds;
        let mut pieces = vec![Piece {
            from: (start, self.sum(arm, cell, start)),
            to: (end, self.sum(arm, cell, end)),
        }];
        let (mut read, mut noise) = (0.0, Scatter::default());
        while let Some(piece) = pieces.pop() {
            let entries = piece.entries();
            let gap = |(place, sum): (u64, i64)| sum as f64 - bar.level(place);
            let is_safe = || {
                let steps = entries.cast_signed() as f64;
                safety.stays_above(gap(piece.from), gap(piece.to), steps)
            };
            search.work += 1;
            if entries >= LEAST && (is_safe() || search.work > MUCH_WORK) {
                search.skipped += 1;
                let squares = GRID * GRID * chi_square(entries - 1, &mut words);
                let new = Scatter {
                    mean: piece.mean(),
                    squares,
                };
                noise = noise.merged(read, new, entries as f64);
                read += entries as f64;
            } else if entries <= BLOCK {
                let (mean, mut before, mut squares) = (piece.mean(), piece.from.1, 0.0);
                for place in piece.from.0 + 1..=piece.to.0 {
                    let sum = self.sum(arm, cell, place);
                    let apart = (sum - before) as f64 - mean;
                    squares += apart * apart;
                    before = sum;
                }
                noise = noise.merged(read, Scatter { mean, squares }, entries as f64);
                read += entries as f64;
                search.work += entries / 8;
            } else {
                let place = piece.middle();
                let middle = (place, self.sum(arm, cell, place));
                pieces.push(Piece {
                    from: middle,
                    ..piece
                });
                pieces.push(Piece {
                    to: middle,
                    ..piece
                });
            }
        }
        let unit = self.scale().unit(cell);
        Scatter {
            mean: mean + unit * noise.mean,
            squares: unit * unit * noise.squares,
        }
    }
}

/// A chi-square variate with at least two degrees of freedom.
fn chi_square(freedom: u64, words: &mut Stream) -> f64 {
    2.0 * gamma(0.5 * freedom as f64, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Game;
    use crate::learners::IndexBarrier;
    use crate::noise::Noise;
    use crate::rng::{Purpose, Role};

    const SIGMA: f64 = 0.5;
    const MEAN: f64 = 0.25;

    /// Rewards up to the first one after which their sum is below a line, at most `most`: their number, squares that are told, and their own ones.
    fn told_and_own(replication: u64, barrier: IndexBarrier, most: u64) -> (u64, Scatter, Scatter) {
        let noise = [Noise::Gaussian { sigma: SIGMA }; 2];
        let game = Game::new(1, 1, vec![MEAN], vec![0.0], noise).unwrap();
        let mut table = Table::new(&game, Role::Leader, 5, replication);
        let (mut tally, mut own) = (Tally::default(), Scatter::default());
        while tally.count < most && (tally.count == 0 || barrier.clears(&tally)) {
            let reward = table.next(0);
            tally.gain(&reward);
            let (mean, squares) = (reward.value(), 0.0);
            own = own.merged((tally.count - 1) as f64, Scatter { mean, squares }, 1.0);
        }
        let last = Unsettled {
            arm: 0,
            response: 0,
            rounds: tally.count,
            barrier,
            words: Stream::new(6, replication, Role::Leader, Purpose::Choice),
        };
        let told = table.scatter(0, &last, &tally, &mut Search::new(CERTAINTY));
        (tally.count, told, own)
    }

    fn line(base: f64, rival: f64) -> IndexBarrier {
        IndexBarrier {
            rival,
            width: 0.0,
            base,
        }
    }

    #[test]
    fn squares_of_rewards_that_may_have_decided_are_their_own() {
        // The sum of up to 15 rewards is never far above the line.
        for (replication, most) in (0..200).zip((1..16).cycle()) {
            let (_, told, own) = told_and_own(replication, line(-3.0, 0.0), most);
            assert!((told.mean - own.mean).abs() < 1e-9);
            assert!((told.squares - own.squares).abs() < 1e-7);
        }
        let (n, told, own) = told_and_own(0, line(-1e-3, MEAN), 1000);
        assert!(n < 1000 && (told.squares - own.squares).abs() < 1e-6, "{n}");
    }

    /// The largest distance of two empirical distribution functions, times the square root of half of the number in each; a
    /// distance above 2.5 has a probability of 7.5e-6.
    fn distance(one: &mut [f64], other: &mut [f64]) -> f64 {
        one.sort_by(f64::total_cmp);
        other.sort_by(f64::total_cmp);
        let below = |x: f64| other.partition_point(|&y| y <= x) as f64;
        let apart = |(i, &x): (usize, &f64)| (below(x) - (i as f64 + 1.0)).abs();
        let largest = one.iter().enumerate().map(apart).fold(0.0, f64::max);
        largest / (2.0 * one.len() as f64).sqrt()
    }

    #[test]
    fn squares_that_are_told_have_the_law_of_their_own_given_where_the_sum_came_down() {
        // The line rises faster than the sum: near the end, rewards are read.
        let barrier = line(-40.0, MEAN + 0.02);
        let scaled = |n: u64, squares: f64| {
            let expected = (n - 1) as f64;
            (squares / (SIGMA * SIGMA) - expected) / (2.0 * expected).sqrt()
        };
        let (mut told, mut wrong, mut own) = (vec![], vec![], vec![]);
        let mut read = 0;
        for replication in 0..20_000 {
            let (n, drawn, squares) = told_and_own(replication, barrier, 8000);
            assert!((drawn.mean - squares.mean).abs() < 1e-9);
            read += u32::from((drawn.squares - squares.squares).abs() < 1e-6);
            // Squares of other rewards than those told, so that the samples are independent.
            if replication % 2 == 0 {
                told.push(scaled(n, drawn.squares));
                wrong.push(scaled(n, 1.01 * drawn.squares));
            } else {
                own.push(scaled(n, squares.squares));
            }
        }
        assert_eq!(read, 0, "runs of which no square was drawn");
        let (right, off) = (
            distance(&mut told, &mut own),
            distance(&mut wrong, &mut own),
        );
        assert!(right < 2.5, "{right}");
        // A scale that is wrong by a hundredth is found.
        assert!(off > 5.0, "{off}");
    }
}
