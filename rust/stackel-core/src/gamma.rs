//! Gamma and beta variates from normal ones, by the method of Marsaglia and Tsang (2000).

use crate::math::{ln, pow};
use crate::normal::Ziggurat;
use crate::rng::Stream;

/// A gamma variate with scale 1.
fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let above = gamma(shape + 1.0, stream);
        return above * pow(1.0 - stream.unit(), 1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = Ziggurat::shared().normal(stream.next_u64());
        let t = 1.0 + c * x;
        if t > 0.0 {
            let v = t * t * t;
            let u = 1.0 - stream.unit();
            // This test accepts nearly always, without logarithms.
            let certain = u < 1.0 - 0.0331 * (x * x) * (x * x);
            if certain || ln(u) < 0.5 * x * x + d * (1.0 - v + ln(v)) {
                return d * v;
            }
        }
    }
}

/// A beta variate; both shapes are positive.
pub(crate) fn beta(a: f64, b: f64, stream: &mut Stream) -> f64 {
    let (x, y) = (gamma(a, stream), gamma(b, stream));
    if x + y > 0.0 {
        return x / (x + y);
    }
    // Both variates vanish for very small shapes, where nearly all of the law is at 0 and 1.
    f64::from(stream.unit() < a / (a + b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role};
    use statrs::distribution::{Beta, ContinuousCDF, Gamma};

    /// Kolmogorov's statistic; P(statistic > 2.5) = 7.5e-6.
    fn distance(cdf: impl Fn(f64) -> f64, mut draws: Vec<f64>) -> f64 {
        draws.sort_by(f64::total_cmp);
        let n = draws.len() as f64;
        let off = |(i, &x): (usize, &f64)| (cdf(x) - (i as f64 + 0.5) / n).abs();
        draws.iter().enumerate().map(off).fold(0.0, f64::max) * n.sqrt()
    }

    #[test]
    fn draws_follow_the_gamma_law() {
        for shape in [0.05, 0.5, 1.0, 1.5, 30.0, 1e6] {
            let mut stream = Stream::new(12, 0, Role::Leader, Purpose::Choice);
            let draws = (0..200_000).map(|_| gamma(shape, &mut stream)).collect();
            let law = Gamma::new(shape, 1.0).unwrap();
            let distance = distance(|x| law.cdf(x), draws);
            assert!(distance < 2.5, "shape {shape}: {distance}");
        }
    }

    #[test]
    fn draws_follow_the_beta_law() {
        for (a, b) in [(1.0, 1.0), (0.3, 0.7), (3.0, 1.0), (20.0, 400.0)] {
            let mut stream = Stream::new(12, 1, Role::Leader, Purpose::Choice);
            let draws = (0..200_000).map(|_| beta(a, b, &mut stream)).collect();
            let law = Beta::new(a, b).unwrap();
            let distance = distance(|x| law.cdf(x), draws);
            assert!(distance < 2.5, "{a}, {b}: {distance}");
        }
    }

    #[test]
    fn shapes_near_zero_leave_a_coin() {
        let mut stream = Stream::new(12, 2, Role::Leader, Purpose::Choice);
        let ones = (0..40_000)
            .filter(|_| beta(1e-9, 3e-9, &mut stream) > 0.5)
            .count();
        // Binomial(40000, 1/4): sd 87, so 430 is five of them.
        assert!(ones.abs_diff(10_000) < 430, "{ones}");
    }
}
