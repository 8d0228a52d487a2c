//! Random streams: one for each decision of each player; and the words of the table of rewards.
//!
//! A player has a key in a replication, from the first output block of the `ChaCha12` cipher under (seed, replication,
//! player, purpose). Keys are therefore as good as independent, in any order and on any thread. A stream of decisions is a
//! `SplitMix64` generator (Steele, Lea and Flood 2014) whose state and increment belong to the key, the leader action
//! that is answered and the number of rounds in which it was: what is drawn in a round does not depend on what was drawn
//! before, or by others. This is the only file that chooses generators.

use std::convert::Infallible;

use multiversion::multiversion;
use rand_chacha::ChaCha12Rng;
use rand_core::{Rng, SeedableRng, TryRng};

use crate::archive::Archive;
use crate::math::MAX_HORIZON;

/// Version of the streams, which is raised whenever the same seed gives other bits.
pub const STREAM_VERSION: u32 = 2;

/// One of the two seats of the game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The player that acts first.
    Leader,
    /// The player that sees the leader's action and answers.
    Follower,
}

impl Role {
    /// The seat's name in arguments and messages.
    pub fn name(self) -> &'static str {
        match self {
            Role::Leader => "leader",
            Role::Follower => "follower",
        }
    }
}

/// The purpose for which a stream is read. Rewards and decisions read different streams, so that two
/// learners compared under one seed meet the same noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Noise of the rewards.
    Noise,
    /// Decisions of randomised learners.
    Choice,
}

/// A stream of random numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream(SplitMix64);

/// A stream for what is replaced.
impl Default for Stream {
    fn default() -> Self {
        Self(SplitMix64::after(0))
    }
}

impl Stream {
    /// A stream that belongs to a key. Players draw from those of [`Choices`].
    ///
    /// ```
    /// use stackel_core::rng::{Purpose, Role, Stream};
    /// let mut noise = Stream::new(7, 0, Role::Leader, Purpose::Noise);
    /// let mut again = Stream::new(7, 0, Role::Leader, Purpose::Noise);
    /// assert_eq!(noise.next_u64(), again.next_u64());
    /// ```
    pub fn new(seed: u64, replication: u64, role: Role, purpose: Purpose) -> Self {
        let [state, increment] = key(seed, replication, role, purpose);
        let increment = increment | 1;
        Self(SplitMix64 { state, increment })
    }

    /// 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A generator for the `i`-th of many uses.
    pub(crate) fn at(&self, i: u64) -> SplitMix64 {
        SplitMix64::after(self.0.at(i))
    }

    /// Uniform on the multiples of 2^-53 in [0, 1).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        unit(self)
    }

    /// Uniform on 0, 1, ..., `n - 1`, up to a bias below `n / 2^64`.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the product's high half is below n
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }
}

/// Uniform on the multiples of 2^-53 in [0, 1), from a word.
#[inline]
pub(crate) fn unit(words: &mut impl Rng) -> f64 {
    (words.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// The streams of a player's decisions in a replication: one for each round of each instance of the player. A
/// follower's instances are numbered by the leader action that they answer; of a leader there is one.
#[derive(Debug, Clone)]
pub struct Choices {
    instances: Vec<Instance>,
}

/// The streams of an instance.
#[derive(Debug, Clone, Copy)]
struct Instance {
    /// What the states are mixed from, but for the round, and their increment.
    words: SplitMix64,
    /// Rounds that it has played.
    rounds: u64,
}

impl Choices {
    /// The streams of a player before the first round.
    ///
    /// ```
    /// use stackel_core::rng::{Choices, Role};
    /// let mut choices = Choices::new(7, 0, Role::Follower, 2);
    /// let first = choices.stream(1);
    /// choices.pass(1, 1);
    /// assert_ne!(choices.stream(1), first);
    /// ```
    pub fn new(seed: u64, replication: u64, role: Role, n_instances: usize) -> Self {
        let [first, second] = key(seed, replication, role, Purpose::Choice);
        let instance = |number| {
            let state = mix(first.wrapping_add((number as u64).wrapping_mul(GOLDEN)));
            let increment = mix(second ^ state) | 1;
            let words = SplitMix64 { state, increment };
            Instance { words, rounds: 0 }
        };
        Self {
            instances: (0..n_instances).map(instance).collect(),
        }
    }

    /// The stream of the next round of an instance.
    #[inline]
    pub fn stream(&self, instance: usize) -> Stream {
        let Instance { words, rounds } = self.instances[instance];
        Stream(SplitMix64 {
            state: mix(words.state.wrapping_add(rounds.wrapping_mul(GOLDEN))),
            ..words
        })
    }

    /// Moves on by some rounds of an instance.
    #[inline]
    pub fn pass(&mut self, instance: usize, rounds: u64) {
        self.instances[instance].rounds += rounds;
    }

    /// Moves back by some rounds of an instance.
    pub(crate) fn pass_back(&mut self, instance: usize, rounds: u64) {
        self.instances[instance].rounds -= rounds;
    }

    /// Rounds of all instances.
    pub(crate) fn played(&self) -> u128 {
        let rounds = |instance: &Instance| u128::from(instance.rounds);
        self.instances.iter().map(rounds).sum()
    }

    /// Visits the numbers of rounds.
    pub(crate) fn exchange(&mut self, archive: &mut Archive) {
        for instance in &mut self.instances {
            archive.count(&mut instance.rounds, MAX_HORIZON);
        }
    }

    /// Moves to where instances have played these numbers of rounds.
    pub(crate) fn move_to(&mut self, rounds: impl Iterator<Item = u64>) {
        for (instance, rounds) in self.instances.iter_mut().zip(rounds) {
            instance.rounds = rounds;
        }
    }
}

/// The first two words of the cipher under a key.
pub(crate) fn key(seed: u64, replication: u64, role: Role, purpose: Purpose) -> [u64; 2] {
    let mut words = cipher(seed, replication, role, purpose);
    [words.next_u64(), words.next_u64()]
}

/// The cipher under a key.
fn cipher(seed: u64, replication: u64, role: Role, purpose: Purpose) -> ChaCha12Rng {
    let mut key = [0u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&replication.to_le_bytes());
    key[16] = role as u8;
    key[17] = purpose as u8;
    ChaCha12Rng::from_seed(key)
}

/// A stream feeds any distribution of the `rand` family.
impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.try_fill_bytes(bytes)
    }
}

