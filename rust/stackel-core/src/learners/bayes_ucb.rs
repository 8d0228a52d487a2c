//! `BayesUCB(family, prior_mean, prior_weight, exponent, sigma)`: the arm whose mean could be largest, as an upper quantile of
//! its posterior law says: in round t it is exceeded with probability `1 / (t (ln T)^exponent)`.
//!
//! After Kaufmann, Cappé and Garivier (2012). For Gaussian laws the prior is flat, so that each arm is played once first. For
//! coins it is a beta law, and every arm has a quantile from the beginning.

use super::entry::{BOTH, Entry, Horizon, Information, Play, Seat};
use super::schema::{Args, Param};
use super::support::anytime::{Anytime, Clock, largest_but};
use super::support::index::Width;
use super::support::tally::exchange_all;
use super::support::ties::Ties;
use super::{IndexBarrier, Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::beta::Beta;
use crate::error::SpecError;
use crate::gamma::HEAVY;
use crate::math::{count, ln, pow};
use crate::rewards::Rewards;
use crate::rng::Stream;
use crate::tail::normal_quantile;

const PRIOR_MEAN: Param = Param::real_between("prior_mean", 0.0, 1.0, 0.5);
const PRIOR_WEIGHT: Param = Param::real_between("prior_weight", 2.0, HEAVY, 2.0);
const EXPONENT: Param = Param::real("exponent", 0.0, 0.0);

pub(super) const ENTRY: Entry = Entry {
    name: "BayesUCB",
    roles: BOTH,
    summary: "the largest upper quantile of the posterior laws of the means",
    sees: Information::OwnRewards,
    horizon: Horizon::Read,
    draws: None,
    params: &[
        Param::choice("family", &["gaussian", "bernoulli"], "gaussian"),
        PRIOR_MEAN,
        PRIOR_WEIGHT,
        EXPONENT,
        Param::SIGMA,
        Ties::PARAM,
    ],
    fill,
    play: Play::ahead(
        |args, seat| match takes_coins(args) {
            true => Box::new(Coins::new(args, seat)),
            false => Box::new(Anytime::new(args, seat, Normal::new(args, seat))),
        },
        |args, seat| match takes_coins(args) {
            true => Box::new(Coins::new(args, seat)),
            false => Box::new(Anytime::new(args, seat, Normal::new(args, seat))),
        },
    ),
};

fn takes_coins(args: &Args) -> bool {
    args.text("family") == "bernoulli"
}

/// Parameters of the prior beta law that are this close to 1 count as 1.
const ROUNDING: f64 = 1e-9;

fn fill(args: &mut Args, _seat: &Seat) -> Result<(), SpecError> {
    let (mean, weight) = (args.real(PRIOR_MEAN.name), args.real(PRIOR_WEIGHT.name));
    if !takes_coins(args) || weight * mean.min(1.0 - mean) >= 1.0 - ROUNDING {
        return Ok(());
    }
    let least = 1.0 / weight;
    let allowed = format!(
        "from {least:?} to {:?}, so that the prior counts as one reward of 0 and of 1 each at least",
        1.0 - least
    );
    Err(SpecError::new(
        PRIOR_MEAN.name,
        allowed,
        format!("{mean:?}"),
    ))
}

/// The probability with which a quantile is exceeded.
struct Level {
    /// `(ln T)^exponent`, at least 1.
    factor: f64,
}

/// Smaller probabilities count as this one.
const LEAST: f64 = 1e-300;

impl Level {
    fn of(args: &Args, seat: &Seat) -> Self {
        let log = ln(seat.horizon.max(1) as f64).max(1.0);
        Self {
            factor: pow(log, args.real(EXPONENT.name)),
        }
    }

    /// In the round after `played` ones.
    fn after(&self, played: u64) -> f64 {
        (1.0 / ((played + 1) as f64 * self.factor)).max(LEAST)
    }

    /// The number of rounds after which the probability is still larger than `p`.
    fn until(&self, p: f64) -> u64 {
        count(1.0 / (p * self.factor)).saturating_sub(2)
    }
}

/// For normal laws, the quantile is `mean + sigma z / sqrt(n)`.
struct Normal {
    sigma: f64,
    level: Level,
}

impl Normal {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            sigma: args.real("sigma"),
            level: Level::of(args, seat),
        }
    }
}

impl Clock for Normal {
    type Rule = Width;

    fn at(&self, played: u64) -> Width {
        Width(self.sigma * normal_quantile(self.level.after(played)))
    }
}

/// The rule for coins.
struct Coins {
    prior: Beta,
    level: Level,
    ties: Ties,
    /// Whether rewards are 0 or 1.
    certain: bool,
    tallies: Vec<Tally>,
    /// Quantiles, as odds: these tell apart what is close to 1.
    odds: Vec<f64>,
}

/// Decisions that stand for many rounds keep this relative distance from those that do not.
const MARGIN: f64 = 1e-6;

