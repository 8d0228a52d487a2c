//! A learner, the plan it is following, and how far along it is.

use std::sync::Arc;

use super::Watch;
use crate::learners::{Barrier, Learner, Plan};
use crate::rng::Stream;

pub(super) struct Player {
    learner: Box<dyn Learner>,
    mode: Mode,
    /// The arm the plan names; in a cycle, the arm whose turn it is.
    arm: usize,
    /// Rounds until the learner has to be asked again.
    left: u64,
    /// The cycle last planned, and the place in it.
    cycle: Arc<[usize]>,
    place: usize,
    /// Arms of the cycle with the rounds each still has to be played, where they are played one
    /// after the other instead of in turn.
    blocks: Vec<(usize, u64)>,
}

/// What kind of plan it is. A plan is taken apart as soon as it arrives: moving it as a whole,
/// just written field by field, would cost more than a round of play.
#[derive(Clone, Copy)]
enum Mode {
    Fixed,
    Cycle,
    While(Barrier),
    Once,
}

impl Player {
    pub(super) fn new(learner: Box<dyn Learner>) -> Self {
        Self {
            learner,
            mode: Mode::Once,
            arm: 0,
            left: 0,
            cycle: Arc::new([]),
            place: 0,
            blocks: Vec::new(),
        }
    }

    /// The arm to play now, and how many rounds that may stand. The order in which a schedule is
    /// played over the next `window` rounds does not matter.
    #[inline]
    pub(super) fn decide(&mut self, window: u64, choice: &mut Stream) -> (usize, u64) {
        if self.left == 0 {
            self.ask(choice);
        }
        match self.mode {
            Mode::Cycle if self.cycle.len() > 1 => self.take_turn(window),
            _ => (self.arm, self.left),
        }
    }

    #[inline]
    fn take_turn(&mut self, window: u64) -> (usize, u64) {
        if window > 1 && self.blocks.is_empty() {
            self.block(window.min(self.left));
        }
        match self.blocks.last() {
            Some(&(arm, rounds)) => {
                self.arm = arm;
                (arm, rounds)
            }
            None => (self.arm, 1),
        }
    }

    /// Sums up what each arm is due in the next `window` rounds.
    #[allow(clippy::cast_possible_truncation)] // a remainder of a usize
    fn block(&mut self, window: u64) {
        let length = self.cycle.len() as u64;
        let due = (0..self.cycle.len()).map(|i| {
            let arm = self.cycle[(self.place + i) % self.cycle.len()];
            (
                arm,
                window / length + u64::from((i as u64) < window % length),
            )
        });
        self.blocks.extend(due.filter(|&(_, rounds)| rounds > 0));
        self.place = (self.place + (window % length) as usize) % self.cycle.len();
    }

    #[inline]
    fn ask(&mut self, choice: &mut Stream) {
        match self.learner.plan(choice) {
            Plan::Fixed { arm } => (self.mode, self.arm, self.left) = (Mode::Fixed, arm, u64::MAX),
            Plan::While {
                arm,
                barrier,
                rounds,
            } => {
                (self.mode, self.arm, self.left) = (Mode::While(barrier), arm, rounds);
            }
            Plan::Once { arm } => (self.mode, self.arm, self.left) = (Mode::Once, arm, 1),
            Plan::Cycle { arms, rounds } => {
                (self.mode, self.arm, self.left) = (Mode::Cycle, arms[0], rounds);
                (self.cycle, self.place) = (arms, 0);
            }
        }
    }

    /// Whether no reward can change its decisions any more.
    #[inline]
    pub(super) fn is_committed(&self) -> bool {
        matches!(self.mode, Mode::Fixed)
    }

    /// Whether its decision depends on every single reward.
    #[inline]
    pub(super) fn is_guarded(&self) -> bool {
        matches!(self.mode, Mode::While(_))
    }

    /// What it wants from the rewards of the stretch it has just decided on.
    #[inline]
    pub(super) fn watch(&mut self, response: usize) -> Watch<'_> {
        match self.mode {
            Mode::Fixed => Watch::Discard,
            Mode::While(barrier) => Watch::Guard(self.learner.tally(self.arm, response), barrier),
            Mode::Cycle | Mode::Once => Watch::Add(self.learner.tally(self.arm, response)),
        }
    }

    /// Takes the reward of a round by itself.
    #[inline]
    pub(super) fn take(&mut self, response: usize, reward: f64) {
        let stands = match self.mode {
            Mode::Fixed => return,
            Mode::While(barrier) => {
                let tally = self.learner.tally(self.arm, response);
                tally.add(reward);
                barrier.clears(tally)
            }
            Mode::Cycle | Mode::Once => {
                self.learner.tally(self.arm, response).add(reward);
                true
            }
        };
        self.settle(response, 1, stands);
    }

    /// Takes note that `rounds` rounds were played, and whether its decision still stands.
    #[inline]
    pub(super) fn settle(&mut self, response: usize, rounds: u64, stands: bool) {
        if self.is_committed() {
            return;
        }
        self.learner.observe(self.arm, response, rounds);
        self.left = if stands { self.left - rounds } else { 0 };
        if !matches!(self.mode, Mode::Cycle) {
            return;
        }
        if let Some((_, due)) = self.blocks.last_mut() {
            *due -= rounds;
            if *due > 0 {
                return;
            }
            self.blocks.pop();
        } else {
            self.place = if self.place + 1 < self.cycle.len() {
                self.place + 1
            } else {
                0
            };
        }
        self.arm = self.cycle[self.place];
    }
}
