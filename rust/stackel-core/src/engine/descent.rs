//! Stretches in which a follower changes its responses all the time while the leader stays.
//!
//! As long as any index is at least v, the index policy plays an arm whose index is at least v. So there
//! is a round after which every arm has been played just until its index first fell below v, whatever the
//! order of play was. To *descend* to the *level* v takes one search on each arm's tape, however often the
//! policy goes back and forth between the arms. If the leader would not have stayed all the while, nothing
//! was played: the rewards that were read stand in the table.

use crate::learners::{IndexBarrier, Tally, index};
use crate::math::{count, ln};
use crate::rewards::{Rewards, Search, Table};

/// A bound on rounding errors of sums of means, relatively.
pub(super) const ROUNDING: f64 = 1e-12;

/// How the descents of a player went so far. It decides about speed, not about what is played.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    /// Rounds that the next descent aims at.
    rounds: f64,
    /// Decisions until it is tried.
    rest: u64,
    failures: u32,
    /// Least number of rounds that a descent aims at, and of decisions between a descent that was not worthwhile and the next
    /// try.
    shortest: f64,
    least_rest: u64,
    /// Most doublings of the latter.
    longest: u32,
}

impl Pace {
    /// The descents of a follower's instance.
    pub(super) const FOLLOWER: Self = Self::new(128.0, 8, 9);

    /// The stretches of a follower's instance that mixes its responses.
    pub(super) const MIXING_FOLLOWER: Self = Self::new(128.0, 64, 4);

    /// The stretches of a leader that mixes its actions.
    pub(super) const MIXING_LEADER: Self = Self::new(2048.0, 64, 4);

    /// Rotations.
    pub(super) const ROTATION: Self = Self::new(128.0, 64, 3);

    /// No stretches at all.
    pub(super) const NEVER: Self = Self {
        rest: u64::MAX,
        ..Self::MIXING_LEADER
    };

    /// The descents of a leader, which take more work: the more so, the larger the game.
    pub(super) fn leader(n_cells: usize) -> Self {
        Self::new(65536.0, 8192 + 8 * n_cells as u64, 9)
    }

    const fn new(shortest: f64, least_rest: u64, longest: u32) -> Self {
        Self {
            rounds: shortest,
            rest: least_rest,
            failures: 0,
            shortest,
            least_rest,
            longest,
        }
    }

    /// Whether a descent is to be tried now.
    #[inline]
    pub(super) fn is_due(&mut self) -> bool {
        let due = self.rest == 0;
        self.rest = self.rest.saturating_sub(1);
        due
    }

    /// Rounds that the next descent aims at.
    pub(super) fn rounds(&self) -> f64 {
        self.rounds
    }

    /// A descent succeeded: the next one aims further.
    pub(super) fn succeeded(&mut self) {
        *self = Self {
            rounds: (3.0 * self.rounds).min(1e15),
            rest: 0,
            failures: 0,
            ..*self
        };
    }

    /// A descent failed. Returns whether a shorter one is to be tried at once.
    pub(super) fn failed(&mut self) -> bool {
        self.rounds *= 0.25;
        if self.rounds >= self.shortest {
            return true;
        }
        self.give_up();
        false
    }

    /// Nothing was worth to be tried: the next try comes later and later.
    pub(super) fn give_up(&mut self) {
        self.rounds = self.shortest;
        self.rest = self.least_rest << self.failures.min(self.longest);
        self.failures += 1;
    }

    /// The same, where a try looks at so many cells, which must cost little beside the time in between.
    pub(super) fn give_up_over(&mut self, cells: usize) {
        self.least_rest = Self::ROTATION.least_rest.max(4 * cells as u64);
        self.give_up();
    }

    /// There is only one arm on the way to the level.
    pub(super) fn not_needed(&mut self) {
        self.rest = self.least_rest;
    }
}

/// The level of indices that about `rounds` rounds lead to, if several arms are met on the way.
pub(super) fn level(arms: &[Tally], width: f64, rounds: f64) -> Option<f64> {
    let indices = || arms.iter().map(|arm| index(arm, width));
    let top = indices().fold(f64::NEG_INFINITY, f64::max);
    if top.is_infinite() {
        // There is an arm without rewards.
        return None;
    }
    // Rounds that bring an index down by 1.
    let pace = |arm: &Tally| 2.0 * (arm.count as f64).powi(3).sqrt() / width;
    let mut level = top;
    for _ in 0..3 {
        let met = arms.iter().filter(|arm| index(arm, width) >= level);
        level = top - rounds / met.map(pace).sum::<f64>();
    }
    (indices().filter(|&index| index >= level).count() > 1).then_some(level)
}

