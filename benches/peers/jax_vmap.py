"""JAX, many games at once: the loop of `jax_scan`, mapped over as many keys as there are replications."""

from __future__ import annotations

from functools import partial

import jax
from contract import serve
from jax_scan import play_game


@partial(jax.jit, static_argnames=("horizon", "replications"))
def play(game, horizon, replications, seed):
    def play_one(key):
        return play_game(game, key, horizon, block=100)  # the block's normals then stay in the cache

    return jax.vmap(play_one)(jax.random.split(jax.random.key(seed), replications))


def play_and_wait(game, horizon, replications, seed):
    return play(game, horizon, replications, seed).block_until_ready()


if __name__ == "__main__":
    serve(play_and_wait, ["jax", "jaxlib"])
