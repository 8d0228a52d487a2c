"""How much of the leader's exploration may overlap with the follower's before ETC against ETC fails.

Of the E rewards that the leader takes from each action, a share ``w = |B| E2 / E`` comes from the
follower's exploration. In etc_failure the leader then sees 0.6 - 0.2 w and 0.5 - 0.05 w on average, and
takes the first action for the worse one exactly when w > 2/3.

With more responses that are as bad as the second one, exploration looks worse: the share that the
leader can bear is ``|B| / (3 (|B| - 1))``, down to 1/3.

Both explorations are of fixed length and the players' noise is independent, so that the probabilities of
all commitments, and with them the expected regret, are known in closed form. The dotted curves draw it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from stackel.games._game import Game
from stackel.learners import ExploreThenCommit
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import (
    Effort,
    Estimate,
    Evidence,
    Figure,
    Finding,
    Panel,
    Series,
    about,
    at_most,
)
from stackel.reproduce.experiments.instances import STACKELBERG, Instance, Power, in_units
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.contest import scaled
from stackel.reproduce.findings.growth import in_short, per_round

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

LOSS = 0.1
_SHARES = (0.4, 0.5, 0.55, 0.6, 0.64, 2 / 3, 0.69, 0.73, 0.8, 0.9, 1.0)
"""Shares w in the figure."""
_SIZES = (2, 3, 5)
"""Numbers |B| of responses."""
_SIDES = (0.9, 1.1)
"""Places, in units of the predicted threshold, at which the two sides of it are compared."""
_MODES = {
    "quick": {"shares": Effort((10**4, 10**6, 10**8), 64), "sizes": Effort((10**8,), 32)},
    "full": {"shares": Effort((10**4, 10**6, 10**8, 10**10), 256), "sizes": Effort((10**10,), 128)},
}


@dataclass(frozen=True)
class Overlapping:
    """A leader of whose exploration the follower's takes a share."""

    share: float
    n_follower: int

    def __call__(self, horizon: int) -> ExploreThenCommit:
        """Return the leader for a horizon."""
        return ExploreThenCommit(exploration=round(self.n_follower * self.follower(horizon) / self.share))

    def follower(self, horizon: int) -> int:
        """Pulls E2 of each response in the follower's exploration."""
        return ExploreThenCommit().resolve("follower", horizon, 2, self.n_follower).exploration or 0

    @property
    def code(self) -> str:
        """The leader as an expression in T."""
        length = f"sk.ExploreThenCommit().resolve('follower', T, 2, {self.n_follower}).exploration"
        return f"sk.ExploreThenCommit(exploration=round({self.n_follower} * {length} / {self.share!r}))"


def game(n_follower: int) -> Game:
    """Return etc_failure with its second response several times over."""
    repeats = [1, n_follower - 1]
    return Game(
        np.repeat([[0.6, 0.2], [0.5, 0.4]], repeats, axis=1),
        np.repeat([[0.4, 0.0], [0.3, 0.2]], repeats, axis=1),
        name=f"etc_failure, |B| = {n_follower}",
    )


def threshold(n_follower: int) -> float:
    """Largest share at which the leader's first action does not look worse."""
    return n_follower / (3 * (n_follower - 1))


def closed_form(share: float, n_follower: int, horizon: int) -> float:
    """Leader's expected regret a round."""
    leader = Overlapping(share, n_follower)
    played, pulls = game(n_follower), leader(horizon).exploration or 0
    explored = n_follower * leader.follower(horizon)
    mean = played.leader.mean(axis=1)
    gaps = played.follower[:, 0] - played.follower[:, 1]
    slips = [_slip(gap, leader.follower(horizon), n_follower) for gap in gaps.tolist()]
    total = 0.0
    for responses in itertools.product((0, 1), repeat=2):
        chance = math.prod(p if slip else 1 - p for p, slip in zip(slips, responses, strict=True))
        settled = played.leader[(0, 1), responses]
        seen = (explored * mean + (pulls - explored) * settled) / pulls
        second = NormalDist().cdf(float(seen[1] - seen[0]) * math.sqrt(pulls / 2))
        committed = (1 - second) * settled[0] + second * settled[1]
        total += chance * float(pulls * seen.sum() + (horizon - 2 * pulls) * committed)
    return float(played.leader[0, 0]) - total / horizon


