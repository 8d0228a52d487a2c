//! The walks of a rotation, one for each player and pair of actions.

use super::super::reward_use::{Guard, RewardUse, RotationUse};
use super::super::rotation::{Lane, Rotation};
use super::super::stretch::Drawn;
use super::bisect::{Walks, bisect};
use super::walk::Walk;
use crate::learners::{EliminationBound, IndexBarrier};
use crate::rng::Stream;

/// Least number of rounds that a rotation has to promise; else its rounds are played one by one.
const WORTHWHILE: u64 = 128;

/// A rotation in progress.
pub(super) struct Lanes<'a> {
    walks: [Walk; 2],
    rotation: &'a mut Rotation,
    /// Largest distance of the leader's sums from a straight line within a turn.
    unevenness: f64,
    /// For each lane, the same for the follower's sums where some responses are one reward ahead.
    raggedness: Vec<f64>,
}

/// The increments of leader and follower in each cell of a block, lane by lane.
type Gains = Vec<[f64; 2]>;

impl<'a> Lanes<'a> {
    /// The walks of a rotation. `None` if a guarded walk has no bridges.
    pub(super) fn new(walks: [Walk; 2], rotation: &'a mut Rotation) -> Option<Self> {
        let follower_guarded = rotation.lanes.iter().any(|lane| lane.follower.is_guarded());
        let guarded = [rotation.leader.is_guarded(), follower_guarded];
        if (0..2).any(|i| guarded[i] && !walks[i].has_bridges()) {
            return None;
        }
        let lanes = &rotation.lanes;
        let uneven = lanes.iter().map(|lane| walks[0].unevenness(means(lane, 0)));
        let ragged = |lane| extent(means(lane, 1)) + walks[1].unevenness(means(lane, 1));
        Some(Self {
            unevenness: uneven.fold(0.0, f64::max),
            raggedness: lanes.iter().map(ragged).collect(),
            walks,
            rotation,
        })
    }

    /// Plays up to the first round after which a player has to be asked. Returns `None` and draws nothing if
    /// that is probably soon.
    pub(super) fn play(mut self, work: u64, noise: &mut [Stream; 2]) -> Option<Drawn> {
        let lanes = self.rotation.lanes.len() as u64;
        let cells = self.rotation.n_cells();
        let mut drawn = Drawn {
            rounds: 0,
            stands: [true; 2],
            work: 0,
            accepted: 0,
        };
        if !self.look_ahead() {
            return None;
        }
        let bounds = self.bounds();
        while self.rotation.played < self.rotation.limit
            && self.rotation.stands()
            && drawn.work < work
        {
            let left = self.rotation.limit - self.rotation.played;
            let reach = self.reach(left);
            if reach < left && reach * lanes < WORTHWHILE.max(4 * cells) {
                break;
            }
            let gains = self.leap(reach, noise);
            let block = bisect(&mut self, gains, reach, noise);
            drawn.rounds += block.rounds * lanes;
            drawn.work += block.looks * cells;
            drawn.accepted += block.accepted * bounds;
        }
        if drawn.rounds == 0 {
            return None;
        }
        self.sum_up(noise);
        Some(drawn)
    }

    /// Drops elimination bounds of followers that will probably fail within the planned rounds, which stand
    /// in any case; the rotation then ends with these rounds. Returns false if the leader's bound will
    /// probably fail so soon: its actions are then better played one by one.
    fn look_ahead(&mut self) -> bool {
        for i in 0..self.rotation.lanes.len() {
            let lane = &self.rotation.lanes[i];
            let certain = lane.follower_certain;
            if matches!(lane.follower.guard(), Some(Guard::Elimination(_)))
                && self.follower_reach(i, lane, certain) < certain
            {
                self.rotation.lanes[i].follower = RewardUse::Summed(());
                self.rotation.limit = self.rotation.limit.min(certain);
            }
        }
        let certain = self.rotation.leader_certain;
        !matches!(self.rotation.leader.guard(), Some(Guard::Elimination(_)))
            || self.leader_reach(certain) >= certain
    }

