//! Normal entries, on a grid so fine that nobody sees it and so coarse that their sums are exact.

use multiversion::multiversion;

use super::tree::{Block, Entries};
use crate::normal::Ziggurat;
use crate::rng::SplitMix64;

/// Units of the grid in a standard deviation. Sums of 2^53 entries have a standard deviation of 2^56.5 units.
pub(super) const GRID: f64 = (1u64 << 30) as f64;

const BLOCK: u32 = 6;
/// Number of entries in a block.
pub(super) const SIZE: usize = 1 << BLOCK;
const FAN: u32 = 5;
const CHILDREN: usize = 1 << FAN;

/// The law of standard normal entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct Normals;

/// Sums of the first 0 to 64 entries of a block: whole numbers below 2^53.
#[derive(Clone)]
pub(super) struct Sums([f64; SIZE + 8]);

impl Default for Sums {
    fn default() -> Self {
        Self([f64::INFINITY; SIZE + 8])
    }
}

/// Added to a small number, it leaves no room for a fraction.
const SHIFT: f64 = (3u64 << 51) as f64;

/// The nearest whole number, of halves the even one, of a number below 2^51.
#[inline(always)]
fn round_small(x: f64) -> i64 {
    (x + SHIFT).to_bits().cast_signed() - SHIFT.to_bits().cast_signed()
}

/// A whole number below 2^51 as a float.
#[inline(always)]
fn float_of_small(n: i64) -> f64 {
    f64::from_bits((n + SHIFT.to_bits().cast_signed()).cast_unsigned()) - SHIFT
}

/// A whole number below 2^50 over `2^BLOCK`, rounded down. Vectors have no other shift.
#[inline(always)]
fn share(due: i64) -> i64 {
    const ABOVE: i64 = 1 << 50;
    ((due + ABOVE).cast_unsigned() >> BLOCK).cast_signed() - (ABOVE >> BLOCK)
}

/// The nearest whole number, of halves the even one.
#[inline]
#[allow(clippy::cast_possible_truncation)] // sums of 2^53 entries are far below 2^63
fn round(x: f64) -> i64 {
    if x.abs() < (1u64 << 50) as f64 {
        round_small(x)
    } else {
        x.round_ties_even() as i64
    }
}

/// Writes the sums of the first 0 to 64 normal entries, moved by equal shares so that they sum to `total`.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2"))]
fn write_block(words: &[u64; SIZE], total: Option<i64>, out: &mut [f64; SIZE + 8]) {
    let mut normals = [0.0; SIZE];
    Ziggurat::shared().fill(words, &mut normals);
    let mut entries = [0; SIZE];
    for (entry, z) in entries.iter_mut().zip(&normals) {
        *entry = round_small(z * GRID);
    }
    let (mut sum, mut sums) = (0, [0; SIZE]);
    for (entry, out) in entries.iter().zip(&mut sums) {
        sum += entry;
        *out = sum;
    }
    let missing = total.map_or(0, |total| total - sum);
    out[0] = 0.0;
    let mut due = 0;
    for (out, sum) in out[1..].iter_mut().zip(&sums) {
        due += missing;
        *out = float_of_small(sum + share(due));
    }
}

/// Writes `2^FAN` normal numbers of a standard deviation, rounded to whole numbers.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2"))]
fn write_parts(words: &[u64; CHILDREN], scale: f64, parts: &mut [i64; CHILDREN]) {
    let mut normals = [0.0; CHILDREN];
    Ziggurat::shared().fill(words, &mut normals);
    for (part, z) in parts.iter_mut().zip(&normals) {
        *part = round(z * scale);
    }
}

/// Sums of the first 0, 1, ... numbers, moved by equal shares so that they sum to `total`.
#[inline]
fn add_up(parts: &[i64; CHILDREN], total: i64, sums: &mut [i64]) {
    let missing = total - parts.iter().sum::<i64>();
    let (share, rest) = (missing >> FAN, missing & ((1 << FAN) - 1));
    let (mut sum, mut due) = (0, 0);
    sums[0] = 0;
    for (part, out) in parts.iter().zip(&mut sums[1..]) {
        sum += part + share;
        due += rest;
        *out = sum + (due >> FAN);
    }
}

impl Normals {
    /// The entry that a random word stands for, where no sum is given.
    #[inline]
    pub(super) fn entry(word: u64) -> i64 {
        round_small(Ziggurat::shared().normal(word) * GRID)
    }
}

impl Entries for Normals {
    type Sum = i64;
    type Block = Sums;
    const BLOCK: u32 = BLOCK;
    const FAN: u32 = FAN;
    const LEVELS: usize = 10;

    #[inline]
    fn block(&self, words: SplitMix64, total: Option<i64>, block: &mut Sums) {
        let mut bits = [0; SIZE];
        words.write(&mut bits);
        write_block(&bits, total, &mut block.0);
    }

    #[inline]
    fn value(sum: i64, _n: u64) -> i64 {
        sum
    }

    fn split(&self, words: SplitMix64, length: u32, total: i64, sums: &mut [i64]) {
        add_up(&parts(words, length), total, sums);
    }

    fn grow(&self, words: SplitMix64, length: u32, first: Option<i64>, sums: &mut [i64]) {
        let mut parts = parts(words, length);
        parts[0] = first.unwrap_or(parts[0]);
        add_up(&parts, parts.iter().sum(), sums);
    }
}

/// Children of `2^length` entries each, of which nothing is given.
#[inline]
fn parts(words: SplitMix64, length: u32) -> [i64; CHILDREN] {
    let (mut bits, mut parts) = ([0; CHILDREN], [0; CHILDREN]);
    words.write(&mut bits);
    let deviation = GRID * ((1u64 << length) as f64).sqrt();
    write_parts(&bits, deviation, &mut parts);
    parts
}

impl Sums {
    /// Writes the sums of the given entries.
    #[inline]
    pub(super) fn write(&mut self, entries: &[i64; SIZE]) {
        let mut sum = 0;
        self.0[0] = 0.0;
        for (entry, out) in entries.iter().zip(&mut self.0[1..]) {
            sum += entry;
            *out = sum as f64;
        }
    }
}

impl Block<i64> for Sums {
    #[inline]
    fn total(&self) -> i64 {
        self.sum(SIZE)
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // whole numbers below 2^53
    fn sum(&self, n: usize) -> i64 {
        self.0[n] as i64
    }

    #[inline]
    fn entry(&self, place: usize) -> i64 {
        round_small(self.0[place + 1] - self.0[place])
    }

    #[inline]
    fn below(&self, from: usize, to: usize, height: f64, slope: f64) -> Option<usize> {
        first_below(&self.0, from + 1, to, height, slope)
    }
}

/// First place in `place..=to` at which a number lies below the line `height + slope * place`.
#[multiversion(targets("x86_64+avx2+bmi1+bmi2"))]
pub(super) fn first_below(
    sums: &[f64],
    mut place: usize,
    to: usize,
    height: f64,
    slope: f64,
) -> Option<usize> {
    while place <= to {
        let line = height + slope * place as f64;
        let eight: &[f64; 8] = sums[place..].first_chunk()?;
        let below: [bool; 8] = std::array::from_fn(|i| eight[i] < line + slope * i as f64);
        if below.iter().fold(false, |any, below| any | below) {
            let found = place + below.iter().position(|&below| below)?;
            return (found <= to).then_some(found);
        }
        place += 8;
    }
    None
}
