//! The search for the first round of a rotation after which a guard fails.
//!
//! What the guards of the players say after any number of rounds can be read from the table of rewards. So
//! the search begins with the longest stretch that probably stands, and goes on by halves.

mod near;

use super::{Guard, Lane, Pair, Rotation, Use};
use crate::learners::{EliminationBound, Tally};
use crate::rewards::{Bridge, Table};

/// Least number of rounds that a rotation has to promise; else its rounds are played one by one.
const WORTHWHILE: u64 = 128;

/// How far the players are from failing their guards, the follower in each lane.
#[derive(Clone, Default)]
struct Gaps {
    leader: f64,
    followers: Vec<f64>,
    /// The noise of the leader's sums in each lane since the beginning, where its scale changes within a turn.
    noise: Vec<f64>,
}

/// A rotation, and what is known of its rewards.
pub(crate) struct Search<'a> {
    rotation: &'a mut Rotation,
    tables: &'a mut [Table; 2],
    /// The walks of the leader's rewards, and of the follower's in each lane.
    leader: Bridge,
    followers: Vec<Bridge>,
    /// Largest distance of the leader's sums from a straight line within a turn.
    unevenness: f64,
    /// Number of rounds by which the variance of the leader's sums is ahead or behind within a turn.
    late: f64,
    /// For each lane, the same for the follower's sums where some responses are one reward ahead.
    raggedness: Vec<f64>,
}

impl<'a> Search<'a> {
    /// A search along a rotation. `None` if sums that are guarded cannot be searched.
    pub(crate) fn new(rotation: &'a mut Rotation, tables: &'a mut [Table; 2]) -> Option<Self> {
        let lanes = &rotation.lanes;
        let [leader, follower] = &*tables;
        let followers: Vec<Bridge> = (lanes.iter())
            .map(|lane| follower.largest_bridge(lane.cells()))
            .collect();
        let in_turn = lanes.iter().map(|lane| leader.bridge_in_turn(lane.cells()));
        let (leader, late) = in_turn
            .reduce(|(bridge, late), (other, later)| (bridge.larger(other), late.max(later)))?;
        let leader_is_guarded = rotation.leader.guard().is_some();
        let followers_are_guarded = lanes.iter().any(|lane| lane.follower.guard().is_some());
        if leader_is_guarded && leader == Bridge::Unknown
            || followers_are_guarded && followers.contains(&Bridge::Unknown)
        {
            return None;
        }
        let uneven = lanes.iter().map(|lane| leader.unevenness(lane.means(0)));
        let ragged = |(lane, bridge): (&Lane, &Bridge)| {
            extent(lane.means(1)) + bridge.unevenness(lane.means(1))
        };
        Some(Self {
            unevenness: uneven.fold(0.0, f64::max),
            raggedness: lanes.iter().zip(&followers).map(ragged).collect(),
            leader,
            late: if leader_is_guarded { late } else { 0.0 },
            followers,
            rotation,
            tables,
        })
    }

    /// Plays up to the first round after which a player has to be asked, or about `work` units of work. Returns
    /// false, and has played nothing, if that is probably soon.
    pub(crate) fn play(mut self, work: u64) -> bool {
        let lanes = self.rotation.lanes.len() as u64;
        let cells: u64 = self
            .rotation
            .lanes
            .iter()
            .map(|lane| lane.pairs.len() as u64)
            .sum();
        let mut gaps = self.gaps(0);
        if !self.look_ahead(&gaps) {
            return false;
        }
        let bounds = self.bounds();
        let mut stands = true;
        while self.rotation.played < self.rotation.limit && stands && self.rotation.work < work {
            let start = self.rotation.played;
            let left = self.rotation.limit - start;
            let mut reach = self.reach(&gaps, start, left);
            if reach < left && reach * lanes < WORTHWHILE.max(4 * cells) {
                let Some(end) = self.passage(left) else {
                    break;
                };
                let ahead = self.gaps(end);
                self.rotation.work += 1 + cells;
                if !self.follower_is_safe(0, gaps.followers[0], ahead.followers[0], end - start) {
                    break;
                }
                (self.rotation.played, gaps) = (end, ahead);
                // The leader's own is among those of the passage.
                self.rotation.accepted += bounds - 1;
                stands = self.check(&gaps);
                continue;
            }
            loop {
                // Sums up to round numbers are read at less cost.
                let round = reach.ilog2();
                let end = if reach == left {
                    start + left
                } else {
                    (start + reach) >> round << round
                };
                let ahead = self.gaps(end);
                self.rotation.work += 1 + cells;
                if self.is_safe(&gaps, &ahead, end - start) {
                    (self.rotation.played, gaps) = (end, ahead);
                    self.rotation.accepted += bounds;
                    break;
                }
                if end - start == 1 {
                    self.rotation.played = end;
                    stands = self.check(&ahead);
                    gaps = ahead;
                    break;
                }
                reach = (end - start) / 2;
            }
        }
        self.rotation.played > 0
    }

