//! Many replications in lockstep, round by round: for players that may fail, or that decide for all
//! replications at once, such as learners in another language.
//!
//! A [`VectorPlayer`] is one player in all replications. [`Learners`] is the vector player of a learner of
//! this crate. The rewards are those of all engines, bit for bit.

mod learners;
mod replications;

use std::ops::Range;

pub use learners::Learners;

use self::replications::LockstepState;
use crate::error::{SpecError, locating};
use crate::game::Game;
use crate::learners::{Config, Seat};
use crate::outcome::{Outcome, Traces, check_size, zeros};
use crate::record::Checkpoints;
use crate::rewards::Rewards;
use crate::rng::{Choices, Role, Stream};

/// Rounds between two calls of the supervisor.
const LOOK: u64 = 16;

/// One player in several replications of a game.
///
/// Replication r asks the instance `instances[r]` of the player. A leader has one instance, 0. A follower
/// has one for each leader action, and `instances[r]` is the action to answer; a follower that sees the
/// leader's rewards has one instance for all actions. One that does not see the leader's action has instance 0 only, where the
/// run says so: see [`Lockstep::answered_by`].
pub trait VectorPlayer<E> {
    /// Writes the arm of each replication's instance, a number below the number of arms. Each replication
    /// has a stream for this decision.
    fn choose(
        &mut self,
        instances: &[usize],
        streams: &mut [Stream],
        arms: &mut [usize],
    ) -> Result<(), E>;

    /// Takes the rewards of the arms just chosen. `responses` are the follower's actions; a leader may
    /// use them only if it declares that it sees them.
    fn observe(
        &mut self,
        instances: &[usize],
        arms: &[usize],
        responses: &[usize],
        rewards: &[Rewards],
    ) -> Result<(), E>;

    /// Takes the leader's rewards, before the follower's own. Only a follower that sees them is called.
    fn overhear(&mut self, _arms: &[usize], _rewards: &[Rewards]) -> Result<(), E> {
        Ok(())
    }
}

/// An error that stopped a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure<E> {
    /// The error of a player or of the supervisor.
    pub error: E,
    /// The round in which it arose, counted from 1.
    pub round: u64,
}

/// A checked run whose players are named later.
#[derive(Debug)]
pub struct Lockstep<'g> {
    game: &'g Game,
    horizon: u64,
    replications: usize,
    seed: u64,
    rounds: Vec<u64>,
    trace: bool,
    /// The game in which a blind follower adds up its rewards.
    pooled: Option<Game>,
}

impl<'g> Lockstep<'g> {
    /// Checks the description of a run.
    pub fn new(
        game: &'g Game,
        horizon: u64,
        replications: usize,
        seed: u64,
        checkpoints: Checkpoints,
        trace: bool,
    ) -> Result<Self, SpecError> {
        check_size(horizon, replications)?;
        Ok(Self {
            game,
            horizon,
            replications,
            seed,
            rounds: checkpoints.rounds(horizon)?,
            trace,
            pooled: None,
        })
    }

    /// The same run for this follower, if it is a learner of the core: one that does not see the leader's action is asked
    /// for instance 0 in every round.
    #[must_use]
    pub fn answered_by(self, follower: &Config) -> Self {
        Self {
            pooled: follower.is_blind().then(|| self.game.pooled()),
            ..self
        }
    }

