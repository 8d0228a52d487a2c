"""What a page of `stackel.explore` may ask for, and what it is told."""

from __future__ import annotations

import json

import stackel as sk
from stackel._explorer._running import Memory, answer
from stackel._explorer._state import read_state

GAME = sk.games.etc_failure()
LABELLED = sk.Game(
    [[0.6, 0.2, 0.1], [0.5, 0.4, 0.3]],
    [[0.4, 0.0, 0.1], [0.3, 0.2, 0.3]],
    noise=(sk.Bernoulli(), sk.Uniform(half_width=0.1)),
    name="naïve <b>",
    leader_labels=["up", "döwn"],
    follower_labels=["left", 'mid"dle', "right"],
)


def setup(game=GAME, leader=None, follower=None):
    players = leader or sk.UCB(), follower or sk.UCB()
    return {
        "game": game.to_dict(),
        **dict(zip(sk.learners.ROLES, (p.to_dict() for p in players), strict=True)),
    }


def state(*setups, horizon=300, replications=4, seed="7", benchmark=None):
    return {
        "setups": list(setups or [setup()]),
        "horizon": horizon,
        "replications": replications,
        "seed": seed,
        "benchmark": benchmark or {"kind": "stackelberg"},
    }


def messages(data, own=None):
    """What the page is told of a state, by kind and set-up."""
    told = list(answer(read_state(data, own or {}), Memory(), lambda _: None, sk.CancelToken()))
    json.dumps(told, allow_nan=False)
    return {(each["kind"], each.get("setup", 0)): each for each in told}
