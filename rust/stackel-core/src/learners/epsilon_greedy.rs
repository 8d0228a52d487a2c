//! `EpsilonGreedy(epsilon, decay)`: each arm once in index order; then, in its n-th round, an arm at
//! random with probability `min(1, epsilon / n^decay)`, else the best empirical mean.
//!
//! Whether a round is one of exploration does not depend on rewards, so the next such round is drawn
//! ahead. Until then the greedy arm, an index policy of width 0, is played while it leads.
//!
//! Without decay, the arms of rounds are those of a mixture while one arm has the largest mean: leaps count them.

use super::entry::{BOTH, Entry, Horizon, Information, Only, Play, Seat, nothing_to_fill};
use super::schema::{Args, Param};
use super::support::explorations::{Explorations, Schedule};
use super::support::index::{IndexPolicy, Width, index};
use super::support::mixture::Mixture;
use super::support::tally::exchange_all;
use super::support::ties::Ties;
use super::{Corridor, Learner, Plan, RoundByRound, Tally};
use crate::archive::Archive;
use crate::math::pow;
use crate::record::MAX_HORIZON;
use crate::rewards::Rewards;
use crate::rng::Stream;

pub(super) const ENTRY: Entry = Entry {
    name: "EpsilonGreedy",
    roles: BOTH,
    summary: "each arm once, then the best empirical mean, or with probability epsilon / n^decay an arm at random",
    sees: Information::OwnRewards,
    horizon: Horizon::Unread,
    draws: Some(
        "when an exploration is over, and before the first: a unit u, whose floor(ln(1 - u) / ln(1 - p)) rounds \
         pass before the next one, where p is the probability of the first of them; if it has fallen to q < p by \
         then, a unit, and starts over from there unless unit < q / p. In a round of exploration: a number below K",
    ),
    params: &[
        Param::real("epsilon", 0.0, 0.1),
        Param::real("decay", 0.0, 0.0),
        Ties::PARAM,
    ],
    fill: nothing_to_fill,
    play: Play::ahead(
        |args, seat| Box::new(EpsilonGreedy::new(args, seat)),
        |args, seat| Box::new(EpsilonGreedyRoundByRound::new(args, seat)),
    )
    .leaping(Some(("decay", Only::Real(0.0))), leaping),
};

/// The shortest game, and the most arms, for which it is worth to count rounds.
const LONG: u64 = 1 << 16;
const MOST_ARMS: usize = 64;

fn leaping(args: &Args, seat: &Seat) -> Box<dyn Learner> {
    if seat.horizon < LONG || seat.n_arms() > MOST_ARMS || seat.n_arms() == 1 {
        return Box::new(EpsilonGreedy::new(args, seat));
    }
    Box::new(Counted {
        greedy: IndexPolicy::new(args, seat, Width(0.0)),
        epsilon: args.real("epsilon"),
        n_arms: seat.n_arms(),
        played: 0,
        mixture: None,
    })
}

/// `epsilon / n^decay`, at most 1.
struct Falling {
    epsilon: f64,
    decay: f64,
}

impl Falling {
    fn explorations(args: &Args, seat: &Seat) -> Explorations<Self> {
        let (epsilon, decay) = (args.real("epsilon"), args.real("decay"));
        Explorations::new(Self { epsilon, decay }, seat.horizon)
    }
}

impl Schedule for Falling {
    fn probability(&self, n: u64) -> f64 {
        (self.epsilon * pow(n as f64, -self.decay)).min(1.0)
    }
}

struct EpsilonGreedy {
    greedy: IndexPolicy<Width>,
    explorations: Explorations<Falling>,
    n_arms: usize,
    played: u64,
}

impl EpsilonGreedy {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            greedy: IndexPolicy::new(args, seat, Width(0.0)),
            explorations: Falling::explorations(args, seat),
            n_arms: seat.n_arms(),
            played: 0,
        }
    }
}

