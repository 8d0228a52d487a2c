//! A tape of uniform entries: the first ones are drawn one by one, those beyond have sums.

use super::bar::{Bar, Search};
use super::digits::{Digits, HALF};
use super::gaussian::{SIZE, Sums};
use super::key::Key;
use super::tree::{Entries, Tree};
use crate::rng::SplitMix64;

/// Number of entries that are drawn one by one. Few arms are pulled more often, and to split sums costs more.
const FREE: u64 = 1 << 16;

/// The law of uniform entries that are drawn one by one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Uniforms;

impl Uniforms {
    /// The entry that a random word stands for.
    #[inline]
    pub(super) fn entry(word: u64) -> i64 {
        (2 * (word >> 33) + 1).cast_signed() - HALF
    }
}

impl Entries for Uniforms {
    type Sum = i64;
    type Block = Sums;
    const BLOCK: u32 = SIZE.ilog2();
    const FAN: u32 = 1;
    const LEVELS: usize = 0;

    fn value(sum: i64, _n: u64) -> i64 {
        sum
    }

    fn block(&self, words: SplitMix64, _total: Option<i64>, block: &mut Sums) {
        let mut bits = [0; SIZE];
        words.write(&mut bits);
        block.write(&bits.map(Self::entry));
    }
}

/// A tape of uniform entries.
#[derive(Clone)]
pub(super) struct UniformTape {
    first: Tree<Uniforms>,
    beyond: Tree<Digits>,
}

impl UniformTape {
    pub(super) fn new(key: Key) -> Self {
        Self {
            first: Tree::new(Uniforms, key),
            beyond: Tree::new(Digits, key.tape(1)),
        }
    }

    /// Sum of the first `n` entries.
    #[inline]
    pub(super) fn sum(&mut self, n: u64) -> i64 {
        let first = self.first.sum(n.min(FREE));
        if n <= FREE {
            return first;
        }
        first + self.beyond.sum(n - FREE)
    }

    /// The entry at a place.
    #[inline]
    pub(super) fn entry(&mut self, place: u64) -> i64 {
        match place.checked_sub(FREE) {
            None => self.first.entry(place),
            Some(place) => self.beyond.entry(place),
        }
    }

    /// See [`Tree::passage`].
    pub(super) fn passage(
        &mut self,
        from: u64,
        to: u64,
        bar: &Bar,
        search: &mut Search,
    ) -> Option<(u64, i64)> {
        let found = self.first.passage(from, to.min(FREE), bar, search);
        if found.is_some() || to <= FREE {
            return found;
        }
        let before = self.first.sum(FREE);
        let (from, to) = (from.max(FREE) - FREE, to - FREE);
        let (n, sum) = (self.beyond).passage(from, to, &bar.after(FREE, before), search)?;
        Some((n + FREE, sum + before))
    }
}
