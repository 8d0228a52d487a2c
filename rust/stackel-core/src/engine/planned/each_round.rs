//! Rounds of a leader that decides anew in each of them.
//!
//! It has to be told of every reward. The follower's instances have not: the rewards of each come from tapes of its own, whatever the leader
//! does in between. So an instance is asked for how many of its rounds its plan stands, and told of them together.

use super::PlannedPlay;
use crate::engine::player::Foresight;

/// Most rounds of an instance that are looked at ahead.
const LOOK: u64 = 128;
/// Least number of rewards of an arm that may be expected to stay for some rounds.
const KNOWN: u64 = 32;

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
            // The processor expects that the action stays, and reads its next reward while the leader still decides.
            let next = loop {
                work += 1;
                if self.untold[a] < self.known_of(a).rounds {
                    self.play_untold(a);
                } else {
                    self.tell_of_rounds(a);
                    work += self.ask_and_look_ahead(a);
                }
                if self.round == end || work >= budget {
                    break None;
                }
                let next = self.leader.ask_for_one(self.choice[0].stream(0));
                if next != Some(a) {
                    break next;
                }
            };
            match next {
                Some(next) => a = next,
                None => break,
            }
        }
        (0..self.untold.len()).for_each(|a| self.tell_of_rounds(a));
        work
    }

    /// What is known of the rounds to come of the instance that answers `a`.
    #[inline(always)]
    fn known_of(&self, a: usize) -> Foresight {
        self.followers[a].foresight().unwrap_or_default()
    }

    /// Plays a round with the action `a` of the leader, whose response is known.
    #[inline(always)]
    fn play_untold(&mut self, a: usize) {
        self.untold[a] += 1;
        let b = self.followers[a].arm();
        let cell = self.game.cell(a, b);
        self.leader.take_single(a, b, &self.tables[0].next(cell));
        if let Some(trace) = &mut self.trace {
            trace.note(a, b, self.round, 1);
        }
        self.choice[0].pass(0, 1);
        self.pulls[cell] += 1;
        self.round += 1;
    }

    /// Tells the instance that answers `a` of its rounds.
    fn tell_of_rounds(&mut self, a: usize) {
        let rounds = std::mem::take(&mut self.untold[a]);
        if rounds == 0 {
            return;
        }
        let known = self.known_of(a);
        let follower = &mut self.followers[a];
        let b = follower.arm();
        let cell = self.game.cell(a, b);
        let rewards = self.tables[1].rewards(cell, 0, rounds);
        follower.take(b, &rewards, known.stands || rounds < known.rounds);
        self.tables[1].pass(cell, rounds);
        self.choice[1].pass(a, rounds);
    }

    /// Plays a round with the action `a` of the leader, whose response is asked for; returns what work it took to look ahead.
    fn ask_and_look_ahead(&mut self, a: usize) -> u64 {
        self.prepare_follower(a);
        let follower = &mut self.followers[a];
        let (b, stands_for) = follower.decide(1, || self.choice[1].stream(a));
        let may_stay = !follower.settles()
            && (follower.guard()).is_some_and(|(tally, _)| tally.count >= KNOWN);
        if !may_stay {
            let reads = [true, !follower.reads_nothing()];
            self.play_round(a, b, reads);
            return 0;
        }
        let (_, work) = self.look_ahead(a, b, stands_for.min(LOOK), u64::MAX);
        self.play_untold(a);
        work
    }
}
