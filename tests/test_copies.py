"""Every public object survives copying and pickling with all that it holds, or says that it cannot."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import warnings

import numpy as np
import pytest
from cases import LEARNERS

import stackel as sk

GAME = sk.games.etc_failure()
PAIR = (sk.UCB(), sk.UniformLearner())
SMALL = {"seed": 1, "replications": 3}
TASK = sk.Task(GAME, *PAIR, 50, replications=3, labels={"a": 1})


class First:
    def choose(self, rng):
        return 0

    def observe(self, arm, reward):
        pass


def simulation():
    sim = sk.Simulation(GAME, *PAIR, 100, seed=1)
    sim.step(7)
    return sim


MAKERS = {
    sk.Agent: lambda: sk.Agent(sk.UCB(), GAME, 100, 1),
    sk.Batch: lambda: sk.simulate_many([GAME.leader] * 2, [GAME.follower] * 2, *PAIR, 100, seed=1),
    sk.Benchmark: lambda: sk.tolerant(GAME, 0.05),
    sk.Commitment: lambda: sk.commit(GAME, [0.5, 0.5]),
    sk.BanditResult: lambda: sk.bandit([0.2, 0.4], sk.UCB(), 50),
    sk.ChangingGame: lambda: sk.ChangingGame([GAME, sk.games.lower_bound(0.1)[0]], [0, 9], "both"),
    sk.Comparison: lambda: sk.compare(GAME, [PAIR, PAIR[::-1]], 50, **SMALL),
    sk.CustomLearner: lambda: sk.CustomLearner(First),
    sk.Design: lambda: sk.grid(a=[1, 2]) * sk.zipped(b=[0.5, 1.5], c=["x", "y"]),
    sk.Diagnostics: lambda: sk.diagnostics(sk.simulate(GAME, *PAIR, 50, trace=True, **SMALL)),
    sk.Equilibrium: lambda: sk.nash(GAME)[0],
    sk.Exploration: lambda: sk.central_explorer(GAME, 0.5, seed=1),
    sk.Exploit: lambda: sk.exploit(GAME, sk.UCB(), "leader", 20, opponents=sk.UCB(), **SMALL),
    sk.Game: lambda: GAME,
    sk.MetaGame: lambda: sk.meta_game(*PAIR, GAME, 50, **SMALL),
    sk.MetaSolution: lambda: sk.meta_game(*PAIR, GAME, 50, **SMALL).solve("pure")[0],
    sk.MissingExtraError: lambda: sk.MissingExtraError("needs scipy", name="scipy"),
    sk.OptimalCommitment: lambda: sk.mixed_stackelberg(GAME),
    sk.Portfolio: lambda: sk.portfolio(*PAIR, GAME, 50, **SMALL),
    sk.PriceOfAnarchy: lambda: sk.meta_game(*PAIR, GAME, 50, **SMALL).price_of_anarchy(),
    sk.RecordedLearner: lambda: sk.RecordedLearner("CustomLearner", "mine"),
    sk.Result: lambda: sk.simulate(GAME, *PAIR, 50, trace=True, **SMALL),
    sk.Rounds: lambda: simulation().step(5),
    sk.RunError: lambda: sk.RunError("stopped"),
    sk.ScalingFit: lambda: sk.scaling(GAME, *PAIR, [50, 500], (9.0, 9.0), **SMALL),
    sk.Simulation: simulation,
    sk.SpecError: lambda: sk.SpecError("horizon", "positive", "-1"),
    sk.StackelError: lambda: sk.StackelError("wrong"),
    sk.StackelWarning: lambda: sk.StackelWarning("odd"),
    sk.Sweep: lambda: sk.sweep([TASK]),
    sk.Task: lambda: TASK,
    sk.Trace: lambda: sk.simulate(GAME, *PAIR, 50, trace=True, **SMALL).trace,
    sk.WorstCase: lambda: sk.worst_case(
        sk.games.lower_bound, *PAIR, [50, 500], (9.0, 9.0), [0.1, 0.2], **SMALL
    ),
}
VALUES = (*LEARNERS, sk.Gaussian(0.5), sk.Bernoulli(), sk.Uniform(0.5), sk.StudentT(2.5), sk.Deterministic())
"""Learners and laws."""
WITHOUT_STATE = {
    sk.CancelToken: "stands for a run of this process",
    sk.RandomStreams: "is lent to a policy while it plays",
    sk.CompiledLearner: "holds addresses of this process",
}
ABSTRACT = {sk.Learner, sk.Noise, sk.OwnLearner, sk.Policy, sk.VectorPolicy}
COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda it, protocol=protocol: pickle.loads(pickle.dumps(it, protocol))
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    },
}


def content(it):
    """What an object holds, down to arrays and numbers."""
    match it:
        case sk.Simulation() | sk.Agent():
            found = it.snapshot()
        case sk.Design():
            found = content(it._points)
        case sk.Sweep():
            found = content([it.tasks, it.replications, it.rounds(0), it.utility(0), it.results])
        case BaseException():
            found = it.args, vars(it)
        case np.ndarray():
            found = it.dtype.str, it.shape, it.tobytes()
        case np.random.SeedSequence():
            found = it.state
        case dict():
            found = {key: content(value) for key, value in it.items()}
        case tuple() | list():
            found = [content(value) for value in it]
        case _ if dataclasses.is_dataclass(it) and not isinstance(it, sk.Learner | sk.Noise):
            found = [content(getattr(it, field.name)) for field in dataclasses.fields(it)]
        case _:
            found = it
    return type(it), found


def test_every_public_class_is_here():
    exported = {thing for name in sk.__all__ if inspect.isclass(thing := getattr(sk, name))}
    assert exported == {*MAKERS, *map(type, VALUES), *WITHOUT_STATE, *ABSTRACT}


@pytest.fixture(scope="module", params=MAKERS, ids=lambda cls: cls.__name__)
def original(request):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sk.StackelWarning)  # three replications of fifty rounds
        return MAKERS[request.param]()


@pytest.mark.parametrize("how", COPIES)
def test_copies_hold_the_same(original, how):
    before = content(original)
    again = COPIES[how](original)
    assert type(again) is type(original)
    assert content(again) == before == content(original)


def test_their_texts_are_short(original):
    """No arrays in them, but for rounds that were asked for, and no line that does not end."""
    text = repr(original)
    assert "array(" not in text or isinstance(original, sk.Rounds)
    assert max(map(len, text.splitlines())) <= 400
    assert type(original).__name__ in text or isinstance(original, Exception)


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_equal_their_copies(value, how):
    assert COPIES[how](value) == value


def test_what_cannot_be_pickled_says_so():
    with pytest.raises(TypeError, match=r"cannot pickle .*CancelToken"):
        pickle.dumps(sk.CancelToken())
