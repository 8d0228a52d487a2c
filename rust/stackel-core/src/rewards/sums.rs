//! Rewards, one or the sum of many, without rounding.

use crate::archive::Archive;
use crate::noise::LARGEST;

/// One reward, or the sum of several: what a tally adds. Rewards of the table are kept as whole numbers, so that
/// sums of them do not depend on the order in which they are added; others are added as floats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rewards {
    pub(crate) count: u64,
    pub(crate) exact: Exact,
    /// The units of the whole numbers, for rewards of the table.
    pub(crate) units: Option<Units>,
    /// The sum of others, and of what is no whole number.
    pub(crate) other: f64,
}

/// A sum of mean utilities, as whole numbers of two units, and a sum of noise.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Exact {
    pub(crate) means: [i128; 2],
    pub(crate) noise: i64,
}

/// The units of the whole numbers of [`Exact`], in utility.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Units {
    pub(crate) means: [f64; 2],
    pub(crate) noise: f64,
}

impl Rewards {
    /// A reward without noise, in whose unit noise can be added.
    pub(crate) fn sure(mean: &Mean, noise: f64) -> Self {
        Self {
            count: 1,
            exact: Exact::of(mean.wholes, 1),
            units: Some(Units {
                means: mean.units,
                noise,
            }),
            other: mean.rest,
        }
    }

    /// As many times this reward.
    #[inline]
    pub(crate) fn times(&self, rounds: u64) -> Self {
        Self {
            count: rounds,
            exact: Exact::of(self.exact.means, rounds),
            units: self.units,
            other: self.other * rounds as f64,
        }
    }

    /// The number of rewards.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many coins show 1.
    pub(crate) fn ones(&self) -> u64 {
        self.exact.noise.unsigned_abs()
    }

    /// Their sum; of one reward, its value.
    #[inline]
    pub fn value(&self) -> f64 {
        let table = (self.units).map_or(0.0, |units| units.value(&self.exact));
        table + self.other
    }
}

impl Rewards {
    /// Visits a single reward.
    pub(crate) fn exchange(&mut self, archive: &mut Archive) {
        let mut of_table = self.units.is_some();
        archive.flag(&mut of_table);
        let mut units = self.units.unwrap_or_default();
        if of_table {
            for unit in units.means.iter_mut().chain([&mut units.noise]) {
                archive.real(unit, LARGEST);
            }
        }
        self.units = of_table.then_some(units);
        self.exact.exchange(archive);
        archive.real(&mut self.other, f64::MAX);
    }

    /// Puts a reward from elsewhere in place of one of the table.
    pub(crate) fn replace(&mut self, reward: f64) {
        (self.exact, self.other) = (Exact::default(), reward);
    }
}

/// A reward from elsewhere.
impl From<f64> for Rewards {
    fn from(reward: f64) -> Self {
        Self {
            count: 1,
            exact: Exact::default(),
            units: None,
            other: reward,
        }
    }
}

impl Exact {
    /// `times` a mean.
    #[inline]
    pub(crate) fn of([coarse, fine]: [i128; 2], times: u64) -> Self {
        let times = i128::from(times);
        Self {
            means: [coarse * times, if fine == 0 { 0 } else { fine * times }],
            noise: 0,
        }
    }

    /// Sums of a game are in range; those of a snapshot that was changed may wrap around.
    #[inline]
    pub(crate) fn add(&mut self, other: &Self) {
        self.means[0] = self.means[0].wrapping_add(other.means[0]);
        if other.means[1] != 0 {
            self.means[1] = self.means[1].wrapping_add(other.means[1]);
        }
        self.noise = self.noise.wrapping_add(other.noise);
    }

    /// Visits all of it.
    #[allow(clippy::cast_possible_truncation)] // halves of a word
    pub(crate) fn exchange(&mut self, archive: &mut Archive) {
        let mut word = |word: u64| {
            let mut value = word;
            archive.count(&mut value, u64::MAX);
            value
        };
        for sum in &mut self.means {
            let bits = sum.cast_unsigned();
            let (low, high) = (word(bits as u64), word((bits >> 64) as u64));
            *sum = (u128::from(high) << 64 | u128::from(low)).cast_signed();
        }
        self.noise = word(self.noise.cast_unsigned()).cast_signed();
    }
}

