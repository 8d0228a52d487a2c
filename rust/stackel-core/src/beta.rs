//! Beta laws: their tails, and numbers drawn from them.

use std::f64::consts::TAU;

use crate::gamma::gamma;
use crate::math::{exp, ln, ln_1p};
use crate::rng::Stream;
use crate::tail::quantile;

/// A beta law with parameters of at least 1, whose density is log-concave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beta {
    pub(crate) ones: f64,
    pub(crate) zeros: f64,
}

/// Sum of the parameters from which on tails are integrals.
const MANY: f64 = 2000.0;
/// Step of the rule of integration, and its ends: weights beyond are below 1e-17.
const STEP: f64 = 0.1;
const FIRST: i32 = -40;
const LAST: i32 = 41;

impl Beta {
    /// The law after n coins with a sum. Sums that coins cannot show, as in a snapshot that was changed, count as the nearest one.
    pub(crate) fn after(self, sum: f64, n: f64) -> Self {
        let won = sum.clamp(0.0, n);
        Self {
            ones: self.ones + won,
            zeros: self.zeros + (n - won),
        }
    }

    /// The law of one minus a draw.
    pub(crate) fn mirrored(self) -> Self {
        Self {
            ones: self.zeros,
            zeros: self.ones,
        }
    }

    pub(crate) fn mean(&self) -> f64 {
        self.ones / (self.ones + self.zeros)
    }

    /// The standard deviation.
    pub(crate) fn scale(&self) -> f64 {
        let mean = self.mean();
        (mean * (1.0 - mean) / (self.ones + self.zeros + 1.0)).sqrt()
    }

    /// Probability of a draw below `x`.
    pub(crate) fn below(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        if x >= 1.0 {
            return 1.0;
        }
        let n = self.ones + self.zeros;
        if x * (n + 2.0) > self.ones + 1.0 {
            return 1.0 - self.mirrored().left_tail(1.0 - x);
        }
        self.left_tail(x)
    }

    /// Probability of a draw above `x`.
    pub(crate) fn above(self, x: f64) -> f64 {
        self.mirrored().below(1.0 - x)
    }

    /// Logarithm of `x (1 - x)` times the density at `x`.
    fn ln_weight(self, x: f64) -> f64 {
        let Self { ones: a, zeros: b } = self;
        let n = a + b;
        // The mean less x, times n; where x is close to 1, by what is missing.
        let gap = if x < 0.5 {
            a - n * x
        } else {
            n * (1.0 - x) - b
        };
        let divergence = a * ln_1p(-gap / a) + b * ln_1p(gap / b);
        divergence + 0.5 * ln(a / n * b / TAU) + stirling(n) - stirling(a) - stirling(b)
    }

    /// Probability of a draw below an `x` that is not above the mean, but for about `1 / n`.
    fn left_tail(self, x: f64) -> f64 {
        let Self { ones: a, zeros: b } = self;
        let weight = exp(self.ln_weight(x));
        if a.min(b) < 16.0 || a + b < MANY {
            return weight / a * fraction(a, b, x);
        }
        // The density falls from x on at least as exp(-rate * distance), and near the mean as a normal one; a double
        // exponential rule (Takahasi and Mori 1974).
        let rate = (a - 1.0) / x - (b - 1.0) / (1.0 - x);
        let length = 1.0 / rate.max(1.0 / self.scale());
        let relative = |u: f64| exp((a - 1.0) * ln_1p(-u / x) + (b - 1.0) * ln_1p(u / (1.0 - x)));
        let term = |k: i32| {
            let t = STEP * f64::from(k);
            let small = exp(-t);
            let u = exp(t - small) * length;
            if u >= x {
                return 0.0;
            }
            relative(u) * u * (1.0 + small)
        };
        let integral: f64 = (FIRST..=LAST).map(term).sum();
        weight / (x * (1.0 - x)) * integral * STEP
    }

    /// `x / (1 - x)` of the number x that a draw exceeds with probability `p`, from 1e-300 to 1.
    pub(crate) fn odds_exceeded(self, p: f64) -> f64 {
        if p >= 1.0 {
            return 0.0;
        }
        if p == 0.5 && self.ones == self.zeros {
            return 1.0;
        }
        if self.above(0.5) >= p {
            let rest = self.mirrored().lower(p);
            return (1.0 - rest) / rest;
        }
        let x = self.upper(p);
        x / (1.0 - x)
    }

