//! What the registry says about a learner, and what a learner is told about its seat.

use super::schema::{Args, Param};
use super::{Config, Learner, RoundByRound};
use crate::error::SpecError;
use crate::game::Game;
use crate::noise::Noise;
use crate::rng::Role;

/// Learners that can take either seat.
pub(super) const BOTH: &[Role] = &[Role::Leader, Role::Follower];

/// What a learner is told beyond its seat and the rewards of its own arms. It is told nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Information {
    /// Nothing.
    OwnRewards,
    /// A follower: nothing, but it is one learner for all leader actions.
    OwnRewardsUnderAll,
    /// A leader: the follower's action of every round.
    Responses,
    /// A follower: its own mean utilities.
    OwnMeans,
    /// A follower: the mean utilities of both players.
    Game,
    /// A follower: the leader's reward of every round. It is then one learner for all leader actions,
    /// and decides anew in every round.
    Rewards,
}

impl Information {
    /// What it is called in the registry's description.
    pub fn name(self) -> &'static str {
        match self {
            Information::OwnRewards => "own rewards",
            Information::OwnRewardsUnderAll => "own rewards under all leader actions",
            Information::Responses => "responses",
            Information::OwnMeans => "own means",
            Information::Game => "game",
            Information::Rewards => "leader rewards",
        }
    }
}

/// Whether the rule of a learner whose parameters are filled in reads the number of rounds T.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Horizon {
    /// It does not.
    Unread,
    /// It does.
    Read,
    /// It does with this value of a parameter, and with no other one.
    ReadIf(&'static str, Only),
    /// It does, except with this value of a parameter.
    ReadUnless(&'static str, Only),
    /// It does if the learner that it is made of does.
    Of,
}

impl Horizon {
    /// What it is called in the registry's description.
    pub fn name(self) -> &'static str {
        match self {
            Horizon::Unread => "no",
            Horizon::Read | Horizon::ReadIf(..) | Horizon::ReadUnless(..) => "yes",
            Horizon::Of => "of",
        }
    }
}

/// One learner of the registry.
pub struct Entry {
    /// Its name, the same in Rust, Python and files.
    pub name: &'static str,
    /// Seats it can take.
    pub roles: &'static [Role],
    /// What it does, in a line.
    pub summary: &'static str,
    /// What it is told beyond its own rewards.
    pub sees: Information,
    /// Whether it reads the number of rounds T.
    pub horizon: Horizon,
    /// What it reads of its stream of decisions, if its choices are random; see COMPATIBILITY.md.
    pub draws: Option<&'static str>,
    /// Its parameters.
    pub params: &'static [Param],
    /// Fills in defaults that depend on the seat, and checks what can only be checked then.
    pub(super) fill: fn(&mut Args, &Seat) -> Result<(), SpecError>,
    /// How a learner is made of filled-in parameters.
    pub(super) play: Play,
}

impl Entry {
    /// Whether it ever decides for more than one round, and makes the choices of its definition.
    pub fn plans_ahead(&self) -> bool {
        self.play.plans_ahead
    }

    /// How it can be leapt over: "alike" with the choices of its definition, "in law" with choices that have their
    /// law, "no" if not at all; "of" as the learner that it is made of.
    pub fn leaps(&self) -> &'static str {
        if self.is_made() && self.leaping().is_some() {
            return "of";
        }
        match (self.plans_ahead(), self.leaping()) {
            (_, Some(_)) => "in law",
            (true, None) => "alike",
            (false, None) => "no",
        }
    }

    /// Whether it is made of another learner, its parameter `of`.
    pub fn is_made(&self) -> bool {
        self.play.made.is_some()
    }

    /// The learner that leaps in law.
    pub fn leaping(&self) -> Option<&Leaping> {
        self.play.leaping.as_ref()
    }
}

type Build<T> = fn(&Args, &Seat) -> Box<T>;

/// The two sides of a learner: one plays fast, the other reads as the definition does.
///
/// A rule that decides anew in every round is written once, as a [`RoundByRound`]: `every_round!` makes
/// both sides of it.
pub(super) struct Play {
    plans_ahead: bool,
    /// For a learner that is made of another: whether it plans ahead with these parameters.
    made: Option<fn(&Args) -> bool>,
    /// Whether it is an index policy from the first round on: see [`Learner::index_arms`].
    pub(super) is_index: fn(&Args) -> bool,
    /// Builds the learner.
    pub(super) learner: Build<dyn Learner>,
    /// Builds its definition.
    pub(super) round_by_round: Build<dyn RoundByRound>,
    leaping: Option<Leaping>,
}

impl Play {
    /// A learner that says how long its decisions stand, and its definition.
    pub(super) const fn ahead(
        learner: Build<dyn Learner>,
        round_by_round: Build<dyn RoundByRound>,
    ) -> Self {
        Self {
            plans_ahead: true,
            made: None,
            is_index: |_| false,
            learner,
            round_by_round,
            leaping: None,
        }
    }

    /// A learner that decides anew in every round, and does so faster than its definition.
    pub(super) const fn every_round(
        learner: Build<dyn Learner>,
        round_by_round: Build<dyn RoundByRound>,
    ) -> Self {
        Self {
            plans_ahead: false,
            made: None,
            is_index: |_| false,
            learner,
            round_by_round,
            leaping: None,
        }
    }

