//! Standard normal variates by the ziggurat method of Marsaglia and Tsang (2000).
//!
//! The density is covered by 1024 layers of equal area. Almost every draw costs one random word, one
//! multiplication and one comparison. The layer comes from the low bits of the word, the position from the
//! high 52, so the two are independent (the flaw of the original, shown by Doornik 2005). The tables are
//! computed here with portable functions, once, at first use.

use std::sync::LazyLock;

use rand_core::Rng;

use crate::math::{exp, ln};
use crate::rng::{SplitMix64, unit};

const LAYERS: usize = 1024;

/// The layer of a word.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // below the number of layers
fn layer_of(word: u64) -> usize {
    (word % LAYERS as u64) as usize
}

/// The beginning of the tail.
const TAIL: f64 = 4.038_849_846_109_505;

/// One layer. Positions are in `[-1/2, 1/2)`.
#[derive(Clone, Copy, Default)]
struct Layer {
    /// Twice the right edge.
    width: f64,
    /// A variate at a distance from 0 below it certainly lies below the curve.
    inner: f64,
}

/// The tables of the method.
pub(crate) struct Ziggurat {
    layers: [Layer; LAYERS],
    /// Right edges of the layers, and density there (without its constant).
    edges: [f64; LAYERS + 1],
    density: [f64; LAYERS + 1],
}

static TABLES: LazyLock<Ziggurat> = LazyLock::new(Ziggurat::build);

fn bell(x: f64) -> f64 {
    exp(-0.5 * x * x)
}

/// A number in `[-1/2, 1/2)` from the high bits of a word.
#[inline(always)]
fn position(word: u64) -> f64 {
    f64::from_bits((word >> 12) | 1.0_f64.to_bits()) - 1.5
}

impl Ziggurat {
    /// The shared tables.
    #[inline]
    pub(crate) fn shared() -> &'static Self {
        &TABLES
    }

    fn build() -> Self {
        // Mills' ratio of the tail, by its continued fraction.
        let fraction = (1..200).rev().fold(0.0, |x, k| f64::from(k) / (TAIL + x));
        let area = TAIL * bell(TAIL) + bell(TAIL) / (TAIL + fraction);
        let mut edges = [0.0; LAYERS + 1];
        // Layer 0 is a rectangle with the area of the base strip and the tail together.
        edges[0] = area / bell(TAIL);
        edges[1] = TAIL;
        for i in 2..LAYERS {
            edges[i] = (-2.0 * ln(area / edges[i - 1] + bell(edges[i - 1]))).sqrt();
        }
        let mut layers = [Layer::default(); LAYERS];
        for (i, layer) in layers.iter_mut().enumerate() {
            *layer = Layer {
                width: 2.0 * edges[i],
                inner: edges[i + 1],
            };
        }
        Self {
            layers,
            density: edges.map(bell),
            edges,
        }
    }

    /// The variate of a word, and whether it certainly lies below the curve.
    #[inline(always)]
    fn place(&self, word: u64) -> (f64, bool) {
        let layer = &self.layers[layer_of(word)];
        let x = position(word) * layer.width;
        (x, x.abs() < layer.inner)
    }

    /// The standard normal variate of a random word.
    #[inline]
    pub(crate) fn normal(&self, word: u64) -> f64 {
        match self.place(word) {
            (x, true) => x,
            _ => self.mend(word),
        }
    }

    /// The variate of each word.
    #[inline(always)]
    pub(crate) fn fill<const N: usize>(&self, words: &[u64; N], out: &mut [f64; N]) {
        for (out, words) in out.chunks_mut(16).zip(words.chunks(16)) {
            let mut all = true;
            for (x, &word) in out.iter_mut().zip(words) {
                let placed = self.place(word);
                *x = placed.0;
                all &= placed.1;
            }
            if !all {
                self.mend_some(words, out);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn mend_some(&self, words: &[u64], out: &mut [f64]) {
        for (x, &word) in out.iter_mut().zip(words) {
            *x = self.normal(word);
        }
    }

    /// The variate of one of the 0.4% of words that do not land inside the inner rectangle of their layer. It takes further
    /// words from a generator that goes on from this one.
    #[cold]
    #[inline(never)]
    fn mend(&self, mut word: u64) -> f64 {
        let more = &mut SplitMix64::after(word);
        loop {
            let (x, inside) = self.place(word);
            if inside {
                return x;
            }
            let layer = layer_of(word);
            if layer == 0 {
                return tail(more).copysign(x);
            }
            let (low, high) = (self.density[layer], self.density[layer + 1]);
            let height = unit(more);
            // The curve lies below its chord where it is convex, above it where it is concave.
            let (outer, inner) = (self.edges[layer], self.edges[layer + 1]);
            let chord = (outer - x.abs()) / (outer - inner);
            let below = if inner > 1.0 && height > chord {
                false
            } else if outer < 1.0 && height < chord {
                true
            } else {
                low + height * (high - low) < bell(x)
            };
            if below {
                return x;
            }
            word = more.next_u64();
        }
    }
}

/// A normal variate conditioned to exceed `TAIL` (Marsaglia 1964).
fn tail(words: &mut impl Rng) -> f64 {
    loop {
        // 1 - unit lies in (0, 1], where the logarithm is finite.
        let x = -ln(1.0 - unit(words)) / TAIL;
        let y = -ln(1.0 - unit(words));
        if 2.0 * y > x * x {
            return TAIL + x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Role, Stream};
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn layers_close_at_the_top_of_the_bell() {
        let tables = Ziggurat::build();
        let area = tables.edges[0] * bell(TAIL);
        let last = tables.edges[LAYERS - 1] * (1.0 - tables.density[LAYERS - 1]);
        assert!((last / area - 1.0).abs() < 1e-9, "{last} is not {area}");
    }

    #[test]
    fn draws_follow_the_normal_law() {
        let mut stream = Stream::new(11, 0, Role::Leader, Purpose::Noise);
        let n = 2_000_000u32;
        let mut draws: Vec<f64> = (0..n)
            .map(|_| Ziggurat::shared().normal(stream.next_u64()))
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
        // Draws beyond the tail's start: Binomial(n, 5.37e-5), mean 107, sd 10.4.
        let beyond = draws.iter().filter(|x| x.abs() > TAIL).count() as f64;
        let expected = f64::from(n) * 2.0 * law.cdf(-TAIL);
        assert!(
            (beyond - expected).abs() < 5.0 * expected.sqrt(),
            "{beyond} beyond {TAIL}"
        );
    }

    #[test]
    fn many_at_once_are_those_of_their_words() {
        let mut stream = Stream::new(12, 0, Role::Leader, Purpose::Noise);
        let tables = Ziggurat::shared();
        let mut rare = 0;
        for _ in 0..200 {
            let words: [u64; 64] = std::array::from_fn(|_| stream.next_u64());
            let mut out = [0.0; 64];
            tables.fill(&words, &mut out);
            for (&word, x) in words.iter().zip(out) {
                assert_eq!(x.to_bits(), tables.normal(word).to_bits());
                rare += u32::from(!tables.place(word).1);
            }
        }
        assert!(rare > 10, "{rare}");
    }
}
