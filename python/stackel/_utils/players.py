"""The two players."""

from __future__ import annotations

ROLES = ("leader", "follower")

PLAYERS = (*ROLES, "max")
"""Whose regret is meant; "max" is the larger of the two mean regrets."""
