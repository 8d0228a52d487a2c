"""Results and analyses of learners of one's own: they carry a name, and a file keeps no more."""

from __future__ import annotations

import ctypes
import json
import pickle

import numpy as np
import pytest
from policies import UCB, Fixed, ManyUCB

import stackel as sk

GAME = sk.games.random(3, 4, 1)


@ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_uint64)
def second(_state, _random):
    return 1


SECOND = sk.CompiledLearner(second, name="the second")
MINE = sk.CustomLearner(UCB, name="my UCB")


@pytest.fixture(scope="module")
def run():
    return sk.simulate(GAME, MINE, SECOND, 50, replications=3, seed=1)


def test_a_result_says_that_its_learners_are_not_built_in(run):
    assert run.spec["leader"] == {"learner": "CustomLearner", "name": "my UCB"}
    assert run.spec["follower"] == {"learner": "CompiledLearner", "name": "the second"}
    assert repr(run).startswith("Result(my UCB vs the second, ")
    assert "my UCB" in run._repr_html_()
    assert run.provenance["spec"] == run.spec
    assert json.loads(run.summary().attrs["spec"])["leader"]["name"] == "my UCB"
    assert json.loads(run.to_xarray().attrs["spec"])["follower"]["learner"] == "CompiledLearner"


def test_a_result_runs_again_with_its_learners_at_hand(run):
    again = sk.simulate(run.game, run.leader, run.follower, run.horizon, replications=3, seed=run.seed)
    assert again == run


def test_a_file_keeps_the_names_and_says_that_it_cannot_run_again(run, tmp_path):
    run.save(tmp_path / "run")
    loaded = sk.load(tmp_path / "run")
    assert loaded.leader == sk.RecordedLearner("CustomLearner", "my UCB")
    assert loaded.follower == sk.RecordedLearner("CompiledLearner", "the second")
    assert np.array_equal(loaded.utility, run.utility)
    assert loaded.spec == run.spec
    assert repr(loaded) == repr(run)
    for players, role in (((loaded.leader, sk.UCB()), "leader"), ((sk.UCB(), loaded.follower), "follower")):
        with pytest.raises(sk.SpecError) as caught:
            sk.simulate(GAME, *players, 50)
        assert str(caught.value).startswith(
            f"{role}: must be a learner whose code is at hand, got the name '"
        )
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "run").read_bytes()


@pytest.mark.parametrize(
    "data",
    [
        {"learner": "CustomLearner"},
        {"learner": "CompiledLearner", "name": "x", "choose": 12345},
        {"learner": "CustomLearner", "name": 3},
        {"learner": "CustomLearner", "name": "\x1b[2J"},
        {"learner": "CustomLearner", "name": "x" * 10_000},
        {"learner": "OwnLearner", "name": "x"},
    ],
    ids=repr,
)
def test_what_a_file_may_not_say(data):
    with pytest.raises(sk.SpecError):
        sk.Learner.from_dict(data)


def test_learners_of_ones_own_are_no_parameters_of_the_registry():
    assert not {"CustomLearner", "CompiledLearner", "RecordedLearner"} & set(sk.registered_learners())
    with pytest.raises(sk.SpecError, match="learner: must be"):
        sk.RecordedLearner("CustomLearner", "x").as_core()
    for learner in (MINE, SECOND):
        assert learner.resolve("leader", 10, 3, 4) is learner


def test_equality_is_that_of_what_plays():
    assert sk.CustomLearner(UCB, name="my UCB") == MINE
    assert hash(MINE) == hash(sk.CustomLearner(UCB, name="my UCB"))
    assert sk.CustomLearner(UCB) != MINE
    assert sk.CustomLearner(Fixed(0)) != sk.CustomLearner(Fixed(0))
    assert sk.CompiledLearner(second, name="the second") == SECOND
    assert sk.CompiledLearner(second, name="the second", parameters=[1.0]) != SECOND
    assert MINE != SECOND


def test_pickles_keep_what_another_process_can_use(run):
    copy = pickle.loads(pickle.dumps(run))
    assert copy.leader == MINE
    assert copy.follower == sk.RecordedLearner("CompiledLearner", "the second")
    assert np.array_equal(copy.pulls, run.pulls)


def test_figures_call_them_by_name(run):
    labels = [line.get_label() for line in run.plot().axes[0].lines]
    assert "leader: my UCB" in labels


@pytest.mark.parametrize("mine", [UCB, ManyUCB, MINE], ids=["class", "arrays", "wrapped"])
def test_scaling(mine):
    options = {"replications": 6, "seed": 1, "engine": "stepwise", "bootstrap": 50}
    game = sk.games.etc_failure()
    for given in (mine, lambda _: mine):
        fit = sk.scaling(game, given, sk.BestResponse(), [100, 200, 400], **options)
        built_in = sk.scaling(game, sk.UCB(), sk.BestResponse(), [100, 200, 400], **options)
        assert np.array_equal(fit.exponent, built_in.exponent)
        learners = fit.provenance["spec"]["learners"]
        assert learners[0]["learner"] == "CustomLearner"
        assert len(learners) == 2


def test_compare_and_portfolio():
    pairs = [(UCB, sk.UCB()), (SECOND, sk.UCB()), (sk.UCB(), MINE)]
    found = sk.compare(GAME, pairs, 200, replications=4, seed=1, bootstrap=50, engine="stepwise")
    assert found.names == ("UCB v UCB", "the second v UCB", "UCB v my UCB")
    options = {"replications": 4, "seed": 1, "bootstrap": 50, "engine": "stepwise"}
    table = sk.portfolio({"mine": UCB, "theirs": sk.UCB()}, [MINE, Fixed], GAME, 200, **options)
    regret = table.regret("stackelberg")
    assert np.array_equal(regret[:, :, 0], regret[:, :, 1])
    one = sk.portfolio(UCB, MINE, GAME, 200, **options)
    assert np.array_equal(one.regret("stackelberg")[:, :, 0, 0], regret[:, :, 0, 0])


def test_worst_case_and_diagnostics():
    options = {"replications": 4, "seed": 1, "bootstrap": 50}
    arguments = (sk.games.lower_bound, UCB, sk.UCB(), 200, sk.stackelberg, [0.05, 0.1])
    worst = sk.worst_case(*arguments, **options)
    assert worst.provenance["spec"]["learners"][0] == {"learner": "CustomLearner", "name": "UCB"}
    traced = sk.simulate(GAME, UCB, MINE, 200, replications=2, seed=1, trace=True)
    assert sk.diagnostics(traced) is not None


def test_a_recorded_learner_is_refused_by_analyses():
    recorded = sk.RecordedLearner("CustomLearner", "x")
    with pytest.raises(sk.SpecError, match="whose code is at hand"):
        sk.scaling(GAME, recorded, sk.UCB(), [100, 200], replications=2, seed=1)
