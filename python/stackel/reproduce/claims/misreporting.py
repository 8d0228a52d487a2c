"""Whether a user gains by reporting other utilities than its own to the learner that plays for it.

A lie reports ``own_weight u_i + other_weight u_j`` instead of ``u_i``, so that what is reported and the other
player's utilities tell the true utility of whatever was played.

The rule, fixed before anything was played: at the longest horizon, a follower gains by the best of the lies
where the leader learns and a lie has a Stackelberg outcome that is better for the follower. In all other
settings, and for leaders, no lie gains more than `SLACK` a round: a follower answers each action as it learns
to, whatever the leader is told, so that the truth leads to the best action.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel import benchmarks, learners
from stackel._utils.players import ROLES
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

if TYPE_CHECKING:
    from collections.abc import Sequence


class Report(NamedTuple):
    """What a player tells its learner: weights of its own and of the other player's utilities."""

    own: float
    other: float


REPORTS = {
    "the truth": Report(1.0, 0.0),
    "exaggerated": Report(4.0, 0.0),
    "spite": Report(1.0, -1.0),
    "a little spite": Report(1.0, -0.5),
    "good will": Report(1.0, 1.0),
}
SLACK = 0.02
"""What a lie may gain in finite time, by saving exploration."""
GAMES = {
    "unachievable I": ex.twins("unachievable", ex.Power(0.05), "0.05")[0],
    "lower_bound I": ex.twins("lower_bound", ex.Power(0.05), "0.05")[0],
    "etc_failure": ex.etc_failure(),
}
_COMMITS = "committed"
_LEADERS: dict[str, ex.LearnerCode] = {
    "UCB": learners.UCB(),
    "ThrowOut": learners.ExploreThenCommitThrowOut(),
}
_LYING_LEADERS = {
    "UCB v UCB": (learners.UCB(), learners.UCB()),
    "ETC v ETC": (learners.ExploreThenCommit(), learners.ExploreThenCommit()),
}
_UTILITY = "(0.0, 0.0)"
"""Benchmark against which regret is utility with its sign turned."""
_MODES = ex.modes(("lies", ex.Effort(ex.decades(4, 6), 32), ex.Effort(ex.decades(4, 9), 128)))
_GAINS = fi.at_least(0.0, "0")
_GAINS_NOTHING = fi.at_most(0.0, "0", SLACK)


def as_reported(game: ex.Instance, player: int, report: Report) -> ex.Instance:
    """Return the game that is played if a player reports so."""
    utilities = [f"{game.code}.leader", f"{game.code}.follower"]
    terms = zip(report, (utilities[player], utilities[1 - player]), strict=True)
    utilities[player] = " + ".join(f"{weight!r} * {term}" for weight, term in terms if weight)
    return ex.Instance("reported", "sk.Game", tuple(utilities))


def limit_gain(name: str) -> float:
    """What the best lie of a follower adds to its Stackelberg utility, if the leader learns the outcome."""
    game, reached = GAMES[name], []
    utility = game.game(2).follower
    for report in REPORTS.values():
        outcome = benchmarks.stackelberg(as_reported(game, 1, report).game(2))
        reached.append(utility[outcome.leader_action, outcome.follower_action])
    return float(max(reached) - reached[0])


def gain(parts: Sequence[ex.Regrets], player: int) -> fi.Trend:
    """Return how much more the best lie earns in true utility than the truth; parts as in the reports."""
    own, other = (np.array(weights).tolist() for weights in zip(*REPORTS.values(), strict=True))
    true = f"((regret[..., {player}] - np.array({other}) * regret[..., {1 - player}]) / np.array({own}))"
    return fi.Trend.of(parts, f"{true}[..., 0] - {true}[..., 1:].min(axis=-1)")


def seats(player: int, game: str) -> dict[str, tuple[ex.LearnerCode, ex.LearnerCode]]:
    """Return the pairs of learners for the lies of a player, by name."""
    if player == 0:
        return dict(_LYING_LEADERS)
    committed = benchmarks.stackelberg(GAMES[game].game(2)).leader_action
    leaders = _LEADERS | {_COMMITS: f"sk.FixedAction({committed})"}
    return {name: (leader, learners.UCB()) for name, leader in leaders.items()}


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play every game as it is reported, by each player."""
    return {
        (name, player, pair, kind): ex.Match(
            ex.Pair(f"{pair}, {ROLES[player]} reports {kind}", *both),
            [as_reported(game, player, report)],
            _UTILITY,
            settings["lies"],
        )
        for name, game in GAMES.items()
        for player in (1, 0)
        for pair, both in seats(player, name).items()
        for kind, report in REPORTS.items()
    }


def evidence(found: ex.Played) -> fi.Evidence:
    """Measure what the best lie gains, in every game and for every pair."""
    findings: list[fi.Finding] = []
    panels: list[fi.Panel] = []
    for name in GAMES:
        series: list[fi.Series] = []
        pays = limit_gain(name) > 0
        for player in (1, 0):
            for rank, pair in enumerate(seats(player, name)):
                trend = gain([found[name, player, pair, kind][0] for kind in REPORTS], player)
                expected = _GAINS if pays and player == 1 and pair != _COMMITS else _GAINS_NOTHING
                findings.append(fi.gain_a_round(f"{name}, {pair}", trend, player, expected))
                label = pair if player == 0 else f"v {pair}"
                series.append(fi.gain_series(label, trend, rank + 3 * (1 - player), player, 100))
        panels.append(fi.gain_panel(name, series, "hundredths of a unit", "the truth"))
    return fi.Evidence(tuple(findings), tuple(panels))


CLAIM = Claim(
    "misreporting",
    "Lying to your own learner",
    "A follower gains by reporting other utilities than its own to its learner where the leader learns and"
    " both want different outcomes, and not where the leader is committed; a leader does not gain.",
    "unachievable(0.05) I, lower_bound(0.05) I, etc_failure(), as one player reports its utilities; the true"
    " ones count.",
    _MODES,
    experiments,
    evidence,
    caveat="What is expected follows from Stackelberg outcomes of the reported games, which are reached in"
    " the limit of long games, and only by pairs that learn.",
    limits="Four lies: own utilities four times as large, and the other player's utilities added to them with"
    " a weight of -1, -1/2 or 1.",
    tables=tuple(game.game(2) for game in GAMES.values()),
)
