"""Simultaneous limits of the payoffs of a meta-game, and of the gains by deviating.

All limits hold together. Half of the allowed error goes to payoffs and half to gains, and each half in equal
parts to its quantities and to the looks at them. Gains are paired: in replication r the n-th pull of each
arm brings all pairs of algorithms the same. A gain has two pairs of limits, its own and the differences
between the limits of two payoffs; the narrower ones count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._stats.bounded import mean_limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_CHUNK = 2**21


class Estimate(NamedTuple):
    """Estimates and their limits, all of one shape."""

    mean: Floats
    low: Floats
    high: Floats


class Limits(NamedTuple):
    """Payoffs of both players, shape (2, m, n), and gains.

    ``gains[i].mean[k, x, y]`` is the gain of player i by algorithm k instead of its own at (x, y), shape
    (m, m, n) for the leader and (n, m, n) for the follower.
    """

    payoff: Estimate
    gains: tuple[Estimate, Estimate]


class Sampled(NamedTuple):
    """Samples of payoffs, and what is known of them beforehand."""

    samples: Sequence[Sequence[Floats]]
    """Of each pair of algorithms both players' payoffs, shape (2, R)."""
    bounds: Floats
    """Smallest and largest payoff of each player, shape (2, 2)."""
    exact: npt.NDArray[np.bool_]
    """Pairs in which chance takes no part, shape (m, n)."""
    twins: tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]
    """Algorithms of leader and follower that are the same, shapes (m, m) and (n, n)."""


class _Pairs(NamedTuple):
    """Two different algorithms a < b of a player against the same opponent."""

    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]
    opponent: npt.NDArray[np.int64]


def limits_of(sampled: Sampled, confidence: float, looks: int, interval: str) -> Limits:
    """Return all estimates, whose limits hold together at all `looks` with this confidence."""
    uncertain = ~sampled.exact
    compared = [_compared(uncertain if i == 0 else uncertain.T, sampled.twins[i]) for i in range(2)]
    counts = 2 * int(uncertain.sum()), sum(len(pairs.a) for pairs in compared)
    parts = max(1, sum(count > 0 for count in counts))
    payoff_error, gain_error = ((1 - confidence) / (parts * looks * max(1, count)) for count in counts)
    payoff = _payoffs(sampled, payoff_error, interval)
    leader, follower = (_gains(sampled, i, compared[i], payoff, gain_error, interval) for i in range(2))
    return Limits(payoff, (leader, follower))


def _compared(uncertain: npt.NDArray[np.bool_], twins: npt.NDArray[np.bool_]) -> _Pairs:
    """Return the pairs of a player's algorithms, in rows of `uncertain`, whose difference is not known."""
    differ = np.triu(~twins, 1)[:, :, np.newaxis] & (uncertain[:, np.newaxis] | uncertain)
    return _Pairs(*np.nonzero(differ))


def _payoffs(sampled: Sampled, error: float, interval: str) -> Estimate:
    mean = np.array([[pair.mean(axis=1) for pair in row] for row in sampled.samples]).transpose(2, 0, 1)
    low, high = mean.copy(), mean.copy()
    uncertain = np.argwhere(~sampled.exact)
    counts = np.array([sampled.samples[x][y].shape[1] for x, y in uncertain.tolist()], np.int64)
    for player, (least, most) in enumerate(sampled.bounds):
        for place, count in _chunks(counts):
            each = np.stack([sampled.samples[x][y][player][:count] for x, y in uncertain[place].tolist()])
            ends = np.full(len(each), least), np.full(len(each), most)
            x, y = uncertain[place].T
            low[player, x, y], high[player, x, y] = mean_limits(each, *ends, error, interval)
    return Estimate(mean, low, high)


def _gains(  # noqa: PLR0917 as for `_payoffs`, and the payoffs
    sampled: Sampled, player: int, compared: _Pairs, payoff: Estimate, error: float, interval: str
) -> Estimate:
    mean, low, high = (each[player] if player == 0 else each[player].T for each in payoff)
    shape = (len(mean), *mean.shape)
    gain = mean[:, np.newaxis] - mean
    twins = sampled.twins[player][:, :, np.newaxis]
    lower, upper = low[:, np.newaxis] - high, high[:, np.newaxis] - low
    gain, lower, upper = (np.where(twins, 0.0, np.broadcast_to(each, shape)) for each in (gain, lower, upper))
    width = float(np.diff(sampled.bounds[player])[0])

    def samples(own: int, opponent: int) -> Floats:
        x, y = (own, opponent) if player == 0 else (opponent, own)
        found: Floats = sampled.samples[x][y][player]
        return found

    counts = np.array(
        [min(len(samples(a, o)), len(samples(b, o))) for a, b, o in zip(*compared, strict=True)], np.int64
    )
    for place, count in _chunks(counts):
        a, b, o = (each[place] for each in compared)
        differences = np.stack(
            [samples(j, k)[:count] - samples(i, k)[:count] for i, j, k in zip(a, b, o, strict=True)]
        )
        ends = np.full(len(a), -width), np.full(len(a), width)
        least, most = mean_limits(differences, *ends, error, interval)
        lower[b, a, o], upper[b, a, o] = np.maximum(lower[b, a, o], least), np.minimum(upper[b, a, o], most)
        lower[a, b, o], upper[a, b, o] = -upper[b, a, o], -lower[b, a, o]
    found = (gain, lower, upper)
    return Estimate(*(each if player == 0 else each.transpose(0, 2, 1) for each in found))


def _chunks(counts: npt.NDArray[np.int64]) -> Iterator[tuple[npt.NDArray[np.int64], int]]:
    """Yield the places of quantities with the same number of samples, as many as fit into memory."""
    for count in np.unique(counts).tolist():
        places = np.flatnonzero(counts == count)
        step = max(1, _CHUNK // count)
        for start in range(0, len(places), step):
            yield places[start : start + step], count
