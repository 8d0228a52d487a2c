//! The leap engine: draws whole stretches.
//!
//! Rewards that only have to be summed are drawn as one sum. Where a decision depends on a sum as
//! it comes about, the sum is a random walk (`walk`), and the stretch ends at a stopping time: the
//! first round at which a walk fails its condition. `bisect` finds it; `pair` are the two walks of a
//! single pair of actions, `lanes` those of several pairs that are played in turn.

mod bisect;
mod lanes;
mod pair;
mod walk;

use self::lanes::Lanes;
use self::pair::Pair;
use self::walk::Walk;
use super::sweep::Sweep;
use super::{Drawn, Engine, Stretch, stepwise};
use crate::noise::Noise;
use crate::rng::Stream;

/// Stretches that are limited to so few rounds are stepped without further ado.
const SHORT: u64 = 64;

/// The engine for a pair of laws.
pub(super) fn engine(noise: [Noise; 2], negligible: f64) -> Box<dyn Engine> {
    Box::new(Leap {
        walks: noise.map(|law| Walk::of(law, negligible)),
        stepwise: stepwise::engine(noise),
    })
}

struct Leap {
    walks: [Walk; 2],
    /// For walks without bridges, and for walks close to their barrier.
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
        if stretch.rounds <= SHORT {
            return self.stepwise.draw(stretch, noise);
        }
        let guarded = |i: usize| stretch.watches[i].is_guard();
        if (0..2).any(|i| guarded(i) && !self.walks[i].has_bridges()) {
            return self.stepwise.draw(stretch, noise);
        }
        Pair::new(self.walks, stretch).play(&*self.stepwise, noise)
    }

    fn sweep(&self, sweep: &mut Sweep, work: u64, noise: &mut [Stream; 2]) -> Option<Drawn> {
        Lanes::new(self.walks, sweep)?.play(work, noise)
    }
}
