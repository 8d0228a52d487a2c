//! Sums and products in twice the precision of a float.

use crate::archive::Archive;

/// An unevaluated sum of two floats, the second of which is what rounding took away from the first.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::learners) struct Double {
    high: f64,
    low: f64,
}

impl Double {
    pub(in crate::learners) fn of(x: f64) -> Self {
        Self { high: x, low: 0.0 }
    }

    /// The square, times -1.
    pub(in crate::learners) fn minus_square(self) -> Self {
        let Self { high, low } = two_sum(self.high, self.low);
        let mut square = Self::product(-high, high);
        square.low -= 2.0 * high * low;
        square
    }

    /// The product with a float.
    pub(in crate::learners) fn times(self, x: f64) -> Self {
        let mut product = Self::product(x, self.high);
        product.low += x * self.low;
        product
    }

    /// The exact product of two floats below 1e290 (Dekker 1971).
    pub(in crate::learners) fn product(x: f64, y: f64) -> Self {
        let high = x * y;
        let ([a, b], [c, d]) = (halves(x), halves(y));
        let low = ((a * c - high) + a * d + b * c) + b * d;
        Self { high, low }
    }

    /// Adds up. The second float may grow; `value` is the sum of both.
    pub(in crate::learners) fn add(&mut self, other: Self) {
        let sum = two_sum(self.high, other.high);
        self.high = sum.high;
        self.low += sum.low + other.low;
    }

    pub(in crate::learners) fn value(self) -> f64 {
        self.high + self.low
    }

    pub(in crate::learners) fn exchange(&mut self, archive: &mut Archive, most: f64) {
        archive.real(&mut self.high, most);
        archive.real(&mut self.low, most);
    }
}

/// The exact sum of two floats (Knuth).
fn two_sum(x: f64, y: f64) -> Double {
    let high = x + y;
    let arrived = high - x;
    let low = (y - arrived) + (x - (high - arrived));
    Double { high, low }
}

/// A float as a sum of two that have half of its digits each.
fn halves(x: f64) -> [f64; 2] {
    let scaled = ((1u64 << 27) + 1) as f64 * x;
    let high = scaled - (scaled - x);
    [high, x - high]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::cast_possible_truncation)] // whole numbers
    fn products_and_sums_of_whole_numbers_are_exact() {
        let (x, y) = ((1u64 << 53) - 1, (1u64 << 52) + 12_345);
        let mut all = Double::product(x as f64, y as f64);
        let exact = u128::from(x) * u128::from(y);
        let value = |double: Double| double.high as i128 + double.low as i128;
        assert_eq!(value(all), exact.cast_signed());
        for _ in 0..1000 {
            all.add(Double::of(3.0));
        }
        assert_eq!(value(all), exact.cast_signed() + 3000);
        all.add(Double::product(-(x as f64), y as f64));
        assert_eq!(value(all), 3000);
    }
}
