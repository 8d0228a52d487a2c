"""What runs tell: growth with the horizon, worst cases, portfolios, comparisons, distributions.

Everything an analysis returns has a tidy ``table`` (a pandas DataFrame), ``to_xarray()`` for all that it
holds, and ``plot()``; tables and datasets carry in their ``attrs`` what was run, where and with which
seed. The analyses compare learners by common random numbers: runs that are compared have the same
seed, and so the same noise streams in every replication.
"""

from stackel.analysis._compare import compare
from stackel.analysis._compare_result import Comparison
from stackel.analysis._diagnostics import diagnostics
from stackel.analysis._diagnostics_result import Diagnostics
from stackel.analysis._portfolio import portfolio
from stackel.analysis._portfolio_result import Portfolio
from stackel.analysis._scaling import scaling
from stackel.analysis._scaling_result import ScalingFit
from stackel.analysis._worst_case import worst_case
from stackel.analysis._worst_case_result import WorstCase

__all__ = [
    "Comparison",
    "Diagnostics",
    "Portfolio",
    "ScalingFit",
    "WorstCase",
    "compare",
    "diagnostics",
    "portfolio",
    "scaling",
    "worst_case",
]
