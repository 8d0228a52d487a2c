//! One player of a game that is played elsewhere.

use super::check_reward;
use crate::archive::Archive;
use crate::engine::{Player, Setup, facing};
use crate::error::{SpecError, locating};
use crate::game::Game;
use crate::learners::{Config, Information, RoundByRound};
use crate::outcome::check_size;
use crate::record::MAX_HORIZON;
use crate::rng::{Choices, Role};

/// A learner in its seat, which is asked for an action and told a reward round by round.
///
/// Given the same rewards and the same stream of decisions, an agent decides as the learner does in a
/// game.
///
/// ```
/// use stackel_core::rng::Role;
/// use stackel_core::{Agent, Config, Game, Noise};
///
/// let shape = Game::new(1, 2, vec![0.0; 2], vec![0.0; 2], [Noise::Deterministic; 2])?;
/// let ucb = Config::new("UCB", vec![])?;
/// let mut follower = Agent::new(&shape, &ucb, Role::Follower, 1_000, 2024, 0)?;
/// for _ in 0..1_000 {
///     let response = follower.choose(Some(0))?;
///     follower.observe(if response == 1 { 1.0 } else { 0.0 }, None, None, None)?;
/// }
/// assert_eq!(follower.choose(Some(0)).unwrap_err().argument, "horizon");
/// # Ok::<(), stackel_core::SpecError>(())
/// ```
pub struct Agent {
    /// The leader, or the follower's instances.
    players: Vec<Player>,
    role: Role,
    sees: Information,
    /// Whether a follower does not see the leader's action.
    blind: bool,
    n_leader: usize,
    n_arms: usize,
    n_follower: usize,
    choice: Choices,
    replication: u64,
    horizon: u64,
    round: u64,
    /// The leader action (0 for a leader) for which an arm was chosen and no reward observed yet.
    awaiting: Option<usize>,
    /// How often the arm of this round was asked for.
    asked: u64,
}

impl Agent {
    /// A learner in the seat that a game has for `role`. The utilities of the game only matter to learners
    /// that know them.
    pub fn new(
        game: &Game,
        learner: &Config,
        role: Role,
        horizon: u64,
        seed: u64,
        replication: u64,
    ) -> Result<Self, SpecError> {
        check_size(horizon, 1)?;
        let setup = Setup {
            game,
            leader: learner,
            follower: learner,
            horizon,
            seed,
            crossing_tolerance: 0.0,
            trace: false,
        };
        let seat = |a| match role {
            Role::Leader => setup.leader_seat(),
            Role::Follower => setup.follower_seat(a),
        };
        let learner = learner.resolve(&seat(0))?;
        let instances = 0..learner.n_instances(role, game);
        let n_choices = match role {
            Role::Leader => 1,
            Role::Follower => game.n_leader(),
        };
        Ok(Self {
            role,
            sees: learner.sees(),
            blind: learner.is_blind(),
            n_leader: game.n_leader(),
            n_arms: seat(0).n_arms(),
            n_follower: game.n_follower(),
            players: locating(
                &mut (),
                |()| {
                    let player = |a| Player::new(learner.learner(&seat(a), false));
                    instances.map(player).collect()
                },
                |failure, ()| failure.locate(replication, 0),
            ),
            replication,
            choice: Choices::new(seed, replication, role, n_choices),
            horizon,
            round: 0,
            awaiting: None,
            asked: 0,
        })
    }

