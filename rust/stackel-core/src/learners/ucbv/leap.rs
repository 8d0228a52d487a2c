//! UCBV with decisions that stand for many rounds.
//!
//! While an arm is played, its sum of squares around its mean, M, never falls, and ln t grows. So its bound is at least what it is with the M and the
//! ln t of now; the bounds of other arms are at most what they are with the ln t of the end. This makes a barrier for
//! the arm's sum, a straight line. Of coins, M follows from the sum. Of normal rewards it does not: once the arm has been played, it
//! is told by [`Learner::settle`].

use super::{Moments, Rule};
use crate::archive::Archive;
use crate::learners::schema::Args;
use crate::learners::{IndexBarrier, Learner, Plan, Scatter, Seat, Tally, Unsettled};
use crate::math::count;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::{SplitMix64, Stream};

/// The fewest rounds that are worth a barrier.
const SHORT: u64 = 16;
/// What rounding may take from a sum of squares, and more.
const CARE: f64 = 1.0 - 1e-9;

#[derive(Debug, Clone, Copy, Default)]
struct Arm {
    tally: Tally,
    /// The sum of squares around the mean, of all rewards that are settled.
    squares: f64,
    variance: f64,
}

impl Arm {
    fn mean_and_variance(&self) -> [f64; 2] {
        [self.tally.mean(), self.variance]
    }

    fn set_squares(&mut self, squares: f64) {
        self.squares = squares;
        self.variance = squares / self.tally.count as f64;
    }

    fn take_coins(&mut self) {
        let moments = Moments::of_coins(self.tally.count, self.tally.sum);
        self.variance = moments.variance;
        self.squares = moments.variance * self.tally.count as f64;
    }
}

/// A barrier, and the rewards that have come above it.
#[derive(Debug, Clone, Copy)]
struct Watch {
    arm: usize,
    barrier: IndexBarrier,
    /// What random words are made of.
    seed: u64,
    /// Number of rewards whose squares are not known, the response that they came with, and the mean of all rewards
    /// before.
    unsettled: u64,
    response: usize,
    before: f64,
}

/// UCBV by plans.
pub(super) struct Ahead {
    rule: Rule,
    coins: bool,
    arms: Vec<Arm>,
    n_responses: usize,
    played: u64,
    watch: Option<Watch>,
    /// The bounds of this round.
    bounds: Vec<f64>,
}

impl Ahead {
    pub(super) fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            rule: Rule::of(args),
            coins: seat.coins,
            arms: vec![Arm::default(); seat.n_arms()],
            n_responses: seat.n_follower,
            played: 0,
            watch: None,
            bounds: vec![0.0; seat.n_arms()],
        }
    }

    fn bound(&self, arm: &Arm, log: f64) -> f64 {
        self.rule
            .index(arm.tally.count, arm.mean_and_variance(), log)
    }

    /// A barrier for an arm with the largest bound in a round that has this logarithm, and a number of rounds for which it is good.
    fn barrier(&self, arm: usize, log: f64) -> Option<(IndexBarrier, u64)> {
        let others = || (0..self.arms.len()).filter(|&other| other != arm);
        let rival = others().map(|other| self.bounds[other]);
        let rival = rival.fold(f64::NEG_INFINITY, f64::max);
        let each = &self.arms[arm];
        let n = each.tally.count as f64;
        let gap = n * (self.bounds[arm] - rival);
        let fall = rival - each.tally.mean();
        // About as many rounds as it takes the sum to come down by the gap.
        let reach = (gap * gap / each.variance).min(gap / fall.max(0.0));
        let mut rounds = count(reach.min(n)).min(self.played);
        let exploration = self.rule.confidence * log;
        let base =
            -(2.0 * CARE * each.squares * exploration).sqrt() - 3.0 * self.rule.range * exploration;
        while rounds >= SHORT {
            let late = self.rule.log((self.played + rounds) as f64);
            let rival = others().map(|other| self.bound(&self.arms[other], late));
            let rival = rival.fold(f64::NEG_INFINITY, f64::max);
            let barrier = IndexBarrier {
                rival,
                width: 0.0,
                base,
            };
            if each.tally.sum - barrier.level(n) > 0.5 * gap {
                return Some((barrier, rounds));
            }
            rounds /= 2;
        }
        None
    }
}

