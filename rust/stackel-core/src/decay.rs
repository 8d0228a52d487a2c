//! Exponentials of numbers below 0, which answer sooner than [`crate::math::exp`].
//!
//! Learners that weigh arms by their losses wait for an exponential in every round. This one is a product of two: of a whole number
//! of steps, which a table knows, and of what is left, which is so little that a few terms of the series are enough.

use std::sync::OnceLock;

use crate::math::exp;

/// Steps of the table to a unit: a power of two, so that what is left is exact.
const STEPS: f64 = 64.0;
/// The table ends here: a weight of 4e-11.
const REACH: f64 = 24.0;
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a product of whole numbers above 0
const SIZE: usize = (REACH * STEPS) as usize + 1;
/// Added to a small number, it leaves no room for a fraction.
const SHIFT: f64 = (3u64 << 51) as f64;

/// Factors of the powers of what is left, in steps: of its n-th power, one over `n!` and over the n-th power of the steps to a unit.
const SERIES: [f64; 6] = {
    let mut series = [0.0; 6];
    let (mut n, mut factor) = (0, 1.0);
    while n < 6 {
        factor /= STEPS * (n + 1) as f64;
        series[n] = factor;
        n += 1;
    }
    series
};

/// Function from x to `exp(-x)`, for x from 0 on. Its relative error is below 2^-50.
pub(crate) struct Decay([f64; SIZE]);

impl Decay {
    /// The one that there is.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Decay> = OnceLock::new();
        SHARED.get_or_init(|| Self(std::array::from_fn(|k| exp(-(k as f64) / STEPS))))
    }

    /// `exp(-x)`.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a whole number below SIZE
    pub(crate) fn of(&self, x: f64) -> f64 {
        if !(0.0..REACH).contains(&x) {
            return exp(-x);
        }
        let exact = x * STEPS;
        let steps = exact + SHIFT;
        let known = self.0[(steps.to_bits() - SHIFT.to_bits()) as usize];
        let rest = exact - (steps - SHIFT);
        let square = rest * rest;
        let [first, second, third, fourth, fifth, sixth] = SERIES;
        let low = (1.0 - rest * first) + square * (second - rest * third);
        let high = (fourth - rest * fifth) + square * sixth;
        known * (low + square * square * high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role, Stream};

    #[test]
    fn it_is_the_exponential_up_to_rounding() {
        let mut stream = Stream::new(5, 0, Role::Leader, Purpose::Choice);
        let decay = Decay::shared();
        let near = |x: f64| {
            let off = decay.of(x) / libm::exp(-x) - 1.0;
            assert!(off.abs() < 2.0_f64.powi(-50), "{x}: {off}");
        };
        for _ in 0..1_000_000 {
            near(stream.unit() * 1.1 * REACH);
            near(stream.unit() * 1e-3);
        }
        // Both sides of where the number of steps changes.
        for step in 0..2 * SIZE {
            let half = step as f64 / (2.0 * STEPS);
            near(half);
            near(half.next_up());
            near(half.next_down().max(0.0));
        }
    }

    #[test]
    fn its_ends_are_exact() {
        let values = [0.0, -0.0, f64::MIN_POSITIVE, 1000.0, f64::INFINITY];
        assert_eq!(
            values.map(|x| Decay::shared().of(x)),
            [1.0, 1.0, 1.0, 0.0, 0.0]
        );
        assert!(Decay::shared().of(f64::NAN).is_nan());
    }
}
