"""Measure what `Doubling` costs each guarantee of the theory: the numbers of the page unknown_horizon.

``python docs/gallery/measured/unknown_horizon.py`` writes unknown_horizon.csv beside it; this takes minutes.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

import stackel as sk

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 1
TOLD = ("nobody", "leader", "follower", "both")
"""Who is not told the horizon, and doubles."""
SLOW = np.array([[1.0, 0.0], [0.8, 0.8]])


class Guarantee(NamedTuple):
    """A pair of the theory with hard games, the benchmark and the order of its regret."""

    leader: sk.Learner
    follower: sk.Learner
    family: Callable[[float], list[sk.Game]]
    grid: Callable[[int], list[float]]
    benchmark: object
    order: str
    log_power: float
    decades: tuple[int, int]
    replications: int


_NOISE = sk.Gaussian(1.0)


def lower_bound(gap: float, *, noise: sk.Noise = _NOISE) -> list[sk.Game]:
    """Return the game in which exploring at the same time fails, and the pair of the lower bound."""
    return [sk.games.etc_failure(noise=noise), *sk.games.lower_bound(gap, noise=noise)]


def hard_gaps(T: int) -> list[float]:
    """Return multiples of the gap that proves the lower bound."""
    return [multiple * 0.794 * T ** (-1 / 3) for multiple in (1, 3, 9)]


def slow_follower(unit: float) -> list[sk.Game]:
    """Return the aligned game u1 = 2 u2 in a unit."""
    return [sk.Game(2 * unit * SLOW, unit * SLOW, name="slow follower")]


def units(T: int) -> list[float]:
    """Return a unit that stays and two that shrink, the last one as fast as the bound allows."""
    return sorted([0.4, 8 * T ** (-1 / 3), 40 * float(np.sqrt(np.log(T) / T))])


def near_tolerance(gap: float) -> list[sk.Game]:
    """Return the first game of the lower bound."""
    return sk.games.lower_bound(gap)[:1]


def self_gaps(T: int) -> list[float]:
    """Return gaps around the tolerance of the self-tolerant benchmark."""
    return [multiple * sk.tolerance((2, 2), T, exponent=1 / 4) for multiple in (0.75, 1.5)]


def self_tolerant(game: sk.Game, T: int) -> object:
    """Return the self-tolerant benchmark at its tolerance."""
    return sk.self_tolerant(game, sk.tolerance(game, T, exponent=1 / 4))


_TWO_THIRDS = (lower_bound, hard_gaps, "tolerant", "T^(2/3)", 1 / 3)
_ROOT = (slow_follower, units, "stackelberg", "T^(1/2)", 1 / 2)
_WEAKER = (near_tolerance, self_gaps, self_tolerant, "T^(1/2)", 1 / 2)
_LIPSCHITZ, _AAE = sk.LipschitzUCB(lipschitz=2.0), sk.ActiveArmElimination()
GUARANTEES = {
    "ThrowOut v ETC": Guarantee(
        sk.ExploreThenCommitThrowOut(), sk.ExploreThenCommit(), *_TWO_THIRDS, (4, 10), 64
    ),
    "ExploreThenUCB v ETC": Guarantee(sk.ExploreThenUCB(), sk.ExploreThenCommit(), *_TWO_THIRDS, (4, 9), 16),
    "ExploreThenUCB v AAE": Guarantee(sk.ExploreThenUCB(), _AAE, *_TWO_THIRDS, (4, 8), 16),
    "LipschitzUCB v AAE": Guarantee(_LIPSCHITZ, _AAE, *_ROOT, (3, 7), 16),
    "LipschitzUCB v UCB": Guarantee(_LIPSCHITZ, sk.UCB(), *_ROOT, (4, 8), 16),
    "PhasedUCB v AAE": Guarantee(sk.PhasedUCB(), _AAE, *_WEAKER, (3, 6), 12),
}


def measure(guarantee: Guarantee, doubles: str, decades: tuple[int, int] | None = None) -> sk.WorstCase:
    """Return the worst regret over the hard games at each horizon."""
    leader, follower = (
        sk.Doubling(learner) if doubles in {role, "both"} else learner
        for role, learner in (("leader", guarantee.leader), ("follower", guarantee.follower))
    )
    first, last = decades or guarantee.decades
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sk.StackelWarning)  # of the follower's regret, which may be negative
        return sk.worst_case(
            guarantee.family,
            leader,
            follower,
            [10**power for power in range(first, last + 1)],
            guarantee.benchmark,
            guarantee.grid,
            replications=guarantee.replications,
            seed=SEED,
            log_power=guarantee.log_power,
            threads=1,
        )


def row(worst: sk.WorstCase) -> dict[str, object]:
    """Return the fit of the larger regret of the two players, and the points that it fits."""
    fit = worst.scaling
    mean = fit.regret[2].mean(axis=0)
    error = fit.regret[2].std(axis=0, ddof=1) / np.sqrt(fit.regret.shape[1])
    return {
        "exponent": fit.exponent[2],
        "low": fit.ci[2, 0],
        "high": fit.ci[2, 1],
        "without_log": fit.log_adjusted_exponent[2],
        "bend": fit.curvature[2],
        "bend_low": fit.curvature_ci[2, 0],
        "bend_high": fit.curvature_ci[2, 1],
        "last": fit.local_exponent[2, -1],
        "last_low": fit.local_ci[2, -1, 0],
        "last_high": fit.local_ci[2, -1, 1],
        "horizons": " ".join(map(str, fit.horizons)),
        "regret": " ".join(f"{value:.6g}" for value in mean),
        "error": " ".join(f"{value:.3g}" for value in error),
        "game": worst.game[2][-1],
        "replications": fit.regret.shape[1],
    }


def main() -> None:
    """Measure all guarantees and write the table."""
    rows = []
    for name, guarantee in GUARANTEES.items():
        for doubles in TOLD:
            found = row(measure(guarantee, doubles))
            rows.append({"pair": name, "order": guarantee.order, "doubles": doubles, **found})
            print(name, doubles, found["exponent"], flush=True)
            pd.DataFrame(rows).to_csv(Path(__file__).with_suffix(".csv"), index=False, float_format="%.4f")


if __name__ == "__main__":
    main()
