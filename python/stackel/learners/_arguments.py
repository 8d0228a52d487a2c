"""What a learner is given when it is made: its parameters, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.suggestions import hint
from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALSO: dict[str, tuple[str, ...]] = {
    "confidence": ("alpha", "beta", "c", "rho", "xi", "zeta"),
    "loglog": ("c",),
    "follower_constant": ("c",),
    "constant": ("c",),
    "discount": ("gamma",),
    "implicit_exploration": ("gamma",),
    "learning_rate": ("alpha", "eta", "gamma", "lr", "rate"),
    "window": ("tau", "w"),
    "features": ("contexts", "context", "x"),
    "ridge": ("l2", "lambda_", "lam", "reg"),
    "temperature": ("beta", "eta", "tau"),
    "discard": ("n0",),
    "exploration": ("e", "m", "n", "n0"),
    "epsilon": ("e", "eps"),
    "phases": ("m",),
    "a": ("action", "arm"),
    "reward_range": ("b",),
    "lipschitz": ("l",),
    "low": ("lower", "min"),
    "high": ("max", "upper"),
    "sigma": ("scale", "std"),
}
"""Parameters with their names elsewhere, in lower case; of two, the first that a learner has is meant."""
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
            lower = name.lower()
            elsewhere = f" ({_ELSEWHERE[lower]})" if lower in _ELSEWHERE else ""
            raise SpecError(learner, _allowed(names), shown(name) + (hint(name, names, _ALSO) or elsewhere))
        if name in placed:
            raise SpecError(name, "given once", "a value by position and another by name")
    return placed | given


def _allowed(names: Sequence[str], in_order: Sequence[str] = ()) -> str:
    if not names:
        return "given no parameters"
    alone = f" ({', '.join(in_order)} may go without)" if in_order else ""
    return f"given parameters by name, out of: {', '.join(names)}{alone}"
