"""Games: the instances of the theory, games of the literature, random games, and games that drift.

Section 2 of the definitions page lists the instances, after Donahue et al. (2024), with
their benchmark values, and the games of the literature with their sources.
"""

from stackel.games._drift import drift
from stackel.games._named import named
from stackel.games._random import affine, aligned, near_miss, random
from stackel.games._structured import congestion, low_rank, security, sparse
from stackel.games._theory import etc_failure, lower_bound, unachievable

__all__ = [
    "affine",
    "aligned",
    "congestion",
    "drift",
    "etc_failure",
    "low_rank",
    "lower_bound",
    "named",
    "near_miss",
    "random",
    "security",
    "sparse",
    "unachievable",
]
