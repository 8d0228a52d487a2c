//! Index policies: each arm has an index, a function of its own statistics; play the largest.

use super::first::First;
use super::index_barrier::IndexBarrier;
use super::tally::{Tally, exchange_all};
use super::ties::{Ties, among};
use super::tournament::Tournament;
use crate::archive::Archive;
use crate::learners::schema::Args;
use crate::learners::{Learner, Plan, RoundByRound, Seat};
use crate::math::{MAX_HORIZON, count, ln};
use crate::rewards::Rewards;
use crate::rng::Stream;

/// Shortest limit put on a stretch; beyond, an arm may at most double its count before the
/// barrier, which is tightest at the start, is drawn anew.
const SHORT: u64 = 64;

/// `sigma * sqrt(2 c L)`, so that `width / sqrt(n)` is the radius r(n) when L = ln T.
pub(in crate::learners) fn width(sigma: f64, confidence: f64, log: f64) -> f64 {
    sigma * (2.0 * confidence * log).sqrt()
}

/// The width of the definitions' r(n) at horizon T.
pub(in crate::learners) fn horizon_width(sigma: f64, confidence: f64, horizon: u64) -> f64 {
    width(sigma, confidence, ln(horizon as f64))
}

/// The index `mean + width / sqrt(n)` of an arm; infinite before its first reward.
#[inline]
pub(crate) fn index(tally: &Tally, width: f64) -> f64 {
    if tally.count == 0 {
        return f64::INFINITY;
    }
    tally.mean() + width / (tally.count as f64).sqrt()
}

/// The arms of an index policy, as far as its decisions depend on them.
pub struct IndexArms<'a> {
    /// Factor of `1 / sqrt(n)` in every index.
    pub width: f64,
    /// One for each arm.
    pub tallies: &'a [Tally],
}

/// What the index of an arm is. It may not change while the arm is not played.
pub(in crate::learners) trait Rule: Send {
    /// The index of an arm that has rewards: finite.
    fn index(&self, tally: &Tally) -> f64;

    /// A barrier that is good for some rounds: an arm that clears it has a larger index than
    /// `rival`. Now it has about `index`, on which only the number of rounds depends.
    fn barrier(&self, tally: &Tally, index: f64, rival: f64) -> (IndexBarrier, u64);

    /// Factor of `1 / sqrt(n)`, if that and the mean are all that there is to the index.
    fn width(&self) -> Option<f64> {
        None
    }
}

/// The index of an arm; infinite before its first reward.
#[inline]
pub(super) fn index_of(rule: &impl Rule, tally: &Tally) -> f64 {
    match tally.count {
        0 => f64::INFINITY,
        _ => rule.index(tally),
    }
}

/// The rule `mean + width / sqrt(n)`.
pub(in crate::learners) struct Width(pub(in crate::learners) f64);

impl Width {
    /// The width of the radius r(n); reads `sigma` and `confidence`.
    pub(in crate::learners) fn of(args: &Args, seat: &Seat) -> Self {
        let (sigma, confidence) = (args.real("sigma"), args.real("confidence"));
        Self(horizon_width(sigma, confidence, seat.horizon))
    }
}

impl Rule for Width {
    #[inline]
    fn index(&self, tally: &Tally) -> f64 {
        index(tally, self.0)
    }

    #[inline]
    fn barrier(&self, tally: &Tally, _index: f64, rival: f64) -> (IndexBarrier, u64) {
        (IndexBarrier::new(rival, self.0), tally.count.max(SHORT))
    }

    fn width(&self) -> Option<f64> {
        Some(self.0)
    }
}

/// How long a barrier to promise that is the stricter the longer it is good for: until half of the
/// `lead` over the others is gone, if the `bonus` on an arm's mean falls `pace` times as fast as
/// `1 / sqrt(n)`.
pub(in crate::learners) fn look_ahead(n: u64, lead: f64, bonus: f64, pace: f64) -> u64 {
    let half = lead / (bonus * pace);
    // Without a bonus there is nothing to lose, and 0 / 0 does not count.
    count((n as f64) * half.min(1.0)).max(SHORT)
}

/// An index policy: each arm once, then the argmax.
pub(in crate::learners) struct IndexPolicy<R> {
    rule: R,
    ties: Ties,
    first: First,
    tallies: Vec<Tally>,
    indices: Tournament,
    /// Arms whose index is out of date: all after the first turn, then the one just played.
    stale: Option<Stale>,
}

enum Stale {
    All,
    One(usize),
}

