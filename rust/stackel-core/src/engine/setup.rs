//! The setup that replications of a run share, and a game in progress.

use super::trace::Trace;
use crate::game::Game;
use crate::learners::{Config, RoundByRound, Seat};
use crate::rewards::Table;
use crate::rng::{Choices, Role};

/// The setup that all replications of a run share.
#[derive(Clone, Copy)]
pub(crate) struct Setup<'g> {
    pub(crate) game: &'g Game,
    pub(crate) leader: &'g Config,
    pub(crate) follower: &'g Config,
    pub(crate) horizon: u64,
    pub(crate) seed: u64,
    /// Largest probability of a missed crossing that a leap may ignore.
    pub(crate) crossing_tolerance: f64,
    /// Whether to record when players change their actions. Rounds are then played in their order.
    pub(crate) trace: bool,
}

impl<'g> Setup<'g> {
    /// The leader's seat.
    pub(crate) fn leader_seat(&self) -> Seat<'g> {
        Seat::new(self.game, Role::Leader, self.horizon)
    }

    /// The seat of the follower's instance at leader action `a`.
    pub(crate) fn follower_seat(&self, a: usize) -> Seat<'g> {
        self.follower.follower_seat(self.game, a, self.horizon)
    }

    /// The numbers of the follower's instances.
    pub(super) fn instances(&self) -> Instances {
        Instances {
            blind: self.follower.is_blind(),
        }
    }

    /// The follower's instances.
    pub(super) fn followers<T>(&self, instance: impl Fn(&Seat) -> T) -> Vec<T> {
        (0..self.follower.n_instances(Role::Follower, self.game))
            .map(|a| instance(&self.follower_seat(a)))
            .collect()
    }

    pub(super) fn tracer(&self) -> Option<Box<Trace>> {
        self.trace
            .then(|| Box::new(Trace::new(self.game.n_leader())))
    }

    /// The players' rewards in a replication.
    pub(super) fn tables(&self, replication: u64) -> [Table; 2] {
        [Role::Leader, Role::Follower]
            .map(|role| Table::new(self.game, role, self.seed, replication))
    }

    /// The streams of the players' decisions in a replication.
    pub(super) fn choices(&self, replication: u64) -> [Choices; 2] {
        [(Role::Leader, 1), (Role::Follower, self.game.n_leader())]
            .map(|(role, n)| Choices::new(self.seed, replication, role, n))
    }
}

/// Which of its instances a follower answers by.
#[derive(Clone, Copy)]
pub(crate) struct Instances {
    /// Whether it does not see the leader's action.
    pub(crate) blind: bool,
}

impl Instances {
    /// The number of the instance that answers `a`: that of its streams of decisions. A blind follower has one only, whose
    /// rounds are those of the game.
    #[inline]
    pub(crate) fn answering(self, a: usize) -> usize {
        if self.blind { 0 } else { a }
    }
}

/// The follower's instance that answers `a`: if there is one for all actions, it has to be told.
#[inline]
pub(crate) fn facing<R: RoundByRound>(followers: &mut [R], a: usize) -> &mut R {
    if followers.len() > 1 {
        return &mut followers[a];
    }
    let one = &mut followers[0];
    one.face(a);
    one
}

/// A game in progress.
pub(crate) trait Play {
    /// Plays on to round `until`, but stops early after about `budget` units of work. A unit takes about
    /// as long as a round drawn by itself. Returns the number of rounds played in all.
    fn advance(&mut self, until: u64, budget: u64) -> u64;

    /// Rounds played.
    fn round(&self) -> u64;

    /// How often each pair of actions was played, row-major by leader action.
    fn pulls(&self) -> &[u64];

    /// The players' changes of action, if they are recorded.
    fn trace(&self) -> Option<&Trace>;

    /// Number of times that an event of a probability within the crossing tolerance was taken for impossible.
    fn accepted(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learners::Information;
    use crate::learners::registry::REGISTRY;
    use crate::noise::Noise;

    #[test]
    fn learners_are_given_what_their_entries_name_and_no_more() {
        let (leader, follower) = (vec![0.1, 0.2, 0.3, 0.4], vec![0.5, 0.6, 0.7, 0.8]);
        let game = Game::new(2, 2, leader, follower, [Noise::Deterministic; 2]).unwrap();
        for entry in REGISTRY {
            let given = entry
                .params
                .iter()
                .filter(|param| param.default().is_none())
                .map(|param| (param.name.to_string(), param.least()));
            let learner = Config::new(entry.name, given.collect()).unwrap();
            let setup = Setup {
                game: &game,
                leader: &learner,
                follower: &learner,
                horizon: 10,
                seed: 1,
                crossing_tolerance: 0.0,
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
