//! The walks of leader and follower while both keep their actions.

use super::super::descent::Block;
use super::super::reward_use::{RewardUse, StretchUse};
use super::super::stretch::{Drawn, Engine, Stretch};
use super::bisect::{Walks, bisect};
use super::walk::Walk;
use crate::rng::Stream;

/// Least number of rounds of a block that is split off rewards drawn already.
const SHORTEST_REPLAY: u64 = 32;

/// A stretch of rounds with one pair of actions.
pub(super) struct Pair<'a> {
    players: [Player<'a>; 2],
    means: [f64; 2],
    rounds: u64,
    work: u64,
}

impl<'a> Pair<'a> {
    pub(super) fn new(walks: [Walk; 2], stretch: Stretch<'a>) -> Self {
        let Stretch {
            means,
            rounds,
            uses: [leader, follower],
            work,
            foreseen: _,
        } = stretch;
        let player = |i: usize, rewards| Player {
            walk: walks[i],
            mean: means[i],
            rewards,
            stands: true,
        };
        Self {
            players: [player(0, leader), player(1, follower)],
            means,
            rounds,
            work,
        }
    }

    /// Plays up to the first round at which a barrier is failed. Steps `burst_length` rounds where a longer
    /// block would probably have to be split.
    pub(super) fn play(
        mut self,
        burst_length: u64,
        stepwise: &dyn Engine,
        noise: &mut [Stream; 2],
    ) -> Drawn {
        let mut drawn = Drawn::default();
        while drawn.rounds < self.rounds && drawn.stands == [true; 2] && drawn.work < self.work {
            let left = self.rounds - drawn.rounds;
            let [leader, follower] = self.players.each_ref().map(|player| player.reach(left));
            let burst = left.min(burst_length);
            drawn = drawn.and(match (leader < burst, follower < burst) {
                (false, false) => self.leap(leader.min(follower), noise),
                (true, true) => self.step(burst, stepwise, noise),
                (leader, _) => self.step_one(usize::from(!leader), burst, stepwise, noise),
            });
        }
        self.sum_up(drawn, noise)
    }

    /// Draws the rewards that are only summed.
    fn sum_up(&mut self, drawn: Drawn, noise: &mut [Stream; 2]) -> Drawn {
        for (player, stream) in self.players.iter_mut().zip(noise) {
            player.sum_up(drawn.rounds, stream);
        }
        drawn
    }

    /// Plays up to the first round at which a barrier is failed, or to the last of the follower's rewards
    /// that have been drawn already.
    pub(super) fn replay(mut self, foreseen: &mut Vec<Block>, noise: &mut [Stream; 2]) -> Drawn {
        let mut drawn = Drawn::default();
        while drawn.rounds < self.rounds && drawn.stands == [true; 2] && drawn.work < self.work {
            let Some(block) = foreseen.pop() else {
                break;
            };
            let left = self.rounds - drawn.rounds;
            let reach = self.players.each_ref().map(|player| player.reach(left));
            let rounds = (reach[0].min(reach[1]))
                .max(SHORTEST_REPLAY)
                .min(block.rounds)
                .min(left);
            let mut rest = block.gain;
            let [leader, follower] = &self.players;
            if rounds < block.rounds {
                let part = follower.split(block.gain, block.rounds, rounds, &mut noise[1]);
                foreseen.push(Block {
                    rounds: block.rounds - rounds,
                    gain: block.gain - part,
                });
                rest = part;
            }
            let gains = [leader.leap(rounds, &mut noise[0]), rest];
            let (next, beyond) = self.fill_in(gains, rounds, noise);
            // Beyond a failure, only the follower's rewards are kept.
            let kept = beyond.into_iter().map(|(rounds, gains)| Block {
                rounds,
                gain: gains[1],
            });
            foreseen.extend(kept);
            drawn = drawn.and(next);
        }
        self.sum_up(drawn, noise)
    }

    /// Plays a block in which both players leap.
    fn leap(&mut self, rounds: u64, noise: &mut [Stream; 2]) -> Drawn {
        let [leader, follower] = &self.players;
        let [first, second] = &mut *noise;
        let gains = [leader.leap(rounds, first), follower.leap(rounds, second)];
        self.fill_in(gains, rounds, noise).0
    }

    /// Plays a block whose increments are known, or up to the first failure in it. Also returns the blocks
    /// drawn beyond the failure.
    fn fill_in(
        &mut self,
        gains: [f64; 2],
        rounds: u64,
        noise: &mut [Stream; 2],
    ) -> (Drawn, Vec<(u64, [f64; 2])>) {
        let block = bisect(self, gains, rounds, noise);
        let bounds: u64 = self.players.iter().map(Player::bounds).sum();
        let drawn = Drawn {
            rounds: block.rounds,
            stands: self.players.each_ref().map(|player| player.stands),
            work: block.looks,
            accepted: block.accepted * bounds,
        };
        (drawn, block.beyond)
    }

    /// Steps both players, which are close to their barriers.
    fn step(&mut self, rounds: u64, stepwise: &dyn Engine, noise: &mut [Stream; 2]) -> Drawn {
        let stretch = Stretch {
            means: self.means,
            rounds,
            uses: self.players.each_mut().map(Player::stepped_use),
            work: u64::MAX,
            foreseen: None,
        };
        stepwise.draw(stretch, noise)
    }