impl<R: Rule> IndexPolicy<R> {
    /// Reads `ties` and `first`.
    pub(in crate::learners) fn new(args: &Args, seat: &Seat, rule: R) -> Self {
        let n_arms = seat.n_arms();
        Self {
            rule,
            ties: Ties::of(args),
            first: First::of(args),
            tallies: vec![Tally::default(); n_arms],
            indices: Tournament::new(n_arms),
            stale: None,
        }
    }

    fn refresh(&mut self, arm: usize) {
        self.indices
            .set(arm, index_of(&self.rule, &self.tallies[arm]));
    }

    fn catch_up(&mut self) {
        match self.stale {
            None => {}
            Some(Stale::All) => (0..self.tallies.len()).for_each(|arm| self.refresh(arm)),
            Some(Stale::One(arm)) => self.refresh(arm),
        }
    }

    /// The statistics of all arms.
    pub(in crate::learners) fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Takes note that the next round was decided by another rule, for `arm`.
    pub(in crate::learners) fn divert(&mut self, arm: usize) {
        self.catch_up();
        self.stale = Some(Stale::One(arm));
    }
}

impl<R: Rule> Learner for IndexPolicy<R> {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.stale.is_none() {
            self.stale = Some(Stale::All);
            return match self.tallies.len() {
                1 => Plan::Fixed { arm: 0 },
                n => self.first.turn(n, choice),
            };
        }
        self.catch_up();
        let (index, rival) = (self.indices.best(), self.indices.runner_up());
        let mut arm = self.indices.winner();
        if self.ties == Ties::Random && index == rival && index.is_finite() {
            arm = among(self.indices.leaders(), choice).unwrap_or(arm);
        }
        self.stale = Some(Stale::One(arm));
        if self.tallies[arm].count == 0 {
            // Another rule has decided rounds of the first turn.
            return Plan::Once { arm };
        }
        let (barrier, rounds) = self.rule.barrier(&self.tallies[arm], index, rival);
        Plan::While {
            arm,
            barrier,
            rounds,
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        let mut tried = self.stale.is_some();
        archive.flag(&mut tried);
        // Indices follow from the statistics; to compute them all again changes none.
        self.stale = tried.then_some(Stale::All);
    }

    fn index_arms(&self) -> Option<IndexArms<'_>> {
        // Which arm wins a tie at random depends on the order of play.
        let width = self.rule.width().filter(|_| self.ties == Ties::Lowest)?;
        Some(IndexArms {
            width,
            tallies: &self.tallies,
        })
    }

    fn land(&mut self, tallies: &[Tally]) {
        self.tallies.copy_from_slice(tallies);
        self.stale = Some(Stale::All);
    }
}

/// The same policy round by round, after `discard` pulls of each arm that teach it nothing.
pub(in crate::learners) struct IndexRoundByRound<R> {
    rule: R,
    ties: Ties,
    first: First,
    tallies: Vec<Tally>,
    /// Arms in the order of their first pulls, if that is not the one of the indices.
    order: Vec<usize>,
    discard: u64,
    /// Rewards of each arm that taught it nothing.
    discarded: Vec<u64>,
}

impl<R: Rule> IndexRoundByRound<R> {
    /// Reads `ties` and `first`.
    pub(in crate::learners) fn new(args: &Args, seat: &Seat, rule: R, discard: u64) -> Self {
        let n_arms = seat.n_arms();
        Self {
            rule,
            ties: Ties::of(args),
            first: First::of(args),
            tallies: vec![Tally::default(); n_arms],
            order: Vec::new(),
            discard,
            discarded: vec![0; if discard > 0 { n_arms } else { 0 }],
        }
    }

    /// The next of the arms whose rewards teach it nothing yet.
    fn unlearned(&self) -> Option<usize> {
        let least = self.discarded.iter().zip(0..).min();
        least
            .filter(|(pulls, _)| **pulls < self.discard)
            .map(|(_, arm)| arm)
    }
}

impl<R: Rule> RoundByRound for IndexRoundByRound<R> {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        if let Some(arm) = self.unlearned() {
            return arm;
        }
        if let Some(arm) = self.first.untried(&mut self.order, &self.tallies, choice) {
            return arm;
        }
        let indices = self.tallies.iter().map(|tally| index_of(&self.rule, tally));
        self.ties.pick(indices, choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        if self.unlearned().is_some() {
            self.discarded[arm] += 1;
        } else {
            self.tallies[arm].gain(reward);
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        for pulls in &mut self.discarded {
            archive.count(pulls, MAX_HORIZON);
        }
        self.first
            .exchange(&mut self.order, self.tallies.len(), archive);
    }
}
