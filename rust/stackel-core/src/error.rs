//! The two ways a run can fail: it was described badly, or it was stopped.

/// An argument that cannot be used. The message is `argument: must be allowed, got given`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{argument}: must be {allowed}, got {given}")]
pub struct SpecError {
    /// Name of the argument, as its caller spells it.
    pub argument: String,
    /// What is accepted, phrased to follow "must be".
    pub allowed: String,
    /// What was given.
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

/// Why a run has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// An argument cannot be used; nothing was run.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The run was told to stop before its end.
    #[error("the run was cancelled")]
    Cancelled,
    /// The operating system refused to start the worker threads.
    #[error("no worker threads: {0}")]
    Threads(String),
}