    /// Steps the player that is close to its barrier, while the other leaps over the same rounds.
    fn step_one(
        &mut self,
        near: usize,
        rounds: u64,
        stepwise: &dyn Engine,
        noise: &mut [Stream; 2],
    ) -> Drawn {
        let far = 1 - near;
        let mut gain = self.players[far].leap(rounds, &mut noise[far]);
        if !self.players[far].stays_above(gain, rounds) {
            let mut gains = [gain; 2];
            gains[near] = self.players[near].leap(rounds, &mut noise[near]);
            return self.fill_in(gains, rounds, noise).0;
        }
        let mut uses = [RewardUse::Unread, RewardUse::Unread];
        uses[near] = self.players[near].stepped_use();
        let stretch = Stretch {
            means: self.means,
            rounds,
            uses,
            work: u64::MAX,
            foreseen: None,
        };
        let mut drawn = stepwise.draw(stretch, noise);
        if drawn.rounds < rounds {
            gain = self.players[far].split(gain, rounds, drawn.rounds, &mut noise[far]);
        }
        self.players[far].advance(gain, drawn.rounds);
        drawn.accepted = self.players[far].bounds();
        drawn
    }
}

impl Walks for Pair<'_> {
    type Gains = [f64; 2];

    fn split(
        &self,
        gains: &mut [f64; 2],
        rounds: u64,
        k: u64,
        noise: &mut [Stream; 2],
    ) -> [f64; 2] {
        let mut left = [0.0; 2];
        for i in 0..2 {
            left[i] = self.players[i].split(gains[i], rounds, k, &mut noise[i]);
            gains[i] -= left[i];
        }
        left
    }

    fn is_safe(&self, gains: &[f64; 2], rounds: u64) -> bool {
        (0..2).all(|i| self.players[i].stays_above(gains[i], rounds))
    }

    fn advance(&mut self, gains: &[f64; 2], rounds: u64, safe: bool) -> bool {
        for (player, &gain) in self.players.iter_mut().zip(gains) {
            player.advance(gain, rounds);
            player.stands = safe || player.clears();
        }
        self.players.iter().all(|player| player.stands)
    }
}

/// One player's walk in a stretch.
struct Player<'a> {
    walk: Walk,
    mean: f64,
    rewards: StretchUse<'a>,
    stands: bool,
}

impl Player<'_> {
    /// The use of rewards that are drawn one by one. Rewards that are only summed are drawn in the end.
    fn stepped_use(&mut self) -> StretchUse<'_> {
        match &mut self.rewards {
            RewardUse::Guarded(tally, barrier) => RewardUse::Guarded(tally, *barrier),
            _ => RewardUse::Unread,
        }
    }

    /// Length of the next block, at most `left`: about as many rounds as will not meet the barrier.
    fn reach(&self, left: u64) -> u64 {
        let RewardUse::Guarded(tally, barrier) = &self.rewards else {
            return left;
        };
        let n = tally.count as f64;
        let gap = tally.sum - barrier.level(n);
        if self.walk.is_near(gap) {
            return 0;
        }
        let fall = barrier.slope(n) - self.mean;
        self.walk.reach(gap, fall, left)
    }

    /// The increment of a guarded walk over `rounds` rounds; 0 for other walks.
    fn leap(&self, rounds: u64, stream: &mut Stream) -> f64 {
        match self.rewards {
            RewardUse::Guarded(..) => self.walk.sum(self.mean, rounds, stream),
            _ => 0.0,
        }
    }

    /// The increment over the first `k` of `n` rounds whose increment is `sum`.
    fn split(&self, sum: f64, n: u64, k: u64, stream: &mut Stream) -> f64 {
        match self.rewards {
            RewardUse::Guarded(..) => self.walk.first_part(sum, n, k, stream),
            _ => 0.0,
        }
    }

    /// Whether a block of `rounds` rounds with the sum `sum` is certain not to meet the barrier.
    fn stays_above(&self, sum: f64, rounds: u64) -> bool {
        let RewardUse::Guarded(tally, barrier) = &self.rewards else {
            return true;
        };
        let n = tally.count as f64;
        let start = tally.sum - barrier.level(n);
        let end = tally.sum + sum - barrier.level(n + rounds as f64);
        self.walk.stays_above(start, end, rounds)
    }

    /// Adds `rounds` rewards with the sum `sum`.
    fn advance(&mut self, sum: f64, rounds: u64) {
        if let RewardUse::Guarded(tally, _) = &mut self.rewards {
            tally.add_many(rounds, sum);
        }
    }

    fn clears(&self) -> bool {
        match &self.rewards {
            RewardUse::Guarded(tally, barrier) => barrier.clears(tally),
            _ => true,
        }
    }

    /// Draws the rewards if they are only summed.
    fn sum_up(&mut self, rounds: u64, stream: &mut Stream) {
        if let RewardUse::Summed(tally) = &mut self.rewards
            && rounds > 0
        {
            tally.add_many(rounds, self.walk.sum(self.mean, rounds, stream));
        }
    }

    /// Number of events of a probability within the crossing tolerance that a safe block takes for impossible.
    fn bounds(&self) -> u64 {
        match self.rewards {
            RewardUse::Guarded(..) => self.walk.bounds(),
            _ => 0,
        }
    }
}
