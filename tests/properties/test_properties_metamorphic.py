"""Every public function under changes of its game: of units, of zero, of order, of names, of size.

What is computed is compared with what was computed before the change, so that no judge is needed. `LAWS` says
which functions a test tries; `UNCHANGED` names those to which no such change applies.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import tempfile
from pathlib import Path

import numpy as np
import pytest
from about import FEW, MANY
from cases import FOLLOWERS, FURTHER, LEADERS
from changes import (
    CHANGES,
    Change,
    changed,
    duplicated,
    embedded,
    in_unit,
    permuted,
    relabelled,
    scaled,
    shifted,
)
from hypothesis import given
from hypothesis import strategies as st
from made_up import EIGHTHS, SEEDS, games
from public import names

import stackel as sk
from stackel import interop
from stackel.games._file import write_game
from stackel.interop import gam, nfg

LAWS: set[str] = set()
"""Public functions that a test of this file tries."""

UNCHANGED = {
    "no game": [
        "tolerance",
        "learner_schema",
        "registered_learners",
        "build_info",
        "grid",
        "zipped",
        "Design.tasks",
    ],
    "draws numbers of its own": ["games.aligned", "games.near_miss", "games.random"],
    "one game": ["games.etc_failure"],
    "decided in units of its own": ["reproduce.run", "central_explorer"],
    "figures of numbers that are tried": [
        *(
            f"plotting.{name}"
            for name in ("new_figure", "plot_regret", "plot_scaling", "reference_line", "style_axes")
        ),
        *(
            f"{name}.plot"
            for name in ("Result", "Comparison", "Diagnostics", "Portfolio", "ScalingFit", "WorstCase")
        ),
        "Diagnostics.plot_cells",
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
        "interop.from_smpybandits",
    ],
    "environments, whose rewards are those of Simulation": ["interop.to_gymnasium", "interop.to_pettingzoo"],
    "parts of what is tried": ["Game.as_core", "Sweep.rounds", "Task.seeds", "Trace.arrays"],
}

GAMES = games(utilities=EIGHTHS, laws=st.just(sk.Gaussian(0.5)))
EXACT = {"rtol": 1e-12, "atol": 0.0}


def law(*tried):
    """Say which public functions a test tries."""

    def note(test):
        LAWS.update(tried)
        return test

    return note


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


HALVES = {"Gaussian": sk.Gaussian(0.5), "Uniform": sk.Uniform(0.25)}
UNITLESS = ("HierarchicalUCB", "ManipulationUCB")
MIXED = [
    (leader, follower)
    for leader in LEADERS
    for follower in FOLLOWERS
    if (leader in FURTHER) != (follower in FURTHER)
    and all("family" not in vars(each) or each.family != "bernoulli" for each in (leader, follower))
    and all(type(each).__name__ not in UNITLESS for each in (leader, follower))
]


def in_game_unit(game, c):
    laws = tuple(
        dataclasses.replace(noise, **{name: c * value for name, value in vars(noise).items()})
        for noise in game.noise
    )
    return sk.Game(game.leader * c, game.follower * c, noise=laws)


@law(
    "simulate",
    "Result.regret",
    "Result.summary",
    "Result.to_xarray",
    "diagnostics",
    "Diagnostics.cell_fractions",
)
@law("Diagnostics.to_xarray")
@MANY
@given(games(utilities=EIGHTHS, laws=st.sampled_from(list(HALVES.values()))), st.sampled_from(MIXED), SEEDS)
def test_runs_in_another_unit(game, pair, seed):
    """Rewards, sigmas and ranges times a power of two: the pulls are the same, bit for bit."""
    c = 2.0**-40
    runs = [
        sk.simulate(
            each, *(in_unit(learner, unit) for learner in pair), 200, replications=2, seed=seed, trace=True
        )
        for each, unit in ((game, 1.0), (in_game_unit(game, c), c))
    ]
    old, new = runs
    assert (new.pulls == old.pulls).all()
    assert (new.utility == c * old.utility).all()
    assert (new.regret(sk.stackelberg) == c * old.regret(sk.stackelberg)).all()
    tables = [run.summary(sk.stackelberg).drop(columns=["player", "round"]) for run in runs]
    np.testing.assert_allclose(tables[1], c * tables[0], **EXACT)
    assert (new.to_xarray().utility == c * old.to_xarray().utility).all()
    found = [sk.diagnostics(run, sk.stackelberg) for run in runs]
    np.testing.assert_array_equal(found[1].cell_fractions(), found[0].cell_fractions())
    np.testing.assert_allclose(found[1].to_xarray().regret, c * found[0].to_xarray().regret, **EXACT)


SETTLED = (
    (sk.ExploreThenCommit(exploration=3), sk.FixedAction(0)),
    (sk.BestResponse(), sk.ExploreThenCommit(exploration=2)),
)
DETERMINISTIC = games(utilities=EIGHTHS, laws=st.just(sk.Deterministic()))


@law("simulate_many", "Batch.regret", "Batch.game", "Game.to_dict", "Game.from_dict")
@MANY
@given(
    changed(DETERMINISTIC, kinds=[scaled, shifted, relabelled]),
    *(st.sampled_from(each) for each in SETTLED),
)
def test_runs_without_noise(pair, leader, follower):
    """Neither a large offset nor a unit nor a name changes a choice or, but for its unit, a regret."""
    game, change = pair
    old, new = (
        sk.simulate_many(
            [each.leader], [each.follower], leader, follower, 10**12, noise=sk.Deterministic(), seed=1
        )
        for each in (game, sk.Game.from_dict(change.game.to_dict()))
    )
    assert (new.pulls == old.pulls).all()
    assert (new.game(0).leader == change.game.leader).all()
    for player in range(2):
        regrets = [each.regret(sk.stackelberg)[player] for each in (old, new)]
        np.testing.assert_allclose(regrets[1], change.scale[player] * regrets[0], rtol=1e-9, atol=0)


@law("simulate")
@FEW
@given(changed(DETERMINISTIC, kinds=[permuted, duplicated, embedded]), st.data())
def test_fixed_actions_in_another_place(pair, data):
    game, change = pair
    a = data.draw(st.integers(0, game.shape[0] - 1))
    rows, _ = change.places(game.shape)
    old = sk.simulate(game, sk.FixedAction(a), sk.BestResponse(), 50, seed=1)
    new = sk.simulate(change.game, sk.FixedAction(int(rows[a])), sk.BestResponse(), 50, seed=1)
    assert (new.utility[1] == old.utility[1]).all()
    if (game.follower[a] == game.follower[a].max()).sum() == 1:
        assert (new.pulls[0] == change.cells(old.pulls[0])).all()
        np.testing.assert_array_equal(new.regret((1.0, 1.0)), old.regret((1.0, 1.0)))


@functools.cache
def analysed(c):
    """Every analysis of a game in a unit."""
    game = in_game_unit(sk.Game([[0.75, 0.25], [0.5, 0.5]], [[0.5, 0.0], [0.25, 0.125]]), c)
    named = sk.Game(game.leader, game.follower, noise=game.noise, name="game")
    pairs = {"UCB": (sk.UCB(sigma=c),) * 2, "uniform": (sk.UniformLearner(),) * 2}
    options = {"seed": 1, "replications": 8, "bootstrap": 50}

    def family(delta):
        return in_game_unit(sk.games.unachievable(delta)[0], c)

    return (
        sk.compare(game, pairs, 300, **options),
        sk.portfolio(
            [pairs["UCB"][0], sk.UniformLearner()],
            sk.BestResponse(),
            named,
            300,
            benchmarks={"Stackelberg": sk.stackelberg},
            **options,
        ),
        sk.scaling(game, *pairs["uniform"], [100, 1000, 10_000], **options),
        sk.worst_case(family, *pairs["UCB"], 300, sk.stackelberg, [0.1, 0.2], **options),
        sk.sweep([sk.Task(game, *pairs["UCB"], 300, replications=4)]),
    )


@law(
    "compare",
    "Comparison.verdict",
    "Comparison.best",
    "Comparison.against",
    "Comparison.to_xarray",
    "portfolio",
)
@law(
    "Portfolio.regret", "Portfolio.compare", "Portfolio.best", "Portfolio.to_xarray", "scaling", "worst_case"
)
@law(
    "ScalingFit.to_xarray",
    "WorstCase.to_xarray",
    "sweep",
    "Sweep.utility",
    "Sweep.utilities",
    "Sweep.regrets",
)
@law("Sweep.summary")
@pytest.mark.parametrize("c", [2.0**-40, 2.0**-700, 2.0**200])
def test_analyses_in_another_unit(c):
    """Numbers in units of utility are in the new unit; verdicts, exponents and sets are the same."""
    (old, table, fit, worst, swept), new = analysed(1.0), analysed(c)
    assert new[0].verdict("UCB", "uniform") == old.verdict("UCB", "uniform")
    assert new[0].best() == old.best()
    for one, other in (
        (new[0].to_xarray().difference, old.to_xarray().difference),
        (new[0].to_xarray().low, old.to_xarray().low),
        (new[1].regret(), table.regret()),
        (new[1].to_xarray().regret, table.to_xarray().regret),
        (new[2].to_xarray().regret, fit.to_xarray().regret),
        (new[3].to_xarray().regret, worst.to_xarray().regret),
        (new[4].utility(0), swept.utility(0)),
        (new[4].utilities()[0], swept.utilities()[0]),
        (new[4].regrets(sk.stackelberg)[0], swept.regrets(sk.stackelberg)[0]),
    ):
        np.testing.assert_allclose(one, c * np.asarray(other), rtol=1e-9, atol=0)
    columns = ["utility", "utility_se", "regret", "regret_se", "regret_low", "regret_high"]
    tables = [each.summary(sk.stackelberg)[columns] for each in (new[4], swept)]
    np.testing.assert_allclose(tables[0], c * tables[1], rtol=1e-9, atol=0)
    kept = ["game", "player", "winner"]
    assert new[1].best()[kept].equals(table.best()[kept])
    assert len(new[1].compare().best()) == len(table.compare().best())
    np.testing.assert_allclose(new[2].exponent, fit.exponent, rtol=1e-9)
    np.testing.assert_allclose(
        new[0].against("uniform").difference, c * old.against("uniform").difference, rtol=1e-9
    )


@law(
    "Simulation.step", "Simulation.advance", "Simulation.choose", "Simulation.observe", "Simulation.snapshot"
)
@law("Simulation.restore", "Agent.choose", "Agent.observe", "Agent.snapshot", "Agent.restore")
@FEW
@given(games(utilities=EIGHTHS, laws=st.just(sk.Gaussian(0.5))), SEEDS)
def test_driven_runs_in_another_unit(game, seed):
    played = []
    for each, c in ((game, 1.0), (in_game_unit(game, 2.0**-40), 2.0**-40)):
        learners = (sk.UCB(sigma=c), sk.UCB(sigma=c))
        sim = sk.Simulation(each, *learners, 100, seed=seed)
        sim.step(10)
        sim.advance(20)
        sim = sk.Simulation.restore(sim.snapshot())
        a, b = sim.choose()
        sim.observe(*(u[a, b] for u in (each.leader, each.follower)))
        sim.step(10)
        agent, chosen = sk.Agent(sk.UCB(sigma=c), each, 50, seed=seed), []
        for _ in range(20):
            chosen.append(agent.choose())
            agent.observe(c * (chosen[-1] % 2))
            agent = sk.Agent.restore(agent.snapshot())
        played.append((sim.pulls.tolist(), chosen))
    assert played[0] == played[1]


@law("read_game", "write_game", "Result.save", "load")
@law(*(f"interop.{way}_{form}" for way in ("read", "write") for form in ("nfg", "gam")))
@law(*(f"interop.{form}.{way}" for form in ("nfg", "gam") for way in ("loads", "dumps")))
@law(
    *(
        f"interop.{way}_{other}"
        for way in ("to", "from")
        for other in ("nashpy", "openspiel", "pygambit", "quantecon")
    )
)
@FEW
@given(
    changed(
        games(utilities=EIGHTHS, laws=st.just(sk.Gaussian(1.0)), shapes=st.tuples(*[st.integers(2, 3)] * 2))
    )
)
def test_what_is_written_is_read(pair):
    """A changed game comes back changed, from files and from other libraries."""
    _, change = pair
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        interop.write_nfg(change.game, path)
        found = [interop.read_nfg(path), nfg.loads(nfg.dumps(change.game))]
        interop.write_gam(change.game, path)
        found += [interop.read_gam(path), gam.loads(gam.dumps(change.game))]
        write_game(change.game, toml := path.with_suffix(".json"))
        found.append(sk.read_game(toml))
        run = sk.simulate(change.game, sk.FixedAction(0), sk.BestResponse(), 5, seed=1)
        run.save(path)
        found.append(sk.load(path).game)
    for library in ("nashpy", "openspiel", "pygambit", "quantecon"):
        there = getattr(interop, f"to_{library}")(change.game)
        found.append(getattr(interop, f"from_{library}")(there))
    for game in found:
        np.testing.assert_array_equal(game.leader, change.game.leader)
        np.testing.assert_array_equal(game.follower, change.game.follower)


def test_every_public_function_is_tried():
    """A new function needs a law above, or a word in `UNCHANGED` on why no change of a game applies to it."""
    public = {name for name, thing in names().items() if inspect.isroutine(thing)}
    excused = {name for those in UNCHANGED.values() for name in those}
    place = Path(__file__).name
    assert not public - LAWS - excused, (
        f"say in {place} how these behave in another unit: @law(name) over a test"
    )
    assert not (LAWS | excused) - public, f"not public, remove from {place}"
    assert not LAWS & excused
