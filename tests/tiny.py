"""Claims with so little to play that all of them can be tried in a test."""

from dataclasses import replace

from stackel.reproduce.claim import Claim
from stackel.reproduce.experiments import Effort

HORIZONS = (64, 128, 256)


def tiny(claim: Claim) -> Claim:
    """Return the claim with a single, tiny mode."""
    efforts = {
        name: Effort(HORIZONS[-min(3, len(effort.horizons)) :], 3)
        for name, effort in claim.modes["quick"].items()
    }
    return replace(claim, modes={"quick": efforts})
