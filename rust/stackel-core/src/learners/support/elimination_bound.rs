//! How far apart arms that are played in turn may drift before one of them is dropped.

use crate::archive::Archive;

/// The region in which elimination drops no arm: the sums of all arms, n rewards each, lie within
/// `width * sqrt(n)` of each other.
///
/// The difference of two such sums is a random walk below a concave curve; upside down, one above a
/// convex curve, as for an [`IndexBarrier`](super::index_barrier::IndexBarrier).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EliminationBound {
    /// Factor of `sqrt(n)`.
    pub width: f64,
}

/// A bound on the relative error of the half dozen rounded operations on either side.
const MARGIN: f64 = 16.0 * f64::EPSILON;

impl EliminationBound {
    /// Visits the number.
    pub fn exchange(&mut self, archive: &mut Archive) {
        archive.real(&mut self.width, f64::INFINITY);
    }

    /// How far apart sums of n rewards may lie, less a margin for rounding errors in sums of up to
    /// `magnitude`.
    #[inline]
    pub fn room(&self, n: f64, magnitude: f64) -> f64 {
        let room = self.width * n.sqrt();
        room - MARGIN * (magnitude + room)
    }

    /// How much the room grows a turn at n rewards.
    #[inline]
    pub fn slope(&self, n: f64) -> f64 {
        self.width / (2.0 * n.sqrt())
    }
}