    /// A learner that is made of another, whose plans it passes on: built of the learner that makes the choices of the
    /// definition, or of the one that leaps in law.
    pub(super) const fn made(
        learner: Build<dyn Learner>,
        leaping: Build<dyn Learner>,
        round_by_round: Build<dyn RoundByRound>,
    ) -> Self {
        Self {
            made: Some(|args| args.made_of().plans_ahead()),
            ..Self::ahead(learner, round_by_round).leaping(None, leaping)
        }
    }

    /// The same, made of another learner, with plans if its parameters are such.
    pub(super) const fn of_another(self, plans_ahead: fn(&Args) -> bool) -> Self {
        Self {
            made: Some(plans_ahead),
            ..self
        }
    }

    /// The same of an index policy, if its parameters are such.
    pub(super) const fn by_index(self, is_index: fn(&Args) -> bool) -> Self {
        Self { is_index, ..self }
    }

    /// Whether it plans ahead with these parameters, filled in or not.
    pub(super) fn plans_ahead_with(&self, args: &Args) -> bool {
        self.plans_ahead && self.made.is_none_or(|plans_ahead| plans_ahead(args))
    }

    /// The same with a learner for leaps; `only` names the value of a parameter that it is for.
    pub(super) const fn leaping(
        self,
        only: Option<(&'static str, Only)>,
        learner: Build<dyn Learner>,
    ) -> Self {
        Self {
            leaping: Some(Leaping { only, learner }),
            ..self
        }
    }
}

/// The value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Only {
    /// A choice.
    Text(&'static str),
    /// Yes or no.
    Flag(bool),
    /// A real number.
    Real(f64),
}

/// A learner whose decisions stand for longer than those of the definition, and have their law.
pub struct Leaping {
    /// The value of a parameter that it is for; None if it is for all.
    pub only: Option<(&'static str, Only)>,
    pub(super) learner: Build<dyn Learner>,
}

impl Leaping {
    /// Whether it is for these parameters.
    pub(super) fn is_for(&self, args: &Args) -> bool {
        let with_value = self.only.is_none_or(|(name, value)| match value {
            Only::Text(text) => args.text(name) == text,
            Only::Flag(flag) => args.flag(name) == flag,
            Only::Real(real) => args.real(name) == real,
        });
        with_value && args.learner().is_none_or(Config::leaps_in_law)
    }
}

/// Both sides of a rule that decides anew in every round: `every_round!(|args, seat| Rule::new(args, seat))`.
macro_rules! every_round {
    (|$args:pat_param, $seat:pat_param| $rule:expr) => {
        $crate::learners::entry::Play::every_round(
            |$args, $seat| $crate::learners::support::each_round::EachRound::boxed($rule),
            |$args, $seat| Box::new($rule),
        )
    };
}
pub(super) use every_round;

/// For learners whose parameters do not depend on the seat.
#[allow(clippy::unnecessary_wraps)] // the type of every `fill`
pub(super) fn nothing_to_fill(_args: &mut Args, _seat: &Seat) -> Result<(), SpecError> {
    Ok(())
}

/// What a learner is told before the game starts.
#[derive(Debug, Clone, Copy)]
pub struct Seat<'a> {
    /// The player.
    pub role: Role,
    /// Number of rounds T of the whole game.
    pub horizon: u64,
    /// Number of leader actions |A|.
    pub n_leader: usize,
    /// Number of follower actions |B|.
    pub n_follower: usize,
    /// The leader action that a follower's instance answers. A leader has none, nor has a follower that
    /// is one learner for all leader actions.
    pub leader_action: Option<usize>,
    /// Whether a follower is one learner for all leader actions because it does not see them.
    pub blind: bool,
    /// Whether each reward is 0 or 1.
    pub coins: bool,
    /// Whether each reward is its mean utility and normal noise.
    pub normal: bool,
    /// Mean utility of each arm, for a follower that sees them; else empty.
    pub means: &'a [f64],
    /// The whole game, for a follower that sees it.
    pub full_game: Option<FullGame<'a>>,
}

/// What a follower that sees the game knows of it.
#[derive(Debug, Clone, Copy)]
pub struct FullGame<'a> {
    /// Mean utilities of leader and follower, row-major by leader action.
    pub utility: [&'a [f64]; 2],
    /// The leader action that this instance answers.
    pub action: usize,
}

impl<'g> Seat<'g> {
    /// A seat in a game, with what every learner is told.
    pub(crate) fn new(game: &Game, role: Role, horizon: u64) -> Self {
        Self {
            role,
            horizon,
            n_leader: game.n_leader(),
            n_follower: game.n_follower(),
            leader_action: None,
            blind: false,
            coins: game.noise()[role as usize] == Noise::Bernoulli,
            normal: game.scale(role as usize).is_normal(),
            means: &[],
            full_game: None,
        }
    }

    /// The seat of the instance that answers `action`, with the utilities that it is told.
    pub(crate) fn answering(
        game: &'g Game,
        action: usize,
        sees: Information,
        horizon: u64,
    ) -> Self {
        let utility = game.utility().each_ref().map(Vec::as_slice);
        Self {
            means: match sees {
                Information::OwnMeans => game.follower_row(action),
                _ => &[],
            },
            full_game: (sees == Information::Game).then_some(FullGame { utility, action }),
            ..Self::new(game, Role::Follower, horizon)
        }
    }

    /// The seat of a follower that does not see the leader's action.
    #[must_use]
    pub fn unsighted(&self) -> Self {
        Self {
            blind: true,
            leader_action: None,
            means: &[],
            full_game: None,
            ..*self
        }
    }

    /// Number of arms K the learner has.
    pub fn n_arms(&self) -> usize {
        match self.role {
            Role::Leader => self.n_leader,
            Role::Follower => self.n_follower,
        }
    }
}
