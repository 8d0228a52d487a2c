//! The leap engine: draws whole stretches.
//!
//! Rewards that only have to be summed are drawn as one sum. Where a player's decision stands while
//! its sum clears a barrier, the sum is a random walk, and the stretch ends at a stopping time: the
//! first round at which a walk fails its barrier. To find it, the walks' values at the end of a
//! block are drawn. If both ends of the block clear the chord of the (convex) barrier by so much
//! that a dip in between is practically impossible, the block is over. Otherwise its middle is drawn
//! from the bridge and both halves are looked at in the same way, the left one first. Once a walk has
//! failed its barrier, what was already drawn to the right of it is thrown away: it lies beyond the
//! stopping time, and the rewards to come are independent of it.

use super::walk::Walk;
use super::{Drawn, Engine, Stretch, Watch, stepwise};
use crate::learners::{Barrier, Tally};
use crate::noise::Noise;
use crate::rng::Stream;

/// Where a walk is so close to its barrier that no longer block is promising, this many rounds are
/// stepped instead.
const BURST: u64 = 32;
/// Halving blocks of up to 2^63 rounds never leaves more right halves than this.
const DEPTH: usize = 64;

/// The engine for a pair of laws.
pub(super) fn engine(noise: [Noise; 2]) -> Box<dyn Engine> {
    Box::new(Leap {
        walks: noise.map(Walk::of),
        stepwise: stepwise::engine(noise),
    })
}

struct Leap {
    walks: [Option<Walk>; 2],
    /// For laws without a walk, and for walks close to their barrier.
    stepwise: Box<dyn Engine>,
}

impl Engine for Leap {
    fn reorders(&self) -> bool {
        true
    }

    fn draw_round(&self, means: [f64; 2], noise: &mut [Stream; 2]) -> [f64; 2] {
        self.stepwise.draw_round(means, noise)
    }

    fn draw(&self, stretch: Stretch<'_>, noise: &mut [Stream; 2]) -> Drawn {
        let (Some(leader), Some(follower)) = (self.walks[0], self.walks[1]) else {
            return self.stepwise.draw(stretch, noise);
        };
        let Stretch {
            means,
            rounds,
            watches,
            work,
        } = stretch;
        let [first, second] = watches;
        let mut players = [
            Player {
                walk: leader,
                mean: means[0],
                interest: Interest::from(first),
            },
            Player {
                walk: follower,
                mean: means[1],
                interest: Interest::from(second),
            },
        ];
        let mut drawn = Drawn {
            rounds: 0,
            stands: [true; 2],
            work: 0,
            accepted: 0,
        };
        // Rounds in blocks, whose rewards are still to be drawn for players that only sum them.
        let mut unsummed = 0;
        while drawn.rounds < rounds && drawn.stands == [true; 2] && drawn.work < work {
            let left = rounds - drawn.rounds;
            let reach = players
                .iter()
                .map(|player| player.reach(left))
                .min()
                .unwrap_or(left);
            if reach < BURST {
                let burst = self.stepwise.draw(
                    Stretch {
                        means,
                        rounds: left.min(BURST),
                        watches: players.each_mut().map(Player::watch),
                        work: u64::MAX,
                    },
                    noise,
                );
                drawn.rounds += burst.rounds;
                drawn.work += burst.rounds;
                drawn.stands = burst.stands;
            } else {
                let before = drawn.rounds;
                bisect(&mut players, reach, noise, &mut drawn);
                unsummed += drawn.rounds - before;
            }
        }
        for (player, stream) in players.iter_mut().zip(noise) {
            if let Interest::Add(tally) = &mut player.interest
                && unsummed > 0
            {
                tally.sum += player.walk.sum(player.mean, unsummed, stream);
                tally.count += unsummed;
            }
        }
        drawn
    }
}

/// One player's walk in a stretch.
struct Player<'a> {
    walk: Walk,
    mean: f64,
    interest: Interest<'a>,
}

enum Interest<'a> {
    None,
    Add(&'a mut Tally),
    Guard(&'a mut Tally, Barrier),
}

impl<'a> From<Watch<'a>> for Interest<'a> {
    fn from(watch: Watch<'a>) -> Self {
        match watch {
            // Streams need not keep step here: no other engine has to have the same bits.
            Watch::Skip | Watch::Discard => Interest::None,
            Watch::Add(tally) => Interest::Add(tally),
            Watch::Guard(tally, barrier) => Interest::Guard(tally, barrier),
        }
    }
}

