//! The results of a run, and the checks of its size.

use crate::error::SpecError;
use crate::record::MAX_HORIZON;

/// The results of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The K checkpoints.
    pub rounds: Vec<u64>,
    /// Cumulative mean utilities, then what rounding took from them, shape (4, replications, K).
    pub utility: Vec<f64>,
    /// Final counts of action pairs, shape (replications, |A|, |B|).
    pub pulls: Vec<i64>,
    /// Upper bound on the total variation distance between the law of these results and the exact
    /// law: the number of blocks that were leapt over, times the probability that
    /// [`Experiment::with_crossing_tolerance`](crate::Experiment::with_crossing_tolerance) sets.
    pub error_bound: f64,
    /// The course of the games, if [`Experiment::tracing`](crate::Experiment::tracing) asks for it.
    pub traces: Option<Traces>,
}

/// The course of games over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Traces {
    /// Counts of action pairs at the checkpoints, shape (replications, K, |A|, |B|).
    pub pulls: Vec<i64>,
    /// Number of rounds in which a player's action differs from the one before, shape (2, replications).
    /// A follower's response is compared with its last response to the same action.
    pub switches: Vec<i64>,
    /// Last round in which a player's action was not its final one, shape (2, replications); 0 if there
    /// was no such round. For a follower, the largest over the leader's actions.
    pub last_exploration: Vec<i64>,
}

/// Copies counts into an array of the results.
pub(crate) fn copy(counts: &[u64], into: &mut [i64]) {
    for (out, &count) in into.iter_mut().zip(counts) {
        *out = count.cast_signed();
    }
}

/// Checks that there are rounds and replications to play, and not more rounds than a float can count.
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

/// An array of zeros. The error says how much memory it would need.
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
    // `vec!` cannot refuse, so a reservation asks for the memory first. The zeros come from `vec!`, which
    // takes them from the system page by page as they are written: a call that is stopped soon pays for
    // few of them.
    let mut room = Vec::<T>::new();
    room.try_reserve_exact(length).map_err(|_| too_large())?;
    drop(room);
    Ok(vec![T::default(); length])
}
