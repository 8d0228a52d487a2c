"""The `Evaluator` of SMPyBandits, whose policies the engine plays where it has their rules."""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from stackel._utils.validation import MAX_HORIZON, as_count, as_threads
from stackel.errors import MissingExtraError
from stackel.interop._problem import Bandit
from stackel.interop._registry import equal_of
from stackel.interop._smpybandits_equals import order_of
from stackel.interop._smpybandits_played import Played, played_by_engine, put_together
from stackel.interop._smpybandits_problem import bandit_of, best_of, extra_records, is_known, means_over
from stackel.learners import Learner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_MODULE = "SMPyBandits.Environment.Evaluator"


def _module() -> Any:
    """Return the module of their `Evaluator`."""
    try:
        return importlib.import_module(_MODULE)
    except ImportError as error:
        install = "with Python 3.11: pip install SMPyBandits 'scipy<1.12' 'numpy<2'"
        raise MissingExtraError(f"this needs SMPyBandits: {install} ({error})", name="SMPyBandits") from error


@contextlib.contextmanager
def _mended() -> Iterator[None]:
    """Replace functions that fail: one of theirs since Python 3.11, two with new Matplotlib."""
    module, pyplot = _module(), importlib.import_module("matplotlib.pyplot")
    percent = importlib.import_module("matplotlib.ticker").PercentFormatter

    def format_percent(which: str, amplitude: float = 1.0) -> None:
        getattr(pyplot.gca(), which).set_major_formatter(percent(amplitude))

    boxplot = vars(pyplot)["boxplot"]

    def boxplot_with_labels(data: Any, labels: Any = None, **options: Any) -> Any:
        drawn = boxplot(data, **options)
        pyplot.xticks(range(1, 1 + len(labels or ())), labels)
        return drawn

    mended = {
        "_nbOfArgs": lambda function: function.__func__.__code__.co_argcount,
        "add_percent_formatter": format_percent,
    }
    before = {name: getattr(module, name) for name in mended}
    vars(module).update(mended)
    vars(pyplot)["boxplot"] = boxplot_with_labels
    try:
        yield
    finally:
        vars(module).update(before)
        vars(pyplot)["boxplot"] = boxplot


@cache
def _both(cls: type) -> type:
    """Return a class that is ours and theirs."""
    names = {"__doc__": cls.__doc__, "__module__": cls.__module__}
    return type(cls.__name__, (cls, _module().Evaluator), names)


def _best_counts(env: Any, played: Played) -> Floats:
    """Return how often one of the best arms was played up to each record."""
    best: Floats = played.counts[best_of(env, int(played.rounds[-1]))].sum(axis=0)
    return best


def _selections(env: Any, played: Played) -> Floats:
    """Return the sum of the means of the arms played up to each record."""
    means = means_over(env, played.rounds)
    found: Floats = (means * np.diff(played.counts, axis=1, prepend=0)).sum(axis=0).cumsum()
    return found


def _over_rounds(make: Callable[[Any, Played], Floats], *, stacked: bool) -> Any:
    """Return one of the arrays over all rounds of theirs: it is made when it is asked for.

    If `stacked`, it is over policies, environments and rounds; else a dict of arrays, one an environment.
    """

    def read(self: Evaluator) -> Any:
        made = {key: make(self.envs[key[1]], played) for key, played in sorted(self._played.items())}
        if not stacked:
            envs = sorted({envId for _, envId in made})
            return {envId: np.array([made[key] for key in made if key[1] == envId]) for envId in envs}
        found = np.zeros((self.nbPolicies, len(self.envs), self.horizon))
        for key, array in made.items():
            found[key] = array
        return found

    return property(read, lambda _self, _value: None)


