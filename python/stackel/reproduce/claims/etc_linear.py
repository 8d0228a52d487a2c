"""Exploring at the same time costs both players a constant a round.

In the game etc_failure the leader's first action is better once the follower has learned, but worse
while the follower explores. With the default lengths both explore for exactly as long: the leader sees
nothing but the follower's exploration, takes the first action for the worse one, and both players lose
0.1 a round for ever after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import ExploreThenCommit
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, Figure, Panel, about, decades
from stackel.reproduce.experiments.instances import STACKELBERG, etc_failure
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import is_linear, per_round, series_of, worst_trends

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

LOSS = 0.1
"""Regret a round of either player once both have committed to the wrong outcome."""
_MODES = {
    "quick": {"growth": Effort(decades(4, 8), 64)},
    "full": {"growth": Effort(decades(4, 10), 256)},
}
_PAIR = Pair("ETC v ETC", ExploreThenCommit(), ExploreThenCommit())


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Play the failing pair over horizons."""
    curve = lab.curve(_PAIR, etc_failure(), settings["growth"], STACKELBERG)
    trends = worst_trends([curve])
    rates = (per_round("etc_failure", curve, i, about(LOSS, f"{LOSS:g}", LOSS / 20)) for i in (0, 1))
    slopes = (is_linear("etc_failure", trends[i], i) for i in (0, 1))
    panel = Panel(
        "etc_failure",
        "horizon T (rounds)",
        "regret (units of utility)",
        series_of(_PAIR.name, trends, 0, slope=1.0),
    )
    return Evidence((*rates, *slopes), (Figure("etc_linear", (panel,)),))


CLAIM = Claim(
    "etc_linear",
    "ETC against ETC is linear",
    "When both explore at the same time and then commit, both regrets tend to 0.1 a round.",
    "etc_failure(); regret against the Stackelberg benchmark, which is the tolerant one too.",
    _MODES,
    collect,
    tables=(games.etc_failure(),),
)
