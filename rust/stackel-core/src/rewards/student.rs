//! Entries of Student's t law. They are drawn one by one: sums of them have no law that is of use.

use rand_core::Rng;

use crate::math::{exp_m1, ln};

/// A number of Student's t law with `df` degrees of freedom, by the polar method of Bailey (1994): the length of a point that is uniform in the
/// disc says how far, its direction to which side.
pub(super) fn student(df: f64, words: &mut impl Rng) -> f64 {
    loop {
        let (x, y) = (centered(words.next_u64()), centered(words.next_u64()));
        let square = x * x + y * y;
        if square < 1.0 {
            return x * (df * exp_m1(-2.0 / df * ln(square)) / square).sqrt();
        }
    }
}

/// A number between -1 and 1, never 0: an odd multiple of 2^-52.
fn centered(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * (1.0 / (1u64 << 51) as f64) - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix64;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn draws_follow_their_law() {
        for (seed, df) in [1.0001, 1.5, 2.0, 3.0, 10.0, 1e3, 1e100]
            .into_iter()
            .enumerate()
        {
            let mut words = SplitMix64::after(seed as u64);
            let n = 100_000_u32;
            let mut draws: Vec<f64> = (0..n).map(|_| student(df, &mut words)).collect();
            draws.sort_by(f64::total_cmp);
            // Of so many degrees of freedom, it is the normal law to the last digit.
            let law = StudentsT::new(0.0, 1.0, df.min(1e9)).unwrap();
            let distance = draws
                .iter()
                .enumerate()
                .map(|(i, &x)| (law.cdf(x) - (i as f64 + 0.5) / f64::from(n)).abs())
                .fold(0.0, f64::max);
            // Kolmogorov: P(sqrt(n) D > 2.5) = 7.5e-6.
            assert!(distance * f64::from(n).sqrt() < 2.5, "{df}: {distance}");
        }
    }

    #[test]
    fn words_at_the_ends_stand_for_numbers_inside() {
        let least = 1.0 / (1u64 << 52) as f64;
        assert_eq!([0, u64::MAX].map(centered), [least - 1.0, 1.0 - least]);
        assert_eq!([1 << 63, (1 << 63) - 1].map(centered), [least, -least]);
    }
}