impl Learner for EpsilonGreedy {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.played < self.n_arms as u64 {
            return self.greedy.plan(choice);
        }
        let next = self.explorations.after(self.played, choice);
        let wait = next - self.played - 1;
        if wait == 0 {
            let arm = choice.below(self.n_arms);
            self.greedy.divert(arm);
            return Plan::Once { arm };
        }
        self.greedy.plan(choice).at_most(wait)
    }

    #[inline]
    fn tally(&mut self, arm: usize, response: usize) -> &mut Tally {
        self.greedy.tally(arm, response)
    }

    #[inline]
    fn observe(&mut self, _arm: usize, _response: usize, rounds: u64) {
        self.played += rounds;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.greedy.exchange(archive);
        self.explorations.exchange(archive);
        archive.count(&mut self.played, MAX_HORIZON);
    }
}

/// The same law without decay, by a mixture whose rounds can be counted.
struct Counted {
    greedy: IndexPolicy<Width>,
    epsilon: f64,
    n_arms: usize,
    played: u64,
    /// Made after the first turn.
    mixture: Option<Mixture>,
}

impl Learner for Counted {
    fn plan(&mut self, choice: &mut Stream) -> Plan {
        if self.played < self.n_arms as u64 {
            return self.greedy.plan(choice);
        }
        let (n_arms, epsilon) = (self.n_arms, self.epsilon);
        let mixture = self
            .mixture
            .get_or_insert_with(|| Mixture::around_best(n_arms, epsilon, choice));
        mixture.move_to(self.played);
        if let Some(run) = mixture.run() {
            return self.greedy.plan(choice).at_most(run);
        }
        let arm = mixture.next();
        self.greedy.divert(arm);
        Plan::Once { arm }
    }

    fn tally(&mut self, arm: usize, response: usize) -> &mut Tally {
        self.greedy.tally(arm, response)
    }

    #[inline]
    fn observe(&mut self, _arm: usize, _response: usize, rounds: u64) {
        self.played += rounds;
    }

    fn mixture(&mut self) -> Option<&mut Mixture> {
        let mixture = self.mixture.as_mut()?;
        mixture.move_to(self.played);
        Some(mixture)
    }

    fn mixes(&self) -> bool {
        true
    }

    fn corridor(&mut self) -> Option<Corridor> {
        let mixture = self.mixture.as_mut()?;
        Corridor::around_best(self.greedy.tallies(), mixture)
    }

    fn land(&mut self, tallies: &[Tally]) {
        self.greedy.land(tallies);
        self.played = tallies.iter().map(|tally| tally.count).sum();
    }

    fn exchange(&mut self, archive: &mut Archive) {
        self.greedy.exchange(archive);
        archive.count(&mut self.played, MAX_HORIZON);
        let (n_arms, epsilon) = (self.n_arms, self.epsilon);
        Mixture::exchange_made(&mut self.mixture, archive, |none| {
            Mixture::around_best(n_arms, epsilon, none)
        });
    }
}

struct EpsilonGreedyRoundByRound {
    explorations: Explorations<Falling>,
    ties: Ties,
    tallies: Vec<Tally>,
    played: u64,
}

impl EpsilonGreedyRoundByRound {
    fn new(args: &Args, seat: &Seat) -> Self {
        Self {
            explorations: Falling::explorations(args, seat),
            ties: Ties::of(args),
            tallies: vec![Tally::default(); seat.n_arms()],
            played: 0,
        }
    }
}

impl RoundByRound for EpsilonGreedyRoundByRound {
    fn choose(&mut self, choice: &mut Stream) -> usize {
        let n_arms = self.tallies.len();
        let tried = self.played >= n_arms as u64;
        if tried && self.explorations.after(self.played, choice) == self.played + 1 {
            return choice.below(n_arms);
        }
        let means = self.tallies.iter().map(|tally| index(tally, 0.0));
        self.ties.pick(means, choice)
    }

    fn observe(&mut self, arm: usize, _response: usize, reward: &Rewards) {
        self.tallies[arm].gain(reward);
        self.played += 1;
    }

    fn exchange(&mut self, archive: &mut Archive) {
        exchange_all(&mut self.tallies, archive);
        self.explorations.exchange(archive);
        archive.count(&mut self.played, MAX_HORIZON);
    }
}
