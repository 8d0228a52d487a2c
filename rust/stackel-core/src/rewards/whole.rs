//! Random whole numbers: how many of the ones among coins are in the first half of them, and numbers near normal ones.

use std::cell::RefCell;

use rand_core::Rng;

use crate::normal::Ziggurat;
use crate::rng::SplitMix64;

/// Variance from which on a split is near a normal number.
const ENOUGH: f64 = 500.0;
/// Weights below this are none.
const LEAST: f64 = 1e-18;
/// A whole number with a mean, a variance, and a third and fourth cumulant in units of the standard deviation: a normal number, by the
/// expansion of Cornish and Fisher (1938), rounded.
#[allow(clippy::cast_possible_truncation)] // far below 2^63
pub(super) fn near(
    mean: f64,
    variance: f64,
    [skew, excess]: [f64; 2],
    words: &mut SplitMix64,
) -> i64 {
    let z = Ziggurat::shared().normal(words.next_u64());
    // Rounding adds 1/12 to the variance.
    let deviation = (variance - 1.0 / 12.0).sqrt();
    let (square, cube) = (z * z, z * z * z);
    let z = z + skew / 6.0 * (square - 1.0) + excess / 24.0 * (cube - 3.0 * z)
        - skew * skew / 36.0 * (2.0 * cube - 5.0 * z);
    (mean + deviation * z).round_ties_even() as i64
}

/// How many are in the first half of `ones` ones that are placed among `2 half` coins at random: the hypergeometric law. Where it is
/// near a normal one, distribution functions differ by less than 1e-8.
pub(super) fn in_first_half(half: i64, ones: i64, words: &mut SplitMix64) -> i64 {
    let (n, k) = (2.0 * half as f64, ones as f64);
    let product = k * (n - k);
    let variance = product / (4.0 * (n - 1.0));
    if variance < ENOUGH {
        return by_weights(half, ones, words);
    }
    // To the first order in 1 / n; for k = n / 2 it is -2 / n.
    let excess = 6.0 / n - 2.0 * n / product;
    near(0.5 * k, variance, [0.0, excess], words).clamp((ones - half).max(0), half.min(ones))
}

/// The same by the weights of all numbers. The law is symmetric about half of the ones.
fn by_weights(half: i64, ones: i64, words: &mut SplitMix64) -> i64 {
    let middle = (ones + 1) / 2;
    // The middle of an even number has no other side.
    let first = if 2 * middle == ones { 0.5 } else { 1.0 };
    let sum = sum_of_weights(half, ones) - (1.0 - first);
    let word = words.next_u64();
    let mut left = (word >> 11) as f64 * (1.0 / (1u64 << 53) as f64) * sum;
    let (mut above, mut of_middle) = (middle, first);
    for weight in weights(half, ones) {
        let weight = weight.min(of_middle);
        if left < weight {
            break;
        }
        (left, above, of_middle) = (left - weight, above + 1, 1.0);
    }
    let above = above.min(ones.min(half));
    // A bit that the number above does not have.
    if word & 1 == 1 { above } else { ones - above }
}

/// Weight of each number from the middle on, and of the next one.
fn weights(half: i64, ones: i64) -> impl Iterator<Item = f64> {
    let (h, k) = (half as f64, ones as f64);
    let (mut x, mut weight) = (((ones + 1) / 2) as f64, 1.0);
    let next = move || {
        let this = weight;
        weight *= (k - x) * (h - x) / ((x + 1.0) * (h - k + x + 1.0));
        x += 1.0;
        this
    };
    std::iter::repeat_with(next).take_while(|weight| *weight > LEAST)
}

/// Sums of weights that were added up last.
const KNOWN: usize = 16384;

thread_local! {
    static SUMS: RefCell<Vec<(i64, i64, f64)>> = RefCell::new(vec![(0, 0, 0.0); KNOWN]);
}

/// The sum of all weights. They are many, and the same numbers come again and again.
fn sum_of_weights(half: i64, ones: i64) -> f64 {
    #[allow(clippy::cast_possible_truncation)] // a place
    let place = (half.wrapping_mul(31).wrapping_add(ones).cast_unsigned() % KNOWN as u64) as usize;
    SUMS.with_borrow_mut(|sums| {
        let known = &mut sums[place];
        if (known.0, known.1) != (half, ones) {
            *known = (half, ones, weights(half, ones).sum());
        }
        known.2
    })
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
