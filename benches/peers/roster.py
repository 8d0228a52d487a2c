"""Peers, and the number of rounds of each."""

from __future__ import annotations

from typing import Any, NamedTuple

RUNS = 5
COMMON_HORIZON = 10_000
SILENT_HORIZON = 1_000
HORIZONS = [10**exponent for exponent in (2, 4, 6, 8, 10, 12)]
"""Horizons of the table of times of one game."""
GAME_RUNS = 3
LONGER = 10
"""How many times as long as the timed runs one game may be."""


class Peer(NamedTuple):
    """A row of the table: a script, its requirements, and the rounds that it plays in about a second."""

    name: str
    script: str
    environment: str
    horizon: int
    games: int
    """Replications for the regrets at the common horizon."""
    at_once: int = 1
    """Replications of a timed call."""
    rule: str = "ln T"
    """Logarithm in the radius: ln T of the horizon, or ln t of the rounds that a learner has seen."""
    compiles: bool = False
    baseline: bool = False
    """True if other peers with the same rule are compared with this one."""
    options: dict[str, Any] | None = None
    """Further arguments of the script's `play`."""
    variables: dict[str, str] | None = None
    """Environment variables of its process."""

    def task(self, number: int, *, quick: bool = False) -> dict[str, Any]:
        """Return the task of the script, as the `number`-th of all."""
        divisor = 10 if quick else 1
        return {
            "runs": RUNS,
            "timed": {"horizon": self.horizon // divisor, "replications": self.at_once},
            "common": {
                "horizon": COMMON_HORIZON // divisor,
                "replications": self.games // divisor,
                "seed": 1_000_000 * number,
            },
            "silent": {"horizon": SILENT_HORIZON, "replications": 1, "seed": 0},
            "horizons": self.horizons(divisor),
            "game_runs": GAME_RUNS,
            "options": self.options or {},
        }

    def horizons(self, divisor: int) -> list[int]:
        """Return the horizons at which one game is timed."""
        longest = LONGER * self.horizon // divisor if self.at_once == 1 else 0
        return [horizon for horizon in HORIZONS if horizon <= longest]


def stackel(name: str, horizon: int, games: int, *, baseline: bool = False, **options: Any) -> Peer:
    return Peer(
        f"**stackel**, {name}",
        "stackel_engine.py",
        "stackel",
        horizon,
        games,
        rule="ln t" if "anytime" in options else "ln T",
        baseline=baseline,
        options=options,
    )


PEERS = [
    Peer("MABWiser, `UCB1`", "mabwiser_ucb.py", "mabwiser", 4_000, 50, rule="ln t"),
    Peer("SMPyBandits, `UCBH`", "smpybandits_ucb.py", "smpybandits", 10**4, 100),
    Peer("Python and NumPy", "numpy_loop.py", "numpy", 10**5, 400),
    Peer("numba, typical", "numba_typical.py", "numba", 10**7, 5_000, compiles=True),
    Peer("JAX, scan", "jax_scan.py", "jax", 10**7, 5_000, compiles=True),
    Peer("JAX, vmap", "jax_vmap.py", "jax", 10**4, 5_000, at_once=1_000, compiles=True),
    Peer("numba, best", "numba_best.py", "numba", 10**8, 20_000, compiles=True),
    Peer(
        "numba, best, any processor",
        "numba_best.py",
        "numba",
        10**8,
        20_000,
        compiles=True,
        variables={"NUMBA_CPU_NAME": "generic"},
    ),
    stackel("reference", 10**7, 20_000, engine="reference"),
    stackel("stepwise", 10**8, 100_000, engine="stepwise", baseline=True),
    stackel("stepwise, anytime", 10**8, 100_000, engine="stepwise", anytime=True, baseline=True),
    stackel("leap", 10**8, 20_000, engine="leap"),
    stackel("leap, longer", 10**12, 20_000, engine="leap"),
]
