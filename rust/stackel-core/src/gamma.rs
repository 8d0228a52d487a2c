//! Gamma variates from normal ones, by the method of Marsaglia and Tsang (2000), and the odds of beta variates.

use crate::math::{ln, ln_1p};
use crate::normal::Ziggurat;
use crate::rng::Stream;

/// From here on the method's test refuses fewer draws than floats can tell.
const CERTAIN: f64 = 1e15;

/// Gamma variates of shapes up to this one vary by far more than rounding errors.
pub(crate) const HEAVY: f64 = (1u64 << 40) as f64;

/// How much the cube root of a gamma variate exceeds that of `d`, relatively; the shape is `d + 1/3 >= 1`.
fn excess_root(d: f64, stream: &mut Stream) -> f64 {
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = Ziggurat::shared().normal(stream.next_u64());
        let t = 1.0 + c * x;
        if t > 0.0 {
            let v = t * t * t;
            let u = 1.0 - stream.unit();
            // The first test accepts nearly always, without logarithms.
            let certain = u < 1.0 - 0.0331 * (x * x) * (x * x) || d > CERTAIN;
            if certain || ln(u) < 0.5 * x * x + d * (1.0 - v + ln(v)) {
                return c * x;
            }
        }
    }
}

/// A gamma variate with scale 1, of a shape of at least 1.
pub(crate) fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    let d = shape - 1.0 / 3.0;
    let t = 1.0 + excess_root(d, stream);
    d * t * t * t
}

/// `ln(X / base)` for a gamma variate X of the shape `base + gain`, exact also if shapes are so small that
/// X vanishes, or so large that X hardly varies.
pub(crate) fn ln_gamma_over(base: f64, gain: f64, stream: &mut Stream) -> f64 {
    let shape = base + gain;
    if shape < 1.0 {
        // The variate of the next shape, times a power of a unit.
        let above = ln_gamma_over(base, gain + 1.0, stream);
        return above + ln(1.0 - stream.unit()) / shape;
    }
    if base < HEAVY {
        return ln(gamma(shape, stream) / base);
    }
    let root = excess_root(shape - 1.0 / 3.0, stream);
    ln_1p((gain - 1.0 / 3.0) / base) + 3.0 * ln_1p(root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp;
    use crate::rng::{Purpose, Role};
    use statrs::distribution::{ContinuousCDF, Gamma, Normal};

    /// Kolmogorov's statistic; P(statistic > 2.5) = 7.5e-6.
    fn distance(cdf: impl Fn(f64) -> f64, mut draws: Vec<f64>) -> f64 {
        draws.sort_by(f64::total_cmp);
        let n = draws.len() as f64;
        let off = |(i, &x): (usize, &f64)| (cdf(x) - (i as f64 + 0.5) / n).abs();
        draws.iter().enumerate().map(off).fold(0.0, f64::max) * n.sqrt()
    }

    #[test]
    fn draws_follow_the_gamma_law() {
        for shape in [1.0, 1.5, 30.0, 1e6] {
            let mut stream = Stream::new(12, 0, Role::Leader, Purpose::Choice);
            let draws = (0..200_000).map(|_| gamma(shape, &mut stream)).collect();
            let law = Gamma::new(shape, 1.0).unwrap();
            let distance = distance(|x| law.cdf(x), draws);
            assert!(distance < 2.5, "shape {shape}: {distance}");
        }
    }

    #[test]
    fn logarithms_follow_the_gamma_law() {
        for (base, gain) in [
            (0.05, 0.0),
            (0.3, 0.4),
            (0.01, 3.0),
            (1.5, 0.0),
            (20.0, 400.0),
        ] {
            let mut stream = Stream::new(12, 1, Role::Leader, Purpose::Choice);
            let draws = (0..200_000).map(|_| ln_gamma_over(base, gain, &mut stream));
            let law = Gamma::new(base + gain, 1.0).unwrap();
            let distance = distance(|x| law.cdf(base * exp(x)), draws.collect());
            assert!(distance < 2.5, "{base}, {gain}: {distance}");
        }
    }

    #[test]
    fn logarithms_follow_their_limits_where_gamma_variates_cannot_be_told_apart() {
        let draws = |base: f64| {
            let mut stream = Stream::new(12, 2, Role::Leader, Purpose::Choice);
            (0..200_000).map(move |_| ln_gamma_over(base, 0.0, &mut stream) * base.min(base.sqrt()))
        };
        // A tiny shape times the logarithm has an exponential law; a huge one is normal.
        let tiny = distance(exp, draws(1e-200).map(|x| x.min(0.0)).collect());
        assert!(tiny < 2.5, "{tiny}");
        for base in [1e16, 1e40, 1e100] {
            let huge = distance(|x| Normal::standard().cdf(x), draws(base).collect());
            assert!(huge < 2.5, "{base}: {huge}");
        }
    }
}