/// A whole number as a float: about the nearest one, by a formula that is quick.
#[inline]
#[allow(clippy::cast_possible_truncation)] // halves of a word
fn float(n: i128) -> f64 {
    const HALF: f64 = (1u64 << 63) as f64;
    let size = n.unsigned_abs();
    let (high, low) = ((size >> 63) as u64, size as u64 & (u64::MAX >> 1));
    let float = high as f64 * HALF + low.cast_signed() as f64;
    if n < 0 { -float } else { float }
}

/// Bits of a mean in each of its two units. Sums of 2^53 of them are below 2^127.
const BITS: i32 = 74;
/// Bits of a mean that shares its units with noise, and of a unit of noise, of which a sum counts fewer than 2^70.
const BITS_BESIDE_NOISE: i32 = 72;
const BITS_OF_NOISE: i32 = 54;

/// The exponent of the least power of two above a number; of 0, the least one there is.
fn exponent(x: f64) -> i32 {
    libm::frexp(x).1
}

/// A mean utility, or a unit of noise, as whole numbers of two units, and what is left of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mean {
    pub(crate) units: [f64; 2],
    pub(crate) wholes: [i128; 2],
    pub(crate) rest: f64,
}

impl Mean {
    /// Means whose sums are added to one tally, in units that they share. The second unit is so small that only means far smaller
    /// than the largest need it, such as those beside a large penalty. Of a third scale something may be left.
    pub(crate) fn all(means: &[f64]) -> Vec<Self> {
        let mut all = Self::whole(means);
        Self::share_units(&mut [(&mut all, BITS)]);
        all
    }

    /// The same for means and units of noise that differ from cell to cell, so that one sum holds means and noise.
    pub(crate) fn beside_noise(means: &[f64], noise: &[f64]) -> [Vec<Self>; 2] {
        let (mut means, mut noise) = (Self::whole(means), Self::whole(noise));
        Self::share_units(&mut [(&mut means, BITS_BESIDE_NOISE), (&mut noise, BITS_OF_NOISE)]);
        [means, noise]
    }

    /// Numbers of which all is left.
    fn whole(numbers: &[f64]) -> Vec<Self> {
        let (units, wholes) = ([0.0; 2], [0; 2]);
        let new = |&rest: &f64| Self {
            units,
            wholes,
            rest,
        };
        numbers.iter().map(new).collect()
    }

    /// Takes whole numbers of two units from numbers, each of at most so many bits.
    #[allow(clippy::cast_possible_truncation)] // what is cut off is left
    fn share_units(several: &mut [(&mut Vec<Self>, i32)]) {
        for k in 0..2 {
            let finest = several.iter().filter_map(|(all, bits)| {
                let largest = (all.iter()).fold(0.0_f64, |most, mean| most.max(mean.rest.abs()));
                (largest > 0.0).then(|| (exponent(largest) - bits).max(-1074))
            });
            let Some(finest) = finest.max() else {
                break;
            };
            let unit = libm::scalbn(1.0, finest);
            for mean in several.iter_mut().flat_map(|(all, _)| all.iter_mut()) {
                mean.units[k] = unit;
                mean.wholes[k] = (mean.rest / unit) as i128;
                mean.rest -= mean.wholes[k] as f64 * unit;
            }
        }
    }
}

impl Units {
    /// The float of a sum: means first, then noise.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a whole number
    pub(crate) fn value(&self, exact: &Exact) -> f64 {
        let [coarse, fine] = exact.means;
        let mut means = float(coarse) * self.means[0];
        if fine != 0 {
            let rounded = (coarse - float(coarse) as i128) as f64 * self.means[0];
            means += rounded + float(fine) * self.means[1];
        }
        means + exact.noise as f64 * self.noise
    }
}
