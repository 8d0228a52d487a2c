//! Replications in progress, in lockstep.

use std::ops::Range;

use super::{Lockstep, VectorPlayer};
use crate::engine::Trace;
use crate::outcome::{Outcome, copy};
use crate::record::utility_with_remainder;
use crate::rewards::{Rewards, Table};
use crate::rng::{Choices, Role, Stream};

/// The state of the replications in progress.
pub(super) struct LockstepState<'g> {
    run: &'g Lockstep<'g>,
    replications: Range<usize>,
    tables: Vec<[Table; 2]>,
    /// Of the leader, then of the follower.
    choices: [Vec<Choices>; 2],
    /// Those of the decisions of one player in a round.
    streams: Vec<Stream>,
    /// Counts of action pairs, one replication after the other.
    pulls: Vec<u64>,
    traces: Vec<Trace>,
    /// The instance in each replication of a player that has one only: always 0.
    only: Vec<usize>,
    actions: Vec<usize>,
    responses: Vec<usize>,
    rewards: [Vec<Rewards>; 2],
}

impl<'g> LockstepState<'g> {
    pub(super) fn new(run: &'g Lockstep<'g>, replications: Range<usize>) -> Self {
        let (n, game) = (replications.len(), run.game);
        let tables = |r| {
            let game = run.pooled.as_ref().unwrap_or(game);
            [Role::Leader, Role::Follower].map(|role| Table::new(game, role, run.seed, r as u64))
        };
        Self {
            run,
            tables: replications.clone().map(tables).collect(),
            choices: [Role::Leader, Role::Follower]
                .map(|role| run.choices(role, replications.clone())),
            streams: Vec::with_capacity(n),
            pulls: vec![0; n * game.n_cells()],
            traces: vec![Trace::new(game.n_leader()); if run.trace { n } else { 0 }],
            only: vec![0; n],
            actions: vec![0; n],
            responses: vec![0; n],
            rewards: [vec![Rewards::from(0.0); n], vec![Rewards::from(0.0); n]],
            replications,
        }
    }

    /// Plays a round of every replication.
    pub(super) fn play<E>(
        &mut self,
        round: u64,
        leader: &mut dyn VectorPlayer<E>,
        follower: &mut dyn VectorPlayer<E>,
    ) -> Result<(), E> {
        write_streams(&self.choices[0], &self.only, &mut self.streams);
        leader.choose(&self.only, &mut self.streams, &mut self.actions)?;
        let n_leader = self.run.game.n_leader();
        assert!(
            self.actions.iter().all(|&a| a < n_leader),
            "the leader named an arm that it does not have"
        );
        let answering = if self.run.pooled.is_some() {
            &self.only
        } else {
            &self.actions
        };
        write_streams(&self.choices[1], answering, &mut self.streams);
        follower.choose(answering, &mut self.streams, &mut self.responses)?;
        let cells = self.run.game.n_cells();
        for r in 0..self.replications.len() {
            let (a, b) = (self.actions[r], self.responses[r]);
            let cell = self.run.game.cell(a, b);
            for (rewards, table) in self.rewards.iter_mut().zip(&mut self.tables[r]) {
                rewards[r] = table.next(cell);
            }
            self.pulls[r * cells + cell] += 1;
            self.choices[0][r].pass(0, 1);
            self.choices[1][r].pass(answering[r], 1);
            if let Some(trace) = self.traces.get_mut(r) {
                trace.note(a, b, round, 1);
            }
        }
        let (actions, responses) = (&self.actions, &self.responses);
        leader.observe(&self.only, actions, responses, &self.rewards[0])?;
        follower.overhear(responses, &self.rewards[0])?;
        follower.observe(answering, responses, responses, &self.rewards[1])
    }

    /// Writes the results at the k-th checkpoint.
    pub(super) fn record(&self, k: usize, outcome: &mut Outcome) {
        let (marks, cells) = (self.run.rounds.len(), self.run.game.n_cells());
        for (r, pulls) in self
            .replications
            .clone()
            .zip(self.pulls.chunks_exact(cells))
        {
            let found = utility_with_remainder(self.run.game, pulls);
            for (i, value) in found.into_iter().enumerate() {
                outcome.utility[(i * self.run.replications + r) * marks + k] = value;
            }
            if let Some(traces) = &mut outcome.traces {
                copy(pulls, &mut traces.pulls[(r * marks + k) * cells..]);
            }
        }
    }

    /// Writes the results at the end.
    pub(super) fn close(&self, outcome: &mut Outcome) {
        let cells = self.run.game.n_cells();
        for (r, pulls) in self
            .replications
            .clone()
            .zip(self.pulls.chunks_exact(cells))
        {
            copy(pulls, &mut outcome.pulls[r * cells..]);
        }
        let Some(traces) = &mut outcome.traces else {
            return;
        };
        for (r, trace) in self.replications.clone().zip(&self.traces) {
            let rows = [r, self.run.replications + r];
            for (player, row) in rows.into_iter().enumerate() {
                traces.switches[row] = trace.switches()[player].cast_signed();
                traces.last_exploration[row] = trace.last_exploration()[player].cast_signed();
            }
        }
    }
}

/// Writes the streams of the next decisions of some instances, one in each replication.
fn write_streams(choices: &[Choices], instances: &[usize], streams: &mut Vec<Stream>) {
    streams.clear();
    let next = choices.iter().zip(instances);
    streams.extend(next.map(|(choices, &instance)| choices.stream(instance)));
}
