//! Descent to a level: every arm of an index policy is played until its index falls below the level.

use super::super::descent::{Arm, Block, Descended, Descent};
use super::bisect::{Walks, bisect};
use super::walk::Walk;
use crate::learners::{IndexBarrier, Tally, index};
use crate::rng::Stream;

/// A descent is worthwhile if the arms other than the one that is played most are played at least this
/// number of bursts on average.
const WORTHWHILE: u64 = 8;

/// Largest share of the way from the largest mean to the largest index at which a level may lie. Levels
/// beyond are not tried: an index that is expected to come down only after a rise may pass them at once.
const NARROWEST: f64 = 0.999;

/// Factor on the expected rounds of a descent for which the leader must still be certain to stay.
const CAUTION: f64 = 2.0;

impl Descent {
    /// Descends to a level. Draws nothing and returns `None` if that is not worthwhile.
    pub(super) fn descend(
        &mut self,
        walks: [Walk; 2],
        noise: &mut [Stream; 2],
    ) -> Option<Descended> {
        let level = self.choose_level(walks)?;
        let mut descended = Descended {
            landed: false,
            work: self.arms.len() as u64,
            accepted: 0,
        };
        let mut left = self.limit;
        for arm in &mut self.arms {
            let before = self.blocks.len();
            let mut passage = Passage {
                walk: walks[1],
                mean: arm.means[1],
                barrier: IndexBarrier {
                    rival: level,
                    width: self.width,
                },
                tally: arm.tally,
                blocks: &mut self.blocks,
            };
            let passed = passage.play(left, noise, &mut descended);
            arm.rounds = passage.tally.count - arm.tally.count;
            arm.tally = passage.tally;
            arm.blocks = self.blocks.len() - before;
            if !passed {
                return Some(descended);
            }
            left -= arm.rounds;
        }
        let rounds = |arm: &Arm| arm.rounds as f64;
        descended.landed = self.leader_stays(walks[0], rounds);
        descended.accepted += u64::from(descended.landed && self.leader.is_some());
        if descended.landed && !self.committed {
            for arm in self.arms.iter_mut().filter(|arm| arm.rounds > 0) {
                arm.gain = walks[0].sum(arm.means[0], arm.rounds, &mut noise[0]);
            }
        }
        Some(descended)
    }

    /// The lowest level to which a descent is probably safe.
    fn choose_level(&self, walks: [Walk; 2]) -> Option<f64> {
        let indices = self.arms.iter().map(|arm| index(&arm.tally, self.width));
        let top = indices.fold(f64::NEG_INFINITY, f64::max);
        let means = self.arms.iter().map(|arm| arm.means[1]);
        let floor = means.fold(f64::NEG_INFINITY, f64::max);
        if top.is_infinite() {
            // There is an arm without rewards.
            return None;
        }
        let mut share: f64 = 0.5;
        while top > floor && share < NARROWEST {
            let level = floor + share * (top - floor);
            let rounds = |arm: &Arm| arm.rounds_to(level, self.width);
            let (mut total, mut most, mut active) = (0.0, 0.0_f64, 0);
            for n in self.arms.iter().map(rounds) {
                total += n;
                most = most.max(n);
                active += u64::from(n >= 1.0);
            }
            // A single arm takes one stretch anyway. Rounds of other arms interrupt it.
            let worthwhile = (WORTHWHILE * walks[1].burst() * active) as f64;
            if active < 2 || total - most < worthwhile {
                return None;
            }
            if total * CAUTION <= self.limit as f64
                && self.leader_stays(walks[0], |arm| CAUTION * rounds(arm))
            {
                return Some(level);
            }
            share = share.sqrt();
        }
        None
    }

    /// Whether the leader is certain to stay while each arm is played `rounds`, in any order.
    fn leader_stays(&self, walk: Walk, rounds: impl Fn(&Arm) -> f64) -> bool {
        let Some((tally, barrier)) = &self.leader else {
            return true;
        };
        let (mut total, mut gain) = (0.0, 0.0);
        for arm in &self.arms {
            total += rounds(arm);
            gain += rounds(arm) * arm.means[0];
        }
        if total == 0.0 {
            return true;
        }
        // The path of the means is furthest below the line between its ends if the responses that
        // are worst for the leader come first.
        let slope = gain / total;
        let short = |arm: &Arm| rounds(arm) * (slope - arm.means[0]).max(0.0);
        let uneven: f64 = self.arms.iter().map(short).sum();
        let n = tally.count as f64;
        let start = tally.sum - barrier.level(n);
        let end = tally.sum + gain - barrier.level(n + total);
        walk.keeps_above(start - uneven, end - uneven, total)
    }
}

