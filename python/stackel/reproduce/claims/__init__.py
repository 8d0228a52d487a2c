"""The claims of the theory, one module each. Adding a claim is adding its module and its name here."""

from stackel.reproduce.claims import (
    aligned,
    etc_linear,
    etc_threshold,
    explore_then_ucb,
    lower_bound,
    sizes,
    throw_out,
    unachievable,
    unsettled,
    weaker_benchmark,
    worst_gap,
    wrong_alignment,
    wrong_horizon,
    wrong_scale,
)

CLAIMS = (
    unachievable.CLAIM,
    etc_linear.CLAIM,
    etc_threshold.CLAIM,
    throw_out.CLAIM,
    explore_then_ucb.CLAIM,
    unsettled.CLAIM,
    sizes.CLAIM,
    lower_bound.CLAIM,
    worst_gap.CLAIM,
    aligned.CLAIM,
    weaker_benchmark.CLAIM,
    wrong_scale.CLAIM,
    wrong_alignment.CLAIM,
    wrong_horizon.CLAIM,
)
