//! A learner, its plan, and the place in the plan.

mod drawn;
mod each_round;
mod external;
mod foresight;
mod schedule;
mod settled;

use std::sync::Arc;

pub(super) use self::foresight::Foresight;
pub(super) use self::schedule::Lookout;
use crate::learners::{EliminationBound, IndexArms, IndexBarrier, Learner, Plan, Tally};
use crate::rewards::Rewards;
use crate::rng::Stream;

/// Least number of rounds of an arm that are worth putting together.
const SHORTEST_BLOCK: u64 = 4;

pub(crate) struct Player {
    learner: Box<dyn Learner>,
    /// Whether the learner ever has a corridor.
    mixes: bool,
    /// Whether it ever has unsettled rewards.
    settles: bool,
    /// Whether it is asked in every round.
    is_asked_each_round: bool,
    mode: Mode,
    /// The arm of the plan; in a cycle, the arm whose turn it is.
    arm: usize,
    /// Rounds until the learner has to be asked again.
    left: u64,
    /// What is known of them, for a follower's instance, whose rewards come from tapes of its own.
    foresight: Foresight,
    /// Most of them, whatever a bound under which a schedule goes on may promise.
    most: u64,
    /// The cycle last planned, the place in it, and the bound under which it goes on beyond its end.
    cycle: Arc<[usize]>,
    place: usize,
    again: Option<EliminationBound>,
    /// Arms of the cycle with the rounds that each still has to be played, where arms are played one after
    /// the other instead of in turn.
    blocks: Vec<(usize, u64)>,
}

/// The kind of a plan. A plan is taken apart as soon as it arrives: moving it as a whole, just after it was
/// written field by field, would cost more than a round of play.
#[derive(Clone, Copy)]
enum Mode {
    Fixed,
    Cycle,
    While(IndexBarrier),
    Drawn,
    Once,
    /// An arm for some rounds of which no reward is read.
    Unread,
}

impl Player {
    pub(crate) fn new(learner: Box<dyn Learner>) -> Self {
        Self {
            mixes: learner.mixes(),
            settles: learner.settles(),
            is_asked_each_round: learner.is_asked_each_round(),
            learner,
            mode: Mode::Once,
            arm: 0,
            left: 0,
            foresight: Foresight::default(),
            most: u64::MAX,
            cycle: Arc::new([]),
            place: 0,
            again: None,
            blocks: Vec::new(),
        }
    }

    /// The arm to play now, and the number of rounds for which it stands. A schedule may be played in any
    /// order over the next `window` rounds.
    #[inline]
    pub(super) fn decide(&mut self, window: u64, choice: impl FnOnce() -> Stream) -> (usize, u64) {
        self.prepare(choice);
        match self.mode {
            Mode::Cycle if self.cycle.len() > 1 => self.take_turn(window),
            Mode::Drawn => self.draw(window),
            _ => (self.arm, self.left),
        }
    }

    /// Asks the learner for a plan if the last one is over.
    #[inline]
    pub(super) fn prepare(&mut self, choice: impl FnOnce() -> Stream) {
        if self.left == 0 {
            self.ask(&mut choice());
        }
    }

    #[inline]
    fn take_turn(&mut self, window: u64) -> (usize, u64) {
        let window = window.min(self.left);
        // Few rounds of an arm are played one by one as fast as they are put together.
        if window >= SHORTEST_BLOCK * self.cycle.len() as u64 && self.blocks.is_empty() {
            self.block(window);
        }
        match self.blocks.last() {
            Some(&(arm, rounds)) => {
                self.arm = arm;
                (arm, rounds)
            }
            None => (self.arm, 1),
        }
    }

