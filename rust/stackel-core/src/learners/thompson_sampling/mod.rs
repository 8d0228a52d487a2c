//! `ThompsonSampling(family, prior_mean, prior_weight, sigma)`: draws a mean for every arm from what is
//! known of it by now, the posterior law, and plays the arm with the largest.
//!
//! The prior counts as `prior_weight` rewards with mean `prior_mean`. Rewards are taken for Gaussian
//! ones of scale sigma, or for coins; then a reward between 0 and 1 is first turned into a coin that
//! shows 1 with the reward as its probability, after Agrawal and Goyal (2012).
//!
//! In `leap` are decisions that stand for many rounds, in `family` what they have to know of posterior laws.

mod family;
mod leap;
#[cfg(test)]
mod tests;

use self::family::Coins;
use self::leap::Kept;
use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param, Value};
use super::support::each_round::EachRound;
use super::support::tally::{argmax, exchange_all};
use super::{Learner, RoundByRound, Tally};
use crate::archive::Archive;
use crate::error::SpecError;
use crate::gamma::{HEAVY, gamma, ln_gamma_over};
use crate::noise::LARGEST;
use crate::normal::Ziggurat;
use crate::rewards::Rewards;
use crate::rng::Stream;

const FAMILY: Param = Param::choice("family", &["gaussian", "bernoulli"], "gaussian");

pub(super) const ENTRY: Entry = Entry {
    name: "ThompsonSampling",
    roles: BOTH,
    summary: "draw a mean for every arm from its posterior law, play the largest",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some(
        "for the family bernoulli first, if the last reward r was inside (0, 1): a unit, and takes the reward for 1 \
         if unit < r. Then for each arm in order a normal z from the ziggurat, or two gamma variates X and Y (Marsaglia \
         and Tsang 2000), whose X / (X + Y) is a beta variate, see rust/stackel-core/src/gamma.rs",
    ),
    params: &[
        FAMILY,
        Param::resolved_real("prior_mean", -LARGEST, LARGEST),
        Param::resolved_real("prior_weight", 0.0, LARGEST),
        Param::SIGMA,
    ],
    fill,
    play: Play::every_round(
        |args, seat| learner(args, seat, false),
        |args, seat| Box::new(ThompsonSampling::new(args, seat)),
    )
    .leaping(None, |args, seat| learner(args, seat, true)),
};

fn takes_coins(args: &Args) -> bool {
    args.text("family") == "bernoulli"
}

fn learner(args: &Args, seat: &Seat, leaps: bool) -> Box<dyn Learner> {
    match Prior::new(args) {
        Prior::Gaussian(prior) => Box::new(Kept::new(prior, seat.n_arms(), leaps)),
        // Other rewards than coins are turned into coins one by one.
        Prior::Bernoulli {
            ones,
            zeros,
            common: true,
        } if leaps && seat.coins => Box::new(Kept::new(Coins { ones, zeros }, seat.n_arms(), true)),
        Prior::Bernoulli { .. } => EachRound::boxed(ThompsonSampling::new(args, seat)),
    }
}

fn fill(args: &mut Args, _seat: &Seat) -> Result<(), SpecError> {
    let coins = takes_coins(args);
    let (mean, weight) = if coins { (0.5, 2.0) } else { (0.0, 1.0) };
    args.fill("prior_mean", Value::Real(mean));
    args.fill("prior_weight", Value::Real(weight));
    let refuse = |name: &str, allowed: &str, given: f64| {
        let allowed = format!("{allowed} where the family is \"bernoulli\"");
        Err(SpecError::new(name, allowed, format!("{given:?}")))
    };
    let (mean, weight) = (args.real("prior_mean"), args.real("prior_weight"));
    let least = LEAST_SHAPE / mean.min(1.0 - mean);
    match (coins, mean > 0.0 && mean < 1.0, weight >= least) {
        (true, false, _) => refuse("prior_mean", "between 0 and 1", mean),
        (true, _, false) => refuse(
            "prior_weight",
            &format!("positive, at least {least:e},"),
            weight,
        ),
        _ => Ok(()),
    }
}

/// Least parameter of a prior beta law: logarithms of its draws are in the range of floats.
const LEAST_SHAPE: f64 = 1e-250;

/// A Gaussian prior law; draws are measured from `origin`.
#[derive(Clone, Copy)]
struct Gaussian {
    mean: f64,
    weight: f64,
    sigma: f64,
    origin: f64,
}

