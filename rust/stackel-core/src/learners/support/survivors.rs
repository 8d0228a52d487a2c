//! Which arms may still be the best, as far as confidence radii tell.

use super::tally::Tally;

/// Which of the active arms survive: those whose mean is within `2 r(n)` of the best.
pub(in crate::learners) fn survivors<'a>(
    active: &'a [usize],
    tallies: &'a [Tally],
    width: f64,
) -> impl Iterator<Item = usize> + 'a {
    let means = active.iter().map(|&arm| tallies[arm].mean());
    let best = means.fold(f64::NEG_INFINITY, f64::max);
    active.iter().copied().filter(move |&arm| {
        let tally = &tallies[arm];
        best - tally.mean() <= 2.0 * (width / (tally.count as f64).sqrt())
    })
}
