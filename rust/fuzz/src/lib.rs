//! Properties that hold for any bytes. `cargo fuzz` searches for bytes that break them. The tests here try
//! bytes drawn at random, with any compiler.

#![forbid(unsafe_code)]

mod spec;

use arbitrary::{Result, Unstructured};
use spec::{HORIZON, Spec, steps};
use stackel_core::{Game, Outcome, Simulation};

const REPLICATIONS: usize = 2;

/// Reads a description and plays it with all engines, in one go and in pieces. Returns whether the description was
/// accepted.
///
/// # Panics
///
/// If two engines play different games, rounds are lost, numbers are not finite, or the core panics.
pub fn runs(bytes: &[u8]) -> Result<bool> {
    let mut bytes = Unstructured::new(bytes);
    let spec = Spec::read(&mut bytes)?;
    let mut played: Option<Vec<i64>> = None;
    for way in &spec.ways {
        let Some((game, experiment)) = spec.experiment(REPLICATIONS, way) else {
            return Ok(false);
        };
        let simulation = Simulation::new(&experiment, 0);
        let Ok(outcome) = experiment.run(1, &mut |_| true) else {
            return Ok(false);
        };
        check(game, &outcome);
        if !is_exact(game) || spec.chooses_at_random() {
            continue;
        }
        assert_eq!(
            *played.get_or_insert_with(|| outcome.pulls.clone()),
            outcome.pulls,
            "{}",
            spec.shown()
        );
        let Ok(mut simulation) = simulation else {
            continue;
        };
        for round in steps(&mut bytes)? {
            let budget = round - simulation.round();
            assert!(simulation.advance(budget, &mut |_| true).is_ok());
        }
        let pulls = simulation.pulls().iter().map(|n| n.cast_signed());
        assert!(pulls.eq(outcome.pulls[..game.n_cells()].iter().copied()));
    }
    Ok(true)
}

/// Whether sums of the mean utilities are exact: none is so small beside the largest that it is lost in their units.
fn is_exact(game: &Game) -> bool {
    game.utility().iter().all(|means| {
        let sizes = || means.iter().map(|mean| mean.abs());
        let largest = sizes().fold(0.0, f64::max);
        sizes().all(|size| size == 0.0 || size > 1e-20 * largest)
    })
}

/// Checks the numbers of an outcome.
fn check(game: &Game, outcome: &Outcome) {
    for pulls in outcome.pulls.chunks_exact(game.n_cells()) {
        assert!(pulls.iter().all(|&n| n >= 0));
        assert_eq!(pulls.iter().sum::<i64>(), HORIZON.cast_signed());
    }
    assert!(outcome.utility.iter().all(|u| u.is_finite()));
    assert!((0.0..1e-6).contains(&outcome.error_bound));
    if let Some(traces) = &outcome.traces {
        let marks = outcome.rounds.iter().cycle();
        for (pulls, &mark) in traces.pulls.chunks_exact(game.n_cells()).zip(marks) {
            assert_eq!(pulls.iter().sum::<i64>(), mark.cast_signed());
        }
    }
}

/// Reads a description, changes the state of a game in progress as the other bytes say, and plays on from
/// there. Returns whether that state was accepted.
///
/// # Panics
///
/// If rounds are lost, or the core panics.
pub fn snapshots(bytes: &[u8]) -> Result<bool> {
    let mut bytes = Unstructured::new(bytes);
    let spec = Spec::read(&mut bytes)?;
    let Some((_, experiment)) = spec.experiment(1, &spec.ways[0]) else {
        return Ok(false);
    };
    let Ok(mut simulation) = Simulation::new(&experiment, 0) else {
        return Ok(false);
    };
    // Random bytes are never a valid state. A saved state with some words changed may be.
    let played = bytes.int_in_range(0..=HORIZON)?;
    let changes = bytes.int_in_range(0..=3)?;
    let Ok(mut state) = simulation
        .advance(played, &mut |_| true)
        .and_then(|()| Ok(simulation.save()?))
    else {
        return Ok(false);
    };
    for _ in 0..changes {
        let place = bytes.choose_index(state.len() / 8)? * 8;
        let word: u64 = if bytes.arbitrary()? {
            bytes.arbitrary()?
        } else {
            bytes.int_in_range(0..=HORIZON)?
        };
        state[place..place + 8].copy_from_slice(&word.to_le_bytes());
    }
    if bytes.ratio(1, 10)? {
        state.truncate(bytes.choose_index(state.len())?);
    }
    if simulation.load(&state).is_err() {
        return Ok(false);
    }
    let round = simulation.round();
    assert!(round <= HORIZON);
    if simulation.advance(HORIZON - round, &mut |_| true).is_err() {
        return Ok(false);
    }
    assert_eq!(simulation.pulls().iter().sum::<u64>(), HORIZON);
    Ok(true)
}

#[cfg(test)]
mod tests {
    use arbitrary::Result;
    use stackel_core::rng::{Purpose, Role, Stream};

    const TRIES: u64 = 250_000;
    const LENGTH: usize = 600;

    /// Number of random inputs that are accepted.
    fn accepted(property: fn(&[u8]) -> Result<bool>) -> usize {
        let input = |number| {
            let mut stream = Stream::new(11, number, Role::Leader, Purpose::Choice);
            (0..LENGTH)
                .map(|_| u8::try_from(stream.below(256)).unwrap_or(0))
                .collect::<Vec<_>>()
        };
        (0..TRIES)
            .filter(|&number| matches!(property(&input(number)), Ok(true)))
            .count()
    }

    /// The more parameters learners have, the fewer of random ones are accepted: 5,000 inputs are enough.
    #[test]
    fn accepted_descriptions_run() {
        let share = accepted(super::runs) as f64 / TRIES as f64;
        assert!(
            (0.02..0.95).contains(&share),
            "{share} of the inputs are accepted"
        );
    }

    /// Of states that were changed at random fewer are accepted: 1,250 are enough.
    #[test]
    fn accepted_snapshots_go_on() {
        let share = accepted(super::snapshots) as f64 / TRIES as f64;
        assert!(
            (0.005..0.95).contains(&share),
            "{share} of the inputs are accepted"
        );
    }
}
