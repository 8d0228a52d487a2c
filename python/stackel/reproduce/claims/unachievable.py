"""No pair of learners reaches the Stackelberg benchmark.

The omniscient follower shows what the bound is about. It knows its utilities and is not a learner: with it
the same leader escapes the bound.
"""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

KAPPA = 1 / 4
PROVED = 3 / 35
BOUND = PROVED * (1 - KAPPA)
_TEXT = f"{BOUND:.4f} = {PROVED:.4f} (1 - 1/4)"
_ORACLE = ex.Pair("UCB v omniscient", learners.UCB(), learners.BestResponse())
_MODES = ex.modes(
    ("lotteries", ex.Effort(ex.decades(4, 6), 32), ex.Effort(ex.decades(4, 10), 24)),
    ("others", ex.Effort(ex.decades(4, 6), 8), ex.Effort(ex.decades(4, 10), 8)),
    ("stepped", ex.Effort((10000,), 32), ex.Effort(ex.decades(4, 6), 16)),
)


def game_players() -> tuple[fi.GamePlayer, fi.GamePlayer]:
    """Regret of the leader in I and of the follower in II.

    No outcome has a mixture of both regrets, with these weights, below `PROVED`: the proof that none does for
    learners that cannot tell the games apart. A pair that is wrong in one game by chance is right in the
    other by the same chance, so that the mixture hardly varies.
    """
    gap = ex.Power(KAPPA, -1 / 2)
    first, second = (ex.with_gap("unachievable", gap, part, "1/(4 sqrt(T))") for part in (0, 1))
    return fi.GamePlayer(first, 0, 6 / 7), fi.GamePlayer(second, 1, 1 / 7)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Let every pair of the portfolio, and one with an omniscient follower, play both games."""
    pairs = *ex.all_pairs(), _ORACLE
    return fi.contest(pairs, game_players(), lambda pair: ex.effort_of(pair, settings), ex.STACKELBERG)


def evidence(found: ex.Played) -> fi.Evidence:
    """Compare the best of all pairs with the bound, and the omniscient follower."""
    *learners, omniscient = found.values()
    regrets = fi.PairRegrets(game_players(), tuple(learners))
    oracle = fi.PairRegrets(game_players(), (omniscient,))
    findings = (
        _finding(best, f"best of {best.pairs} pairs", fi.at_least(BOUND, _TEXT)) for best in regrets.best()
    )
    escape = oracle.best()[-1]
    known = _finding(escape, f"{escape.pair}, for contrast", fi.at_most(BOUND, _TEXT))
    panel = fi.Panel(
        "Every pair of learners fails in I or in II",
        "horizon T (rounds)",
        "max(R1(I), R2(II)) / T (units of utility)",
        (
            regrets.best_series("best of all pairs", float, 0),
            oracle.best_series("omniscient follower", float, 1),
            *regrets.series(float),
        ),
        level=(BOUND, f"proved bound {BOUND:.4f}"),
    )
    return fi.Evidence((*findings, known), (panel,))


def _finding(best: fi.Best, who: str, prediction: fi.Prediction) -> fi.Finding:
    return fi.Finding(
        f"T = {fi.in_short(best.horizon)}, {who}",
        "max(R1(I), R2(II)) / T",
        prediction,
        fi.scaled(best.value, best.horizon),
        best.note,
        best.call_in("T"),
    )


CLAIM = Claim(
    "unachievable",
    "Stackelberg benchmark unachievable",
    "For all learners and every T, one of two games that T rounds cannot tell apart costs the leader or the"
    " follower 3/35 (1 - kappa) a round.",
    "unachievable(d), I and II, with d = kappa / sqrt(T), kappa = 1/4; regret against the Stackelberg"
    " benchmark.",
    _MODES,
    experiments,
    evidence,
    limits="Pairs with PhasedUCB or uniform play are drawn round by round and stop at shorter horizons.",
    tables=games.unachievable(0.05),
)
