//! Reward laws: the distribution of a realised reward around its mean utility.

use crate::error::SpecError;
use crate::normal::Ziggurat;
use crate::rng::Stream;

/// Largest utility and scale. Larger ones are refused, so that no gap, sum or index can overflow.
pub(crate) const LARGEST: f64 = 1e100;

/// A reward law that draws one reward at a time.
///
/// A law of your own implements this trait, and [`Noise::own`] turns it into the noise of a game:
///
/// ```
/// use stackel_core::noise::Law;
/// use stackel_core::rng::Stream;
/// use stackel_core::{Checkpoints, Config, EngineKind, Experiment, Game, Noise};
///
/// /// The mean plus or minus `size`, each with probability 1/2.
/// struct Coin {
///     size: f64,
/// }
///
/// impl Law for Coin {
///     fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
///         if stream.unit() < 0.5 { mean - self.size } else { mean + self.size }
///     }
/// }
///
/// let noise = [Noise::own("Coin", Coin { size: 0.2 }), Noise::Deterministic];
/// let game = Game::new(2, 1, vec![0.3, 0.6], vec![0.0; 2], noise)?;
/// let learners = [Config::new("ExploreThenCommit", vec![])?, Config::new("BestResponse", vec![])?];
/// let run = Experiment::new(
///     &game, &learners[0], &learners[1], 1_000, 1, 7, Checkpoints::Default, EngineKind::Stepwise,
/// )?;
/// // The better action exceeds the other by more than the noise hides on average.
/// let outcome = run.run(1, &mut |_fraction_done| true)?;
/// assert!(outcome.pulls[1] > outcome.pulls[0]);
/// # Ok::<(), stackel_core::RunError>(())
/// ```
pub trait Law: Send + Sync + 'static {
    /// One reward whose expectation is `mean`.
    fn draw(&self, mean: f64, stream: &mut Stream) -> f64;

    /// Whether the law has rewards with this mean, a finite number.
    fn admits(&self, _mean: f64) -> bool {
        true
    }
}

impl<L: Law + ?Sized> Law for &'static L {
    #[inline]
    fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
        (**self).draw(mean, stream)
    }
}

/// The law of one player's rewards, as a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Noise {
    /// Normal around the mean.
    Gaussian {
        /// Standard deviation.
        sigma: f64,
    },
    /// 1 with the mean as its probability, else 0.
    Bernoulli,
    /// Uniform on `[mean - half_width, mean + half_width)`.
    Uniform {
        /// Half the width of the interval.
        half_width: f64,
    },
    /// The mean, and `scale` times a number of Student's t law.
    StudentT {
        /// Degrees of freedom, more than 1: of fewer, there is no mean.
        df: f64,
        /// Factor of the number.
        scale: f64,
    },
    /// The mean itself.
    Deterministic,
    /// A law of the caller's own; see [`Noise::own`].
    Own(OwnLaw),
}

/// A law that this crate does not know.
#[derive(Clone, Copy)]
pub struct OwnLaw {
    name: &'static str,
    law: &'static dyn Law,
}

impl std::fmt::Debug for OwnLaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Two laws are equal if they are the same object.
impl PartialEq for OwnLaw {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && std::ptr::addr_eq(self.law, other.law)
    }
}

impl OwnLaw {
    /// One reward whose expectation is `mean`.
    pub(crate) fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
        self.law.draw(mean, stream)
    }
}

impl Noise {
    /// The noise of a law of your own; see [`Law`]. The law stays in memory for the rest of the program. Its
    /// rewards are drawn one by one, also under the leap engine.
    pub fn own(name: &'static str, law: impl Law) -> Self {
        let law = Box::leak(Box::new(law));
        Noise::Own(OwnLaw { name, law })
    }

    /// Checks that the scale is neither negative nor too large.
    pub fn check(self) -> Result<Self, SpecError> {
        let (argument, scale) = match self {
            Noise::Gaussian { sigma } => ("sigma", sigma),
            Noise::Uniform { half_width } => ("half_width", half_width),
            Noise::StudentT { df, .. } if !(df > 1.0 && df <= LARGEST) => {
                let allowed = "a number above 1, so that there is a mean, and at most 1e100";
                return Err(SpecError::new("df", allowed, format!("{df:?}")));
            }
            Noise::StudentT { scale, .. } => ("scale", scale),
            Noise::Bernoulli | Noise::Deterministic | Noise::Own(_) => return Ok(self),
        };
        if (0.0..=LARGEST).contains(&scale) {
            return Ok(self);
        }
        Err(SpecError::new(
            argument,
            "a number from 0 to 1e100",
            format!("{scale:?}"),
        ))
    }

    /// The same law of another scale; none for laws without a scale.
    pub(crate) fn scaled(self, factor: f64) -> Option<Self> {
        match self {
            Noise::Gaussian { sigma } => Some(Noise::Gaussian {
                sigma: factor * sigma,
            }),
            Noise::Uniform { half_width } => Some(Noise::Uniform {
                half_width: factor * half_width,
            }),
            Noise::StudentT { df, scale } => Some(Noise::StudentT {
                df,
                scale: factor * scale,
            }),
            Noise::Bernoulli | Noise::Deterministic | Noise::Own(_) => None,
        }
    }

    /// How far rewards are from their means, in the measure of the law: its scale, or 1 for coins.
    pub(crate) fn size(self) -> f64 {
        match self {
            Noise::Gaussian { sigma } => sigma,
            Noise::Uniform { half_width } => half_width,
            Noise::StudentT { scale, .. } => scale,
            Noise::Bernoulli => 1.0,
            Noise::Deterministic | Noise::Own(_) => 0.0,
        }
    }

    /// Whether sums of rewards have a law from which they can be drawn at once.
    pub fn has_sums(self) -> bool {
        !matches!(self, Noise::StudentT { .. } | Noise::Own(_))
    }

    /// Whether the law has rewards with this mean.
    pub(crate) fn admits(self, mean: f64) -> bool {
        mean.abs() <= LARGEST
            && match self {
                Noise::Bernoulli => (0.0..=1.0).contains(&mean),
                Noise::Own(own) => own.law.admits(mean),
                _ => true,
            }
    }
}

/// See [`Noise::Gaussian`].
#[derive(Clone, Copy)]
pub struct Gaussian {
    sigma: f64,
    tables: &'static Ziggurat,
}

impl Gaussian {
    /// Normal rewards with standard deviation `sigma`.
    pub fn new(sigma: f64) -> Self {
        Self {
            sigma,
            tables: Ziggurat::shared(),
        }
    }
}

impl Law for Gaussian {
    #[inline]
    fn draw(&self, mean: f64, stream: &mut Stream) -> f64 {
        mean + self.sigma * self.tables.normal(stream.next_u64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_or_infinite_scales_are_refused() {
        for df in [1.0, 0.0, f64::NAN, f64::INFINITY] {
            let error = Noise::StudentT { df, scale: 1.0 }.check().unwrap_err();
            assert_eq!(error.argument, "df");
        }
        let error = Noise::Gaussian { sigma: -1.0 }.check().unwrap_err();
        assert_eq!(
            error.to_string(),
            "sigma: must be a number from 0 to 1e100, got -1.0"
        );
        assert!(
            Noise::Uniform {
                half_width: f64::INFINITY
            }
            .check()
            .is_err()
        );
    }
}
