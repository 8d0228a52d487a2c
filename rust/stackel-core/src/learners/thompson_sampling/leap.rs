//! Thompson sampling with decisions that stand for many rounds.
//!
//! The arm with the largest posterior mean is played unless a rare event happens: its draw falls below a threshold c, or that of
//! another arm exceeds c. As long as the arm's sum stays in a corridor, the event has a probability of at most `most`. So each
//! round is a *candidate* with that probability, whatever the rewards, and the first candidate is drawn ahead. In a candidate
//! round the event happens with its own probability over `most`; then the draws are made given the event. The law of the choices
//! is that of the definition; docs/leap.md has the proof.

use super::argmax;
use super::family::{Family, Law};
use crate::archive::Archive;
use crate::learners::support::geometric::failures;
use crate::learners::support::tally::exchange_all;
use crate::learners::{IndexBarrier, Learner, Plan, Tally};
use crate::math::{exp_m1, ln, ln_1p};
use crate::record::MAX_HORIZON;
use crate::rng::Stream;

/// Rounds before the first corridor is looked for, and the fewest between a failure to find one and the next try.
const REST: u64 = 32;
/// After failures the rest doubles up to this share of the rounds played.
const LONGEST_REST: u64 = 64;
/// The least distance, in standard deviations, between draws of the leading arm and the next one.
const APART: f64 = 1.8;
/// Probability that the leading arm's draw falls below the threshold, at the corridor's edge, as a share of that of the others.
const SHARE: f64 = 0.1;
/// The largest probability of a candidate, and the fewest rounds of a corridor, that are worth waiting for.
const OFTEN: f64 = 0.025;
const SHORT: u64 = 40;
/// Rounding errors of probabilities are far below this share of them.
const MARGIN: f64 = 1e-9;

/// A corridor, with its first candidate or its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watch {
    arm: usize,
    threshold: f64,
    /// Where the corridor ends, as its family says; and the smallest and the largest number of the arm's rewards for which
    /// the barrier is good.
    edge: f64,
    first: u64,
    last: u64,
    /// The round, counted from 1, in which a candidate comes; or from which the barrier is not good any more.
    next: u64,
    is_candidate: bool,
    /// The arm's sum stays above it as long as the event has a probability of at most `most`.
    barrier: IndexBarrier,
    pub(super) most: f64,
}

/// Thompson sampling by posterior laws that are kept.
pub(super) struct Kept<F: Family> {
    prior: F,
    tallies: Vec<Tally>,
    posteriors: Vec<F::Law>,
    played: u64,
    /// Whether decisions may stand for more than one round.
    leaps: bool,
    watch: Option<Watch>,
    /// Rounds that have to be played before a corridor is looked for, and how often in a row none was found.
    rest_until: u64,
    failures: u32,
}

impl<F: Family> Kept<F> {
    pub(super) fn new(prior: F, n_arms: usize, leaps: bool) -> Self {
        let mut kept = Self {
            prior,
            tallies: vec![Tally::default(); n_arms],
            posteriors: Vec::with_capacity(n_arms),
            played: 0,
            leaps,
            watch: None,
            rest_until: REST,
            failures: 0,
        };
        kept.refresh();
        kept
    }

    fn refresh(&mut self) {
        self.posteriors.clear();
        let laws = self.tallies.iter().map(|tally| self.prior.law(tally));
        self.posteriors.extend(laws);
    }

    /// The arm of a round, as the definition reads.
    #[inline]
    pub(super) fn draw(&self, choice: &mut Stream) -> usize {
        argmax(self.posteriors.iter().map(|law| law.draw(choice)))
    }