    /// The number up to 1/2 that a draw is below with probability `p`; Newton's method in logarithms, for which the curve is concave.
    fn lower(self, p: f64) -> f64 {
        let guess = self.mean() - quantile(p) * self.scale();
        let start = if guess > 0.1 * self.mean() {
            guess
        } else {
            self.mean()
        };
        settled(start.min(0.5), |y| match self.below(y) {
            0.0 => 2.0 * y,
            below => {
                let elasticity = exp(self.ln_weight(y)) / (1.0 - y) / below;
                y * exp((-ln(below / p) / elasticity).clamp(-8.0, 8.0))
            }
        })
    }

    /// The number up to 1/2 that a draw exceeds with probability `p`; Newton's method, for a concave logarithm.
    fn upper(self, p: f64) -> f64 {
        let guess = self.mean() + quantile(p) * self.scale();
        settled(guess.min(0.5), |x| match self.above(x) {
            0.0 => 0.5 * x,
            above => {
                let rate = exp(self.ln_weight(x)) / (x * (1.0 - x)) / above;
                let next = x + ln(above / p) / rate;
                if next > 0.0 { next } else { 0.5 * x }
            }
        })
    }

    /// The odds of a draw: `y / (1 - y)`, which tell draws apart that are close to 1.
    pub(crate) fn odds(self, choice: &mut Stream) -> f64 {
        gamma(self.ones, choice) / gamma(self.zeros, choice)
    }

    /// The odds of a draw, given that it is below `x`. Far out it is drawn by an exponential law and rejected.
    pub(crate) fn odds_below(self, x: f64, choice: &mut Stream) -> f64 {
        let Self { ones: a, zeros: b } = self;
        let rate = (a - 1.0) / x - (b - 1.0) / (1.0 - x);
        if rate.is_nan() || rate * self.scale() < 0.4 {
            loop {
                let odds = self.odds(choice);
                if odds < x / (1.0 - x) {
                    return odds;
                }
            }
        }
        loop {
            let u = -ln(1.0 - choice.unit()) / rate;
            if u >= x {
                continue;
            }
            let relative = (a - 1.0) * ln_1p(-u / x) + (b - 1.0) * ln_1p(u / (1.0 - x));
            if ln(1.0 - choice.unit()) <= relative + rate * u {
                return (x - u) / (1.0 - x + u);
            }
        }
    }

    /// The odds of a draw, given that it is above `x`.
    pub(crate) fn odds_above(self, x: f64, choice: &mut Stream) -> f64 {
        1.0 / self.mirrored().odds_below(1.0 - x, choice)
    }
}

/// Where the steps from a number up to 1/2 lead.
fn settled(start: f64, step: impl Fn(f64) -> f64) -> f64 {
    let mut x = start;
    for _ in 0..60 {
        let next = step(x).clamp(f64::MIN_POSITIVE, 0.5);
        if (next - x).abs() <= 1e-10 * x {
            return next;
        }
        x = next;
    }
    x
}

/// How much the logarithm of the gamma function exceeds Stirling's formula.
fn stirling(z: f64) -> f64 {
    if z < 10.0 {
        return libm::lgamma(z) - (z - 0.5) * ln(z) + z - 0.5 * ln(TAU);
    }
    let y = 1.0 / (z * z);
    (1.0 / 12.0
        - y * (1.0 / 360.0
            - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y * (1.0 / 1188.0 - y * 691.0 / 360_360.0)))))
        / z
}

