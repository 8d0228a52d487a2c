"""Games: the instances of the theory, random games with a known property, and games that drift.

Section 2 of the definitions page lists the instances, after Donahue et al. (2024), with
their benchmark values.
"""

from stackel.games._drift import drift
from stackel.games._random import affine, aligned, near_miss, random
from stackel.games._theory import etc_failure, lower_bound, unachievable

__all__ = ["affine", "aligned", "drift", "etc_failure", "lower_bound", "near_miss", "random", "unachievable"]
