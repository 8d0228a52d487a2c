"""The learner pairs that statements about every pair are tried on.

No finite list is every pair. This one holds every learner of the registry in every seat it can
take, and controls that do not learn: fixed actions and uniform play. Learners that are not of the theory
meet UCB only. Followers that are told more than their own rewards are left out on purpose, as they know, or
see, what the statements are about not knowing.
"""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Protocol, TypeAlias

from stackel.learners import (
    EXP3,
    EXP3IX,
    KLUCB,
    MOSS,
    UCB,
    UCBV,
    ActiveArmElimination,
    DiscountedUCB,
    EpsilonGreedy,
    ExploreThenCommit,
    ExploreThenCommitAdaptive,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    FixedAction,
    HierarchicalUCB,
    Learner,
    LipschitzUCB,
    PhasedUCB,
    SlidingWindowUCB,
    ThompsonSampling,
    Uniform,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stackel.reproduce.evidence import Effort, Settings


class OfHorizon(Protocol):
    """A learner that is built for the horizon, and the Python that builds it, an expression in T."""

    @property
    def code(self) -> str:
        """Expression in T."""
        ...

    def __call__(self, horizon: int) -> Learner:
        """Return the learner for a horizon."""
        ...


Player: TypeAlias = Learner | OfHorizon

_COMMITTING = ExploreThenCommit | ExploreThenCommitThrowOut
_EITHER: Mapping[str, Learner] = {
    "ETC": ExploreThenCommit(),
    "ThrowOut": ExploreThenCommitThrowOut(),
    "ExploreThenUCB": ExploreThenUCB(),
    "UCB": UCB(),
    "anytime UCB": UCB(anytime=True),
    "AAE": ActiveArmElimination(),
}
_LEADERS_ONLY: Mapping[str, Learner] = {"LipschitzUCB": LipschitzUCB(), "PhasedUCB": PhasedUCB()}
_CONTROLS: Mapping[str, Learner] = {
    "always 1": FixedAction(0),
    "always 2": FixedAction(1),
    "uniform": Uniform(),
}
_FURTHER: Mapping[str, Learner] = {
    "epsilon-greedy": EpsilonGreedy(epsilon=20.0, decay=1.0),
    "Thompson": ThompsonSampling(),
    "KL-UCB": KLUCB(loglog=3.0),
    "UCB-V": UCBV(reward_range=2.0),
    "MOSS": MOSS(),
    "adaptive ETC": ExploreThenCommitAdaptive(),
    "EXP3": EXP3(low=-1.0, high=2.0),
    "EXP3-IX": EXP3IX(low=-1.0, high=2.0),
    "sliding-window UCB": SlidingWindowUCB(),
    "discounted UCB": DiscountedUCB(),
}
_FURTHER_LEADERS: Mapping[str, Learner] = {"HierarchicalUCB": HierarchicalUCB()}
_STEPPED = PhasedUCB | Uniform | ThompsonSampling | UCBV | EXP3 | EXP3IX | SlidingWindowUCB | DiscountedUCB


@dataclass(frozen=True)
class Pair:
    """A leader and a follower under a short name; either may depend on the horizon."""

    name: str
    leader: Player
    follower: Player

    @property
    def is_stepped(self) -> bool:
        """Whether one of them decides anew every round, so that long games take long."""
        return isinstance(self.leader, _STEPPED) or isinstance(self.follower, _STEPPED)

    @property
    def is_lottery(self) -> bool:
        """Whether one of them commits for ever, so that a game goes one way or the other by chance."""
        return isinstance(self.leader, _COMMITTING) or isinstance(self.follower, _COMMITTING)


def learner_at(player: Player, horizon: int) -> Learner:
    """Return the learner for a horizon."""
    return player if isinstance(player, Learner) else player(horizon)


def learner_code(learner: Learner) -> str:
    """Python that makes the learner again: what is as usual is left out."""
    name = type(learner).__name__
    public = "UniformLearner" if isinstance(learner, Uniform) else name  # the noise law has the other name
    usual = signature(type(learner)).parameters
    changed = (f"{key}={value!r}" for key, value in vars(learner).items() if value != usual[key].default)
    return f"sk.{public}({', '.join(changed)})"


def player_code(player: Player, *, of_horizon: bool) -> str:
    """Python that makes the learner for the horizon T, or, where that differs, a function of T that does."""
    if isinstance(player, Learner):
        return learner_code(player)
    return f"lambda T: {player.code}" if of_horizon else player.code


def learning_pairs() -> tuple[Pair, ...]:
    """Every learner of the portfolio against every other, controls left out."""
    return _product({**_EITHER, **_LEADERS_ONLY}, _EITHER)


def all_pairs() -> tuple[Pair, ...]:
    """Every learner and control of the portfolio against every other, further ones against UCB."""
    usual = _product({**_EITHER, **_LEADERS_ONLY, **_CONTROLS}, {**_EITHER, **_CONTROLS})
    ucb = {"UCB": _EITHER["UCB"]}
    return (*usual, *_product({**_FURTHER, **_FURTHER_LEADERS}, ucb), *_product(ucb, _FURTHER))


def told(pair: Pair, sigma: float) -> Pair:
    """Return the pair with every learner told that scale of the noise, where it asks for one."""
    return Pair(pair.name, _told(pair.leader, sigma), _told(pair.follower, sigma))


def _told(player: Player, sigma: float) -> Player:
    if isinstance(player, Learner) and "sigma" in vars(player):
        return type(player)(**vars(player) | {"sigma": sigma})
    return player


def effort_of(settings: Settings) -> Callable[[Pair], Effort]:
    """Return how much each pair is to play: what takes long less, what is left to chance more often."""

    def effort(pair: Pair) -> Effort:
        return settings["stepped" if pair.is_stepped else "lotteries" if pair.is_lottery else "others"]

    return effort


def _product(leaders: Mapping[str, Learner], followers: Mapping[str, Learner]) -> tuple[Pair, ...]:
    return tuple(
        Pair(f"{first} v {second}", leader, follower)
        for first, leader in leaders.items()
        for second, follower in followers.items()
    )
