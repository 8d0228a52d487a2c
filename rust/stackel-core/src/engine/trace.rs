//! The rounds in which players change their actions.

/// The number of changes of action of each player, and the round of the last one.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    leader: Course,
    /// The course of the follower at each leader action.
    followers: Vec<Course>,
}

/// The course of one learner's actions.
#[derive(Debug, Clone, Default)]
struct Course {
    arm: Option<usize>,
    /// Number of rounds with another arm than the time before.
    switches: u64,
    /// The last round, counted from 1, in which the learner played.
    last: u64,
    /// The last round in which the learner played another arm than now; 0 if there was none.
    other: u64,
}

impl Trace {
    pub(crate) fn new(n_leader: usize) -> Self {
        Self {
            leader: Course::default(),
            followers: vec![Course::default(); n_leader],
        }
    }

    /// Records that after `round` rounds the pair (a, b) is played for `rounds` more.
    pub(crate) fn note(&mut self, a: usize, b: usize, round: u64, rounds: u64) {
        self.leader.note(a, round, rounds);
        self.followers[a].note(b, round, rounds);
    }

    /// Number of rounds in which an action differs from the one before, for leader and follower. A
    /// follower's response is compared with its last response to the same action.
    pub(crate) fn switches(&self) -> [u64; 2] {
        let follower = self.followers.iter().map(|course| course.switches).sum();
        [self.leader.switches, follower]
    }

    /// The last round in which an action was not the final one, for leader and follower; 0 if there was
    /// none. A follower's response is compared with its final response to the same action.
    pub(crate) fn last_exploration(&self) -> [u64; 2] {
        let follower = self.followers.iter().map(|course| course.other).max();
        [self.leader.other, follower.unwrap_or(0)]
    }
}

impl Course {
    fn note(&mut self, arm: usize, round: u64, rounds: u64) {
        if self.arm.is_some_and(|before| before != arm) {
            self.switches += 1;
            self.other = self.last;
        }
        self.arm = Some(arm);
        self.last = round + rounds;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_of_action_are_counted_and_dated() {
        let mut trace = Trace::new(2);
        let mut round = 0;
        for (a, b, rounds) in [
            (0, 0, 3),
            (0, 1, 2),
            (1, 1, 1),
            (0, 1, 4),
            (1, 0, 1),
            (1, 0, 5),
        ] {
            trace.note(a, b, round, rounds);
            round += rounds;
        }
        assert_eq!(trace.switches(), [3, 2]);
        assert_eq!(trace.last_exploration(), [10, 6]);
    }

    #[test]
    fn a_player_that_never_changes_never_explores() {
        let mut trace = Trace::new(1);
        trace.note(0, 2, 0, 1 << 50);
        assert_eq!(
            (trace.switches(), trace.last_exploration()),
            ([0; 2], [0; 2])
        );
    }
}
