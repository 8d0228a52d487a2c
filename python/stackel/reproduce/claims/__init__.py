"""The claims of the theory, one module each. A new claim is a module, and its name here.

What the theory says about a claim, and why its games are the hard ones, stands on its page in
``docs/gallery``.
"""

from importlib import import_module

from stackel.reproduce.claim import Claim

CLAIMS: tuple[Claim, ...] = tuple(
    import_module(f"{__name__}.{key}").CLAIM
    for key in (
        "unachievable",
        "etc_linear",
        "etc_threshold",
        "throw_out",
        "explore_then_ucb",
        "unsettled",
        "sizes",
        "lower_bound",
        "worst_gap",
        "aligned",
        "weaker_benchmark",
        "wrong_scale",
        "wrong_alignment",
        "wrong_horizon",
        "choice",
        "informed",
        "guarantees",
        "misreporting",
    )
)
