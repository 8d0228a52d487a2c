//! The ways a run can fail: it was described badly, it was stopped, or a learner from outside failed.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// An argument that cannot be used. The message is `argument: must be allowed, got given`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{argument}: must be {allowed}, got {given}")]
pub struct SpecError {
    /// Name of the argument, as the caller spells it.
    pub argument: String,
    /// The values that are allowed, phrased to follow "must be".
    pub allowed: String,
    /// The value that was given.
    pub given: String,
}

impl SpecError {
    /// Builds the error from its three parts.
    pub fn new(
        argument: impl Into<String>,
        allowed: impl Into<String>,
        given: impl Into<String>,
    ) -> Self {
        Self {
            argument: argument.into(),
            allowed: allowed.into(),
            given: given.into(),
        }
    }
}

/// The reason why a run has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// An argument cannot be used. Nothing was run.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The run was told to stop before its end.
    #[error("the run was cancelled")]
    Cancelled,
    /// The operating system refused to start the worker threads.
    #[error("no worker threads: {0}")]
    Threads(String),
}

/// What ends a run because a learner from outside cannot go on, such as one in another language.
///
/// [`Self::unwind`] raises it as the payload of a panic, which passes no panic hook. The run fills in
/// where it was and lets it unwind to its caller, who may catch it by [`std::panic::catch_unwind`].
pub struct LearnerFailure {
    /// What went wrong, in the terms of the learner.
    pub error: Box<dyn Any + Send>,
    /// What the learner was doing.
    pub doing: String,
    /// The game, in a batch.
    pub game: Option<usize>,
    /// The replication.
    pub replication: Option<u64>,
    /// The round, counted from 1; 0 stands for the start, before the first round.
    pub round: Option<u64>,
}

impl LearnerFailure {
    /// Ends the run.
    pub fn unwind(error: impl Any + Send, doing: impl Into<String>) -> ! {
        resume_unwind(Box::new(Self {
            error: Box::new(error),
            doing: doing.into(),
            game: None,
            replication: None,
            round: None,
        }))
    }

    /// Notes where it was, unless that is known.
    pub(crate) fn locate(&mut self, replication: u64, round: u64) {
        self.replication.get_or_insert(replication);
        self.round.get_or_insert(round);
    }
}

/// Does some work on a game. If a learner fails meanwhile, `place` notes where that was.
pub(crate) fn locating<G: ?Sized, T>(
    game: &mut G,
    work: impl FnOnce(&mut G) -> T,
    place: impl FnOnce(&mut LearnerFailure, &G),
) -> T {
    catch_unwind(AssertUnwindSafe(|| work(game))).unwrap_or_else(|mut payload| {
        if let Some(failure) = payload.downcast_mut() {
            place(failure, game);
        }
        resume_unwind(payload)
    })
}
