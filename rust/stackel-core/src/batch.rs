//! Many games at once.

use crate::ensemble::{Experiment, Notes, pages};
use crate::error::{RunError, SpecError, locating};
use crate::outcome::zeros;
use crate::supervision::{Supervisor, perform};

/// Experiments of one size, played side by side. Each has the same results, bit for bit, as when it is
/// run alone.
///
/// ```
/// use stackel_core::{Batch, Checkpoints, Config, EngineKind, Experiment, Game, Noise};
///
/// let noise = [Noise::Gaussian { sigma: 1.0 }; 2];
/// let game = |x| Game::new(1, 2, vec![x, 0.0], vec![0.0, 1.0], noise);
/// let games = [game(0.1)?, game(0.2)?];
/// let ucb = Config::new("UCB", vec![])?;
/// let experiment = |(game, seed)| {
///     Experiment::new(game, &ucb, &ucb, 1_000, 5, seed, Checkpoints::LogSpaced(1), EngineKind::Leap)
/// };
/// let batch = Batch::new(games.iter().zip([7, 8]).map(experiment).collect::<Result<_, _>>()?)?;
/// let both = batch.run(2, &mut |_fraction_done| true)?;
/// let second = experiment((&games[1], 8))?.run(1, &mut |_| true)?;
/// assert_eq!(both.pulls[10..], second.pulls);
/// # Ok::<(), stackel_core::RunError>(())
/// ```
pub struct Batch<'g> {
    experiments: Vec<Experiment<'g>>,
}

/// The results of a batch of N experiments.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchOutcome {
    /// The K checkpoints.
    pub rounds: Vec<u64>,
    /// Cumulative mean utilities, then what rounding took from them, shape (4, N, replications, K).
    pub utility: Vec<f64>,
    /// Final counts of action pairs, shape (N, replications, |A|, |B|).
    pub pulls: Vec<i64>,
    /// Error bounds, shape (N,); see [`Outcome::error_bound`](crate::Outcome::error_bound).
    pub error_bound: Vec<f64>,
}

impl<'g> Batch<'g> {
    /// A batch of experiments, which must have one size.
    pub fn new(experiments: Vec<Experiment<'g>>) -> Result<Self, SpecError> {
        let size = |of: &Experiment<'g>| {
            let shape = (of.game().n_leader(), of.game().n_follower());
            (shape, of.horizon(), of.replications(), of.rounds().to_vec())
        };
        let refuse = |given: &str| {
            let allowed = "at least one, with the same numbers of actions, rounds and replications";
            Err(SpecError::new("experiments", allowed, given))
        };
        let Some(first) = experiments.first().map(size) else {
            return refuse("none");
        };
        match experiments.iter().position(|each| size(each) != first) {
            Some(i) => refuse(&format!("another size at {i}")),
            None => Ok(Self { experiments }),
        }
    }

    /// Plays all experiments on up to `threads` threads. The result does not depend on `threads`.
    pub fn run(self, threads: usize, supervisor: Supervisor) -> Result<BatchOutcome, RunError> {
        let first = &self.experiments[0];
        let (marks, cells) = (first.rounds().len(), first.game().n_cells());
        let replications = first.replications();
        let too_large = || SpecError::new("replications", "fewer", replications.to_string());
        let rows = self.experiments.len().checked_mul(replications);
        let rows = rows.ok_or_else(too_large)?;
        let (mut utility, mut pulls) = (zeros(rows, 4 * marks)?, zeros(rows, cells)?);

        let work = first.horizon().saturating_mul(rows as u64);
        let pages = pages(&mut utility, &mut pulls, &mut [], cells);
        let notes = perform(pages, threads, work, supervisor, |(row, page), go_on| {
            let (game, replication) = (row / replications, row % replications);
            locating(
                &mut (),
                |()| self.experiments[game].replicate(replication, page, go_on),
                |failure, ()| failure.game = Some(game),
            )
        })?;
        let bound = |(notes, experiment): (&[Notes], &Experiment)| {
            let accepted: u64 = notes.iter().map(|note| note.accepted).sum();
            accepted as f64 * experiment.crossing_tolerance()
        };
        Ok(BatchOutcome {
            rounds: first.rounds().to_vec(),
            utility,
            pulls,
            error_bound: notes
                .chunks(replications)
                .zip(&self.experiments)
                .map(bound)
                .collect(),
        })
    }
}
