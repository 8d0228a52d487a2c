//! Playing the game: a leader's plan meets the plan of the follower's instance at that action.
//!
//! `PlannedPlay` intersects the two plans, lets an `Engine` draw the stretch of rounds in which both
//! decisions stand, and counts what was played. `NaivePlay` does the same round by round: where every
//! decision is recomputed, and for players without plans.

pub mod abreast;
mod agent;
mod descent;
mod leap;
mod naive;
mod planned;
mod player;
mod stepwise;
mod survey;
mod sweep;
mod trace;

pub use agent::Agent;
pub(crate) use naive::NaivePlay;
pub(crate) use planned::PlannedPlay;
pub use survey::survey;
pub(crate) use trace::Trace;

use self::descent::{Block, Descended, Descent};
use self::sweep::Sweep;
use crate::game::Game;
use crate::learners::{Config, IndexBarrier, RoundByRound, Seat, Tally};
use crate::rng::{Purpose, Role, Stream};

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
            EngineKind::Reference => NaivePlay::recomputing(setup, replication),
            EngineKind::Stepwise | EngineKind::Leap => NaivePlay::planning(setup, replication),
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

/// Everything that replications of a run have in common.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'g> {
    pub(crate) game: &'g Game,
    pub(crate) leader: &'g Config,
    pub(crate) follower: &'g Config,
    pub(crate) horizon: u64,
    pub(crate) seed: u64,
    /// Largest probability of an event that leaping may take for impossible.
    pub(crate) negligible: f64,
    /// Whether to note when players change their minds; rounds are then played in their order.
    pub(crate) trace: bool,
}

impl<'g> Setup<'g> {
    /// The leader's seat.
    pub(crate) fn leader_seat(&self) -> Seat<'g> {
        Seat::new(self.game, Role::Leader, self.horizon)
    }

    /// The seat of the follower's instance at leader action `a`.
    pub(crate) fn follower_seat(&self, a: usize) -> Seat<'g> {
        Seat::answering(self.game, a, self.follower.sees(), self.horizon)
    }

    /// The follower's instances.
    fn followers<T>(&self, instance: impl Fn(&Seat) -> T) -> Vec<T> {
        (0..self.follower.n_instances(Role::Follower, self.game))
            .map(|a| instance(&self.follower_seat(a)))
            .collect()
    }

    fn tracer(&self) -> Option<Box<Trace>> {
        self.trace
            .then(|| Box::new(Trace::new(self.game.n_leader())))
    }

    fn streams(&self, replication: u64, purpose: Purpose) -> [Stream; 2] {
        [Role::Leader, Role::Follower]
            .map(|role| Stream::new(self.seed, replication, role, purpose))
    }
}

/// The follower's instance that answers `a`: if there is one for all actions, it has to be told.
fn facing<R: RoundByRound>(followers: &mut [R], a: usize) -> &mut R {
    let instance = if followers.len() == 1 { 0 } else { a };
    let follower = &mut followers[instance];
    follower.face(a);
    follower
}

/// A game in progress.
pub(crate) trait Play {
    /// Plays on to round `until`, but stops early after about `budget` units of work, each about as
    /// long as a round drawn by itself. Returns the number of rounds played in all.
    fn advance(&mut self, until: u64, budget: u64) -> u64;

    /// How often each pair of actions was played, row-major by leader action.
    fn pulls(&self) -> &[u64];

    /// When players changed their minds, if that was to be noted.
    fn trace(&self) -> Option<&Trace>;

    /// How often an event of negligible probability was taken for impossible.
    fn accepted(&self) -> u64 {
        0
    }
}

/// What a player wants from the rewards of a stretch.
pub(crate) enum Watch<'a> {
    /// Nothing, and its noise is never read again: no reward need be drawn.
    Skip,
    /// Nothing, but the stream must move on, because the player's other instances share it.
    Discard,
    /// Their count and sum.
    Add(&'a mut Tally),
    /// Their count and sum, and the end of the stretch when these fail the barrier.
    Guard(&'a mut Tally, IndexBarrier),
}

impl Stretch<'_> {
    /// Its first rounds.
    pub(crate) fn shortened(&mut self, rounds: u64) -> Stretch<'_> {
        Stretch {
            means: self.means,
            rounds,
            watches: self.watches.each_mut().map(Watch::again),
            work: self.work,
            foreseen: None,
        }
    }
}

