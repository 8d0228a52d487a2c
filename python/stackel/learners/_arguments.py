"""What a learner is given when it is made: its parameters, by name."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEANT: dict[str, tuple[str, ...]] = {
    "action": ("a",),
    "alpha": ("confidence", "learning_rate"),
    "arm": ("a",),
    "b": ("reward_range",),
    "beta": ("confidence", "temperature"),
    "c": ("confidence", "loglog", "follower_constant", "constant"),
    "e": ("exploration", "epsilon"),
    "eps": ("epsilon",),
    "eta": ("learning_rate", "temperature"),
    "gamma": ("discount", "implicit_exploration", "learning_rate"),
    "l": ("lipschitz",),
    "lower": ("low",),
    "lr": ("learning_rate",),
    "m": ("exploration", "phases"),
    "max": ("high",),
    "min": ("low",),
    "n": ("exploration",),
    "n0": ("discard", "exploration"),
    "rate": ("learning_rate",),
    "rho": ("confidence",),
    "scale": ("sigma",),
    "std": ("sigma",),
    "tau": ("window", "temperature"),
    "upper": ("high",),
    "w": ("window",),
    "xi": ("confidence",),
    "zeta": ("confidence",),
}
"""What others call a parameter, in lower case, and what it may be called here."""
_HORIZON, _ARMS, _SEED = (
    "the horizon is an argument of simulate",
    "the number of arms is that of the game",
    "the seed is an argument of simulate",
)
_ELSEWHERE = {
    **dict.fromkeys(("t", "horizon", "rounds", "n_rounds"), _HORIZON),
    **dict.fromkeys(("k", "arms", "n_arms", "n_actions"), _ARMS),
    **dict.fromkeys(("rng", "seed", "random_state"), _SEED),
}
"""What is no parameter of any learner, and where it is given."""


def by_name(
    learner: str, names: Sequence[str], in_order: Sequence[str], values: Sequence[Any], given: dict[str, Any]
) -> dict[str, Any]:
    """Return parameters by name, of which some, those `in_order`, may be `values` by position."""
    placed = dict(zip(in_order, values, strict=False))
    if len(values) > len(placed):
        raise SpecError(learner, _allowed(names, in_order), shown(values[len(placed)]))
    for name in given:
        if name not in names:
            raise SpecError(learner, _allowed(names), shown(name) + _hint(name, names))
        if name in placed:
            raise SpecError(name, "given once", "a value by position and another by name")
    return placed | given


def _allowed(names: Sequence[str], in_order: Sequence[str] = ()) -> str:
    if not names:
        return "given no parameters"
    alone = f" ({', '.join(in_order)} may go without)" if in_order else ""
    return f"given parameters by name, out of: {', '.join(names)}{alone}"


def _hint(name: str, names: Sequence[str]) -> str:
    """Return what a wrong name may have meant, in brackets; nothing if there is no telling."""
    lower = name.lower()
    meant = [known for known in _MEANT.get(lower, ()) if known in names]
    meant += difflib.get_close_matches(lower, names, n=1)
    if meant:
        return f" (did you mean {meant[0]}?)"
    return f" ({_ELSEWHERE[lower]})" if lower in _ELSEWHERE else ""
