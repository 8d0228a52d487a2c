"""Games that change: files, copies, drift, and what is refused."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from changed_games import GAME, changing, played, turned

import stackel as sk
from stackel.games._file import write_game
from stackel.sweeps.config import read_sweep, run_file


def test_files_and_copies(tmp_path):
    plain = changing("2x3", "Gaussian, Uniform", "follower")
    labels = {"leader_labels": ["x", "y"], "follower_labels": ["p", "q", "r"]}
    games = [
        sk.Game(each.leader, each.follower, noise=each.noise, name="g", **labels) for each in plain.games
    ]
    game = sk.ChangingGame(games, plain.starts, "follower", name="users")
    for same_game in (copy.deepcopy(game), pickle.loads(pickle.dumps(game)), game.from_dict(game.to_dict())):
        assert same_game == game
        assert hash(same_game) == hash(game)
    assert game != plain
    assert repr(game) == "ChangingGame('users', 3 games 2x3, starts=[0, 31, 60], newcomer='follower')"
    assert "users" in game._repr_html_()
    write_game(game, tmp_path / "game.json")
    assert sk.read_game(tmp_path / "game.json") == game
    run = played(game, sk.UCB(), sk.UCB(), 200, replications=2, trace=True, checkpoints=[10, 31, 100])
    run.save(tmp_path / "run")
    again = sk.load(tmp_path / "run")
    assert again == run
    assert again.game == game
    assert run.to_xarray().sizes["follower_action"] == 3
    assert sk.Simulation.restore(sk.Simulation(game, sk.UCB(), sk.UCB(), 200).snapshot()).game == game


FILE = """
game = {{ games = [{{ file = "one.json" }}, {{ family = "lower_bound", delta = 0.1, member = 2 }}], {rest} }}
leader = "UCB"
follower = {{ learner = "ExploreThenCommit" }}
horizon = 200
seed = 3
"""


def test_experiments_in_files(tmp_path):
    one, two = sk.games.lower_bound(0.1)
    write_game(one, tmp_path / "one.json")
    path = tmp_path / "run.toml"
    path.write_text(FILE.format(rest='starts = [0, 90], newcomer = "both"'))
    found = run_file(path)
    game = sk.ChangingGame([one, two], [0, 90], "both")
    assert found == sk.simulate(game, sk.UCB(), sk.ExploreThenCommit(), 200, seed=3)
    path.write_text(FILE.format(rest="starts = [0]"))
    with pytest.raises(sk.SpecError, match=r"run\.toml:2: game, starts: must be 2 numbers of rounds"):
        run_file(path)
    (tmp_path / "sweep.toml").write_text(
        """
store = "store"
[task]
game = { family = "drift", first = { family = "lower_bound", delta = 0.1, member = 1 },
         last = { family = "lower_bound", delta = 0.1, member = 2 }, horizon = 100 }
