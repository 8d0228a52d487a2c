//! The first place at which the rewards of a cell come down to a barrier.

use super::Table;
use crate::learners::{IndexBarrier, Tally};
use crate::noise::Noise;
use crate::rewards::bar::{Bar, Search};
use crate::rewards::tape::HEAD;

impl Table {
    /// The curve above which the noise of a cell has to stay for `rounds` rounds.
    pub(crate) fn bar(
        &mut self,
        cell: usize,
        barrier: IndexBarrier,
        tally: &Tally,
        rounds: u64,
    ) -> Bar {
        let arm = self.arm(cell);
        let (start, mean) = (self.arms[arm].place, self.mean(cell));
        let (means, base, unit) = match self.scale().noise {
            Noise::Deterministic | Noise::StudentT { .. } | Noise::Own(_) => ([mean, 0.0], 0, 1.0),
            Noise::Bernoulli => ([0.0, mean], self.sum(arm, cell, start), 1.0),
            _ if self.scale().is_sure(cell) => ([mean, 0.0], 0, 1.0),
            _ => {
                let unit = self.scale().unit(cell);
                ([mean, 0.0], self.sum(arm, cell, start), unit)
            }
        };
        Bar::new(barrier, tally, means, rounds, (start, base, unit))
    }

    /// The first number of rounds in `from + 1..=to` after which the noise of a cell lies below a curve.
    #[inline]
    pub(crate) fn passage(
        &mut self,
        cell: usize,
        (from, to): (u64, u64),
        bar: &Bar,
        search: &mut Search,
    ) -> Option<u64> {
        let arm = self.arm(cell);
        let start = self.arms[arm].place;
        let (mut from, to) = (start + from, start + to);
        if self.scale().is_sure(cell) {
            return Some(bar.meets_zero(from, to)? - start);
        }
        if !self.scale().noise.has_sums() {
            let (mean, mut sum) = (self.mean(cell), 0.0);
            let mut fails = |n: &u64| {
                sum += self.single(cell, arm, *n) - mean;
                sum < bar.level(n + 1)
            };
            return Some((from..to).find(&mut fails)? + 1 - start);
        }
        search.safety = self.safety;
        if self.arms[arm].tape.is_none() && from < HEAD {
            let sum = self.sum(arm, cell, from);
            let end = to.min(HEAD);
            search.work += end - from;
            let mut last = (from, sum);
            for (n, sum) in self.head(arm, cell, (from, end), sum) {
                last = (n, sum);
                if (sum as f64) < bar.level(n) {
                    self.arms[arm].found = last;
                    return Some(n - start);
                }
            }
            self.arms[arm].found = last;
            from = end;
            if from == to {
                return None;
            }
        }
        let found = self.tape(arm, cell).passage(from, to, bar, search)?;
        self.arms[arm].found = found;
        Some(found.0 - start)
    }
}
