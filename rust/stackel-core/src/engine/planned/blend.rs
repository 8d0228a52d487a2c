//! Stretches in which a guarded leader stays while the follower draws its responses whatever the rewards.
//!
//! The leader's rewards are then a walk whose steps are mixtures: mean utilities in the order of the responses, and noise. How
//! far it is after any number of rounds is read from the table and the mixture. Far from the leader's barrier, many rounds
//! are left out by a bound for such walks; near it, blocks are searched along the tape, against a barrier that is higher by as much as the
//! means are ever behind their average.

use std::f64::consts::LN_2;

use super::PlannedPlay;
use crate::learners::{IndexBarrier, Mixture, Tally};
use crate::math::count;
use crate::noise::Noise;
use crate::rewards::{Search, Table};

/// Least number of rounds that are tried to be left out at once.
const SHORTEST: u64 = 128;
/// Least number of rounds for which a try was worthwhile.
const WORTHWHILE: u64 = 8;
/// Factor in the length of a try: an end that is an ordinary deviation below its mean is still safe.
const ROOM: f64 = 0.58;
/// A bound on rounding errors of sums of means, relatively.
const ROUNDING: f64 = 1e-12;
/// What the lower digits of uniform noise, which are not independent, add at most, in units of its range.
const LOOSE: f64 = 1.0 / 32768.0;

/// A leader action that stays, below a mixture of responses.
struct Blend<'a> {
    start: Tally,
    barrier: IndexBarrier,
    /// The cell of the first response, and the leader's mean utilities of all.
    first_cell: usize,
    means: &'a [f64],
    table: &'a mut Table,
    mixture: &'a mut Mixture,
    search: Search,
}

