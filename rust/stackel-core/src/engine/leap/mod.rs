//! The leap engine: draws whole stretches.
//!
//! Rewards that only have to be summed are drawn as one sum. Where a decision depends on a sum after
//! every round, the sum is a random walk (`walk`), and the stretch ends at a stopping time: the first
//! round at which a walk fails its guard. `bisect` finds that round. `pair` holds the two walks of a single
//! pair of actions, `lanes` those of several pairs that are played in turn, and `levels` those of a
//! follower that descends.

mod bisect;
mod lanes;
mod levels;
mod pair;
mod sums;
mod walk;

use self::lanes::Lanes;
use self::pair::Pair;
use self::walk::Walk;
use super::descent::{Descended, Descent};
use super::reward_use::{RewardUse, StretchUse};
use super::rotation::Rotation;
use super::stepwise;
use super::stretch::{Drawn, Engine, Stretch};
use crate::learners::{IndexBarrier, Tally};
use crate::noise::Noise;
use crate::rng::Stream;

/// The engine for a pair of laws.
pub(super) fn engine(noise: [Noise; 2], crossing_tolerance: f64) -> Box<dyn Engine> {
    let stepwise = stepwise::engine(noise);
    match noise.map(|law| Walk::of(law, crossing_tolerance)) {
        [Some(leader), Some(follower)] => Box::new(Leap {
            walks: [leader, follower],
            stepwise,
        }),
        _ => stepwise,
    }
}

struct Leap {
    walks: [Walk; 2],
    /// For walks without bridges, and for walks close to their barrier.
    stepwise: Box<dyn Engine>,
}

impl Leap {
    /// Rounds to step where a guarded walk is close to its barrier. `None` if a guarded walk has no bridges.
    fn burst(&self, uses: &[StretchUse<'_>; 2]) -> Option<u64> {
        let guarded = || (0..2).filter(|&i| uses[i].is_guarded());
        let bridges = guarded().all(|i| self.walks[i].has_bridges());
        bridges.then(|| guarded().map(|i| self.walks[i].burst()).max().unwrap_or(0))
    }

    /// Whether all guarded walks are so close to their barriers that stepping is faster.
    #[inline]
    fn starts_near(&self, uses: &[StretchUse<'_>; 2]) -> bool {
        let near = |i: usize| match &uses[i] {
            RewardUse::Guarded(tally, barrier) => {
                self.walks[i].is_near(tally.sum - barrier.level(tally.count as f64))
            }
            RewardUse::Unread | RewardUse::Discarded => true,
            RewardUse::Summed(_) => false,
        };
        near(0) && near(1)
    }

    /// Plays the first round of a stretch.
    #[inline]
    fn first_round(&self, stretch: &mut Stretch<'_>, noise: &mut [Stream; 2]) -> Drawn {
        let (first, second) = self.stepwise.draw_round(stretch.means.into(), noise);
        let [leader, follower] = &mut stretch.uses;
        stretch.rounds -= 1;
        Drawn {
            rounds: 1,
            stands: [leader.take(first), follower.take(second)],
            work: 1,
            accepted: 0,
        }
    }
}

impl Engine for Leap {
    fn reorders(&self) -> bool {
        true
    }

    fn draw_round(&self, means: (f64, f64), noise: &mut [Stream; 2]) -> (f64, f64) {
        self.stepwise.draw_round(means, noise)
    }

    fn draw(&self, mut stretch: Stretch<'_>, noise: &mut [Stream; 2]) -> Drawn {
        if let Some(foreseen) = stretch.foreseen.take() {
            return Pair::new(self.walks, stretch).replay(foreseen, noise);
        }
        let Some(burst) = self.burst(&stretch.uses) else {
            return self.stepwise.draw(stretch, noise);
        };
        // Many stretches end with their first round, and most that begin near a barrier end soon after:
        // these rounds are stepped before any block is drawn.
        let first = self.first_round(&mut stretch, noise);
        if stretch.rounds == 0 || first.stands != [true; 2] {
            return first;
        }
        let mut drawn = first;
        if self.starts_near(&stretch.uses) {
            let rounds = stretch.rounds.min(burst);
            let stepped = self.stepwise.draw(stretch.shortened(rounds), noise);
            let goes_on = stepped.rounds == rounds && stepped.stands == [true; 2];
            drawn = drawn.and(stepped);
            stretch.rounds -= rounds;
            if stretch.rounds == 0 || !goes_on {
                return drawn;
            }
        }
        let rest = Pair::new(self.walks, stretch).play(burst, &*self.stepwise, noise);
        drawn.and(rest)
    }

    fn rotate(&self, rotation: &mut Rotation, work: u64, noise: &mut [Stream; 2]) -> Option<Drawn> {
        Lanes::new(self.walks, rotation)?.play(work, noise)
    }

    fn may_descend(&self, leader: &Tally, barrier: IndexBarrier, rounds: u64) -> bool {
        let start = leader.sum - barrier.level(leader.count as f64);
        self.walks[0].keeps_above(start, start, rounds as f64)
    }

    fn descend(&self, descent: &mut Descent, noise: &mut [Stream; 2]) -> Option<Descended> {
        // If the leader does not stay, the rewards drawn are played with both players guarded.
        let watched = [descent.leader.is_some(), true];
        if (0..2).any(|i| watched[i] && !self.walks[i].has_bridges()) {
            return None;
        }
        descent.descend(self.walks, noise)
    }
}