impl Learner for Ahead {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        self.watch = None;
        let arms = self.arms.iter().enumerate();
        let untried = arms
            .filter(|(_, arm)| arm.tally.count == 0)
            .map(|(arm, _)| arm);
        if let Some(arm) = self.rule.first.next(untried, choice) {
            return Plan::Once { arm };
        }
        if self.arms.len() == 1 {
            return Plan::Fixed { arm: 0 };
        }
        let log = self.rule.log(self.played as f64);
        for arm in 0..self.arms.len() {
            self.bounds[arm] = self.bound(&self.arms[arm], log);
        }
        let arm = self.rule.ties.pick(self.bounds.iter().copied(), choice);
        let Some((barrier, rounds)) = self.barrier(arm, log) else {
            return Plan::Once { arm };
        };
        self.watch = Some(Watch {
            arm,
            barrier,
            seed: choice.next_u64(),
            unsettled: 0,
            response: 0,
            before: 0.0,
        });
        Plan::While {
            arm,
            barrier,
            rounds,
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.arms[arm].tally
    }

    #[inline]
    fn take(&mut self, arm: usize, response: usize, rewards: &Rewards) {
        let rounds = rewards.count();
        self.played += rounds;
        let each = &mut self.arms[arm];
        let (count, before) = (each.tally.count as f64, each.tally.mean());
        each.tally.gain(rewards);
        if self.coins {
            each.take_coins();
            return;
        }
        if let Some(watch) = self.watch.as_mut().filter(|watch| watch.arm == arm) {
            if watch.unsettled == 0 {
                (watch.response, watch.before) = (response, before);
            }
            watch.unsettled += rounds;
            return;
        }
        self.watch = None;
        // One round, but where a snapshot was changed.
        let mean = rewards.value() / rounds as f64;
        let new = Scatter { mean, squares: 0.0 };
        each.gain_scatter((count, before), (rounds as f64, new));
    }

    fn settles(&self) -> bool {
        !self.coins
    }

    fn unsettled(&self) -> Option<Unsettled> {
        let watch = self.watch.filter(|watch| watch.unsettled > 0)?;
        let before = self.arms[watch.arm].tally.count - watch.unsettled;
        Some(Unsettled {
            arm: watch.arm,
            response: watch.response,
            rounds: watch.unsettled,
            barrier: watch.barrier,
            words: SplitMix64::after(watch.seed).stream().at(before).stream(),
        })
    }

    fn settle(&mut self, scatter: Scatter) {
        let Some(watch) = &mut self.watch else {
            return;
        };
        let each = &mut self.arms[watch.arm];
        let (all, rounds) = (each.tally.count as f64, watch.unsettled as f64);
        each.gain_scatter((all - rounds, watch.before), (rounds, scatter));
        watch.unsettled = 0;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.played, MAX_HORIZON);
        for arm in &mut self.arms {
            arm.tally.exchange(archive);
            if self.coins {
                let Tally { count, sum, .. } = arm.tally;
                if !(0.0..=count as f64).contains(&sum) {
                    archive.refuse("sums that rewards cannot have");
                }
                arm.take_coins();
                continue;
            }
            let mut squares = arm.squares;
            archive.real(&mut squares, f64::INFINITY);
            if squares < 0.0 {
                archive.refuse("a sum of squares below 0");
            }
            arm.set_squares(squares);
        }
        if self.coins {
            return;
        }
        let mut is_watching = self.watch.is_some();
        archive.flag(&mut is_watching);
        self.watch = is_watching.then(|| self.exchange_watch(archive));
    }
}

impl Ahead {
    fn exchange_watch(&self, archive: &mut Archive) -> Watch {
        let mut watch = self.watch.unwrap_or(Watch {
            arm: 0,
            barrier: IndexBarrier::default(),
            seed: 0,
            unsettled: 0,
            response: 0,
            before: 0.0,
        });
        archive.index(&mut watch.arm, self.arms.len());
        watch.barrier.exchange(archive);
        archive.count(&mut watch.seed, u64::MAX);
        archive.count(&mut watch.unsettled, self.arms[watch.arm].tally.count);
        archive.index(&mut watch.response, self.n_responses);
        archive.real(&mut watch.before, f64::MAX);
        watch
    }
}

impl Arm {
    /// Adds rewards to those that it had before.
    fn gain_scatter(&mut self, (count, mean): (f64, f64), (rounds, new): (f64, Scatter)) {
        if count == 0.0 {
            return self.set_squares(new.squares);
        }
        let squares = self.squares;
        let all = Scatter { mean, squares }.merged(count, new, rounds);
        self.set_squares(all.squares);
    }
}
