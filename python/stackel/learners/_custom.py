"""Learners of your own, as Python objects.

A policy is any object with the methods of `Policy`; nothing has to be inherited or registered. It goes
wherever a learner goes, either as it is or wrapped in a `CustomLearner`. It plays on the calling thread,
which keeps the interpreter's lock.
"""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeGuard, cast, runtime_checkable

from stackel._core import RandomStreams
from stackel._utils.carriers import as_items
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.learners._base import REGISTERED, RENAMED, Learner
from stackel.learners._own import OwnLearner, RecordedLearner, as_name, as_version, name_or

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["CustomLearner", "Policy", "RandomStreams", "VectorPolicy"]


@runtime_checkable
class Policy(Protocol):
    """The methods of a Python object that takes a seat: a bandit algorithm, asked every round.

    A leader is one object for each replication. A follower is one object for each replication and leader
    action; these objects know nothing of each other. A class is called without arguments to make each
    object. An object that is given is copied with `copy.deepcopy`. A class with arguments is given to
    `CustomLearner` as a function that makes the object.

    Objects may also have

    ``reset(n_arms, horizon, role)``
        Called once on every fresh object, before its first round, with the number of its arms, the number
        of rounds T, and ``"leader"`` or ``"follower"``. Two more arguments are given by name if it has
        parameters for them: ``shape``, the numbers of actions (n_leader, n_follower), and
        ``leader_action``, the leader action that an instance of the follower answers (None for a leader).
    ``sees_response = True``
        Gives `observe` a third argument, the follower's action, for leaders that see it.
    ``choose_many``, ``observe_many``, ``reset_many``
        Play all replications at once; see `VectorPolicy`.

    An exception in a method ends the run and arrives unchanged, with a note that names learner, replication
    and round. A policy that draws from Python's or NumPy's global generator makes runs that do not repeat; a
    `StackelWarning` says so, once for each policy.

    Examples
    --------
    This UCB plays the games of the built-in one, reward by reward:

    >>> import math
    >>> import stackel as sk
    >>> class MyUCB:
    ...     def reset(self, n_arms, horizon, role):
    ...         self.width = math.sqrt(2 * math.log(horizon))
    ...         self.count, self.total = [0] * n_arms, [0.0] * n_arms
    ...
    ...     def index(self, arm):
    ...         n = self.count[arm]
    ...         return self.total[arm] / n + self.width / math.sqrt(n) if n else math.inf
    ...
    ...     def choose(self, rng):
    ...         return max(range(len(self.count)), key=self.index)
    ...
    ...     def observe(self, arm, reward):
    ...         self.count[arm] += 1
    ...         self.total[arm] += reward
    >>> game = sk.games.etc_failure()
    >>> mine = sk.simulate(game, MyUCB, sk.UCB(), 1000, seed=1)
    >>> built_in = sk.simulate(game, sk.UCB(), sk.UCB(), 1000, seed=1, engine="stepwise")
    >>> bool((mine.pulls == built_in.pulls).all())
    True
    """

    def choose(self, rng: np.random.Generator, /) -> int:
        """Return the arm of this round, a whole number from 0.

        `rng`, a ``numpy.random.Generator``, draws from the stream of this player's decisions in this
        replication, as learners of stackel do. A run in which nothing else is drawn from repeats bit for bit.
        It may be used within this call only.
        """
        ...  # pragma: no cover

    def observe(self, arm: int, reward: float, /) -> object:
        """Take the reward of the arm just chosen; the returned value is ignored."""
        ...  # pragma: no cover


