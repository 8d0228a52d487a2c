//! Rounds with one pair of actions, up to the first one after which a player has to be asked.

use crate::engine::player::Foresight;
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
    /// Rounds of the first look: those in which no guard is likely to fail, or up to the end of a block of the follower's tape, so that
    /// none is made that has to be made again.
    #[inline]
    fn first_look(
        &self,
        guards: &[Option<(&Tally, IndexBarrier)>; 2],
        tables: &[Table; 2],
        search: &Search,
    ) -> u64 {
        if self.rounds < LONG || search.certainty.is_infinite() {
            return match guards {
                [_, Some(_)] => FIRST_LOOK - tables[1].place(self.cell) % FIRST_LOOK,
                _ => FIRST_LOOK,
            };
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

    /// Looks for the first round after which a guard fails, or as far as the budget allows. Returns for how many rounds the guard of each
    /// player is found to hold, and whether it holds after them. The lesser number is the end of the search.
    #[inline]
    pub(super) fn first_to_fail(
        &self,
        guards: [Option<(&Tally, IndexBarrier)>; 2],
        tables: &mut [Table; 2],
        search: &mut Search,
    ) -> [Foresight; 2] {
        let (cell, rounds) = (self.cell, self.rounds);
        let mut bars = [None; 2];
        for (bar, (guard, table)) in bars.iter_mut().zip(guards.iter().zip(&mut *tables)) {
            *bar = guard.map(|(tally, barrier)| table.bar(cell, barrier, tally, rounds));
        }
        let all = Foresight {
            rounds,
            stands: true,
        };
        let mut found = [all; 2];
        if bars.iter().all(Option::is_none) {
            return found;
        }
        let (mut done, mut look) = (0, self.first_look(&guards, tables, search));
        loop {
            let mut to = rounds.min(done + look);
            // The one that fails first shortens what the other has to be searched for.
            for i in [1, 0] {
                let Some(bar) = &bars[i] else { continue };
                let place = tables[i].passage(cell, (done, to), bar, search);
                to = place.unwrap_or(to);
                found[i] = Foresight {
                    rounds: to,
                    stands: place.is_none(),
                };
            }
            let stand = found.iter().all(|each| each.stands);
            if !stand || to == rounds || search.work >= self.budget {
                return found;
            }
            done = to;
            look = (NEXT_LOOK * look).next_multiple_of(FIRST_LOOK);
        }
    }
}