    /// A corridor that is worth waiting in, from now on, with its first candidate or its end.
    pub(super) fn find_corridor(&self, choice: &mut Stream) -> Option<Watch> {
        let all = &self.posteriors;
        if !all.iter().all(Law::is_proper) {
            return None;
        }
        let arm = argmax(all.iter().map(Law::mean));
        let (best, scale) = (all[arm].mean(), all[arm].scale());
        let others = || {
            all.iter()
                .enumerate()
                .filter(|&(j, _)| j != arm)
                .map(|(_, each)| each)
        };
        let (apart, next) = others()
            .map(|each| ((best - each.mean()) / (scale + each.scale()), each.scale()))
            .fold((f64::INFINITY, 0.0), |least, each| {
                if each.0 < least.0 { each } else { least }
            });
        if apart < APART || apart.is_infinite() {
            return None;
        }
        // Where the densities of the two draws are equal, about, the event has the least probability.
        let rare = 0.25 / self.prior.known(&self.tallies[arm]);
        let below = (apart * apart + 2.0 * ln(next / scale).max(0.0)).sqrt();
        let highest = best - below * scale;
        let likely = |place: f64| others().map(|each| each.above(place)).sum::<f64>();
        let highest = all[arm].undercut(highest, SHARE * likely(highest).max(rare));
        let chance = (all[arm].below(highest) + likely(highest)).max(rare);
        let threshold = others()
            .map(|each| each.exceeded(chance / (all.len() - 1) as f64))
            .fold(f64::NEG_INFINITY, f64::max)
            .min(highest);
        let wanted = SHARE * self.rivals(arm, threshold).max(rare);
        let tally = &self.tallies[arm];
        let (edge, rounds) = self.prior.edge(tally, threshold, wanted)?;
        let watch = self.watch(arm, threshold, edge, tally.count);
        if watch.most > OFTEN || rounds < SHORT {
            return None;
        }
        let wait = failures(watch.most, choice);
        let watch = Watch {
            last: tally.count.saturating_add(rounds),
            next: self
                .played
                .saturating_add(wait.min(rounds))
                .saturating_add(1),
            is_candidate: wait < rounds,
            ..watch
        };
        Some(self.guarded(watch))
    }

    /// A corridor without a barrier, from a number of rewards of the arm on.
    pub(super) fn watch(&self, arm: usize, threshold: f64, edge: f64, first: u64) -> Watch {
        let falls = self.prior.falls_at(threshold, edge, first);
        Watch {
            arm,
            threshold,
            edge,
            first,
            last: 0,
            next: 0,
            is_candidate: false,
            barrier: IndexBarrier::default(),
            most: either(self.rivals(arm, threshold), falls) * (1.0 + MARGIN),
        }
    }

    /// The same with its barrier.
    fn guarded(&self, watch: Watch) -> Watch {
        let barrier = self.prior.barrier(watch.threshold, watch.edge, watch.last);
        Watch { barrier, ..watch }
    }

    /// Probability that the draw of another arm exceeds a threshold.
    pub(super) fn rivals(&self, arm: usize, threshold: f64) -> f64 {
        let none = |(j, each): (usize, &F::Law)| {
            if j == arm {
                return 0.0;
            }
            ln_1p(-each.above(threshold))
        };
        -exp_m1(self.posteriors.iter().enumerate().map(none).sum())
    }

    /// The arm of a candidate round.
    pub(super) fn decide_candidate(&self, watch: &Watch, choice: &mut Stream) -> usize {
        let Watch {
            arm,
            threshold,
            most,
            ..
        } = *watch;
        let best = self.posteriors[arm];
        let rivals = self.rivals(arm, threshold);
        let falls = best.below(threshold);
        let event = either(rivals, falls);
        debug_assert!(event <= most, "{event} is more than {most}");
        if choice.unit() * most >= event {
            return arm;
        }
        // The draws given the event, one after the other: it is open as long as nothing has made it happen.
        let mut open = choice.unit() * event >= falls;
        let draw = if open {
            best.draw_above(threshold, choice)
        } else {
            best.draw_below(threshold, choice)
        };
        let mut largest = (arm, draw);
        let mut rest = self.tails_of_rests(arm, threshold).into_iter().rev();
        for (j, each) in self
            .posteriors
            .iter()
            .enumerate()
            .filter(|&(j, _)| j != arm)
        {
            let some = rest.next().unwrap_or(1.0);
            let value = if !open {
                each.draw(choice)
            } else if choice.unit() * some < each.above(threshold) {
                open = false;
                each.draw_above(threshold, choice)
            } else {
                each.draw_below(threshold, choice)
            };
            if value > largest.1 {
                largest = (j, value);
            }
        }
        largest.0
    }