@runtime_checkable
class VectorPolicy(Protocol):
    """The methods of one Python object that plays all replications at once.

    The object plays all instances of its player, numbered from 0. Instance r of a leader plays replication
    r; instance ``r * n_leader + a`` of a follower answers leader action a in replication r. Each round the
    object is asked for one instance of every replication. Its state is best kept in arrays with a row for
    each instance.

    A class that also has the methods of `Policy` is played by the methods below. Many replications are
    played in batches of 4096, each by a fresh object; `stackel.Simulation` and `stackel.Agent` play one.

    Objects may also have ``reset_many(n_instances, n_arms, horizon, role)``, called once before the
    first round, and ``sees_response = True``, which gives `observe_many` a fourth argument, the
    follower's actions. `reset_many` is given ``shape``, the numbers of actions (n_leader, n_follower), by
    name if it has a parameter for it.

    Examples
    --------
    >>> import numpy as np
    >>> import stackel as sk
    >>> class Greedy:
    ...     def reset_many(self, n_instances, n_arms, horizon, role):
    ...         self.count = np.zeros((n_instances, n_arms))
    ...         self.total = np.zeros((n_instances, n_arms))
    ...
    ...     def choose_many(self, rng, instances):
    ...         count, total = self.count[instances], self.total[instances]
    ...         return np.where(count, total / np.maximum(count, 1), np.inf).argmax(axis=1)
    ...
    ...     def observe_many(self, instances, arms, rewards):
    ...         self.count[instances, arms] += 1
    ...         self.total[instances, arms] += rewards
    >>> run = sk.simulate(sk.games.etc_failure(), sk.UCB(), Greedy, 1000, replications=500, seed=1)
    >>> run.pulls.shape
    (500, 2, 2)
    """

    def choose_many(
        self, rng: RandomStreams, instances: npt.NDArray[np.int64], /
    ) -> npt.NDArray[np.integer[Any]]:
        """Return the arms of these instances, one of each replication in their order, shape (R,).

        `rng`, a `RandomStreams`, draws numbers for all R replications, each from its own stream.
        """
        ...  # pragma: no cover

    def observe_many(
        self,
        instances: npt.NDArray[np.int64],
        arms: npt.NDArray[np.int64],
        rewards: npt.NDArray[np.float64],
        /,
    ) -> object:
        """Take the rewards of the arms just chosen, each of shape (R,)."""
        ...  # pragma: no cover


AnyPolicy: TypeAlias = Policy | VectorPolicy
AnyLearner: TypeAlias = Learner | AnyPolicy | type[Policy] | type[VectorPolicy]
"""A learner, or a policy or class of policies of your own."""

_METHODS = (("choose", "observe"), ("choose_many", "observe_many"))
_A_POLICY = "a policy: an object or class with choose and observe (or choose_many and observe_many)"


@dataclass(frozen=True, eq=False, repr=False)
class CustomLearner(OwnLearner, registered=False):
    """A policy of your own under a name.

    A policy that is given in place of a learner is wrapped in this class. Wrap it yourself to give it a
    name or a version, or if a function has to make it. A result file holds name and version only: it cannot
    be run again without the ``CustomLearner``. A pickle holds the policy, as Python pickles it.

    Parameters
    ----------
    policy : Policy, VectorPolicy, class, or function
        An object, which is deep-copied for each instance; or a class or function that is called without
        arguments to make each instance. A function is also called once beforehand.
    name : str, optional
        What results, tables and figures call it, in a line; by default the name of the policy's class.
    version : str, optional
        Your word for which rule it is: change it whenever the rule changes. Sweeps need it.

    Examples
    --------
    >>> import stackel as sk
    >>> class Stubborn:
    ...     def __init__(self, arm):
    ...         self.arm = arm
    ...
    ...     def choose(self, rng):
    ...         return self.arm
    ...
    ...     def observe(self, arm, reward):
    ...         pass
    >>> leader = sk.CustomLearner(lambda: Stubborn(1), name="Stubborn")
    >>> sk.simulate(sk.games.etc_failure(), leader, sk.BestResponse(), 100, seed=1)
    Result(Stubborn vs BestResponse, horizon=100, replications=1, seed=1, engine='stepwise')
    """

    policy: AnyPolicy | Callable[[], AnyPolicy]
    name: str = ""
    version: str = ""
    _sample: Any = field(init=False)

    def __post_init__(self) -> None:
        policy: Any = self.policy
        sample = policy
        if not is_policy(policy):
            if not callable(policy) or isinstance(policy, type):
                raise SpecError("policy", f"{_A_POLICY}, or a function that makes one", shown(policy))
            sample = policy()
            if isinstance(sample, type) or not is_policy(sample):
                raise SpecError("policy", f"a function that makes {_A_POLICY}", f"one that makes {sample!r}")
        kind = sample if isinstance(sample, type) else type(sample)
        object.__setattr__(self, "version", as_version(self.version))
        object.__setattr__(self, "_sample", sample)
        object.__setattr__(self, "name", as_name(name_or(self.name, kind.__name__)))

    @property
    def vectorised(self) -> bool:
        """Whether it plays all replications at once."""
        return _has(self._sample, _METHODS[1])

    @property
    def sees_response(self) -> bool:
        """Whether it is told what the follower does."""
        return bool(getattr(self._sample, "sees_response", False))

    def as_core(self) -> tuple[str, dict[str, Any]]:
        """Name and the learner itself, as the core takes them."""
        return "CustomLearner", {"policy": self}

    def _instance(self) -> Any:
        """Return an object that no other instance knows of."""
        if self._sample is self.policy and not isinstance(self.policy, type):
            return copy.deepcopy(self.policy)
        made: Any = cast("Callable[[], AnyPolicy]", self.policy)()
        if made is self._sample:
            raise SpecError("policy", "a function that makes a new object each time", repr(self))
        return made

    def _seat(
        self, role: str, horizon: int, n_arms: int, shape: tuple[int, int], leader_action: int | None
    ) -> tuple[Any, Any]:
        """Return `choose` and `observe` of a fresh instance."""
        policy = self._instance()
        if hasattr(policy, "reset"):
            further = {"shape": shape, "leader_action": leader_action}
            policy.reset(n_arms, horizon, role, **_taken(policy.reset, 3, further))
        return policy.choose, policy.observe

    def _seat_many(
        self, role: str, horizon: int, n_arms: int, n_instances: int, shape: tuple[int, int]
    ) -> tuple[Any, Any]:
        """Return `choose_many` and `observe_many` of a fresh object that is all instances."""
        policy = self._instance()
        if hasattr(policy, "reset_many"):
            further = _taken(policy.reset_many, 4, {"shape": shape})
            policy.reset_many(n_instances, n_arms, horizon, role, **further)
        return policy.choose_many, policy.observe_many

    def __eq__(self, other: object) -> bool:
        """Whether both have the very same policy under the same name and version."""
        if not isinstance(other, CustomLearner):
            return NotImplemented
        return self.policy is other.policy and (self.name, self.version) == (other.name, other.version)

    def __hash__(self) -> int:
        return hash((id(self.policy), self.name, self.version))

    def __reduce__(self) -> tuple[Any, ...]:
        return CustomLearner, (self.policy, self.name, self.version)

    def __copy__(self) -> CustomLearner:
        return self


