"""Bandit policies of any library, played at the speed of the engine where it has their rules."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.bandit import draw_bandits
from stackel._stats.intervals import as_confidence
from stackel._utils.carriers import as_items
from stackel._utils.seeds import as_seed
from stackel._utils.validation import MAX_HORIZON, as_count, as_threads, shown
from stackel.errors import SpecError
from stackel.interop._problem import Bandit
from stackel.interop._registry import equal_of, is_of_mabwiser
from stackel.interop._smpybandits_arms import arms_of
from stackel.interop._smpybandits_equals import order_of
from stackel.interop.mabwiser import from_mabwiser
from stackel.interop.smpybandits import METHODS, from_smpybandits
from stackel.learners import Learner
from stackel.learners._custom import as_learner, is_policy
from stackel.noise import Gaussian
from stackel.results import BanditResult
from stackel.simulation._bandit import as_arms, bandit_experiment, bandit_game
from stackel.simulation._experiment import MAX_REPLICATIONS
from stackel.simulation._simulate import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.figure import Figure

    from stackel._utils.seeds import Seed
    from stackel.noise import Noise
    from stackel.simulation._bandit import Arms


_MOST_NAMES = 8


@dataclass(frozen=True)
class BanditRuns:
    """Outcome of `play_bandits`: P policies, R repetitions, C checkpoints and n arms.

    Parameters
    ----------
    names : tuple of str
        Names of the policies.
    ways : tuple of str
        How each policy was played: the learner that has its rule, or why it was played by its own code.
    runs : tuple of BanditResult
        The run of each policy.
    """

    names: tuple[str, ...]
    ways: tuple[str, ...]
    runs: tuple[BanditResult, ...]

    def __repr__(self) -> str:
        first = self.runs[0]
        some = ", ".join(self.names[:_MOST_NAMES]) + (", ..." if len(self.names) > _MOST_NAMES else "")
        return (
            f"BanditRuns({some} on {len(first.means)} arms, horizon={first.horizon}, "
            f"repetitions={first.replications}, seed={self.seed})"
        )

    @property
    def rounds(self) -> npt.NDArray[np.int64]:
        """Checkpoints, in rounds played, shape (C,)."""
        return self.runs[0].rounds

    @property
    def seed(self) -> int:
        """The seed that repeats the runs."""
        return self.runs[0].run.seed

    @cached_property
    def regret(self) -> npt.NDArray[np.float64]:
        """Regret against the best arm up to each checkpoint, in mean rewards, shape (P, R, C)."""
        return np.array([run.regret for run in self.runs])

    @cached_property
    def rewards(self) -> npt.NDArray[np.float64]:
        """Sum of all rewards received, shape (P, R)."""
        return np.array([run.total_rewards for run in self.runs])

    @cached_property
    def pulls(self) -> npt.NDArray[np.int64]:
        """Rounds of each arm in the whole run, shape (P, R, n)."""
        return np.array([run.pulls for run in self.runs])

    @cached_property
    def best_arm_share(self) -> npt.NDArray[np.float64]:
        """Share of the best arms in the rounds up to each checkpoint, shape (P, R, C)."""
        return np.array([run.best_arm_share for run in self.runs])

    def plot(self, *, confidence: float = 0.95) -> Figure:
        """Draw regrets, the bound of Lai and Robbins, and shares of the best arm (extra ``plot``).

        Parameters
        ----------
        confidence : float, default 0.95
            Level of the bands around means over repetitions.
        """
        curves = dict(zip(self.names, zip(self.regret, self.best_arm_share, strict=True), strict=True))
        return draw_bandits(curves, self.rounds, self.runs[0].bound_constant, as_confidence(confidence))


def play_bandits(
    policies: Mapping[str, Any] | Sequence[Any],
    arms: Arms,
    horizon: int,
    repetitions: int,
    seed: Seed = None,
    *,
    noise: Noise = Gaussian(1.0),
    checkpoints: int | Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    threads: int | None = None,
) -> BanditRuns:
    """Play policies of any library on one bandit, and return plain arrays.

    Parameters
    ----------
    policies : mapping of str to policy, or sequence of policies
        Learners of stackel; objects of a class that was given to `register`, policies of SMPyBandits and
        learning policies of MABWiser, which the engine plays if a learner has their rule; any other object
        with the methods ``startGame()``, ``choice()`` and ``getReward(arm, reward)``, which is copied and
        played by its own code, on one core; or a `Policy` with ``choose`` and ``observe``.
    arms : array_like of shape (n,), or sequence of (float, Noise)
        As in `stackel.bandit`; or arms of SMPyBandits.
    horizon : int
        Number of rounds T.
    repetitions : int
        Independent repetitions R.
    seed : int, SeedSequence, Generator, optional
        One seed for all: policies meet the same n-th reward of each arm.
    noise, checkpoints, threads
        As in `stackel.bandit`.

    Returns
    -------
    BanditRuns

    Raises
    ------
    SpecError
        If an argument is not usable; nothing has run.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import play_bandits
    >>> class InTurn:
    ...     def startGame(self):
    ...         self.t = 0
    ...
    ...     def choice(self):
    ...         return self.t % 2
    ...
    ...     def getReward(self, arm, reward):
    ...         self.t += 1
    >>> runs = play_bandits([sk.UCB(), InTurn()], [0.0, 0.5], 100, 3, seed=1)
    >>> runs.regret.shape, runs.pulls[1, 0].tolist(), runs.ways[1]
    ((2, 3, 41), [50, 50], 'its own code: no learner is registered for InTurn')
    """
    means, law = as_arms(arms_of(arms) or arms, noise)
    game, workers = bandit_game(means, law), as_threads(threads)
    bandit = Bandit(means, law, as_count("horizon", horizon, 1, MAX_HORIZON))
    played = {name: _played(policy, bandit) for name, policy in _named(policies).items()}
    repetitions = as_count("repetitions", repetitions, 1, MAX_REPLICATIONS)
    options = bandit.horizon, repetitions, as_seed(seed), checkpoints
    experiments = [bandit_experiment(game, learner, *options) for learner, _ in played.values()]
    runs = tuple(BanditResult(run(experiment, workers)) for experiment in experiments)
    return BanditRuns(tuple(played), tuple(way for _, way in played.values()), runs)


def _named(policies: Any) -> dict[str, Any]:
    """Return policies by their names; those of a sequence are told apart by numbers."""
    if isinstance(policies, Mapping):
        found = {str(name): policy for name, policy in policies.items()}
    else:
        items: list[Any] = list(as_items(policies) or [])
        labels = [each.label if isinstance(each, Learner) else _text(each) for each in items]
        often = Counter(labels)
        found = {
            label if often[label] == 1 else f"{label} ({number})": policy
            for number, (label, policy) in enumerate(zip(labels, items, strict=True), start=1)
        }
    if not found:
        raise SpecError("policies", "a mapping or a sequence of one or more policies", shown(policies))
    return found


def _text(policy: Any) -> str:
    """Return what a policy of a library calls itself, or its type."""
    name = type(policy).__name__
    if type(policy).__module__ == "builtins":
        return name
    said = str(policy)
    return name if said == object.__repr__(policy) else said


def _played(policy: Any, bandit: Bandit) -> tuple[Learner, str]:
    """Return the learner that plays a policy, and how."""
    if isinstance(policy, Learner):
        learner = as_learner("policies", policy)
        return learner, repr(learner)
    ordered = order_of(policy) is not None
    found = "the order of its first pulls is drawn" if ordered else equal_of(policy, bandit)
    if isinstance(found, Learner):
        return found, repr(found)
    way = f"its own code: {found}"
    if is_policy(policy):
        return as_learner("policies", policy), way
    if is_of_mabwiser(policy):
        return from_mabwiser(policy), way
    if not all(callable(getattr(policy, method, None)) for method in METHODS):
        methods = f"{', '.join(METHODS)}, or with choose and observe"
        allowed = f"learners, objects of registered classes, or objects with {methods}"
        raise SpecError("policies", allowed, shown(policy))
    name = type(policy).__name__
    return from_smpybandits(lambda *_: copy.deepcopy(policy), name=name), way
