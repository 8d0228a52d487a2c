//! Uniform entries whose sums are as cheap as single ones: a uniform number is a row of fair coins, its binary digits.
//!
//! The upper `DIGITS` digits of the entries are rows of coins, each with its own sums, which are split as those of coins are.
//! Of the lower digits, those of every second entry are the complement of those of the entry before: together they add nothing.
//! So every entry is exactly uniform, and the entries of a pair have a correlation of -4^-DIGITS, as if they were
//! independent.

use std::ops::{Add, Sub};

use multiversion::multiversion;

use super::gaussian::first_below;
use super::tree::{Block, Entries};
use super::whole::{in_first_half, near, turn_over};
use crate::rng::SplitMix64;

/// Units of the grid in half the width of the law. Entries are odd numbers of units, so that their mean is 0.
pub(super) const GRID: f64 = HALF as f64;
/// The same as a whole number.
pub(super) const HALF: i64 = 1 << 31;
/// Number of digits that have sums.
const DIGITS: usize = 16;
const BLOCK: u32 = 12;
const SIZE: usize = 1 << BLOCK;
/// Value of the lowest of these digits: an entry is a sum of plus or minus this times 1, 2, 4, ..., and of what the lower
/// digits add.
const LOWEST: i64 = HALF >> DIGITS;

/// The law of uniform entries beyond the first ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digits;

/// Number of ones of each digit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Ones([i64; DIGITS]);

impl Add for Ones {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(std::array::from_fn(|d| self.0[d] + other.0[d]))
    }
}

impl Sub for Ones {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(std::array::from_fn(|d| self.0[d] - other.0[d]))
    }
}

/// Sums of the first entries of a block, and ones of all.
#[derive(Clone, Default)]
pub(super) struct Long {
    sums: Vec<f64>,
    ones: Ones,
}

/// Writes a digit of each entry: the coins, in the order of their bits.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2"))]
#[allow(clippy::cast_possible_truncation)] // halves of a word
fn add_digit(coins: &[u64; SIZE / 64], digit: usize, upper: &mut [u32; SIZE]) {
    for (upper, word) in upper.chunks_exact_mut(64).zip(coins) {
        let (low, high) = upper.split_at_mut(32);
        for (half, word) in [(low, *word as u32), (high, (word >> 32) as u32)] {
            for (i, upper) in half.iter_mut().enumerate() {
                *upper |= (word >> i & 1) << digit;
            }
        }
    }
}

/// Writes the sums of the first 0, 1, ... entries with these upper digits, and a word for the lower ones of each pair.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2"))]
fn add_up(upper: &[u32; SIZE], lower: &[u64; SIZE / 2], sums: &mut [f64]) {
    let entry = |upper: u32, lower: i64| 2 * (LOWEST * i64::from(upper) + lower) + 1 - HALF;
    let mut sum = 0;
    sums[0] = 0.0;
    let pairs = upper.as_chunks::<2>().0.iter().zip(lower);
    for (([first, second], word), out) in pairs.zip(sums[1..].as_chunks_mut::<2>().0) {
        let lower = (word >> (33 + DIGITS)).cast_signed();
        let before = sum + entry(*first, lower);
        sum = before + entry(*second, LOWEST - 1 - lower);
        *out = [before as f64, sum as f64];
    }
}

impl Entries for Digits {
    type Sum = Ones;
    type Block = Long;
    const BLOCK: u32 = BLOCK;
    const FAN: u32 = 1;
    const LEVELS: usize = 42;

    #[inline]
    fn value(Ones(ones): Ones, n: u64) -> i64 {
        let excess = |d: usize| (2 * ones[d] - n.cast_signed()) << d;
        (0..DIGITS).map(excess).sum::<i64>() * LOWEST
    }

    fn block(&self, mut words: SplitMix64, total: Option<Ones>, block: &mut Long) {
        let mut upper = [0; SIZE];
        for d in 0..DIGITS {
            let mut coins = [0; SIZE / 64];
            words.write(&mut coins);
            words.skip(coins.len() as u64);
            if let Some(Ones(ones)) = total {
                turn_over(&mut coins, ones[d], &mut words);
            }
            block.ones.0[d] = coins.iter().map(|word| i64::from(word.count_ones())).sum();
            add_digit(&coins, d, &mut upper);
        }
        let mut lower = [0; SIZE / 2];
        words.write(&mut lower);
        block.sums.resize(SIZE + 8, f64::INFINITY);
        add_up(&upper, &lower, &mut block.sums);
    }

    fn split(&self, mut words: SplitMix64, length: u32, total: Ones, sums: &mut [Ones]) {
        let first = total
            .0
            .map(|ones| in_first_half(1 << length, ones, &mut words));
        (sums[1], sums[2]) = (Ones(first), total);
    }

    fn grow(&self, mut words: SplitMix64, length: u32, first: Option<Ones>, sums: &mut [Ones]) {
        let n = (1u64 << length) as f64;
        let mut draw = || {
            let ones = [0; DIGITS];
            Ones(ones.map(|_| near(0.5 * n, 0.25 * n, [0.0, -2.0 / n], &mut words)))
        };
        let first = first.unwrap_or_else(&mut draw);
        (sums[1], sums[2]) = (first, first + draw());
    }
}

impl Block<Ones> for Long {
    fn total(&self) -> Ones {
        self.ones
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // whole numbers below 2^53
    fn sum(&self, n: usize) -> i64 {
        self.sums[n] as i64
    }

    #[inline]
    fn below(&self, from: usize, to: usize, height: f64, slope: f64) -> Option<usize> {
        first_below(&self.sums, from + 1, to, height, slope)
    }
}