    /// Puts the rounds together that each arm is due in the next `window` rounds.
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
        let plan = self.learner.plan(choice);
        self.follow(plan);
    }

    #[inline]
    fn follow(&mut self, plan: Plan) {
        self.forget();
        match plan {
            Plan::Fixed { arm } => (self.mode, self.arm, self.left) = (Mode::Fixed, arm, u64::MAX),
            Plan::While {
                arm,
                barrier,
                rounds,
            } => {
                (self.mode, self.arm, self.left) = (Mode::While(barrier), arm, rounds.max(1));
            }
            Plan::Once { arm } => (self.mode, self.arm, self.left) = (Mode::Once, arm, 1),
            Plan::Drawn => (self.mode, self.left) = (Mode::Drawn, u64::MAX),
            Plan::Cycle {
                arms,
                rounds,
                again,
            } => {
                (self.mode, self.arm, self.left) = (Mode::Cycle, arms[0], rounds.max(1));
                (self.cycle, self.place, self.again) = (arms, 0, again);
            }
        }
        self.most = self.learner.limit().max(1);
        if self.most < u64::MAX {
            self.left = self.left.min(self.most);
            if matches!(self.mode, Mode::Fixed) {
                self.mode = Mode::Unread;
            }
        }
    }

    /// Whether the player is committed: no reward can change its decisions any more.
    #[inline]
    pub(super) fn is_committed(&self) -> bool {
        matches!(self.mode, Mode::Fixed)
    }

    /// Whether the player reads no reward: it is committed, or draws its arms whatever they are.
    #[inline]
    pub(super) fn reads_nothing(&self) -> bool {
        matches!(self.mode, Mode::Fixed | Mode::Drawn | Mode::Unread)
    }

    /// Plays `arm` for some rounds, whatever the learner would do.
    pub(super) fn stay(&mut self, arm: usize, rounds: u64) {
        (self.mode, self.arm, self.left) = (Mode::Once, arm, rounds);
        self.forget();
    }

    /// Whether the player's decision depends on every single reward.
    #[inline]
    pub(super) fn is_guarded(&self) -> bool {
        matches!(self.mode, Mode::While(_))
    }

    /// The statistics and the barrier of a guarded player.
    #[inline]
    pub(super) fn guard(&mut self) -> Option<(&Tally, IndexBarrier)> {
        match self.mode {
            Mode::While(barrier) => Some((self.learner.tally(self.arm, 0), barrier)),
            _ => None,
        }
    }

    /// The arms of an index policy that is playing the arm with the largest index.
    pub(super) fn index_arms(&self) -> Option<IndexArms<'_>> {
        if self.is_guarded() {
            self.learner.index_arms()
        } else {
            None
        }
    }

    /// Most rounds until the learner has to be asked again, whatever it plays.
    pub(super) fn most(&self) -> u64 {
        self.most
    }

    /// Replaces the statistics of the arms. The player then has to be asked again.
    pub(super) fn land(&mut self, tallies: &[Tally]) {
        self.learner.land(tallies);
        self.left = 0;
    }

    /// Plays `arm` for at most `rounds` rounds, as long as its statistics clear a barrier, whatever the learner would do.
    pub(super) fn aim(&mut self, arm: usize, barrier: IndexBarrier, rounds: u64) {
        (self.mode, self.arm, self.left) = (Mode::While(barrier), arm, rounds);
        self.forget();
    }

    /// The arm of the plan.
    #[inline]
    pub(super) fn arm(&self) -> usize {
        self.arm
    }

    /// Whether the learner has to be asked before the next round.
    pub(super) fn is_done(&self) -> bool {
        self.left == 0
    }

    /// Takes the rewards of rounds of the present decision. `stands` says whether it still stands.
    #[inline]
    pub(super) fn take(&mut self, response: usize, rewards: &Rewards, stands: bool) {
        self.learner.take(self.arm, response, rewards);
        self.pass(rewards.count(), stands);
    }

    /// Takes the reward of a single round.
    #[inline(always)]
    pub(crate) fn take_one(&mut self, response: usize, reward: &Rewards) {
        if self.is_committed() {
            return;
        }
        if !self.reads_nothing() {
            self.learner.take(self.arm, response, reward);
        }
        let stands = match self.mode {
            Mode::While(barrier) => barrier.clears(self.learner.tally(self.arm, response)),
            _ => true,
        };
        self.pass(1, stands);
    }

    /// Moves on in the plan.
    #[inline]
    pub(super) fn pass(&mut self, rounds: u64, stands: bool) {
        self.left = if stands { self.left - rounds } else { 0 };
        self.foresight.rounds = self.foresight.rounds.saturating_sub(rounds);
        self.most = self.most.saturating_sub(rounds);
        if !matches!(self.mode, Mode::Cycle | Mode::Drawn) {
            return;
        }
        if let Some((_, due)) = self.blocks.last_mut() {
            *due -= rounds;
            if *due > 0 {
                return;
            }
            self.blocks.pop();
            if matches!(self.mode, Mode::Drawn) {
                return;
            }
        } else if matches!(self.mode, Mode::Drawn) {
            if let Some(mixture) = self.learner.mixture() {
                mixture.pass(rounds);
            }
            return;
        } else {
            self.place = if self.place + 1 < self.cycle.len() {
                self.place + 1
            } else {
                0
            };
        }
        self.arm = self.cycle[self.place];
    }

    /// The statistics of an arm.
    pub(super) fn tally(&mut self, arm: usize, response: usize) -> Tally {
        *self.learner.tally(arm, response)
    }
}
