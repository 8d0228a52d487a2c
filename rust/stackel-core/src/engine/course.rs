//! The course of a run through its games, and who plays in each of them.

use std::sync::Arc;

use super::player::Player;
use crate::archive::Archive;
use crate::error::SpecError;
use crate::game::{Game, Piece};
use crate::learners::{Config, Information, Seat};
use crate::record::Earned;
use crate::rng::Role;

/// One of the games of a run, and its players.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) piece: Piece,
    /// The learners of leader and follower, with their defaults filled in.
    pub(crate) leader: Config,
    pub(crate) follower: Config,
}

impl Stage {
    /// The games of a run in their order.
    pub(crate) fn all(
        game: &Game,
        leader: &Config,
        follower: &Config,
        horizon: u64,
    ) -> Result<Arc<[Self]>, SpecError> {
        let stage = |piece: Piece| {
            Ok(Self {
                leader: leader.resolve(&piece.seat(Role::Leader))?,
                follower: follower.resolve(&piece.seat(Role::Follower))?,
                piece,
            })
        };
        let pieces = if follower.is_blind() {
            game.pooled().pieces(horizon)
        } else {
            game.pieces(horizon)
        };
        pieces.into_iter().map(stage).collect()
    }

    /// The leader's seat.
    pub(crate) fn leader_seat(&self) -> Seat<'_> {
        self.piece.seat(Role::Leader)
    }

    /// The seat of the follower's instance at leader action `a`.
    pub(crate) fn follower_seat(&self, a: usize) -> Seat<'_> {
        self.piece.follower_seat(&self.follower, a)
    }

    /// The follower's instances.
    pub(super) fn followers<T>(&self, instance: impl Fn(&Seat) -> T) -> Vec<T> {
        (0..self.follower.n_instances(Role::Follower, &self.piece.game))
            .map(|a| instance(&self.follower_seat(a)))
            .collect()
    }
}

impl Piece {
    /// The seat of a player, with what every learner is told.
    pub(crate) fn seat(&self, role: Role) -> Seat<'_> {
        Seat::new(&self.game, role, self.told[role as usize])
    }

    /// The seat of the follower's instance at leader action `a`, with what such a follower knows.
    pub(crate) fn follower_seat(&self, follower: &Config, a: usize) -> Seat<'_> {
        follower.follower_seat(&self.game, a, self.told[1])
    }

    /// Whether a player is made anew when the game changes to this one: one that is replaced, and one that knows the utilities of
    /// the game.
    pub(crate) fn renews(&self, role: Role, learner: &Config) -> bool {
        let knows = matches!(learner.sees(), Information::OwnMeans | Information::Game);
        self.newcomers[role as usize] || knows
    }
}

/// One player in one of the games of a run.
pub(crate) struct Part {
    pub(crate) piece: Piece,
    role: Role,
    learner: Config,
}

impl Part {
    /// A player in the games of a run in their order.
    pub(crate) fn all(
        game: &Game,
        learner: &Config,
        role: Role,
        horizon: u64,
    ) -> Result<Vec<Self>, SpecError> {
        let part = |piece: Piece| {
            Ok(Self {
                learner: learner.resolve(&piece.seat(role))?,
                piece,
                role,
            })
        };
        game.pieces(horizon).into_iter().map(part).collect()
    }

    /// The learner of leader or follower, or of the follower's instances. Each is made anew.
    pub(crate) fn players(&self) -> Vec<Player> {
        let player = |a: usize| {
            let seat = match self.role {
                Role::Leader => self.piece.seat(Role::Leader),
                Role::Follower => self.piece.follower_seat(&self.learner, a),
            };
            Player::new(self.learner.learner(&seat, false))
        };
        let instances = self.learner.n_instances(self.role, &self.piece.game);
        (0..instances).map(player).collect()
    }

    /// See [`Piece::renews`].
    pub(crate) fn renews(&self) -> bool {
        self.piece.renews(self.role, &self.learner)
    }
}

/// The number of the game in force after `round` rounds, of games that begin after these numbers of rounds.
pub(crate) fn in_force(starts: impl Iterator<Item = u64>, round: u64) -> usize {
    starts
        .take_while(|&start| start <= round)
        .count()
        .saturating_sub(1)
}

/// The place of a play among the games of its run.
pub(crate) struct Course {
    stages: Arc<[Stage]>,
    place: usize,
    earned: Earned,
}

impl Course {
    pub(crate) fn new(stages: &Arc<[Stage]>) -> Self {
        Self {
            stages: Arc::clone(stages),
            place: 0,
            earned: Earned::default(),
        }
    }

    /// The game in force, and its players.
    pub(crate) fn stage(&self) -> &Stage {
        &self.stages[self.place]
    }

    /// The number of rounds played after which the game changes next.
    #[inline]
    pub(crate) fn end(&self) -> u64 {
        let next = self.stages.get(self.place + 1);
        next.map_or(u64::MAX, |stage| stage.piece.start)
    }

    /// Goes on to the next game after these counts of action pairs.
    pub(crate) fn go_on(&mut self, pulls: &[u64]) {
        let over = &self.stages[self.place].piece.game;
        self.earned.close(over, pulls);
        self.place += 1;
    }

    /// Cumulative mean utilities of leader and follower, then what rounding took from them.
    pub(crate) fn utility(&self, pulls: &[u64]) -> [f64; 4] {
        self.earned.utility(&self.stage().piece.game, pulls)
    }

    /// Goes to the game in force after `round` rounds. Returns whether that is another one.
    pub(crate) fn go_to(&mut self, round: u64) -> bool {
        let starts = self.stages.iter().map(|stage| stage.piece.start);
        let before = std::mem::replace(&mut self.place, in_force(starts, round));
        before != self.place
    }

    /// Visits what rounds change.
    pub(crate) fn exchange(&mut self, archive: &mut Archive, pulls: &[u64]) {
        let start = self.stage().piece.start;
        self.earned.exchange(archive, start, pulls);
    }
}
