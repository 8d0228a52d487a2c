//! One game in pieces: played on by any number of rounds, inspected, saved and loaded.

mod agent;
mod external;

pub use agent::Agent;
pub use external::Script;
use external::check_reward;

use crate::archive::Archive;
use crate::engine::{PlannedPlay, Play};
use crate::ensemble::Experiment;
use crate::error::{RunError, SpecError, locating};
use crate::game::Game;
use crate::outcome::zeros;
use crate::supervision::{Progress, Supervisor, Watchman};

/// One replication of an [`Experiment`] in progress.
///
/// The n-th pull of an arm has the n-th entry of its tape, whether [`Self::step`] or [`Self::advance`] plays it:
/// any mixture of both plays the same game.
///
/// ```
/// use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise, Simulation};
///
/// let noise = [Noise::Gaussian { sigma: 1.0 }; 2];
/// let game = Game::new(2, 2, vec![0.6, 0.2, 0.5, 0.4], vec![0.4, 0.0, 0.3, 0.2], noise)?;
/// let ucb = Config::new("UCB", vec![])?;
/// let experiment = || Experiment::new(
///     &game, &ucb, &ucb, 10_000, 1, 2024, Checkpoints::Default, EngineKind::Leap,
/// );
/// let mut simulation = Simulation::new(&experiment()?, 0)?;
/// simulation.advance(9_000, &mut |_fraction_done| true)?;
/// let bytes = simulation.save()?;
/// let rounds = simulation.step(1_000, [None, None], &mut |_| true)?;
///
/// let mut again = Simulation::new(&experiment()?, 0)?;
/// again.load(&bytes)?;
/// assert_eq!(again.step(1_000, [None, None], &mut |_| true)?, rounds);
/// assert_eq!(again.pulls().iter().sum::<u64>(), 10_000);
/// # Ok::<(), stackel_core::RunError>(())
/// ```
pub struct Simulation {
    play: PlannedPlay,
    replication: u64,
    /// Rounds between two checks whether to go on.
    chunk: u64,
    game: Game,
    horizon: u64,
    crossing_tolerance: f64,
    /// Whether the caller decides for a player, leader first.
    external: [bool; 2],
    /// Actions that the caller has given for the next round.
    given: [Option<usize>; 2],
    /// How often the caller was told both actions of the next round; None if that is not known.
    told: Option<u64>,
}

/// Actions and rewards of consecutive rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounds {
    /// Actions, shape (2, rounds), leader first.
    pub actions: Vec<i64>,
    /// Rewards, shape (2, rounds), leader first.
    pub rewards: Vec<f64>,
}

impl Simulation {
    /// A replication of an experiment before its first round.
    pub fn new(experiment: &Experiment, replication: u64) -> Result<Self, SpecError> {
        let play = locating(
            &mut (),
            |()| experiment.in_pieces(replication),
            |failure, ()| failure.locate(replication, 0),
        );
        let play = play.ok_or_else(|| {
            SpecError::new("engine", "one of 'auto', 'leap', 'stepwise'", "'reference'")
        })?;
        Ok(Self {
            play,
            replication,
            chunk: experiment.chunk(),
            game: experiment.game().clone(),
            horizon: experiment.horizon(),
            crossing_tolerance: experiment.crossing_tolerance(),
            external: [false; 2],
            given: [None; 2],
            told: Some(0),
        })
    }

    /// Leaves the decisions of leader or follower, or of both, to the caller. Their learners are never
    /// asked.
    #[must_use]
    pub fn driven(self, external: [bool; 2]) -> Self {
        Self { external, ..self }
    }