    /// Drops elimination bounds of followers that will probably fail within the planned rounds, which stand
    /// in any case; the rotation then ends with these rounds. Returns false if the leader's bound will
    /// probably fail so soon: its actions are then better played one by one.
    fn look_ahead(&mut self, gaps: &Gaps) -> bool {
        for i in 0..self.rotation.lanes.len() {
            let lane = &self.rotation.lanes[i];
            let certain = lane.follower_certain;
            if matches!(lane.follower.guard(), Some(Guard::Elimination(_)))
                && self.follower_reach(gaps, i, 0, certain) < certain
            {
                self.rotation.lanes[i].follower = Use::Summed;
                self.rotation.limit = self.rotation.limit.min(certain);
            }
        }
        let certain = self.rotation.leader_certain;
        !matches!(self.rotation.leader.guard(), Some(Guard::Elimination(_)))
            || self.leader_reach(gaps, 0, certain) >= certain
    }

    /// Number of crossings that an accepted stretch takes for impossible.
    fn bounds(&self) -> u64 {
        let crossings = |rewards: Use, sums: usize| match rewards.guard() {
            None => 0,
            Some(Guard::Index(_)) => 1,
            // Of ordered pairs of arms, those of an arm with itself included.
            Some(Guard::Elimination(_)) => (sums * sums) as u64,
        };
        let leader = crossings(self.rotation.leader, self.rotation.lanes.len());
        let lanes = self.rotation.lanes.iter();
        leader
            + lanes
                .map(|lane| crossings(lane.follower, lane.pairs.len()))
                .sum::<u64>()
    }

    /// Length of the next stretch, at most `left`: about as many rounds as will need no decision.
    fn reach(&self, gaps: &Gaps, played: u64, left: u64) -> u64 {
        (0..self.rotation.lanes.len()).fold(self.leader_reach(gaps, played, left), |reach, i| {
            reach.min(self.follower_reach(gaps, i, played, reach))
        })
    }

    fn leader_reach(&self, gaps: &Gaps, played: u64, left: u64) -> u64 {
        let (lanes, certainty) = (&self.rotation.lanes, self.rotation.certainty);
        let gap = gaps.leader - self.unevenness;
        let n = (lanes[0].leader.count + played) as f64;
        let reach = match self.rotation.leader.guard() {
            None => return left,
            Some(Guard::Index(barrier)) => {
                let fall = barrier.slope(n) - lanes[0].leader_mean();
                self.leader.reach(gap, fall, certainty)
            }
            Some(Guard::Elimination(bound)) => {
                let fall = extent(lanes.iter().map(Lane::leader_mean)) - bound.slope(n);
                self.leader
                    .reach_together(gap - self.unevenness, fall, certainty)
            }
        };
        at_most(reach, left)
    }

    fn follower_reach(&self, gaps: &Gaps, i: usize, played: u64, left: u64) -> u64 {
        let (lane, certainty) = (&self.rotation.lanes[i], self.rotation.certainty);
        let gap = gaps.followers[i];
        let n = (lane.pairs[0].follower.count + lane.turns(0, played)) as f64;
        let reach = match lane.follower.guard() {
            None => return left,
            Some(Guard::Index(barrier)) => {
                let fall = barrier.slope(n) - lane.pairs[0].means[1];
                self.followers[i].reach(gap, fall, certainty)
            }
            Some(Guard::Elimination(bound)) => {
                let fall = extent(lane.means(1)) - bound.slope(n);
                self.followers[i].reach_together(gap, fall, certainty) * lane.pairs.len() as f64
            }
        };
        at_most(reach, left)
    }

    /// The distances of the players from failing their guards after `played` rounds of each lane.
    fn gaps(&mut self, played: u64) -> Gaps {
        let [leader, follower] = &mut *self.tables;
        let lanes = &self.rotation.lanes;
        let guarded = self.rotation.leader.guard();
        let n = (lanes[0].leader.count + played) as f64;
        let mut noise = Vec::new();
        let uneven_noise = self.late > 0.0;
        let sums = lanes.iter().map(|lane| {
            let mut tally = lane.leader;
            let rewards = lane.leader_rewards(played, leader);
            if uneven_noise {
                noise.push(rewards.value() - lane.leader_utility(played));
            }
            tally.gain(&rewards);
            tally.sum
        });
        let leader_gap = match guarded {
            None => f64::INFINITY,
            Some(Guard::Index(barrier)) => sums.sum::<f64>() - barrier.level(n),
            Some(Guard::Elimination(bound)) => within(bound, n, sums),
        };
        let followers = lanes.iter().enumerate();
        Gaps {
            leader: leader_gap,
            followers: followers
                .map(|(i, lane)| follower_gap(lane, played, self.raggedness[i], follower))
                .collect(),
            noise,
        }
    }

    /// Whether no guard fails in `rounds` rounds with these distances at their ends.
    fn is_safe(&self, start: &Gaps, end: &Gaps, rounds: u64) -> bool {
        self.leader_is_safe(start, end, rounds)
            && (0..self.rotation.lanes.len())
                .all(|i| self.follower_is_safe(i, start.followers[i], end.followers[i], rounds))
    }

