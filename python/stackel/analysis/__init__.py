"""Analyses of many runs: growth with the horizon, worst cases, portfolios, comparisons, distributions.

Every result has a tidy ``table`` (a pandas DataFrame), ``to_xarray()`` with all its data, and
``plot()``; the ``attrs`` of tables and datasets describe the runs, with platform and seed. The
analyses compare learners by common random numbers: compared runs have one seed, so that
in replication r the n-th pull of each arm brings the same noise in all of them.
"""

from stackel.analysis._compare import compare
from stackel.analysis._compare_result import Comparison
from stackel.analysis._diagnostics import diagnostics
from stackel.analysis._diagnostics_result import Diagnostics
from stackel.analysis._exploit import exploit
from stackel.analysis._exploit_result import Exploit
from stackel.analysis._portfolio import portfolio
from stackel.analysis._portfolio_result import Portfolio
from stackel.analysis._scaling import scaling
from stackel.analysis._scaling_result import ScalingFit
from stackel.analysis._worst_case import worst_case
from stackel.analysis._worst_case_result import WorstCase

__all__ = [
    "Comparison",
    "Diagnostics",
    "Exploit",
    "Portfolio",
    "ScalingFit",
    "WorstCase",
    "compare",
    "diagnostics",
    "exploit",
    "portfolio",
    "scaling",
    "worst_case",
]
