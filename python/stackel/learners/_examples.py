"""A learner of each kind, for what tries all of them."""

from __future__ import annotations

from typing import Any

from stackel._core import learner_leaps, learner_schema
from stackel.learners._base import REGISTERED, Learner
from stackel.learners._made import innermost
from stackel.learners._own import OwnLearner

_SMALL = {"int": 0, "float": 0.3}
_MADE_OF = "UCB"
"""The learner that examples are made of, where they are made of one."""


def leaps(learner: Any) -> str:
    """Return how a learner is leapt over: "alike", "in law" or "no"."""
    if not isinstance(learner, Learner) or isinstance(innermost(learner), OwnLearner):
        return "no"
    return learner_leaps(*learner.as_core())


def every_round(learner: Learner) -> bool:
    """Whether the learner decides anew in every round, so that games with it are played round by round."""
    return leaps(learner) == "no"


def examples(role: str, *, beside: tuple[Learner, ...] = (), **parameters: Any) -> dict[str, Learner]:
    """Return a learner of each kind that can take a seat, by its name, but for those `beside`.

    Parameters are set in the learners that have them. Others have their defaults, or small values if they
    are required.
    """
    left_out = {type(learner).__name__ for learner in beside}
    return {
        entry["name"]: _example(entry, parameters)
        for entry in learner_schema()
        if role in entry["roles"] and entry["name"] in REGISTERED.keys() - left_out
    }


def _entry(name: str) -> dict[str, Any]:
    return next(entry for entry in learner_schema() if entry["name"] == name)


def _example(entry: dict[str, Any], values: dict[str, Any]) -> Learner:
    given = {}
    for parameter in entry["parameters"]:
        if parameter["type"] == "Learner":
            given[parameter["name"]] = _example(_entry(_MADE_OF), values)
        elif parameter["name"] in values:
            given[parameter["name"]] = values[parameter["name"]]
        elif parameter["required"]:
            given[parameter["name"]] = max(parameter["least"], _SMALL[parameter["type"]])
    return REGISTERED[entry["name"]](**given)