    fn leader_is_safe(&self, start: &Gaps, end: &Gaps, rounds: u64) -> bool {
        let (uneven, certainty) = (self.unevenness, self.rotation.certainty);
        let tilt = self.tilt(start, end, rounds);
        // Stretches need not begin and end with whole turns. The bound for coins is about whole turns, so that
        // the number of steps is rounded up.
        let length = self
            .rotation
            .lanes
            .iter()
            .map(|lane| lane.pairs.len())
            .max();
        let steps = (rounds + length.filter(|&n| n > 1).map_or(0, |n| 3 * n as u64)) as f64;
        let [start, end] = [start, end].map(|gaps| gaps.leader - uneven - tilt);
        match self.rotation.leader.guard() {
            None => true,
            Some(Guard::Index(_)) => self.leader.stays_above(start, end, steps, certainty),
            // Two lanes deviate, one of them up and the other down.
            Some(Guard::Elimination(_)) => {
                self.leader
                    .stay_together(start - uneven, end - uneven, steps, certainty)
            }
        }
    }

    /// How far the leader's sums are from a bridge in the time of rounds, where the scale of the noise changes within a turn. They are a
    /// bridge in the time of their variance, which differs from that of rounds by a share of it. By this share of the noise at
    /// the end, and of the change of the gap, the sums may be nearer to the barrier.
    fn tilt(&self, start: &Gaps, end: &Gaps, rounds: u64) -> f64 {
        if self.late == 0.0 {
            return 0.0;
        }
        let left = rounds as f64 - self.late;
        if left <= 0.0 {
            return f64::INFINITY;
        }
        let moved = start
            .noise
            .iter()
            .zip(&end.noise)
            .map(|(start, end)| (end - start).abs());
        let most = moved.fold(0.0, f64::max);
        let moved = match self.rotation.leader.guard() {
            Some(Guard::Elimination(_)) => 2.0 * most,
            _ => most,
        };
        self.late / left * (moved + (end.leader - start.leader).abs())
    }

    fn follower_is_safe(&self, i: usize, start: f64, end: f64, rounds: u64) -> bool {
        let (lane, bridge) = (&self.rotation.lanes[i], self.followers[i]);
        let certainty = self.rotation.certainty;
        match lane.follower.guard() {
            None => true,
            Some(Guard::Index(_)) => bridge.stays_above(start, end, rounds as f64, certainty),
            Some(Guard::Elimination(_)) => {
                let turns = (rounds / lane.pairs.len() as u64 + 1) as f64;
                bridge.stay_together(start, end, turns, certainty)
            }
        }
    }

    /// Notes which players have to be asked, and returns whether none has. An elimination bound is checked when a turn is
    /// over.
    fn check(&mut self, gaps: &Gaps) -> bool {
        self.rotation.leader_stands = gaps.leader >= 0.0;
        let played = self.rotation.played;
        let mut stands = self.rotation.leader_stands;
        for (lane, &gap) in self.rotation.lanes.iter_mut().zip(&gaps.followers) {
            lane.follower_stands = !lane.is_even(played) || gap >= 0.0;
            stands &= lane.follower_stands;
        }
        stands
    }
}

/// The distance of the follower of a lane from failing its guard after `played` rounds.
fn follower_gap(lane: &Lane, played: u64, ragged: f64, table: &mut Table) -> f64 {
    let Some(guard) = lane.follower.guard() else {
        return f64::INFINITY;
    };
    let mut tally = |k: usize| {
        let pair = &lane.pairs[k];
        let mut tally = pair.follower;
        tally.gain(&table.rewards(pair.cell, 0, lane.turns(k, played)));
        tally
    };
    match guard {
        Guard::Index(barrier) => {
            let tally = tally(0);
            tally.sum - barrier.level(tally.count as f64)
        }
        Guard::Elimination(bound) => {
            let tallies: Vec<Tally> = (0..lane.pairs.len()).map(tally).collect();
            let counts = || tallies.iter().map(|tally| tally.count);
            let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
            // A response that is one reward ahead is moved back by its mean.
            let back = |(tally, pair): (&Tally, &Pair)| {
                tally.sum - (tally.count - least) as f64 * pair.means[1]
            };
            let sums = tallies.iter().zip(&lane.pairs).map(back);
            within(bound, least as f64, sums) - if most > least { ragged } else { 0.0 }
        }
    }
}

/// Distance of sums of `n` rewards each from failing an elimination bound.
fn within(bound: EliminationBound, n: f64, sums: impl Iterator<Item = f64>) -> f64 {
    let [low, high] = ends(sums);
    bound.room(n, low.abs().max(high.abs())) - (high - low)
}

/// A length, truncated.
fn at_most(reach: f64, most: u64) -> u64 {
    if reach < most as f64 {
        crate::math::count(reach)
    } else {
        most
    }
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
