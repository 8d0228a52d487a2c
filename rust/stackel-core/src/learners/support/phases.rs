//! The phases of elimination: how many sweeps lie between two looks at who is to be dropped.

use crate::error::SpecError;
use crate::learners::Seat;
use crate::learners::schema::{Args, Kind, Param, Preset, Value};

/// The parameter `phases`.
pub(in crate::learners) const PARAM: Param = Param {
    name: "phases",
    kind: Kind::Counts,
    preset: Preset::Resolved,
};

/// By default every phase is a single sweep.
#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
pub(in crate::learners) fn fill(args: &mut Args, _seat: &Seat) -> Result<(), SpecError> {
    args.fill(PARAM.name, Value::Counts(vec![1]));
    Ok(())
}

/// Sweeps `M_p` of phase p, counted from 0; the last entry stands for all further phases.
#[derive(Clone)]
pub(in crate::learners) struct Phases(Vec<u64>);

impl Phases {
    pub(in crate::learners) fn of(args: &Args) -> Self {
        Self(args.counts(PARAM.name).to_vec())
    }

    #[inline]
    pub(in crate::learners) fn sweeps(&self, phase: usize) -> u64 {
        self.0[phase.min(self.0.len() - 1)]
    }
}
