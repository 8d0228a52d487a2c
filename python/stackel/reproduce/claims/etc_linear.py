"""Exploring at the same time costs both players a constant a round."""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

LOSS = 0.1
"""Regret a round of either player once both have committed to the wrong outcome."""
_MODES = ex.modes(("growth", ex.Effort(ex.decades(4, 8), 64), ex.Effort(ex.decades(4, 10), 256)))
_PAIR = ex.Pair("ETC v ETC", learners.ExploreThenCommit(), learners.ExploreThenCommit())


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play the failing pair over horizons."""
    return {"growth": ex.Match(_PAIR, [ex.etc_failure()], ex.STACKELBERG, settings["growth"])}


def evidence(found: ex.Played) -> fi.Evidence:
    """State the loss a round and the growth for both players."""
    trends = fi.worst_trends(found["growth"])
    loss = fi.about(LOSS, f"{LOSS:g}", LOSS / 20)
    rates = (fi.per_round("etc_failure", found["growth"][0], player, loss) for player in (0, 1))
    slopes = (fi.is_linear("etc_failure", trends[player], player) for player in (0, 1))
    panel = fi.over_horizons(
        "etc_failure", "regret (units of utility)", fi.series_of(_PAIR.name, trends, 0, fi.LINEAR)
    )
    return fi.Evidence((*rates, *slopes), (panel,))


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
