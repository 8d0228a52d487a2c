//! Stretches in which a leader stays while the follower draws its responses from a mixture.
//!
//! The leader's rewards are then a walk whose steps are mixtures: mean utilities in the order of the responses, and noise. How
//! far it is after any number of rounds is read from the table and the mixture. Far from the leader's barrier, many rounds
//! are left out by a bound for such walks; near it, blocks are searched along the tape, against a barrier that is higher by as much as the
//! means are ever behind their average. If the mixture depends on which response has the largest mean, the sums of all responses have to stay in a
//! corridor as well, each a walk of its own.

use super::PlannedPlay;
use crate::engine::descent::{ROUNDING, gap};
use crate::learners::{Corridor, IndexBarrier, Mixture, Tally};
use crate::math::count;
use crate::rewards::{Bridge, Search, Table};

/// Least number of rounds that are tried to be left out at once, and for which it is worth to look at all responses.
const SHORTEST: u64 = 256;
const SHORTEST_CORRIDOR: u64 = 1024;
/// Least number of rounds for which a try was worthwhile.
const WORTHWHILE: u64 = 8;

/// A sum of rewards that has to stay on one side of a barrier.
struct Walk {
    /// The response whose rewards are the follower's; of the leader's, none.
    response: Option<usize>,
    tally: Tally,
    barrier: IndexBarrier,
    is_above: bool,
    bridge: Bridge,
    /// The number of its steps in a round, and their mean.
    weight: f64,
    mean: f64,
}

impl Walk {
    /// Number of its steps in rounds with these responses.
    fn steps(&self, counts: &[u64]) -> u64 {
        match self.response {
            Some(b) => counts[b],
            None => counts.iter().sum(),
        }
    }

    /// How far it is on its side of the barrier.
    fn gap(&self, tally: &Tally) -> f64 {
        gap(tally, self.barrier, self.is_above)
    }

    /// A number of rounds in which it probably stays there.
    fn reach(&self, gap: f64, done: u64, certainty: f64) -> f64 {
        let n = self.tally.count as f64 + self.weight * done as f64;
        let fall = self.barrier.slope(n) - self.mean;
        let fall = if self.is_above { fall } else { -fall };
        self.bridge.reach(gap, fall, certainty) / self.weight
    }
}

/// A leader action that stays, below a mixture of responses.
struct Blend<'a> {
    /// The cell of the first response.
    first_cell: usize,
    tables: &'a mut [Table; 2],
    mixture: &'a mut Mixture,
    search: Search,
}

