"""The claims of the theory, one module each. Adding a claim is adding its module and its line here."""

from stackel.reproduce.claims import (
    aligned,
    etc_linear,
    explore_then_ucb,
    lower_bound,
    throw_out,
    unachievable,
    weaker_benchmark,
)

CLAIMS = (
    unachievable.CLAIM,
    etc_linear.CLAIM,
    throw_out.CLAIM,
    explore_then_ucb.CLAIM,
    lower_bound.CLAIM,
    aligned.CLAIM,
    weaker_benchmark.CLAIM,
)
