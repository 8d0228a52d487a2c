//! Many replications of one game, in parallel.

use std::sync::Arc;

use crate::engine::{EngineKind, PlannedPlay, Play, Setup, Stage, Trace};
use crate::error::{RunError, SpecError, locating};
use crate::game::Game;
use crate::learners::Config;
use crate::outcome::{Outcome, Traces, check_size, copy, zeros};
use crate::record::Checkpoints;
use crate::supervision::{CHUNK, Supervisor, perform};

/// Default and limits of [`Experiment::with_crossing_tolerance`].
const CROSSING_TOLERANCE: f64 = 1e-18;
const SMALLEST: f64 = 1e-300;
const LARGEST: f64 = 1e-6;

/// A checked run: it can only fail by being cancelled.
pub struct Experiment<'g> {
    game: &'g Game,
    /// The games in their order, and their players.
    stages: Arc<[Stage]>,
    horizon: u64,
    replications: usize,
    seed: u64,
    rounds: Vec<u64>,
    engine: EngineKind,
    crossing_tolerance: f64,
    trace: bool,
}

impl<'g> Experiment<'g> {
    /// Checks the description of a run.
    #[allow(clippy::too_many_arguments)] // they are what a run is
    pub fn new(
        game: &'g Game,
        leader: &Config,
        follower: &Config,
        horizon: u64,
        replications: usize,
        seed: u64,
        checkpoints: Checkpoints,
        engine: EngineKind,
    ) -> Result<Self, SpecError> {
        check_size(horizon, replications)?;
        Ok(Self {
            game,
            stages: Stage::all(game, leader, follower, horizon)?,
            horizon,
            replications,
            seed,
            rounds: checkpoints.rounds(horizon)?,
            engine,
            crossing_tolerance: CROSSING_TOLERANCE,
            trace: false,
        })
    }

    /// Records the course of the games over time as well. Rounds are then played in their order, so that
    /// schedules are not leapt over.
    #[must_use]
    pub fn tracing(self, trace: bool) -> Self {
        Self { trace, ..self }
    }

    /// Sets the largest probability of a missed crossing that a leap may ignore, for each block; 1e-18
    /// by default.
    pub fn with_crossing_tolerance(self, probability: f64) -> Result<Self, SpecError> {
        if !(SMALLEST..=LARGEST).contains(&probability) {
            let allowed = "a probability from 1e-300 to 1e-6";
            return Err(SpecError::new(
                "crossing_tolerance",
                allowed,
                format!("{probability:?}"),
            ));
        }
        Ok(Self {
            crossing_tolerance: probability,
            ..self
        })
    }

    /// Plays all replications on up to `threads` threads. The result does not depend on `threads`.
    pub fn run(self, threads: usize, supervisor: Supervisor) -> Result<Outcome, RunError> {
        let (marks, cells) = (self.rounds.len(), self.game.n_cells());
        let traced = if self.trace { marks * cells } else { 0 };
        let mut utility = zeros(self.replications, 4 * marks)?;
        let mut pulls = zeros(self.replications, cells)?;
        let mut traced_pulls = zeros(self.replications, traced)?;
        let pages = pages(&mut utility, &mut pulls, &mut traced_pulls, cells);
        let work = self.horizon.saturating_mul(self.replications as u64);
        let notes = perform(pages, threads, work, supervisor, |(r, page), go_on| {
            self.replicate(r, page, go_on)
        })?;
        let accepted: u64 = notes.iter().map(|note| note.accepted).sum();
        let both = |of: fn(&Notes) -> [u64; 2]| {
            let player = |i: usize| notes.iter().map(move |note| of(note)[i].cast_signed());
            player(0).chain(player(1)).collect()
        };
        let traces = self.trace.then(|| Traces {
            switches: both(|note| note.switches),
            last_exploration: both(|note| note.last_exploration),
            pulls: traced_pulls,
        });
        Ok(Outcome {
            rounds: self.rounds,
            utility,
            pulls,
            error_bound: accepted as f64 * self.crossing_tolerance,
            traces,
        })
    }

