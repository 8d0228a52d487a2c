//! Weights that grow exponentially with what arms are worth: the parameter `temperature`.

use crate::learners::schema::Param;
use crate::math::exp;

/// The least one: as good as 0 for all values that differ.
const LEAST: f64 = 1e-100;

pub(in crate::learners) const TEMPERATURE: Param = Param::required_real("temperature", LEAST);

/// Writes `exp(value / temperature)` of each arm, up to a common factor that makes the largest weight 1, and returns
/// their sum. `sharpness` is one over the temperature, and may be infinite.
pub(in crate::learners) fn weigh(
    values: impl Iterator<Item = f64> + Clone,
    sharpness: f64,
    weights: &mut [f64],
) -> f64 {
    let sharpness = sharpness.min(f64::MAX);
    let best = values.clone().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for (weight, value) in weights.iter_mut().zip(values) {
        *weight = exp((value - best) * sharpness);
        total += *weight;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_values_share_everything_where_it_is_coldest() {
        let values = [-1e100, 0.5, 0.5, f64::EPSILON];
        for sharpness in [f64::INFINITY, 1.0 / LEAST] {
            let mut weights = [0.3; 4];
            let total = weigh(values.into_iter(), sharpness, &mut weights);
            assert_eq!((total, weights), (2.0, [0.0, 1.0, 1.0, 0.0]));
        }
    }

    #[test]
    fn all_values_are_alike_where_it_is_hot() {
        let mut weights = [0.0; 3];
        assert_eq!(
            weigh([-7.0, 0.5, 3.0].into_iter(), 1e-100, &mut weights),
            3.0
        );
    }
}
