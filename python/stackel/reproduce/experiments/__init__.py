"""Experiments: games, learners, and the sweeps that measure them."""

from stackel.reproduce.experiments.effort import Effort, Settings, decades
from stackel.reproduce.experiments.families import (
    AT_GAMMA_T,
    FIXED_GAMMA,
    WORST,
    all_families,
    hard_gap,
    lower_bound_family,
    resolution,
    tolerance_family,
)
from stackel.reproduce.experiments.instances import (
    SELF_TOLERANT,
    STACKELBERG,
    Instance,
    Power,
    etc_failure,
    in_units,
    lower_bound_pairs,
    twins,
    with_gap,
    with_noise,
)
from stackel.reproduce.experiments.lab import Lab, Match, Regrets
from stackel.reproduce.experiments.learner_pairs import (
    Pair,
    all_pairs,
    effort_of,
    learner_at,
    learner_code,
    learning_pairs,
    with_sigma,
)

__all__ = [
    "AT_GAMMA_T",
    "FIXED_GAMMA",
    "SELF_TOLERANT",
    "STACKELBERG",
    "WORST",
    "Effort",
    "Instance",
    "Lab",
    "Match",
    "Pair",
    "Power",
    "Regrets",
    "Settings",
    "all_families",
    "all_pairs",
    "decades",
    "effort_of",
    "etc_failure",
    "hard_gap",
    "in_units",
    "learner_at",
    "learner_code",
    "learning_pairs",
    "lower_bound_family",
    "lower_bound_pairs",
    "resolution",
    "tolerance_family",
    "twins",
    "with_gap",
    "with_noise",
    "with_sigma",
]
