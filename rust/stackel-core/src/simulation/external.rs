//! Rounds in which the caller decides for a player or gives the rewards.

use super::Simulation;
use crate::error::SpecError;
use crate::noise::LARGEST;

/// The caller's actions in a number of rounds, leader first: one action for each round. For the follower,
/// a response to every leader action for each round is allowed as well.
pub type Script<'s> = [Option<&'s [usize]>; 2];

const PLAYERS: [&str; 2] = ["leader", "follower"];
const ACTION: [&str; 2] = ["leader_action", "follower_action"];
const ACTIONS: [&str; 2] = ["leader_actions", "follower_actions"];
const REWARD: [&str; 2] = ["leader_reward", "follower_reward"];

impl Simulation {
    /// Takes actions of players that are left to the caller, and returns both actions of the next round as
    /// far as they are decided. Repeating a call changes nothing.
    pub fn choose(&mut self, given: [Option<usize>; 2]) -> Result<[Option<usize>; 2], SpecError> {
        self.check_left(1, "horizon")?;
        let mut decided = self.given;
        for i in 0..2 {
            if let Some(action) = given[i] {
                self.check_action(i, action)?;
                decided[i] = Some(action);
            }
        }
        if self.external[0] && decided[0].is_none() && decided[1].is_some() {
            let allowed = "given once the leader's action is known";
            return Err(SpecError::new(ACTION[1], allowed, "a response before that"));
        }
        self.given = decided;
        let both = self.located(Self::decide);
        if both[1].is_some() {
            self.told = Some(self.told.unwrap_or(0) + 1);
        }
        Ok(both)
    }

    /// Ends the next round with the given rewards, and with drawn ones for players without a given one.
    /// Returns both rewards.
    pub fn observe(&mut self, given: [Option<f64>; 2]) -> Result<[f64; 2], SpecError> {
        self.check_left(1, "horizon")?;
        for (argument, reward) in REWARD.into_iter().zip(given) {
            check_reward(argument, reward.unwrap_or(0.0))?;
        }
        let [Some(a), Some(b)] = self.located(Self::decide) else {
            let waiting = usize::from(!self.external[0] || self.given[0].is_some());
            let allowed = "given to choose() before rewards are observed";
            return Err(SpecError::new(ACTION[waiting], allowed, "nothing"));
        };
        let told = self.told.replace(0).unwrap_or(1);
        if let Some(i) = (0..2).find(|&i| given[i].is_some() && told != 1) {
            let allowed = "given after one choose() that tells the actions it belongs to";
            let given = format!("one after {told} of them");
            return Err(SpecError::new(REWARD[i], allowed, given));
        }
        // A given reward stands for the one of the table, which is passed over.
        let mut rewards = self.play.rewards(a, b);
        let mut open = self.is_driven();
        for (reward, given) in rewards.iter_mut().zip(given) {
            if let Some(given) = given.filter(|given| *given != reward.value()) {
                reward.replace(given);
                open = true;
            }
        }
        self.located(|this| this.play.reward(a, b, &rewards, open));
        self.given = [None; 2];
        Ok(rewards.map(|reward| reward.value()))
    }

    /// Both actions of the next round, as far as they are decided.
    fn decide(&mut self) -> [Option<usize>; 2] {
        let Some(a) = self.act(self.given[0]) else {
            return [None; 2];
        };
        [Some(a), self.respond(a, self.given[1])]
    }

    /// The leader's action: from its learner, or the given one.
    fn act(&mut self, given: Option<usize>) -> Option<usize> {
        if !self.external[0] {
            return Some(self.play.act());
        }
        given.inspect(|&a| self.play.force_action(a))
    }

    /// The follower's response to `a`: from its learner, or the given one.
    fn respond(&mut self, a: usize, given: Option<usize>) -> Option<usize> {
        if !self.external[1] {
            return Some(self.play.respond(a));
        }
        given.inspect(|&b| self.play.force_response(a, b))
    }