impl Blend<'_> {
    /// How far a walk is on its side after rounds with these responses.
    fn gap_after(&mut self, walk: &Walk, counts: &[u64]) -> f64 {
        let mut end = walk.tally;
        if walk.steps(counts) > 0 {
            end.gain(&if let Some(b) = walk.response {
                self.tables[1].rewards(self.first_cell + b, 0, counts[b])
            } else {
                let cells = (self.first_cell..).zip(counts.iter().copied());
                self.tables[0].total(cells.filter(|(_, rounds)| *rounds > 0))
            });
        }
        walk.gap(&end)
    }

    /// The gap of a walk after some rounds, if it stays on its side from that before.
    fn safe_gap(&mut self, walk: &Walk, gap: f64, [before, after]: [&[u64]; 2]) -> Option<f64> {
        self.search.work += 4;
        let there = self.gap_after(walk, after);
        let steps = (walk.steps(after) - walk.steps(before)) as f64;
        let certainty = self.search.certainty;
        let is_safe = steps == 0.0 || walk.bridge.stays_above(gap, there, steps, certainty);
        self.search.skipped += u64::from(is_safe);
        is_safe.then_some(there)
    }

    /// A number of rounds, at most `limit`, in which all responses stay on their sides.
    fn rounds_in_corridor(&mut self, walks: &[Walk], limit: u64) -> u64 {
        let none = vec![0; self.mixture.n_arms()];
        let gaps: Vec<f64> = walks
            .iter()
            .map(|walk| self.gap_after(walk, &none))
            .collect();
        let certainty = self.search.certainty;
        let reaches = walks.iter().zip(&gaps);
        let reach = reaches
            .map(|(walk, &gap)| walk.reach(gap, 0, certainty))
            .fold(f64::INFINITY, f64::min);
        let mut most = count(reach).min(limit);
        loop {
            most = self.mixture.whole_ahead(0, most);
            if most < SHORTEST_CORRIDOR {
                return 0;
            }
            let there = self.mixture.ahead(most);
            let mut all = walks.iter().zip(&gaps);
            if all.all(|(walk, &gap)| self.safe_gap(walk, gap, [&none, &there]).is_some()) {
                return most;
            }
            most /= 2;
        }
    }

    /// A number of rounds, at most `limit`, in which the leader stays on its side.
    fn safe_rounds(&mut self, leader: &Walk, limit: u64, budget: u64) -> u64 {
        let certainty = self.search.certainty;
        let (mut done, mut counts) = (0, vec![0; self.mixture.n_arms()]);
        let mut gap = self.gap_after(leader, &counts);
        while done < limit && gap > 0.0 && self.search.work < budget {
            let mut most = count(leader.reach(gap, done, certainty)).min(limit - done);
            let mut end = None;
            while end.is_none() {
                most = self.mixture.whole_ahead(done, most);
                if most < SHORTEST {
                    break;
                }
                let there = self.mixture.ahead(done + most);
                let safe = self.safe_gap(leader, gap, [&counts, &there]);
                end = safe.map(|gap| (done + most, there, gap));
                most /= 2;
            }
            if let Some(end) = end {
                (done, counts, gap) = end;
                continue;
            }
            let (block, all) = self.safe_in_block(leader, &counts, done, limit);
            done += block;
            if !all {
                break;
            }
            counts = self.mixture.ahead(done);
            gap = self.gap_after(leader, &counts);
        }
        done
    }

    /// A number of rounds after `done` ones, of these `counts`, to the end of a block of the mixture, in which the leader's rewards stay above its
    /// barrier; and whether all of them are safe.
    fn safe_in_block(
        &mut self,
        leader: &Walk,
        counts: &[u64],
        done: u64,
        limit: u64,
    ) -> (u64, bool) {
        self.search.work += 8;
        let Self {
            first_cell,
            mixture,
            search,
            tables: [table, _],
        } = self;
        let (start, barrier, first_cell) = (&leader.tally, leader.barrier, *first_cell);
        if !table.tape_is_one() {
            return (0, false);
        }
        let before: f64 = (first_cell..)
            .zip(counts)
            .map(|(cell, &count)| count as f64 * table.mean(cell))
            .sum();
        let mut arms = mixture.block_ahead(done);
        arms.truncate(usize::try_from(limit - done).unwrap_or(usize::MAX));
        let means = || arms.iter().map(|&arm| table.mean(first_cell + arm));
        let rounds = arms.len() as f64;
        let average = means().sum::<f64>() / rounds;
        let (mut path, mut behind) = (0.0, 0.0_f64);
        for mean in means() {
            path += mean - average;
            behind = behind.max(-path);
        }
        let to = done + arms.len() as u64;
        // The curve takes its cell's mean for that of all rounds.
        let off = average - table.mean(first_cell);
        let late = average * done as f64;
        let margin = ROUNDING * (before.abs() + late.abs() + rounds * average.abs());
        let barrier = barrier.over_mean(off, start, behind + margin - (before - late));
        let bar = table.bar(first_cell, barrier, start, to);
        match table.passage(first_cell, (done, to), &bar, search) {
            Some(place) => (place - 1 - done, false),
            None => (to - done, true),
        }
    }
}

