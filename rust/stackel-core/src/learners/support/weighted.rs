//! An arm drawn with a probability in proportion to its weight.

use crate::rng::Stream;

pub(in crate::learners) const DRAWS: Option<&str> =
    Some("a unit, which times the sum of all weights lies in the interval of the arm chosen");

/// The arm drawn; `total` is the sum of the weights, of which one at least is above 0. An arm of weight 0 is never drawn.
#[inline]
pub(in crate::learners) fn draw(weights: &[f64], total: f64, choice: &mut Stream) -> usize {
    let mut target = choice.unit() * total;
    let mut chosen = 0;
    for (arm, &weight) in weights.iter().enumerate() {
        if weight > 0.0 {
            chosen = arm;
            if target < weight {
                break;
            }
            target -= weight;
        }
    }
    chosen
}
