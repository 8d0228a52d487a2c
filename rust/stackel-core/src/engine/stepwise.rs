//! The stepwise engine: draws every reward of a stretch in one tight loop.
//!
//! The loop is compiled once for each pair of laws and each pair of uses of the rewards, so that drawing,
//! adding and checking are inlined and a round costs little more than its noise.

use super::reward_use::{RewardUse, StretchUse};
use super::stretch::{Drawn, Engine, Stretch};
use crate::learners::{IndexBarrier, Tally};
use crate::noise::{Law, Noise, Visitor};
use crate::rng::Stream;

/// The engine for a pair of laws.
pub(crate) fn engine(noise: [Noise; 2]) -> Box<dyn Engine> {
    struct Leader(Noise);
    struct Follower<L>(L);
    impl Visitor for Leader {
        type Output = Box<dyn Engine>;
        fn visit<L: Law + Copy>(self, law: L) -> Box<dyn Engine> {
            self.0.visit(Follower(law))
        }
    }
    impl<L1: Law + Copy> Visitor for Follower<L1> {
        type Output = Box<dyn Engine>;
        fn visit<L2: Law + Copy>(self, law: L2) -> Box<dyn Engine> {
            Box::new(Stepwise {
                leader: self.0,
                follower: law,
            })
        }
    }
    noise[0].visit(Leader(noise[1]))
}

struct Stepwise<L1, L2> {
    leader: L1,
    follower: L2,
}

impl<L1: Law + Copy, L2: Law + Copy> Engine for Stepwise<L1, L2> {
    #[inline]
    fn draw_round(&self, means: (f64, f64), [first, second]: &mut [Stream; 2]) -> (f64, f64) {
        (
            self.leader.draw(means.0, first),
            self.follower.draw(means.1, second),
        )
    }

    fn draw(&self, stretch: Stretch<'_>, noise: &mut [Stream; 2]) -> Drawn {
        let Stretch {
            means,
            rounds,
            uses: [leader, follower],
            work,
            foreseen: _,
        } = stretch;
        let rounds = rounds.min(work);
        let [stream1, stream2] = noise;
        let first = Source {
            law: self.leader,
            mean: means[0],
            stream: stream1,
        };
        let second = Source {
            law: self.follower,
            mean: means[1],
            stream: stream2,
        };
        if !(leader.is_small(rounds) && follower.is_small(rounds)) {
            return play(rounds, first, leader, second, follower);
        }
        match leader {
            RewardUse::Unread => second.pair(follower, rounds, first, Unread),
            RewardUse::Discarded => second.pair(follower, rounds, first, Discarded),
            RewardUse::Summed(tally) => second.pair(follower, rounds, first, Summed(tally)),
            RewardUse::Guarded(tally, barrier) => second.pair(
                follower,
                rounds,
                first,
                Guarded::new(tally, barrier, rounds),
            ),
        }
    }
}

/// One player's rewards.
struct Source<'a, L> {
    law: L,
    mean: f64,
    stream: &'a mut Stream,
}

impl<L: Law> Source<'_, L> {
    /// Runs the loop for a follower with these rewards and a leader with the `first` ones.
    #[inline]
    fn pair<L1: Law, U1: UseRewards>(
        self,
        follower: StretchUse<'_>,
        rounds: u64,
        first: Source<'_, L1>,
        leader: U1,
    ) -> Drawn {
        match follower {
            RewardUse::Unread => play(rounds, first, leader, self, Unread),
            RewardUse::Discarded => play(rounds, first, leader, self, Discarded),
            RewardUse::Summed(tally) => play(rounds, first, leader, self, Summed(tally)),
            RewardUse::Guarded(tally, barrier) => play(
                rounds,
                first,
                leader,
                self,
                Guarded::new(tally, barrier, rounds),
            ),
        }
    }
}

