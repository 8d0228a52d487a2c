//! Thompson sampling for Gaussian rewards, with decisions that stand for many rounds.
//!
//! The arm with the largest posterior mean is played unless a rare event happens: its draw falls below a threshold c, or that of
//! another arm exceeds c. As long as the arm's sum stays in a corridor, the event has a probability of at most `most`. So each
//! round is a *candidate* with that probability, whatever the rewards, and the first candidate is drawn ahead. In a candidate
//! round the event happens with its own probability over `most`; then the draws are made given the event. The law of the choices
//! is that of the definition; docs/leap.md has the proof.

use super::{Gaussian, argmax};
use crate::archive::Archive;
use crate::learners::support::geometric::failures;
use crate::learners::support::tally::exchange_all;
use crate::learners::{IndexBarrier, Learner, Plan, Tally};
use crate::math::{count, exp_m1, ln, ln_1p};
use crate::normal::Ziggurat;
use crate::record::MAX_HORIZON;
use crate::rng::Stream;
use crate::tail::{normal_above, quantile, tail};

/// Rounds before the first corridor is looked for, and the fewest between a failure to find one and the next try.
const REST: u64 = 16;
/// After failures the rest doubles up to this share of the rounds played.
const LONGEST_REST: u64 = 64;
/// The least distance, in standard deviations, between draws of the leading arm and the next one.
const APART: f64 = 0.7;
/// Least room of the corridor, in standard deviations of the leading arm's draw; and probability that this draw falls below the
/// threshold, at the corridor's edge, as a share of that of the others.
const ROOM: f64 = 0.4;
const SHARE: f64 = 0.1;
/// The largest probability of a candidate, and the fewest rounds of a corridor, that are worth waiting for.
const OFTEN: f64 = 0.1;
const SHORT: u64 = 12;
/// Rounding errors of probabilities are far below this share of them.
const MARGIN: f64 = 1e-9;

/// What is known of an arm: the law of its draws.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posterior {
    pub(super) mean: f64,
    pub(super) scale: f64,
}

impl Posterior {
    /// Probability that a draw exceeds a threshold.
    fn exceeds(&self, threshold: f64) -> f64 {
        tail((threshold - self.mean) / self.scale)
    }
}

/// A corridor, with its first candidate or its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watch {
    arm: usize,
    threshold: f64,
    /// The least distance between mean and threshold, in standard deviations of the arm's draw, and the largest number of the arm's
    /// rewards for which the barrier is good.
    least: f64,
    last: u64,
    /// The round, counted from 1, in which a candidate comes; or from which the barrier is not good any more.
    next: u64,
    is_candidate: bool,
    /// The arm's sum stays above it as long as the event has a probability of at most `most`.
    barrier: IndexBarrier,
    pub(super) most: f64,
}

/// Thompson sampling by posterior laws that are kept.
pub(super) struct Kept {
    prior: Gaussian,
    tallies: Vec<Tally>,
    posteriors: Vec<Posterior>,
    played: u64,
    /// Whether decisions may stand for more than one round.
    leaps: bool,
    watch: Option<Watch>,
    /// Rounds that have to be played before a corridor is looked for, and how often in a row none was found.
    rest_until: u64,
    failures: u32,
}

impl Kept {
    pub(super) fn new(prior: Gaussian, n_arms: usize, leaps: bool) -> Self {
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
        let posterior = |tally| {
            let [mean, scale] = self.prior.posterior(tally);
            Posterior { mean, scale }
        };
        self.posteriors.clear();
        self.posteriors.extend(self.tallies.iter().map(posterior));
    }

    /// The arm of a round, as the definition reads.
    #[inline]
    pub(super) fn draw(&self, choice: &mut Stream) -> usize {
        let draw = |posterior: &Posterior| {
            let noise = Ziggurat::shared().normal(choice.next_u64());
            if posterior.mean.is_infinite() {
                return posterior.mean;
            }
            posterior.mean + posterior.scale * noise
        };
        argmax(self.posteriors.iter().map(draw))
    }

