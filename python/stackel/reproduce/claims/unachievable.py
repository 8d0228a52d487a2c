"""No pair of learners reaches the Stackelberg benchmark.

The unachievable games I and II differ in one utility of the follower, by 2d. With
``d = kappa sigma / sqrt(T)`` the rewards of T rounds tell them apart no better than a coin with bias of
order kappa, and a pair does nearly the same in both. The rounds spent on the leader's first action make the
follower's regret in II linear, all other rounds the leader's regret in I. The share that balances both
still leaves ``3/35 (1 - kappa)`` of regret a round.

The omniscient follower shows what the bound is about. It knows its utilities and is not a learner: with it
the same leader escapes the bound.
"""

from stackel import games
from stackel.learners import UCB, BestResponse
from stackel.reproduce.claim import Claim
from stackel.reproduce.experiments import (
    STACKELBERG,
    Effort,
    Experiment,
    Pair,
    Power,
    Regrets,
    Settings,
    all_pairs,
    decades,
    effort_of,
    with_gap,
)
from stackel.reproduce.findings import (
    Best,
    Evidence,
    Figure,
    Finding,
    GamePlayer,
    PairRegrets,
    Panel,
    Prediction,
    Series,
    at_least,
    at_most,
    contest,
    in_short,
    scaled,
)

KAPPA = 1 / 4
PROVED = 3 / 35
BOUND = PROVED * (1 - KAPPA)
_TEXT = f"{BOUND:.4f} = {PROVED:.4f} (1 - 1/4)"
_ORACLE = Pair("UCB v omniscient", UCB(), BestResponse())
_MODES = {
    "quick": {
        "lotteries": Effort(decades(4, 6), 32),
        "others": Effort(decades(4, 6), 8),
        "stepped": Effort((10_000,), 32),
    },
    "full": {
        "lotteries": Effort(decades(4, 10), 24),
        "others": Effort(decades(4, 10), 8),
        "stepped": Effort(decades(4, 6), 16),
    },
}


def game_players() -> tuple[GamePlayer, GamePlayer]:
    """Regret of the leader in I and of the follower in II."""
    gap = Power(KAPPA, -1 / 2)
    first, second = (with_gap("unachievable", gap, part, "1/(4 sqrt(T))") for part in (0, 1))
    return GamePlayer(first, 0), GamePlayer(second, 1)


def experiments(settings: Settings) -> dict[str, Experiment]:
    """Let every pair of the portfolio, and one with an omniscient follower, play both games."""
    pairs = *all_pairs(), _ORACLE
    return contest(pairs, game_players(), lambda pair: effort_of(pair, settings), STACKELBERG)


def evidence(found: dict[str, tuple[Regrets, ...]]) -> Evidence:
    """Compare the best of all pairs with the bound, and the omniscient follower."""
    *learners, omniscient = found.values()
    regrets = PairRegrets(game_players(), tuple(learners))
    oracle = PairRegrets(game_players(), (omniscient,))
    findings = (
        _finding(best, f"least of {best.pairs} pairs", at_least(BOUND, _TEXT)) for best in regrets.best()
    )
    escape = oracle.best()[-1]
    known = _finding(escape, f"{escape.pair}, for contrast", at_most(BOUND, _TEXT))
    panel = Panel(
        "Every pair of learners fails in I or in II",
        "horizon T (rounds)",
        "max(R1(I), R2(II)) / T (units of utility)",
        (
            _series("least of all pairs", regrets, 0),
            _series("omniscient follower", oracle, 1),
            *regrets.series(float),
        ),
        level=(BOUND, f"proved bound {BOUND:.4f}"),
    )
    return Evidence((*findings, known), (Figure("unachievable", (panel,)),))


def _finding(best: Best, who: str, prediction: Prediction) -> Finding:
    return Finding(
        f"T = {in_short(best.horizon)}, {who}",
        "max(R1(I), R2(II)) / T",
        prediction,
        scaled(best.value, best.horizon),
        best.note,
        best.call_in("T"),
    )


def _series(label: str, regrets: PairRegrets, rank: int) -> Series:
    best = regrets.best()
    values = tuple(scaled(each.value, each.horizon) for each in best)
    return Series(label, tuple(float(each.horizon) for each in best), values, rank)


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
