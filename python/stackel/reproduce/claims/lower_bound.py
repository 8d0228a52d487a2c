"""No pair of learners beats T^(2/3) against the tolerant benchmark.

Game II_j differs from I in one utility of the follower, 2d at the leader's first action and response j. The
gap ``d = ((|B| - 1) sigma^2 / (2 T))^(1/3)`` makes finding out as dear as not finding out, and a quarter of
d T remains. The benchmark values are the same at every tolerance.
"""

from collections.abc import Sequence

from stackel import games
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

BOUND = ex.WORST / 4
"""Smallest max_j max(R1(I), R2(II_j)) in units of ``(sigma^2 (|B| - 1))**(1/3) T**(2/3)``."""
_SIZES = (2, 4, 8, 16)
"""Numbers |B| of responses in the check that the bound grows with them."""
_SCALES = (1 / 4, 4.0)
"""Scales of the noise, which the learners know."""
_SLACK_IN_SIZE = 0.1
"""Slack of the exponent of |B| - 1: over a factor of 15 the constant may drift by 31 per cent."""
_MODES = ex.modes(
    ("lotteries", ex.Effort(ex.decades(4, 6), 32), ex.Effort(ex.decades(4, 10), 16)),
    ("others", ex.Effort(ex.decades(4, 6), 8), ex.Effort(ex.decades(4, 10), 8)),
    ("stepped", ex.Effort((10000,), 32), ex.Effort(ex.decades(4, 6), 16)),
    ("sizes", ex.Effort((10000,), 16), ex.Effort((10**6,), 16)),
)


_Key = tuple[str, float, str]
"""What varies ("pairs", "size" or "sigma"), its value, and the pair."""


def game_players(n_follower: int = 2, sigma: float = 1.0) -> tuple[fi.GamePlayer, ...]:
    """Regret of the leader in I, and of the follower in every II_j.

    The weights are those with which a mixture of the regrets has its largest minimum over outcomes.
    """
    gap, label = sigma ** (2 / 3) * ex.hard_gap(n_follower), "the hard gap"
    first = ex.with_gap("lower_bound", gap, 0, label, n_follower=n_follower)
    others = (
        ex.with_gap("lower_bound", gap, 1, label, n_follower=n_follower, hidden=hidden)
        for hidden in range(1, n_follower)
    )
    share = 1 / (3 * (n_follower - 1))
    found = fi.GamePlayer(first, 0, 2 / 3), *(fi.GamePlayer(other, 1, share) for other in others)
    if sigma == 1:
        return found
    return tuple(each._replace(instance=ex.with_noise(each.instance, sigma)) for each in found)


def _learning() -> list[ex.Pair]:
    return [pair for pair in ex.learning_pairs() if not pair.is_stepped]


def experiments(settings: ex.Settings) -> ex.Matches:
    """Let every pair play over horizons, and those that learn with more responses and other noise.

    The keys are what varies ("pairs", "size" or "sigma"), its value, and the pair.
    """

    def contest(
        pairs: Sequence[ex.Pair], games: tuple[fi.GamePlayer, ...], effort: ex.Effort | None = None
    ) -> ex.Matches:
        return fi.contest(pairs, games, lambda pair: effort or ex.effort_of(pair, settings), ex.AT_GAMMA_T)

    short, learning = settings["sizes"], _learning()
    contests: dict[tuple[str, float], ex.Matches] = {("pairs", 2): contest(ex.all_pairs(), game_players())}
    contests |= {("size", size): contest(learning, game_players(size), short) for size in _SIZES}
    for sigma in _SCALES:
        pairs = [ex.with_sigma(pair, sigma) for pair in learning]
        contests["sigma", sigma] = contest(pairs, game_players(sigma=sigma), short)
    return {(*key, name): match for key, found in contests.items() for name, match in found.items()}