    /// Number of events of a probability within the tolerance that an accepted block takes for impossible.
    fn bounds(&self) -> u64 {
        let crossings = |rewards: RotationUse, sums| match rewards.guard() {
            None => 0,
            Some(Guard::Index(_)) => 1,
            Some(Guard::Elimination(_)) => pairs(sums),
        };
        let leader = crossings(self.rotation.leader, self.rotation.lanes.len());
        let lanes = self.rotation.lanes.iter();
        let followers = lanes.map(|lane| crossings(lane.follower, lane.cells.len()));
        leader * self.walks[0].bounds() + followers.sum::<u64>() * self.walks[1].bounds()
    }

    /// Length of the next block, at most `left`: about as many rounds as will need no decision.
    fn reach(&self, left: u64) -> u64 {
        let lanes = self.rotation.lanes.iter().enumerate();
        lanes.fold(self.leader_reach(left), |reach, (i, lane)| {
            reach.min(self.follower_reach(i, lane, reach))
        })
    }

    fn leader_reach(&self, left: u64) -> u64 {
        let gap = self.leader_gap(0, None) - self.unevenness;
        let lanes = &self.rotation.lanes;
        let n = (lanes[0].leader.count + self.rotation.played) as f64;
        match self.rotation.leader.guard() {
            None => left,
            Some(Guard::Index(barrier)) => {
                let fall = barrier.slope(n) - lanes[0].leader_mean();
                self.walks[0].reach(gap, fall, left)
            }
            Some(Guard::Elimination(bound)) => {
                let fall = extent(lanes.iter().map(Lane::leader_mean)) - bound.slope(n);
                let gap = gap - self.unevenness;
                self.walks[0].reach_together(gap, fall, left)
            }
        }
    }

    fn follower_reach(&self, i: usize, lane: &Lane, left: u64) -> u64 {
        let gap = self.follower_gap(i, lane, 0, None);
        let count = lane.cells[0].follower.count + lane.turns(0, self.rotation.played);
        match lane.follower.guard() {
            None => left,
            Some(Guard::Index(barrier)) => {
                let fall = barrier.slope(count as f64) - lane.cells[0].means[1];
                self.walks[1].reach(gap, fall, left)
            }
            Some(Guard::Elimination(bound)) => {
                let fall = extent(means(lane, 1)) - bound.slope(count as f64);
                let turns = self.walks[1].reach_together(gap, fall, left);
                turns.saturating_mul(lane.cells.len() as u64).min(left)
            }
        }
    }

    /// Distance of the leader from failing its guard after `ahead` more rounds of each lane with the
    /// increments `gains`.
    fn leader_gap(&self, ahead: u64, gains: Option<&Gains>) -> f64 {
        let lanes = &self.rotation.lanes;
        let n = (lanes[0].leader.count + self.rotation.played + ahead) as f64;
        let mut first = 0;
        let sums = lanes.iter().map(|lane| {
            let block = gains.map(|gains| &gains[first..first + lane.cells.len()]);
            first += lane.cells.len();
            let new: f64 = block.map_or(0.0, |cells| cells.iter().map(|gain| gain[0]).sum());
            let gained: f64 = lane.cells.iter().map(|cell| cell.gains[0]).sum();
            lane.leader.sum + (gained + new)
        });
        match self.rotation.leader.guard() {
            None => f64::INFINITY,
            Some(Guard::Index(barrier)) => above(barrier, n, sums.sum()),
            Some(Guard::Elimination(bound)) => within(bound, n, sums),
        }
    }