impl Gaussian {
    /// The number of rewards that are known of an arm, those that the prior counts as included.
    #[inline]
    fn known(&self, tally: &Tally) -> f64 {
        self.weight + tally.count as f64
    }

    /// Mean and standard deviation of a draw for an arm; infinite if nothing is known.
    #[inline]
    fn posterior(&self, tally: &Tally) -> [f64; 2] {
        let known = self.known(tally);
        if known == 0.0 {
            return [f64::INFINITY; 2];
        }
        let n = tally.count as f64;
        let gain = self.weight * (self.mean - self.origin) + (tally.sum - n * self.origin);
        [gain / known, self.sigma / known.sqrt()]
    }
}

/// The prior law of an arm's mean, and what rewards are taken for.
enum Prior {
    Gaussian(Gaussian),
    /// With `common`, draws are odds, else the logarithms of these over the prior's.
    Bernoulli {
        ones: f64,
        zeros: f64,
        common: bool,
    },
}

impl Prior {
    fn new(args: &Args) -> Self {
        let (mean, weight) = (args.real("prior_mean"), args.real("prior_weight"));
        if takes_coins(args) {
            let [ones, zeros] = [weight * mean, weight * (1.0 - mean)];
            let common = [ones, zeros].iter().all(|a| (1.0..HEAVY).contains(a));
            return Prior::Bernoulli {
                ones,
                zeros,
                common,
            };
        }
        Prior::Gaussian(Gaussian {
            mean,
            weight,
            sigma: args.real("sigma"),
            // What a heavy prior hardly leaves to chance would be lost beside its mean.
            origin: if weight > 1.0 { mean } else { 0.0 },
        })
    }

    /// A draw from the posterior law after the rewards of an arm, on a scale that all arms share: differences
    /// that floats around the draw itself could not hold are kept.
    fn draw(&self, tally: &Tally, choice: &mut Stream) -> f64 {
        match *self {
            Prior::Gaussian(prior) => {
                let noise = Ziggurat::shared().normal(choice.next_u64());
                let [mean, scale] = prior.posterior(tally);
                if mean.is_infinite() {
                    return mean;
                }
                mean + scale * noise
            }
            Prior::Bernoulli {
                ones,
                zeros,
                common,
            } => {
                let n = tally.count as f64;
                let won = tally.sum.clamp(0.0, n);
                let lost = n - won;
                if common {
                    gamma(ones + won, choice) / gamma(zeros + lost, choice)
                } else {
                    ln_gamma_over(ones, won, choice) - ln_gamma_over(zeros, lost, choice)
                }
            }
        }
    }
}

struct ThompsonSampling {
    prior: Prior,
    tallies: Vec<Tally>,
    /// Arms and rewards since the last choice, of the family bernoulli.
    unread: Vec<(usize, f64)>,
}

impl ThompsonSampling {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            prior: Prior::new(args),
            tallies: vec![Tally::default(); seat.n_arms()],
            unread: Vec::new(),
        }
    }

    /// Turns the last rewards into coins.
    fn read(&mut self, choice: &mut Stream) {
        for (arm, reward) in self.unread.drain(..) {
            let read = if reward <= 0.0 || reward >= 1.0 {
                reward.clamp(0.0, 1.0)
            } else {
                f64::from(choice.unit() < reward)
            };
            self.tallies[arm].add(read);
        }
    }
}

impl RoundByRound for ThompsonSampling {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        self.read(choice);
        argmax(
            self.tallies
                .iter()
                .map(|tally| self.prior.draw(tally, choice)),
        )
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        match self.prior {
            Prior::Gaussian(_) => self.tallies[arm].gain(reward),
            Prior::Bernoulli { .. } => self.unread.push((arm, reward.value())),
        }
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        let coins = matches!(self.prior, Prior::Bernoulli { .. });
        let possible = |tally: &Tally| (0.0..=tally.count as f64).contains(&tally.sum);
        if coins && !self.tallies.iter().all(possible) {
            archive.refuse("more ones than rewards, or fewer than none");
        }
        let mut count = self.unread.len();
        archive.length(&mut count);
        self.unread.resize(count, (0, 0.0));
        for (arm, reward) in &mut self.unread {
            archive.index(arm, self.tallies.len());
            archive.real(reward, f64::INFINITY);
        }
    }
}
