"""Exploring at the same time costs both players a constant a round.

In the game etc_failure the leader's first action is better once the follower has learned, but worse while
the follower explores. With the default lengths both explore for exactly as long. The leader then sees
nothing but the follower's exploration and takes the first action for the worse one. From then on both
players lose 0.1 a round.
"""

from stackel import games
from stackel.learners import ExploreThenCommit
from stackel.reproduce.claim import Claim
from stackel.reproduce.experiments import (
    STACKELBERG,
    Effort,
    Experiment,
    Pair,
    Regrets,
    Settings,
    decades,
    etc_failure,
)
from stackel.reproduce.findings import (
    Evidence,
    Figure,
    about,
    is_linear,
    over_horizons,
    per_round,
    series_of,
    worst_trends,
)

LOSS = 0.1
"""Regret a round of either player once both have committed to the wrong outcome."""
_MODES = {
    "quick": {"growth": Effort(decades(4, 8), 64)},
    "full": {"growth": Effort(decades(4, 10), 256)},
}
_PAIR = Pair("ETC v ETC", ExploreThenCommit(), ExploreThenCommit())


def experiments(settings: Settings) -> dict[str, Experiment]:
    """Play the failing pair over horizons."""
    return {"growth": Experiment(_PAIR, [etc_failure()], STACKELBERG, settings["growth"])}


def evidence(found: dict[str, tuple[Regrets, ...]]) -> Evidence:
    """State the loss a round and the growth for both players."""
    trends = worst_trends(found["growth"])
    loss = about(LOSS, f"{LOSS:g}", LOSS / 20)
    rates = (per_round("etc_failure", found["growth"][0], player, loss) for player in (0, 1))
    slopes = (is_linear("etc_failure", trends[player], player) for player in (0, 1))
    panel = over_horizons(
        "etc_failure", "regret (units of utility)", series_of(_PAIR.name, trends, 0, slope=1.0)
    )
    return Evidence((*rates, *slopes), (Figure("etc_linear", (panel,)),))


CLAIM = Claim(
    "etc_linear",
    "ETC against ETC is linear",
    "When both explore at the same time and then commit, both regrets tend to 0.1 a round.",
    "etc_failure(); regret against the Stackelberg benchmark, which is the tolerant one too.",
    _MODES,
    experiments,
    evidence,
    tables=(games.etc_failure(),),
)
