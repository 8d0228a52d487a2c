"""Runs, analyses and files under changes of their game; see test_properties_metamorphic.py."""

from __future__ import annotations

import dataclasses
import functools
import tempfile
from pathlib import Path

import numpy as np
import pytest
from about import FEW, MANY
from cases import FOLLOWERS, FURTHER, LEADERS
from changes import changed, duplicated, embedded, in_unit, law, permuted, relabelled, scaled, shifted
from hypothesis import given
from hypothesis import strategies as st
from made_up import EIGHTHS, SEEDS, games

import stackel as sk
from stackel import interop
from stackel.games._file import write_game
from stackel.interop import gam, nfg

EXACT = {"rtol": 1e-12, "atol": 0.0}
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


@law("meta_game", "MetaGame.gains", "MetaGame.solve", "MetaGame.profile", "MetaGame.price_of_anarchy")
@law("MetaGame.alpharank", "MetaGame.to_xarray", "Portfolio.meta_game")
@law("interop.to_gameanalysis", "interop.write_gameanalysis")
@pytest.mark.parametrize("c", [2.0**-40, 2.0**-500, 2.0**200])
def test_meta_games_in_another_unit(c):
    """Payoffs and limits are in the new unit; choices, and what is sampled, are the same."""

    def estimated(unit):
        means = sk.Game([[0.75, 0.25], [0.5, 0.5]], [[0.5, 0.0], [0.25, 0.125]])
        game = in_game_unit(means, unit)
        named = {"game": sk.Game(game.leader, game.follower, noise=game.noise)}
        seats = {"UCB": sk.UCB(sigma=unit), "uniform": sk.UniformLearner()}
        settings = {"seed": 1, "replications": 8}
        table = sk.portfolio(seats, seats, named, 100, **settings)
        return sk.meta_game(seats, seats, named, 100, precision=0.2 * unit, **settings), table.meta_game()

    for one, other in zip(estimated(1.0), estimated(c), strict=True):
        assert (other.replications == one.replications).all()
        for name in ("payoff", "low", "high", "error"):
            np.testing.assert_allclose(other.to_xarray()[name], c * one.to_xarray()[name], rtol=1e-9)
        np.testing.assert_allclose(other.gains("leader").high, c * one.gains("leader").high, rtol=1e-9)
        for kind in ("pure", "nash", "stackelberg", "commitment", "cce"):
            for new, old in zip(other.solve(kind), one.solve(kind), strict=True):
                np.testing.assert_allclose(new.joint, old.joint, atol=1e-9)
                np.testing.assert_allclose(new.epsilon, c * old.epsilon, rtol=1e-6, atol=1e-12 * c)
        new, old = (each.profile([0.5, 0.5], [0.5, 0.5]) for each in (other, one))
        np.testing.assert_allclose(new.payoff, c * old.payoff, rtol=1e-9)
        assert other.price_of_anarchy().worst == pytest.approx(c * one.price_of_anarchy().worst, rel=1e-9)
        ranks = [each.alpharank(4.0 / unit)["mass"] for each, unit in ((other, c), (one, 1.0))]
        np.testing.assert_allclose(*ranks, atol=1e-6)
        profiles = sk.interop.to_gameanalysis(other.game)["profiles"]
        assert [each["leader"][0][2] for each in profiles] == other.payoff[0].ravel().tolist()


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
