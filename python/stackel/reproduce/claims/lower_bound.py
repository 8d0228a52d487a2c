"""No pair of learners beats T^(2/3) against the tolerant benchmark.

Game II_j differs from I in one utility of the follower, 2d at the leader's first action and response
j. Unless some 1/d^2 rounds are spent on every such response, I and the II_j look alike; spending them
costs the leader half a unit each, not spending them costs d a round in one of the games. The gap
``d = ((|B| - 1) sigma^2 / (2 T))^(1/3)`` makes both equal, and a quarter of d T remains. The
benchmark values are the same at every tolerance.

The exponent is that of the pairs that explore and then commit, which can be played over more
decades than others: committed rounds cost no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel import games
from stackel.reproduce.claim import Claim, Estimate, Evidence, Figure, Finding, Panel, Series, at_least
from stackel.reproduce.families import WORST, at_tolerance, hard_gap
from stackel.reproduce.growth import SLACK
from stackel.reproduce.least import Cell, Contest, scaled
from stackel.reproduce.measure import Instance
from stackel.reproduce.portfolio import all_pairs, committing_pairs, learning_pairs
from stackel.reproduce.rates import Trend

if TYPE_CHECKING:
    from stackel.game import Game
    from stackel.reproduce.claim import Settings
    from stackel.reproduce.least import Least
    from stackel.reproduce.measure import Lab

BOUND = WORST / 4
"""Least max_j max(R1(I), R2(II_j)) in units of ``(sigma^2 (|B| - 1))**(1/3) T**(2/3)``."""
_QUANTITY = "max(R1(I), R2(II_j)) / ((|B|-1) T^2)^(1/3)"
_SIZES = (2, 4, 8)
"""Numbers |B| of responses in the check that the bound grows with them."""
_MODES = {
    "quick": {
        "pairs": {300: 128, 3_000: 64, 30_000: 16},
        "growth": {1_000: 512, 10_000: 512, 100_000: 256, 1_000_000: 128},
        "sizes": {1_000: 32},
    }
}


def cells(n_follower: int = 2) -> tuple[Cell, ...]:
    """Regret of the leader in I, and of the follower in every II_j."""
    return Cell(_first(n_follower), 0), *(Cell(_other(n_follower, j), 1) for j in range(1, n_follower))


def _first(n_follower: int) -> Instance:
    def game(horizon: int) -> Game:
        return games.lower_bound(hard_gap(horizon, n_follower), n_follower)[0]

    return Instance(f"lower_bound I, |B| = {n_follower}", game, at_tolerance)


def _other(n_follower: int, hidden: int) -> Instance:
    def game(horizon: int) -> Game:
        return games.lower_bound(hard_gap(horizon, n_follower), n_follower, hidden=hidden)[1]

    return Instance(f"lower_bound II_{hidden}, |B| = {n_follower}", game, at_tolerance)


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Let every pair play over horizons, some over longer ones, some with more responses."""
    contest = Contest.play(lab, all_pairs(), cells(), settings["pairs"])
    committing = Contest.play(lab, committing_pairs(), cells(), settings["growth"])
    sized = {size: Contest.play(lab, learning_pairs(), cells(size), settings["sizes"]) for size in _SIZES}
    slope = Finding(
        f"|B| = 2, least of {len(committing.curves)} pairs that commit",
        "exponent of max(R1(I), R2(II))",
        at_least(2 / 3, "2/3", SLACK),
        Trend.of(lab, committing.flat(), committing.reduction).exponent(),
    )
    constants = tuple(_constant(contest, least, 2) for least in contest.least())
    growth = tuple(_constant(sized[size], sized[size].least()[-1], size) for size in _SIZES)
    figure = Figure("lower_bound", (_over_horizons(contest, committing), _over_sizes(sized)))
    return Evidence((*constants, slope, *growth), (figure,))


def _unit(horizon: int, n_follower: int) -> float:
    return float(((n_follower - 1) * horizon**2) ** (1 / 3))


def _constant(contest: Contest, least: Least, n_follower: int) -> Finding:
    return Finding(
        f"|B| = {n_follower}, T = {least.horizon:,}, least of {len(contest.curves)} pairs",
        _QUANTITY,
        at_least(BOUND, f"{BOUND:.3f}"),
        scaled(least.value, _unit(least.horizon, n_follower)),
        f"attained by {least.pair}",
    )


def _over_horizons(contest: Contest, committing: Contest) -> Panel:
    def curve(label: str, who: Contest, rank: int) -> Series:
        leasts = who.least()
        values = tuple(scaled(least.value, _unit(least.horizon, 2)) for least in leasts)
        return Series(label, tuple(float(least.horizon) for least in leasts), values, rank)

    units = [_unit(least.horizon, 2) for least in contest.least()]
    return Panel(
        "Every pair, |B| = 2",
        "horizon T (rounds)",
        "max(R1(I), R2(II)) / T^(2/3)",
        (
            curve("least of all pairs", contest, 0),
            curve("least that commits", committing, 1),
            *contest.series(units),
        ),
        level=(BOUND, f"proved bound {BOUND:.3f}"),
    )


def _over_sizes(sized: dict[int, Contest]) -> Panel:
    def value(size: int) -> Estimate:
        least = sized[size].least()[-1]
        return scaled(least.value, least.horizon ** (2 / 3))

    horizon = sized[_SIZES[0]].least()[-1].horizon
    hidden = tuple(size - 1.0 for size in _SIZES)
    return Panel(
        f"Growth with |B|, T = {horizon:,}",
        "|B| - 1",
        "max(R1(I), R2(II_j)) / T^(2/3)",
        (
            Series("least that learns", hidden, tuple(map(value, _SIZES)), 1, slope=1 / 3),
            Series("proved bound", hidden, tuple(_exactly(BOUND * n ** (1 / 3)) for n in hidden), 2),
        ),
    )


def _exactly(value: float) -> Estimate:
    return Estimate(value, value, value)


CLAIM = Claim(
    "lower_bound",
    "No pair beats T^(2/3)",
    "Against the tolerant benchmark some game costs every pair 0.198 (sigma^2 (|B| - 1))^(1/3) T^(2/3).",
    _MODES,
    collect,
)
