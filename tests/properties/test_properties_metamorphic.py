"""Every public function under changes of its game: of units, of zero, of order, of names, of size.

What is computed is compared with what was computed before the change, so that no judge is needed. `LAWS` says
which functions a test tries, here or in test_properties_metamorphic_runs.py; `UNCHANGED` names those to which
no such change applies.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest
from about import FEW, MANY
from changes import CHANGES, LAWS, Change, changed, embedded, law
from hypothesis import given
from hypothesis import strategies as st
from made_up import EIGHTHS, SEEDS, games
from public import names

import stackel as sk

UNCHANGED = {
    "no game": [
        "tolerance",
        "learner_schema",
        "registered_learners",
        "variants",
        "build_info",
        "grid",
        "zipped",
        "Design.tasks",
    ],
    "draws numbers of its own": [
        f"games.{name}"
        for name in ("aligned", "congestion", "low_rank", "near_miss", "random", "security", "sparse")
    ],
    "one game": ["games.etc_failure", "games.named"],
    "games between games, whose runs are tried in test_changing.py": [
        "games.drift",
        *(f"ChangingGame.{name}" for name in ("pieces", "as_core", "to_dict", "from_dict")),
    ],
    "decided in units of its own": ["reproduce.run", "central_explorer"],
    "searches among learners that know units": ["exploit", "Exploit.actions"],
    "figures of numbers that are tried": [
        *(
            f"plotting.{name}"
            for name in ("new_figure", "plot_regret", "plot_scaling", "reference_line", "style_axes")
        ),
        *(
            f"{name}.plot"
            for name in (
                "Result",
                "BanditResult",
                "interop.BanditRuns",
                "Comparison",
                "Diagnostics",
                "MetaGame",
                "Portfolio",
                "ScalingFit",
                "WorstCase",
            )
        ),
        "Diagnostics.plot_cells",
        "Result.plot_best_share",
    ],
    "learners, laws and protocols, without a game": [
        *(f"Noise.{name}" for name in ("as_core", "to_dict", "from_dict")),
        *(f"Learner.{name}" for name in ("as_core", "resolve", "to_dict", "from_dict")),
        *(f"{name}Learner.as_core" for name in ("Custom", "Compiled", "Recorded")),
        *(f"OwnLearner.{name}" for name in ("resolve", "to_dict")),
        *(f"RecordedLearner.{name}" for name in ("to_dict", "from_dict")),
        *(f"Policy.{name}" for name in ("choose", "observe")),
        *(f"VectorPolicy.{name}" for name in ("choose_many", "observe_many")),
        *(
            f"interop.SMPyBanditsPolicy.{name}"
            for name in ("startGame", "choice", "getReward", "estimatedOrder")
        ),
        "interop.from_mabwiser",
        "interop.from_openspiel_agent",
        "interop.from_smpybandits",
        "interop.to_openspiel_agent",
        "interop.register",
    ],
    "bandits, which test_bandit.py compares with games": [
        "bandit",
        "interop.play_bandits",
        "interop.play_bimatrix",
        *(f"BanditResult.{name}" for name in ("regret_bound", "rewards_of")),
        *(
            name
            for name, thing in names().items()
            if inspect.isroutine(thing)
            and name.startswith(("interop.smpybandits.Evaluator.", "interop.mabwiser.Simulator."))
        ),
        "interop.from_pettingzoo",
    ],
    "environments, whose rewards are those of Simulation": ["interop.to_gymnasium", "interop.to_pettingzoo"],
    "a page of runs that are tried": ["explore"],
    "files with all that is tried": ["MetaGame.save"],
    "parts of what is tried": [
        "Game.as_core",
        "Result.best_share",
        "Result.rescored",
        "Simulation.result",
        "result_of",
        "Sweep.rounds",
        "Sweep.scaling",
        "Task.seeds",
        "open_sweep",
        "Trace.arrays",
    ],
}

GAMES = games(utilities=EIGHTHS, laws=st.just(sk.Gaussian(0.5)))


def agree(change: Change, player, new, old):
    """Utilities after the change are those before it, changed; up to rounding of the numbers added."""
    size = abs(change.scale[player]) * np.abs(old) + abs(change.shift[player])
    assert (
        np.abs(np.asarray(new) - change.values(player, old)) <= 1e-12 * size + 1e-12 * change.scale[player]
    ).all()


@law("best_responses", "near_optimal_actions")
@MANY
@given(changed(GAMES, one_unit=True), st.sampled_from([0.0, 0.125, 0.5, 1.0]))
def test_sets(pair, e):
    (game, change) = pair
    near = sk.best_responses(game, e), sk.near_optimal_actions(game, e)
    after = [
        function(change.game, e * change.scale[0])
        for function in (sk.best_responses, sk.near_optimal_actions)
    ]
    rows, columns = change.places(game.shape)
    assert (after[0][np.ix_(rows, columns)] == near[0]).all()
    assert (after[1][rows] == near[1]).all()


@law("stackelberg")
@MANY
@given(changed(GAMES), st.sampled_from(["strong", "weak"]))
def test_stackelberg(pair, ties):
    game, change = pair
    old, new = (sk.stackelberg(each, ties) for each in (game, change.game))
    agree(change, 0, new.leader, old.leader)
    if not old.ambiguous and change.name != "permuted":
        agree(change, 1, new.follower, old.follower)
        assert (new.leader_action, new.follower_action) == (old.leader_action, old.follower_action)
    assert (new.leader, new.follower) == (
        change.game.leader[new.leader_action, new.follower_action],
        change.game.follower[new.leader_action, new.follower_action],
    )


@law("tolerant", "self_tolerant")
@MANY
@given(changed(GAMES, one_unit=True), st.sampled_from([0.0, 0.125, 0.3, 1.0]))
def test_tolerant_benchmarks(pair, gamma):
    game, change = pair
    for benchmark in (sk.tolerant, sk.self_tolerant):
        old, new = benchmark(game, gamma), benchmark(change.game, gamma * change.scale[0])
        for player, role in enumerate(("leader", "follower")):
            agree(change, player, getattr(new, role), getattr(old, role))
            epsilon = getattr(old, f"{role}_epsilon")
            assert getattr(new, f"{role}_epsilon") == pytest.approx(
                epsilon * change.scale[0], rel=1e-12, abs=0
            )


@law("alignment")
@MANY
@given(changed(GAMES, one_unit=True, kinds=[kind for kind in CHANGES if kind is not embedded]))
def test_alignment(pair):
    game, change = pair
    assert sk.alignment(change.game) == pytest.approx(sk.alignment(game), rel=1e-12)


@law("commit", "mixed_stackelberg")
@MANY
@given(changed(GAMES), st.sampled_from(["strong", "weak"]))
def test_commitments(pair, ties):
    game, change = pair
    old, new = (sk.mixed_stackelberg(each, ties) for each in (game, change.game))
    agree(change, 0, new.value, old.value)
    assert new.attained == old.attained
    mixture = np.zeros(change.game.shape[0])
    mixture[change.places(game.shape)[0]] = old.strategy
    again = sk.commit(change.game, mixture, ties)
    agree(change, 0, again.leader, old.leader)


@law("nash")
@FEW
@given(
    changed(games(utilities=EIGHTHS, laws=st.just(sk.Gaussian()), shapes=st.tuples(*[st.integers(1, 3)] * 2)))
)
def test_equilibria(pair):
    """All before the change are there after it, and no others unless an action is new."""
    game, change = pair
    rows, columns = change.places(game.shape)
    expected = []
    for each in sk.nash(game):
        x, y = (np.zeros(n) for n in change.game.shape)
        x[rows], y[columns] = each.leader_strategy, each.follower_strategy
        expected.append(np.append(x, y))
    found = [np.append(each.leader_strategy, each.follower_strategy) for each in sk.nash(change.game)]
    for one in expected:
        assert min(np.abs(one - other).max() for other in found) < 1e-9
    assert len(found) == len(expected) or change.name == "duplicated"


@law("games.unachievable", "games.lower_bound", "games.affine")
@FEW
@given(st.sampled_from([0.125, 0.25]), SEEDS)
def test_made_games(delta, seed):
    """Both values of delta order the same games; another slope scales the follower."""
    for family in (sk.games.unachievable, sk.games.lower_bound):
        for one, other in zip(family(delta), family(delta / 2), strict=True):
            assert (one.follower[0] == 2 * other.follower[0]).all()
    one, other = (sk.games.affine(2, 3, seed, slope=slope) for slope in (1.0, 2.0**-40))
    np.testing.assert_allclose(np.diff(other.follower), np.diff(one.follower) * 2.0**-40, rtol=1e-3)


def test_every_public_function_is_tried():
    """A new function needs a law above, or a word in `UNCHANGED` on why no change of a game applies to it."""
    importlib.import_module("test_properties_metamorphic_runs")
    public = {name for name, thing in names().items() if inspect.isroutine(thing)}
    excused = {name for those in UNCHANGED.values() for name in those}
    place = Path(__file__).name
    assert not public - LAWS - excused, (
        f"say in {place} how these behave in another unit: @law(name) over a test"
    )
    assert not (LAWS | excused) - public, f"not public, remove from {place}"
    assert not LAWS & excused
