//! Coins: entries that are 1 with a probability, else 0.

use rand_core::Rng;
use rand_distr::{Binomial, Distribution, Hypergeometric};

use super::tree::{Block, Entries};
use crate::rng::{SplitMix64, unit};

const BLOCK: u32 = 9;
/// Largest number of ones, or of zeros, that are placed one by one.
const FEW: u64 = 32;

/// The law of coins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coins {
    pub(super) probability: f64,
}

/// The coins of a block, and number of ones before each word of them.
#[derive(Clone, Default)]
pub(super) struct Bits {
    words: [u64; 8],
    before: [u32; 9],
}

/// Number of ones among `n` coins.
fn binomial(n: u64, probability: f64, words: &mut impl Rng) -> i64 {
    let law = Binomial::new(n, probability);
    debug_assert!(law.is_ok(), "probability {probability}");
    law.map_or(0, |law| law.sample(words)).cast_signed()
}

/// Number of ones in the first half of `2 half` coins, of which `ones` are ones, placed at random.
fn ones_in_first_half(half: u64, ones: u64, words: &mut impl Rng) -> u64 {
    let n = 2 * half;
    // The sampler's set-up takes time of order n where few coins differ from the others.
    if ones <= FEW {
        return few_in_first_half(half, ones, words);
    }
    if n - ones <= FEW {
        return half - few_in_first_half(half, n - ones, words);
    }
    let law = Hypergeometric::new(n, ones, half);
    debug_assert!(law.is_ok(), "{ones} of {n}");
    law.map_or(0, |law| law.sample(words))
}

/// Places the marked coins one by one: the probability of the first half is its share of free places.
fn few_in_first_half(half: u64, marked: u64, words: &mut impl Rng) -> u64 {
    (0..marked).fold(0, |inside, placed| {
        let share = (half - inside) as f64 / (2 * half - placed) as f64;
        inside + u64::from(unit(words) < share)
    })
}

impl Coins {
    /// The entry that a random word stands for, where no sum is given.
    #[inline]
    pub(super) fn entry(self, word: u64) -> i64 {
        i64::from(((word >> 11) as f64) < self.probability * (1u64 << 53) as f64)
    }
}

impl Entries for Coins {
    type Sum = i64;
    type Block = Bits;
    const BLOCK: u32 = BLOCK;
    const FAN: u32 = 1;
    /// The sampler of a split loses digits in nodes of more than 2^30 entries.
    const LEVELS: usize = 21;

    fn block(&self, words: SplitMix64, total: Option<i64>, block: &mut Bits) {
        match total {
            Some(total) => block.arrange(words, total),
            None => {
                for (i, coins) in (0..).zip(&mut block.words) {
                    let coin = |k: u64| self.entry(words.at(64 * i + k)).cast_unsigned() << k;
                    *coins = (0..64).map(coin).sum();
                }
            }
        }
        for (i, word) in block.words.iter().enumerate() {
            block.before[i + 1] = block.before[i] + word.count_ones();
        }
    }

    fn value(sum: i64, _n: u64) -> i64 {
        sum
    }

    fn split(&self, mut words: SplitMix64, length: u32, total: i64, sums: &mut [i64]) {
        let first = ones_in_first_half(1 << length, total.cast_unsigned(), &mut words);
        (sums[0], sums[1], sums[2]) = (0, first.cast_signed(), total);
    }

    fn grow(&self, mut words: SplitMix64, length: u32, first: Option<i64>, sums: &mut [i64]) {
        let mut draw = || binomial(1 << length, self.probability, &mut words);
        let first = first.unwrap_or_else(&mut draw);
        (sums[0], sums[1], sums[2]) = (0, first, first + draw());
    }
}

impl Bits {
    /// Draws coins of which `total` are ones: coins with about the right probability, eight binary digits of it, and then as many of them turned over,
    /// at random, as there are ones too many or too few. Given its number of ones, any arrangement is equally likely
    /// in either step.
    fn arrange(&mut self, mut words: SplitMix64, total: i64) {
        let digits = u32::try_from((total + 1) >> 1).unwrap_or(0);
        for coins in &mut self.words {
            *coins = if digits == 256 { u64::MAX } else { 0 };
            for digit in digits.trailing_zeros()..8 {
                let word = words.next_u64();
                *coins = if digits >> digit & 1 == 1 {
                    *coins | word
                } else {
                    *coins & word
                };
            }
        }
        turn_over(&mut self.words, total, &mut words);
    }
}

/// Turns coins over at random, as many as are ones too many or too few. The number of coins is a power of two.
#[allow(clippy::cast_possible_truncation)] // below the number of words
pub(super) fn turn_over(coins: &mut [u64], total: i64, words: &mut SplitMix64) {
    let counts = coins.iter().map(|word| i64::from(word.count_ones()));
    let mut ones: i64 = counts.sum();
    while ones != total {
        let place = words.next_u64() % (64 * coins.len() as u64);
        let (word, bit) = (&mut coins[(place / 64) as usize], 1 << (place % 64));
        if (*word & bit != 0) == (ones > total) {
            *word ^= bit;
            ones += if ones > total { -1 } else { 1 };
        }
    }
}

impl Block<i64> for Bits {
    fn total(&self) -> i64 {
        i64::from(self.before[8])
    }

    #[inline]
    fn sum(&self, n: usize) -> i64 {
        let (word, bit) = (n / 64, n % 64);
        let part = if bit == 0 {
            0
        } else {
            (self.words[word] << (64 - bit)).count_ones()
        };
        i64::from(self.before[word] + part)
    }

    fn below(&self, from: usize, to: usize, height: f64, slope: f64) -> Option<usize> {
        let line = |place: usize| height + slope * place as f64;
        let mut place = from + 1;
        while place <= to {
            // The sum only grows: within a word it is below the line nowhere unless its start is.
            let end = to.min((place | 63).max(place));
            let sum = self.sum(place - 1);
            if sum as f64 >= line(place).max(line(end)) {
                place = end + 1;
                continue;
            }
            for place in place..=end {
                if (self.sum(place) as f64) < line(place) {
                    return Some(place);
                }
            }
            place = end + 1;
        }
        None
    }
}