    /// Restores the state that [`Self::save`] returned for a simulation made with the same arguments.
    /// After an error this simulation must not be used any more.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), SpecError> {
        self.told = None;
        Archive::read(bytes, |archive| self.exchange(archive))
    }

    /// The state that rounds change, as bytes.
    pub fn save(&mut self) -> Result<Vec<u8>, SpecError> {
        Archive::write(|archive| self.exchange(archive))
    }

    /// Number of rounds played.
    pub fn round(&self) -> u64 {
        self.play.round()
    }

    /// Number of rounds of each pair of actions, row-major by leader action.
    pub fn pulls(&self) -> &[u64] {
        self.play.pulls()
    }

    /// Cumulative mean utilities of leader and follower.
    pub fn utility(&self) -> [f64; 2] {
        let [leader, follower, ..] = self.play.utility();
        [leader, follower]
    }

    /// [`Self::utility`], and what rounding took from it: the sum of both is exact up to a relative error of about 2^-106.
    pub fn utility_with_remainder(&self) -> [f64; 4] {
        self.play.utility()
    }

    /// Upper bound on the total variation distance between the law of this game and the exact law.
    pub fn error_bound(&self) -> f64 {
        self.play.accepted() as f64 * self.crossing_tolerance
    }

    /// Plays `rounds` rounds. If `supervisor` stops it, the simulation returns to the state before the call,
    /// unless a learner's state cannot be kept: then it stays where it was stopped.
    pub fn advance(&mut self, rounds: u64, supervisor: Supervisor) -> Result<(), RunError> {
        self.check_ready(rounds)?;
        self.check_none_external(rounds)?;
        let until = self.round() + rounds;
        self.supervised(rounds, supervisor, |this, go_on| {
            while this.round() < until {
                let before = this.round();
                let done = this.play.advance(until, this.chunk) - before;
                if !go_on(done) {
                    return Err(RunError::Cancelled);
                }
            }
            Ok(())
        })
    }

    /// Plays `rounds` rounds one by one and returns them. It can be stopped as [`Self::advance`] can.
    pub fn step(
        &mut self,
        rounds: usize,
        script: Script,
        supervisor: Supervisor,
    ) -> Result<Rounds, RunError> {
        let work = rounds as u64;
        self.check_ready(work)?;
        self.check_script(rounds, script)?;
        let mut record = Rounds {
            actions: room(rounds)?,
            rewards: room(rounds)?,
        };
        self.supervised(work, supervisor, |this, go_on| {
            let chunk = usize::try_from(this.chunk).unwrap_or(usize::MAX);
            for start in (0..rounds).step_by(chunk) {
                let end = rounds.min(start.saturating_add(chunk));
                for t in start..end {
                    let [a, b] = this.follow(script, t, rounds);
                    let rewards = this.play.rewards(a, b);
                    this.play.reward(a, b, &rewards, this.is_driven());
                    for (i, action) in [a, b].into_iter().enumerate() {
                        record.actions[i * rounds + t] = (action as u64).cast_signed();
                        record.rewards[i * rounds + t] = rewards[i].value();
                    }
                }
                if !go_on((end - start) as u64) {
                    return Err(RunError::Cancelled);
                }
            }
            Ok(())
        })?;
        Ok(record)
    }

    /// Does some work, and undoes it if it is stopped. Short work ends before the supervisor is called. If
    /// a learner cannot be saved, stopped work is not undone.
    fn supervised(
        &mut self,
        rounds: u64,
        supervisor: Supervisor,
        work: impl FnOnce(&mut Self, &mut dyn FnMut(u64) -> bool) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        self.told = Some(0);
        if rounds <= self.chunk {
            return self.located(|this| work(this, &mut |_done| true));
        }
        let before = self.save().ok();
        let progress = Progress::default();
        let mut watch = Watchman::new(&progress, supervisor, rounds);
        let outcome = self.located(|this| work(this, &mut |done| watch.note(done)));
        if let (Err(_), Some(bytes)) = (&outcome, before) {
            self.load(&bytes)?;
        }
        outcome
    }

    /// Does some work, and notes the round if a learner fails in it.
    fn located<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        locating(self, work, |failure, this| {
            failure.locate(this.replication, this.round() + 1);
        })
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.play.exchange(archive);
        if self.play.round() > self.horizon {
            archive.refuse("more rounds than the horizon");
        }
        for i in (0..2).filter(|&i| self.external[i]) {
            let n = self.n_actions(i);
            archive.optional_index(&mut self.given[i], n);
        }
    }

    /// Whether the caller decides for a player.
    fn is_driven(&self) -> bool {
        self.external.contains(&true)
    }

    /// Number of actions of the leader, 0, or the follower, 1.
    fn n_actions(&self, player: usize) -> usize {
        [self.game.n_leader(), self.game.n_follower()][player]
    }
}

/// Zeros, one for each player and round.
fn room<T: Clone + Default>(rounds: usize) -> Result<Vec<T>, SpecError> {
    zeros(rounds, 2).map_err(|error| SpecError {
        argument: "n".to_string(),
        ..error
    })
}