/// The continued fraction of the incomplete beta function, by the method of Lentz (1976).
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let safe = |x: f64| if x.abs() < 1e-300 { 1e-300 } else { x };
    let (mut c, mut d) = (1.0, 1.0 / safe(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = d;
    for k in 1..200_000 {
        let m = f64::from(k);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / safe(1.0 + even * d);
        c = safe(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / safe(1.0 + odd * d);
        c = safe(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp_m1;
    use crate::rng::{Purpose, Role};
    use statrs::distribution::{Beta as Known, ContinuousCDF};

    const LAWS: [(f64, f64); 7] = [
        (1.0, 1.0),
        (1.0, 40.0),
        (3.5, 1.0),
        (20.0, 5.0),
        (300.0, 900.0),
        (5e3, 4e3),
        (40.0, 1e5),
    ];

    #[test]
    fn tails_are_those_of_beta_laws() {
        for (ones, zeros) in LAWS {
            let (law, known) = (Beta { ones, zeros }, Known::new(ones, zeros).unwrap());
            for z in [-7.0, -3.0, -1.0, -0.1, 0.0, 0.4, 2.0, 5.0] {
                let x = (law.mean() + z * law.scale()).clamp(1e-4, 1.0 - 1e-4);
                for (ours, theirs) in [(law.below(x), known.cdf(x)), (law.above(x), known.sf(x))] {
                    assert!(
                        (ours - theirs).abs() <= 1e-7 * theirs + 1e-13,
                        "{ones} {zeros} {x}: {ours} {theirs}"
                    );
                }
            }
        }
    }

    /// The two ways to compute a tail agree where both are exact, far out as well.
    #[test]
    fn integrals_are_continued_fractions() {
        for (a, b) in [(900.0, 1200.0), (4e4, 1e4), (60.0, 1e6), (3e6, 3e6)] {
            let law = Beta { ones: a, zeros: b };
            for z in [0.01, 0.3, 0.7, 1.0, 1.4, 2.0, 4.0, 6.0, 9.0, 20.0] {
                let x = law.mean() - z * law.scale();
                if x > 0.0 {
                    let expected = exp(law.ln_weight(x)) / a * fraction(a, b, x);
                    let tail = law.below(x);
                    assert!((tail - expected).abs() <= 1e-11 * expected, "{a} {b} {z}");
                }
            }
        }
    }

    #[test]
    fn quantiles_are_exceeded_as_often_as_they_should_be() {
        for (ones, zeros) in LAWS {
            let law = Beta { ones, zeros };
            for p in [0.5, 0.3, 0.1, 1e-3, 1e-6] {
                let odds = law.odds_exceeded(p);
                let above = if odds < 1.0 {
                    law.above(odds / (1.0 + odds))
                } else {
                    law.mirrored().below(1.0 / (1.0 + odds))
                };
                assert!((above - p).abs() <= 1e-9 * p, "{ones} {zeros} {p}: {above}");
            }
        }
        for n in [1.0, 2.0, 30.0, 1e6] {
            for p in [0.5, 0.01, 1e-6] {
                // The densities n x^(n - 1) and n (1 - x)^(n - 1).
                let rest = -exp_m1(ln_1p(-p) / n);
                let low = -exp_m1(ln(p) / n);
                let few = Beta {
                    ones: 1.0,
                    zeros: n,
                }
                .odds_exceeded(p);
                let many = Beta {
                    ones: n,
                    zeros: 1.0,
                }
                .odds_exceeded(p);
                assert!(
                    (many * rest / (1.0 - rest) - 1.0).abs() < 1e-9,
                    "{n} {p}: {many}"
                );
                assert!(
                    (few * (1.0 - low) / low - 1.0).abs() < 1e-9,
                    "{n} {p}: {few}"
                );
            }
        }
        assert_eq!(
            Beta {
                ones: 3.0,
                zeros: 2.0
            }
            .odds_exceeded(1.0),
            0.0
        );
    }

    #[test]
    fn draws_beyond_a_threshold_follow_their_law() {
        const DRAWS: usize = 20_000;
        for (ones, zeros) in LAWS {
            let law = Beta { ones, zeros };
            for z in [-4.0, -1.5, -0.3, 0.5, 2.0] {
                let x = (law.mean() + z * law.scale()).clamp(1e-4, 1.0 - 1e-4);
                let mut choice = Stream::new(14, 0, Role::Leader, Purpose::Choice);
                let below = (0..DRAWS).map(|_| law.odds_below(x, &mut choice));
                let score = |odds: f64| law.below(odds / (1.0 + odds)) / law.below(x);
                let mut scores: Vec<f64> = below.map(score).collect();
                scores.sort_by(f64::total_cmp);
                // Kolmogorov's statistic; P(statistic > 2.5) = 7.5e-6.
                let off = |(i, &x): (usize, &f64)| (x - (i as f64 + 0.5) / DRAWS as f64).abs();
                let distance = scores.iter().enumerate().map(off).fold(0.0, f64::max);
                let statistic = distance * (DRAWS as f64).sqrt();
                assert!(statistic < 2.5, "{ones} {zeros} {z}: {statistic}");
            }
        }
    }
}
