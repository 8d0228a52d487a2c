"""How regret grows with the numbers of actions.

The family holds games that are bad for either player: the lower-bound pair, in which the follower's utilities
are of the order of the gap, and a game in which one outcome pays half a unit to both and all others nothing.
Sizes start at 16: below that, one action that need not be explored still matters.
"""

from fractions import Fraction

from stackel import games, learners
from stackel._utils.players import ROLES
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_SIZES = (16, 32, 64, 128)
_SHAPES = {"|A|": {size: (size, 2) for size in _SIZES}, "|B|": {size: (2, size) for size in _SIZES}}
_SLACK = 0.1
"""Slack of an exponent of a size: over a factor of eight the constant may drift by 23 per cent."""
_BOUND = fi.at_most(1 / 3, "1/3", _SLACK)
_PAIRS = (
    ex.Pair("ThrowOut v ETC", learners.ExploreThenCommitThrowOut(), learners.ExploreThenCommit()),
    ex.Pair("ExploreThenUCB v ETC", learners.ExploreThenUCB(), learners.ExploreThenCommit()),
)
_MODES = ex.modes(("sizes", ex.Effort((10**8,), 16), ex.Effort((10**10,), 32)))


def one_good_outcome(n_leader: int, n_follower: int) -> ex.Instance:
    """Return the game in which only the first outcome pays, half a unit to both."""
    utility = f"0.5 * (np.arange({n_leader * n_follower}) == 0).reshape({n_leader}, {n_follower})"
    return ex.Instance(f"one good outcome, {n_leader}x{n_follower}", "sk.Game", (f"*2 * [{utility}]",))


def family(n_leader: int, n_follower: int) -> tuple[ex.Instance, ...]:
    """Return the lower-bound pair with the gaps that are hard for its size."""
    near = ex.resolution(n_leader, n_follower)
    gaps = ((ex.hard_gap(n_follower), "the hard gap"), (near, "g"), (2 * near, "2 g"))
    pairs = (ex.twins("lower_bound", *gap, n_follower=n_follower, n_leader=n_leader) for gap in gaps)
    return one_good_outcome(n_leader, n_follower), *(instance for pair in pairs for instance in pair)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play both pairs in games of all shapes."""
    return {
        (symbol, pair.name, size): ex.Match(pair, family(*shape), ex.AT_GAMMA_T, settings["sizes"])
        for symbol, shapes in _SHAPES.items()
        for pair in _PAIRS
        for size, shape in shapes.items()
    }


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth of the worst regret with the number of either player's actions."""
    findings: list[fi.Finding] = []
    panels: list[fi.Panel] = []
    for symbol in _SHAPES:
        series = []
        for rank, pair in enumerate(_PAIRS):
            sized = [fi.worst_trends(found[symbol, pair.name, size]) for size in _SIZES]
            horizon = fi.in_short(sized[0][0].x[-1])
            setting = f"{pair.name}, {symbol} = {_SIZES[0]} to {_SIZES[-1]}, T = {horizon}"
            for player, role in enumerate(ROLES):
                trend = fi.Trend.over(_SIZES, [trends[player] for trends in sized])
                findings.append(fi.size_exponent(setting, trend, f"{symbol} in R, {role}", _BOUND))
                growth = None if player else fi.Rate(Fraction(1, 3))
                series.append(fi.Series(pair.name, trend.x_values(), trend.estimates(), rank, player, growth))
        panels.append(
            fi.Panel(
                f"Growth with {symbol}, T = {horizon}",
                f"number of actions {symbol}",
                "worst regret against the tolerant benchmark",
                tuple(series),
            )
        )
    return fi.Evidence(tuple(findings), tuple(panels))


CLAIM = Claim(
    "sizes",
    "Growth with the numbers of actions",
    "Regret of ThrowOut v ETC and ExploreThenUCB v ETC is O((|A||B|)^(1/3) T^(2/3) (ln T)^(1/3)).",
    "lower_bound(d), and a game with one good outcome, with |A| or |B| from 16 to 128, the other 2; regret"
    " against the tolerant benchmark.",
    _MODES,
    experiments,
    evidence,
    tables=games.lower_bound(0.05, n_follower=3, n_leader=3),
)