impl Player<'_> {
    fn watch(&mut self) -> Watch<'_> {
        match &mut self.interest {
            Interest::None => Watch::Skip,
            Interest::Add(tally) => Watch::Add(tally),
            Interest::Guard(tally, barrier) => Watch::Guard(tally, *barrier),
        }
    }

    /// Length of the next block, at most `left`: about as far as the barrier will not be met.
    fn reach(&self, left: u64) -> u64 {
        let Interest::Guard(tally, barrier) = &self.interest else {
            return left;
        };
        let n = tally.count as f64;
        let gap = tally.sum - barrier.level(n);
        if gap <= 0.0 {
            return 0;
        }
        let fall = barrier.slope(n) - self.mean;
        let rounds = self.walk.reach(gap).min(gap / (2.0 * fall.max(0.0)));
        if rounds < left as f64 {
            crate::math::count(rounds)
        } else {
            left
        }
    }

    /// The walk's value after `rounds` more rounds, if anyone wants to know it now.
    fn leap(&self, rounds: u64, stream: &mut Stream) -> f64 {
        match self.interest {
            Interest::Guard(..) => self.walk.sum(self.mean, rounds, stream),
            _ => 0.0,
        }
    }

    /// The part of `sum` that the first `k` of `n` rounds have.
    fn split(&self, sum: f64, n: u64, k: u64, stream: &mut Stream) -> f64 {
        match self.interest {
            Interest::Guard(..) => self.walk.first_part(sum, n, k, stream),
            _ => 0.0,
        }
    }

    /// Whether the barrier is certainly not met within `rounds` rounds that sum to `sum`.
    fn stays_above(&self, sum: f64, rounds: u64) -> bool {
        let Interest::Guard(tally, barrier) = &self.interest else {
            return true;
        };
        let n = tally.count as f64;
        let start = tally.sum - barrier.level(n);
        let end = tally.sum + sum - barrier.level(n + rounds as f64);
        self.walk.stays_above(start, end, rounds)
    }

    /// Moves on by `rounds` rounds that sum to `sum`; whether the barrier is cleared there.
    fn advance(&mut self, sum: f64, rounds: u64) -> bool {
        let Interest::Guard(tally, barrier) = &mut self.interest else {
            return true;
        };
        tally.sum += sum;
        tally.count += rounds;
        barrier.clears(tally)
    }

    fn is_guarded(&self) -> bool {
        matches!(self.interest, Interest::Guard(..))
    }
}

/// A run of rounds and what each walk gains in it.
#[derive(Clone, Copy, Default)]
struct Block {
    rounds: u64,
    gains: [f64; 2],
}

/// Plays a block of `rounds` rounds, or up to the first round at which a barrier is failed.
fn bisect(players: &mut [Player<'_>; 2], rounds: u64, noise: &mut [Stream; 2], drawn: &mut Drawn) {
    let mut gains = [0.0; 2];
    for ((gain, player), stream) in gains.iter_mut().zip(&*players).zip(&mut *noise) {
        *gain = player.leap(rounds, stream);
    }
    let mut block = Block { rounds, gains };
    let mut right_halves = [Block::default(); DEPTH];
    let mut depth = 0;
    let guarded = players.iter().filter(|player| player.is_guarded()).count() as u64;
    loop {
        drawn.work += 1;
        let safe = (0..2).all(|i| players[i].stays_above(block.gains[i], block.rounds));
        if safe || block.rounds == 1 {
            for (i, player) in players.iter_mut().enumerate() {
                let clears = player.advance(block.gains[i], block.rounds);
                drawn.stands[i] = safe || clears;
            }
            drawn.rounds += block.rounds;
            drawn.accepted += if safe { guarded } else { 0 };
            if drawn.stands != [true; 2] || depth == 0 {
                return;
            }
            depth -= 1;
            block = right_halves[depth];
        } else {
            let half = block.rounds / 2;
            let mut left = Block {
                rounds: half,
                gains: [0.0; 2],
            };
            let mut right = Block {
                rounds: block.rounds - half,
                gains: block.gains,
            };
            for i in 0..2 {
                left.gains[i] = players[i].split(block.gains[i], block.rounds, half, &mut noise[i]);
                right.gains[i] -= left.gains[i];
            }
            right_halves[depth] = right;
            depth += 1;
            block = left;
        }
    }
}
