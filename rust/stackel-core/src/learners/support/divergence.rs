//! How far a coin's law is from another's: the divergence of Kullback and Leibler.

use crate::math::{exp, ln, ln_1p};

/// Newton's method needs hardly more than ten steps.
const MOST_STEPS: usize = 64;

/// `-ln(1 - u)` for the largest u >= q at divergence at most x from q, where
/// `d(q, u) = q ln(q / u) + (1 - q) ln((1 - q) / (1 - u))`; the largest float if that u is 1.
///
/// Exact up to a few units in the last place. `q` may lie outside [0, 1] and counts as its end then.
pub(in crate::learners) fn level_above(q: f64, x: f64) -> f64 {
    if q <= 0.0 {
        return x;
    }
    if q >= 1.0 {
        return f64::MAX;
    }
    let p = 1.0 - q;
    let entropy = -q * ln(q) - p * ln_1p(-q);
    // `d + entropy = p level - q ln(u)`, so that this is an upper bound.
    let most = (x + entropy) / p;
    let closest = exp(-most);
    if closest < 0.125 * p {
        return far_above(q, p, x + entropy, most);
    }
    let mut step = (0.5 * x).sqrt().min(p - closest);
    // The divergence is convex, so that from above Newton's method comes down to the root.
    for _ in 0..MOST_STEPS {
        // d as a function of the step u - q: the terms of first order, which cancel, left out.
        let d = q * excess(step / q) + p * excess(-step / p);
        let slope = step / ((q + step) * (p - step));
        let next = step - (d - x) / slope;
        if next.is_nan() || next >= step {
            break;
        }
        step = next;
    }
    if q + step < 0.5 {
        -ln_1p(-(q + step))
    } else {
        -ln(p - step)
    }
}

/// The level at which `p level - q ln(u)` is `total`, for a u so much closer to 1 than q that nothing cancels.
fn far_above(q: f64, p: f64, total: f64, most: f64) -> f64 {
    let mut level = most;
    // This is convex too.
    for _ in 0..MOST_STEPS {
        let rest = exp(-level);
        let next = level - (p * level - q * ln_1p(-rest) - total) * (1.0 - rest) / (p - rest);
        if next.is_nan() || next >= level {
            break;
        }
        level = next;
    }
    level
}

/// `d(u - step, u)` for u in (0, 1) and a step of at most u, exact where the step is small.
pub(in crate::learners) fn divergence_below(u: f64, step: f64) -> f64 {
    if step >= u {
        return -ln_1p(-u);
    }
    let p = 1.0 - u;
    u * entropy_excess(-step / u) + p * entropy_excess(step / p)
}

/// A step down from u in (0, 1) with a divergence of at least x, but hardly more; or all of u, if
/// that has less or not much more.
pub(in crate::learners) fn step_down(u: f64, x: f64) -> f64 {
    let p = 1.0 - u;
    // The divergence is at least that of normal laws with the largest variance on the way.
    let variance = if u < 0.5 { u * p } else { 0.25 };
    let mut step = (2.0 * variance * x).sqrt().min(0.999 * u);
    if divergence_below(u, step) < x {
        return u;
    }
    // It is convex: Newton's method, from beyond, stays beyond.
    for _ in 0..4 {
        let slope = ln_1p(step / p) - ln_1p(-step / u);
        step -= (divergence_below(u, step) - x) / slope;
    }
    step
}

/// `(1 + z) ln(1 + z) - z`, exact where z is small.
fn entropy_excess(z: f64) -> f64 {
    z * ln_1p(z) - excess(z)
}

