"""Variants of a learner: its parameters as choices of a player."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from stackel._utils.carriers import as_items
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.learners._base import REGISTERED, Learner

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST = 10_000


def variants(learner: type[Learner], **parameters: Sequence[Any]) -> dict[str, Learner]:
    """Return a learner with every combination of values of its parameters.

    Parameters
    ----------
    learner : type of Learner
        A built-in learner, such as ``sk.UCB``.
    **parameters : sequence
        Values of each parameter; at most 10,000 combinations.

    Returns
    -------
    dict of str to Learner
        By names such as ``UCB(confidence=0.25)``, the last parameter changing fastest, for `meta_game`,
        `portfolio` and `grid`.

    Examples
    --------
    >>> import stackel as sk
    >>> list(sk.variants(sk.UCB, confidence=[0.25, 1, 4]))
    ['UCB(confidence=0.25)', 'UCB(confidence=1)', 'UCB(confidence=4)']
    """
    if not any(learner is each for each in REGISTERED.values()):
        raise SpecError("learner", "a class of built-in learners, such as stackel.UCB", shown(learner))
    axes: dict[str, tuple[Any, ...]] = {}
    count = 1
    for name, values in parameters.items():
        items = None if isinstance(values, str) else as_items(values)
        if not items:
            raise SpecError(name, "one or more values in a sequence", shown(values))
        axes[name] = items
        count *= len(items)
    if count > _MOST:
        raise SpecError("parameters", f"at most {_MOST} combinations", str(count))
    found: dict[str, Learner] = {}
    for values in product(*axes.values()):
        chosen = dict(zip(axes, values, strict=True))
        inner = ", ".join(f"{name}={value!r}" for name, value in chosen.items())
        key = f"{learner.__name__}({inner})" if chosen else learner.__name__
        if key in found:
            raise SpecError("parameters", "different values", f"{key} twice")
        found[key] = learner(**chosen)
    return found
