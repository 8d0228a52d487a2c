"""Result of `stackel.meta_game`: the game in which the players choose their algorithms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.meta_game import MetaGameData, draw_meta_game
from stackel._stats.bounded import HONEST
from stackel._utils.arrays import as_mixture
from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel._utils.validation import as_choice, as_count, as_real
from stackel.benchmarks._nash import METHODS, best_replies, pure_equilibria
from stackel.games._game import Game
from stackel.noise import Deterministic
from stackel.results import _meta_game_solutions as solutions
from stackel.results._meta_game_file import write_meta_game
from stackel.results._meta_game_limits import Estimate, Limits, Sampled, limits_of
from stackel.results._meta_game_ranking import alpharank
from stackel.results._meta_solution import MetaSolution, PriceOfAnarchy
from stackel.results._tables import as_attributes, as_table, meta_game_html

if TYPE_CHECKING:
    import os

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from stackel.games._changing import AnyGame
    from stackel.learners import Learner

    Floats = npt.NDArray[np.float64]

_MAX_POPULATION = 10_000


@dataclass(frozen=True, eq=False, repr=False)
class MetaGame:
    """The game between algorithms: m for the leader, n for the follower, with estimated payoffs.

    Payoffs are means per round, averaged over the games. Player 0 is the leader, player 1 the follower. The
    roles differ, so that a meta-game is never taken for symmetric.

    Parameters
    ----------
    leaders, followers : dict of str to Learner
        The algorithms of each seat.
    games : dict of str to Game or ChangingGame
        The games.
    weights : ndarray, shape (G,)
        Probability of each game.
    horizon : int
        Number of rounds T.
    payoff_kind : str
        What payoffs are, such as "utility".
    bounds : ndarray, shape (2, 2)
        Smallest and largest payoff that each player can have, whatever is played.
    replications : ndarray of int64, shape (m, n)
        Replications of each pair of algorithms.
    samples : ndarray, shape (2, N)
        Payoffs of both players in all replications of all pairs, pair by pair; the follower changes fastest.
        Replication r of each pair has the same noise.
    exact : ndarray of bool, shape (m, n)
        Pairs in which chance takes no part, so that one replication tells the payoff.
    confidence : float
        Probability that all limits hold together.
    interval : {"betting", "student"}
        Kind of the limits; see `stackel.meta_game`.
    looks : int
        Number of looks at which the limits hold together.
    precision : float or None
        What `MetaSolution.epsilon` was to reach.
    provenance : dict
        Description of the runs, in the form of `Result.provenance`.
    """

    leaders: dict[str, Learner]
    followers: dict[str, Learner]
    games: dict[str, AnyGame]
    weights: Floats
    horizon: int
    payoff_kind: str
    bounds: Floats
    replications: npt.NDArray[np.int64]
    samples: Floats
    exact: npt.NDArray[np.bool_]
    confidence: float
    interval: str
    looks: int
    precision: float | None
    provenance: dict[str, Any]

    def __post_init__(self) -> None:
        for array in (self.weights, self.bounds, self.replications, self.samples, self.exact):
            array.flags.writeable = False

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of algorithms, (m, n)."""
        return len(self.leaders), len(self.followers)

    @property
    def payoff(self) -> Floats:
        """Estimated payoff of each player and pair, shape (2, m, n)."""
        return self._limits.payoff.mean

    @property
    def low(self) -> Floats:
        """Lower limits of all payoffs, shape (2, m, n)."""
        return self._limits.payoff.low

    @property
    def high(self) -> Floats:
        """Upper limits of all payoffs, shape (2, m, n)."""
        return self._limits.payoff.high

    @property
    def error(self) -> Floats:
        """Simultaneous half-widths: the farther limit of each payoff is this far from it, shape (2, m, n)."""
        return np.maximum(self.high - self.payoff, self.payoff - self.low)

    @cached_property
    def game(self) -> Game:
        """The estimated game; its actions are the algorithms, and its payoffs have no noise."""
        return Game(
            *self.payoff,
            noise=Deterministic(),
            name=f"meta-game, T = {self.horizon}",
            leader_labels=list(self.leaders),
            follower_labels=list(self.followers),
        )

    def gains(self, player: str) -> Estimate:
        """Return what a player gains by another algorithm at each pair, with simultaneous limits.

        Parameters
        ----------
        player : {"leader", "follower"}

        Returns
        -------
        Estimate
            ``mean``, ``low`` and ``high``. Entry ``[k, x, y]`` is the gain by algorithm k instead of the
            player's own at (x, y); shape (m, m, n) for the leader and (n, m, n) for the follower.
        """
        return self._limits.gains[ROLES.index(as_choice("player", player, ROLES))]

    def solve(self, kind: str = "nash", *, method: str = "vertex_enumeration") -> list[MetaSolution]:
        """Return solutions of the estimated game, with limits of what deviations gain in the true game.

        Parameters
        ----------
        kind : {"nash", "pure", "stackelberg", "commitment", "cce"}, default "nash"
            - "nash": all extreme Nash equilibria, mixed ones as well.
            - "pure": those without mixing, of which there may be none.
            - "stackelberg": the leader deploys its algorithm first, and the follower answers.
            - "commitment": the leader commits to a mixture of algorithms.
            - "cce": the coarse correlated equilibrium with the largest sum of payoffs.
        method : str, default "vertex_enumeration"
            How "nash" is solved, as in `stackel.nash`. Times grow exponentially with the number of
            algorithms that are not dominated.

        Returns
        -------
        list of MetaSolution
            For "stackelberg" and "commitment", the gains of the leader are those by deploying something
            else to which the follower answers, and the gains of the follower those by another answer.
        """
        chosen, way = as_choice("kind", kind, solutions.KINDS), as_choice("method", method, tuple(METHODS))
        if chosen == "pure":
            return [self._solution("pure", *pair) for pair in solutions.pure_profiles(self.game)]
        if chosen == "nash":
            return [self._solution("nash", *pair) for pair in solutions.nash_profiles(self.game, way)]
        if chosen == "cce":
            return [self._certified("cce", solutions.cce_joint(self.game))]
        if chosen == "stackelberg":
            first, second = solutions.stackelberg_profile(self.game)
            best = solutions.stackelberg_gain(self._limits, int(first.argmax()), int(second.argmax()))
        else:
            first, second = solutions.commitment_profile(self.game)
            value = float(first @ self.low[0] @ second)
            best = solutions.commitment_gain(self._limits, value)
        return [self._solution(chosen, first, second, best)]

    def profile(self, leader_mix: npt.ArrayLike, follower_mix: npt.ArrayLike) -> MetaSolution:
        """Return payoffs and possible gains at any profile.

        Parameters
        ----------
        leader_mix, follower_mix : array_like, shapes (m,) and (n,)
            Probability of each algorithm.
        """
        labels = tuple(self.leaders), tuple(self.followers)
        return self._solution(
            "profile",
            as_mixture("leader_mix", leader_mix, self.shape[0], labels[0]),
            as_mixture("follower_mix", follower_mix, self.shape[1], labels[1]),
        )

    def price_of_anarchy(self) -> PriceOfAnarchy:
        """Return the best joint welfare beside that of the worst equilibrium, certified ones first."""
        found = self.solve("nash")
        trusted = [each for each in found if each.certified] or found
        worst = min(trusted, key=lambda each: float(each.payoff.sum()))
        best, best_low, best_high = (
            float(each.sum(axis=0).max()) for each in (self.payoff, self.low, self.high)
        )
        return PriceOfAnarchy(
            best=best,
            best_low=best_low,
            best_high=best_high,
            worst=float(worst.payoff.sum()),
            worst_low=float(worst.low.sum()),
            worst_high=float(worst.high.sum()),
            certified=worst.certified,
        )

    def alpharank(self, alpha: float | None = None, *, population: int = 50) -> pd.DataFrame:
        """Rank pairs by alpha-rank of the two populations (OpenSpiel: extra ``interop``).

        Parameters
        ----------
        alpha : float, optional
            Selection intensity, > 0, in 1 / units of payoff; by default the limit of large alpha. At most 700
            / (population * largest difference of a player's payoffs).
        population : int, default 50
            Size of each population.

        Returns
        -------
        pandas.DataFrame
            Columns ``leader``, ``follower`` and ``mass``, the share of time in the long run, largest first.

        Notes
        -----
        After Omidshafiei et al., "alpha-Rank: multi-agent evaluation by evolution" (2019).
        """
        strength = None if alpha is None else as_real("alpha", alpha, above=0.0)
        size = as_count("population", population, 2, _MAX_POPULATION)
        mass = alpharank(self.payoff, strength, size)
        table = require("pandas", "pandas").DataFrame(self._pair_columns() | {"mass": mass})
        ranked: pd.DataFrame = table.sort_values("mass", ascending=False, kind="stable", ignore_index=True)
        return ranked

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table with a row for each pair of algorithms (extra ``pandas``).

        Columns ``leader``, ``follower``, ``replications``; for each player ``<player>_payoff``,
        ``<player>_low``, ``<player>_high``, ``<player>_gain`` (by the best deviation) and
        ``<player>_gain_high`` (its upper limit); and ``pure``, which is true for pure equilibria of the
        estimated game.
        """
        columns: dict[str, Any] = self._pair_columns() | {"replications": self.replications.ravel()}
        for i, role in enumerate(ROLES):
            found = self._limits.gains[i]
            for name, values in (
                ("payoff", self.payoff[i]),
                ("low", self.low[i]),
                ("high", self.high[i]),
                ("gain", np.maximum(found.mean.max(axis=0), 0.0)),
                ("gain_high", np.maximum(found.high.max(axis=0), 0.0)),
            ):
                columns[f"{role}_{name}"] = values.ravel()
        return as_table(columns | {"pure": pure_equilibria(self.game).ravel()}, self.provenance)

    def to_xarray(self) -> xr.Dataset:
        """Return payoffs, limits and replications with named dimensions (extra ``xarray``)."""
        place, units = ("player", "leader", "follower"), {"units": "utility per round"}
        values = {"payoff": self.payoff, "low": self.low, "high": self.high, "error": self.error}
        dataset: xr.Dataset = require("xarray", "xarray").Dataset(
            {name: (place, each, units) for name, each in values.items()}
            | {"replications": (place[1:], self.replications, {"units": "replications"})},
            coords={"player": list(ROLES), "leader": list(self.leaders), "follower": list(self.followers)},
            attrs=as_attributes(self.provenance),
        )
        return dataset

    def plot(self) -> Figure:
        """Draw the payoffs of each player as a table of colours (extra ``plot``).

        A frame marks a best response, a star a pure equilibrium. Arrows lead from a pair to the deviation
        that gains most, if it certainly gains.
        """
        return draw_meta_game(
            MetaGameData(
                labels=(tuple(self.leaders), tuple(self.followers)),
                payoff=self.payoff,
                best=best_replies(self.game),
                pure=pure_equilibria(self.game),
                target=np.stack([each.mean.argmax(axis=0) for each in self._limits.gains]),
                certain=np.stack([each.low.max(axis=0) > 0 for each in self._limits.gains]),
                title=f"T = {self.horizon}, payoff: {self.payoff_kind} per round",
            )
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the meta-game to a file, completely or not at all; `stackel.load` reads it.

        The file has all samples. Learners of your own are kept by name.
        """
        write_meta_game(vars(self), path)

    def __repr__(self) -> str:
        first, second = self.shape
        counts = np.unique(self.replications)
        many = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        what = f"MetaGame of {first} leaders x {second} followers over {len(self.games)} games"
        found = [repr(each) for each in self.solve("pure")] or ["no pure equilibrium"]
        return "\n  ".join([f"{what}, T = {self.horizon}, {many} replications", *found])

    def _repr_html_(self) -> str:
        """Table of payoffs for notebooks."""
        return meta_game_html(self.game, self.error, pure_equilibria(self.game), repr(self))

    @cached_property
    def _limits(self) -> Limits:
        first, second = list(self.leaders.values()), list(self.followers.values())
        twins = [np.array([[a == b for b in own] for a in own]) for own in (first, second)]
        sampled = Sampled(self._by_pair(), self.bounds, self.exact, (twins[0], twins[1]))
        return limits_of(sampled, self.confidence, self.looks, self.interval)

    def _by_pair(self) -> list[list[Floats]]:
        ends = self.replications.cumsum().reshape(self.shape)
        return [
            [self.samples[:, end - count : end] for end, count in zip(*row, strict=True)]
            for row in zip(ends.tolist(), self.replications.tolist(), strict=True)
        ]

    def _pair_columns(self) -> dict[str, Any]:
        first, second = self.shape
        return {
            "leader": np.repeat(list(self.leaders), second),
            "follower": np.tile(list(self.followers), first),
        }

    def _solution(
        self, kind: str, first: Floats, second: Floats, leader_epsilon: float | None = None
    ) -> MetaSolution:
        return self._certified(kind, np.outer(first, second), (first, second), leader_epsilon)

    def _certified(
        self,
        kind: str,
        joint: Floats,
        mixes: tuple[Floats, Floats] | tuple[None, None] = (None, None),
        leader_epsilon: float | None = None,
    ) -> MetaSolution:
        gain, epsilon = solutions.deviation_gains(self._limits, joint)
        if leader_epsilon is not None:
            gain[0], epsilon[0] = 0.0, leader_epsilon
        wanted = np.inf if self.precision is None else self.precision
        payoff, low, high = ((each * joint).sum(axis=(1, 2)) for each in self._limits.payoff)
        return MetaSolution(
            kind=kind,
            leaders=tuple(self.leaders),
            followers=tuple(self.followers),
            joint=joint,
            leader_mix=mixes[0],
            follower_mix=mixes[1],
            payoff=payoff,
            low=low,
            high=high,
            gain=gain,
            epsilon=epsilon,
            certified=bool(self.interval == HONEST and (epsilon <= wanted).all()),
        )