/// `z - ln(1 + z)`, exact where z is small.
fn excess(z: f64) -> f64 {
    if z.abs() > 0.35 {
        return z - ln_1p(z);
    }
    // With t = z / (2 + z): ln(1 + z) = 2 (t + t^3 / 3 + t^5 / 5 + ...) and z - 2 t = z t.
    let t = z / (2.0 + z);
    let square = t * t;
    let series = (1..=13)
        .rev()
        .fold(0.0, |sum, k| square * sum + 1.0 / f64::from(2 * k + 1));
    t * (z - 2.0 * square * series)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp_m1;

    fn bound(level: f64) -> f64 {
        -exp_m1(-level)
    }

    #[test]
    fn what_exceeds_the_tangent_is_exact() {
        for z in [1e-12, -1e-9, 1e-5, -1e-3, 0.01] {
            // The next term of the series is below 1e-10 of these.
            let expected: f64 = (2..12)
                .map(|k| (-1.0f64).powi(k) * f64::powi(z, k) / f64::from(k))
                .sum();
            assert!((excess(z) / expected - 1.0).abs() < 1e-15, "{z}");
        }
        for z in [-0.349_999, 0.349_999] {
            let beyond = z * (1.0 + 3e-6);
            let slope = z / (1.0 + z);
            let across = excess(beyond) - excess(z) - slope * (beyond - z);
            assert!(across.abs() < 1e-11, "{z}: {across}");
        }
    }

    #[test]
    fn the_bound_lies_at_the_divergence_asked_for() {
        for q in [1e-3f64, 0.1, 0.5, 0.9, 0.999, 1.0 - 1e-9] {
            for x in [1e-3f64, 0.01, 0.3, 2.0, 5.0, 300.0] {
                let level = level_above(q, x);
                let p = 1.0 - q;
                let d = q * (q / bound(level)).ln() + p * (p.ln() + level);
                assert!((d - x).abs() < 1e-14 * (1.0 + x), "{q} {x}: {level}");
            }
        }
    }

    #[test]
    fn bounds_close_to_1_are_told_apart() {
        for q in [0.5, 0.9, 0.999, 1.0 - 1e-12] {
            let mut last = level_above(q, 1.0);
            for x in 2..200 {
                let level = level_above(q, f64::from(x));
                assert!(last < level && level < f64::MAX, "{q} {x}: {level}");
                last = level;
            }
        }
    }

    #[test]
    fn for_little_divergence_it_is_that_of_a_normal_law() {
        for q in [0.01f64, 0.3, 0.8] {
            for x in [1e-20, 1e-16, 1e-12] {
                let step = (2.0 * q * (1.0 - q) * x).sqrt() + (1.0 - 2.0 * q) * x * 2.0 / 3.0;
                assert!(
                    (bound(level_above(q, x)) - q - step).abs() < 1e-15,
                    "{q} {x}"
                );
            }
        }
    }

    #[test]
    fn steps_down_go_just_beyond_the_divergence_asked_for() {
        let d = |q: f64, u: f64| q * (q / u).ln() + (1.0 - q) * ((1.0 - q) / (1.0 - u)).ln();
        for u in [1e-3, 0.02, 0.3, 0.5, 0.7, 0.99] {
            for x in [1e-6, 1e-3, 0.1, 1.0, 10.0] {
                let step = step_down(u, x);
                if step == u {
                    assert!(d(0.001 * u, u) < x, "{u} {x}");
                    continue;
                }
                let beyond = divergence_below(u, step);
                assert!((d(u - step, u) - beyond).abs() < 1e-13, "{u} {x}: {step}");
                assert!(beyond > x * (1.0 - 1e-12), "{u} {x}: {beyond}");
                assert!(beyond < 1.01 * x, "{u} {x}: {beyond}");
            }
        }
    }

    #[test]
    fn it_grows_with_the_mean_and_with_the_divergence() {
        for i in 0..=200 {
            let q = f64::from(i) / 200.0;
            let mut last = q;
            for x in [0.0, 1e-9, 1e-4, 0.1, 1.0, 30.0, 1e4] {
                let u = bound(level_above(q, x));
                let above = bound(level_above(q + 0.005, x));
                assert!(
                    (last - f64::EPSILON..=1.0).contains(&u),
                    "{q} {x}: {u} after {last}"
                );
                assert!(u <= above + 4.0 * f64::EPSILON, "{q} {x}");
                last = u;
            }
        }
        assert_eq!([-0.5, 0.0].map(|q| level_above(q, 1.0)), [1.0; 2]);
        assert_eq!([1.0, 1.5].map(|q| bound(level_above(q, 1.0))), [1.0; 2]);
    }
}
