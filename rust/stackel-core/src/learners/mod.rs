//! What a learner is: it names an arm and says how long that decision stands.
//!
//! A learner does not answer "which arm now?" but "this arm, for so long": a [`Plan`]. Rewards come
//! back as sufficient statistics, a [`Tally`] for each arm, which the engine adds to. Dispatch,
//! argmax and bookkeeping are thus paid once a stretch of rounds instead of once a round.
//!
//! Each learner of the registry is one file. It holds the learner's [`Entry`]; its rule round by round, as
//! the definition reads ([`RoundByRound`]); and, unless it decides anew in every round, its rule as plans
//! ([`Learner`]). What several learners need is in `support`. A learner from elsewhere comes with an
//! [`Algorithm`]. `win_stay.rs` is the example of CONTRIBUTING.md, compiled for tests only.

mod active_arm_elimination;
mod algorithm;
mod array;
mod batched;
mod bayes_ucb;
mod best_manipulation;
mod best_response;
mod blind;
mod delayed;
mod discounted_ucb;
mod doubling;
mod entry;
mod epsilon_greedy;
mod exp3;
mod exp3_ix;
mod exp3_s;
mod explore_then_commit;
mod explore_then_commit_adaptive;
mod explore_then_commit_throw_out;
mod explore_then_ucb;
mod fixed_action;
mod hierarchical_ucb;
mod klucb;
mod largest_sum;
mod lin_ucb;
mod lipschitz_ucb;
mod manipulation_ucb;
mod moss;
mod no_swap_regret;
mod perturbed_means;
mod phased_ucb;
mod quantal_response;
pub mod registry;
mod restarting;
mod round_robin_then_commit;
pub mod schema;
mod sliding_window_ucb;
mod softmax;
mod support;
mod thompson_sampling;
mod tsallis_inf;
mod ucb;
mod ucbv;
mod uniform_learner;
#[cfg(test)]
mod win_stay;

use std::sync::Arc;

pub use algorithm::{Algorithm, Planner};
pub use array::Array;
pub use entry::{Entry, FullGame, Horizon, Information, Leaping, Only, Seat};
pub use registry::Config;
pub use support::corridor::Corridor;
pub use support::elimination_bound::EliminationBound;
pub use support::index::IndexArms;
pub(crate) use support::index::index;
pub use support::index_barrier::IndexBarrier;
pub use support::mixture::Mixture;
pub use support::tally::Tally;
pub use support::unsettled::{Scatter, Unsettled};

use crate::archive::Archive;
use crate::rewards::Rewards;
use crate::rng::Stream;

/// Every learner, in the order of the table in docs/definitions.md. A new one is its `mod` above, and a line here.
pub static REGISTRY: &[Entry] = &[
    explore_then_commit::ENTRY,
    explore_then_commit_throw_out::ENTRY,
    explore_then_ucb::ENTRY,
    ucb::ENTRY,
    active_arm_elimination::ENTRY,
    lipschitz_ucb::ENTRY,
    phased_ucb::ENTRY,
    fixed_action::ENTRY,
    best_response::ENTRY,
    uniform_learner::ENTRY,
    epsilon_greedy::ENTRY,
    thompson_sampling::ENTRY,
    klucb::ENTRY,
    ucbv::ENTRY,
    moss::ENTRY,
    explore_then_commit_adaptive::ENTRY,
    exp3::ENTRY,
    exp3_ix::ENTRY,
    sliding_window_ucb::ENTRY,
    discounted_ucb::ENTRY,
    hierarchical_ucb::ENTRY,
    best_manipulation::ENTRY,
    manipulation_ucb::ENTRY,
    blind::ENTRY,
    doubling::ENTRY,
    restarting::ENTRY,
    batched::ENTRY,
    delayed::ENTRY,
    softmax::ENTRY,
    largest_sum::ENTRY,
    round_robin_then_commit::ENTRY,
    perturbed_means::ENTRY,
    quantal_response::ENTRY,
    tsallis_inf::ENTRY,
    exp3_s::ENTRY,
    no_swap_regret::ENTRY,
    lin_ucb::ENTRY,
    bayes_ucb::ENTRY,
];

/// A decision and how long it stands.
#[derive(Debug, Clone)]
pub enum Plan {
    /// Committed: no reward will ever change it, and the learner reads none.
    Fixed {
        /// The arm played from now on.
        arm: usize,
    },
    /// A schedule fixed in advance: `arms` in order, over and over, for `rounds` rounds.
    Cycle {
        /// The arms of one turn.
        arms: Arc<[usize]>,
        /// Length of the schedule; any remainder of a turn is played too.
        rounds: u64,
        /// A promise beyond `rounds`: turn will follow turn as long as, after every turn, the sums
        /// of the arms are still together. An engine may ignore it and ask after `rounds` rounds,
        /// or trust it and ask after any turn, first of all the one that failed.
        again: Option<EliminationBound>,
    },
    /// `arm` now, and again as long as its statistics clear `barrier`, for at most `rounds` rounds.
    ///
    /// The barrier may be stricter than the rule it stands for: failing it only means that the
    /// learner is asked again, and it may well name the same arm.
    While {
        /// The arm of this stretch.
        arm: usize,
        /// Checked after every reward.
        barrier: IndexBarrier,
        /// Upper limit of the stretch.
        rounds: u64,
    },
    /// Arms that are drawn whatever the rewards, of which the learner reads none: those of its [`Learner::mixture`].
    Drawn,
    /// `arm` for one round; then ask again.
    Once {
        /// The arm of this round.
        arm: usize,
    },
}

