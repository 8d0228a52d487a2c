"""Exact laws of how long a follower that plays UCB on two arms stays with one of them.

The leader's only action makes a single row, so that nothing else is going on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

DEVIATIONS = 9
"""Standard deviations of the sum that are followed to either side: what is beyond weighs under 1e-18."""


def bernoulli_visits(mean: float, width: float, rounds: Sequence[int], most: int) -> dict[int, Array]:
    """Law of the pulls of arm 1 after each of `rounds`: the probabilities of 1, ..., `most`, and of more.

    Arm 0 pays 1 with probability `mean`, arm 1 never, so that the state is (v, s): v pulls of arm 1
    and s ones among the n = t - v pulls of arm 0, which is played next if
    s/n + width/sqrt(n) >= width/sqrt(v). The sums followed, `low` and up, move along with t.
    """
    horizon = max(rounds)
    margin = math.ceil(DEVIATIONS * math.sqrt(horizon * mean * (1 - mean)) + most * mean)
    visits = np.arange(1, most + 1)[:, None]
    low, sums = 0, np.arange(2 * margin + 2)
    state = np.zeros((most, len(sums)))
    state[0, :2] = 1 - mean, mean
    more, laws = 0.0, {}
    for t in range(2, horizon + 1):
        if t in rounds:
            laws[t] = np.append(state.sum(axis=1), more)
        if mean * t > low + margin + 1:
            low += 1
            state = np.pad(state[:, 1:], ((0, 0), (0, 1)))
        pulls = np.maximum(t - visits, 1)
        stays = (low + sums) / pulls + width / np.sqrt(pulls) >= width / np.sqrt(visits)
        staying, leaving = state * stays, state * ~stays
        state = (1 - mean) * staying
        state[:, 1:] += mean * staying[:, :-1]
        state[1:] += leaving[:-1]
        more += leaving[-1].sum()
    return laws


def gaussian_stays(gap: float, sigma: float, rounds: Sequence[int]) -> Array:
    """Probability that arm 0 is played in all of the rounds 3, ..., t, for each t of `rounds`.

    Both arms pay normal rewards, arm 0 `gap` more on average, and the width is 0. If arm 1 has paid
    its mean and z standard deviations, arm 0 stays while S_n >= 0, a walk with steps of mean
    `gap` - z `sigma`. By the identity of Spitzer (1956), with p_k = P(S_k >= 0), the probability q_n
    that a walk has not gone below 0 in n steps obeys n q_n = sum of p_k q_(n-k) over k = 1, ..., n.
    """
    longest = max(rounds) - 2
    z, spacing = np.linspace(-8.5, 8.5, 681, retstep=True)
    steps = np.sqrt(np.arange(1, longest + 1))
    above = stats.norm.cdf(np.outer(steps, gap / sigma - z))
    stayed = np.ones((longest + 1, len(z)))
    for n in range(1, longest + 1):
        stayed[n] = np.einsum("kz,kz->z", above[:n], stayed[n - 1 :: -1][:n]) / n
    return stayed[np.array(rounds) - 2] @ stats.norm.pdf(z) * spacing
