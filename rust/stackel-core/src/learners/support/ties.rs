//! Which of several arms with equally large values is played: the parameter `ties`.

use super::tally::argmax;
use crate::learners::schema::{Args, Param};
use crate::rng::Stream;

/// How a tie is broken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::learners) enum Ties {
    /// The arm of the lowest index.
    Lowest,
    /// Each of the arms with the same probability, anew at every tie.
    Random,
}

impl Ties {
    pub(in crate::learners) const PARAM: Param =
        Param::choice("ties", &["lowest", "random"], "lowest");

    /// Reads `ties`.
    pub(in crate::learners) fn of(args: &Args) -> Self {
        match args.text(Self::PARAM.name) {
            "random" => Ties::Random,
            _ => Ties::Lowest,
        }
    }

    /// The arm with the largest value. Arms without rewards, whose value is infinite, come in index order.
    #[inline]
    pub(in crate::learners) fn pick(
        self,
        values: impl Iterator<Item = f64> + Clone,
        choice: &mut Stream,
    ) -> usize {
        let best = argmax(values.clone());
        if self == Ties::Lowest {
            return best;
        }
        let largest = values.clone().nth(best).unwrap_or(f64::INFINITY);
        if largest.is_infinite() {
            return best;
        }
        let tied = values.enumerate().filter(|&(_, value)| value == largest);
        among(tied.map(|(arm, _)| arm), choice).unwrap_or(best)
    }
}

/// One of some arms at random. A single arm takes no random number.
pub(super) fn among(
    mut arms: impl Iterator<Item = usize> + Clone,
    choice: &mut Stream,
) -> Option<usize> {
    match arms.clone().count() {
        0 | 1 => arms.next(),
        tied => arms.nth(choice.below(tied)),
    }
}
