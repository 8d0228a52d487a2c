"""What holds for every game, law and learner, and for what is computed of a game alone."""

from __future__ import annotations

import copy
import json
import math
import pickle
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from about import FEW, MANY, about
from calls import VALUES, parameters
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_up import EIGHTHS, LAWS, SEEDS, SHAPES, games

import stackel as sk
from stackel.benchmarks._inducible import best_price
from stackel.games._file import write_game
from stackel.interop import gam, nfg, read_gam, read_nfg, write_gam, write_nfg
from stackel.learners import Learner

ROUNDING = 1e-9
WIDE = (sk.Gaussian(0.5), sk.Uniform(0.25), sk.Deterministic())
"""Laws that fit any utility."""
NEWCOMERS = st.sampled_from([None, "leader", "follower", "both"])
TIES = st.sampled_from(["strong", "weak"])
TOLERANCES = st.just(0.0) | EIGHTHS | st.floats(0.0, 2.0) | st.just(math.inf)
PROBABILITIES = st.lists(st.integers(0, 8), min_size=4, max_size=4).map(np.array)


def same(one, other):
    """Whether games are equal, to the last bit."""
    bits = [[u.tobytes() for u in (game.leader, game.follower)] for game in (one, other)]
    return one == other and hash(one) == hash(other) and bits[0] == bits[1]


@about("Game", "Game.to_dict", "Game.from_dict", "Game.shape", "Game.leader", "Game.follower", "Game.noise")
@about("Game.name", "Game.leader_labels", "Game.follower_labels")
@MANY
@given(games())
def test_games_are_what_is_said_of_them(game):
    told = json.loads(json.dumps(game.to_dict()))
    parts = game.leader, game.follower
    for again in (
        sk.Game.from_dict(told),
        pickle.loads(pickle.dumps(game)),
        copy.deepcopy(game),
        sk.Game(
            *parts,
            noise=game.noise,
            name=game.name,
            leader_labels=game.leader_labels,
            follower_labels=game.follower_labels,
        ),
    ):
        assert same(game, again)
    assert game.shape == game.leader.shape == game.follower.shape
    assert not any(utility.flags.writeable for utility in (game.leader, game.follower))
    assert f"{game.shape[0]}x{game.shape[1]}" in repr(game)
    assert game._repr_html_().count("<tr>") == game.shape[0] + 1
    assert game != sk.Game(game.leader + 1 / 16, game.follower)


@about("ChangingGame", "ChangingGame.to_dict", "ChangingGame.from_dict", "ChangingGame.pieces", "games.drift")
@about(
    "ChangingGame.shape", "ChangingGame.noise", "ChangingGame.leader_labels", "ChangingGame.follower_labels"
)
@about("ChangingGame.as_core", "read_game", "write_game")
@MANY
@given(games(), st.sets(st.integers(1, 2**53 - 1), max_size=4), NEWCOMERS, st.integers(1, 2**53))
def test_changing_games_are_what_is_said_of_them(game, later, newcomer, horizon):
    starts = [0, *sorted(later)]
    labels = {"leader_labels": game.leader_labels, "follower_labels": game.follower_labels}
    other = sk.Game(game.leader, game.follower[::-1, ::-1], noise=game.noise, **labels)
    games = [(game, other)[k % 2] for k in range(len(starts))]
    changing = sk.ChangingGame(games, starts, newcomer, name=game.name)
    told = json.loads(json.dumps(changing.to_dict()))
    for again in (sk.ChangingGame.from_dict(told), pickle.loads(pickle.dumps(changing)), copy.copy(changing)):
        assert again == changing
        assert hash(again) == hash(changing)
        assert all(map(same, again.games, changing.games))
    assert changing.as_core() is changing.as_core()
    assert (changing.shape, changing.noise) == (game.shape, game.noise)
    assert (changing.leader_labels, changing.follower_labels) == (game.leader_labels, game.follower_labels)
    pieces = changing.pieces(horizon)
    assert sum(piece.rounds for piece in pieces) == horizon
    assert all(piece.rounds > 0 for piece in pieces)
    assert [piece.start for piece in pieces] == [start for start in starts if start < horizon]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "game.json")
        write_game(changing, path)
        assert sk.read_game(path) == changing
    if horizon > 1:
        drifting = sk.games.drift(game, other, min(horizon, 5), horizon)
        assert [drifting.games[0], drifting.games[-1]] == [game, other]