    /// The actions of round `t` of a checked script for `rounds` rounds.
    pub(super) fn follow(&mut self, script: Script, t: usize, rounds: usize) -> [usize; 2] {
        let a = self
            .act(script[0].map(|actions| actions[t]))
            .unwrap_or_default();
        let response = script[1].map(|actions| {
            // Each round has a row of one response, to all actions, or of one response to each action.
            let width = actions.len() / rounds;
            actions[t * width + a % width]
        });
        [a, self.respond(a, response).unwrap_or_default()]
    }

    /// Checks that `rounds` rounds are left.
    fn check_left(&self, rounds: u64, argument: &str) -> Result<(), SpecError> {
        let left = self.horizon - self.round();
        if rounds <= left {
            return Ok(());
        }
        let (allowed, given) = match argument {
            "n" => (
                format!("a whole number from 0 to {left}, the rounds that are left"),
                rounds,
            ),
            _ => (
                "more than the rounds that have been played".to_string(),
                self.horizon,
            ),
        };
        Err(SpecError::new(argument, allowed, given.to_string()))
    }

    /// Checks that `rounds` more rounds can be played and none of them has begun.
    pub(super) fn check_ready(&self, rounds: u64) -> Result<(), SpecError> {
        self.check_left(rounds, "n")?;
        if self.given == [None; 2] {
            return Ok(());
        }
        let allowed = "played after the rewards of the round in progress are observed";
        Err(SpecError::new(
            "n",
            allowed,
            format!("{rounds} before that"),
        ))
    }

    /// Checks that learners decide for both players.
    pub(super) fn check_none_external(&self, rounds: u64) -> Result<(), SpecError> {
        match (0..2).find(|&i| self.external[i]) {
            Some(i) if rounds > 0 => {
                let allowed = format!(
                    "0, as no learner is the {}; step() takes its actions",
                    PLAYERS[i]
                );
                Err(SpecError::new("n", allowed, rounds.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Checks that a script has an action for each player and round that needs one, and no other.
    pub(super) fn check_script(&self, rounds: usize, script: Script) -> Result<(), SpecError> {
        for i in 0..2 {
            let refuse = |allowed, given| Err(SpecError::new(ACTIONS[i], allowed, given));
            let Some(actions) = script[i] else {
                if self.external[i] && rounds > 0 {
                    let allowed = format!("given, as no learner is the {}", PLAYERS[i]);
                    return refuse(allowed, "nothing".to_string());
                }
                continue;
            };
            let table = rounds.checked_mul(self.n_actions(0)).filter(|_| i == 1);
            if actions.len() != rounds && Some(actions.len()) != table {
                let table = table.map_or(String::new(), |table| format!(" or {table}"));
                return refuse(
                    format!("{rounds}{table} actions"),
                    actions.len().to_string(),
                );
            }
            for &action in actions {
                self.check_action(i, action)
                    .or_else(|error| refuse(error.allowed, error.given))?;
            }
        }
        Ok(())
    }

    /// Checks that the caller may make player `i` play `action` now.
    fn check_action(&self, i: usize, action: usize) -> Result<(), SpecError> {
        let n = self.n_actions(i);
        let allowed = match self.given[i] {
            _ if !self.external[i] => format!("left to the learner that is the {}", PLAYERS[i]),
            _ if action >= n => format!("an action from 0 to {}", n - 1),
            Some(before) if before != action => format!("{before}, as given before"),
            _ => return Ok(()),
        };
        Err(SpecError::new(ACTION[i], allowed, action.to_string()))
    }
}

/// Checks that a reward given by the caller is a number that learners can use.
pub(super) fn check_reward(argument: &str, reward: f64) -> Result<(), SpecError> {
    if reward.abs() <= LARGEST {
        return Ok(());
    }
    let allowed = "a finite number of size at most 1e100";
    Err(SpecError::new(argument, allowed, format!("{reward:?}")))
}