impl Watch<'_> {
    /// Whether nothing gets lost when `rounds` rewards are simply added up.
    #[inline]
    pub(crate) fn is_small(&self, rounds: u64) -> bool {
        match self {
            Watch::Skip | Watch::Discard => true,
            Watch::Add(tally) | Watch::Guard(tally, _) => tally.is_small(rounds),
        }
    }

    /// The same for some rounds of the stretch.
    fn again(&mut self) -> Watch<'_> {
        match self {
            Watch::Skip => Watch::Skip,
            Watch::Discard => Watch::Discard,
            Watch::Add(tally) => Watch::Add(tally),
            Watch::Guard(tally, barrier) => Watch::Guard(tally, *barrier),
        }
    }

    /// Takes one reward; whether the player's decision still stands.
    #[inline]
    pub(crate) fn take(&mut self, reward: f64) -> bool {
        match self {
            Watch::Skip | Watch::Discard => true,
            Watch::Add(tally) => {
                tally.add(reward);
                true
            }
            Watch::Guard(tally, barrier) => {
                tally.add(reward);
                barrier.clears(tally)
            }
        }
    }

    /// Whether the stretch may end at any reward.
    pub(crate) fn is_guard(&self) -> bool {
        matches!(self, Watch::Guard(..))
    }
}

/// A stretch of rounds with the same pair of actions.
pub(crate) struct Stretch<'a> {
    /// Mean utilities of leader and follower.
    pub(crate) means: [f64; 2],
    /// Longest it may be, at least 1.
    pub(crate) rounds: u64,
    /// What leader and follower want from it.
    pub(crate) watches: [Watch<'a>; 2],
    /// Units of work after which to stop for now.
    pub(crate) work: u64,
    /// Rewards of the follower that have been drawn already, the next ones last: only these are played.
    pub(crate) foreseen: Option<&'a mut Vec<Block>>,
}

/// What was drawn of a stretch.
pub(crate) struct Drawn {
    /// Rounds played, at least 1.
    pub(crate) rounds: u64,
    /// Whether leader and follower still clear their barriers.
    pub(crate) stands: [bool; 2],
    /// Units of work it took.
    pub(crate) work: u64,
    /// See [`Play::accepted`].
    pub(crate) accepted: u64,
}

impl Default for Drawn {
    /// Nothing yet.
    fn default() -> Self {
        Self {
            rounds: 0,
            stands: [true; 2],
            work: 0,
            accepted: 0,
        }
    }
}

impl Drawn {
    /// This, and what was drawn after it.
    #[inline]
    pub(crate) fn and(self, next: Drawn) -> Drawn {
        Drawn {
            rounds: self.rounds + next.rounds,
            stands: next.stands,
            work: self.work + next.work,
            accepted: self.accepted + next.accepted,
        }
    }
}

/// A way to draw rewards.
pub(crate) trait Engine: Send {
    /// Whether rounds whose order no decision depends on may be drawn in another order.
    fn reorders(&self) -> bool {
        false
    }

    /// The rewards of leader and follower in a round by itself, from their means. Pairs, because
    /// these travel in registers.
    fn draw_round(&self, means: (f64, f64), noise: &mut [Stream; 2]) -> (f64, f64);

    /// A stretch of rounds, up to the first after which a barrier is failed.
    fn draw(&self, stretch: Stretch<'_>, noise: &mut [Stream; 2]) -> Drawn;

    /// A stretch in which actions change by schedule, up to the first round after which a condition
    /// is failed; nothing, and then nothing is drawn, if that is better drawn round by round.
    fn sweep(&self, _sweep: &mut Sweep, _work: u64, _noise: &mut [Stream; 2]) -> Option<Drawn> {
        None
    }

    /// Whether a guarded leader may stay for so many rounds without having to be watched.
    fn may_descend(&self, _leader: &Tally, _barrier: IndexBarrier, _rounds: u64) -> bool {
        false
    }

    /// A stretch in which the follower goes down to a level; nothing, and then nothing is drawn, if
    /// that is not worthwhile.
    fn descend(&self, _descent: &mut Descent, _noise: &mut [Stream; 2]) -> Option<Descended> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::Information;
    use crate::learners::registry::REGISTRY;
    use crate::learners::schema::Value;
    use crate::noise::Noise;

    #[test]
    fn nobody_is_given_what_its_entry_does_not_name() {
        let (leader, follower) = (vec![0.1, 0.2, 0.3, 0.4], vec![0.5, 0.6, 0.7, 0.8]);
        let game = Game::new(2, 2, leader, follower, [Noise::Deterministic; 2]).unwrap();
        for entry in REGISTRY {
            let given = entry
                .params
                .iter()
                .filter(|param| param.default().is_none())
                .map(|param| (param.name.to_string(), Value::Count(0)));
            let learner = Config::new(entry.name, given.collect()).unwrap();
            let setup = Setup {
                game: &game,
                leader: &learner,
                follower: &learner,
                horizon: 10,
                seed: 1,
                negligible: 0.0,
                trace: false,
            };
            for seat in [setup.leader_seat(), setup.follower_seat(1)] {
                let follows = seat.role == Role::Follower;
                let means = follows && entry.sees == Information::OwnMeans;
                assert_eq!(seat.means, if means { &[0.7, 0.8][..] } else { &[] });
                let whole = follows && entry.sees == Information::Game;
                assert_eq!(seat.full_game.is_some(), whole, "{}", entry.name);
            }
        }
    }
}
