"""The `Simulator` of MABWiser, without a Python call a row for policies without contexts."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

from stackel._utils.optional import require

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Arms = npt.NDArray[np.intp]

_T = TypeVar("_T")
_RULES = ("_UCB1", "_EpsilonGreedy", "_Random")
_STATS = {"min": "min", "avg": "mean", "max": "max"}


class Simulator:
    """`Simulator` of MABWiser, faster for policies without contexts (extra ``bandits``).

    An object of this class is one of ``mabwiser.simulator.Simulator`` too, with its arguments, attributes and
    plots. The simulator replays a log: policies learn from the logged decisions whatever they predict. So
    ``run()`` computes what ``UCB1``, ``EpsilonGreedy`` and ``Random`` predict for all rows at once; other
    policies, those with contexts, and simulators with an evaluator of your own are run by MABWiser's code.

    Attributes
    ----------
    ways : dict of str to str
        How each bandit was run: ``"all rows at once"``, or why it was run by the code of MABWiser.

    Notes
    -----
    Predictions that are random have the law of MABWiser's, and repeat with the seed of the ``MAB``. What is
    kept for each batch (statistics, expectations and confusion matrices) is made when it is read.

    Examples
    --------
    >>> import numpy as np
    >>> from mabwiser.mab import MAB, LearningPolicy
    >>> from stackel.interop.mabwiser import Simulator
    >>> rng = np.random.default_rng(1)
    >>> decisions = rng.integers(3, size=10_000)
    >>> rewards = rng.random(10_000) < np.array([0.1, 0.5, 0.9])[decisions]
    >>> bandits = [("ucb", MAB([0, 1, 2], LearningPolicy.UCB1(alpha=1.0)))]
    >>> simulator = Simulator(bandits, decisions, rewards.astype(int), batch_size=1)
    >>> simulator.run()
    >>> simulator.ways, simulator.bandit_to_arm_to_stats_avg["ucb"]["total"][2]["count"] > 2900
    ({'ucb': 'all rows at once'}, True)
    """

    arms: list[Any]
    bandits: list[tuple[Any, Any]]
    batch_size: int
    evaluator: Callable[..., Any]
    arm_to_stats_train: dict[Any, dict[str, float]]
    bandit_to_predictions: dict[Any, Any]
    bandit_to_expectations: dict[Any, Any]
    bandit_to_confusion_matrices: dict[Any, Any]

    def __new__(cls, *_args: Any, **_options: Any) -> Self:
        """Return an object of this class and of theirs."""
        ours: Any = cls
        both: Any = _both(ours)
        made: Self = object.__new__(both)
        return made

    def _theirs(self) -> Any:
        return super()

    def run(self) -> None:
        """Run all bandits on the log."""
        self.ways: dict[Any, str] = {}
        self._theirs().run()

    def _offline_test_bandits(self, decisions: Any, rewards: Any, contexts: Any) -> None:
        self._test(self._theirs()._offline_test_bandits, decisions, rewards, contexts)  # noqa: SLF001 - overridden

    def _online_test_bandits(self, decisions: Any, rewards: Any, contexts: Any) -> None:
        self._test(self._theirs()._online_test_bandits, decisions, rewards, contexts)  # noqa: SLF001 - overridden

    def _test(self, theirs: Callable[..., None], decisions: Any, rewards: Any, contexts: Any) -> None:
        """Run each bandit at once or by the code of MABWiser."""
        of_arm = importlib.import_module("pandas").Index(self.arms).get_indexer(decisions)
        everybody = self.bandits
        self.ways |= {name: self._why_not(mab, of_arm) or "all rows at once" for name, mab in everybody}
        self.bandits = [each for each in everybody if self.ways[each[0]] != "all rows at once"]
        if self.bandits:
            theirs(decisions, rewards, contexts)
        names = [name for name, _ in self.bandits]
        self.bandits = everybody
        for name, mab in everybody:
            if name not in names:
                self._replay(name, mab, of_arm, np.asarray(rewards, np.float64))
                if self.batch_size:
                    mab.partial_fit(decisions, rewards)

    def _why_not(self, mab: Any, of_arm: Arms) -> str:
        """Return why a bandit is run by the code of MABWiser; empty if it is not."""
        rule = type(getattr(mab, "_imp", mab)).__name__
        if mab.is_contextual or rule not in _RULES or not hasattr(mab, "_imp"):
            return f"MABWiser's code: rows of {rule.lstrip('_')} are predicted one by one"
        if self.evaluator is not _module().default_evaluator:
            return "MABWiser's code: it has an evaluator of its own"
        if list(mab.arms) != list(self.arms) or of_arm.min() < 0:
            return "MABWiser's code: its arms are not those of the log"
        return ""

    def _replay(self, name: Any, mab: Any, of_arm: Arms, rewards: Floats) -> None:
        """Predict all rows of a bandit, and keep what theirs keeps."""
        rows, size = len(of_arm), self.batch_size or len(of_arm)
        starts = np.arange(0, rows, size)
        values = _expectations(mab._imp, of_arm, rewards, starts)  # noqa: SLF001 - what MABWiser's own code reads
        predicted = _predictions(mab._imp, values, np.arange(rows) // size)  # noqa: SLF001 - as above
        parts = [slice(start, start + size) for start in starts.tolist()]
        whole = slice(0, rows)

        def expected(batch: int) -> dict[Any, float]:
            return dict(zip(self.arms, values[batch].tolist(), strict=True))

        def confused(part: slice) -> npt.NDArray[np.int64]:
            return _confusion(self.arms, of_arm[part], predicted[part])

        self.bandit_to_predictions[name] = np.array([*self.arms, None], object)[predicted].tolist()
        matrices = [*parts, whole] if self.batch_size else [whole]
        self.bandit_to_confusion_matrices[name] = _Made(matrices, confused)
        batches = range(len(parts))
        self.bandit_to_expectations[name] = _Made(batches, expected) if self.batch_size else expected(0)
        for short, stat in _STATS.items():
            other = np.array([self.arm_to_stats_train[arm][stat] for arm in self.arms], np.float64)
            earned = np.where(predicted == of_arm, rewards, other[predicted])
            kept = getattr(self, f"bandit_to_arm_to_stats_{short}")
            made = _Stats(self.arms, predicted, earned, [*parts, whole])
            kept[name] = made if self.batch_size else made["total"]


def _module() -> Any:
    return require("mabwiser.simulator", "bandits")


@cache
def _both(cls: type) -> type:
    """Return a class that is ours and theirs."""
    return type(
        cls.__name__, (cls, _module().Simulator), {"__doc__": cls.__doc__, "__module__": cls.__module__}
    )


def _expectations(imp: Any, of_arm: Arms, rewards: Floats, starts: npt.NDArray[np.int64]) -> Floats:
    """Return what a fitted policy expects of each arm before each batch, shape (batches, arms)."""
    values = np.zeros((len(starts), len(imp.arms)))
    if type(imp).__name__ == "_Random":
        return values
    for place, arm in enumerate(imp.arms):
        own = of_arm == place
        counts = imp.arm_to_count[arm] + np.append(0, np.cumsum(own))[starts]
        sums = np.cumsum(np.append(float(imp.arm_to_sum[arm]), np.where(own, rewards, 0.0)))[starts]
        seen = counts > 0
        values[seen, place] = sums[seen] / counts[seen]
        if type(imp).__name__ == "_UCB1":
            total = (imp.total_count + starts)[seen]
            values[seen, place] += imp.alpha * np.sqrt(2 * np.log(total) / counts[seen])
    return values


def _predictions(imp: Any, values: Floats, batch: npt.NDArray[np.int64]) -> Arms:
    """Return the arm predicted for each row."""
    best: Arms = values.argmax(axis=1)[batch]
    if type(imp).__name__ == "_UCB1":
        return best
    rng = np.random.default_rng(int(imp.rng.rand() * 2**53))
    at_random = rng.integers(values.shape[1], size=len(batch))
    if type(imp).__name__ == "_Random":
        return at_random
    return np.where(rng.random(len(batch)) < imp.epsilon, at_random, best)


def _confusion(arms: list[Any], logged: Arms, predicted: Arms) -> npt.NDArray[np.int64]:
    """Return how often each arm was predicted where each was logged, of arms that occur, in their order."""
    rank = np.empty(len(arms), np.intp)
    rank[np.argsort(np.array(arms), kind="stable")] = np.arange(len(arms))
    n = len(arms)
    table = np.bincount(rank[logged] * n + rank[predicted], minlength=n * n).reshape(n, n)
    occurs = (table.sum(axis=0) + table.sum(axis=1)) > 0
    found: npt.NDArray[np.int64] = table[np.ix_(occurs, occurs)].astype(np.int64)
    return found


class _Made(Sequence[Any]):
    """A list whose items are made when they are read."""

    def __init__(self, items: Sequence[_T], make: Callable[[_T], Any]) -> None:
        self._items, self._make = items, make

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._make(item) for item in self._items[place]]
        return self._make(self._items[place])


class _Stats(Mapping[Any, Any]):
    """Statistics of the rewards of the predicted arms: by batch, and of all as ``"total"``."""

    def __init__(self, arms: list[Any], predicted: Arms, earned: Floats, parts: list[slice]) -> None:
        self._arms, self._predicted, self._earned = arms, predicted, earned
        self._parts: dict[Any, slice] = dict(enumerate(parts[:-1])) | {"total": parts[-1]}

    def __len__(self) -> int:
        return len(self._parts)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._parts)

    def __getitem__(self, key: Any) -> dict[Any, dict[str, Any]]:
        part = self._parts[key]
        arms, earned = self._predicted[part], self._earned[part]
        return {arm: _stats_of(earned[arms == place]) for place, arm in enumerate(self._arms)}


def _stats_of(rewards: Floats) -> dict[str, Any]:
    if not rewards.size:
        return {"count": 0} | dict.fromkeys(("sum", "min", "max", "mean", "std"), np.nan)
    stats = {name: getattr(rewards, name)() for name in ("sum", "min", "max", "mean", "std")}
    return {"count": rewards.size} | stats
