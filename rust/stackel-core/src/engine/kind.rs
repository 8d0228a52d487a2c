//! The choice of an engine.

use super::planned::PlannedPlay;
use super::reference::ReferencePlay;
use super::setup::{Play, Setup};
use crate::learners::Config;
use crate::math::ln;

/// The engine that plays a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineKind {
    /// Draws reward by reward, and asks for one decision a stretch.
    Stepwise,
    /// Draws whole stretches at once, with the same law.
    Leap,
    /// Draws reward by reward and recomputes every decision every round, as the definitions read.
    Reference,
}

impl EngineKind {
    /// The fast engine for a pair of learners: leap, unless one of them has to decide anew in every round. The choices of a learner
    /// that leaps in law do not depend on the other player: then it is leap, too.
    pub fn automatic(leader: &Config, follower: &Config) -> Self {
        let in_law = leader.leaps_in_law() || follower.leaps_in_law();
        if in_law || leader.leaps() && follower.leaps() {
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
    fn planned(self, setup: &Setup, replication: u64) -> Option<PlannedPlay> {
        let first = setup.first();
        if first.leader.is_asked_every_round() || first.follower.is_asked_every_round() {
            return None;
        }
        self.in_pieces(setup, replication)
    }

    /// The same game, to be played in pieces; nothing for the engine that has no plans. Where a player has
    /// none, rounds are stepped.
    pub(crate) fn in_pieces(self, setup: &Setup, replication: u64) -> Option<PlannedPlay> {
        let certainty = match self {
            EngineKind::Stepwise => f64::INFINITY,
            EngineKind::Leap => -ln(setup.crossing_tolerance),
            EngineKind::Reference => return None,
        };
        Some(PlannedPlay::new(setup, replication, certainty))
    }

    /// The engine that plays these learners in a game in pieces: one that is asked every round cannot be
    /// leapt over.
    #[must_use]
    pub fn of(self, leader: &Config, follower: &Config) -> Self {
        match self {
            EngineKind::Leap
                if leader.is_asked_every_round() || follower.is_asked_every_round() =>
            {
                EngineKind::Stepwise
            }
            other => other,
        }
    }
}
