//! Rounds in which players play their arms in turn, drawn many turns at once.

use super::{PlannedPlay, WORTHWHILE_ROTATION};
use crate::engine::player::Lookout;
use crate::engine::rotation::{Lane, Pair, Rotation, Search};

impl PlannedPlay {
    /// Plays a rotation of the leader over its actions, of at most `left` rounds, if the follower has a plan
    /// at each of them. Returns the work done.
    pub(super) fn rotate_actions(&mut self, left: u64, budget: u64) -> Option<u64> {
        let look = self.leader.lookout()?;
        let left = left.min(look.limit());
        let actions = look.cycle.to_vec();
        let (leader, width) = (look.rewards, actions.len() as u64);
        let leader_certain = look.certain / width;
        if left < width {
            return None;
        }
        let mut rotation = Rotation {
            lanes: Vec::with_capacity(actions.len()),
            leader,
            leader_certain,
            leader_stands: true,
            limit: left / width,
            played: 0,
            certainty: self.certainty,
            work: 0,
            accepted: 0,
        };
        for a in actions {
            let instance = self.instances.answering(a);
            self.prepare_follower(instance);
            let (lane, limit) = self.lane(a)?;
            rotation.limit = rotation.limit.min(limit);
            rotation.lanes.push(lane);
        }
        let work = self.rotate(&mut rotation, budget);
        if work.is_some() {
            self.leader
                .skip(rotation.played * width, rotation.leader_stands);
        }
        work
    }

    /// Plays a rotation of the follower over its responses to `a`, of at most `stands` rounds, if its
    /// schedule cannot simply be reordered. Returns the work done.
    pub(super) fn rotate_responses(&mut self, a: usize, stands: u64, budget: u64) -> Option<u64> {
        let instance = self.instances.answering(a);
        self.prepare_follower(instance);
        let again = self.followers[instance].schedule()?.again;
        if again.is_none() && !self.leader.is_guarded() {
            return None;
        }
        let leader = self.leader.rotation_use();
        let (lane, limit) = self.lane(a)?;
        let mut rotation = Rotation {
            lanes: vec![lane],
            leader,
            leader_certain: stands,
            leader_stands: true,
            limit: stands.min(limit),
            played: 0,
            certainty: self.certainty,
            work: 0,
            accepted: 0,
        };
        let work = self.rotate(&mut rotation, budget);
        if work.is_some() {
            self.leader.skip(rotation.played, rotation.leader_stands);
        }
        work
    }

    /// The lane of a leader action at which the follower has a plan, and its largest number of rounds.
    fn lane(&mut self, a: usize) -> Option<(Lane, u64)> {
        let instance = self.instances.answering(a);
        let look = self.followers[instance].lookout()?;
        let limit = look.limit();
        let Lookout {
            cycle,
            place,
            rewards,
            certain,
            ..
        } = look;
        let responses = [&cycle[place..], &cycle[..place]].concat();
        let leader = self.leader.tally(a, responses[0]);
        let pairs = responses.into_iter().map(|response| {
            let cell = self.game.cell(a, response);
            Pair {
                response,
                cell,
                means: self.game.means(cell),
                follower: self.followers[instance].tally(response, response),
            }
        });
        let lane = Lane {
            action: a,
            leader,
            pairs: pairs.collect(),
            follower: rewards,
            follower_certain: certain,
            follower_stands: true,
        };
        Some((lane, limit))
    }

    /// Plays a rotation and gives the players their rewards. The leader's plan is left where it was.
    fn rotate(&mut self, rotation: &mut Rotation, budget: u64) -> Option<u64> {
        let search = Search::new(rotation, &mut self.tables);
        let is_played = search.is_some_and(|search| search.play(budget));
        if rotation.played < WORTHWHILE_ROTATION {
            let cells = rotation.lanes.iter().map(|lane| lane.pairs.len()).sum();
            self.rotation_pace.give_up_over(cells);
        } else {
            self.rotation_pace.succeeded();
        }
        if !is_played {
            return None;
        }
        for lane in &rotation.lanes {
            let a = lane.action;
            let instance = self.instances.answering(a);
            for (k, pair) in lane.pairs.iter().enumerate() {
                let (b, turns) = (pair.response, lane.turns(k, rotation.played));
                if turns == 0 {
                    continue;
                }
                if !self.leader.is_committed() {
                    let rewards = self.tables[0].rewards(pair.cell, 0, turns);
                    self.leader.gain(a, b, &rewards);
                }
                if !self.followers[instance].is_committed() {
                    let rewards = self.tables[1].rewards(pair.cell, 0, turns);
                    self.followers[instance].gain(b, b, &rewards);
                }
                self.played(a, b, turns);
            }
            self.followers[instance].skip(rotation.played, lane.follower_stands);
        }
        self.accepted += rotation.accepted;
        Some(rotation.work.max(1))
    }
}