impl Coins {
    fn new(args: &Args, seat: &Seat) -> Self {
        let (mean, weight) = (args.real(PRIOR_MEAN.name), args.real(PRIOR_WEIGHT.name));
        let [ones, zeros] = [mean, 1.0 - mean].map(|share| (weight * share).max(1.0));
        Self {
            prior: Beta { ones, zeros },
            level: Level::of(args, seat),
            ties: Ties::of(args),
            certain: seat.coins,
            tallies: vec![Tally::default(); seat.n_arms()],
            odds: Vec::with_capacity(seat.n_arms()),
        }
    }

    /// What is known of the mean of an arm.
    fn law(&self, tally: &Tally) -> Beta {
        let n = tally.count as f64;
        let won = tally.sum.clamp(0.0, n);
        Beta {
            ones: self.prior.ones + won,
            zeros: self.prior.zeros + (n - won),
        }
    }

    fn played(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.count).sum()
    }

    fn best(&mut self, choice: &mut Stream) -> usize {
        let p = self.level.after(self.played());
        let mut odds = std::mem::take(&mut self.odds);
        odds.clear();
        odds.extend(
            self.tallies
                .iter()
                .map(|tally| self.law(tally).odds_exceeded(p)),
        );
        self.odds = odds;
        self.ties.pick(self.odds.iter().copied(), choice)
    }

    /// What keeps `arm`, the best one, so: as long as its posterior law has half of itself above an x, no other does with as much as
    /// the level of the last of some rounds. The median is between mean and mode, of which both are to be above x.
    fn barrier(&self, arm: usize) -> Option<(IndexBarrier, u64)> {
        let (played, tally) = (self.played(), &self.tallies[arm]);
        let rival = largest_but(arm, self.odds.iter().copied());
        let (law, prior) = (self.law(tally), self.prior);
        let mode = (law.ones - 1.0) / (law.ones + law.zeros - 2.0);
        let [low, high] = [rival / (1.0 + rival), law.mean().min(mode)];
        if played < 2 || tally.count == 0 || low >= high {
            return None;
        }
        let x = 0.5 * (low + high);
        let weight = prior.ones + prior.zeros;
        let base = (x * weight - prior.ones).max(x * (weight - 2.0) - (prior.ones - 1.0));
        if tally.count as f64 * (1.0 - x) < base {
            // Sums beyond the number of rewards, which count as that, may be below the barrier.
            return None;
        }
        let others = self.tallies.iter().enumerate();
        let most = others
            .filter(|&(other, _)| other != arm)
            .map(|(_, tally)| self.law(tally).above(x))
            .fold(LEAST, f64::max);
        let rounds = self
            .level
            .until(most * (1.0 + MARGIN))
            .saturating_sub(played);
        let barrier = IndexBarrier {
            rival: x,
            width: 0.0,
            base,
        };
        (rounds > 1).then_some((barrier, rounds))
    }

    /// For how many rounds `arm`, the best one, stays so even if all of its rewards are 0.
    fn rounds(&self, arm: usize) -> u64 {
        let best = self.odds[arm];
        let rival = largest_but(arm, self.odds.iter().copied());
        // Between the two quantiles; the arm's own has to stay above it, all others below.
        let middle = (best * rival).sqrt();
        let x = middle / (1.0 + middle);
        if !self.certain || rival >= best || x <= 0.0 || x >= 1.0 {
            return 1;
        }
        let (played, law) = (self.played(), self.law(&self.tallies[arm]));
        let keeps = |rounds: u64| {
            let zeros = law.zeros + rounds as f64;
            let own = Beta { zeros, ..law }.above(x);
            let then = self.level.after(played + rounds);
            let mut others = self.tallies.iter().enumerate();
            own > self.level.after(played) * (1.0 + MARGIN)
                && others.all(|(other, tally)| {
                    other == arm || self.law(tally).above(x) < then * (1.0 - MARGIN)
                })
        };
        let slack = best / (1.0 + best) / x - 1.0;
        let mut rounds = count((law.ones + law.zeros) * slack);
        while rounds > 1 && !keeps(rounds) {
            rounds /= 4;
        }
        rounds.max(1)
    }
}

impl Learner for Coins {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.tallies.len() == 1 {
            return Plan::Fixed { arm: 0 };
        }
        let arm = self.best(choice);
        if let Some((barrier, rounds)) = self.barrier(arm) {
            return Plan::While {
                arm,
                barrier,
                rounds,
            };
        }
        match self.rounds(arm) {
            1 => Plan::Once { arm },
            rounds => Plan::Cycle {
                arms: [arm].into(),
                rounds,
                again: None,
            },
        }
    }

    #[inline]
    fn tally(&mut self, arm: usize, _response: usize) -> &mut Tally {
        &mut self.tallies[arm]
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
    }
}

impl RoundByRound for Coins {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        self.best(choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
    }
}