/// The loop over rounds. It is not inlined, so that its state can use all registers.
#[inline(never)]
fn play<L1: Law, L2: Law>(
    rounds: u64,
    first: Source<'_, L1>,
    mut leader: impl UseRewards,
    second: Source<'_, L2>,
    mut follower: impl UseRewards,
) -> Drawn {
    let mut played = 0;
    let mut stands = [true; 2];
    let (mut stream1, mut stream2) = (first.stream.clone(), second.stream.clone());
    while played < rounds && stands == [true; 2] {
        leader.take(|| first.law.draw(first.mean, &mut stream1));
        follower.take(|| second.law.draw(second.mean, &mut stream2));
        stands = [leader.stands(), follower.stands()];
        played += 1;
    }
    (*first.stream, *second.stream) = (stream1, stream2);
    leader.close(played);
    follower.close(played);
    Drawn {
        rounds: played,
        stands,
        work: played,
        accepted: 0,
    }
}

/// The use that a player makes of its rewards, as a type: one for each variant of [`RewardUse`], of the
/// same name, so that the loop is compiled for each of them.
trait UseRewards {
    /// Takes the reward of a round, and draws it unless it is unread.
    fn take(&mut self, reward: impl FnOnce() -> f64);

    /// Whether the player's decision still stands.
    #[inline]
    fn stands(&mut self) -> bool {
        true
    }

    /// Writes count and sum back to the tally.
    #[inline]
    fn close(self, _rounds: u64)
    where
        Self: Sized,
    {
    }
}

/// Any variant, for sums that are so long that rounding errors have to be tracked.
impl UseRewards for StretchUse<'_> {
    fn take(&mut self, reward: impl FnOnce() -> f64) {
        match self {
            RewardUse::Unread => (),
            RewardUse::Discarded => {
                reward();
            }
            RewardUse::Summed(tally) | RewardUse::Guarded(tally, _) => tally.add(reward()),
        }
    }

    fn stands(&mut self) -> bool {
        match self {
            RewardUse::Guarded(tally, barrier) => barrier.clears(tally),
            RewardUse::Unread | RewardUse::Discarded | RewardUse::Summed(_) => true,
        }
    }
}

struct Unread;

impl UseRewards for Unread {
    #[inline]
    fn take(&mut self, _reward: impl FnOnce() -> f64) {}
}

struct Discarded;

impl UseRewards for Discarded {
    #[inline]
    fn take(&mut self, reward: impl FnOnce() -> f64) {
        reward();
    }
}

struct Summed<'a>(&'a mut Tally);

impl UseRewards for Summed<'_> {
    #[inline]
    fn take(&mut self, reward: impl FnOnce() -> f64) {
        self.0.add(reward());
    }
}

/// Adds rewards and compares their sum with a line that lies on or above the barrier.
struct Guarded<'a> {
    tally: &'a mut Tally,
    sum: f64,
    count: f64,
    barrier: IndexBarrier,
    /// The line is `rival * n - allowance`.
    allowance: f64,
    last: f64,
}

impl<'a> Guarded<'a> {
    #[inline]
    fn new(tally: &'a mut Tally, barrier: IndexBarrier, rounds: u64) -> Self {
        let count = tally.count as f64;
        let last = count + rounds as f64;
        Self {
            sum: tally.sum,
            count,
            allowance: barrier.allowance(count, last),
            last,
            barrier,
            tally,
        }
    }

    /// Moves the line down to where the barrier is by now, and compares again.
    #[inline]
    fn look_closer(&mut self) -> bool {
        self.allowance = self.barrier.allowance(self.count, self.last);
        self.clears_line()
    }

    #[inline]
    fn clears_line(&self) -> bool {
        self.sum >= self.barrier.rival * self.count - self.allowance
    }
}

impl UseRewards for Guarded<'_> {
    #[inline]
    fn take(&mut self, reward: impl FnOnce() -> f64) {
        self.sum += reward();
        self.count += 1.0;
    }

    #[inline]
    fn stands(&mut self) -> bool {
        self.clears_line() || self.look_closer()
    }

    #[inline]
    fn close(self, rounds: u64) {
        self.tally.sum = self.sum;
        self.tally.count += rounds;
    }
}
