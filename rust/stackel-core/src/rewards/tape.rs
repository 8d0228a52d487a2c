//! The tape of one arm.
//!
//! Many arms of large games are pulled a few times only. So the first entries, which are free of each other, are read
//! without memory; what is kept of a tape is made when more of them are asked for.

use super::bar::{Bar, Search};
use super::coins::Coins;
use super::gaussian::Normals;
use super::tree::Tree;
use super::uniform::UniformTape;

/// Number of entries that are read without memory. They belong to the first block.
pub(super) const HEAD: u64 = 16;

/// A tape of any law.
#[derive(Clone)]
pub(super) enum Tape {
    Normals(Box<Tree<Normals>>),
    Coins(Box<Tree<Coins>>),
    Uniforms(Box<UniformTape>),
}

impl Tape {
    /// Sum of the first `n` entries.
    #[inline]
    pub(super) fn sum(&mut self, n: u64) -> i64 {
        match self {
            Tape::Normals(tree) => tree.sum(n),
            Tape::Coins(tree) => tree.sum(n),
            Tape::Uniforms(tree) => tree.sum(n),
        }
    }

    /// The entry at a place.
    #[inline]
    pub(super) fn entry(&mut self, place: u64) -> i64 {
        match self {
            Tape::Normals(tree) => tree.entry(place),
            Tape::Coins(tree) => tree.entry(place),
            Tape::Uniforms(tree) => tree.entry(place),
        }
    }

    /// See [`Tree::passage`].
    #[inline]
    pub(super) fn passage(
        &mut self,
        from: u64,
        to: u64,
        bar: &Bar,
        search: &mut Search,
    ) -> Option<(u64, i64)> {
        match self {
            Tape::Normals(tree) => tree.passage(from, to, bar, search),
            Tape::Coins(tree) => tree.passage(from, to, bar, search),
            Tape::Uniforms(tree) => tree.passage(from, to, bar, search),
        }
    }
}