@cache
def _slip(gap: float, pulls: int, n_follower: int) -> float:
    """Probability that one of the worse responses has the best mean after `pulls` of each."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(64)
    best = [NormalDist().cdf(node + gap * math.sqrt(pulls)) ** (n_follower - 1) for node in nodes.tolist()]
    return max(0.0, 1 - float(weights @ best) / math.sqrt(2 * math.pi))


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Vary the share at several horizons, and look at both sides of the threshold for several |B|."""
    by_share = _by_share(lab, settings["shares"])
    findings, by_size = _by_size(lab, settings["sizes"])
    return Evidence(findings, (Figure("etc_threshold", (by_share, by_size)),))


def _pair(share: float, n_follower: int) -> Pair:
    name = f"ETC v ETC, |B| E2 / E = {share:.3g}"
    return Pair(name, Overlapping(share, n_follower), ExploreThenCommit())


def _instance(n_follower: int) -> Instance:
    return in_units(f"etc_failure, |B| = {n_follower}", game(n_follower), Power(1.0))


def _by_share(lab: Lab, effort: Effort) -> Panel:
    curves = [lab.curve(_pair(share, 2), _instance(2), effort, STACKELBERG) for share in _SHARES]
    series = []
    for rank, horizon in enumerate(effort.horizons):
        values = tuple(scaled(curve.at(horizon).estimates(0)[0], horizon) for curve in curves)
        series += [Series(f"T = {in_short(horizon)}", _SHARES, values, rank, 0), _predicted(2, horizon, rank)]
    return _panel("|B| = 2", series, (2 / 3, "2/3"))


def _by_size(lab: Lab, effort: Effort) -> tuple[tuple[Finding, ...], Panel]:
    findings, series = [], []
    for rank, size in enumerate(_SIZES):
        places = [side * threshold(size) for side in _SIDES]
        curves = [lab.curve(_pair(share, size), _instance(size), effort, STACKELBERG) for share in places]
        predictions = (at_most(LOSS / 4, f"{LOSS / 4:g}"), about(LOSS, f"{LOSS:g}", LOSS / 20))
        findings += [
            per_round(f"|B| = {size}, |B| E2 / E = {side:g} x {threshold(size):.3f}", curve, 0, prediction)
            for side, curve, prediction in zip(_SIDES, curves, predictions, strict=True)
        ]
        horizon = effort.horizons[-1]
        values = tuple(scaled(curve.estimates(0)[-1], horizon) for curve in curves)
        series += [Series(f"|B| = {size}", tuple(places), values, rank, 0), _predicted(size, horizon, rank)]
    return tuple(findings), _panel(f"T = {in_short(effort.horizons[-1])}", series)


def _predicted(n_follower: int, horizon: int, rank: int) -> Series:
    shares = np.linspace(min(_SHARES) - 0.05, 1.0, 131).tolist()
    values = (closed_form(share, n_follower, horizon) for share in shares)
    label = f"closed form, {in_short(horizon)}, |B| = {n_follower}"
    return Series(label, tuple(shares), tuple(Estimate(v, v, v) for v in values), rank, 0, predicted=True)


def _panel(title: str, series: list[Series], mark: tuple[float, str] | None = None) -> Panel:
    return Panel(
        title,
        "share |B| E2 / E of the leader's exploration that overlaps with the follower's",
        "leader's regret / T (units of utility)",
        tuple(series),
        level=(LOSS, "0.1 a round"),
        threshold=mark,
        log=False,
    )


CLAIM = Claim(
    "etc_threshold",
    "When ETC against ETC fails",
    "ETC against ETC is linear exactly when the follower's exploration takes up more than 2/3 of the"
    " leader's; with |B| - 1 equally bad responses, more than |B| / (3 (|B| - 1)).",
    "etc_failure() with its second response repeated; regret against the Stackelberg benchmark.",
    _MODES,
    collect,
    limits="The case |B| = 2 is the paper's; the thresholds for larger |B| follow from the same comparison of"
    " means.",
    tables=(game(3),),
)
