//! Play by plans, with one decision a stretch.

mod external;
mod rotations;

use super::descent::{Arm, Descent, Foreseen};
use super::player::Player;
use super::reward_use::RewardUse;
use super::setup::{Play, Setup};
use super::stretch::{Engine, Stretch};
use super::trace::Trace;
use crate::game::Game;
use crate::learners::Tally;
use crate::rng::{Purpose, Stream};

/// Least number of rounds for which a rotation is tried.
const SHORTEST_ROTATION: u64 = 128;
/// Decisions between a rotation that was not worthwhile and the next try: a constant and a number for each
/// cell. A try looks at every cell, which must cost little beside the time in between.
const PAUSE: u64 = 512;
const PAUSE_PER_CELL: u64 = 32;
/// Largest number of pairs of actions for which rotations are tried: the walks of more pairs would take
/// too much memory.
const MOST_CELLS: usize = 1 << 16;

/// Work between two checks whether the leader stays long enough for the follower to descend.
const REST: u64 = 64;
/// Work between a search for a level that found none and the next search: a constant and a number for
/// each arm, doubled with each failure up to the given factor.
const LONG_REST: u64 = 1024;
const LONG_REST_PER_ARM: u64 = 32;
const LONGEST_REST: u64 = 16;
/// Least number of rounds for which the leader has to stay for a descent.
const SHORTEST_DESCENT: u64 = 256;

pub(crate) struct PlannedPlay {
    game: Game,
    engine: Box<dyn Engine>,
    leader: Player,
    /// The follower's instances: one for each leader action, or one for all.
    followers: Vec<Player>,
    /// Whether the follower is one learner for all leader actions, which wants to see each round.
    follower_is_one: bool,
    noise: [Stream; 2],
    choice: [Stream; 2],
    pulls: Vec<u64>,
    round: u64,
    accepted: u64,
    /// Whether rounds may be played in another order than they come in; see [`Engine::reorders`].
    reorders: bool,
    /// Decisions until the next rotation is tried.
    pause: u64,
    /// Work until the next descent is tried.
    rest: u64,
    /// Number of long rests after the next descent that fails.
    rests: u64,
    /// Rewards that a descent has drawn and that have not been played.
    foreseen: Option<Foreseen>,
    trace: Option<Box<Trace>>,
}

impl PlannedPlay {
    pub(crate) fn new(setup: &Setup, replication: u64, engine: Box<dyn Engine>) -> Self {
        let game = setup.game;
        let reorders = engine.reorders() && !setup.trace;
        Self {
            game: game.clone(),
            leader: Player::new(setup.leader.learner(&setup.leader_seat())),
            followers: setup.followers(|seat| Player::new(setup.follower.learner(seat))),
            follower_is_one: setup.follower.answers_all_actions(),
            noise: setup.streams(replication, Purpose::Noise),
            choice: setup.streams(replication, Purpose::Choice),
            pulls: vec![0; game.n_cells()],
            round: 0,
            accepted: 0,
            reorders,
            pause: if reorders && game.n_cells() <= MOST_CELLS {
                0
            } else {
                u64::MAX
            },
            rest: if reorders { LONG_REST } else { u64::MAX },
            rests: 1,
            foreseen: None,
            trace: setup.tracer(),
            engine,
        }
    }
}

impl Play for PlannedPlay {
    fn advance(&mut self, until: u64, budget: u64) -> u64 {
        let mut work = 0;
        while self.round < until && work < budget {
            let done = if self.follower_is_one {
                self.step_round()
            } else {
                self.step(until - self.round, budget - work)
            };
            self.rest = self.rest.saturating_sub(done);
            work += done;
        }
        self.round
    }

    fn round(&self) -> u64 {
        self.round
    }

    fn pulls(&self) -> &[u64] {
        &self.pulls
    }

    fn trace(&self) -> Option<&Trace> {
        self.trace.as_deref()
    }

    fn accepted(&self) -> u64 {
        self.accepted
    }
}

