"""JAX, one game: a pure function plays a round, `lax.scan` repeats it, XLA compiles the loop.

Normals are drawn for a block of rounds at a time, which is faster than splitting a key every round.
"""

from __future__ import annotations

import math
from functools import partial

import jax
import jax.numpy as jnp
from contract import one_by_one, serve

jax.config.update("jax_enable_x64", val=True)


def choose(counts, sums, log_horizon):
    index = sums / counts + jnp.sqrt(2 * log_horizon / counts)
    return jnp.argmax(jnp.where(counts == 0, jnp.inf, index))


def play_game(game, key, horizon, block):
    """Play blocks of `block` rounds each, `horizon` rounds in all."""
    log_horizon = jnp.log(horizon)

    def play_round(state, normals):
        leader_counts, leader_sums, counts, sums = state
        a = choose(leader_counts, leader_sums, log_horizon)
        b = choose(counts[a], sums[a], log_horizon)
        state = (
            leader_counts.at[a].add(1),
            leader_sums.at[a].add(game.leader[a, b] + game.sigma * normals[0]),
            counts.at[a, b].add(1),
            sums.at[a, b].add(game.follower[a, b] + game.sigma * normals[1]),
        )
        return state, None

    def play_block(state, key):
        return jax.lax.scan(play_round, state, jax.random.normal(key, (block, 2)))

    if horizon % block:
        raise ValueError(f"horizon must be a multiple of {block}, not {horizon}")
    arms, cells = jnp.zeros(len(game.leader)), jnp.zeros(game.leader.shape)
    state, _ = jax.lax.scan(play_block, (arms, arms, cells, cells), jax.random.split(key, horizon // block))
    return state[2]


@partial(jax.jit, static_argnames="horizon")
def play(game, horizon, seed):
    return play_game(game, jax.random.key(seed), horizon, block=math.gcd(horizon, 1000))


if __name__ == "__main__":
    serve(one_by_one(play), ["jax", "jaxlib"])