    /// Probabilities that a draw of the other arms from each one on exceeds a threshold, those of the last first.
    fn tails_of_rests(&self, arm: usize, threshold: f64) -> Vec<f64> {
        let others = self
            .posteriors
            .iter()
            .enumerate()
            .rev()
            .filter(|&(j, _)| j != arm);
        others
            .scan(0.0, |some, (_, each)| {
                let exceeds = each.above(threshold);
                *some = exceeds + (1.0 - exceeds) * *some;
                Some(*some)
            })
            .collect()
    }

    /// What a watch says about the next rounds; nothing if it is over.
    fn follow(&mut self, choice: &mut Stream) -> Option<Plan> {
        let watch = self.watch?;
        // Left or at its end, a corridor is forgotten together with its candidate.
        let stands = watch.barrier.clears(&self.tallies[watch.arm])
            && (self.played + 1 < watch.next
                || watch.is_candidate && self.played + 1 == watch.next);
        if stands && self.played + 1 < watch.next {
            return Some(Plan::While {
                arm: watch.arm,
                barrier: watch.barrier,
                rounds: watch.next - 1 - self.played,
            });
        }
        self.watch = None;
        stands.then(|| Plan::Once {
            arm: self.decide_candidate(&watch, choice),
        })
    }
}

impl<F: Family> Learner for Kept<F> {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if let Some(plan) = self.follow(choice) {
            return plan;
        }
        if self.leaps && self.played >= self.rest_until {
            self.watch = self.find_corridor(choice);
            if let Some(plan) = self.follow(choice) {
                self.failures = 0;
                return plan;
            }
            let longest = (self.played / LONGEST_REST).max(REST);
            self.rest_until = self.played + longest.min(REST << self.failures);
            self.failures = (self.failures + 1).min(40);
        }
        Plan::Once {
            arm: self.draw(choice),
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    #[inline]
    fn observe(&mut self, arm: usize, _response: usize, rounds: u64) {
        self.played += rounds;
        self.posteriors[arm] = self.prior.law(&self.tallies[arm]);
        if self.watch.is_some_and(|watch| watch.arm != arm) {
            self.watch = None;
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        if !self
            .tallies
            .iter()
            .all(|tally| self.prior.is_possible(tally))
        {
            archive.refuse("sums that rewards cannot have");
            return;
        }
        self.refresh();
        if !self.leaps {
            return;
        }
        archive.count(&mut self.played, MAX_HORIZON);
        archive.count(&mut self.rest_until, u64::MAX);
        let mut failures = u64::from(self.failures);
        archive.count(&mut failures, 40);
        self.failures = u32::try_from(failures).unwrap_or(0);
        let mut is_watching = self.watch.is_some();
        archive.flag(&mut is_watching);
        self.watch = is_watching.then(|| self.exchange_watch(archive));
    }
}

impl<F: Family> Kept<F> {
    /// A learner that knows this of its arms.
    #[cfg(test)]
    pub(super) fn knowing(prior: F, posteriors: Vec<F::Law>) -> Self {
        Self {
            posteriors,
            ..Self::new(prior, 0, true)
        }
    }

    fn exchange_watch(&self, archive: &mut Archive) -> Watch {
        let mut watch = self.watch.unwrap_or_else(|| self.watch(0, 0.5, 0.5, 0));
        archive.index(&mut watch.arm, self.tallies.len());
        archive.real(&mut watch.threshold, f64::MAX);
        archive.real(&mut watch.edge, f64::MAX);
        archive.count(&mut watch.first, 2 * MAX_HORIZON);
        archive.count(&mut watch.last, 2 * MAX_HORIZON);
        archive.count(&mut watch.next, 2 * MAX_HORIZON);
        archive.flag(&mut watch.is_candidate);
        let waits = watch.next.saturating_sub(self.played + 1);
        let count = self.tallies[watch.arm].count;
        if watch.last < count.saturating_add(waits) || watch.first > count {
            archive.refuse("a corridor that ends too early, or begins too late");
        }
        let Watch {
            arm,
            threshold,
            edge,
            first,
            ..
        } = watch;
        self.guarded(Watch {
            most: self.watch(arm, threshold, edge, first).most,
            ..watch
        })
    }
}

/// Probability that one or both of two independent events happen.
pub(super) fn either(p: f64, q: f64) -> f64 {
    p + q - p * q
}
