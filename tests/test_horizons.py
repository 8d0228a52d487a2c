"""Which learners read the number of rounds T: what the registry says is what they do."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from cases import BREAKING_TIES, LEARNERS, can_be, facts, make_game
from policies import UCB
from test_bad_input import assert_refused

import stackel as sk
from stackel.learners._horizon import needs_horizon

SEED, ROUNDS = 23, 120
GAME = make_game("5x3", "Bernoulli")
SHARPER = (sk.ExploreThenCommitAdaptive(sigma=0.05), sk.RoundRobinThenCommit(alpha=0.5))
"""Learners that decide by T within those rounds."""
REGISTERED = (*LEARNERS, *BREAKING_TIES, *SHARPER)
SHAPE = (3, 3)


def told_to_read(learner):
    """Whether the registry says that the rule of a learner reads T."""
    entry = next(entry for entry in sk.learner_schema() if entry["name"] == type(learner).__name__)
    if entry["reads_horizon"] == "of":
        return told_to_read(learner.of)
    if (only := entry["reads_horizon_if"]) is not None and getattr(learner, only[0]) != only[1]:
        return False
    if (unless := entry["reads_horizon_unless"]) is not None and getattr(learner, unless[0]) == unless[1]:
        return False
    return entry["reads_horizon"] == "yes"


def beginning(learner, role, horizon):
    """The utilities of the first rounds of a game of a length, round by round."""
    other = sk.UniformLearner()
    pair = (learner, other) if role == "leader" else (other, learner)
    sim = sk.Simulation(GAME, *pair, horizon, SEED, engine="stepwise")
    utilities = []
    for _ in range(ROUNDS):
        sim.advance(1)
        utilities.append(tuple(sim.utility))
    return utilities


@pytest.mark.parametrize("role", ["leader", "follower"])
def test_learners_read_the_horizon_if_the_registry_says_so(role):
    """A game begins as one of twice as many rounds, or of a million times as many, unless T is read."""
    unread, read = set(), {}
    for learner in REGISTERED:
        if not can_be(learner, role):
            continue
        # The defaults of a game of these rounds, in the longer ones too.
        given, name = learner.resolve(role, ROUNDS, *GAME.shape), type(learner).__name__
        short = beginning(given, role, ROUNDS)
        longer = [beginning(given, role, factor * ROUNDS) == short for factor in (2, 10**6)]
        if told_to_read(learner):
            read[name] = read.get(name, False) or not all(longer)
        else:
            assert all(longer), f"{given!r} reads the horizon: correct `horizon` of its ENTRY"
            unread.add(name)
    never = [name for name, differs in read.items() if not differs]
    assert not never, f"{never} never read it: correct `horizon` of the ENTRY, or add a case to SHARPER"
    names = {entry["name"] for entry in sk.learner_schema() if role in entry["roles"]}
    assert unread | read.keys() == names


def chosen_by_agent(learner, role, horizon):
    """The actions of an agent, which is kept and taken up again in the middle."""
    told = np.random.default_rng(3).random((300, 3))
    agent = sk.Agent(learner, SHAPE, horizon, SEED, role=role, replication=0)
    arms = []
    for t in range(300):
        arms.append(agent.choose(*(() if role == "leader" else (t % 3,))))
        agent.observe(told[t, arms[-1]], *((0,) if role == "leader" else ()))
        if t == 150:
            agent = sk.Agent.restore(agent.snapshot())
    assert agent.horizon == horizon
    return arms


@pytest.mark.parametrize("role", ["leader", "follower"])
def test_agents_without_a_horizon(role):
    """What needs no horizon does the same whatever it is told, and the rest is refused."""
    open_ended = set()
    for learner in REGISTERED:
        if not can_be(learner, role) or learner.omniscient or facts(learner)["sees"] == "leader rewards":
            continue
        if needs_horizon(learner, role, SHAPE):
            assert_refused("horizon", partial(chosen_by_agent, learner, role, None))
            continue
        open_ended.add(type(learner).__name__)
        assert chosen_by_agent(learner, role, None) == chosen_by_agent(learner, role, 400)
    assert len(open_ended) > 15
    assert_refused("horizon", lambda: chosen_by_agent(UCB, role, None))
    assert len(chosen_by_agent(sk.Doubling(sk.UCB()), role, None)) == 300


@pytest.mark.parametrize(
    "learner",
    [
        sk.TsallisINF(),
        sk.PerturbedMeans(),
        sk.EXP3S(gamma=0.1, alpha=0.01),
        sk.NoSwapRegret(learning_rate=0.3),
        sk.RoundRobinThenCommit(stop="budget", rounds=20),
        sk.RoundRobinThenCommit(stop="sprt", rounds=20),
        sk.Batched(sk.TsallisINF(), 3),
    ],
    ids=repr,
)
def test_learners_that_know_no_horizon_need_none(learner):
    assert len(chosen_by_agent(learner, "follower", None)) == 300


@pytest.mark.parametrize(
    "learner",
    [
        sk.EXP3S(),
        sk.EXP3S(gamma=0.1),
        sk.NoSwapRegret(),
        sk.RoundRobinThenCommit(),
        sk.RoundRobinThenCommit(stop="budget"),
        sk.Delayed(sk.EXP3S(), 3),
    ],
    ids=repr,
)
def test_defaults_that_depend_on_the_horizon_need_one(learner):
    assert_refused("horizon", lambda: chosen_by_agent(learner, "follower", None))
