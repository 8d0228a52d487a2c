//! Standard normal variates by the ziggurat method of Marsaglia and Tsang (2000).
//!
//! The density is covered by 256 layers of equal area. Almost every draw costs one random word,
//! one multiplication and one comparison. The layer comes from the low bits of the word, the
//! position from the high 53, so the two are independent (the flaw of the original, shown by
//! Doornik 2005). The tables are computed here with portable functions, once, at first use.

use std::sync::LazyLock;

use crate::math::{exp, ln};
use crate::rng::Stream;

const LAYERS: usize = 256;
/// The beginning of the tail.
const TAIL: f64 = 3.654_152_885_361_009;
/// Area of every layer, and of the bottom layer together with the tail.
const AREA: f64 = 0.004_928_673_233_974_655;

/// One layer: `scale` turns a signed 53-bit integer into a position. A position at a distance from 0 below
/// `inner` certainly lies below the curve.
#[derive(Clone, Copy, Default)]
struct Layer {
    scale: f64,
    inner: f64,
}

/// The tables of the method.
pub(crate) struct Ziggurat {
    layers: [Layer; LAYERS],
    /// Density (without its constant) at the right edge of each layer.
    density: [f64; LAYERS + 1],
}

static TABLES: LazyLock<Ziggurat> = LazyLock::new(Ziggurat::build);

impl Ziggurat {
    /// The shared tables.
    pub(crate) fn shared() -> &'static Self {
        &TABLES
    }

    fn build() -> Self {
        let bell = |x: f64| exp(-0.5 * x * x);
        let mut edge = [0.0; LAYERS + 1];
        // Layer 0 is a rectangle with the area of the base strip and the tail together.
        edge[0] = AREA / bell(TAIL);
        edge[1] = TAIL;
        for i in 2..LAYERS {
            edge[i] = (-2.0 * ln(AREA / edge[i - 1] + bell(edge[i - 1]))).sqrt();
        }
        let unit = 1.0 / (1u64 << 52) as f64;
        let mut layers = [Layer::default(); LAYERS];
        for (i, layer) in layers.iter_mut().enumerate() {
            *layer = Layer {
                scale: edge[i] * unit,
                inner: edge[i + 1],
            };
        }
        let mut density = [1.0; LAYERS + 1];
        for (value, &x) in density.iter_mut().zip(&edge) {
            *value = bell(x);
        }
        Self { layers, density }
    }

    /// One standard normal variate.
    #[inline]
    pub(crate) fn draw(&self, stream: &mut Stream) -> f64 {
        loop {
            let word = stream.next_u64();
            let index = (word & 0xff) as usize;
            let layer = &self.layers[index];
            let x = (word.cast_signed() >> 11) as f64 * layer.scale;
            if x.abs() < layer.inner {
                return x;
            }
            if let Some(x) = self.edge_case(index, x, stream) {
                return x;
            }
        }
    }

    /// The 1.2% of draws that land outside the inner rectangle of their layer.
    #[cold]
    #[inline(never)]
    fn edge_case(&self, index: usize, x: f64, stream: &mut Stream) -> Option<f64> {
        if index == 0 {
            return Some(tail(stream).copysign(x));
        }
        let (low, high) = (self.density[index], self.density[index + 1]);
        (low + (high - low) * stream.unit() < exp(-0.5 * x * x)).then_some(x)
    }
}

/// A normal variate conditioned to exceed `TAIL` (Marsaglia 1964).
fn tail(stream: &mut Stream) -> f64 {
    loop {
        // 1 - unit lies in (0, 1], where the logarithm is finite.
        let x = -ln(1.0 - stream.unit()) / TAIL;
        let y = -ln(1.0 - stream.unit());
        if 2.0 * y > x * x {
            return TAIL + x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role};
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn layers_close_at_the_top_of_the_bell() {
        let tables = Ziggurat::build();
        let last = tables.layers[LAYERS - 1].scale * (1u64 << 52) as f64;
        let area = last * (1.0 - tables.density[LAYERS - 1]);
        assert!((area / AREA - 1.0).abs() < 1e-9, "{area} is not {AREA}");
    }

    #[test]
    fn draws_follow_the_normal_law() {
        let mut stream = Stream::new(11, 0, Role::Leader, Purpose::Noise);
        let n = 2_000_000u32;
        let mut draws: Vec<f64> = (0..n)
            .map(|_| Ziggurat::shared().draw(&mut stream))
            .collect();
        draws.sort_by(f64::total_cmp);
        let law = Normal::standard();
        let distance = draws
            .iter()
            .enumerate()
            .map(|(i, &x)| (law.cdf(x) - (i as f64 + 0.5) / f64::from(n)).abs())
            .fold(0.0, f64::max);
        // Kolmogorov: P(sqrt(n) D > 2.5) = 7.5e-6.
        assert!(
            distance * f64::from(n).sqrt() < 2.5,
            "KS distance {distance}"
        );
        // Draws beyond the tail's start: Binomial(n, 2.58e-4), mean 516, sd 22.7.
        let beyond = draws.iter().filter(|x| x.abs() > TAIL).count() as f64;
        let expected = f64::from(n) * 2.0 * law.cdf(-TAIL);
        assert!(
            (beyond - expected).abs() < 5.0 * expected.sqrt(),
            "{beyond} beyond {TAIL}"
        );
    }
}