impl Blend<'_> {
    /// A variance that bounds the walk as if its steps were normal, and what is taken from gaps.
    fn spread(&self) -> [f64; 2] {
        let largest = self.means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = self.means.iter().copied().fold(f64::INFINITY, f64::min);
        let range = largest - least;
        match self.table.noise() {
            Noise::Gaussian { sigma } => [sigma * sigma + 0.25 * range * range, 0.0],
            Noise::Bernoulli => [0.25, 0.0],
            Noise::Uniform { half_width } => {
                let range = range + 2.0 * half_width;
                [0.25 * range * range, 2.0 * half_width * LOOSE]
            }
            Noise::Deterministic | Noise::Own(_) => [0.25 * range * range, 0.0],
        }
    }

    /// How far the leader's sum is above its barrier after some rounds.
    fn gap(&mut self, rounds: u64) -> f64 {
        let counts = self.mixture.ahead(rounds);
        let cells = (self.first_cell..).zip(counts);
        let rewards = self.table.total(cells.filter(|(_, rounds)| *rounds > 0));
        let mut end = self.start;
        if rounds > 0 {
            end.gain(&rewards);
        }
        let height = self.barrier.level(end.count as f64);
        end.sum - height - ROUNDING * (end.sum.abs() + height.abs())
    }

    /// A number of rounds, at most `limit`, after each of which the leader's barrier is cleared.
    fn safe_rounds(&mut self, limit: u64, budget: u64) -> u64 {
        let [variance, loose] = self.spread();
        let need = 0.5 * (self.search.certainty + LN_2) * variance;
        let mean = self.mixture.average(self.means);
        let mut done = 0;
        let mut gap = self.gap(0) - loose;
        while done < limit && gap > 0.0 && self.search.work < budget {
            let fall = self.barrier.slope(self.start.count as f64 + done as f64) - mean;
            let undisturbed = gap * gap / (2.0 * ROOM * need);
            let reach = if undisturbed * (2.0 * fall) > gap {
                gap / (2.0 * fall)
            } else {
                undisturbed
            };
            let mut most = count(reach).min(limit - done);
            let mut end = None;
            while end.is_none() {
                most = self.mixture.whole_ahead(done, most);
                if most < SHORTEST {
                    break;
                }
                self.search.work += 4;
                let there = self.gap(done + most) - loose;
                if there > 0.0 && gap * there >= need * (most as f64 + 3.0) {
                    end = Some((done + most, there));
                    self.search.skipped += 1;
                }
                most /= 2;
            }
            if let Some(end) = end {
                (done, gap) = end;
                continue;
            }
            let (block, all) = self.safe_in_block(done, limit);
            done += block;
            if !all {
                break;
            }
            gap = self.gap(done) - loose;
        }
        done
    }

    /// The same after `done` rounds, to the end of a block of the mixture; and whether all of them are safe.
    fn safe_in_block(&mut self, done: u64, limit: u64) -> (u64, bool) {
        self.search.work += 8;
        if !self.table.tape_is_one() {
            return (0, false);
        }
        let sum = |counts: Vec<u64>, means: &[f64]| {
            let terms = counts.into_iter().zip(means);
            terms.map(|(count, mean)| count as f64 * mean).sum::<f64>()
        };
        let before = sum(self.mixture.ahead(done), self.means);
        let arms = self.mixture.block_ahead(done);
        let arms = &arms[..arms
            .len()
            .min(usize::try_from(limit - done).unwrap_or(usize::MAX))];
        let rounds = arms.len() as f64;
        let total: f64 = arms.iter().map(|&arm| self.means[arm]).sum();
        let average = total / rounds;
        let (mut path, mut behind) = (0.0, 0.0_f64);
        for &arm in arms {
            path += self.means[arm] - average;
            behind = behind.max(-path);
        }
        let to = done + arms.len() as u64;
        // The curve takes its cell's mean for that of all rounds.
        let own = self.table.mean(self.first_cell);
        let off = average - own;
        let late = average * done as f64;
        let margin = ROUNDING * (before.abs() + late.abs() + rounds * average.abs());
        let barrier = IndexBarrier {
            rival: self.barrier.rival - off,
            base: self.barrier.base + behind + margin - (before - late)
                + off * self.start.count as f64,
            ..self.barrier
        };
        let bar = self.table.bar(self.first_cell, barrier, &self.start, to);
        match self
            .table
            .passage(self.first_cell, (done, to), &bar, &mut self.search)
        {
            Some(place) => (place - 1 - done, false),
            None => (to - done, true),
        }
    }
}

impl PlannedPlay {
    /// While a guarded leader stays at `a`, for at most `limit` rounds, plays rounds of a follower that draws its responses. Returns
    /// the work it took.
    pub(super) fn blend(&mut self, a: usize, limit: u64, budget: u64) -> Option<u64> {
        let (start, barrier) = self.leader.guard()?;
        let first_cell = self.game.cell(a, 0);
        let instance = self.instances.answering(a);
        let means = &self.game.utility()[0][first_cell..first_cell + self.game.n_follower()];
        let mut blend = Blend {
            start: *start,
            barrier,
            first_cell,
            means,
            table: &mut self.tables[0],
            mixture: self.followers[instance].mixture()?,
            search: Search::new(self.certainty),
        };
        let rounds = blend.safe_rounds(limit, budget);
        let search = blend.search;
        self.accepted += search.skipped;
        if rounds < WORTHWHILE {
            self.paces[instance].not_needed();
        } else {
            self.paces[instance].succeeded();
        }
        if rounds == 0 {
            return None;
        }
        let counts = self.followers[instance].mixture()?.ahead(rounds);
        for (b, played) in counts
            .into_iter()
            .enumerate()
            .filter(|(_, played)| *played > 0)
        {
            let rewards = self.tables[0].rewards(first_cell + b, 0, played);
            self.leader.gain(a, b, &rewards);
            self.played(a, b, played);
        }
        self.followers[instance].skip(rounds, true);
        self.leader.skip(rounds, true);
        Some(1 + search.work)
    }
}
