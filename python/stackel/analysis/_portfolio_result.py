"""Result of `stackel.portfolio`: the regret of every pair in every game."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.style import SMALL, new_figure
from stackel._stats.bounded import INTERVALS
from stackel._stats.intervals import mean_interval
from stackel._utils.optional import require
from stackel._utils.players import PLAYERS, ROLES
from stackel._utils.validation import as_choice
from stackel.analysis._compare import chance_in_differences, compare_regrets
from stackel.benchmarks._regret import deviations_of, regret_of, rounding_error
from stackel.errors import SpecError
from stackel.results import MetaGame
from stackel.results._chance import alike_by_chance
from stackel.results._payoff import MeanPayoff
from stackel.results._tables import as_attributes, as_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from stackel.analysis._compare_result import Comparison
    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame
    from stackel.learners import Learner


@dataclass(frozen=True, eq=False)
class Portfolio:
    """Utilities and regrets of every leader with every follower in every game.

    There are G games, L leaders, F followers and R replications; player 0 is the leader, player 1 the
    follower.

    Parameters
    ----------
    leaders, followers : dict of str to Learner
        The learners of each seat.
    games : dict of str to Game or ChangingGame
        The games.
    horizon : int
        Number of rounds T.
    benchmarks : dict of str to ndarray, shape (G, 2)
        Benchmark values alpha, in units of utility per round.
    utility : ndarray of float64, shape (G, 2, L, F, R)
        Utility U at T. Replication r of every run has the same noise.
    remainder : ndarray of float64, shape (G, 2, L, F, R)
        What rounding took from each `utility`, as in `Result`.
    confidence : float
        Level of intervals, and probability that a set of best pairs contains the best one.
    bootstrap : int
        Number of resamples for these sets.
    bootstrap_seed : SeedSequence
        Seed of the resamples.
    provenance : dict
        Description of the runs, in the form of `Result.provenance`.
    """

    leaders: dict[str, Learner]
    followers: dict[str, Learner]
    games: dict[str, AnyGame]
    horizon: int
    benchmarks: Mapping[str, npt.NDArray[np.float64]]
    utility: npt.NDArray[np.float64]
    remainder: npt.NDArray[np.float64]
    confidence: float
    bootstrap: int
    bootstrap_seed: np.random.SeedSequence
    provenance: dict[str, Any]
    _compared: dict[tuple[str, str], Comparison] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for array in (self.utility, self.remainder, *self.benchmarks.values()):
            array.flags.writeable = False

    @property
    def pairs(self) -> tuple[str, ...]:
        """Names of the pairs, such as ``UCB v UCB``; the leader changes slowest."""
        return tuple(f"{leader} v {follower}" for leader in self.leaders for follower in self.followers)

    def regret(self, benchmark: str | None = None) -> npt.NDArray[np.float64]:
        """Return the regret ``alpha T - U`` at the horizon, shape (G, 2, L, F, R), which can be negative.

        `benchmark` is one of `benchmarks`; by default the first.
        """
        alpha = self.benchmarks[self._benchmark(benchmark)]
        return regret_of(alpha[None, :, :, None, None, None], [self.horizon], self.utility, self.remainder)

    def compare(self, game: str | None = None, benchmark: str | None = None) -> Comparison:
        """Compare all pairs in one game, by default the first.

        `benchmark` is one of `benchmarks`, by default the first. It changes only the larger regret of the
        two.
        """
        name, chosen = self._game(game), self._benchmark(benchmark)
        if (name, chosen) not in self._compared:
            self._compared[name, chosen] = self._compare(name, chosen)
        return self._compared[name, chosen]

    def best(self, benchmark: str | None = None) -> pd.DataFrame:
        """Return the best pair of every game, and all that are not distinguishable (extra ``pandas``).

        The table has a row for each game and player (leader, follower, and ``max``: the larger regret of the
        two): ``game``, ``benchmark`` (by default the first), ``player``, ``pair`` with the lowest mean
        regret, ``regret`` (that mean), ``not_distinguishable`` (tuple of all pairs that are not worse than
        any other, which contains the truly best one with probability `confidence`), ``winner``, which is
        true if this is a single pair, and ``alike``, which is true if a difference from the best pair was
        the same in all replications by chance, so that rare events may be missing.
        """
        chosen = self._benchmark(benchmark)
        rows = []
        for game in self.games:
            found = self.compare(game, chosen)
            mean = found.regret.mean(axis=2)
            for rank, (player, value) in enumerate(zip(PLAYERS, [*mean, mean.max(axis=0)], strict=True)):
                best = found.best(player)
                alike = found.alike[rank, found.names.index(best[0])].any()
                rows.append((game, chosen, player, best[0], value.min(), best, len(best) == 1, alike))
        names = ("game", "benchmark", "player", "pair", "regret", "not_distinguishable", "winner", "alike")
        columns = {name: _column(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
        return as_table(columns, self.provenance)

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table with a row for each game, benchmark, pair and player (extra ``pandas``).

        ``game``, ``benchmark``, ``leader``, ``follower``, ``player``, ``alpha`` (the benchmark's
        value), ``regret`` (mean), ``regret_se``, ``regret_low``, ``regret_high`` (Student's interval,
        of each row alone, nan where all replications are alike by chance; for differences between pairs
        see `compare`), ``regret_per_round``.
        """
        order = [
            (game, benchmark, leader, follower, player)
            for benchmark in self.benchmarks
            for game in self.games
            for player in ROLES
            for leader in self.leaders
            for follower in self.followers
        ]
        names = ("game", "benchmark", "leader", "follower", "player")
        columns = {
            name: np.array(values) for name, values in zip(names, zip(*order, strict=True), strict=True)
        }
        regret = np.stack([self.regret(benchmark) for benchmark in self.benchmarks])
        alpha = np.stack(list(self.benchmarks.values()))[:, :, :, None, None]
        interval = mean_interval(regret, -1, self.confidence, self._alike)
        columns["alpha"] = np.broadcast_to(alpha, interval.mean.shape).ravel()
        for name, values in zip(("regret", "regret_se", "regret_low", "regret_high"), interval, strict=True):
            columns[name] = values.ravel()
        columns["regret_per_round"] = columns["regret"] / self.horizon
        return as_table(columns, self.provenance)

    def meta_game(
        self,
        *,
        payoff: str | BenchmarkLike | Callable[..., Any] = "utility",
        weights: npt.ArrayLike | None = None,
        interval: str = "betting",
    ) -> MetaGame:
        """Return the game in which the players choose their learners, from these runs.

        `payoff`, `weights` and `interval` are as in `stackel.meta_game`; the limits have the level
        `confidence`.
        """
        value = MeanPayoff.of(payoff, self.games, weights, self.horizon)
        kind = as_choice("interval", interval, INTERVALS)
        alpha = value.alphas[None, :, :, None, None, None]
        regret = regret_of(alpha, [self.horizon], self.utility, self.remainder)
        n_games, _, rows, columns, count = regret.shape
        return MetaGame(
            leaders=self.leaders,
            followers=self.followers,
            games=self.games,
            weights=value.weights,
            horizon=self.horizon,
            payoff_kind=value.kind,
            bounds=value.bounds,
            replications=np.full((rows, columns), count, np.int64),
            samples=value.samples(list(regret.reshape(n_games, 2, -1))),
            exact=value.exact(self.leaders.values(), self.followers.values()),
            confidence=self.confidence,
            interval=kind,
            looks=1,
            precision=None,
            provenance=self.provenance,
        )

    def to_xarray(self) -> xr.Dataset:
        """Return regrets with named dimensions (extra ``xarray``).

        ``regret`` over (benchmark, game, player, leader, follower, replication) and ``alpha`` over
        (benchmark, game, player).
        """
        place = ("benchmark", "game", "player")
        regret = np.stack([self.regret(benchmark) for benchmark in self.benchmarks])
        dataset: xr.Dataset = require("xarray", "xarray").Dataset(
            {
                "regret": ((*place, "leader", "follower", "replication"), regret, {"units": "utility"}),
                "alpha": (place, np.stack(list(self.benchmarks.values())), {"units": "utility per round"}),
            },
            coords={
                "benchmark": list(self.benchmarks),
                "game": list(self.games),
                "player": list(ROLES),
                "leader": list(self.leaders),
                "follower": list(self.followers),
                "replication": np.arange(regret.shape[-1]),
            },
            attrs=as_attributes(self.provenance),
        )
        return dataset

    def plot(self, game: str | None = None, benchmark: str | None = None) -> Figure:
        """Draw the mean regrets of one game as a table of colours, a panel for each player (extra ``plot``).

        `game` and `benchmark` are as in `compare`.
        """
        return draw_portfolio(self, self._game(game), self._benchmark(benchmark))

    def __repr__(self) -> str:
        sizes = " x ".join(
            f"{len(part)} {name}"
            for part, name in (
                (self.leaders, "leaders"),
                (self.followers, "followers"),
                (self.games, "games"),
            )
        )
        lines = [f"Portfolio of {sizes}, T = {self.horizon}, {self.utility.shape[-1]} replications"]
        lines.append(f"lowest of the larger regret of the two, against {self._benchmark(None)}:")
        for game in self.games:
            first, *others = self.compare(game).best()
            also = f", not distinguishable from {len(others)} of {len(self.pairs)} pairs" if others else ""
            lines.append(f"  {game}: {first}{also}")
            lines += [f"    {note}" for note in self.compare(game).notes]
        return "\n  ".join(lines)

    @property
    def _alike(self) -> npt.NDArray[np.bool_]:
        """Where all replications are alike by chance, shape (G, 2, L, F)."""
        found = np.empty(self.utility.shape[:-1], dtype=bool)
        rounds = np.array([self.horizon])
        for g, game in enumerate(self.games.values()):
            for row, leader in enumerate(self.leaders.values()):
                for column, follower in enumerate(self.followers.values()):
                    values = np.concatenate(
                        [self.utility[g, :, row, column], self.remainder[g, :, row, column]]
                    )
                    spread = deviations_of(values)[:, :, np.newaxis]
                    alike = alike_by_chance(spread, game, (leader, follower), rounds)
                    found[g, :, row, column] = alike[:, 0]
        return found

    def _compare(self, game: str, benchmark: str) -> Comparison:
        place = list(self.games).index(game)
        return compare_regrets(
            self.pairs,
            self.horizon,
            self.benchmarks[benchmark][place],
            self.regret(benchmark)[place].reshape(2, len(self.pairs), -1),
            rounding_error(self.games[game], self.benchmarks[benchmark][place], np.array([self.horizon]))[
                :, 0
            ],
            chance=chance_in_differences(
                self.games[game], list(itertools.product(self.leaders.values(), self.followers.values()))
            ),
            confidence=self.confidence,
            bootstrap=self.bootstrap,
            seed=self.bootstrap_seed,
            provenance=self.provenance,
        )

    def _game(self, name: str | None) -> str:
        known = tuple(self.games)
        if isinstance(name, str) and name not in known and name in self.benchmarks:
            allowed = "one of " + ", ".join(map(repr, known))
            raise SpecError("game", allowed, f"{name!r}, which is a benchmark: use benchmark={name!r}")
        return as_choice("game", known[0] if name is None else name, known)

    def _benchmark(self, name: str | None) -> str:
        known = tuple(self.benchmarks)
        return as_choice("benchmark", known[0] if name is None else name, known)


