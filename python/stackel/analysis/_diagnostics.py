"""Diagnostics of a run: convergence, and the distribution of regret over replications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.carriers import as_items
from stackel._utils.validation import as_real, shown
from stackel.analysis._diagnostics_result import Diagnostics
from stackel.benchmarks._benchmarks import stackelberg
from stackel.errors import SpecError
from stackel.results._result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackel.benchmarks._benchmark_like import BenchmarkLike


def diagnostics(
    result: Result,
    benchmark: BenchmarkLike = stackelberg,
    *,
    quantiles: Iterable[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    worst: Iterable[float] = (0.01, 0.1),
) -> Diagnostics:
    """Analyse the replications of a run: distribution of regret, heavy tails, convergence of play.

    Parameters
    ----------
    result : Result
        Result of `stackel.simulate`; of a run with ``trace=True`` for the rounds of each outcome.
    benchmark : str, Benchmark, pair of float, or function, default `stackel.stackelberg`
        Benchmark of the regret; see `Result.regret`.
    quantiles : float in [0, 1]
        Quantiles over replications in tables.
    worst : float in (0, 1]
        Fractions of the replications with the most regret, whose share of the total regret is shown.

    Returns
    -------
    Diagnostics

    Examples
    --------
    >>> import stackel as sk
    >>> pair = sk.FixedAction(1), sk.BestResponse()
    >>> run = sk.simulate(sk.games.etc_failure(), *pair, 1000, replications=4, seed=1)
    >>> sk.diagnostics(run)
    Diagnostics of FixedAction(a=1) v BestResponse, T = 1000, 4 replications
      leader: regret 100 on average, median 100, largest 100; the worst 1 % carry 1 %, 10 % carry 10 %
      follower: regret 100 on average, median 100, largest 100; the worst 1 % carry 1 %, 10 % carry 10 %
    """
    if not isinstance(result, Result):
        raise SpecError("result", "a stackel.Result", shown(result))
    return Diagnostics(
        result,
        result.regret(benchmark),
        _as_fractions("quantiles", quantiles, "[0, 1]", low=0.0),
        _as_fractions("worst", worst, "(0, 1]", low=np.nextafter(0.0, 1.0)),
    )


def _as_fractions(argument: str, given: Any, interval: str, low: float) -> tuple[float, ...]:
    try:
        values = tuple(as_real(argument, value, low=low) for value in as_items(given) or ())
    except SpecError:
        values = ()
    if not values or max(values) > 1:
        raise SpecError(argument, f"numbers in {interval}, at least one", shown(given))
    return values
