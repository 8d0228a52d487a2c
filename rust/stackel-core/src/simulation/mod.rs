//! One game, played as far as one likes, looked at, kept and taken up again.

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
use crate::record::utility;
use crate::supervision::{Progress, Supervisor, Watchman};

/// One replication of an [`Experiment`] in progress.
///
/// Under the stepwise engine, round t has the t-th values of the noise streams, and is the same round
/// whether it is stepped or advanced over. Under the leap engine, rounds that are stepped are drawn
/// one by one in their order, and the others many at once: together they have the law of the game.
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
    /// Rounds between two looks at whether to go on.
    chunk: u64,
    game: Game,
    horizon: u64,
    negligible: f64,
    /// Players whose actions come from outside.
    external: [bool; 2],
    /// What has come for the next round.
    given: [Option<usize>; 2],
}

/// Consecutive rounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Rounds {
    /// Actions, shape (2, rounds), leader first.
    pub actions: Vec<i64>,
    /// Rewards, likewise.
    pub rewards: Vec<f64>,
}

impl Simulation {
    /// A replication of an experiment, before its first round.
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
            negligible: experiment.negligible(),
            external: [false; 2],
            given: [None; 2],
        })
    }

    /// Leaves the decisions of some players, leader and follower, to the caller. Their learners are
    /// never asked.
    #[must_use]
    pub fn driven(self, external: [bool; 2]) -> Self {
        Self { external, ..self }
    }

    /// Goes back, or forward, to where [`Self::save`] was called on a simulation that was made in the
    /// same way. If that fails, this one is good for nothing any more.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), SpecError> {
        Archive::read(bytes, |archive| self.exchange(archive))
    }

    /// Everything that rounds have changed, as bytes.
    pub fn save(&mut self) -> Result<Vec<u8>, SpecError> {
        Archive::write(|archive| self.exchange(archive))
    }

    /// Rounds played.
    pub fn round(&self) -> u64 {
        self.play.round()
    }

    /// How often each pair of actions was played, row-major by leader action.
    pub fn pulls(&self) -> &[u64] {
        self.play.pulls()
    }

    /// Cumulative mean utilities of leader and follower.
    pub fn utility(&self) -> [f64; 2] {
        utility(&self.game, self.pulls())
    }

    /// What leaping may have added to the total variation between the law of all this and the exact one.
    pub fn error_bound(&self) -> f64 {
        self.play.accepted() as f64 * self.negligible
    }

    /// Plays `rounds` rounds; when `supervisor` stops it, it is as if it had not begun, unless a learner's
    /// state cannot be kept: then it stays where it was stopped.
    pub fn advance(&mut self, rounds: u64, supervisor: Supervisor) -> Result<(), RunError> {
        self.check_ready(rounds)?;
        self.check_nobody_external(rounds)?;
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

    /// Plays `rounds` rounds one by one and tells what happened; stops as [`Self::advance`] does.
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
                    let rewards = this.play.draw(a, b);
                    this.play.reward(a, b, rewards);
                    for (i, action) in [a, b].into_iter().enumerate() {
                        record.actions[i * rounds + t] = (action as u64).cast_signed();
                        record.rewards[i * rounds + t] = rewards[i];
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

    /// Does some work, and undoes it if it is stopped. Nobody waits long enough for short work to stop
    /// it; learners that cannot be kept stay where they are.
    fn supervised(
        &mut self,
        rounds: u64,
        supervisor: Supervisor,
        work: impl FnOnce(&mut Self, &mut dyn FnMut(u64) -> bool) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
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

    /// Number of actions of the leader, 0, or the follower, 1.
    fn n_actions(&self, player: usize) -> usize {
        [self.game.n_leader(), self.game.n_follower()][player]
    }
}

/// Room for a number of every player and round.
fn room<T: Clone + Default>(rounds: usize) -> Result<Vec<T>, SpecError> {
    zeros(rounds, 2).map_err(|error| SpecError {
        argument: "n".to_string(),
        ..error
    })
}
