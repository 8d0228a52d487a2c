"""The core's table of rewards is the one that `reward_table` defines, to the last bit."""

from __future__ import annotations

from random import Random

import drawn
import numpy as np
import pytest
import reward_table as definition

import stackel as sk

SIZES = (0, 1, 2, 31, 32, 63, 64)
PLAYERS = {role: number for number, role in enumerate(sk.learners.ROLES)}


def places(random, most, count=600):
    """Key of a tape as the core and as the definition take it, and numbers of entries up to 2^most."""
    for _ in range(count):
        seed, replication = (random.getrandbits(random.choice(SIZES)) for _ in range(2))
        role, number = random.choice(sk.learners.ROLES), random.getrandbits(random.choice([0, 1, 5, 20]))
        table = definition.table(seed, replication, PLAYERS[role])
        ns = [random.getrandbits(random.randint(0, most)) + random.randint(0, 1) for _ in range(3)]
        ns += [n >> 11 << 11 for n in ns]
        yield (
            {"seed": seed, "replication": replication, "player": role},
            number,
            definition.tape(table, number),
            ns,
        )


def test_sums_of_normals():
    for key, number, tape, ns in places(Random(1), 53):
        expected = [definition.sum_of_normals(tape, min(n, 2**53)) for n in ns]
        assert drawn.sums(sk.Gaussian(), number, np.minimum(ns, 2**53), **key).tolist() == expected, (
            key,
            number,
            ns,
        )


def test_sums_of_uniforms():
    for key, number, tape, ns in places(Random(2), 53, 3):
        expected = [definition.sum_of_uniforms(tape, min(n, 2**53)) for n in ns]
        sums = drawn.sums(sk.Uniform(1.0), number, np.minimum(ns, 2**53), **key)
        assert sums.tolist() == expected, (key, number, ns)


@pytest.mark.parametrize("probability", [0.0, 1e-3, 0.3, 0.5, 0.95, 1.0])
def test_coins(probability):
    """Of blocks after the first one, the core tells how many ones they have."""
    size = definition.COINS
    for key, number, tape, _ in places(Random(3), 0, 12):
        for block in (0, 1, 2, 7, 1000, 2**25, 2**31 + 3):
            at = size * block + np.arange(size + 1)
            sums = drawn.sums(sk.Bernoulli(), number, at, mean=probability, **key)
            if block == 0:
                expected = definition.first_coins(tape, probability)
            else:
                expected = definition.coins(tape, block, int(sums[-1] - sums[0]))
            for level in range(12):
                place = block >> (level + 1)
                if place:
                    length = size << level
                    start = 2 * length * place
                    ends = drawn.sums(
                        sk.Bernoulli(), number, start + length * np.arange(3), mean=probability, **key
                    )
                    first, both = (ends[1:] - ends[0]).tolist()
                    assert first == definition.first_half(tape, level, place, both), (key, number, block)
            assert np.diff(sums).tolist() == expected, (key, number, block)


def normals_of(seed, replication, player, number, n):
    tape = definition.tape(definition.table(seed, replication, player), number)
    return definition.sum_of_normals(tape, n)


def test_rewards_of_games():
    """Of learners that choose at random: the n-th pull of an arm shows the n-th entry of its tape."""
    law, (rows, columns) = sk.Gaussian(0.7), (3, 2)
    means = np.arange(2 * rows * columns).reshape(2, rows, columns) / 7
    game, anyone = sk.Game(*means, noise=law), sk.UniformLearner()
    actions, rewards = sk.Simulation(game, anyone, anyone, 200, 5, replication=9).step(200)
    pulls = [np.zeros(rows, int), np.zeros((rows, columns), int)]
    for (a, b), earned in zip(actions.T.tolist(), rewards.T.tolist(), strict=True):
        for player, (place, number) in enumerate(((a, a), ((a, b), a * columns + b))):
            n = int(pulls[player][place])
            entry = normals_of(5, 9, player, number, n + 1) - normals_of(5, 9, player, number, n)
            assert earned[player] == means[player, a, b] + entry * (0.7 / 2.0**30)
            pulls[player][place] += 1


@pytest.mark.parametrize(
    ("engine", "tries"), [("leap", 1), ("leap", 10**12), ("stepwise", 100), ("reference", 100)]
)
def test_sums_of_games(engine, tries):
    """A leader that tries each of its actions equally often commits to the one with the largest sum."""
    tied = np.full((4, 1), 0.5)
    game, rule = sk.Game(tied, tied, noise=sk.Gaussian(2.0)), sk.ExploreThenCommit(exploration=tries)
    run = sk.simulate(game, rule, sk.FixedAction(0), 5 * tries, replications=60, seed=8, engine=engine)
    for replication, pulls in enumerate(run.pulls[:, :, 0]):
        sums = [normals_of(8, replication, definition.LEADER, a, tries) for a in range(4)]
        expected = np.full(4, tries)
        expected[np.argmax(sums)] += tries
        np.testing.assert_array_equal(pulls, expected)
