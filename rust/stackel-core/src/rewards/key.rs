//! Keys: which random words a place of the table is made of.
//!
//! A player's table in a replication has a key of 128 bits, the first block of the `ChaCha12` cipher under (seed,
//! replication, player). The key of a tape is derived from it by the tape's number, and the words of a node
//! of the tape come from a `SplitMix64` generator (Steele, Lea and Flood 2014) with a state and an odd increment that
//! belong to the node. So any part of the table can be made without any other part.

use crate::rng::{GOLDEN, Purpose, Role, SplitMix64, key, mix};

/// The key of a table or of a tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u64; 2]);

impl Key {
    /// The key of a player's table.
    pub(super) fn of(seed: u64, replication: u64, role: Role) -> Self {
        Self(key(seed, replication, role, Purpose::Noise))
    }

    /// The key of the tape of the given number.
    pub(super) fn tape(self, number: usize) -> Self {
        let [first, second] = self.0;
        let first = mix(first.wrapping_add((number as u64).wrapping_mul(GOLDEN)));
        Self([first, mix(second ^ first)])
    }

    /// The words of the node at a place of a level, of fewer than 64 levels and 2^58 places.
    #[inline]
    pub(super) fn node(self, level: usize, place: u64) -> SplitMix64 {
        let number = (place << 6) | level as u64;
        let state = mix(self.0[0].wrapping_add(number.wrapping_mul(GOLDEN)));
        let increment = mix(self.0[1] ^ state) | 1;
        SplitMix64 { state, increment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