    /// A corridor that is worth waiting in, from now on, with its first candidate or its end.
    fn find_corridor(&self, choice: &mut Stream) -> Option<Watch> {
        let all = &self.posteriors;
        if !all
            .iter()
            .all(|each| each.scale.is_normal() && each.mean.is_finite())
        {
            return None;
        }
        let arm = argmax(all.iter().map(|each| each.mean));
        let best = all[arm];
        let others = || {
            all.iter()
                .enumerate()
                .filter(|&(j, _)| j != arm)
                .map(|(_, each)| each)
        };
        let (apart, next) = others()
            .map(|each| {
                (
                    (best.mean - each.mean) / (best.scale + each.scale),
                    each.scale,
                )
            })
            .fold((f64::INFINITY, 0.0), |least, each| {
                if each.0 < least.0 { each } else { least }
            });
        if apart < APART || apart.is_infinite() {
            return None;
        }
        // Where the densities of the two draws are equal, about, the event has the least probability.
        let known = self.prior.known(&self.tallies[arm]);
        let rare = 0.25 / known;
        let below = (apart * apart + 2.0 * ln(next / best.scale).max(0.0)).sqrt();
        let highest = best.mean - below * best.scale;
        let chance = tail(below) + others().map(|each| each.exceeds(highest)).sum::<f64>();
        let each_beyond = quantile(chance.max(rare) / (all.len() - 1) as f64);
        let threshold = others()
            .map(|each| each.mean + each_beyond * each.scale)
            .fold(f64::NEG_INFINITY, f64::max)
            .min(highest);
        let rivals = self.rivals(arm, threshold);
        let now = (best.mean - threshold) / best.scale;
        let least = quantile(SHARE * rivals.max(rare)).min(now - ROOM);
        let most = either(rivals, tail(least)) * (1.0 + MARGIN);
        // Over so many rounds, a straight line takes at most half of the room.
        let rounds = self.tallies[arm].count as f64 * ((now - least) / least).min(1.0);
        if least < 0.3 || most > OFTEN || rounds < SHORT as f64 {
            return None;
        }
        let rounds = count(rounds);
        let wait = failures(most, choice);
        let watch = Watch {
            last: self.tallies[arm].count + rounds,
            next: self.played + wait.min(rounds) + 1,
            is_candidate: wait < rounds,
            ..self.watch(arm, threshold, least)
        };
        Some(self.guarded(watch))
    }

    /// A corridor without a barrier.
    pub(super) fn watch(&self, arm: usize, threshold: f64, least: f64) -> Watch {
        Watch {
            arm,
            threshold,
            least,
            last: 0,
            next: 0,
            is_candidate: false,
            barrier: IndexBarrier::default(),
            most: either(self.rivals(arm, threshold), tail(least)) * (1.0 + MARGIN),
        }
    }

    /// The same with its barrier.
    fn guarded(&self, watch: Watch) -> Watch {
        let known = self.prior.weight + watch.last as f64;
        let barrier = self
            .prior
            .barrier(watch.threshold, watch.least * known.sqrt());
        Watch { barrier, ..watch }
    }

    /// Probability that the draw of another arm exceeds a threshold.
    pub(super) fn rivals(&self, arm: usize, threshold: f64) -> f64 {
        let none = |(j, each): (usize, &Posterior)| {
            if j == arm {
                return 0.0;
            }
            ln_1p(-each.exceeds(threshold))
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
        let place = (best.mean - threshold) / best.scale;
        let falls = tail(place);
        let event = either(rivals, falls);
        debug_assert!(event <= most, "{event} is more than {most}");
        if choice.unit() * most >= event {
            return arm;
        }
        // The draws given the event, one after the other: it is open as long as nothing has made it happen.
        let mut open = choice.unit() * event >= falls;
        let draw = if open {
            normal_above(-place, choice)
        } else {
            -normal_above(place, choice)
        };
        let mut largest = (arm, best.mean + draw * best.scale);
        let mut rest = self.tails_of_rests(arm, threshold).into_iter().rev();
        for (j, each) in self
            .posteriors
            .iter()
            .enumerate()
            .filter(|&(j, _)| j != arm)
        {
            let place = (threshold - each.mean) / each.scale;
            let some = rest.next().unwrap_or(1.0);
            let draw = if !open {
                Ziggurat::shared().normal(choice.next_u64())
            } else if choice.unit() * some < tail(place) {
                open = false;
                normal_above(place, choice)
            } else {
                -normal_above(-place, choice)
            };
            let value = each.mean + draw * each.scale;
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
                let exceeds = each.exceeds(threshold);
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

impl Learner for Kept {
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
        let [mean, scale] = self.prior.posterior(&self.tallies[arm]);
        self.posteriors[arm] = Posterior { mean, scale };
        if self.watch.is_some_and(|watch| watch.arm != arm) {
            self.watch = None;
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
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

impl Kept {
    /// A learner that knows this of its arms.
    #[cfg(test)]
    pub(super) fn knowing(prior: Gaussian, posteriors: Vec<Posterior>) -> Self {
        Self {
            posteriors,
            ..Self::new(prior, 0, true)
        }
    }

    fn exchange_watch(&self, archive: &mut Archive) -> Watch {
        let mut watch = self.watch.unwrap_or_else(|| self.watch(0, 0.0, 0.0));
        archive.index(&mut watch.arm, self.tallies.len());
        archive.real(&mut watch.threshold, f64::MAX);
        archive.real(&mut watch.least, f64::MAX);
        archive.count(&mut watch.last, 2 * MAX_HORIZON);
        archive.count(&mut watch.next, 2 * MAX_HORIZON);
        archive.flag(&mut watch.is_candidate);
        let waits = watch.next.saturating_sub(self.played + 1);
        if watch.last < self.tallies[watch.arm].count.saturating_add(waits) {
            archive.refuse("a corridor that ends too early");
        }
        self.guarded(Watch {
            most: self.watch(watch.arm, watch.threshold, watch.least).most,
            ..watch
        })
    }
}

/// Probability that one or both of two independent events happen.
pub(super) fn either(p: f64, q: f64) -> f64 {
    p + q - p * q
}
