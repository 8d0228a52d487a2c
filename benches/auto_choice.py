"""Comparison of `engine="auto"` with the faster of the two engines that it chooses from.

Every pair of learners plays at horizons from 1e3 to 1e7, in turn a game without ties and one in which all
arms are tied. First calls decide the number of replications of a timed call and the engines to time; these
alternate. The largest of many ratios is partly large by chance: it is timed again, with more turns, until
the largest one has been timed again.

    python benches/auto_choice.py --one-in 11    # the worst of one setting in eleven, within a minute
"""

from __future__ import annotations

import argparse
import math
import sys
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from instances import spread_game, tied_game
from tqdm import tqdm
from turns import Contestant, Times, in_turns

import stackel as sk

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 1.15
HORIZONS = [10**exponent for exponent in range(3, 8)]
GAMES = {"spread": spread_game(4), "tied": tied_game(4)}
EITHER_SEAT: dict[str, sk.Learner] = {
    "ExploreThenCommit": sk.ExploreThenCommit(),
    "ThrowOut": sk.ExploreThenCommitThrowOut(),
    "ExploreThenUCB": sk.ExploreThenUCB(),
    "UCB": sk.UCB(),
    "anytime UCB": sk.UCB(anytime=True),
    "elimination": sk.ActiveArmElimination(),
    "elimination in phases": sk.ActiveArmElimination(phases=(1, 2, 4, 8)),
    "FixedAction": sk.FixedAction(0),
    "Uniform": sk.UniformLearner(),
}
LEADERS = EITHER_SEAT | {"LipschitzUCB": sk.LipschitzUCB(), "PhasedUCB": sk.PhasedUCB()}
FOLLOWERS = EITHER_SEAT | {"BestResponse": sk.BestResponse()}

ENGINES = ("stepwise", "leap")

LONG_ENOUGH = 0.02
"""Smallest duration of a timed call, in seconds."""
TOO_SHORT, SOME = 0.001, 100
"""A first call of fewer seconds is mostly overhead, and repeated with this many replications."""
MOST_REPLICATIONS = 20_000
FAR_BEHIND = 2.0
"""Ratio to the fastest first call above which an engine is not timed further."""
FIRST_SECONDS, MORE_SECONDS = 0.4, 8.0
"""Duration of an ordinary race, and of one of the setting with the largest ratio."""
MOST_TURNS = 15


class Setting(NamedTuple):
    """A pair of learners in a game, with the horizon."""

    game: str
    leader: str
    follower: str
    horizon: int

    def __str__(self) -> str:
        return f"{self.leader} v {self.follower}, {self.game} 4x4, T = {self.horizon:.0e}"

    def contestant(self, engine: str, replications: int) -> Contestant:
        learners = LEADERS[self.leader], FOLLOWERS[self.follower]
        return Contestant(GAMES[self.game], *learners, self.horizon, engine, replications)


class Choice(NamedTuple):
    """Times of a game with each engine, and the engine that `auto` chose."""

    setting: Setting
    times: dict[str, Times]
    used: str

    def shortest(self, engine: str) -> float:
        """Return the shortest time; the times of `auto` include those of the engine that it used."""
        names = (engine, self.used) if engine == "auto" else (engine,)
        return min(self.times[name].shortest for name in names)

    @property
    def ratio(self) -> float:
        """Ratio of the time of `auto` to that of the faster engine."""
        return self.shortest("auto") / min(map(self.shortest, ENGINES))

    def __str__(self) -> str:
        times = ", ".join(f"{engine} {self.times[engine]}" for engine in ENGINES)
        return f"{self.setting}, which plays {self.used}: {times}"


def settings() -> list[Setting]:
    pairs = enumerate(product(LEADERS, FOLLOWERS))
    games = list(GAMES)
    return [
        Setting(games[(i + i // len(FOLLOWERS) + k) % len(games)], *pair, horizon)
        for i, pair in pairs
        for k, horizon in enumerate(HORIZONS)
    ]


def first_time(setting: Setting, engine: str) -> float:
    """Return the approximate seconds of a game."""
    seconds = setting.contestant(engine, 1).seconds()
    return seconds if seconds > TOO_SHORT else setting.contestant(engine, SOME).seconds() / SOME


def race(setting: Setting, seconds: float) -> Choice:
    """Time the engines that are not far behind; the others keep the time of the first call."""
    used = setting.contestant("auto", 1).play().engine
    first = {engine: first_time(setting, engine) for engine in ENGINES}
    fastest = min(first.values())
    replications = min(MOST_REPLICATIONS, math.ceil(LONG_ENOUGH / fastest))
    close = [engine for engine in ENGINES if first[engine] <= FAR_BEHIND * fastest]
    racing = [*close, *(["auto"] if used in close else [])]
    first["auto"] = first[used]
    turns = int(seconds / (replications * sum(first[engine] for engine in racing)))
    contestants = {engine: setting.contestant(engine, replications) for engine in racing}
    raced = in_turns(contestants, min(max(turns, 1), MOST_TURNS))
    return Choice(setting, {engine: Times((time,)) for engine, time in first.items()} | raced, used)


def race_all(chosen: Iterable[Setting]) -> list[Choice]:
    """Race all settings, and return the choices with the largest ratio first."""
    choices = {setting: race(setting, FIRST_SECONDS) for setting in chosen}
    confirmed = set()
    while (worst := max(choices.values(), key=lambda choice: choice.ratio)).setting not in confirmed:
        choices[worst.setting] = race(worst.setting, MORE_SECONDS)
        confirmed.add(worst.setting)
    return sorted(choices.values(), key=lambda choice: -choice.ratio)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="try one setting in N")
    parser.add_argument("--show", type=int, default=10, metavar="N", help="print the N worst")
    given = parser.parse_args()
    for choice in race_all(tqdm(settings()[:: given.one_in], disable=None))[: given.show]:
        sys.stdout.write(f"{choice.ratio:.3f} {choice}\n")


if __name__ == "__main__":
    main()
