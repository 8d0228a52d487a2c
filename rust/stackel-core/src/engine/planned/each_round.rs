//! Rounds of a leader that decides anew in each of them.
//!
//! It has to be told of every reward. The follower's instances have not: the rewards of each come from tapes of its own, whatever the leader
//! does in between. So an instance is asked for how many of its rounds its plan stands, and told of them together.

use super::PlannedPlay;
use super::stretch::Stretch;
use crate::rewards::Search;

/// Most rounds of an instance that are looked at ahead.
const LOOK: u64 = 128;

/// Rounds of an instance of the follower that were looked at ahead.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ahead {
    /// The response in all of them.
    response: usize,
    /// Their number, and how many of them are played.
    rounds: u64,
    played: u64,
    /// Whether the plan stands after all of them.
    stands: bool,
}

impl PlannedPlay {
    /// Whether the leader decides anew in every round, and each of the follower's instances has tapes of its own.
    #[inline]
    pub(super) fn leader_is_asked_each_round(&self) -> bool {
        self.leader.is_asked_each_round() && !self.one_by_one && !self.instances.blind
    }

    /// Plays at most `left` rounds, of which the leader has decided on the action `a` of the first one; returns the work it took.
    pub(super) fn play_each_round(&mut self, mut a: usize, left: u64, budget: u64) -> u64 {
        let end = self.round + left;
        let mut work = 0;
        loop {
            work += 1;
            if self.ahead[a].played < self.ahead[a].rounds {
                self.lead_alone(a);
            } else {
                self.catch_up(a);
                work += self.ask_and_look(a);
            }
            if self.round == end || work >= budget {
                break;
            }
            self.leader.prepare(|| self.choice[0].stream(0));
            match self.leader.single() {
                Some(next) => a = next,
                None => break,
            }
        }
        for instance in 0..self.ahead.len() {
            self.catch_up(instance);
            self.ahead[instance] = Ahead::default();
        }
        work
    }

    /// Plays a round whose response is known.
    #[inline(always)]
    fn lead_alone(&mut self, a: usize) {
        let ahead = &mut self.ahead[a];
        ahead.played += 1;
        let b = ahead.response;
        let cell = self.game.cell(a, b);
        self.leader.take_one(b, &self.tables[0].next(cell));
        if let Some(trace) = &mut self.trace {
            trace.note(a, b, self.round, 1);
        }
        self.choice[0].pass(0, 1);
        self.pulls[cell] += 1;
        self.round += 1;
    }

    /// Tells the instance that answers `a` of the rounds that it has played.
    fn catch_up(&mut self, a: usize) {
        let Ahead {
            response,
            rounds,
            played,
            stands,
        } = self.ahead[a];
        if played == 0 {
            return;
        }
        let cell = self.game.cell(a, response);
        let rewards = self.tables[1].rewards(cell, 0, played);
        self.followers[a].take(response, &rewards, stands || played < rounds);
        self.tables[1].pass(cell, played);
        self.choice[1].pass(a, played);
    }

    /// Plays a round with the action `a` of the leader, whose response is asked for; returns what work it took to look ahead.
    fn ask_and_look(&mut self, a: usize) -> u64 {
        self.prepare_follower(a);
        let follower = &mut self.followers[a];
        let (b, stands_for) = follower.decide(1, || self.choice[1].stream(a));
        let guard = if follower.settles() {
            None
        } else {
            follower.guard()
        };
        let Some(guard) = guard else {
            self.ahead[a] = Ahead::default();
            let reads = [true, !follower.reads_nothing()];
            self.play_round(a, b, reads);
            return 0;
        };
        let mut search = Search::new(self.certainty);
        let stretch = Stretch {
            cell: self.game.cell(a, b),
            rounds: stands_for.min(LOOK),
            budget: u64::MAX,
        };
        let (rounds, [_, stands]) =
            stretch.first_to_fail([None, Some(guard)], &mut self.tables, &mut search);
        self.accepted += search.skipped;
        self.ahead[a] = Ahead {
            response: b,
            rounds,
            played: 0,
            stands,
        };
        self.lead_alone(a);
        search.work
    }
}