impl PlannedPlay {
    /// Plays a stretch of at most `left` rounds; returns the work it took.
    #[inline]
    fn step(&mut self, left: u64, budget: u64) -> u64 {
        self.leader.prepare(&mut self.choice[0]);
        // A pause of u64::MAX decisions never ends.
        let rotates = self.pause == 0 && self.foreseen.is_none();
        self.pause = self.pause.saturating_sub(1);
        if rotates
            && left >= SHORTEST_ROTATION
            && self.leader.may_rotate()
            && let Some(work) = self.rotate_actions(left, budget)
        {
            return work;
        }
        let descends = self.may_descend();
        // A schedule may be played arm by arm if nothing depends on the order. This holds for a leader's
        // schedule, because the follower's instances are independent; and for a follower's, unless the
        // leader is guarded.
        let window = if self.reorders { left } else { 1 };
        let (a, leader_stands) = self.leader.decide(window, &mut self.choice[0]);
        if rotates
            && leader_stands.min(left) >= SHORTEST_ROTATION
            && let Some(work) = self.rotate_responses(a, leader_stands.min(left), budget)
        {
            return work;
        }
        if descends && let Some(work) = self.descend(a, leader_stands.min(left)) {
            return work;
        }
        let follower = &mut self.followers[a];
        let window = if self.leader.is_guarded() {
            1
        } else {
            window.min(leader_stands)
        };
        let (b, follower_stands) = follower.decide(window, &mut self.choice[1]);
        let cell = self.game.cell(a, b);

        let committed = self.leader.is_committed();
        if committed && follower.is_committed() {
            // No later decision depends on a reward: the rest costs no work.
            self.played(a, b, left);
            return 0;
        }
        let rounds = leader_stands.min(follower_stands).min(left);
        let means = self.game.means(cell);
        let foreseen = Foreseen::at(&mut self.foreseen, a, b);
        if rounds == 1 && foreseen.is_none() {
            let (first, second) = self.engine.draw_round(means.into(), &mut self.noise);
            self.leader.take(b, first);
            follower.take(b, second);
            self.played(a, b, 1);
            return 1;
        }
        let leader = if committed {
            RewardUse::Unread
        } else {
            self.leader.stretch_use(b)
        };
        let uses = [leader, follower.stretch_use(b)];
        let stretch = Stretch {
            means,
            rounds,
            uses,
            work: budget,
            foreseen,
        };
        let drawn = self.engine.draw(stretch, &mut self.noise);
        self.leader.settle(b, drawn.rounds, drawn.stands[0]);
        follower.settle(b, drawn.rounds, drawn.stands[1]);
        self.played(a, b, drawn.rounds);
        self.accepted += drawn.accepted;
        drawn.work.max(1)
    }

    /// Whether the leader may stay long enough for the follower to descend to a level.
    #[inline]
    fn may_descend(&mut self) -> bool {
        if self.rest > 0 {
            return false;
        }
        self.rest = REST;
        if self.foreseen.is_some() {
            return false;
        }
        let Some((tally, barrier)) = self.leader.guard() else {
            return true;
        };
        let may = self.engine.may_descend(&tally, barrier, SHORTEST_DESCENT);
        if may {
            self.leader.renew(&mut self.choice[0]);
        }
        may
    }

    /// While the leader stays at `a`, for at most `limit` rounds, the follower descends to a level.
    /// Returns the work it took.
    fn descend(&mut self, a: usize, limit: u64) -> Option<u64> {
        let (game, follower) = (&self.game, &mut self.followers[a]);
        follower.prepare(&mut self.choice[1]);
        let arms = follower.index_arms()?;
        let arm = |(b, &tally): (usize, &Tally)| Arm {
            means: game.means(game.cell(a, b)),
            tally,
            rounds: 0,
            gain: 0.0,
            blocks: 0,
        };
        let mut descent = Descent {
            leader: self.leader.guard(),
            committed: self.leader.is_committed(),
            width: arms.width,
            arms: arms.tallies.iter().enumerate().map(arm).collect(),
            limit,
            blocks: Vec::new(),
        };
        self.rest = self.rests * (LONG_REST + LONG_REST_PER_ARM * descent.arms.len() as u64);
        self.rests = (2 * self.rests).min(LONGEST_REST);
        let descended = self.engine.descend(&mut descent, &mut self.noise)?;
        self.rests = 1;
        self.accepted += descended.accepted;
        if descended.landed {
            if descent.rounds() >= SHORTEST_DESCENT {
                self.rest = 0;
            }
            self.land(a, &descent);
        } else {
            self.foreseen = Some(descent.foreseen(a));
        }
        Some(descended.work.max(1))
    }

    /// Plays the rounds of a descent.
    fn land(&mut self, a: usize, descent: &Descent) {
        for (b, arm) in descent.arms.iter().enumerate() {
            self.leader.gain(a, b, arm.rounds, arm.gain);
            self.pulls[self.game.cell(a, b)] += arm.rounds;
        }
        self.followers[a].land(descent.arms.iter().map(|arm| arm.tally));
        self.leader.skip(descent.rounds(), true);
        self.round += descent.rounds();
    }

    /// Counts rounds of a pair of actions.
    #[inline]
    fn played(&mut self, a: usize, b: usize, rounds: u64) {
        if let Some(trace) = &mut self.trace {
            trace.note(a, b, self.round, rounds);
        }
        self.pulls[self.game.cell(a, b)] += rounds;
        self.round += rounds;
    }
}