@about("Game.as_core")
@given(games())
@FEW
def test_the_core_has_the_game(game):
    assert game.as_core() is game.as_core()


@about("read_game", "write_game", "interop.read_nfg", "interop.write_nfg", "interop.read_gam")
@about(
    "interop.write_gam", "interop.nfg.loads", "interop.nfg.dumps", "interop.gam.loads", "interop.gam.dumps"
)
@FEW
@given(games(), st.booleans())
def test_files_hold_what_is_written(game, labels):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "game.json")
        write_game(game, path)
        assert same(sk.read_game(path), game)
        write_nfg(game, path, labels=labels)
        assert path.read_text(encoding="utf-8") == nfg.dumps(game, labels=labels)
        for read in (read_nfg(path, noise=game.noise), nfg.loads(nfg.dumps(game), noise=game.noise)):
            np.testing.assert_array_equal([read.leader, read.follower], [game.leader, game.follower])
        write_gam(game, path)
        bare = sk.Game(game.leader, game.follower, noise=game.noise)
        assert read_gam(path, noise=game.noise) == gam.loads(gam.dumps(game), noise=game.noise) == bare


@about("Noise", "Noise.to_dict", "Noise.from_dict", "Noise.as_core", "Gaussian", "Uniform", "Bernoulli")
@about("Deterministic", "StudentT")
@MANY
@given(LAWS | arrays(np.float64, SHAPES, elements=st.floats(0.0, 1e100)).map(sk.Gaussian))
def test_laws_are_what_is_said_of_them(law):
    for again in (sk.Noise.from_dict(json.loads(json.dumps(law.to_dict()))), copy.copy(law), eval_of(law)):
        assert again == law
        assert type(again) is type(law)
        assert hash(again) == hash(law)
    assert isinstance(law, sk.Noise)
    assert law.as_core() == (type(law).__name__, vars(law))


def eval_of(value):
    """What its `repr` says."""
    return eval(repr(value), vars(sk) | {type(value).__name__: type(value)})  # noqa: S307 our own


LEARNERS = {name: cls for name, cls in VALUES.items() if issubclass(cls, Learner)}


@st.composite
def learners(draw):
    """Any learner, with parameters moved from their defaults, which may turn out not to be allowed."""
    name = draw(st.sampled_from(sorted(LEARNERS)))
    given_ = parameters(LEARNERS[name])
    for key, value in given_.items():
        if isinstance(value, bool):
            given_[key] = draw(st.booleans())
        elif isinstance(value, int):
            given_[key] = draw(st.integers(0, 2**53))
        elif isinstance(value, float):
            given_[key] = draw(st.floats(0.0, 1e6) | st.integers(0, 10) | st.floats(-1.0, 1.0))
    return LEARNERS[name], given_


@about(*LEARNERS, "Learner", "Learner.to_dict", "Learner.from_dict", "Learner.resolve", "Learner.as_core")
@about("Learner.label", "Learner.omniscient", "Learner.randomised")
@MANY
@given(learners(), st.sampled_from(["leader", "follower"]), st.integers(1, 2**53), SHAPES)
def test_learners_are_what_is_said_of_them(described, role, horizon, shape):
    cls, given_ = described
    try:
        learner = cls(**given_)
    except sk.SpecError:
        return
    name, values = learner.as_core()
    assert name == type(learner).__name__ == learner.label.partition("(")[0]
    assert isinstance(learner.omniscient, bool)
    assert isinstance(learner.randomised, bool)
    assert values == given_
    for again in (
        sk.Learner.from_dict(json.loads(json.dumps(learner.to_dict()))),
        copy.deepcopy(learner),
        eval_of(learner),
    ):
        assert again == learner
        assert hash(again) == hash(learner)
    try:
        resolved = learner.resolve(role, horizon, *shape)
    except sk.SpecError:
        return
    assert None not in vars(resolved).values()
    assert resolved.resolve(role, horizon, *shape) == resolved