/// The increment of `SplitMix64`: 2^64 over the golden ratio, made odd.
pub(crate) const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The output function of `SplitMix64`.
#[inline(always)]
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A `SplitMix64` generator (Steele, Lea and Flood 2014), whose words can be read in order or by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SplitMix64 {
    pub(crate) state: u64,
    /// An odd number.
    pub(crate) increment: u64,
}

impl SplitMix64 {
    /// The `i`-th word from here.
    #[inline]
    pub(crate) fn at(&self, i: u64) -> u64 {
        mix(self
            .state
            .wrapping_add((i + 1).wrapping_mul(self.increment)))
    }

    /// Writes the words from here.
    #[inline]
    pub(crate) fn write(self, out: &mut [u64]) {
        write_words(self.state, self.increment, out);
    }

    /// Passes over words.
    #[inline]
    pub(crate) fn skip(&mut self, words: u64) {
        self.state = self.state.wrapping_add(words.wrapping_mul(self.increment));
    }

    /// A stream of these words.
    pub(crate) fn stream(self) -> Stream {
        Stream(self)
    }

    /// The generator that a word is the state of.
    #[inline]
    pub(crate) fn after(word: u64) -> Self {
        Self {
            state: word,
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
impl TryRng for SplitMix64 {
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
    use std::collections::HashSet;

    #[test]
    fn keys_that_differ_in_one_part_give_different_streams() {
        let mut seen = HashSet::new();
        for seed in [0, 1, u64::MAX] {
            for replication in [0, 1, 1 << 40] {
                for role in [Role::Leader, Role::Follower] {
                    seen.insert(Stream::new(seed, replication, role, Purpose::Noise).next_u64());
                    let mut choices = Choices::new(seed, replication, role, 3);
                    for instance in 0..3 {
                        for rounds in [0, 1, 1 << 50] {
                            choices.pass(instance, rounds);
                            seen.insert(choices.stream(instance).next_u64());
                        }
                    }
                }
            }
        }
        // Of the rounds, 0 + 0 and 0 + 1 and 0 + 1 + 2^50 are three.
        assert_eq!(seen.len(), 3 * 3 * 2 * (1 + 3 * 3));
    }

    #[test]
    fn the_stream_version_fixes_the_bits() {
        const FIRST: [u64; 3] = [
            5_608_790_608_439_367_037,
            9_238_411_691_932_068_766,
            1_041_886_132_098_207_707,
        ];
        let mut choices = Choices::new(2024, 3, Role::Follower, 3);
        choices.pass(2, 5);
        let mut stream = choices.stream(2);
        let first: Vec<u64> = (0..3).map(|_| stream.next_u64()).collect();
        assert_eq!((STREAM_VERSION, first), (2, FIRST.to_vec()));
    }

    #[test]
    fn words_by_number_are_the_words_in_order() {
        let mut words = SplitMix64::after(7);
        let start = words;
        let mut written = [0; 96];
        start.write(&mut written);
        for (i, word) in (0..).zip(written) {
            assert_eq!((word, start.at(i)), (words.next_u64(), word));
        }
    }

    #[test]
    fn below_covers_its_range_evenly() {
        let mut stream = Stream::new(1, 0, Role::Leader, Purpose::Choice);
        let mut counts = [0u32; 5];
        for _ in 0..50_000 {
            counts[stream.below(5)] += 1;
        }
        // Each count is Binomial(50000, 1/5): sd 89, so 450 is five of them.
        assert!(
            counts.iter().all(|&count| count.abs_diff(10_000) < 450),
            "{counts:?}"
        );
    }
}
