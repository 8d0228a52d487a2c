//! A learner that starts afresh at the beginning of every epoch.

use super::made::KeptSeat;
use super::tally::Tally;
use crate::archive::Archive;
use crate::learners::schema::Args;
use crate::learners::{
    Config, IndexArms, Learner, Mixture, Plan, RoundByRound, Scatter, Seat, Unsettled,
};
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

/// The lengths of the epochs.
pub(in crate::learners) trait Lengths: Send {
    /// Number of rounds of an epoch, numbered from 0: at least 1.
    fn rounds(&self, epoch: u64) -> u64;

    /// The horizon that the learner is told in it.
    fn horizon(&self, epoch: u64) -> u64;
}

/// The epochs of an instance; `inner` is its learner, or the definition of it, in the present one.
pub(in crate::learners) struct Epochs<N, T> {
    of: Config,
    seat: KeptSeat,
    lengths: N,
    make: fn(&Config, &KeptSeat, u64) -> T,
    inner: T,
    epoch: u64,
    /// Rounds of the epoch that are left.
    left: u64,
    /// Rounds of the present plan, if no reward of them is read: the plan then stands that long.
    unread: u64,
}

impl<N: Lengths, T> Epochs<N, T> {
    pub(in crate::learners) fn boxed(
        args: &Args,
        seat: &Seat,
        lengths: N,
        make: fn(&Config, &KeptSeat, u64) -> T,
    ) -> Box<Self> {
        let (of, seat) = (args.made_of().clone(), KeptSeat::of(seat));
        Box::new(Self {
            inner: make(&of, &seat, lengths.horizon(0)),
            of,
            seat,
            make,
            epoch: 0,
            left: lengths.rounds(0),
            unread: 0,
            lengths,
        })
    }

    /// Starts the learner of an epoch.
    fn begin(&mut self, epoch: u64) {
        self.epoch = epoch;
        self.left = self.lengths.rounds(epoch);
        self.inner = (self.make)(&self.of, &self.seat, self.lengths.horizon(epoch));
    }

    /// Starts the next epoch if the last one is over.
    fn go_on(&mut self) {
        if self.left == 0 {
            self.begin(self.epoch + 1);
        }
    }

    /// Visits the epoch and the place in it. The learner of the epoch has to be visited next.
    fn exchange_place(&mut self, archive: &mut Archive) {
        let mut epoch = self.epoch;
        archive.count(&mut epoch, MAX_HORIZON);
        if epoch != self.epoch {
            self.begin(epoch);
        }
        archive.count(&mut self.left, self.lengths.rounds(epoch));
    }
}

impl<N: Lengths> Learner for Epochs<N, Box<dyn Learner>> {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        self.left = self.left.saturating_sub(self.unread);
        self.go_on();
        let plan = self.inner.plan(choice);
        let unread = matches!(plan, Plan::Fixed { .. } | Plan::Drawn);
        self.unread = if unread { self.limit() } else { 0 };
        plan
    }

    fn face(&mut self, action: usize) {
        self.seat.facing = action;
        self.inner.face(action);
    }

    fn limit(&self) -> u64 {
        self.left.min(self.inner.limit())
    }

    #[inline]
    fn tally(&mut self, arm: usize, response: usize) -> &mut Tally {
        self.inner.tally(arm, response)
    }

    #[inline]
    fn take(&mut self, arm: usize, response: usize, rewards: &Rewards) {
        self.left = self.left.saturating_sub(rewards.count());
        self.inner.take(arm, response, rewards);
    }

    fn settles(&self) -> bool {
        self.inner.settles()
    }

    fn unsettled(&self) -> Option<Unsettled> {
        self.inner.unsettled()
    }

    fn settle(&mut self, scatter: Scatter) {
        self.inner.settle(scatter);
    }

    fn index_arms(&self) -> Option<IndexArms<'_>> {
        self.inner.index_arms()
    }

    fn mixture(&mut self) -> Option<&mut Mixture> {
        self.inner.mixture()
    }

    fn land(&mut self, tallies: &[Tally]) {
        let rounds = |tallies: &[Tally]| tallies.iter().map(|tally| tally.count).sum::<u64>();
        let before = self.index_arms().map_or(0, |arms| rounds(arms.tallies));
        self.left = (self.left + before).saturating_sub(rounds(tallies));
        self.inner.land(tallies);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.exchange_place(archive);
        archive.count(&mut self.unread, self.left);
        self.inner.exchange(archive);
    }
}

impl<N: Lengths> RoundByRound for Epochs<N, Box<dyn RoundByRound>> {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        self.go_on();
        self.inner.choose(choice)
    }

    fn observe(&mut self, arm: usize, response: usize, reward: &Rewards) {
        // Of rewards that come late, or together, an epoch may end without a choice.
        self.go_on();
        self.left -= 1;
        self.inner.observe(arm, response, reward);
    }

    fn face(&mut self, action: usize) {
        self.seat.facing = action;
        self.inner.face(action);
    }

    fn memo(&self) -> f64 {
        self.inner.memo()
    }

    fn recall(&mut self, memo: f64) {
        self.inner.recall(memo);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.exchange_place(archive);
        self.inner.exchange(archive);
    }
}
