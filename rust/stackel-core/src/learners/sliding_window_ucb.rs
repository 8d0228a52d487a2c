//! `SlidingWindowUCB(window, sigma, confidence)`: upper confidence bounds from the last rounds only.
//!
//! After Garivier and Moulines (2011), whose rewards in [0, B] have sigma = B/2 and whose xi is half the
//! confidence. Every round is decided anew: rewards leave the window, of whichever arm they are.

use super::RoundByRound;
use super::entry::{BOTH, Entry, Horizon, Information, Seat, every_round};
use super::schema::{Args, Param, Value};
use super::support::first::First;
use super::support::index::width;
use super::support::ties::Ties;
use super::support::window::Window;
use crate::archive::Archive;
use crate::error::SpecError;
use crate::math::{count, ln};
use crate::rewards::Rewards;
use crate::rng::Stream;

const WINDOW: Param = Param::length("window", 1);

/// The most rewards that a learner remembers one by one.
const MOST: u64 = 1 << 24;

pub(super) const ENTRY: Entry = Entry {
    name: "SlidingWindowUCB",
    roles: BOTH,
    summary: "largest mean + radius over the last rounds, as if nothing had been before",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: None,
    params: &[
        WINDOW,
        Param::SIGMA,
        Param::CONFIDENCE,
        Ties::PARAM,
        First::PARAM,
    ],
    fill,
    play: every_round!(|args, seat| SlidingWindowUcb::new(args, seat)),
};

/// `2 sqrt(T ln T)`: what the authors advise where rewards in [0, 1] change once.
fn fill(args: &mut Args, seat: &Seat) -> Result<(), SpecError> {
    let horizon = seat.horizon as f64;
    let advised = count((2.0 * (horizon * ln(horizon)).sqrt()).ceil());
    args.fill(WINDOW.name, Value::Count(advised.clamp(1, MOST)));
    let window = args.count(WINDOW.name);
    if window.min(seat.horizon) <= MOST {
        return Ok(());
    }
    let allowed =
        format!("at most {MOST} where the horizon is longer, for all of it is remembered");
    Err(SpecError::new(WINDOW.name, allowed, window.to_string()))
}

struct SlidingWindowUcb {
    sigma: f64,
    confidence: f64,
    ties: Ties,
    first: First,
    window: Window,
    /// The number of rewards in the window in the last round, and the width for it.
    width: (usize, f64),
    /// The index of each arm with that width. Only few change in a round.
    indices: Vec<f64>,
}

impl SlidingWindowUcb {
    fn new(args: &Args, seat: &Seat) -> Self {
        let length = args.count(WINDOW.name).min(seat.horizon);
        Self {
            sigma: args.real("sigma"),
            confidence: args.real("confidence"),
            ties: Ties::of(args),
            first: First::of(args),
            // No more than MOST.
            window: Window::new(usize::try_from(length).unwrap_or(1), seat.n_arms()),
            width: (usize::MAX, 0.0),
            indices: vec![f64::INFINITY; seat.n_arms()],
        }
    }

    #[inline]
    fn refresh(&mut self, arm: usize) {
        let (count, sum) = self.window.of(arm);
        let count = count as f64;
        self.indices[arm] = sum / count + self.width.1 / count.sqrt();
    }

    fn refresh_all(&mut self) {
        (0..self.indices.len()).for_each(|arm| self.refresh(arm));
    }
}

impl RoundByRound for SlidingWindowUcb {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        if let Some(untried) = self.window.untried()
            && let Some(arm) = self.first.next(untried, choice)
        {
            return arm;
        }
        let rewards = self.window.rewards();
        if self.width.0 != rewards {
            let log = ln(rewards.max(1) as f64);
            self.width = (rewards, width(self.sigma, self.confidence, log));
            self.refresh_all();
        }
        self.ties.pick(self.indices.iter().copied(), choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        match self.window.push(arm, reward.value()) {
            Some([arm, left]) => {
                self.refresh(arm);
                if left != arm {
                    self.refresh(left);
                }
            }
            None => self.refresh_all(),
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.window.exchange(archive);
        self.refresh_all();
    }
}
