//! Keys: which random words a place of the table is made of.
//!
//! A player's table in a replication has a key of 128 bits, the first block of the `ChaCha12` cipher under (seed,
//! replication, player). The key of a tape is derived from it by the tape's number, and the words of a node
//! of the tape come from a `SplitMix64` generator (Steele, Lea and Flood 2014) with a state and an odd increment that
//! belong to the node. So any part of the table can be made without any other part.

use std::convert::Infallible;

use multiversion::multiversion;
use rand_core::{Rng, TryRng};

use crate::rng::{Purpose, Role, Stream, cipher};

/// The increment of `SplitMix64`: 2^64 over the golden ratio, made odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The output function of `SplitMix64`.
#[inline(always)]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The key of a table or of a tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u64; 2]);

impl Key {
    /// The key of a player's table.
    pub(super) fn of(seed: u64, replication: u64, role: Role) -> Self {
        let mut words = cipher(seed, replication, role, Purpose::Noise);
        Self([words.next_u64(), words.next_u64()])
    }

    /// The key of the tape of the given number.
    pub(super) fn tape(self, number: usize) -> Self {
        let [first, second] = self.0;
        let first = mix(first.wrapping_add((number as u64).wrapping_mul(GOLDEN)));
        Self([first, mix(second ^ first)])
    }

    /// The words of the node at a place of a level, of fewer than 64 levels and 2^58 places.
    #[inline]
    pub(super) fn node(self, level: usize, place: u64) -> Words {
        let number = (place << 6) | level as u64;
        let state = mix(self.0[0].wrapping_add(number.wrapping_mul(GOLDEN)));
        let increment = mix(self.0[1] ^ state) | 1;
        Words { state, increment }
    }
}

/// The words of a node, in order or by number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    state: u64,
    increment: u64,
}

impl Words {
    /// The `i`-th word from here.
    #[inline]
    pub(super) fn at(&self, i: u64) -> u64 {
        mix(self
            .state
            .wrapping_add((i + 1).wrapping_mul(self.increment)))
    }

    /// Writes the words from here.
    #[inline]
    pub(super) fn write(self, out: &mut [u64]) {
        write_words(self.state, self.increment, out);
    }

    /// A stream that begins with these words.
    pub(super) fn stream(mut self) -> Stream {
        Stream::of(std::array::from_fn(|_| self.next_u64()))
    }

    /// Further words of the same node: a generator apart from this one.
    pub(super) fn aside(&self) -> Self {
        Self {
            state: self.state ^ self.increment.rotate_left(32),
            increment: GOLDEN,
        }
    }
}

/// Writes words of a generator.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
fn write_words(state: u64, increment: u64, out: &mut [u64]) {
    for sixteen in out.chunks_exact_mut(16).enumerate() {
        let (k, words) = sixteen;
        for (i, word) in words.iter_mut().enumerate() {
            let number = (16 * k + i) as u64 + 1;
            *word = mix(state.wrapping_add(number.wrapping_mul(increment)));
        }
    }
}

/// Words feed any distribution of the `rand` family.
impl TryRng for Words {
    type Error = Infallible;

    #[allow(clippy::cast_possible_truncation)] // the high half
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let word = self.at(0);
        self.state = self.state.wrapping_add(self.increment);
        Ok(word)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::Rng;
    use std::collections::HashSet;

    #[test]
    fn keys_that_differ_in_one_part_give_different_words() {
        let mut seen = HashSet::new();
        for seed in [0, 1, u64::MAX] {
            for replication in [0, 1, 1 << 40] {
                for role in [Role::Leader, Role::Follower] {
                    for tape in [0, 1, 1 << 20] {
                        let key = Key::of(seed, replication, role).tape(tape);
                        for level in [0, 1, 40] {
                            for place in [0, 1, 1 << 50] {
                                seen.insert(key.node(level, place).at(0));
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(seen.len(), 3 * 3 * 2 * 3 * 3 * 3);
    }

    #[test]
    fn words_by_number_are_the_words_in_order() {
        let mut words = Key([3, 4]).node(2, 5);
        let start = words;
        for i in 0..100 {
            assert_eq!(start.at(i), words.next_u64());
        }
    }
}
