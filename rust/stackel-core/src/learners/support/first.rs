//! In which order the arms are tried at first: the parameter `first`.

use super::ties::among;
use crate::archive::Archive;
use crate::learners::schema::{Args, Param, Value};
use crate::learners::{Plan, Tally};
use crate::rng::Stream;

/// The order of the first pulls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::learners) enum First {
    /// That of the arms' indices.
    Index,
    /// Any, all equally likely.
    Random,
}

impl First {
    pub(in crate::learners) const PARAM: Param =
        Param::choice("first", &["index", "random"], "index");

    /// Reads `first`; a learner without it tries its arms in index order.
    pub(in crate::learners) fn of(args: &Args) -> Self {
        let mut given = args.iter();
        let random = given.any(|(name, value)| {
            *name == Self::PARAM.name && *value == Value::Text("random".to_string())
        });
        if random { First::Random } else { First::Index }
    }

    /// The arms in the order of their first pulls, drawn at once.
    pub(in crate::learners) fn order(self, n_arms: usize, choice: &mut Stream) -> Vec<usize> {
        let mut arms: Vec<_> = (0..n_arms).collect();
        if self == First::Random {
            for place in 0..n_arms.saturating_sub(1) {
                arms.swap(place, place + choice.below(n_arms - place));
            }
        }
        arms
    }

    /// The first of the arms without rewards in a random order, which is drawn in the first round. None if all have rewards, or if
    /// they come in index order anyway.
    pub(in crate::learners) fn untried(
        self,
        order: &mut Vec<usize>,
        tallies: &[Tally],
        choice: &mut Stream,
    ) -> Option<usize> {
        if self == First::Index {
            return None;
        }
        if order.is_empty() {
            *order = self.order(tallies.len(), choice);
        }
        order.iter().copied().find(|&arm| tallies[arm].count == 0)
    }

    /// Visits such an order.
    pub(in crate::learners) fn exchange(
        self,
        order: &mut Vec<usize>,
        n_arms: usize,
        archive: &mut Archive,
    ) {
        if self == First::Index {
            return;
        }
        let mut begun = !order.is_empty();
        archive.flag(&mut begun);
        if begun {
            order.resize(n_arms, 0);
            for arm in order {
                archive.index(arm, n_arms);
            }
        }
    }

    /// The next one of the arms without rewards, if there are any.
    pub(in crate::learners) fn next(
        self,
        mut untried: impl Iterator<Item = usize> + Clone,
        choice: &mut Stream,
    ) -> Option<usize> {
        match self {
            First::Index => untried.next(),
            First::Random => among(untried, choice),
        }
    }

    /// The schedule that plays each arm once.
    pub(in crate::learners) fn turn(self, n_arms: usize, choice: &mut Stream) -> Plan {
        Plan::Cycle {
            arms: self.order(n_arms, choice).into(),
            rounds: n_arms as u64,
            again: None,
        }
    }
}
