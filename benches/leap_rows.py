"""Timed cases of leaping, with their goals."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from instances import spread_game, tied_game
from turns import Contestant, ManyGames, Times, in_turns, shown

import stackel as sk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Timings = dict[str, Times]

LONG = 10**8
GAME = spread_game(4)
TIED = tied_game(4)
NOISES = {"Gaussian": sk.Gaussian(1.0), "Bernoulli": sk.Bernoulli(), "Uniform": sk.Uniform(0.5)}
NOISES["Deterministic"] = sk.Deterministic()
UCB, ANYTIME = sk.UCB(), sk.UCB(anytime=True)
ETC, ETC_UCB, AAE = sk.ExploreThenCommit(), sk.ExploreThenUCB(), sk.ActiveArmElimination()
THROW_OUT = sk.ExploreThenCommitThrowOut()
THOMPSON, BETA = sk.ThompsonSampling(), sk.ThompsonSampling(family="bernoulli")
GREEDY, UNIFORM, UCBV = sk.EpsilonGreedy(), sk.UniformLearner(), sk.UCBV()


class Row(NamedTuple):
    """A line of the table."""

    case: str
    contestants: Mapping[str, Contestant | ManyGames]
    measure: Callable[[Timings], float]
    """Function from the times to the number of the goal."""
    limit: float
    """Largest allowed number."""
    unit: str
    """Unit of number and limit: a format with one place, or "s" for a time."""
    turns: int = 7

    @property
    def clock(self) -> Callable[[], float]:
        return next(iter(self.contestants.values())).clock

    def timings(self) -> Timings:
        """Return the times of all contestants, after a turn that does not count."""
        in_turns(self.contestants, 1)
        return in_turns(self.contestants, self.turns)

    def shown(self, number: float) -> str:
        return shown(number) if self.unit == "s" else self.unit.format(number)


def of_first(times: Timings) -> float:
    """Return the time of the first contestant."""
    return next(iter(times.values())).median


def first_to_second(times: Timings) -> float:
    first, second = times.values()
    return first.median / second.median


def slowest(times: Timings) -> float:
    return max(each.median for each in times.values())


def exponent(horizons: list[int], times: Timings) -> float:
    """Return the power of the horizon with which time grows."""
    slope, _ = np.polyfit(np.log(horizons), np.log([each.median for each in times.values()]), 1)
    return float(slope)


def leap(game: sk.Game, leader: sk.Learner, follower: sk.Learner, horizon: int, calls: int) -> Contestant:
    return Contestant(game, leader, follower, horizon, "leap", replications=calls)


def step(game: sk.Game, leader: sk.Learner, follower: sk.Learner, horizon: int) -> Contestant:
    return Contestant(game, leader, follower, horizon, "stepwise")


def schedules(name: str, leader: sk.Learner, follower: sk.Learner) -> Row:
    """Return a row of a pair without barriers; a call plays a thousand games to make its overhead small."""
    games = {noise: leap(spread_game(4, law), leader, follower, LONG, 1000) for noise, law in NOISES.items()}
    return Row(f"{name}, 4x4, T = 1e8, the slowest noise", games, slowest, 100e-6, "s")


def elimination(name: str, leader: sk.Learner, follower: sk.Learner) -> Row:
    games = {"leap": leap(GAME, leader, follower, LONG, 10)}
    return Row(f"{name}, 4x4, T = 1e8", games, of_first, 10e-3, "s")


def in_law(
    pair: tuple[sk.Learner, sk.Learner], limit: float, horizon: int = LONG, noise: str = "Gaussian"
) -> Row:
    """Return a row of a pair of which a learner leaps in law."""
    names = " v ".join(type(learner).__name__ for learner in pair)
    case = f"{names}, {noise}, 4x4, T = {horizon:.0e}".replace("e+0", "e").replace("e+", "e")
    return Row(case, {"leap": leap(spread_game(4, NOISES[noise]), *pair, horizon, 10)}, of_first, limit, "s")


def a_round(leader: sk.Learner, follower: sk.Learner, limit: float, n: int = 4) -> Row:
    """Return a row of rounds that are played one by one, or in short stretches."""
    horizon = 10**6
    game = GAME if n == 4 else sk.games.random(n, n, seed=0)
    names = " v ".join(type(learner).__name__ for learner in (leader, follower))
    contestants = {"a game": Contestant(game, leader, follower, horizon, "auto")}
    return Row(
        f"{names}, {n}x{n}, T = 1e6, a round",
        contestants,
        lambda times: of_first(times) / horizon,
        limit,
        "s",
    )


GROWTH = [10**8, 10**9, 10**10]
"""Horizons at which gaps are so large that hardly any round is stepped; below, cost grows faster."""

ROWS = {
    "separated": Row(
        "UCB v UCB, 4x4, T = 1e8",
        {"leap": leap(GAME, UCB, UCB, LONG, 20), "stepwise": step(GAME, UCB, UCB, LONG)},
        of_first,
        5e-3,
        "s",
    ),
    "long": Row(
        "UCB v UCB, 4x4, T = 1e12 beside 1e8",
        {f"T = {t:.0e}": leap(GAME, UCB, UCB, t, 20) for t in (10**12, LONG)},
        first_to_second,
        3.0,
        "{:.3g} times",
    ),
    "tied": Row(
        "UCB v UCB, 4x4, all arms tied, T = 1e8",
        {"leap": leap(TIED, UCB, UCB, LONG, 4), "stepwise": step(TIED, UCB, UCB, LONG)},
        first_to_second,
        1.0,
        "{:.3g} times stepwise",
    ),
    "growth": Row(
        "UCB v UCB, 4x4, all arms tied, T = 1e8 to 1e10",
        {f"T = {t:.0e}": leap(TIED, UCB, UCB, t, 4) for t in GROWTH},
        partial(exponent, GROWTH),
        0.6,
        "T to the power {:.2g}",
        turns=3,
    ),
    "commit": schedules("ExploreThenCommit v ExploreThenCommit", ETC, ETC),
    "throw out": schedules("ThrowOut v ExploreThenCommit", THROW_OUT, ETC),
    "elimination below": elimination("ExploreThenUCB v ActiveArmElimination", ETC_UCB, AAE),
    "elimination above": elimination("ActiveArmElimination v ExploreThenUCB", AAE, ETC_UCB),
    "elimination twice": elimination("ActiveArmElimination v ActiveArmElimination", AAE, AAE),
    "Bernoulli": Row(
        "UCB v UCB, 4x4, T = 1e8, Bernoulli beside Gaussian",
        {name: leap(spread_game(4, NOISES[name]), UCB, UCB, LONG, 20) for name in ("Bernoulli", "Gaussian")},
        first_to_second,
        8.0,
        "{:.3g} times",
    ),
    "large": Row(
        "UCB v UCB, 64x64, random, T = 1e8",
        {
            "leap": leap(sk.games.random(64, 64, seed=0), UCB, UCB, LONG, 2),
            "stepwise": step(sk.games.random(64, 64, seed=0), UCB, UCB, LONG),
        },
        first_to_second,
        1 / 50,
        "{:.3g} times stepwise",
    ),
    "many": Row(
        "UCB v UCB, 4x4, T = 1e8, 1000 games on two threads",
        {"leap": leap(GAME, UCB, UCB, LONG, 1000)._replace(threads=2)},
        lambda times: 1000 * of_first(times),
        4.0,
        "s",
        turns=5,
    ),
    "anytime": Row(
        "anytime UCB beside UCB, stepwise, 4x4, T = 1e7",
        {"anytime": step(GAME, ANYTIME, ANYTIME, 10**7), "ln T": step(GAME, UCB, UCB, 10**7)},
        first_to_second,
        1.3,
        "{:.3g} times",
    ),
    "Thompson twice": in_law((THOMPSON, THOMPSON), 10e-3),
    "Thompson long": in_law((THOMPSON, THOMPSON), 20e-3, 10**12),
    "Thompson above": in_law((THOMPSON, UCB), 15e-3),
    "Thompson below": in_law((UCB, THOMPSON), 15e-3),
    "beta above": in_law((BETA, UCB), 15e-3, noise="Bernoulli"),
    "beta below": in_law((UCB, BETA), 15e-3, noise="Bernoulli"),
    "greedy above": in_law((GREEDY, UCB), 20e-3),
    "greedy below": in_law((UCB, GREEDY), 20e-3),
    "uniform above": in_law((UNIFORM, UCB), 5e-3),
    "uniform below": in_law((UCB, UNIFORM), 5e-3),
    "variance above": in_law((UCBV, UCB), 30e-3),
    "variance below": in_law((UCB, UCBV), 30e-3),
    "exponential weights": a_round(sk.EXP3(), UCB, 35e-9),
    "window": a_round(sk.SlidingWindowUCB(), UCB, 40e-9),
    "discount": a_round(sk.DiscountedUCB(), UCB, 40e-9),
    "short stretches": a_round(UCB, UCB, 10e-9, n=64),
    "short games": Row(
        "UCB v UCB, 100,000 random games of 2x2, T = 1e4, one call, two threads",
        {"a game": ManyGames(2, 10**4, replications=10_000, threads=2)},
        lambda times: 100_000 * of_first(times),
        3.5,
        "s",
        turns=5,
    ),
    "call": Row(
        "UCB v UCB, 4x4, T = 10, a call",
        {"leap": leap(GAME, UCB, UCB, 10, 1)},
        of_first,
        30e-6,
        "s",
        turns=301,
    ),
}