/// A leader action that stays, and the follower's way to a level.
pub(super) struct Descent<'a> {
    /// The leader's statistics and the barrier that they have to clear, for a guarded leader.
    pub(super) leader: Option<(Tally, IndexBarrier)>,
    /// Factor of `1 / sqrt(n)` in the follower's indices.
    pub(super) width: f64,
    /// The follower's statistics of each response; at the end, those at the level.
    pub(super) arms: Vec<Tally>,
    /// The cell of the first response.
    pub(super) first_cell: usize,
    pub(super) tables: &'a mut [Table; 2],
    pub(super) search: &'a mut Search,
}

impl Descent<'_> {
    /// Descends to a level in at most `limit` rounds. Returns the rounds of each arm if the level is reached and the leader
    /// stays all the while.
    pub(super) fn descend(&mut self, level: f64, limit: u64) -> Option<Vec<u64>> {
        let barrier = IndexBarrier::new(level, self.width);
        let mut rounds = vec![0; self.arms.len()];
        let mut left = limit;
        for (b, played) in rounds.iter_mut().enumerate() {
            let cell = self.first_cell + b;
            let start = self.arms[b];
            if index(&start, self.width) < level {
                continue;
            }
            let bar = self.tables[1].bar(cell, barrier, &start, left);
            while index(&self.arms[b], self.width) >= level {
                let to = (*played, left);
                let end = self.tables[1].passage(cell, to, &bar, self.search)?;
                *played = end;
                self.arms[b] = start;
                self.arms[b].gain(&self.tables[1].rewards(cell, 0, end));
            }
            left -= *played;
        }
        self.leader_stays(&rounds).then_some(rounds)
    }

    /// The leader's rewards while each arm is played a number of rounds.
    pub(super) fn leader_rewards(&mut self, rounds: &[u64]) -> Rewards {
        let cells = rounds.iter().enumerate();
        self.tables[0].total(cells.map(|(b, &rounds)| (self.first_cell + b, rounds)))
    }

    /// Whether the leader stays while each arm is played a number of rounds, in any order.
    fn leader_stays(&mut self, rounds: &[u64]) -> bool {
        let Some((start, barrier)) = self.leader else {
            return true;
        };
        let mut end = start;
        end.gain(&self.leader_rewards(rounds));
        let above = |tally: &Tally| tally.sum - barrier.level(tally.count as f64);
        let gaps = [above(&start), above(&end)];
        stays_on_side(
            &mut self.tables[0],
            self.first_cell,
            rounds,
            gaps,
            self.search,
        )
    }
}

/// How far a sum of rewards is above a barrier, or below it.
pub(super) fn gap(tally: &Tally, barrier: IndexBarrier, is_above: bool) -> f64 {
    let height = barrier.level(tally.count as f64);
    let above = tally.sum - height;
    let gap = if is_above { above } else { -above };
    gap - ROUNDING * (tally.sum.abs() + height.abs())
}

/// Whether the sum of a player's rewards stays on one side of a barrier while responses are played numbers of rounds, in any order. At both ends it is
/// so far on its side.
pub(super) fn stays_on_side(
    table: &mut Table,
    first_cell: usize,
    rounds: &[u64],
    gaps: [f64; 2],
    search: &mut Search,
) -> bool {
    let total = rounds.iter().sum::<u64>() as f64;
    let played = rounds.iter().enumerate().filter(|(_, rounds)| **rounds > 0);
    let cells = || played.clone().map(|(b, _)| first_cell + b);
    let bridge = table.largest_bridge(cells());
    let sizes: Vec<f64> = cells().map(|cell| table.size(cell)).collect();
    let played: Vec<(f64, f64)> = played
        .map(|(b, &n)| (n as f64, table.center(first_cell + b, n)))
        .collect();
    // The path of the means is furthest from the line between its ends if the responses that bring it
    // nearer to the barrier come first.
    let slope = played.iter().map(|(n, mean)| n * mean).sum::<f64>() / total;
    let uneven = played
        .iter()
        .map(|(n, mean)| n * (slope - mean).max(0.0))
        .sum::<f64>();
    search.work += 1;
    let [start, end] = gaps.map(|gap| gap - uneven);
    let certainty = search.certainty;
    let stays = if table.tape_is_one() {
        bridge.stays_above(start, end, total, certainty)
    } else {
        // Each of the bridges keeps to its share of the lesser gap.
        let gap = start.min(end);
        let largest = sizes.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let share = |((n, _), size): (&(f64, f64), &f64)| size / largest * (n + 3.0).sqrt();
        let steps = played.iter().zip(&sizes).map(share).sum::<f64>().powi(2);
        let certainty = certainty + ln(played.len() as f64);
        bridge.stays_above(gap, gap, steps, certainty)
    };
    search.skipped += u64::from(stays);
    stays
}

/// The most rounds that a descent may take that aims at `rounds`.
pub(super) fn most(rounds: f64) -> u64 {
    count(8.0 * rounds)
}
