"""Learners that do not learn, and one that manipulates."""

from __future__ import annotations

import itertools
import math

from oracle_seat import Play, Seat, Tally, first_best


def fixed_action(seat: Seat, a: int) -> Play:  # noqa: ARG001
    while True:
        yield a


def best_response(seat: Seat) -> Play:
    while True:
        yield first_best(seat.means)


def quantal_response(seat: Seat, temperature: float) -> Play:
    weights = [math.exp((mean - max(seat.means)) / temperature) for mean in seat.means]
    while True:
        yield seat.chance.draw(weights)


def best_manipulation(seat: Seat) -> Play:
    leader, follower = seat.game
    cells = [(a, b) for a in range(seat.n_leader) for b in range(seat.n_follower)]
    cells.sort(key=lambda cell: -follower[cell[0]][cell[1]])
    answer = first_best(follower[seat.action])
    for a, b in cells:
        if all(min(leader[other]) < leader[a][b] for other in range(seat.n_leader) if other != a):
            punishment = leader[seat.action].index(min(leader[seat.action]))
            answer = b if a == seat.action else punishment
            break
    while True:
        yield answer


def manipulation_ucb(seat: Seat, delta: float | None = None, sigma: float = 1.0) -> Play:
    rows, columns = range(seat.n_leader), range(seat.n_follower)
    log = math.log(seat.n_leader * seat.n_follower * seat.horizon / (delta or 1 / seat.horizon))
    tallies = seat.memory.setdefault("tallies", [[Tally(len(columns)) for _ in rows] for _ in range(2)])

    def mean(player: int, a: int, b: int) -> float:
        return float(tallies[player][a].sum[b]) / max(1, tallies[player][a].count[b])

    def bound(player: int, a: int, b: int, sign: int) -> float:
        return mean(player, a, b) + sign * sigma * math.sqrt(2 * log / max(1, tallies[1][a].count[b]))

    def answer() -> int:
        worst = [min(bound(0, a, b, -1) for b in columns) for a in rows]
        cells = sorted(itertools.product(rows, columns), key=lambda cell: -bound(1, *cell, 1))
        for a, b in cells:
            if all(worst[other] < mean(0, a, b) for other in rows if other != a):
                return b if a == seat.action else first_best([-bound(0, seat.action, k, -1) for k in columns])
        return first_best([bound(1, seat.action, b, 1) for b in columns])

    while True:
        observed = yield answer
        tallies[0][seat.action].add(seat.memory["answer"], (seat.memory["overheard"], None))
        tallies[1][seat.action].add(seat.memory["answer"], observed)


def uniform_learner(seat: Seat) -> Play:
    while True:
        yield seat.chance.draw([1] * seat.arms)
