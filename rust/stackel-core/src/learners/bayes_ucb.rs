//! `BayesUCB(family, prior_ones, prior_zeros, exponent, sigma)`: the arm whose mean could be largest, as an upper quantile of
//! its posterior law says: in round t it is exceeded with probability `1 / (t (ln T)^exponent)`.
//!
//! After Kaufmann, Cappé and Garivier (2012). For Gaussian laws the prior is flat, so that each arm is played once first. For
//! coins it is a beta law, and every arm has a quantile from the beginning.

use super::entry::{BOTH, Entry, Horizon, Information, Only, Play, Seat, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::anytime::{Anytime, Clock, largest_but};
use super::support::index::Width;
use super::support::tally::exchange_all;
use super::support::ties::Ties;
use super::{IndexBarrier, Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::beta::Beta;
use crate::gamma::HEAVY;
use crate::math::{count, ln, pow};
use crate::rewards::Rewards;
use crate::rng::Stream;
use crate::tail::normal_quantile;

const FAMILY: Param = Param::choice("family", &["gaussian", "bernoulli"], "gaussian");
const PRIOR_ONES: Param = Param::real_between("prior_ones", 1.0, HEAVY, 1.0);
const PRIOR_ZEROS: Param = Param::real_between("prior_zeros", 1.0, HEAVY, 1.0);
const EXPONENT: Param = Param::real("exponent", 0.0, 0.0);

pub(super) const ENTRY: Entry = Entry {
    name: "BayesUCB",
    roles: BOTH,
    summary: "the largest upper quantile of the posterior laws of the means",
    sees: Information::OwnRewards,
    horizon: Horizon::ReadUnless(EXPONENT.name, Only::Real(0.0)),
    draws: None,
    params: &[
        FAMILY,
        PRIOR_ONES,
        PRIOR_ZEROS,
        EXPONENT,
        Param::SIGMA,
        Ties::PARAM,
    ],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| match args.text(FAMILY.name) {
            "bernoulli" => Box::new(Coins::new(args, seat)),
            _ => Box::new(Anytime::new(args, seat, Normal::new(args, seat))),
        },
        |args, seat| match args.text(FAMILY.name) {
            "bernoulli" => Box::new(Coins::new(args, seat)),
            _ => Box::new(Anytime::new(args, seat, Normal::new(args, seat))),
        },
    ),
};

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
    tallies: Vec<Tally>,
    /// Quantiles, as odds: these tell apart what is close to 1.
    odds: Vec<f64>,
}

/// Decisions that stand for many rounds keep this relative distance from those that do not.
const MARGIN: f64 = 1e-6;
/// As many rounds are checked one by one.
const CHECKED: u64 = 12;

impl Coins {
    fn new(args: &Args, seat: &Seat) -> Self {
        let (ones, zeros) = (args.real(PRIOR_ONES.name), args.real(PRIOR_ZEROS.name));
        Self {
            prior: Beta { ones, zeros },
            level: Level::of(args, seat),
            ties: Ties::of(args),
            tallies: vec![Tally::default(); seat.n_arms()],
            odds: Vec::with_capacity(seat.n_arms()),
        }
    }

    /// What is known of the mean of an arm.
    fn law(&self, tally: &Tally) -> Beta {
        self.prior.after(tally.sum, tally.count as f64)
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
        let rounds = self
            .level
            .until(self.others_above(arm, x))
            .saturating_sub(played);
        (rounds > 1).then_some((straight(x, base), rounds))
    }

    /// What keeps it so otherwise: a sum that does not fall, or one that does not fall below a line of slope x, each for as many rounds
    /// as it is found to be enough for. The former is checked at its end, after which less is known; the latter round by round.
    fn narrow(&self, arm: usize) -> Option<(IndexBarrier, u64)> {
        let (best, tally) = (self.odds[arm], &self.tallies[arm]);
        let rival = largest_but(arm, self.odds.iter().copied());
        // Between the two quantiles; the arm's own has to stay above it, all others below.
        let middle = (best * rival).sqrt();
        let x = middle / (1.0 + middle);
        // No number, where odds are too large for their product.
        let between = 0.0 < x && x < 1.0;
        if tally.count == 0 || rival >= best || !between {
            return None;
        }
        let (n, room) = (tally.count as f64, best / (1.0 + best) - x);
        let level = self.level.after(self.played()) * (1.0 + MARGIN);
        let enough = |sum: f64, n: f64| self.prior.after(sum, n).above(x) > level;
        let most = self.others_above(arm, x);
        let until = self.level.until(most).saturating_sub(self.played());
        let base = tally.sum - 0.5;
        let mut rounds = count(n * room / x).min(until);
        while rounds >= CHECKED && !enough(base, n + rounds as f64) {
            rounds /= 4;
        }
        if rounds >= CHECKED {
            return Some((straight(0.0, base), rounds));
        }
        let base = tally.sum.min(n) - 0.5 * n * room;
        let fails = |rounds: &u64| {
            let later = *rounds as f64;
            !enough(base + x * later, n + later)
        };
        let rounds = (1..=until.min(CHECKED))
            .find(fails)
            .unwrap_or(until.min(CHECKED) + 1)
            - 1;
        (rounds > 1 && base >= 0.0).then_some((straight(x, base - x * n), rounds))
    }

    /// The largest probability with which the mean of another arm is above `x`, and a little more.
    fn others_above(&self, arm: usize, x: f64) -> f64 {
        let others = self.tallies.iter().enumerate();
        let above = others
            .filter(|&(other, _)| other != arm)
            .map(|(_, tally)| self.law(tally).above(x));
        above.fold(LEAST, f64::max) * (1.0 + MARGIN)
    }
}

/// A barrier that is a straight line.
fn straight(rival: f64, base: f64) -> IndexBarrier {
    IndexBarrier {
        rival,
        width: 0.0,
        base,
    }
}

impl Learner for Coins {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.tallies.len() == 1 {
            return Plan::Fixed { arm: 0 };
        }
        let arm = self.best(choice);
        match self.barrier(arm).or_else(|| self.narrow(arm)) {
            Some((barrier, rounds)) => Plan::While {
                arm,
                barrier,
                rounds,
            },
            None => Plan::Once { arm },
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