def _column(values: tuple[Any, ...]) -> npt.NDArray[Any]:
    """Return values of any kind as an array in which tuples are single entries."""
    column = np.empty(len(values), dtype=object if isinstance(values[0], tuple) else np.array(values).dtype)
    column[:] = values
    return column


def draw_portfolio(portfolio: Portfolio, game: str, benchmark: str) -> Figure:
    """Draw mean regrets in one game as a table of colours with leaders in rows, a panel for each player."""
    figure, axes = new_figure(columns=2)
    mean = portfolio.regret(benchmark)[list(portfolio.games).index(game)].mean(axis=-1)
    rows, columns = mean.shape[1:]
    figure.set_size_inches(max(8.0, 2 * (1.8 + 0.62 * columns)), max(2.6, 1.7 + 0.34 * rows))
    low, high = float(mean.min()), float(mean.max())
    for ax, role, values in zip(axes, ROLES, mean, strict=True):
        image = ax.imshow(values, cmap="cividis_r", vmin=low, vmax=high, aspect="auto")
        ax.set_title(f"regret of the {role}", fontsize=SMALL + 2)
        ax.set_xticks(range(columns), list(portfolio.followers), rotation=40, ha="right", fontsize=SMALL - 1)
        ax.set_yticks(range(rows), list(portfolio.leaders), fontsize=SMALL - 1)
        ax.set_xlabel("follower")
        ax.set_ylabel("leader")
        for (row, column), value in np.ndenumerate(values):
            colour = "white" if value > (low + high) / 2 else "black"
            ax.text(column, row, f"{value:.3g}", ha="center", va="center", color=colour, fontsize=SMALL - 2)
    bar = figure.colorbar(image, ax=axes, shrink=0.9)
    bar.set_label(f"units of utility,\nagainst {benchmark}", fontsize=SMALL)
    figure.suptitle(f"{game}, T = {portfolio.horizon}", fontsize=SMALL + 3)
    return figure
