"""stackel: one call. The task's options name the engine and, for `anytime=True`, the rule."""

from __future__ import annotations

from contract import serve

import stackel as sk


def play(game, horizon, replications, seed, *, engine, **rule):
    noise = sk.Gaussian(game.sigma) if game.sigma else sk.Deterministic()
    run = sk.simulate(
        sk.Game(game.leader, game.follower, noise=noise),
        sk.UCB(**rule),
        sk.UCB(**rule),
        horizon,
        replications=replications,
        seed=seed,
        checkpoints=[horizon],
        engine=engine,
        threads=1,
    )
    return run.pulls


if __name__ == "__main__":
    serve(play, stackel=sk.__version__)