class Evaluator:
    """`Evaluator` of SMPyBandits, thousands of times as fast for policies that stackel has.

    An object of this class is one of ``SMPyBandits.Environment.Evaluator`` too: its getters, plots, rankings
    and files are those of SMPyBandits. ``startAllEnv()`` plays a policy on all cores by the learner that has
    the same rule, constants, first pulls and tie rule, if there is one and the engine has the arms' law;
    otherwise by the policy's own code, as SMPyBandits does. It prints how each policy was played.

    Parameters
    ----------
    configuration : dict
        The configuration of SMPyBandits as it is.
    threads : int, optional
        Threads of the engine; by default all cores.
    **options
        ``finalRanksOnAverage``, ``averageOn``, ``useJoblibForPolicies`` and ``moreAccurate``, as there.

    Attributes
    ----------
    ways : list of list of str
        How each policy was played in each environment: the learner that has its rule, or why it was played
        by its own code.

    Notes
    -----
    The engine records some 170 rounds of a run, all of the first 50; in between, what the getters return for
    every round is interpolated, so that sums are exact at the records. The seed of an environment is drawn
    from NumPy's global generator; policies that the engine plays meet the same n-th reward of each arm,
    but for those that draw an order of their first pulls for all repetitions (``UCBrandomInit``).

    Examples
    --------
    SMPyBandits is installed by itself, with Python 3.11 and SciPy below 1.12::

        from SMPyBandits.Arms import Bernoulli
        from SMPyBandits.Policies import UCB, klUCB
        from stackel.interop.smpybandits import Evaluator

        evaluator = Evaluator({
            "horizon": 10_000, "repetitions": 100, "n_jobs": 1, "verbosity": 0,
            "environment": [{"arm_type": Bernoulli, "params": [0.1, 0.5, 0.9]}],
            "policies": [{"archtype": UCB, "params": {}}, {"archtype": klUCB, "params": {}}],
        })
        evaluator.startAllEnv()
        evaluator.printFinalRanking()
        evaluator.plotRegrets()
    """

    __initPolicies__: Callable[[Any], None]
    compute_cache_rewards: Callable[[Any], Floats]
    cache_rewards: bool
    moreAccurate: bool
    random_shuffle: bool
    random_invert: bool
    nb_break_points: int | None
    useJoblib: bool
    policies: list[Any]
    envs: list[Any]
    cfg: dict[str, Any]
    nbPolicies: int
    repetitions: int
    pulls: dict[int, npt.NDArray[Any]]
    lastPulls: dict[int, npt.NDArray[Any]]
    runningTimes: dict[int, Floats]
    memoryConsumption: dict[int, Floats]
    numberOfCPDetections: dict[int, npt.NDArray[Any]]

    rewards = _over_rounds(lambda _, played: played.each_round(played.rewards[0]), stacked=True)
    minCumRewards = _over_rounds(lambda _, played: played.cumulative(played.rewards[1]), stacked=True)
    maxCumRewards = _over_rounds(lambda _, played: played.cumulative(played.rewards[2]), stacked=True)
    lastCumRewards = property(lambda self: self._last_rewards(), lambda _self, _value: None)
    bestArmPulls = _over_rounds(
        lambda env, played: played.cumulative(_best_counts(env, played)), stacked=False
    )
    allPulls = _over_rounds(
        lambda _, played: np.array([*map(played.each_round, played.counts)]), stacked=False
    )

    def __new__(cls, *_args: Any, **_options: Any) -> Self:
        """Return an object of this class and of theirs."""
        ours: Any = cls
        both: Any = _both(ours)
        made: Self = object.__new__(both)
        return made

    def __init__(self, configuration: dict[str, Any], threads: int | None = None, **options: Any) -> None:
        horizon = as_count("horizon", configuration.get("horizon"), 1, MAX_HORIZON)
        self._threads = as_threads(threads)
        self._played: dict[tuple[int, int], Played] = {}
        self.ways: list[list[str]] = []
        # Theirs takes arrays of several times the horizon, which are properties here.
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            self._theirs().__init__(configuration | {"horizon": 1}, **options)
        sys.stdout.write(told.getvalue().replace("horizon: 1\n", f"horizon: {horizon}\n"))
        self.cfg, self.horizon = configuration, horizon
        self.delta_t_plot = 1 if horizon <= 10_000 else configuration.get("delta_t_plot", 50)
        self._times = np.arange(1, 1 + horizon)

    def _theirs(self) -> Any:
        """Return this object with the methods of their class."""
        return super()

    def startOneEnv(self, envId: int, env: Any) -> None:
        """Play all policies in an environment."""
        self.policies = []
        self.__initPolicies__(env)
        seed = int(np.random.randint(2**63, dtype=np.uint64))  # noqa: NPY002 - SMPyBandits seeds this one
        bandit = self._bandit(env)
        self.ways = [*self.ways[:envId], []]
        cached = None
        for policyId, policy in enumerate(self.policies):
            found = bandit if isinstance(bandit, str) else equal_of(policy, bandit)
            if isinstance(found, Learner) and isinstance(bandit, Bandit):
                options = bandit, self.repetitions, seed, self._threads
                extra = extra_records(env, self.horizon)
                played = played_by_engine(found, *options, order=order_of(policy), extra=extra)
            else:
                if cached is None and self.cache_rewards:
                    cached = self.compute_cache_rewards(env.arms)
                played = put_together(self._by_own_code(env, policy, cached), env.nbArms, self.horizon)
                found = f"its own code: {found}"
            self.ways[envId].append(str(found))
            self._keep(policyId, envId, played)
        self.printWays(envId)

    def printWays(self, envId: int = 0) -> None:
        """Print how each policy was played in an environment."""
        names = [policy.__cachedstr__ for policy in self.policies]
        width = max(map(len, names))
        rows = [f"{name:{width}}  {way}\n" for name, way in zip(names, self.ways[envId], strict=True)]
        sys.stdout.write("\nHow each policy was played by stackel:\n" + "".join(rows))

    def _bandit(self, env: Any) -> Bandit | str:
        """Return what the engine can play in place of an environment, or why it can play nothing."""
        if (self.random_shuffle or self.random_invert) and (self.nb_break_points or 0) > 0:
            return "arms are put into another order on the way"
        return bandit_of(env, self.horizon, drawn_before=self.cache_rewards)

    def _by_own_code(self, env: Any, policy: Any, cached: Floats | None) -> Iterator[Any]:
        """Yield the results of a policy's repetitions, as `startOneEnv` there plays them."""
        theirs = _module()
        options = {
            "random_shuffle": self.random_shuffle,
            "random_invert": self.random_invert,
            "nb_break_points": self.nb_break_points,
            "allrewards": cached,
            "useJoblib": self.useJoblib,
        }
        if not self.useJoblib:
            for repeatId in range(self.repetitions):
                yield theirs.delayed_play(env, policy, self.horizon, repeatId=repeatId, **options)
            return
        seeds = np.random.randint(2**32, size=self.repetitions, dtype=np.uint64)  # noqa: NPY002 - as above
        workers = {"n_jobs": self.cfg["n_jobs"], "verbose": self.cfg["verbosity"]}
        yield from theirs.Parallel(pre_dispatch="3*n_jobs", **workers)(
            theirs.delayed(theirs.delayed_play)(
                env, policy, self.horizon, seed=int(seed), repeatId=repeatId, **options
            )
            for repeatId, seed in enumerate(seeds)
        )

    def _keep(self, policyId: int, envId: int, played: Played) -> None:
        """Keep what a policy did."""
        self._played[policyId, envId] = played
        self.pulls[envId][policyId] = played.pulls.sum(axis=1)
        self.lastPulls[envId][policyId] = played.pulls
        self.runningTimes[envId][policyId] = played.seconds
        self.memoryConsumption[envId][policyId] = played.memory
        self.numberOfCPDetections[envId][policyId] = played.detections

    def _last_rewards(self) -> Floats:
        """Return the sum of the rewards of each repetition, shape (policies, environments, repetitions)."""
        found = np.zeros((self.nbPolicies, len(self.envs), self.repetitions))
        for (policyId, envId), played in self._played.items():
            found[policyId, envId] = played.totals
        return found

    # What theirs reads from arrays over all rounds; here such an array is made when it is asked for.

    def getBestArmPulls(self, policyId: int, envId: int = 0) -> Floats:
        """Return the share of the best arm up to each round, averaged over repetitions."""
        best = _best_counts(self.envs[envId], self._played[policyId, envId])
        return self._played[policyId, envId].cumulative(best) / (self.repetitions * self._times)

    def getRewards(self, policyId: int, envId: int = 0) -> Floats:
        """Return the reward of each round, averaged over repetitions."""
        played = self._played[policyId, envId]
        return played.each_round(played.rewards[0]) / self.repetitions

    def getMaxRewards(self, envId: int = 0) -> float:
        """Return the largest of the mean rewards of all policies and rounds."""
        return max(float(self.getRewards(policyId, envId).max()) for policyId in range(self.nbPolicies))

    def getAverageWeightedSelections(self, policyId: int, envId: int = 0) -> Floats:
        """Return the mean reward of the arm of each round, averaged over repetitions."""
        if not is_known(self.envs[envId]):
            theirs: Floats = self._theirs().getAverageWeightedSelections(policyId, envId)
            return theirs
        played = self._played[policyId, envId]
        return played.each_round(_selections(self.envs[envId], played)) / self.repetitions

    def getCumulatedRegret_MoreAccurate(self, policyId: int, envId: int = 0) -> Floats:
        """Return the regret up to each round by means of the arms played, averaged over repetitions."""
        if not is_known(self.envs[envId]):
            theirs: Floats = self._theirs().getCumulatedRegret_MoreAccurate(policyId, envId)
            return theirs
        env, played = self.envs[envId], self._played[policyId, envId]
        largest = means_over(env, played.rounds).max(axis=0) * np.diff(played.rounds, prepend=0)
        regret = largest.cumsum() - _selections(env, played) / self.repetitions
        return played.cumulative(regret)

    def getAllLastWeightedSelections(self, policyId: int, envId: int = 0) -> Floats:
        """Return the mean rewards of all arms played, averaged over repetitions, once for each of them."""
        if not is_known(self.envs[envId]):
            theirs: Floats = self._theirs().getAllLastWeightedSelections(policyId, envId)
            return theirs
        earned = _selections(self.envs[envId], self._played[policyId, envId])[-1]
        return np.full(self.repetitions, earned / self.repetitions)

    def getMaxMinReward(self, policyId: int, envId: int = 0) -> Floats:
        """Return the range of sums of rewards up to each round, over the root of the repetitions."""
        played = self._played[policyId, envId]
        spread: Floats = played.cumulative(played.rewards[2] - played.rewards[1]) / self.repetitions**0.5
        return spread

    def saveondisk(self, filepath: str = "saveondisk_Evaluator.hdf5") -> None:
        """Save everything to an HDF5 file, as there (needs h5py)."""
        with _mended():
            self._theirs().saveondisk(filepath)

    def plotLastRegrets(self, *args: Any, **options: Any) -> Any:
        """Draw the regrets of all repetitions, as there."""
        with _mended():
            return self._theirs().plotLastRegrets(*args, **options)

    def plotRunningTimes(self, *args: Any, **options: Any) -> Any:
        """Draw what the repetitions took, as there."""
        with _mended():
            return self._theirs().plotRunningTimes(*args, **options)

    def plotMemoryConsumption(self, *args: Any, **options: Any) -> Any:
        """Draw the memory of the repetitions, as there."""
        with _mended():
            return self._theirs().plotMemoryConsumption(*args, **options)

    def plotBestArmPulls(self, envId: int = 0, savefig: str | None = None) -> Any:
        """Draw the share of the best arm up to each round, as there."""
        with _mended():
            return self._theirs().plotBestArmPulls(envId, savefig=savefig)