impl Arm {
    /// Approximate number of rounds that bring the index down to a level: the line on which the sum is
    /// expected to go on meets the curve `level n - width sqrt(n)` there.
    fn rounds_to(&self, level: f64, width: f64) -> f64 {
        let fall = level - self.means[1];
        let n = self.tally.count as f64;
        let ahead = self.tally.sum - n * self.means[1];
        let root = width + (width * width + 4.0 * fall * ahead).max(0.0).sqrt();
        ((0.5 * root / fall).powi(2) - n).max(0.0)
    }
}

/// An arm on its way to a level.
struct Passage<'a> {
    walk: Walk,
    mean: f64,
    barrier: IndexBarrier,
    tally: Tally,
    blocks: &'a mut Vec<Block>,
}

impl Passage<'_> {
    /// Plays at most `limit` rounds. Returns whether the index is below the level then.
    fn play(&mut self, limit: u64, noise: &mut [Stream; 2], work: &mut Descended) -> bool {
        let start = self.tally.count;
        while index(&self.tally, self.barrier.width) >= self.barrier.rival {
            let left = limit - (self.tally.count - start);
            if left == 0 {
                return false;
            }
            let n = self.tally.count as f64;
            let gap = self.tally.sum - self.barrier.level(n);
            let fall = self.barrier.slope(n) - self.mean;
            let reach = self.walk.reach(gap, fall, left.min(Walk::LONGEST_TO_HALVE));
            if reach < self.walk.burst() {
                work.work += self.step(left.min(self.walk.burst()), &mut noise[1]);
                continue;
            }
            let gain = self.walk.sum(self.mean, reach, &mut noise[1]);
            let block = bisect(self, gain, reach, noise);
            work.work += block.looks;
            work.accepted += block.accepted * self.walk.bounds();
        }
        true
    }

    /// Draws reward by reward; returns their number.
    fn step(&mut self, rounds: u64, stream: &mut Stream) -> u64 {
        for played in 1..=rounds {
            let gain = self.walk.sum(self.mean, 1, stream);
            self.tally.add(gain);
            self.blocks.push(Block { rounds: 1, gain });
            if !self.barrier.clears(&self.tally) {
                return played;
            }
        }
        rounds
    }
}

