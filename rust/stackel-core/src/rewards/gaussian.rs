//! Normal entries, on a grid so fine that nobody sees it and so coarse that their sums are exact.

use super::key::Words;
use super::tree::{Block, Entries};
use crate::normal::Ziggurat;

/// Units of the grid in a standard deviation. Sums of 2^53 entries have a standard deviation of 2^56.5 units.
pub(super) const GRID: f64 = (1u64 << 30) as f64;

const BLOCK: u32 = 6;
/// Number of entries in a block.
pub(super) const SIZE: usize = 1 << BLOCK;
const FAN: u32 = 5;

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

/// `N` normal variates of standard deviation `scale`, rounded to whole numbers.
#[inline]
fn whole<const N: usize>(words: Words, scale: f64) -> [i64; N] {
    let bits: [u64; N] = std::array::from_fn(|i| words.at(i as u64));
    let mut normals = [0.0; N];
    Ziggurat::shared().fill(&bits, &mut words.aside(), &mut normals);
    normals.map(|z| round(z * scale))
}

/// The nearest whole number, of halves the even one.
#[inline]
#[allow(clippy::cast_possible_truncation)] // sums of 2^53 entries are far below 2^63
fn round(x: f64) -> i64 {
    /// Added to a small number, it leaves no room for a fraction.
    const SHIFT: f64 = (3u64 << 51) as f64;
    if x.abs() < (1u64 << 50) as f64 {
        ((x + SHIFT) - SHIFT) as i64
    } else {
        x.round_ties_even() as i64
    }
}

/// Moves `N` numbers by shares as equal as whole numbers can be, so that they sum to `total`.
#[inline]
fn share_out<const N: usize>(parts: &mut [i64; N], total: i64) {
    let missing = total - parts.iter().sum::<i64>();
    let (share, rest) = (missing >> N.ilog2(), missing & (N as i64 - 1));
    let (mut due, mut given) = (0, 0);
    for part in parts {
        due += rest;
        *part += share + (due >> N.ilog2()) - given;
        given = due >> N.ilog2();
    }
}

/// Sums of the first 0, 1, ... numbers.
#[inline]
fn add_up(parts: &[i64], sums: &mut [i64]) {
    let mut sum = 0;
    sums[0] = 0;
    for (part, out) in parts.iter().zip(&mut sums[1..]) {
        sum += part;
        *out = sum;
    }
}

impl Entries for Normals {
    type Block = Sums;
    const BLOCK: u32 = BLOCK;
    const FAN: u32 = FAN;
    const LEVELS: usize = 10;

    fn block(&self, words: Words, total: Option<i64>, block: &mut Sums) {
        let mut parts: [i64; SIZE] = whole(words, GRID);
        if let Some(total) = total {
            share_out(&mut parts, total);
        }
        block.write(parts);
    }

    fn split(&self, words: Words, length: u32, total: i64, sums: &mut [i64]) {
        let mut parts: [i64; 1 << FAN] = whole(words, deviation(length));
        share_out(&mut parts, total);
        add_up(&parts, sums);
    }

    fn grow(&self, words: Words, length: u32, first: Option<i64>, sums: &mut [i64]) {
        let mut parts: [i64; 1 << FAN] = whole(words, deviation(length));
        parts[0] = first.unwrap_or(parts[0]);
        add_up(&parts, sums);
    }
}

/// Standard deviation of the sum of `2^length` entries.
#[inline]
fn deviation(length: u32) -> f64 {
    GRID * ((1u64 << length) as f64).sqrt()
}

impl Sums {
    /// Writes the sums of the given entries.
    #[inline]
    pub(super) fn write(&mut self, entries: [i64; SIZE]) {
        let mut sums = [0; SIZE + 1];
        add_up(&entries, &mut sums);
        for (out, sum) in self.0.iter_mut().zip(sums) {
            *out = sum as f64;
        }
    }
}

impl Block for Sums {
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // whole numbers below 2^53
    fn sum(&self, n: usize) -> i64 {
        self.0[n] as i64
    }

    #[inline]
    fn below(&self, from: usize, to: usize, height: f64, slope: f64) -> Option<usize> {
        let mut place = from + 1;
        while place <= to {
            let line = height + slope * place as f64;
            let sums: &[f64; 4] = self.0[place..place + 4].first_chunk()?;
            let below: [bool; 4] = std::array::from_fn(|i| sums[i] < line + slope * i as f64);
            if below != [false; 4] {
                let found = place + below.iter().position(|&below| below)?;
                return (found <= to).then_some(found);
            }
            place += 4;
        }
        None
    }
}