impl PlannedPlay {
    /// While the leader stays at `a`, for at most `limit` rounds, plays rounds of a follower that draws its responses. Returns
    /// the work it took.
    pub(super) fn blend(&mut self, a: usize, limit: u64, budget: u64) -> Option<u64> {
        let instance = self.instances.answering(a);
        let mixes = self.followers[instance].mixes();
        let corridor = self.followers[instance].corridor();
        if corridor.is_some() != mixes {
            self.paces[instance].give_up();
            return None;
        }
        let responses = self.corridor_walks(a, corridor);
        let leader = self.leader_walk(a);
        let place = self.followers[instance].mixture()?.place();
        let mut blend = Blend {
            first_cell: self.game.cell(a, 0),
            tables: &mut self.tables,
            mixture: self.followers[instance].mixture()?,
            search: Search::new(self.certainty),
        };
        let mut rounds = limit;
        if mixes {
            let assured = &mut self.assured[instance];
            // Another instance's rounds are all with one action.
            let is_known = assured.contains(&place) && !self.instances.blind;
            if !is_known || assured.end - place < SHORTEST_CORRIDOR.min(limit) {
                *assured = place..place + blend.rounds_in_corridor(&responses, limit);
            }
            rounds = limit.min(assured.end - place);
        }
        if let Some(leader) = &leader {
            rounds = blend.safe_rounds(leader, rounds, budget);
        } else if !mixes {
            rounds = 0;
        }
        let search = blend.search;
        self.accepted += search.skipped;
        if rounds >= WORTHWHILE {
            self.paces[instance].succeeded();
        } else {
            self.paces[instance].give_up();
        }
        if rounds == 0 {
            return None;
        }
        let counts = self.followers[instance].mixture()?.ahead(rounds);
        self.play_counted(a, &counts, mixes);
        Some(1 + search.work)
    }

    /// The leader's sum, if it is guarded.
    fn leader_walk(&mut self, a: usize) -> Option<Walk> {
        let instance = self.instances.answering(a);
        let (tally, barrier) = self.leader.guard()?;
        let tally = *tally;
        let cells = self.game.cell(a, 0)..self.game.cell(a + 1, 0);
        let mixture = self.followers[instance].mixture()?;
        let [table, _] = &self.tables;
        let means = cells.clone().enumerate();
        Some(Walk {
            response: None,
            tally,
            barrier,
            is_above: true,
            weight: 1.0,
            mean: means
                .map(|(b, cell)| mixture.weight(b) * table.mean(cell))
                .sum(),
            bridge: table.mixed_bridge(cells),
        })
    }

    /// The follower's sums that have to stay in a corridor.
    fn corridor_walks(&mut self, a: usize, corridor: Option<Corridor>) -> Vec<Walk> {
        let Some(Corridor { best, threshold }) = corridor else {
            return Vec::new();
        };
        let instance = self.instances.answering(a);
        let (follower, [_, table]) = (&mut self.followers[instance], &self.tables);
        let cells = (self.game.cell(a, 0)..self.game.cell(a + 1, 0)).enumerate();
        let walk = |(b, cell)| Walk {
            response: Some(b),
            tally: follower.tally(b, b),
            barrier: IndexBarrier::new(threshold, 0.0),
            is_above: b == best,
            bridge: table.bridge(cell),
            weight: follower.mixture().map_or(0.0, |mixture| mixture.weight(b)),
            mean: table.mean(cell),
        };
        cells.map(walk).collect()
    }

    /// Plays rounds of which the numbers of responses are known. `is_read` says whether the follower reads their rewards.
    fn play_counted(&mut self, a: usize, counts: &[u64], is_read: bool) {
        let instance = self.instances.answering(a);
        let follower = &mut self.followers[instance];
        let rounds = counts.iter().sum();
        if is_read {
            let mut after: Vec<Tally> = (0..counts.len()).map(|b| follower.tally(b, b)).collect();
            let played = counts.iter().enumerate().filter(|(_, rounds)| **rounds > 0);
            for (b, &rounds) in played {
                let cell = self.game.cell(a, b);
                after[b].gain(&self.tables[1].rewards(cell, 0, rounds));
            }
            follower.land(&after);
        } else {
            follower.skip(rounds, true);
        }
        self.lead(a, counts);
        self.leader.skip(rounds, true);
    }
}
