"""Learners against an environment of the caller's own: losses that change, whatever the learner does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import stackel as sk

if TYPE_CHECKING:
    import numpy.typing as npt


def arms_played(
    rule: sk.Learner, losses: npt.NDArray[np.float64], runs: int, *, seed: int = 1
) -> npt.NDArray[np.int64]:
    """The arms of each run, shape (runs, T); `losses`, in [0, 1], has the shape (T, K)."""
    horizon, arms = losses.shape
    played = np.empty((runs, horizon), np.int64)
    rewards = (1 - losses).tolist()
    for run in range(runs):
        agent = sk.Agent(rule, (arms, 1), horizon, seed=seed, role="leader", replication=run)
        for t, round_rewards in enumerate(rewards):
            arm = agent.choose()
            played[run, t] = arm
            agent.observe(round_rewards[arm])
    return played


def paid(losses: npt.NDArray[np.float64], played: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The sum of the losses of each run."""
    return np.take_along_axis(losses[None], played[:, :, None], axis=2).sum(axis=(1, 2))


def in_phases(lengths: list[int], losses: list[list[float]]) -> npt.NDArray[np.float64]:
    """Losses that are constant for some rounds each, shape (T, K)."""
    return np.repeat(np.array(losses), lengths, axis=0)