    /// The seat of a player, with the information that every learner gets.
    pub fn seat(&self, role: Role) -> Seat<'g> {
        Seat::new(self.game, role, self.horizon)
    }

    /// The streams of a player's decisions in some replications.
    fn choices(&self, role: Role, replications: Range<usize>) -> Vec<Choices> {
        let n = match role {
            Role::Leader => 1,
            Role::Follower => self.game.n_leader(),
        };
        let choices = |r| Choices::new(self.seed, r as u64, role, n);
        replications.map(choices).collect()
    }

    /// An empty outcome, which [`Self::play`] fills.
    pub fn outcome(&self) -> Result<Outcome, SpecError> {
        let (marks, cells) = (self.rounds.len(), self.game.n_cells());
        let traces = || {
            Ok(Traces {
                pulls: zeros(self.replications, marks * cells)?,
                switches: zeros(self.replications, 2)?,
                last_exploration: zeros(self.replications, 2)?,
            })
        };
        Ok(Outcome {
            rounds: self.rounds.clone(),
            utility: zeros(self.replications, 4 * marks)?,
            pulls: zeros(self.replications, cells)?,
            error_bound: 0.0,
            traces: self.trace.then(traces).transpose()?,
        })
    }

    /// Plays some of the replications in lockstep and writes their results to `outcome`. `supervisor` is
    /// called every 16 rounds with the number of rounds done in each replication.
    ///
    /// # Panics
    ///
    /// When a player names an arm that it does not have.
    pub fn play<E>(
        &self,
        replications: Range<usize>,
        leader: &mut dyn VectorPlayer<E>,
        follower: &mut dyn VectorPlayer<E>,
        outcome: &mut Outcome,
        supervisor: &mut dyn FnMut(u64) -> Result<(), E>,
    ) -> Result<(), Failure<E>> {
        let mut state = LockstepState::new(self, replications);
        let mut marks = self.rounds.iter().enumerate().peekable();
        let play = |round: &mut u64| {
            while *round < self.horizon {
                let fail = |error| Failure {
                    error,
                    round: *round + 1,
                };
                if (*round).is_multiple_of(LOOK) {
                    supervisor(*round).map_err(fail)?;
                }
                state.play(*round, leader, follower).map_err(fail)?;
                *round += 1;
                if let Some((k, _)) = marks.next_if(|&(_, &mark)| mark == *round) {
                    state.record(k, outcome);
                }
            }
            state.close(outcome);
            Ok(())
        };
        locating(&mut 0, play, |failure, round| {
            failure.round.get_or_insert(round + 1);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, EngineKind, Experiment, Noise};

    const HORIZON: u64 = 700;
    const REPLICATIONS: usize = 5;

    fn game() -> Game {
        let means = |step: f64| (0..6).map(|i| (f64::from(i) * step).fract()).collect();
        let noise = [Noise::Gaussian { sigma: 0.5 }, Noise::Bernoulli];
        Game::new(3, 2, means(0.618), means(0.382), noise).unwrap()
    }

    fn checkpoints() -> Checkpoints {
        Checkpoints::Rounds(vec![1, 17, 500])
    }

    /// The run between two learners of this crate, `width` replications at a time.
    fn in_lockstep(leader: &str, follower: &str, width: usize) -> Outcome {
        let game = game();
        let [leader, follower] = [leader, follower].map(|name| Config::new(name, vec![]).unwrap());
        let run = Lockstep::new(&game, HORIZON, REPLICATIONS, 3, checkpoints(), true).unwrap();
        let mut outcome = run.outcome().unwrap();
        for first in (0..REPLICATIONS).step_by(width) {
            let some = first..(first + width).min(REPLICATIONS);
            let players = |config, role| Learners::new(config, role, &run, some.clone()).unwrap();
            let mut leader = players(&leader, Role::Leader);
            let mut follower = players(&follower, Role::Follower);
            let mut watch = |_| Ok::<(), ()>(());
            run.play(some, &mut leader, &mut follower, &mut outcome, &mut watch)
                .unwrap();
        }
        outcome
    }

    #[test]
    fn rounds_in_lockstep_have_the_bits_of_rounds_in_sequence() {
        for (leader, follower) in [
            ("UCB", "UCB"),
            ("UniformLearner", "ActiveArmElimination"),
            ("PhasedUCB", "UniformLearner"),
            ("ExploreThenCommit", "ExploreThenCommit"),
            ("UCB", "BestManipulation"),
            ("UniformLearner", "ManipulationUCB"),
        ] {
            let game = game();
            let configs = [leader, follower].map(|name| Config::new(name, vec![]).unwrap());
            let stepwise = EngineKind::Stepwise;
            let [first, second] = &configs;
            let run = Experiment::new(
                &game,
                first,
                second,
                HORIZON,
                REPLICATIONS,
                3,
                checkpoints(),
                stepwise,
            );
            let expected = run.unwrap().tracing(true).run(1, &mut |_| true).unwrap();
            for width in [1, 2, REPLICATIONS] {
                assert_eq!(
                    in_lockstep(leader, follower, width),
                    expected,
                    "{leader} {follower}"
                );
            }
        }
    }

    /// A player that fails in the round of the given number.
    struct FailsInRound(u64);

    impl VectorPlayer<&'static str> for FailsInRound {
        fn choose(
            &mut self,
            _: &[usize],
            _: &mut [Stream],
            arms: &mut [usize],
        ) -> Result<(), &'static str> {
            self.0 -= 1;
            arms.fill(1);
            if self.0 == 0 { Err("no") } else { Ok(()) }
        }

        fn observe(
            &mut self,
            _: &[usize],
            _: &[usize],
            _: &[usize],
            _: &[Rewards],
        ) -> Result<(), &'static str> {
            Ok(())
        }
    }

    #[test]
    fn failures_know_their_round() {
        let game = game();
        let run = Lockstep::new(&game, HORIZON, 1, 3, checkpoints(), false).unwrap();
        let fail = |mut leader: FailsInRound, mut follower: FailsInRound, stop: u64| {
            let mut outcome = run.outcome().unwrap();
            let mut watch = |done| if done >= stop { Err("stop") } else { Ok(()) };
            run.play(0..1, &mut leader, &mut follower, &mut outcome, &mut watch)
                .unwrap_err()
        };
        let failure = |error, round| Failure { error, round };
        assert_eq!(fail(FailsInRound(5), FailsInRound(9), 99), failure("no", 5));
        assert_eq!(
            fail(FailsInRound(99), FailsInRound(9), 99),
            failure("no", 9)
        );
        assert_eq!(
            fail(FailsInRound(99), FailsInRound(99), 20),
            failure("stop", 33)
        );
    }
}