@about(*(f"games.{name}" for name in sk.games.__all__))
@MANY
@given(SHAPES, SEEDS, st.floats(1.0, 50.0), st.floats(-1.0, 1.0), st.sampled_from(WIDE))
def test_families_have_the_property_that_they_are_named_for(shape, seed, lipschitz, mixed, law):
    flip, delta = mixed < 0, (abs(mixed) + 1e-3) / 3
    single = shape == (1, 1)
    lipschitz = 1.0 if single else lipschitz
    aligned = sk.games.aligned(*shape, lipschitz, seed, flip, noise=law)
    assert sk.alignment(aligned) == pytest.approx(lipschitz, rel=1e-6)
    assert aligned == sk.games.aligned(*shape, lipschitz, seed, flip, noise=law)
    affine = sk.games.affine(*shape, seed, slope=mixed, intercept=delta, noise=law)
    np.testing.assert_array_equal(affine.follower, mixed * affine.leader + delta)
    structured = (
        sk.games.sparse(*shape, seed, delta, noise=law),
        sk.games.low_rank(*shape, 1, seed, noise=law),
        sk.games.congestion(*shape, seed, noise=law),
        sk.games.security(*shape, seed, agreement=mixed, noise=law),
    )
    for game in (aligned, sk.games.random(*shape, seed, mixed, noise=law), *structured):
        assert game.shape == shape
        assert game.noise == (law, law)
        assert min(game.leader.min(), game.follower.min()) >= 0.0
        assert max(game.leader.max(), game.follower.max()) <= 1.0
    if not single:
        assert sk.alignment(sk.games.near_miss(*shape, seed)) == math.inf
    assert sk.alignment(sk.games.etc_failure(noise=law)) == pytest.approx(1.0)
    assert all(sk.games.named(name, noise=law).noise == (law, law) for name in sk.games.named())
    pairs = sk.games.unachievable(delta), sk.games.lower_bound(delta, shape[0] + 1, shape[1] + 1, shape[0])
    for one, two in pairs:
        assert (one.leader == two.leader).all()
        assert (one.follower != two.follower).sum() == 1


@about("Benchmark", "stackelberg", "tolerant", "self_tolerant", "best_responses", "near_optimal_actions")
@MANY
@given(games(), TOLERANCES, TIES)
def test_benchmarks_are_made_of_outcomes(game, gamma, ties):
    found = sk.stackelberg(game, ties)
    outcome = found.leader_action, found.follower_action
    assert (found.leader, found.follower) == (game.leader[outcome], game.follower[outcome])
    assert sk.best_responses(game)[outcome]
    assert sk.near_optimal_actions(game, gamma)[found.leader_action] or ties == "strong"
    differs = sk.stackelberg(game, "strong") != sk.stackelberg(game, "weak")
    assert differs or not found.ambiguous
    for benchmark in (sk.tolerant(game, gamma), sk.self_tolerant(game, gamma)):
        for player, utility in (("leader", game.leader), ("follower", game.follower)):
            epsilon = getattr(benchmark, f"{player}_epsilon")
            assert 0.0 <= epsilon <= gamma == benchmark.gamma
            # Attained: a utility of the game, plus the tolerance.
            assert abs(utility + epsilon - getattr(benchmark, player)).min() <= ROUNDING


@about("alignment")
@MANY
@given(games(utilities=EIGHTHS))
def test_alignment_is_the_largest_ratio(game):
    u1, u2 = ([Fraction(x) for x in u.ravel().tolist()] for u in (game.leader, game.follower))
    pairs = [(abs(u1[i] - u1[j]), abs(u2[i] - u2[j])) for i in range(len(u1)) for j in range(i)]
    ratios = [max(d1 / d2, d2 / d1) if d1 and d2 else math.inf for d1, d2 in pairs if d1 or d2]
    assert sk.alignment(game) == pytest.approx(float(max(ratios, default=1)), rel=1e-9)


@about("tolerance")
@MANY
@given(SHAPES, st.integers(1, 2**53), st.floats(0.1, 1.0), st.floats(0.0, 10.0))
def test_tolerance_is_the_schedule(shape, horizon, exponent, c):
    gamma = sk.tolerance(shape, horizon, exponent, c)
    expected = c * (math.prod(shape) * math.log(horizon) / horizon) ** exponent
    assert gamma == pytest.approx(expected, rel=1e-12)
    assert gamma == sk.tolerance(sk.Game(*np.zeros((2, *shape))), horizon, exponent, c)


