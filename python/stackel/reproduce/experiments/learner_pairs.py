"""The pairs of learners that statements about every pair are tried on.

No finite list is every pair. This list holds every learner of the registry in every seat it can take, and
controls that do not learn: fixed actions and uniform play. Learners that are not part of the theory meet
UCB only. Two kinds are left out on purpose: learners that are made of another one, as there are as many as
one likes; and followers that see more than their own rewards, as the statements are about players that do
not know the game.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from stackel import learners
from stackel.learners._examples import every_round, examples
from stackel.learners._made import MadeLearner
from stackel.learners._names import changed
from stackel.reproduce.experiments.source import made_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackel.reproduce.experiments.effort import Effort, Settings


LearnerCode: TypeAlias = learners.Learner | str
"""A learner, or an expression in T, the horizon, that makes it."""

_LOTTERIES = learners.ExploreThenCommit | learners.ExploreThenCommitThrowOut | learners.EpsilonGreedy
_EITHER: Mapping[str, learners.Learner] = {
    "ETC": learners.ExploreThenCommit(),
    "ThrowOut": learners.ExploreThenCommitThrowOut(),
    "ExploreThenUCB": learners.ExploreThenUCB(),
    "UCB": learners.UCB(),
    "anytime UCB": learners.UCB(anytime=True),
    "AAE": learners.ActiveArmElimination(),
}
_LEADERS_ONLY: Mapping[str, learners.Learner] = {
    "LipschitzUCB": learners.LipschitzUCB(),
    "PhasedUCB": learners.PhasedUCB(),
}
_CONTROLS: Mapping[str, learners.Learner] = {
    "always 1": learners.FixedAction(0),
    "always 2": learners.FixedAction(1),
    "uniform": learners.UniformLearner(),
}
_FURTHER: Mapping[str, learners.Learner] = {
    "epsilon-greedy": learners.EpsilonGreedy(epsilon=20.0, decay=1.0),
    "Thompson": learners.ThompsonSampling(),
    "KL-UCB": learners.KLUCB(loglog=3.0),
    "UCB-V": learners.UCBV(reward_range=2.0),
    "MOSS": learners.MOSS(),
    "adaptive ETC": learners.ExploreThenCommitAdaptive(),
    "EXP3": learners.EXP3(low=-1.0, high=2.0),
    "EXP3-IX": learners.EXP3IX(low=-1.0, high=2.0),
    "sliding-window UCB": learners.SlidingWindowUCB(),
    "discounted UCB": learners.DiscountedUCB(),
}
_FURTHER_LEADERS: Mapping[str, learners.Learner] = {"HierarchicalUCB": learners.HierarchicalUCB()}
_SEES_ITS_OWN = frozenset(
    entry["name"]
    for entry in learners.learner_schema()
    if entry["sees"] in {"own rewards", "own rewards under all leader actions", "responses"}
    and "Learner" not in {parameter["type"] for parameter in entry["parameters"]}
)


@dataclass(frozen=True)
class Pair:
    """A leader and a follower under a short name; either may depend on the horizon."""

    name: str
    leader: LearnerCode
    follower: LearnerCode

    @property
    def is_stepped(self) -> bool:
        """Whether one of them decides anew every round, so that long games take long."""
        return any(
            isinstance(each, learners.Learner) and every_round(each) for each in (self.leader, self.follower)
        )

    @property
    def is_lottery(self) -> bool:
        """Whether one of them explores so little that chance decides how a whole game goes."""
        return isinstance(self.leader, _LOTTERIES) or isinstance(self.follower, _LOTTERIES)


def learner_at(learner: LearnerCode, horizon: int) -> learners.Learner:
    """Return the learner for a horizon."""
    found: learners.Learner = made_for(learner, horizon) if isinstance(learner, str) else learner
    return found


def learner_code(learner: LearnerCode) -> str:
    """Python that makes the learner for the horizon T; parameters at their defaults are left out."""
    if isinstance(learner, str):
        return learner
    given = [learner_code(learner.inner)] if isinstance(learner, MadeLearner) else []
    given += [f"{key}={value!r}" for key, value in changed(learner) if key != "of"]
    return f"sk.{type(learner).__name__}({', '.join(given)})"


def learning_pairs() -> tuple[Pair, ...]:
    """Every learner of the portfolio against every other, controls left out."""
    return _product({**_EITHER, **_LEADERS_ONLY}, _EITHER)


def all_pairs() -> tuple[Pair, ...]:
    """Every learner and control of the portfolio against every other, further ones against UCB."""
    usual = _product({**_EITHER, **_LEADERS_ONLY, **_CONTROLS}, {**_EITHER, **_CONTROLS})
    ucb = {"UCB": _EITHER["UCB"]}
    leaders = {**_FURTHER, **_FURTHER_LEADERS, **_others("leader")}
    return (*usual, *_product(leaders, ucb), *_product(ucb, {**_FURTHER, **_others("follower")}))


def _others(role: str) -> dict[str, learners.Learner]:
    """Return the learners of the registry that no table above names, but for those made of others."""
    named = (_EITHER, _LEADERS_ONLY, _CONTROLS, _FURTHER, _FURTHER_LEADERS)
    tried = tuple(learner for table in named for learner in table.values())
    found = examples(role, beside=tried).items()
    return {name: learner for name, learner in found if name in _SEES_ITS_OWN}


def with_sigma(pair: Pair, sigma: float) -> Pair:
    """Return the pair with that scale of the noise in every learner that has such a parameter."""

    def scaled(learner: LearnerCode) -> LearnerCode:
        has_sigma = isinstance(learner, learners.Learner) and "sigma" in vars(learner)
        return type(learner)(**vars(learner) | {"sigma": sigma}) if has_sigma else learner

    return Pair(pair.name, scaled(pair.leader), scaled(pair.follower))


def effort_of(pair: Pair, settings: Settings) -> Effort:
    """Return how much a pair plays: slow learners less, pairs that are left to chance more often."""
    return settings["stepped" if pair.is_stepped else "lotteries" if pair.is_lottery else "others"]


def _product(
    leaders: Mapping[str, learners.Learner], followers: Mapping[str, learners.Learner]
) -> tuple[Pair, ...]:
    return tuple(
        Pair(f"{first} v {second}", leader, follower)
        for first, leader in leaders.items()
        for second, follower in followers.items()
    )
