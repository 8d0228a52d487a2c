"""The two players."""

from __future__ import annotations

ROLES = ("leader", "follower")

PLAYERS = (*ROLES, "max")
"""Values of ``player``; "max" is the larger of the two mean regrets."""
