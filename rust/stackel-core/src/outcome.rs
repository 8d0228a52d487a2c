//! What a run gives, and what it may ask for.

use crate::error::SpecError;
use crate::record::MAX_HORIZON;

/// What a run gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The K checkpoints.
    pub rounds: Vec<u64>,
    /// Cumulative mean utilities, shape (2, replications, K).
    pub utility: Vec<f64>,
    /// Final counts of action pairs, shape (replications, |A|, |B|).
    pub pulls: Vec<i64>,
    /// What crossings that were taken for impossible may add to the total variation between the law
    /// of all this and the exact one: the number of blocks that were leapt over, times what [`Experiment::neglecting`](crate::Experiment::neglecting) says.
    pub error_bound: f64,
    /// What [`Experiment::tracing`](crate::Experiment::tracing) asks for.
    pub traces: Option<Traces>,
}

/// How games went over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Traces {
    /// Counts of action pairs at the checkpoints, shape (replications, K, |A|, |B|).
    pub pulls: Vec<i64>,
    /// How often each player changed its action, shape (2, replications); a follower is asked about
    /// its responses to the same action.
    pub switches: Vec<i64>,
    /// The last round in which each player did not play what it plays in the end, likewise; 0 if it
    /// never did.
    pub last_exploration: Vec<i64>,
}

/// Counts as they are handed out.
pub(crate) fn copy(counts: &[u64], into: &mut [i64]) {
    for (out, &count) in into.iter_mut().zip(counts) {
        *out = count.cast_signed();
    }
}

/// Checks that there is something to play, and no more than can be counted.
pub(crate) fn check_size(horizon: u64, replications: usize) -> Result<(), SpecError> {
    if !(1..=MAX_HORIZON).contains(&horizon) {
        let given = horizon.to_string();
        return Err(SpecError::new(
            "horizon",
            "a whole number from 1 to 2**53",
            given,
        ));
    }
    if replications == 0 {
        return Err(SpecError::new("replications", "at least 1", "0"));
    }
    Ok(())
}

/// An array of zeros, or an error that says how much memory it would need.
pub(crate) fn zeros<T: Clone + Default>(rows: usize, columns: usize) -> Result<Vec<T>, SpecError> {
    let too_large = || {
        let gib = rows as f64 * columns as f64 * 8.0 / f64::from(1 << 30);
        let given = format!("{rows}, which needs {gib:.1} GiB");
        SpecError::new(
            "replications",
            "few enough for the result to fit in memory",
            given,
        )
    };
    let length = rows.checked_mul(columns).ok_or_else(too_large)?;
    // Whether there is room is asked first, as `vec!` cannot refuse; but it takes its zeros from the
    // system, page by page as they are written, so that a call that is stopped soon has paid for few.
    let mut room = Vec::<T>::new();
    room.try_reserve_exact(length).map_err(|_| too_large())?;
    drop(room);
    Ok(vec![T::default(); length])
}
