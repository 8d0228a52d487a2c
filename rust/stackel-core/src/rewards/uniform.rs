//! Uniform entries. Sums of many have no law that could be split, so that they are added up block by block.

use super::gaussian::{SIZE, Sums};
use super::tree::Entries;
use crate::rng::SplitMix64;

/// Units of the grid in half the width of the law. Entries are odd numbers of units, so that their mean is 0.
pub(super) const GRID: f64 = (1u64 << 31) as f64;

/// The law of uniform entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Uniforms;

impl Entries for Uniforms {
    type Block = Sums;
    const BLOCK: u32 = SIZE.ilog2();
    const FAN: u32 = 1;
    const LEVELS: usize = 0;

    #[inline]
    fn entry(&self, word: u64) -> i64 {
        (2 * (word >> 33) + 1).cast_signed() - (1 << 31)
    }

    fn block(&self, words: SplitMix64, _total: Option<i64>, block: &mut Sums) {
        let mut bits = [0; SIZE];
        words.write(&mut bits);
        block.write(bits.map(|word| self.entry(word)));
    }
}
