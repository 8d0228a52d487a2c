"""Payoffs of a meta-game: what a pair of algorithms is worth to each player, a round."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._utils.arrays import as_floats, as_mixture
from stackel._utils.validation import shown
from stackel.benchmarks._benchmarks import stackelberg
from stackel.benchmarks._pieces import Alphas
from stackel.errors import SpecError
from stackel.games._changing import pieces_of
from stackel.results._chance import takes_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame
    from stackel.games._game import Game
    from stackel.learners import Learner

    Floats = npt.NDArray[np.float64]

_ALLOWED = (
    "'utility', 'regret', or a function of (leader, follower), the mean utilities per round, that returns "
    "both payoffs and is affine in both"
)
_NOTHING = (0.0, 0.0)
_PARAMETERS = ["leader", "follower"]
_TRIED = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [-2.0, 3.0], [0.25, -0.5], [7.0, 5.0]])
_ROUNDING = 1e-9


class Payoff(NamedTuple):
    """Payoffs ``matrix @ (U / T - alpha) + offset`` of both players, alpha a benchmark's values."""

    kind: str
    benchmark: BenchmarkLike
    matrix: Floats
    offset: Floats

    @classmethod
    def of(cls, payoff: Any) -> Payoff:
        """Check the argument ``payoff``."""
        if isinstance(payoff, str) and payoff in {"utility", "regret"}:
            return cls(payoff, stackelberg if payoff == "regret" else _NOTHING, np.eye(2), np.zeros(2))
        if callable(payoff) and _parameters(payoff) == _PARAMETERS:
            return cls("function", _NOTHING, *_affine(payoff))
        return cls("regret", payoff, np.eye(2), np.zeros(2))

    def alphas(self, game: AnyGame, horizon: int) -> Alphas:
        """Return the benchmark's values in a game."""
        try:
            return Alphas.of(self.benchmark, game, horizon)
        except SpecError as error:
            if error.argument != "benchmark":
                raise
            raise SpecError("payoff", f"{_ALLOWED}; or a benchmark: {error.allowed}", error.given) from None

    def named(self, benchmark: str) -> str:
        """Return what payoffs are, for figures and files; `benchmark` is the name of the benchmark."""
        if self.kind == "regret":
            return f"minus regret, {benchmark or 'given benchmark'}"
        return "function of both utilities" if self.kind == "function" else self.kind

    def samples(self, regret: Floats, horizon: int) -> Floats:
        """Return payoffs from regrets against `alphas`, shape (2, R)."""
        return self.matrix @ (-regret / horizon) + self.offset[:, np.newaxis]

    def bounds(self, game: AnyGame, alphas: Alphas) -> Floats:
        """Return the smallest and the largest payoff of each player in a game, shape (2, 2)."""
        pieces = pieces_of(game, alphas.horizon)
        shares = np.array([piece.rounds for piece in pieces]) / alphas.horizon
        bounds: Floats = np.tensordot(
            shares, [self._bounds(piece.game, alphas.mean) for piece in pieces], axes=1
        )
        return bounds

    def _bounds(self, game: Game, alpha: Floats) -> Floats:
        cells = np.stack([game.leader.ravel(), game.follower.ravel()]) - alpha[:, np.newaxis]
        values = self.matrix @ cells + self.offset[:, np.newaxis]
        return np.column_stack([values.min(axis=1), values.max(axis=1)])


class MeanPayoff(NamedTuple):
    """Payoffs over a law of games."""

    payoff: Payoff
    games: Mapping[str, AnyGame]
    weights: Floats
    horizon: int
    benchmarks: Sequence[Alphas]
    """Of each game the benchmark's values."""

    @classmethod
    def of(cls, payoff: Any, games: Mapping[str, AnyGame], weights: Any, horizon: int) -> MeanPayoff:
        """Check the arguments ``payoff`` and ``weights``."""
        each, share = Payoff.of(payoff), np.full(len(games), 1 / len(games))
        if weights is not None:
            share = as_mixture("weights", weights, len(games), tuple(games))
        return cls(each, games, share, horizon, [each.alphas(game, horizon) for game in games.values()])

    @property
    def kind(self) -> str:
        """What payoffs are."""
        return self.payoff.named(self.benchmarks[0].name)

    @property
    def alphas(self) -> Floats:
        """The benchmark's values in each game, shape (G, 2)."""
        return np.stack([each.mean for each in self.benchmarks])

    @property
    def bounds(self) -> Floats:
        """Smallest and largest payoff of each player, shape (2, 2)."""
        pairs = zip(self.games.values(), self.benchmarks, strict=True)
        bounds: Floats = np.tensordot(self.weights, [self.payoff.bounds(*pair) for pair in pairs], axes=1)
        return bounds

    def samples(self, regrets: Sequence[Floats]) -> Floats:
        """Return payoffs from regrets against `alphas`, of each game of shape (2, R)."""
        each = [self.payoff.samples(regret, self.horizon) for regret in regrets]
        samples: Floats = np.tensordot(self.weights, each, axes=1)
        return samples

    def exact(self, leaders: Iterable[Learner], followers: Iterable[Learner]) -> npt.NDArray[np.bool_]:
        """Return the pairs in which chance takes no part, shape (m, n)."""
        answers, games = list(followers), self.games.values()
        return np.array(
            [[not any(takes_part(game, (x, y)) for game in games) for y in answers] for x in leaders]
        )

    def described(self) -> dict[str, Any]:
        """Return a plain description."""
        return {
            "kind": self.kind,
            "matrix": self.payoff.matrix.tolist(),
            "offset": self.payoff.offset.tolist(),
            "alpha": self.alphas.tolist(),
            "weights": self.weights.tolist(),
        }


def _parameters(function: Any) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def _affine(function: Any) -> tuple[Floats, Floats]:
    """Return matrix and offset of an affine function of both utilities; others have no known bounds."""
    found = [as_floats("payoff", _ALLOWED, function(float(u1), float(u2))) for u1, u2 in _TRIED]
    if any(value.shape != (2,) or not np.isfinite(value).all() for value in found):
        raise SpecError("payoff", _ALLOWED, f"a function that returns {shown(found[0].tolist())}")
    values = np.stack(found)
    matrix = (values[1:3] - values[0]).T
    expected = _TRIED @ matrix.T + values[0]
    slack = _ROUNDING * (1.0 + np.abs(values).max())
    if (np.abs(expected - values) > slack).any():
        raise SpecError("payoff", _ALLOWED, f"{shown(function)}, which is not affine")
    return matrix, values[0]
