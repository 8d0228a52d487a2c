//! Which engine plays a game.

use super::planned::PlannedPlay;
use super::reference::ReferencePlay;
use super::setup::{Play, Setup};
use super::{leap, stepwise};
use crate::learners::Config;

/// Which engine plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// Reward by reward, one decision a stretch.
    Stepwise,
    /// Whole stretches at once, with the same law.
    Leap,
    /// Reward by reward, every decision recomputed every round: the definitions as they read.
    Reference,
}

impl EngineKind {
    /// The engine that is fast for a pair of learners: leaping, unless one of them decides anew in
    /// every round.
    pub fn automatic(leader: &Config, follower: &Config) -> Self {
        if leader.plans_ahead() && follower.plans_ahead() {
            EngineKind::Leap
        } else {
            EngineKind::Stepwise
        }
    }

    /// The engine's name in arguments and results.
    pub fn name(self) -> &'static str {
        match self {
            EngineKind::Stepwise => "stepwise",
            EngineKind::Leap => "leap",
            EngineKind::Reference => "reference",
        }
    }

    /// Starts replication `replication` of a game between two resolved learners.
    pub(crate) fn start(self, setup: &Setup, replication: u64) -> Box<dyn Play> {
        if let Some(play) = self.planned(setup, replication) {
            return Box::new(play);
        }
        Box::new(match self {
            EngineKind::Reference => ReferencePlay::recomputing(setup, replication),
            EngineKind::Stepwise | EngineKind::Leap => ReferencePlay::planning(setup, replication),
        })
    }

    /// The same by plans; nothing for the engine that has none, and for players that have none.
    pub(crate) fn planned(self, setup: &Setup, replication: u64) -> Option<PlannedPlay> {
        if setup.leader.is_asked_every_round() || setup.follower.is_asked_every_round() {
            return None;
        }
        let noise = setup.game.noise();
        let engine = match self {
            EngineKind::Stepwise => stepwise::engine(noise),
            EngineKind::Leap => leap::engine(noise, setup.negligible),
            EngineKind::Reference => return None,
        };
        Some(PlannedPlay::new(setup, replication, engine))
    }
}