impl Walks for Passage<'_> {
    type Gains = f64;

    fn split(&self, gain: &mut f64, rounds: u64, k: u64, noise: &mut [Stream; 2]) -> f64 {
        let left = self.walk.first_part(*gain, rounds, k, &mut noise[1]);
        *gain -= left;
        left
    }

    fn is_safe(&self, gain: &f64, rounds: u64) -> bool {
        let n = self.tally.count as f64;
        let start = self.tally.sum - self.barrier.level(n);
        let end = self.tally.sum + gain - self.barrier.level(n + rounds as f64);
        self.walk.stays_above(start, end, rounds)
    }

    fn advance(&mut self, &gain: &f64, rounds: u64, safe: bool) -> bool {
        self.tally.add_many(rounds, gain);
        self.blocks.push(Block { rounds, gain });
        safe || self.barrier.clears(&self.tally)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::descent::Foreseen;
    use super::*;
    use crate::learners::argmax;
    use crate::noise::Noise;
    use crate::rng::{Purpose, Role};

    const WIDTH: f64 = 7.0;

    fn streams(seed: u64) -> [Stream; 2] {
        [Role::Leader, Role::Follower].map(|role| Stream::new(seed, 0, role, Purpose::Noise))
    }

    /// A follower's instance whose sample means equal the means after `played` rounds of each arm.
    fn descent(
        played: u64,
        means: &[f64],
        leader: Option<(Tally, IndexBarrier)>,
        limit: u64,
    ) -> Descent {
        let arm = |&mean: &f64| {
            let mut tally = Tally::default();
            tally.add_many(played, played as f64 * mean);
            Arm {
                means: [0.5, mean],
                tally,
                rounds: 0,
                gain: 0.0,
                blocks: 0,
            }
        };
        Descent {
            leader,
            committed: false,
            arms: means.iter().map(arm).collect(),
            width: WIDTH,
            limit,
            blocks: Vec::new(),
        }
    }

    /// Plays the policy round by round, with rewards that have been drawn, until no index is at least
    /// `level`. Returns the statistics of each arm.
    fn replay(mut tallies: Vec<Tally>, rewards: &[Vec<Block>], level: f64) -> Vec<Tally> {
        let mut played = vec![0; tallies.len()];
        loop {
            let indices = tallies.iter().map(|tally| index(tally, WIDTH));
            let arm = argmax(indices);
            if index(&tallies[arm], WIDTH) < level {
                return tallies;
            }
            let Some(block) = rewards[arm].get(played[arm]) else {
                panic!("arm {arm} is played more often than its rewards were drawn");
            };
            assert_eq!(block.rounds, 1);
            tallies[arm].add(block.gain);
            played[arm] += 1;
        }
    }

    /// Splits blocks into single rewards, in their order.
    fn single(walk: Walk, blocks: &[Block], noise: &mut [Stream; 2]) -> Vec<Block> {
        let mut rest: Vec<Block> = blocks.iter().rev().copied().collect();
        let mut rewards = Vec::new();
        while let Some(Block { rounds, gain }) = rest.pop() {
            if rounds == 1 {
                rewards.push(Block { rounds, gain });
                continue;
            }
            let half = rounds / 2;
            let left = walk.first_part(gain, rounds, half, &mut noise[1]);
            rest.push(Block {
                rounds: rounds - half,
                gain: gain - left,
            });
            rest.push(Block {
                rounds: half,
                gain: left,
            });
        }
        rewards
    }

    #[test]
    fn a_level_is_where_the_policy_itself_comes_through() {
        let means = [0.5, 0.45, 0.5, 0.3, 0.0];
        for noise in [
            Noise::Gaussian { sigma: 0.5 },
            Noise::Bernoulli,
            Noise::Deterministic,
        ] {
            let walks = [Walk::of(noise, 1e-18).unwrap(); 2];
            for seed in 0..20 {
                let mut noise = streams(seed);
                let mut descent = descent(2000, &means, None, u64::MAX);
                let level = descent.choose_level(walks).unwrap_or(f64::NAN);
                let tallies: Vec<Tally> = descent.arms.iter().map(|arm| arm.tally).collect();
                let descended = descent.descend(walks, &mut noise);
                assert!(descended.is_some_and(|descended| descended.landed));
                assert!(descent.rounds() > 100);
                let reached: Vec<Tally> = descent.arms.iter().map(|arm| arm.tally).collect();
                let Foreseen { arms, .. } = descent.foreseen(0);
                let rewards: Vec<Vec<Block>> = arms
                    .iter()
                    .map(|ahead| {
                        let blocks: Vec<Block> = ahead.iter().rev().copied().collect();
                        single(walks[1], &blocks, &mut noise)
                    })
                    .collect();
                let replayed = replay(tallies, &rewards, level);
                for (one, other) in reached.iter().zip(&replayed) {
                    assert_eq!(one.count, other.count);
                    assert!((one.sum - other.sum).abs() <= 1e-9 * one.count as f64);
                }
            }
        }
    }

    #[test]
    fn a_descent_ends_at_its_limit_and_keeps_what_it_has_drawn() {
        let walks = [Walk::of(Noise::Gaussian { sigma: 2.0 }, 1e-18).unwrap(); 2];
        let (mut landed, mut stopped) = (0, 0);
        for seed in 0..200 {
            let mut descent = descent(400, &[0.5, 0.5, 0.5], None, 2500);
            let Some(descended) = descent.descend(walks, &mut streams(seed)) else {
                panic!("no level is worthwhile");
            };
            assert!(descent.rounds() <= 2500);
            let rounds: u64 = descent.blocks.iter().map(|block| block.rounds).sum();
            assert_eq!(rounds, descent.rounds());
            landed += u64::from(descended.landed);
            stopped += u64::from(!descended.landed);
        }
        assert!(landed > 100 && stopped > 0, "{landed} and {stopped}");
    }

    #[test]
    fn a_leader_close_to_its_barrier_does_not_stay() {
        let walk = Walk::of(Noise::Gaussian { sigma: 1.0 }, 1e-18).unwrap();
        let mut tally = Tally::default();
        tally.add_many(100_000, 50_000.0);
        let stays = |rival| {
            let barrier = IndexBarrier { rival, width: 0.0 };
            let mut descent = descent(400, &[0.5, 0.4], Some((tally, barrier)), u64::MAX);
            // The response with the smaller follower mean is the worst one for the leader.
            descent.arms[1].means[0] = 0.0;
            descent.leader_stays(walk, |_| 1000.0)
        };
        // In 2000 rounds, half of them with the worse response, the order of the responses may take 250.
        let noise = (2.0 * 1e18_f64.ln() * 2000.0).sqrt();
        let start = |gap: f64| 0.5 - gap / 100_000.0;
        assert!(stays(start(500.0 + 2.0 * noise)));
        assert!(!stays(start(400.0)));
    }
}