impl Plan {
    /// The schedule that plays all of `n_arms` arms in index order, `turns` times.
    pub fn round_robin(n_arms: usize, turns: u64) -> Self {
        Plan::Cycle {
            arms: (0..n_arms).collect(),
            rounds: turns.saturating_mul(n_arms as u64),
            again: None,
        }
    }

    /// The same decision for at most `most` rounds; a commitment stays one.
    #[must_use]
    pub fn at_most(mut self, most: u64) -> Self {
        if let Plan::Cycle { rounds, .. } | Plan::While { rounds, .. } = &mut self {
            *rounds = most.min(*rounds);
        }
        self
    }

    /// Number of rounds after which the learner has to be asked again.
    pub fn rounds(&self) -> u64 {
        match self {
            Plan::Fixed { .. } | Plan::Drawn => u64::MAX,
            Plan::Cycle { rounds, .. } | Plan::While { rounds, .. } => *rounds,
            Plan::Once { .. } => 1,
        }
    }
}

/// A bandit algorithm in one seat of one game.
pub trait Learner: Send {
    /// The next decision. Called when the previous plan has ended; a plan is at least one round.
    fn plan(&mut self, choice: &mut Stream) -> Plan;

    /// Where the rewards of the next stretch are added. `response` is the follower's action, which
    /// a leader may use only if it declares that it sees it.
    fn tally(&mut self, arm: usize, response: usize) -> &mut Tally;

    /// Takes the rewards of a stretch of rounds.
    #[inline]
    fn take(&mut self, arm: usize, response: usize, rewards: &Rewards) {
        self.tally(arm, response).gain(rewards);
        self.observe(arm, response, rewards.count());
    }

    /// The rewards of a stretch of `rounds` rounds have been added.
    fn observe(&mut self, _arm: usize, _response: usize, _rounds: u64) {}

    /// Whether all of its plans are for one round.
    fn is_asked_each_round(&self) -> bool {
        false
    }

    /// Whether it ever has [`Self::unsettled`] rewards.
    fn settles(&self) -> bool {
        false
    }

    /// The last rewards of which it knows the sum only. It is told more by [`Self::settle`], before it is asked for a plan, and before
    /// the response or the law of the rewards changes.
    fn unsettled(&self) -> Option<Unsettled> {
        None
    }

    /// Takes what there is to know of the rewards that are unsettled.
    fn settle(&mut self, _scatter: Scatter) {}

    /// Rounds after which it has to be asked again, whatever its plan says. What counts are rounds whose rewards it takes: it is asked
    /// for them when a plan begins.
    fn limit(&self) -> u64 {
        u64::MAX
    }

    /// The statistics of a policy that plays the largest index, if the index of an arm depends on its
    /// own statistics alone.
    fn index_arms(&self) -> Option<IndexArms<'_>> {
        None
    }

    /// The arms of a learner whose plan is [`Plan::Drawn`], or of one that [mixes](Self::mixes).
    fn mixture(&mut self) -> Option<&mut Mixture> {
        None
    }

    /// Whether the learner ever has a [`Self::corridor`].
    fn mixes(&self) -> bool {
        false
    }

    /// As long as all means stay in it, the arms of the next rounds are those of [`Self::mixture`], whatever the rewards. Statistics after some of
    /// these rounds are given to [`Self::land`].
    fn corridor(&mut self) -> Option<Corridor> {
        None
    }

    /// For a learner with [`Self::index_arms`] or [`Self::corridor`]: these are the statistics from now on. It has to be asked for a new plan.
    fn land(&mut self, _tallies: &[Tally]) {}

    /// Visits everything that plans, rewards and observations change, for a learner of the same
    /// parameters in the same seat to go on from. A learner without it cannot be kept.
    fn exchange(&mut self, archive: &mut Archive) {
        archive.refuse("a learner whose state cannot be kept");
    }

    /// For a follower that answers all leader actions: the leader has played `action`.
    fn face(&mut self, _action: usize) {}

    /// For a follower that sees the leader's rewards: this one came before its own.
    fn overhear(&mut self, _response: usize, _reward: f64) {}
}

/// The same rule as its definition reads: everything recomputed every round.
///
/// Slow on purpose. It is what the plans are tested against, bit for bit, and the place to learn
/// an algorithm from.
pub trait RoundByRound: Send {
    /// The arm of this round.
    fn choose(&mut self, choice: &mut Stream) -> usize;

    /// The reward of a round. It may come late, after further choices, or several may come after one choice.
    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards);

    /// What it has to remember of the choice just made until its reward comes, if that is more than the arm.
    fn memo(&self) -> f64 {
        0.0
    }

    /// The next reward belongs to the choice of which this was remembered.
    fn recall(&mut self, _memo: f64) {}

    /// Visits everything that rounds change: see [`Learner::exchange`]. It is asked of a rule that is played as a
    /// learner, or within one.
    fn exchange(&mut self, archive: &mut Archive) {
        archive.refuse("a learner whose state cannot be kept");
    }

    /// For a follower that answers all leader actions: the leader has played `action`, or a reward that comes late belongs to it.
    fn face(&mut self, _action: usize) {}

    /// For a follower that sees the leader's rewards: this one came before its own.
    fn overhear(&mut self, _response: usize, _reward: f64) {}
}
