"""How much of the leader's exploration may overlap with the follower's before ETC against ETC fails.

Explorations have fixed lengths and the players' noise is independent: the probabilities of all commitments,
and with them the expected regret, are known in closed form. The dotted curves draw it.
"""

import itertools
import math
from functools import cache
from statistics import NormalDist

import numpy as np

from stackel import learners
from stackel.games._game import Game
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

LOSS = 0.1
_SHARES = (0.4, 0.5, 0.55, 0.6, 0.64, 2 / 3, 0.69, 0.73, 0.8, 0.9, 1.0)
"""Shares w in the figure."""
_SIZES = (2, 3, 5)
"""Numbers |B| of responses."""
_SIDES = (0.9, 1.1)
"""Places, in units of the predicted threshold, at which the two sides of it are compared."""
_MODES = ex.modes(
    ("shares", ex.Effort((10**4, 10**6, 10**8), 64), ex.Effort((10**4, 10**6, 10**8, 10**10), 256)),
    ("sizes", ex.Effort((10**8,), 32), ex.Effort((10**10,), 128)),
)


_FOLLOWER = learners.ExploreThenCommit()


def overlapping(share: float, n_follower: int) -> str:
    """Return a leader of whose exploration the follower's takes a share, as an expression in T."""
    pulls = f"sk.ExploreThenCommit().resolve('follower', T, 2, {n_follower}).exploration"
    return f"sk.ExploreThenCommit(exploration=round({n_follower} * {pulls} / {share!r}))"


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
    leader = ex.learner_at(overlapping(share, n_follower), horizon)
    follower = _FOLLOWER.resolve("follower", horizon, 2, n_follower)
    played, pulls, tries = game(n_follower), vars(leader)["exploration"], vars(follower)["exploration"]
    explored = n_follower * tries
    mean = played.leader.mean(axis=1)
    gaps = played.follower[:, 0] - played.follower[:, 1]
    slips = [_slip(gap, tries, n_follower) for gap in gaps.tolist()]
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


def experiments(settings: ex.Settings) -> ex.Matches:
    """Vary the share at several horizons, and play on both sides of the threshold for several |B|."""
    by_share = {(0, share): _match(share, 2, settings["shares"]) for share in _SHARES}
    by_size = {
        (size, side): _match(side * threshold(size), size, settings["sizes"])
        for size in _SIZES
        for side in _SIDES
    }
    return by_share | by_size


def _match(share: float, size: int, effort: ex.Effort) -> ex.Match:
    pair = ex.Pair(f"ETC v ETC, |B| E2 / E = {share:.3g}", overlapping(share, size), _FOLLOWER)
    utilities = tuple(str(matrix.tolist()) for matrix in (game(size).leader, game(size).follower))
    return ex.Match(
        pair, [ex.Instance(f"etc_failure, |B| = {size}", "sk.Game", utilities)], ex.STACKELBERG, effort
    )


def evidence(found: ex.Played) -> fi.Evidence:
    """Draw regret over the share, and compare both sides of the threshold."""
    over_shares: list[fi.Series] = []
    by_share = [found[0, share][0] for share in _SHARES]
    for rank, horizon in enumerate(by_share[0].horizons):
        over_shares += _series(f"T = {fi.in_short(horizon)}", _SHARES, by_share, 2, rank, horizon)
    findings: list[fi.Finding] = []
    over_sizes: list[fi.Series] = []
    predictions = (fi.at_most(LOSS / 4, f"{LOSS / 4:g}"), fi.about(LOSS, f"{LOSS:g}", LOSS / 20))
    for rank, size in enumerate(_SIZES):
        sides = [found[size, side][0] for side in _SIDES]
        findings += [
            fi.per_round(f"|B| = {size}, |B| E2 / E = {side:g} x {threshold(size):.3f}", part, 0, prediction)
            for side, part, prediction in zip(_SIDES, sides, predictions, strict=True)
        ]
        horizon = sides[0].horizons[-1]
        places = tuple(side * threshold(size) for side in _SIDES)
        over_sizes += _series(f"|B| = {size}", places, sides, size, rank, horizon)
    panels = (
        _panel("|B| = 2", over_shares, (2 / 3, "2/3")),
        _panel(f"T = {fi.in_short(horizon)}", over_sizes),
    )
    return fi.Evidence(tuple(findings), panels)


def _series(  # noqa: PLR0917 what is drawn, in the order of its axes
    label: str, shares: tuple[float, ...], parts: list[ex.Regrets], size: int, rank: int, horizon: int
) -> tuple[fi.Series, fi.Series]:
    """Return what was measured at some shares, and the closed form."""
    values = tuple(fi.scaled(part.at(horizon).estimates(0)[0], horizon) for part in parts)
    return fi.Series(label, shares, values, rank, 0), _predicted(size, horizon, rank)


def _predicted(n_follower: int, horizon: int, rank: int) -> fi.Series:
    shares = np.linspace(min(_SHARES) - 0.05, 1.0, 131).tolist()
    values = (closed_form(share, n_follower, horizon) for share in shares)
    label = f"closed form, {fi.in_short(horizon)}, |B| = {n_follower}"
    return fi.Series(
        label, tuple(shares), tuple(fi.Estimate(v, v, v) for v in values), rank, 0, predicted=True
    )


def _panel(title: str, series: list[fi.Series], mark: tuple[float, str] | None = None) -> fi.Panel:
    return fi.Panel(
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
    experiments,
    evidence,
    limits="The case |B| = 2 is the paper's; the thresholds for larger |B| follow from the same comparison of"
    " means.",
    tables=(game(3),),
)