    fn setup(&self) -> Setup<'_> {
        Setup {
            stages: &self.stages,
            seed: self.seed,
            crossing_tolerance: self.crossing_tolerance,
            trace: self.trace,
        }
    }

    /// One replication, for a [`Simulation`](crate::Simulation). `None` if its engine has no plans.
    pub(crate) fn in_pieces(&self, replication: u64) -> Option<PlannedPlay> {
        self.engine.in_pieces(&self.setup(), replication)
    }

    /// Rounds between two checks whether to go on: fewer of slow learners.
    pub(crate) fn chunk(&self) -> u64 {
        let Stage {
            leader, follower, ..
        } = &self.stages[0];
        CHUNK / leader.effort().max(follower.effort()).min(CHUNK)
    }

    pub(crate) fn game(&self) -> &Game {
        self.game
    }

    pub(crate) fn horizon(&self) -> u64 {
        self.horizon
    }

    pub(crate) fn replications(&self) -> usize {
        self.replications
    }

    pub(crate) fn rounds(&self) -> &[u64] {
        &self.rounds
    }

    pub(crate) fn crossing_tolerance(&self) -> f64 {
        self.crossing_tolerance
    }

    /// Plays one replication and writes its results to a page.
    pub(crate) fn replicate(
        &self,
        replication: usize,
        page: Page,
        go_on: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Notes, RunError> {
        let replication = replication as u64;
        let mut play = locating(
            &mut (),
            |()| self.engine.start(&self.setup(), replication),
            |failure, ()| failure.locate(replication, 0),
        );
        locating(
            &mut *play,
            |play| self.play(play, page, go_on),
            |failure, play| failure.locate(replication, play.round() + 1),
        )
    }

    /// Plays a replication that has been started.
    fn play(
        &self,
        play: &mut dyn Play,
        page: Page,
        go_on: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Notes, RunError> {
        let chunk = self.chunk();
        let (mut round, mut unreported) = (0, 0);
        let mut reach = |play: &mut dyn Play, until: u64| {
            while round < until {
                let reached = play.advance(until, chunk);
                unreported += reached - round;
                round = reached;
                // Few rounds take little time.
                if (unreported >= chunk || round < until || round == self.horizon)
                    && !go_on(std::mem::take(&mut unreported))
                {
                    return Err(RunError::Cancelled);
                }
            }
            Ok(())
        };
        let mut utility = page.utility;
        let mut traces = page.traced_pulls.chunks_exact_mut(self.game.n_cells());
        for (k, &mark) in self.rounds.iter().enumerate() {
            reach(play, mark)?;
            for (row, value) in utility.iter_mut().zip(play.utility()) {
                row[k] = value;
            }
            if let Some(trace) = traces.next() {
                copy(play.pulls(), trace);
            }
        }
        reach(play, self.horizon)?;
        copy(play.pulls(), page.pulls);
        Ok(Notes {
            accepted: play.accepted(),
            switches: play.trace().map_or([0; 2], Trace::switches),
            last_exploration: play.trace().map_or([0; 2], Trace::last_exploration),
        })
    }
}

/// The rows of the result arrays that belong to one replication.
pub(crate) struct Page<'a> {
    /// Leader's and follower's, then their remainders, at each checkpoint.
    utility: [&'a mut [f64]; 4],
    pulls: &'a mut [i64],
    /// Empty unless the run is traced.
    traced_pulls: &'a mut [i64],
}

/// The pages of all replications with their numbers, cut out of arrays that have a row for each
/// replication. `traced_pulls` is empty if nothing is traced.
pub(crate) fn pages<'a>(
    utility: &'a mut [f64],
    pulls: &'a mut [i64],
    traced_pulls: &'a mut [i64],
    cells: usize,
) -> Vec<(usize, Page<'a>)> {
    let replications = pulls.len() / cells;
    let marks = utility.len() / (4 * replications);
    let mut quarters = utility.chunks_exact_mut(marks * replications);
    let mut rows = [(); 4].map(|()| quarters.next().unwrap_or_default().chunks_exact_mut(marks));
    // `chunks_mut(0)` panics; with 1, an empty array gives no chunk, and each page an empty default.
    let mut traces = traced_pulls.chunks_mut((traced_pulls.len() / replications).max(1));
    pulls
        .chunks_exact_mut(cells)
        .map(|pulls| Page {
            utility: rows.each_mut().map(|each| each.next().unwrap_or_default()),
            pulls,
            traced_pulls: traces.next().unwrap_or_default(),
        })
        .enumerate()
        .collect()
}

/// The results of a replication that are single numbers.
pub(crate) struct Notes {
    /// See [`Play::accepted`].
    pub(crate) accepted: u64,
    switches: [u64; 2],
    last_exploration: [u64; 2],
}