def is_policy(thing: object) -> TypeGuard[AnyPolicy]:
    """Whether a thing is a policy or a class of policies."""
    return not isinstance(thing, Learner) and any(_has(thing, methods) for methods in _METHODS)


def _taken(method: Callable[..., Any], positional: int, further: dict[str, Any]) -> dict[str, Any]:
    """Return those of `further` that a method takes by name, besides so many positional arguments."""
    function = getattr(method, "__func__", method)
    named = _named_parameters(function) if inspect.isfunction(function) else _parameters(function)
    skipped = positional + (function is not method)
    taken = {
        parameter.name
        for place, parameter in enumerate(named)
        if parameter.kind is parameter.KEYWORD_ONLY
        or (parameter.kind is parameter.POSITIONAL_OR_KEYWORD and place >= skipped)
    }
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in named):
        taken = set(further) - {parameter.name for parameter in named[:skipped]}
    return {name: value for name, value in further.items() if name in taken}


def _parameters(function: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    try:
        return tuple(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a compiled method that does not tell
        return ()


_named_parameters = functools.lru_cache(maxsize=64)(_parameters)


def _has(thing: object, methods: tuple[str, str]) -> bool:
    return all(callable(getattr(thing, method, None)) for method in methods)


def as_learner(argument: str, thing: object, *, recorded: bool = False) -> Learner:
    """Return a learner that can play, or may be `recorded`: `thing`, or the one of a policy."""
    if isinstance(thing, RecordedLearner) and not recorded:
        given = f"the name {thing.name!r} alone"
        raise SpecError(argument, "a learner whose code is at hand", given)
    if isinstance(thing, OwnLearner) or REGISTERED.get(type(thing).__name__) is type(thing):
        return thing
    if is_policy(thing):
        return CustomLearner(thing)
    allowed = f"a stackel learner such as stackel.UCB(), or {_A_POLICY}"
    raise SpecError(argument, allowed, shown(thing) + _call_hint(thing))


def _call_hint(thing: object) -> str:
    """Return how to make the learner that a name, a class or a reward law seems to mean, in brackets."""
    name = thing if isinstance(thing, str) else getattr(thing, "__name__", type(thing).__name__)
    known = {each.lower(): each for each in (*REGISTERED, *RENAMED)}
    meant = known.get(name.lower(), "")
    return f" (call it: stackel.{RENAMED.get(meant, meant)}())" if meant else ""


def with_learners(argument: str, things: object) -> Any:
    """Return a policy, or a sequence or mapping with policies, with learners in their place.

    Learners must be ones that can play; anything else stays as it is.
    """

    def learner(thing: object) -> object:
        return as_learner(argument, thing) if is_policy(thing) or isinstance(thing, Learner) else thing

    if isinstance(things, Mapping):
        return {name: learner(thing) for name, thing in things.items()}
    items = None if is_policy(things) else as_items(things)
    return learner(things) if items is None else [learner(thing) for thing in items]
