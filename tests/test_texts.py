"""What is printed: short, with all that a reader needs."""

from __future__ import annotations

import numpy as np
import pytest
from policies import UCB

import stackel as sk
from stackel import interop
from stackel._utils.texts import probabilities_text

GAME = sk.Game(
    [[0.6, 0.25], [1e-9, -4]],
    [[0.4, 0], [1, 2]],
    leader_labels=["ask", "wait"],
    follower_labels=["answer", "no"],
)
TABLE = """\
(leader, follower)  answer      no
ask                 (0.6, 0.4)  (0.25, 0)
wait                (1e-09, 1)  (-4, 2)"""


def test_small_games_are_printed_as_a_table():
    assert str(GAME) == f"{GAME!r}\n{TABLE}"
    assert "\n" not in repr(GAME)
    whole = sk.Game(np.ones((8, 8)), np.ones((8, 8)))
    assert str(whole).splitlines()[1].split() == ["(leader,", "follower)", *(f"b{b}" for b in range(1, 9))]
    assert str(whole).splitlines()[8].split()[0] == "a7"


@pytest.mark.parametrize(
    "game",
    [
        sk.Game(np.ones((5, 13)), np.ones((5, 13))),  # many outcomes
        sk.Game(np.ones((1, 9)), np.ones((1, 9)), follower_labels=[c * 12 for c in "abcdefghi"]),  # wide
    ],
    ids=repr,
)
def test_others_are_printed_as_a_line(game):
    assert str(game) == repr(game)


def test_changing_games_are_printed_game_by_game():
    game = sk.ChangingGame([GAME, GAME], [0, 9], "leader")
    assert str(game) == f"{game!r}\nfrom round 1:\n{GAME}\nfrom round 10:\n{GAME}"
    drifting = sk.games.drift(GAME, GAME, 5, 100)
    assert str(drifting) == repr(drifting)


def test_outcomes_have_their_numbers():
    assert repr(sk.stackelberg(GAME)) == "Benchmark(stackelberg: leader 0.6, follower 0.4; actions 0, 0)"
    assert repr(sk.tolerant(GAME, 0.05)) == (
        "Benchmark(tolerant, gamma 0.05: leader 0.6, follower 0.4; tolerances 0, 0)"
    )
    tied = sk.Game([[1, 0]], [[1, 1]])
    assert repr(sk.stackelberg(tied)).endswith("; ties of the follower matter)")
    pennies = sk.Game([[1, 0], [0, 1]], [[0, 1], [1, 0]])
    assert repr(sk.nash(pennies)) == "(Equilibrium([0.5, 0.5] v [0.5, 0.5]; payoffs 0.5, 0.5; gain 0),)"
    assert repr(sk.commit(pennies, [0.25, 0.75])) == (
        "Commitment([0.25, 0.75], response 0; payoffs 0.25, 0.75; margin 0.5, strong ties)"
    )
    bagwell = sk.games.named("bagwell")
    assert repr(sk.mixed_stackelberg(bagwell)) == (
        "OptimalCommitment([0.5, 0.5], response 0; value 5.5; payoffs 5.5, 2.5; margin 0, strong ties)"
    )
    weak = repr(sk.mixed_stackelberg(bagwell, ties="weak"))
    assert "value 5.5, not attained; " in weak
    assert repr(sk.central_explorer(GAME, 0.5, samples=7, seed=1)).endswith(
        "; 7 samples of each of 2x2 outcomes)"
    )


def test_long_mixtures_show_what_is_played():
    assert probabilities_text(np.array([1 / 3, 0, 2 / 3])) == "[0.3333, 0, 0.6667]"
    assert probabilities_text(np.eye(9)[4]) == "{4: 1}"
    assert probabilities_text(np.full(9, 1 / 9)).endswith("7: 0.1111, ...}")


def test_learners_are_printed_without_their_many_numbers():
    features = np.stack([np.eye(3)] * 2)
    learner = sk.LinUCB(features, sigma=0.5)
    assert str(learner) == "LinUCB(features=<2x3x3, 0 to 1>, ridge=1.0, sigma=0.5, confidence=1.0)"
    assert str(sk.Delayed(learner, 3)) == f"Delayed(of={learner}, delay=3)"
    assert str(sk.ActiveArmElimination(phases=range(1, 40))).startswith(
        "ActiveArmElimination(phases=<39, 1 to 39>"
    )
    for short in (
        sk.UCB(),
        sk.LinUCB(np.eye(2)),
        sk.Doubling(sk.MOSS()),
        sk.CustomLearner(UCB),
    ):
        assert str(short) == repr(short)
    # What differs has different texts where texts tell learners apart.
    assert repr(learner) != repr(sk.LinUCB(2 * features, sigma=0.5))
    agent = sk.Agent(learner, (2, 3), 100, 1, role="follower", replication=4)
    assert repr(agent) == f"Agent({learner}, follower of 2x3, t=0 of 100, seed=1, replication=4)"
    run = sk.simulate(sk.Game(np.ones((2, 3)), np.ones((2, 3))), sk.UCB(), learner, 10)
    assert "2x3x3, 0 to 1" in run._repr_html_()


def test_names_of_learners_are_short():
    """Names that are alike are refused, with the way out."""
    game = sk.Game(np.ones((8, 8)), np.ones((8, 8)))
    first, second = sk.LinUCB(np.eye(8)), sk.LinUCB(np.eye(8)[::-1])
    table = sk.portfolio(first, sk.UCB(), game, 10, replications=2, seed=1)
    assert list(table.leaders) == ["LinUCB(features=<8x8, 0 to 1>)"]
    with pytest.raises(sk.SpecError, match=r"mapping, got 'LinUCB\(features=<8x8, 0 to 1>\)' twice"):
        sk.portfolio([first, second], sk.UCB(), game, 10, replications=2, seed=1)


def test_solutions_say_to_which_precision_they_are_certified():
    options = {"replications": 16, "seed": 1}
    for precision, interval, expected in (
        (None, "betting", "certified to epsilon {}"),
        (1e-9, "betting", "epsilon {}, not certified"),
        (None, "student", "epsilon {}, not certified"),
    ):
        meta = sk.meta_game(
            [sk.UCB(), sk.MOSS()],
            sk.UCB(),
            GAME,
            50,
            precision=precision,
            max_replications=16,
            interval=interval,
            **options,
        )
        (best,) = meta.solve("stackelberg")
        assert repr(best).endswith(f"; {expected.format(f'{best.epsilon.max():.2g}')})")


def test_one_game_needs_no_name():
    options = {"replications": 2, "seed": 1}
    games = GAME, sk.ChangingGame([GAME, GAME], [0, 4], "leader")
    for game in games:
        assert list(sk.portfolio(sk.UCB(), sk.UCB(), game, 10, **options).games) == ["game"]
        assert list(sk.meta_game(sk.UCB(), sk.UCB(), game, 10, **options).games) == ["game"]
    with pytest.raises(sk.SpecError, match="games that have names"):
        sk.portfolio(sk.UCB(), sk.UCB(), games, 10, **options)


def test_bandit_runs():
    runs = interop.play_bandits([sk.UCB(), sk.MOSS()], [0.25, 0.5, 0.75], 100, 3, seed=5)
    assert repr(runs) == f"BanditRuns({', '.join(runs.names)} on 3 arms, horizon=100, repetitions=3, seed=5)"
    many = interop.play_bandits([sk.UCB(confidence=c) for c in range(1, 10)], [0.25, 0.5], 10, 1, seed=5)
    assert ", ... on 2 arms" in repr(many)
