//! Errors: an argument that cannot be used, and a run without a result.

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
