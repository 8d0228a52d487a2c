//! The search for the first round at which one of several random walks fails its guard.
//!
//! The walks' values at the end of a block of rounds are drawn first. If both ends of the block clear every
//! guard by so much that a failure in between is practically impossible, the block is played. Otherwise
//! its middle is drawn from the bridges, and both halves are treated in the same way, the left one first.
//! Once a walk has failed, values already drawn to the right of it are thrown away: they lie beyond the
//! stopping time, and later rewards are independent of them.

use crate::rng::Stream;

/// Walks that move together, each at the end of the rounds played.
pub(super) trait Walks {
    /// The increment of each walk in a block.
    type Gains;

    /// Draws the part of `gains` that falls into the first `k` of `rounds` rounds, and leaves the rest.
    fn split(
        &self,
        gains: &mut Self::Gains,
        rounds: u64,
        k: u64,
        noise: &mut [Stream; 2],
    ) -> Self::Gains;

    /// Whether a block that ends in `gains` certainly contains no failure.
    fn is_safe(&self, gains: &Self::Gains, rounds: u64) -> bool;

    /// Moves on to the end of a block. Returns whether all guards hold there; they are not checked after a
    /// safe block.
    fn advance(&mut self, gains: &Self::Gains, rounds: u64, safe: bool) -> bool;
}

/// The result of playing a block.
pub(super) struct Bisected<G> {
    /// Rounds played: all rounds, or those up to the first failure.
    pub(super) rounds: u64,
    /// Number of blocks examined.
    pub(super) looks: u64,
    /// Number of blocks taken for safe.
    pub(super) accepted: u64,
    /// Whether all guards hold.
    pub(super) stands: bool,
    /// The blocks drawn beyond the first failure, with their rounds, the next one last.
    pub(super) beyond: Vec<(u64, G)>,
}

/// Plays a block of `rounds` rounds in which the walks gain `gains`, or up to the first failure.
pub(super) fn bisect<W: Walks>(
    walks: &mut W,
    gains: W::Gains,
    rounds: u64,
    noise: &mut [Stream; 2],
) -> Bisected<W::Gains> {
    // Halving blocks of up to 2^53 rounds leaves at most 53 right halves.
    let mut result = Bisected {
        rounds: 0,
        looks: 0,
        accepted: 0,
        stands: true,
        beyond: Vec::new(),
    };
    let mut block = (rounds, gains);
    loop {
        let (rounds, mut gains) = block;
        result.looks += 1;
        let safe = walks.is_safe(&gains, rounds);
        if safe || rounds == 1 {
            result.rounds += rounds;
            result.accepted += u64::from(safe);
            result.stands = walks.advance(&gains, rounds, safe);
            if !result.stands {
                return result;
            }
            match result.beyond.pop() {
                Some(next) => block = next,
                None => return result,
            }
        } else {
            let half = rounds / 2;
            let left = walks.split(&mut gains, rounds, half, noise);
            result.beyond.push((rounds - half, gains));
            block = (half, left);
        }
    }
}