leader = "UCB"
follower = "UCB"
seed = 1
[grid]
pieces = [2, 5]
horizon = [100, 200]
""".replace(",\n", ", ")
    )
    tasks = read_sweep(tmp_path / "sweep.toml").tasks
    assert [task.game for task in tasks] == [sk.games.drift(one, two, n, 100) for n in (2, 2, 5, 5)]
    assert [task.horizon for task in tasks] == [100, 200, 100, 200]


def test_drift():
    one, two = sk.games.lower_bound(0.1)
    game = sk.games.drift(one, two, 5, 103)
    assert game.starts == (0, 20, 41, 61, 82)
    assert (game.games[0], game.games[-1]) == (one, two)
    np.testing.assert_allclose(game.games[1].follower, 0.75 * one.follower + 0.25 * two.follower)
    coins = [sk.Game([[p]], [[1 - p]], noise=sk.Bernoulli()) for p in (0.1 + 0.2, 1.0)]
    assert len(sk.games.drift(*coins, 1000, 10**6).games) == 1000
    for bad, argument in (
        ((1, one, 2, 9), "first"),
        ((one, two, 1, 9), "pieces"),
        ((one, two, 10, 9), "pieces"),
    ):
        with pytest.raises(sk.SpecError) as error:
            sk.games.drift(*bad) if argument != "first" else sk.games.drift(*bad[:1], *bad[1:])
        assert error.value.argument == argument


WIDE = sk.Game([[0.5, 0.5]], [[0.5, 0.5]])
COINS = sk.Game([[0.5], [0.5]], [[0.5], [0.5]], noise=sk.Bernoulli())
NAMED = sk.Game(GAME.leader, GAME.follower, leader_labels=["x", "y"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "games: must be a sequence of one or more stackel.Game"),
        ((GAME, [0]), "games: must be a sequence of one or more stackel.Game"),
        (([GAME, 1], [0, 1]), "games: must be a sequence of one or more stackel.Game"),
        (
            ([GAME, WIDE], [0, 1]),
            "games: must be games of the same shape, noise and labels, got shape = (2, 2), and",
        ),
        (
            ([COINS, sk.Game(COINS.leader, COINS.follower)], [0, 1]),
            "games: must be games of the same shape, noise",
        ),
        (
            ([GAME, NAMED], [0, 1]),
            "games: must be games of the same shape, noise and labels, got leader_labels",
        ),
        (([sk.ChangingGame([GAME], [0])], [0]), "games: must be a sequence of one or more stackel.Game"),
        (
            ([GAME, GAME], [0]),
            "starts: must be 2 numbers of rounds, one for each game, of which the first is 0",
        ),
        (
            ([GAME, GAME], [1, 2]),
            "starts: must be 2 numbers of rounds, one for each game, of which the first is 0",
        ),
        (([GAME, GAME], [0, 0]), "starts: must be rounds that increase"),
        (([GAME, GAME], [0, 2**53]), "starts: must be rounds that increase, whole numbers from 0"),
        (([GAME, GAME], [0, 1.5]), "starts: must be rounds that increase"),
        (([GAME, GAME], [0, 9], "nobody"), "newcomer: must be one of 'leader', 'follower', 'both'"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(sk.SpecError) as error:
        sk.ChangingGame(*arguments)
    assert str(error.value).startswith(message)


def test_more_bad_input(tmp_path):
    game = sk.ChangingGame([GAME, turned(GAME)], [0, 10])
    with pytest.raises(sk.SpecError, match=r"a stackel\.Game, such as one of the games of a changing game"):
        sk.stackelberg(game)
    with pytest.raises(sk.SpecError, match=r"one of the games of a changing game, got a table with games"):
        sk.Game.from_dict(game.to_dict())
    with pytest.raises(AttributeError):
        game.newcomer = "both"
    with pytest.raises(sk.SpecError, match=r"unknown key 'game' \(did you mean games\?\)"):
        sk.ChangingGame.from_dict({"games": [], "game": 1})
    with pytest.raises(sk.SpecError, match=r"games\[1\]: must be leader present"):
        sk.ChangingGame.from_dict({"games": [GAME.to_dict(), {}], "starts": [0, 1]})
    with pytest.raises(sk.SpecError, match="starts: must be present"):
        sk.ChangingGame.from_dict({"games": [GAME.to_dict()]})
    # What a newcomer cannot do fails before anything runs.
    short = sk.ChangingGame([GAME, GAME], [0, 10], "leader")
    with pytest.raises(sk.SpecError, match="a learner that can be the leader"):
        sk.simulate(short, sk.BestResponse(), sk.UCB(), 100)
    u1 = np.zeros((4, 3, 2, 2))
    for options, message in (
        ({"newcomer": "both"}, "newcomer: must be left out"),
        ({"starts": [0, 5]}, r"leader_stack: must be matrices of numbers, shape \(games, 2, n_leader"),
        ({"starts": [0, 5, 5]}, "starts: must be rounds that increase"),
        ({"starts": [1, 5, 6]}, "starts: must be 3 numbers of rounds"),
    ):
        stacks = u1[:, 0] if "newcomer" in options else u1
        with pytest.raises(sk.SpecError, match=message):
            sk.simulate_many(stacks, stacks, sk.UCB(), sk.UCB(), 100, **options)
    run = played(game, sk.UCB(), sk.UCB(), 100)
    run.save(tmp_path / "run")
    data = (tmp_path / "run").read_bytes()
    for old, new in (
        (b'"starts": [\n   0', b'"starts": [\n   1'),
        (b'"format_version": 5', b'"format_version": 4'),
    ):
        assert old in data
        (tmp_path / "bad").write_bytes(data.replace(old, new))
        with pytest.raises(sk.SpecError):
            sk.load(tmp_path / "bad")
