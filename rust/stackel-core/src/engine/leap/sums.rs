//! Draws of the sum of many rewards at once, and of the part of a sum that belongs to the first rewards.

use rand_distr::{Binomial, Distribution, Hypergeometric};

use crate::noise::{Law, Uniform};
use crate::normal::Ziggurat;
use crate::rng::Stream;

/// Largest number of rewards, different from all others, that are placed one by one.
const FEW: u64 = 32;

/// Largest number of uniform rewards that are drawn one by one to sum them.
const FEW_UNIFORM: u64 = 4096;

/// Number of ones among `n` Bernoulli rewards.
pub(super) fn binomial(n: u64, probability: f64, stream: &mut Stream) -> u64 {
    let law = Binomial::new(n, probability);
    debug_assert!(law.is_ok(), "probability {probability}");
    law.map_or(0, |law| law.sample(stream))
}

/// The sum of `n` uniform rewards, exactly as if drawn one by one: a uniform number is a row of 53
/// fair bits, and of n bits of the same place, Binomial(n, 1/2) are ones.
pub(super) fn uniform_sum(mean: f64, half_width: f64, n: u64, stream: &mut Stream) -> f64 {
    let steps = n as f64;
    let ones = Binomial::new(n, 0.5);
    debug_assert!(ones.is_ok(), "{n} fair bits");
    let (Ok(ones), true) = (ones, n > FEW_UNIFORM) else {
        let law = Uniform::new(half_width);
        return (0..n).map(|_| law.draw(mean, stream)).sum();
    };
    // The sum of the centred bits of each place: ones less half of n.
    let mut place = 0.5;
    let mut deviation = 0.0;
    for _ in 0..53 {
        deviation += place * (ones.sample(stream) as f64 - 0.5 * steps);
        place *= 0.5;
    }
    // The mean of the 53 places together is half a unit of the last place short of 1/2.
    let unit = deviation - place * steps;
    steps * mean + 2.0 * half_width * unit
}

/// Number of ones in the first `k` of `n` rounds, of which `ones` are ones, placed at random.
pub(super) fn ones_in_first_part(n: u64, ones: u64, k: u64, stream: &mut Stream) -> u64 {
    // The sampler's set-up takes time of order n where few rounds differ from the others.
    if ones <= FEW {
        return draw_few(n, ones, k, stream);
    }
    if n - ones <= FEW {
        return k - draw_few(n, n - ones, k, stream);
    }
    let law = Hypergeometric::new(n, ones, k);
    debug_assert!(law.is_ok(), "{ones} of {n}, first {k}");
    law.map_or(0, |law| law.sample(stream))
}

/// Places the marked rounds one by one: the probability of the first `k` is their share of free places.
fn draw_few(n: u64, marked: u64, k: u64, stream: &mut Stream) -> u64 {
    (0..marked).fold(0, |inside, placed| {
        let share = (k - inside) as f64 / (n - placed) as f64;
        inside + u64::from(stream.unit() < share)
    })
}

/// A centred normal variate.
pub(super) fn normal(scale: f64, stream: &mut Stream) -> f64 {
    if scale == 0.0 {
        0.0
    } else {
        scale * Ziggurat::shared().draw(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role};

    /// Mean and variance of the hypergeometric law, for each way in which it is drawn.
    #[test]
    fn ones_fall_evenly_into_both_parts() {
        for (n, ones, k) in [
            (100, 3, 40),
            (100, 97, 40),
            (1000, 400, 500),
            (64, 0, 9),
            (64, 64, 9),
        ] {
            let mut stream = Stream::new(6, 0, Role::Leader, Purpose::Noise);
            let draws = 100_000;
            let values: Vec<f64> = (0..draws)
                .map(|_| ones_in_first_part(n, ones, k, &mut stream) as f64)
                .collect();
            let share = ones as f64 / n as f64;
            let mean = k as f64 * share;
            let variance = mean * (1.0 - share) * (n - k) as f64 / (n - 1) as f64;
            let average = values.iter().sum::<f64>() / f64::from(draws);
            let spread = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(draws);
            // Five standard errors of the mean, and more than that of the variance.
            let tolerance = 5.0 * (variance / f64::from(draws)).sqrt() + 1e-12;
            assert!(
                (average - mean).abs() <= tolerance,
                "{ones} of {n}, first {k}: {average}"
            );
            assert!(
                (spread - variance).abs() <= 0.03 * variance + 1e-12,
                "{ones} of {n}: {spread}"
            );
        }
    }
}