    /// The same for the follower of the `i`-th lane.
    fn follower_gap(&self, i: usize, lane: &Lane, ahead: u64, gains: Option<&Gains>) -> f64 {
        let first: usize = self.rotation.lanes[..i]
            .iter()
            .map(|lane| lane.cells.len())
            .sum();
        let played = self.rotation.played + ahead;
        let tallies = lane.cells.iter().enumerate().map(|(k, cell)| {
            let gain = cell.gains[1] + gains.map_or(0.0, |gains| gains[first + k][1]);
            let count = cell.follower.count + lane.turns(k, played);
            (count, cell.follower.sum + gain, cell.means[1])
        });
        match lane.follower.guard() {
            None => f64::INFINITY,
            Some(Guard::Index(barrier)) => {
                let sum = tallies.clone().map(|(_, sum, _)| sum).sum();
                above(barrier, (lane.cells[0].follower.count + played) as f64, sum)
            }
            Some(Guard::Elimination(bound)) => {
                let least = tallies.clone().map(|(count, ..)| count).min().unwrap_or(0);
                let most = tallies.clone().map(|(count, ..)| count).max().unwrap_or(0);
                // A response that is one reward ahead is moved back by its mean.
                let sums = tallies.map(|(count, sum, mean)| sum - (count - least) as f64 * mean);
                let ragged = if most > least {
                    self.raggedness[i]
                } else {
                    0.0
                };
                within(bound, least as f64, sums) - ragged
            }
        }
    }

    /// Draws the rewards that are only summed.
    fn sum_up(&mut self, noise: &mut [Stream; 2]) {
        let played = self.rotation.played;
        let leader_sums = matches!(self.rotation.leader, RewardUse::Summed(()));
        for lane in &mut self.rotation.lanes {
            let sums = [leader_sums, matches!(lane.follower, RewardUse::Summed(()))];
            for k in 0..lane.cells.len() {
                let turns = lane.turns(k, played);
                let cell = &mut lane.cells[k];
                for i in (0..2).filter(|&i| sums[i]) {
                    cell.gains[i] = self.walks[i].sum(cell.means[i], turns, &mut noise[i]);
                }
            }
        }
    }

    /// Calls `gain` for every cell, with its lane, its place in the lane, and which of its walks are guarded.
    fn gains(&self, mut gain: impl FnMut(&Lane, usize, [bool; 2]) -> [f64; 2]) -> Gains {
        let leader = self.rotation.leader.is_guarded();
        let lanes = self.rotation.lanes.iter();
        let cells = lanes.flat_map(|lane| (0..lane.cells.len()).map(move |k| (lane, k)));
        cells
            .map(|(lane, k)| gain(lane, k, [leader, lane.follower.is_guarded()]))
            .collect()
    }

    /// Draws the gains of a block of `rounds` rounds from here.
    fn leap(&self, rounds: u64, noise: &mut [Stream; 2]) -> Gains {
        self.gains(|lane, k, followed| {
            let turns = self.turns(lane, k, rounds);
            let means = lane.cells[k].means;
            let mut gain = [0.0; 2];
            for i in (0..2).filter(|&i| followed[i]) {
                gain[i] = self.walks[i].sum(means[i], turns, &mut noise[i]);
            }
            gain
        })
    }

    /// Number of rounds of a cell among the next `rounds` rounds of its lane.
    fn turns(&self, lane: &Lane, k: usize, rounds: u64) -> u64 {
        lane.turns(k, self.rotation.played + rounds) - lane.turns(k, self.rotation.played)
    }
}

impl Walks for Lanes<'_> {
    type Gains = Gains;

    fn split(&self, gains: &mut Gains, rounds: u64, half: u64, noise: &mut [Stream; 2]) -> Gains {
        let mut whole = gains.iter_mut();
        self.gains(|lane, k, followed| {
            let (turns, part) = (self.turns(lane, k, rounds), self.turns(lane, k, half));
            let mut left = [0.0; 2];
            let Some(rest) = whole.next() else {
                return left;
            };
            for i in (0..2).filter(|&i| followed[i] && turns > 0) {
                left[i] = self.walks[i].first_part(rest[i], turns, part, &mut noise[i]);
                rest[i] -= left[i];
            }
            left
        })
    }

    fn is_safe(&self, gains: &Gains, rounds: u64) -> bool {
        self.leader_is_safe(gains, rounds)
            && (self.rotation.lanes.iter().enumerate())
                .all(|(i, lane)| self.follower_is_safe(i, lane, gains, rounds))
    }

    fn advance(&mut self, gains: &Gains, rounds: u64, safe: bool) -> bool {
        let cells = self
            .rotation
            .lanes
            .iter_mut()
            .flat_map(|lane| &mut lane.cells);
        for (cell, gain) in cells.zip(gains) {
            cell.gains[0] += gain[0];
            cell.gains[1] += gain[1];
        }
        self.rotation.played += rounds;
        if !safe {
            self.rotation.leader_stands = self.leader_gap(0, None) >= 0.0;
            for i in 0..self.rotation.lanes.len() {
                let lane = &self.rotation.lanes[i];
                let stands = !self.is_due(lane) || self.follower_gap(i, lane, 0, None) >= 0.0;
                self.rotation.lanes[i].follower_stands = stands;
            }
        }
        self.rotation.stands()
    }
}

