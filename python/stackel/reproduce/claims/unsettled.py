"""Which followers break Explore-then-UCB.

The guarantee asks of the follower that a single round costs little once the leader has stopped exploring.
ETC has committed by then, and AAE keeps only responses that are nearly as good. Others do not settle. UCB
loses little on average, yet any one round may go to a worse response, and such rounds come in runs. A
follower that explores longer than the leader is still exploring when it counts. Uniform play never stops.

The game decides what happens then. In etc_failure the leader's better action looks worse while the follower
explores, and UCB leaves it after a logarithmic number of tries. The follower's learning below that action
then never finishes: regret is linear. A run of bad rounds of a UCB follower can do the same, in a share of
the replications.
"""

from fractions import Fraction

from stackel import games
from stackel.learners import (
    UCB,
    ActiveArmElimination,
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    Learner,
    Uniform,
)
from stackel.reproduce.claim import Claim
from stackel.reproduce.experiments import (
    AT_GAMMA_T,
    Effort,
    Experiment,
    Pair,
    Regrets,
    Settings,
    decades,
    lower_bound_family,
    tolerance_family,
)
from stackel.reproduce.findings import (
    Evidence,
    Figure,
    grows_at_most,
    grows_faster,
    over_horizons,
    series_of,
    worst_trends,
)

_SETTLING: dict[str, Learner] = {"ETC": ExploreThenCommit(), "AAE": ActiveArmElimination()}
_UNSETTLED: dict[str, Learner] = {
    "ThrowOut": ExploreThenCommitThrowOut(),
    "ExploreThenUCB": ExploreThenUCB(),
    "UCB": UCB(),
    "anytime UCB": UCB(anytime=True),
    "uniform": Uniform(),
}
_MODES = {
    "quick": {"followers": Effort(decades(4, 6), 16), "stepped": Effort(decades(4, 5), 8)},
    "full": {"followers": Effort(decades(4, 8), 32), "stepped": Effort(decades(4, 6), 16)},
}


def experiments(settings: Settings) -> dict[str, Experiment]:
    """Play every follower in the games that are hard for T."""
    family = *lower_bound_family(), *tolerance_family()
    pairs = {
        short: Pair(f"ExploreThenUCB v {short}", ExploreThenUCB(), follower)
        for short, follower in (_SETTLING | _UNSETTLED).items()
    }
    return {
        short: Experiment(pair, family, AT_GAMMA_T, settings["stepped" if pair.is_stepped else "followers"])
        for short, pair in pairs.items()
    }


def evidence(found: dict[str, tuple[Regrets, ...]]) -> Evidence:
    """Fit the growth of the worst regret for every follower."""
    findings, series = [], []
    power, log_power = Fraction(2, 3), Fraction(1, 3)
    for rank, (short, regrets) in enumerate(found.items()):
        name, trends = regrets[0].pair.name, worst_trends(regrets)
        if short in _SETTLING:
            findings += grows_at_most(name, trends, power, log_power)
        else:
            player = max((0, 1), key=lambda player: trends[player].exponent(1 / 3).low)
            findings.append(grows_faster(name, trends[player], player, power, log_power))
        growth = (2 / 3, 1 / 3) if short in _SETTLING else ()
        series.append(series_of(short, trends, rank, *growth)[0])
    panel = over_horizons(
        "ExploreThenUCB, worst of all games", "leader's regret against the tolerant benchmark", series
    )
    return Evidence(tuple(findings), (Figure("unsettled", (panel,)),))


CLAIM = Claim(
    "unsettled",
    "Followers that break Explore-then-UCB",
    "The guarantee of ExploreThenUCB needs a follower whose regret in a single round is low: followers that"
    " still explore, or that may err in any round, lose it.",
    "etc_failure(), lower_bound(d) and unachievable(d) with gaps d that are hard for T; regret against"
    " the tolerant benchmark.",
    _MODES,
    experiments,
    evidence,
    limits="The paper names the condition and not the followers that fail it. That all of these followers"
    " fail it is our expectation. Uniform play is drawn round by round and stops at shorter horizons.",
    tables=(games.etc_failure(),),
)
