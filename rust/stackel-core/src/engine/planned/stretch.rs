//! Rounds with one pair of actions, up to the first one after which a player has to be asked.

use crate::learners::{IndexBarrier, Tally};
use crate::math::count;
use crate::rewards::{Search, Table};

/// Least number of rounds of the first look along the tapes, and factor to the next one: neither player looks far beyond the round
/// in which the other is asked.
const FIRST_LOOK: u64 = 64;
const NEXT_LOOK: u64 = 8;
/// Least number of rounds of a stretch of which it is worth to ask how many of them are probably safe.
const LONG: u64 = 512;

/// Rounds with one pair of actions.
pub(super) struct Stretch {
    pub(super) cell: usize,
    pub(super) rounds: u64,
    pub(super) budget: u64,
}

impl Stretch {
    /// Rounds of the first look: those in which no guard is likely to fail.
    #[inline]
    fn first_look(
        &self,
        guards: &[Option<(&Tally, IndexBarrier)>; 2],
        tables: &[Table; 2],
        search: &Search,
    ) -> u64 {
        if self.rounds < LONG || search.certainty.is_infinite() {
            return FIRST_LOOK;
        }
        let reach = |(guard, table): (&Option<(&Tally, IndexBarrier)>, &Table)| {
            let (tally, barrier) = (*guard)?;
            let n = tally.count as f64;
            let fall = barrier.slope(n) - table.mean(self.cell);
            let gap = tally.sum - barrier.level(n);
            Some(table.bridge(self.cell).reach(gap, fall, search.certainty))
        };
        let least = guards.iter().zip(tables).filter_map(reach);
        count(least.fold(f64::INFINITY, f64::min)).max(FIRST_LOOK)
    }

    /// Number of rounds up to the first one after which a guard fails, or about as many as the budget allows; and whether the
    /// guards of leader and follower hold then.
    #[inline]
    pub(super) fn first_to_fail(
        &self,
        guards: [Option<(&Tally, IndexBarrier)>; 2],
        tables: &mut [Table; 2],
        search: &mut Search,
    ) -> (u64, [bool; 2]) {
        let (cell, rounds) = (self.cell, self.rounds);
        let mut bars = [None; 2];
        for (bar, (guard, table)) in bars.iter_mut().zip(guards.iter().zip(&mut *tables)) {
            *bar = guard.map(|(tally, barrier)| table.bar(cell, barrier, tally, rounds));
        }
        if bars.iter().all(Option::is_none) {
            return (rounds, [true; 2]);
        }
        let (mut done, mut look) = (0, self.first_look(&guards, tables, search));
        loop {
            let mut to = rounds.min(done + look);
            let mut stands = [true; 2];
            // The one that fails first shortens what the other has to be searched for.
            for i in [1, 0] {
                if let Some(bar) = &bars[i]
                    && let Some(place) = tables[i].passage(cell, (done, to), bar, search)
                {
                    if place < to {
                        stands[1 - i] = true;
                    }
                    (to, stands[i]) = (place, false);
                }
            }
            if stands != [true; 2] || to == rounds || search.work >= self.budget {
                return (to, stands);
            }
            done = to;
            look *= NEXT_LOOK;
        }
    }
}
