//! The transcendental functions of the crate.
//!
//! Platforms disagree about the last bit of `ln` and `exp`. These come from one portable
//! implementation, so that a run has the same bits everywhere. (`sqrt` is correctly rounded by
//! IEEE 754 and needs no such care.)

/// Longest game: up to 2^53 rounds a count is exact as a float.
pub const MAX_HORIZON: u64 = 1 << 53;

/// Natural logarithm.
pub(crate) fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `ln(1 + x)`, exact where x is small.
pub(crate) fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// Exponential function.
pub(crate) fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// `exp(x) - 1`, exact where x is small.
pub(crate) fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// `x` to the power `y`.
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Complementary error function.
pub(crate) fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Cube root.
pub(crate) fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// A nonnegative float as a count: truncated, saturating at `u64::MAX`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn count(x: f64) -> u64 {
    x as u64
}