impl Lanes<'_> {
    fn leader_is_safe(&self, gains: &Gains, rounds: u64) -> bool {
        let uneven = self.unevenness;
        let [start, end] = [(0, None), (rounds, Some(gains))]
            .map(|(ahead, gains)| self.leader_gap(ahead, gains) - uneven);
        // Blocks need not begin and end with whole turns. The bound for Bernoulli rewards is about whole
        // turns, so that the number of steps is rounded up.
        let length = self
            .rotation
            .lanes
            .iter()
            .map(|lane| lane.cells.len())
            .max();
        let steps = rounds + length.filter(|&n| n > 1).map_or(0, |n| 3 * n as u64);
        match self.rotation.leader.guard() {
            None => true,
            Some(Guard::Index(_)) => self.walks[0].stays_above(start, end, steps),
            // Two lanes deviate, one of them up and the other down.
            Some(Guard::Elimination(_)) => {
                self.walks[0].stay_together(start - uneven, end - uneven, steps)
            }
        }
    }

    fn follower_is_safe(&self, i: usize, lane: &Lane, gains: &Gains, rounds: u64) -> bool {
        let ends = || [(0, None), (rounds, Some(gains))];
        let gaps = || ends().map(|(ahead, gains)| self.follower_gap(i, lane, ahead, gains));
        match lane.follower.guard() {
            None => true,
            Some(Guard::Index(_)) => {
                let [start, end] = gaps();
                self.walks[1].stays_above(start, end, rounds)
            }
            Some(Guard::Elimination(_)) => {
                let [start, end] = gaps();
                let turns = rounds / lane.cells.len() as u64 + 1;
                self.walks[1].stay_together(start, end, turns)
            }
        }
    }

    /// Whether a follower's guard is checked now: an elimination bound is, when a turn is over.
    fn is_due(&self, lane: &Lane) -> bool {
        let count = |k: usize| lane.cells[k].follower.count + lane.turns(k, self.rotation.played);
        (1..lane.cells.len()).all(|k| count(k) == count(0))
    }
}

/// Distance of a sum of `n` rewards above a barrier.
fn above(barrier: IndexBarrier, n: f64, sum: f64) -> f64 {
    sum - barrier.level(n)
}

/// Distance of sums of `n` rewards each from failing an elimination bound.
fn within(bound: EliminationBound, n: f64, sums: impl Iterator<Item = f64>) -> f64 {
    let [low, high] = ends(sums);
    bound.room(n, low.abs().max(high.abs())) - (high - low)
}

/// Number of ordered pairs of `n` arms, those of an arm with itself included.
fn pairs(n: usize) -> u64 {
    (n * n) as u64
}

/// Mean utilities of a player in the cells of a lane.
fn means(lane: &Lane, player: usize) -> impl ExactSizeIterator<Item = f64> + Clone {
    lane.cells.iter().map(move |cell| cell.means[player])
}

/// Smallest and largest value.
fn ends(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| {
        [low.min(value), high.max(value)]
    })
}

/// Largest minus smallest value.
fn extent(values: impl Iterator<Item = f64>) -> f64 {
    let [low, high] = ends(values);
    high - low
}