    /// Restores the state that [`Self::save`] returned for an agent made with the same arguments. After an
    /// error this agent must not be used any more.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), SpecError> {
        self.asked = 0;
        Archive::read(bytes, |archive| self.exchange(archive))
    }

    /// The state that rounds change, as bytes.
    pub fn save(&mut self) -> Result<Vec<u8>, SpecError> {
        Archive::write(|archive| self.exchange(archive))
    }

    /// Number of rewards observed.
    pub fn round(&self) -> u64 {
        self.round
    }

    /// Number of arms.
    pub fn n_arms(&self) -> usize {
        self.n_arms
    }

    /// The arm to play. A follower is told the leader's action, unless it does not see it. Repeating a call changes nothing.
    pub fn choose(&mut self, leader_action: Option<usize>) -> Result<usize, SpecError> {
        let action = self.action(leader_action)?;
        if self.round == self.horizon {
            let allowed = "more than the rounds that have been played";
            return Err(SpecError::new("horizon", allowed, self.horizon.to_string()));
        }
        self.awaiting = Some(action);
        self.asked += 1;
        Ok(self.located(|this| {
            facing(&mut this.players, action).choose(&mut this.choice.stream(action))
        }))
    }

    /// Checks the leader action that the agent is asked about.
    fn action(&self, leader_action: Option<usize>) -> Result<usize, SpecError> {
        let allowed = match (self.role, leader_action, self.awaiting) {
            (Role::Leader, None, _) => return Ok(0),
            (Role::Follower, None, _) if self.blind => return Ok(0),
            (Role::Leader, Some(_), _) => "left out: it is the leader's own".to_string(),
            (Role::Follower, Some(a), _) if self.blind && a < self.n_leader => return Ok(0),
            (Role::Follower, Some(a), Some(before)) if a != before && !self.blind => {
                format!("{before} again, or the reward for it observed first")
            }
            (Role::Follower, Some(a), _) if a < self.n_leader => return Ok(a),
            (Role::Follower, _, _) => format!("an action from 0 to {}", self.n_leader - 1),
        };
        let given = leader_action.map_or("nothing".to_string(), |a| a.to_string());
        Err(SpecError::new("leader_action", allowed, given))
    }

    /// Takes the reward of the arm that was chosen last; `named` is that arm, and says so where it was asked
    /// for more than once, as a caller would whose rewards come late. A leader may be told the follower's
    /// response, and a follower the leader's reward. A learner that sees them must be told.
    pub fn observe(
        &mut self,
        reward: f64,
        response: Option<usize>,
        leader_reward: Option<f64>,
        named: Option<usize>,
    ) -> Result<(), SpecError> {
        check_reward("reward", reward)?;
        let Some(action) = self.awaiting else {
            let allowed = "observed once after every choose()";
            return Err(SpecError::new("reward", allowed, "one without a choice"));
        };
        let response = self.check_response(response)?;
        let leader_reward = self.check_leader_reward(leader_reward)?;
        if named.is_none() && self.asked > 1 {
            (self.asked, self.awaiting) = (0, None);
            let allowed = "observed after one choose(), or with the action that it belongs to";
            let given = "one after several choose(), which name the same action until its reward is observed";
            return Err(SpecError::new("reward", allowed, given));
        }
        let chosen = self.located(|this| {
            let player = facing(&mut this.players, action);
            // Asked again, a player names the same arm. A loaded state may hold one that was not asked.
            let arm = player.choose(&mut this.choice.stream(action));
            if named.unwrap_or(arm) == arm {
                player.overhear(arm, leader_reward);
                player.take_one(response.unwrap_or(arm), &reward.into());
            }
            arm
        });
        if let Some(named) = named.filter(|&named| named != chosen) {
            let allowed =
                format!("{chosen}, the action chosen last: rewards are observed in order");
            return Err(SpecError::new("action", allowed, named.to_string()));
        }
        self.awaiting = None;
        self.asked = 0;
        self.round += 1;
        self.choice.pass(action, 1);
        Ok(())
    }

    /// Checks the follower's response, which only a leader is told.
    fn check_response(&self, response: Option<usize>) -> Result<Option<usize>, SpecError> {
        let refuse = |allowed, given| Err(SpecError::new("follower_action", allowed, given));
        match (self.role, response) {
            (Role::Follower, Some(given)) => refuse(
                "left out: it is the follower's own".to_string(),
                given.to_string(),
            ),
            (Role::Leader, Some(given)) if given >= self.n_follower => {
                let allowed = format!("an action from 0 to {}", self.n_follower - 1);
                refuse(allowed, given.to_string())
            }
            (Role::Leader, None) if self.sees == Information::Responses => {
                let allowed = "given to a learner that sees it".to_string();
                refuse(allowed, "nothing".to_string())
            }
            // Learners that do not see responses ignore this one.
            (Role::Leader, None) => Ok(Some(0)),
            (_, response) => Ok(response),
        }
    }

    /// Checks the leader's reward, which only a follower is told.
    fn check_leader_reward(&self, reward: Option<f64>) -> Result<f64, SpecError> {
        let refuse = |allowed, given: &str| Err(SpecError::new("leader_reward", allowed, given));
        match (self.role, reward) {
            (Role::Leader, Some(given)) => {
                refuse("left out: it is the leader's own", &format!("{given:?}"))
            }
            (Role::Follower, None) if self.sees == Information::Rewards => {
                refuse("given to a learner that sees it", "nothing")
            }
            (_, reward) => {
                let reward = reward.unwrap_or_default();
                check_reward("leader_reward", reward).map(|()| reward)
            }
        }
    }

    /// Does some work, and notes the round if a learner fails in it.
    fn located<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        locating(self, work, |failure, this| {
            failure.locate(this.replication, this.round + 1);
        })
    }

    fn exchange(&mut self, archive: &mut Archive) {
        archive.count(&mut self.round, self.horizon.min(MAX_HORIZON));
        self.choice.exchange(archive);
        if self.choice.played() != u128::from(self.round) {
            archive.refuse("counts that do not add up to the rounds played");
        }
        let actions = match self.role {
            Role::Leader => 1,
            Role::Follower => self.n_leader,
        };
        archive.optional_index(&mut self.awaiting, actions);
        for player in &mut self.players {
            player.exchange(archive, self.n_arms);
        }
    }
}