def evidence(found: ex.Played) -> fi.Evidence:
    """Compare the best of all pairs with the bound over horizons, responses and noise."""

    def of(kind: str, value: float, players: tuple[fi.GamePlayer, ...]) -> fi.PairRegrets:
        return fi.PairRegrets(players, tuple(rows for key, rows in found.items() if key[:2] == (kind, value)))

    whole = of("pairs", 2, game_players())
    sized = {size: of("size", size, game_players(size)) for size in _SIZES}
    noisy = {sigma: of("sigma", sigma, game_players(sigma=sigma)) for sigma in _SCALES}
    longest = whole.longest()
    trend = longest.trend()
    slopes = (
        fi.has_exponent(
            f"|B| = 2, best of {len(longest.rows)} pairs",
            trend.since(first),
            None,
            fi.at_least(2 / 3, "2/3", fi.SLACK),
            formula="max(R1(I), R2(II))",
        )
        for first in fi.windows(trend)
    )
    by_size = fi.Trend.over([size - 1 for size in _SIZES], [sized[size].trend() for size in _SIZES])
    best = {size: regrets.best()[-1] for size, regrets in sized.items()}
    horizon = best[_SIZES[0]].horizon
    growth = fi.size_exponent(
        f"|B| = 2 to {_SIZES[-1]}, T = {fi.in_short(horizon)}, best of {len(_learning())} pairs",
        by_size,
        "|B| - 1 in max(R1(I), R2(II_j))",
        fi.at_least(1 / 3, "1/3", _SLACK_IN_SIZE),
    )
    findings = (
        *(_constant(each, 2) for each in whole.best()),
        *slopes,
        *(_constant(each, size) for size, each in best.items()),
        growth,
        *(_constant(regrets.best()[-1], 2, sigma) for sigma, regrets in noisy.items()),
    )
    panels = (_over_horizons(whole), _over_sizes(by_size, horizon))
    return fi.Evidence(findings, panels)


def _unit(horizon: float, n_follower: int = 2, sigma: float = 1.0) -> float:
    return float((sigma**2 * (n_follower - 1) * horizon**2) ** (1 / 3))


def _constant(best: fi.Best, n_follower: int, sigma: float = 1.0) -> fi.Finding:
    noise = f", sigma = {sigma:g}" if sigma != 1 else ""
    return fi.Finding(
        f"|B| = {n_follower}{noise}, T = {fi.in_short(best.horizon)}, best of {best.pairs} pairs",
        "max(R1(I), R2(II_j)) / (sigma^2 (|B| - 1) T^2)^(1/3)",
        fi.at_least(BOUND, f"{BOUND:.3f}"),
        fi.scaled(best.value, _unit(best.horizon, n_follower, sigma)),
        best.note,
        best.call_in(f"({sigma**2:g} * {n_follower - 1} * T**2) ** (1 / 3)"),
    )


def _over_horizons(regrets: fi.PairRegrets) -> fi.Panel:
    return fi.Panel(
        "Every pair, |B| = 2",
        "horizon T (rounds)",
        "max(R1(I), R2(II)) / T^(2/3)",
        (regrets.best_series("best of all pairs", _unit, 0), *regrets.series(_unit)),
        level=(BOUND, f"proved bound {BOUND:.3f}"),
    )


def _over_sizes(by_size: fi.Trend, horizon: int) -> fi.Panel:
    hidden = by_size.x_values()
    values = tuple(fi.scaled(value, _unit(horizon)) for value in by_size.estimates())
    proved = (BOUND * n ** (1 / 3) for n in hidden)
    return fi.Panel(
        f"Growth with |B|, T = {fi.in_short(horizon)}",
        "|B| - 1",
        "max(R1(I), R2(II_j)) / T^(2/3)",
        (
            fi.Series("best pair that learns", hidden, values, 1),
            fi.Series("proved bound", hidden, tuple(fi.Estimate(v, v, v) for v in proved), 2, predicted=True),
        ),
    )


CLAIM = Claim(
    "lower_bound",
    "No pair beats T^(2/3)",
    "For all learners some game costs one player 0.198 (sigma^2 (|B| - 1))^(1/3) T^(2/3) against the"
    " tolerant benchmark.",
    "lower_bound(d), I and every II_j, with d = 0.794 ((|B| - 1) sigma^2 / T)^(1/3); regret against the"
    " tolerant benchmark, which is the same at every tolerance.",
    _MODES,
    experiments,
    evidence,
    limits="Pairs with PhasedUCB or uniform play are drawn round by round and stop at shorter horizons.",
    tables=games.lower_bound(0.05),
)
