"""Measure which leaders keep T^(2/3) when they are told less: the numbers of the page told_less.

``python docs/gallery/measured/told_less.py`` writes told_less.csv beside it; this takes about an hour.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from own_leaders import growing_discards, recent_racing
from unknown_horizon import lower_bound, row

import stackel as sk

SEED = 1
GAPS = (1, 3, 9)
"""Multiples of the gap that proves the lower bound."""
BALANCED = math.sqrt(2 / 3)
"""Power of exploration at which what it costs and what it leaves unseen balance."""


def _longer(T: int, factor: float) -> sk.Learner:
    usual = sk.ExploreThenCommitThrowOut().resolve("leader", T, 2, 2)
    return sk.ExploreThenCommitThrowOut(
        discard=math.ceil(factor * usual.discard), exploration=usual.exploration
    )


class Case(NamedTuple):
    """What the leader meets: a follower's schedule, as a multiple of the usual one, and the noise."""

    schedule: float | None = 1.0
    """None: a follower that eliminates."""
    scale: float = 1.0


SETTINGS = {
    "told everything": (True, [Case()]),
    "horizon unknown": (False, [Case()]),
    "schedule unknown": (True, [Case(1 / 4), Case(4.0), Case(None)]),
    "scale unknown": (True, [Case(scale=1 / 4), Case(scale=4.0)]),
}
"""Whether the leader is told the horizon, and the cases of which the worst counts."""
LEADERS = {
    "ETC": sk.ExploreThenCommit(),
    "ThrowOut": sk.ExploreThenCommitThrowOut(),
    "ExploreThenUCB": sk.ExploreThenUCB(),
    "UCB": sk.UCB(),
    "LipschitzUCB, L = 2": sk.LipschitzUCB(lipschitz=2.0),
}
"""Leaders of the package; they double where the horizon is unknown."""
LONGER = {
    "ThrowOut, discards x ln(T) / 2": lambda T: _longer(T, math.log(T) / 2),
}
"""Leaders that are told the horizon and discard more than the usual follower needs."""
TRIED = {
    "growing discards, 2/3": growing_discards(2 / 3),
    "growing discards, 0.816": growing_discards(BALANCED),
    "recent racing, 0.816": recent_racing(BALANCED),
}
"""Leaders that are told nothing in any setting."""
SLOW, GROWING = {"LipschitzUCB, L = 2"}, "growing discards, 0.816"
DECADES, STEPPED = (4, 9), (4, 7)


def measure(
    leader: sk.Learner, setting: str, decades: tuple[int, int] = DECADES, replications: int = 16
) -> sk.WorstCase:
    """Return the worst regret over gaps, games and cases at each horizon."""
    told, cases = SETTINGS[setting]
    chosen = [(gap, case) for case in cases for gap in GAPS]

    def family(parameter: float, T: int) -> list[sk.Game]:
        gap, case = chosen[int(parameter) - 1]
        hard = min(0.5, gap * 0.794 * (case.scale**2 / T) ** (1 / 3))
        return lower_bound(hard, noise=sk.Gaussian(case.scale))

    def follower(T: int, parameter: float) -> sk.Learner:
        schedule = chosen[int(parameter) - 1][1].schedule
        if schedule is None:
            return sk.ActiveArmElimination()
        usual = sk.ExploreThenCommit().resolve("follower", T, 2, 2)
        return sk.ExploreThenCommit(exploration=math.ceil(schedule * usual.exploration))

    is_own = isinstance(leader, sk.CompiledLearner)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sk.StackelWarning)  # of the follower's regret, which may be negative
        return sk.worst_case(
            family,
            leader if told or is_own else sk.Doubling(leader),
            follower,
            [10**power for power in range(decades[0], decades[1] + 1)],
            "tolerant",
            np.arange(1, len(chosen) + 1),
            replications=replications,
            seed=SEED,
            log_power=1 / 3,
            threads=1,
        )


def main() -> None:
    """Measure all leaders in all settings and write the table."""
    everything, horizon, schedule, scale = SETTINGS
    played = [(name, setting) for name in LEADERS for setting in SETTINGS]
    # LipschitzUCB and a follower that eliminates take hours together
    played = [each for each in played if each[0] not in SLOW or each[1] in {everything, horizon}]
    played += [(name, setting) for name in LONGER for setting in (everything, schedule, scale)]
    played += [(name, horizon) for name in TRIED]
    played += [(GROWING, schedule)]
    rows = []
    for name, setting in played:
        decades, replications = (STEPPED, 6) if name in TRIED else (DECADES, 16)
        found = row(measure({**LEADERS, **LONGER, **TRIED}[name], setting, decades, replications))
        rows.append({"leader": name, "setting": setting, **found})
        print(name, setting, found["exponent"], flush=True)
        pd.DataFrame(rows).to_csv(Path(__file__).with_suffix(".csv"), index=False, float_format="%.4f")


if __name__ == "__main__":
    main()