@about("Commitment", "commit")
@MANY
@given(games(utilities=EIGHTHS), PROBABILITIES, TIES, EIGHTHS)
def test_commitments_are_answered(game, weights, ties, epsilon):
    weights = weights[: game.shape[0]] + (weights.sum() == 0)
    mixture = weights / weights.sum() if weights.sum() else np.full(game.shape[0], 1 / game.shape[0])
    found = sk.commit(game, mixture, ties, epsilon)
    leader, follower = mixture @ game.leader, mixture @ game.follower
    near = follower >= follower.max() - epsilon - ROUNDING
    assert near[found.response]
    best = leader[near].max() if ties == "strong" else leader[near].min()
    assert found.leader == pytest.approx(best, abs=ROUNDING)
    assert found.follower == pytest.approx(follower[found.response], abs=ROUNDING)
    assert (found.strategy == mixture).all()


@about("OptimalCommitment", "mixed_stackelberg", "Equilibrium", "nash")
@FEW
@given(games(utilities=EIGHTHS, shapes=st.tuples(st.integers(1, 3), st.integers(1, 3))))
def test_who_can_commit_to_a_mixture_getsbest_price(game):
    strong, weak = sk.mixed_stackelberg(game), sk.mixed_stackelberg(game, "weak")
    assert strong.value >= max(sk.stackelberg(game).leader, weak.value) - ROUNDING
    assert weak.value >= sk.stackelberg(game, "weak").leader - ROUNDING
    assert strong.attained
    assert sk.commit(game, strong.strategy).leader == pytest.approx(strong.value, abs=1e-6)
    assert sk.commit(game, weak.strategy, "weak").leader == pytest.approx(weak.leader, abs=1e-6)
    scaled = sk.Game(4 * game.leader - 1, 2 * game.follower + 3)
    assert sk.mixed_stackelberg(scaled).value == pytest.approx(4 * strong.value - 1, abs=1e-6)
    equilibria = sk.nash(game)
    assert equilibria
    for each in equilibria:
        assert each.gain <= ROUNDING
        assert each.leader <= strong.value + 1e-6
        x, y = each.leader_strategy, each.follower_strategy
        assert each.leader == pytest.approx(x @ game.leader @ y)
        assert each.follower == pytest.approx(x @ game.follower @ y)


@MANY
@given(st.lists(st.tuples(EIGHTHS, EIGHTHS), min_size=1, max_size=8), EIGHTHS)
def test_the_best_of_two_actions_that_are_mixed(pairs, shift):
    """The bound behind the best commitment, and all mixtures of two actions, one by one."""
    points = [(u, i - shift) for u, i in pairs]
    expected = max((u for u, i in points if i >= 0), default=-math.inf)
    for u, gain in points:
        for v, loss in points:
            if gain >= 0 > loss:
                expected = max(expected, (-loss * u + gain * v) / (gain - loss))
    if expected > -math.inf:
        utility, incentive = (
            np.array([int(1024 * each) for each in some], object) for some in zip(*points, strict=True)
        )
        price = best_price(utility, incentive)
        assert max(utility + price * incentive) / 1024 == pytest.approx(expected, abs=ROUNDING)


@about("registered_learners", "learner_schema", "build_info")
def test_what_the_build_says_of_itself():
    assert {entry["name"] for entry in sk.learner_schema()} == set(sk.registered_learners())
    assert set(sk.registered_learners()) == {cls.__name__ for cls in LEARNERS.values()}
    assert sk.build_info()["version"] == sk.__version__


@about("StackelError", "SpecError", "RunError", "MissingExtraError", "StackelWarning")
@MANY
@given(st.text(), st.text(), st.text())
def test_errors_say_what_they_were_told(argument, allowed, given_):
    error = sk.SpecError(argument, allowed, given_)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == f"{argument}: must be {allowed}, got {given_}"
    assert (again.argument, again.allowed, again.given) == (argument, allowed, given_)
    for other in (sk.RunError(given_), sk.MissingExtraError(given_), sk.StackelWarning(given_)):
        assert str(pickle.loads(pickle.dumps(other))) == given_
    assert issubclass(sk.SpecError, sk.StackelError | ValueError)
