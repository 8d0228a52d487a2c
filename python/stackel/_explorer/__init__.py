"""A page in which games can be changed and played: a server for this machine only, and the page itself."""

from stackel._explorer._explore import explore

__all__ = ["explore"]
