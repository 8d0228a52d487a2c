//! Coins: entries that are 1 with a probability, else 0.

use rand_core::Rng;
use rand_distr::{Binomial, Distribution};

use super::tree::{Block, Entries};
use super::whole::{in_first_half, near, turn_over};
use crate::math::count;
use crate::rng::SplitMix64;

const BLOCK: u32 = 6;
/// Longest row of coins for which the sampler of the binomial law keeps its digits.
const LONGEST: u64 = 1 << 30;
/// Variance from which on a binomial number is near a normal one.
const ENOUGH: f64 = 65536.0;

/// The law of coins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coins {
    pub(super) probability: f64,
}

/// The coins of a block, the first one in the lowest bit.
#[derive(Clone, Default)]
pub(super) struct Bits(u64);

impl Coins {
    /// The entry that a random word stands for, where no sum is given.
    #[inline]
    pub(super) fn entry(self, word: u64) -> i64 {
        i64::from(((word >> 11) as f64) < self.probability * (1u64 << 53) as f64)
    }

    /// Number of ones among `2^length` coins.
    fn ones(self, length: u32, words: &mut SplitMix64) -> i64 {
        let (n, p) = (1u64 << length, self.probability);
        let variance = n as f64 * p * (1.0 - p);
        if p == 0.0 || p == 1.0 {
            return if p == 0.0 { 0 } else { n.cast_signed() };
        }
        if variance < ENOUGH && n <= LONGEST {
            let law = Binomial::new(n, p);
            debug_assert!(law.is_ok(), "probability {p}");
            return law.map_or(0, |law| law.sample(words)).cast_signed();
        }
        if variance < ENOUGH {
            // Few of very many.
            return self.ones(length - 1, words) + self.ones(length - 1, words);
        }
        let (skew, excess) = (
            (1.0 - 2.0 * p) / variance.sqrt(),
            (1.0 - 6.0 * p * (1.0 - p)) / variance,
        );
        let ones = near(n as f64 * p, variance, [skew, excess], words);
        ones.clamp(0, n.cast_signed())
    }
}

impl Entries for Coins {
    type Sum = i64;
    type Block = Bits;
    const BLOCK: u32 = BLOCK;
    const FAN: u32 = 1;
    const LEVELS: usize = 48;

    fn block(&self, mut words: SplitMix64, total: Option<i64>, block: &mut Bits) {
        block.0 = match total {
            Some(total) => arranged(total, &mut words),
            None => (0..64)
                .map(|k| self.entry(words.at(k)).cast_unsigned() << k)
                .sum(),
        };
    }

    #[inline]
    fn value(sum: i64, _n: u64) -> i64 {
        sum
    }

    fn split(&self, mut words: SplitMix64, length: u32, total: i64, sums: &mut [i64]) {
        (sums[1], sums[2]) = (in_first_half(1 << length, total, &mut words), total);
    }

    fn grow(&self, mut words: SplitMix64, length: u32, first: Option<i64>, sums: &mut [i64]) {
        let first = first.unwrap_or_else(|| self.ones(length, &mut words));
        (sums[1], sums[2]) = (first, first + self.ones(length, &mut words));
    }
}

/// 64 coins of which `ones` are ones: coins with about the right probability, four binary digits of it, of which as many are
/// turned over, at random, as there are ones too many or too few. Given its number of ones, any arrangement is
/// equally likely in either step.
fn arranged(ones: i64, words: &mut SplitMix64) -> u64 {
    let sixteenths = u32::try_from((ones + 2) >> 2).unwrap_or(0);
    let mut coins = if sixteenths == 16 { u64::MAX } else { 0 };
    for digit in sixteenths.trailing_zeros()..4 {
        let word = words.next_u64();
        coins = if sixteenths >> digit & 1 == 1 {
            coins | word
        } else {
            coins & word
        };
    }
    let mut coins = [coins];
    turn_over(&mut coins, ones, words);
    coins[0]
}

impl Block<i64> for Bits {
    fn total(&self) -> i64 {
        i64::from(self.0.count_ones())
    }

    #[inline]
    fn sum(&self, n: usize) -> i64 {
        if n == 0 {
            return 0;
        }
        i64::from((self.0 << (64 - n)).count_ones())
    }

    #[inline]
    fn entry(&self, place: usize) -> i64 {
        (self.0 >> place & 1).cast_signed()
    }

    #[allow(clippy::cast_possible_truncation)] // at most 64
    fn below(&self, from: usize, to: usize, height: f64, slope: f64) -> Option<usize> {
        let sum = self.sum(from) as f64;
        let line = |place: usize| height + slope * place as f64;
        if sum >= line(from + 1).max(line(to)) {
            return None;
        }
        // Sums only grow: while the line is below the first one, they are above it.
        let safe = if slope > 0.0 {
            (sum - height) / slope - 1.0
        } else {
            0.0
        };
        let from = from.max(to.min(count(safe) as usize));
        let mut sum = self.sum(from) as f64;
        (from..to).find_map(|place| {
            sum += (self.0 >> place & 1) as f64;
            (sum < line(place + 1)).then_some(place + 1)
        })
    }
}
