"""Gambit's extensive games of two moves: one player moves, the other one answers.

In the text of a game, nodes are in the order in which each one comes before those that follow it. The payoffs
of an outcome, and the actions of an information set, can be left out after their first mention.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel.errors import SpecError
from stackel.interop._tokens import Tokens
from stackel.interop.nfg import are_no_names

if TYPE_CHECKING:
    from stackel.games._game import Game
    from stackel.noise import Noise

_ALLOWED = (
    "a game of pygambit with two players, as a table, or as a tree in which one player moves, "
    "and the other one answers each move from as many actions"
)
_KINDS = {"p": "a move", "t": "an end", "c": "a chance move"}

Payoffs = tuple[float, float]


class _Node(NamedTuple):
    kind: str
    player: int
    infoset: int
    actions: tuple[str, ...]
    payoffs: Payoffs


def loads(text: str, noise: Noise | tuple[Noise, Noise]) -> Game:
    """Return the game in which the player who moves first leads.

    Raises
    ------
    SpecError
        If the text is another game; it names the argument ``source``.
    """
    return _Reader(text).game(noise)


def refused(found: str) -> SpecError:
    """Return the error for a game of another kind."""
    return SpecError("source", _ALLOWED, found)


class _Reader:
    """Text of a game, read node by node."""

    def __init__(self, text: str) -> None:
        self._tokens = Tokens(text, "Gambit's efg")
        self._actions: dict[tuple[int, int], tuple[str, ...]] = {}
        self._outcomes: dict[int, Payoffs] = {0: (0.0, 0.0)}

    def game(self, noise: Noise | tuple[Noise, Noise]) -> Game:
        tokens = self._tokens
        for token in ("EFG", "2", "R"):
            tokens.expect(token)
        title = tokens.quoted("the title")
        players = self._names("a player's name")
        if len(players) != 2:
            raise refused(f"one of {len(players)} players")
        if tokens.is_quoted():
            tokens.quoted("a comment")
        root = self._node("p", "at the start")
        answers, cells = [], []
        for action in root.actions:
            node = self._node("p", f"after {action!r}")
            if node.player == root.player:
                raise refused(f"two moves of {players[root.player - 1]!r}, the second after {action!r}")
            ends = [self._node("t", f"after {action!r} and {answer!r}") for answer in node.actions]
            answers.append(node)
            cells.append([_sums(root, node, end) for end in ends])
        sizes = {len(row) for row in cells}
        if len(sizes) > 1:
            pairs = zip(root.actions, cells, strict=True)
            counts = ", ".join(f"{len(row)} after {action!r}" for action, row in pairs)
            raise refused(f"numbers of answers that differ: {counts}")
        if len({node.infoset for node in answers}) not in (1, len(answers)):
            raise refused("a player who answers and can tell only some of the moves apart")
        orders, labels = _matched([node.actions for node in answers])
        utility = np.array([[row[b] for b in order] for row, order in zip(cells, orders, strict=True)])
        leader = root.player - 1
        names = (None if own is None or are_no_names(own) else own for own in (root.actions, labels))
        options = dict(zip(("leader_labels", "follower_labels"), names, strict=True))
        return tokens.last(
            utility[:, :, leader], utility[:, :, 1 - leader], noise=noise, name=title or None, **options
        )

    def _node(self, wanted: str, where: str) -> _Node:
        tokens = self._tokens
        kind = next((kind for kind in _KINDS if tokens.skip(kind)), None)
        if kind is None:
            raise tokens.fault("a node")
        if kind != wanted:
            raise refused(f"{_KINDS[kind]} {where}")
        tokens.quoted("a node's name")
        if kind == "t":
            return _Node(kind, 0, 0, (), self._outcome())
        player, infoset = tokens.whole("a player", 1, 2), tokens.whole("an information set", 1)
        if tokens.is_quoted():
            tokens.quoted("an information set's name")
        if tokens.next == "{":
            self._actions[player, infoset] = self._names("an action's name")
        actions = self._actions.get((player, infoset), ())
        return _Node(kind, player, infoset, actions, self._outcome())

    def _names(self, meaning: str) -> tuple[str, ...]:
        tokens, names = self._tokens, []
        tokens.expect("{")
        while not tokens.skip("}"):
            names.append(tokens.quoted(meaning))
        return tuple(names)

    def _outcome(self) -> Payoffs:
        tokens = self._tokens
        number = tokens.whole("an outcome", 0)
        if tokens.is_quoted():
            tokens.quoted("an outcome's name")
        if tokens.skip("{"):
            first = tokens.number("payoff")
            tokens.skip(",")
            self._outcomes[number] = first, tokens.number("payoff")
            tokens.skip(",")
            tokens.expect("}")
        return self._outcomes[number]


def _sums(*nodes: _Node) -> list[float]:
    return [math.fsum(payoffs) for payoffs in zip(*(node.payoffs for node in nodes), strict=True)]


def _matched(answers: list[tuple[str, ...]]) -> tuple[list[list[int]], tuple[str, ...] | None]:
    """Return the order of the answers at each node, and their names; without names if these differ."""
    first = answers[0]
    if len(set(first)) == len(first) and all(sorted(each) == sorted(first) for each in answers):
        return [[each.index(name) for name in first] for each in answers], first
    return [list(range(len(first)))] * len(answers), None
