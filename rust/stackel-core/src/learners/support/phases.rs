//! The phases of elimination: how many sweeps lie between two looks at which arms to drop.

use std::sync::Arc;

use crate::archive::Archive;
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
    args.fill(PARAM.name, Value::Counts(Arc::new([1])));
    Ok(())
}

/// Sweeps `M_p` of phase p, counted from 0; the last entry stands for all further phases.
#[derive(Clone)]
pub(in crate::learners) struct Phases(Arc<[u64]>);

impl Phases {
    pub(in crate::learners) fn of(args: &Args) -> Self {
        Self(args.counts(PARAM.name))
    }

    #[inline]
    pub(in crate::learners) fn sweeps(&self, phase: usize) -> u64 {
        self.0[phase.min(self.0.len() - 1)]
    }

    /// A clock that stands before the first sweep.
    pub(in crate::learners) fn clock(self) -> PhaseClock {
        PhaseClock {
            end: self.sweeps(0),
            phases: self,
            phase: 0,
        }
    }
}

/// Knows, sweep after sweep, when phases end. It can skip any number of sweeps.
pub(in crate::learners) struct PhaseClock {
    phases: Phases,
    phase: usize,
    /// Sweeps until the end of this phase, counted from the very first.
    end: u64,
}

impl PhaseClock {
    /// Moves on to where `sweeps` sweeps are over; whether a phase ends with the last of them.
    pub(in crate::learners) fn reaches(&mut self, sweeps: u64) -> bool {
        while self.end < sweeps && self.phase + 1 < self.phases.0.len() {
            self.next();
        }
        if self.end < sweeps {
            let length = self.phases.sweeps(self.phase);
            let behind = (sweeps - self.end).div_ceil(length);
            self.end = self.end.saturating_add(behind.saturating_mul(length));
        }
        let over = self.end == sweeps;
        if over {
            self.next();
        }
        over
    }

    /// Sweeps from the one that [`Self::reaches`] was told of to the end of the phase.
    pub(in crate::learners) fn left(&self, sweeps: u64) -> u64 {
        self.end - sweeps
    }

    /// Visits how far it is.
    pub(in crate::learners) fn exchange(&mut self, archive: &mut Archive) {
        archive.index(&mut self.phase, self.phases.0.len() + 1);
        archive.count(&mut self.end, u64::MAX);
    }

    fn next(&mut self) {
        self.phase = (self.phase + 1).min(self.phases.0.len());
        self.end = self.end.saturating_add(self.phases.sweeps(self.phase));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sweep by sweep, or in leaps of any length, phases end at the same sweeps.
    #[test]
    fn skipping_sweeps_does_not_move_the_ends_of_phases() {
        let ends = [2, 3, 6, 9, 12, 15, 18];
        for step in 1..8 {
            let mut clock = Phases(Arc::new([2, 1, 3])).clock();
            for sweeps in (step..=18).step_by(step) {
                let sweeps = sweeps as u64;
                assert_eq!(
                    clock.reaches(sweeps),
                    ends.contains(&sweeps),
                    "{sweeps} by {step}"
                );
                let next = ends.into_iter().find(|&end| end > sweeps).unwrap_or(21);
                assert_eq!(clock.left(sweeps), next - sweeps, "{sweeps} by {step}");
            }
        }
    }

    #[test]
    fn phases_too_long_to_end_do_not_end() {
        let mut clock = Phases(Arc::new([u64::MAX, 1])).clock();
        assert!(!clock.reaches(1 << 53));
        assert_eq!(clock.left(1 << 53), u64::MAX - (1 << 53));
    }
}
