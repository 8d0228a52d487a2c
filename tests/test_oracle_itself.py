"""The slow simulator against trajectories worked out by hand: it must not be trusted blindly either."""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import oracle
import pytest
from chance import Sure
from oracle_learners import rule_of
from oracle_learners.eliminating import Watcher
from oracle_seat import Seat, phase_lengths

if TYPE_CHECKING:
    from collections.abc import Iterable


def arms_played(name: str, rewards: Iterable[float], *, arms: int = 2, horizon: int = 100, **parameters):
    """Arms a lone follower instance plays when its t-th reward is rewards[t]."""
    rewards = list(rewards)
    seat = Seat("follower", horizon, 1, arms, (), Sure())
    agent = oracle.Agent(rule_of(name)(seat, **parameters))
    played = []
    for reward in rewards:
        played.append(agent.arm)
        agent.observe(reward)
    return played


def test_explore_then_commit_goes_round_and_then_stays():
    assert arms_played("ExploreThenCommit", [1, 0, 0, 3, 9, -9, -9], exploration=2) == [0, 1, 0, 1, 1, 1, 1]


def test_explore_then_commit_breaks_ties_towards_the_lowest_index():
    assert arms_played("ExploreThenCommit", [1, 2, 2, 0, 0], arms=3, exploration=1) == [0, 1, 2, 1, 1]


def test_throw_out_forgets_the_first_rewards():
    rewards = [9, 0, 1, 2, 0, 0]
    played = arms_played("ExploreThenCommitThrowOut", rewards, discard=1, exploration=1)
    assert played == [0, 1, 0, 1, 1, 1]


def test_explore_then_ucb_starts_from_nothing():
    rewards = [99, 0, 99, 0, 0, 1, 0, 0]
    played = arms_played("ExploreThenUCB", rewards, exploration=2, sigma=0.1)
    assert played == [0, 1, 0, 1, 0, 1, 1, 1]


def test_ucb_follows_its_index():
    sigma = 0.5
    rewards = {0: 0.0, 1: 0.6}
    counts, expected = [1, 1], [0, 1]
    for _ in range(40):
        index = [rewards[b] + sigma * math.sqrt(2 * math.log(100) / counts[b]) for b in (0, 1)]
        arm = int(index[1] > index[0])
        counts[arm] += 1
        expected.append(arm)
    assert counts[0] > 1
    assert arms_played("UCB", [rewards[arm] for arm in expected], sigma=sigma) == expected


def test_elimination_drops_at_the_first_sweep_that_separates():
    # Gap 1 exceeds 2 r(n) = 0.4 sqrt(2 ln 100 / n) first at n = 2.
    assert 0.4 * math.sqrt(2 * math.log(100)) > 1 > 0.4 * math.sqrt(2 * math.log(100) / 2)
    assert arms_played("ActiveArmElimination", [0, 1, 0, 1, 1, 1], sigma=0.2) == [0, 1, 0, 1, 1, 1]


def test_elimination_waits_for_the_end_of_its_phase():
    played = arms_played("ActiveArmElimination", [0, 1] * 3 + [1, 1], sigma=0.2, phases=(3,))
    assert played == [0, 1] * 3 + [1, 1]


def test_last_phase_length_repeats():
    lengths = phase_lengths((2, 5))
    assert [next(lengths) for _ in range(4)] == [2, 5, 5, 5]


@pytest.mark.parametrize(
    ("phases", "replies", "active"),
    [
        (None, [0, 1, 2], {0, 1, 2}),
        (None, [0, 2], {0, 2}),
        (None, [1], {1, 2}),
        (None, [0, 1, 2, 0, 2], {0, 2}),
        (None, [0, 0], {0}),
        (None, [2, 1], {1, 2}),
        ((2,), [0, 1, 2, 0, 2], {0, 1, 2}),
        ((2,), [0, 1, 2, 0, 1, 2, 0, 2], {0, 2}),
        ((1, 2), [0, 2, 0, 1, 2], {0, 1, 2}),
    ],
)
def test_watcher_reads_eliminations_off_the_replies(phases, replies, active):
    watcher = Watcher(3, phases)
    for reply in replies:
        watcher.see(reply)
    assert watcher.active == active


def test_watcher_keeps_up_with_an_elimination_follower():
    rng = Random(1)
    seat = Seat("follower", 500, 1, 4, (), Sure())
    follower = oracle.Agent(rule_of("ActiveArmElimination")(seat, phases=(1, 3), sigma=0.4))
    watcher = Watcher(4, (1, 3))
    played = []
    for _ in range(500):
        played.append(follower.arm)
        watcher.see(follower.arm)
        follower.observe(rng.gauss(0.3 * follower.arm, 0.4))
    assert len(set(played)) == 4
    assert watcher.active == set(played[-50:])


def test_each_leader_action_has_a_follower_of_its_own():
    means = ([[1.0, 2.0], [3.0, 4.0]], [[0.0, 1.0], [1.0, 0.0]])
    path = oracle.play(
        means,
        ("ExploreThenCommit", {"exploration": 3}),
        ("ExploreThenCommit", {"exploration": 1}),
        8,
        reward=lambda _player, _cell, mean: mean,
    )
    # Rows alternate; each follower plays 0, 1, then its best: row 0 0,1,1 and row 1 0,1,0.
    # The leader has seen row means 5/3 and 10/3 and commits to row 1.
    np.testing.assert_array_equal(path.pulls, [[1, 2], [4, 1]])
    np.testing.assert_array_equal(path.utility[0], np.cumsum([1, 3, 2, 4, 2, 3, 3, 3]))
    np.testing.assert_array_equal(path.utility[1], np.cumsum([0, 1, 1, 0, 1, 1, 1, 1]))


ACTIONS = np.array([(0, 0), (0, 1), (1, 1), (0, 1), (1, 0), (1, 0)])


def test_changes_of_mind_are_counted():
    # The leader changes in rounds 3, 4 and 5; after action 0 the follower does in round 2, after 1 in 5.
    assert oracle.switches(ACTIONS) == [3, 2]
    assert oracle.switches(ACTIONS[:4]) == [2, 1]
    assert oracle.switches(ACTIONS[:1]) == oracle.switches(ACTIONS[4:]) == [0, 0]


def test_exploration_ends_with_the_last_other_action():
    # The leader last leaves action 1 in round 4; response 0 to action 1 came after response 1 in round 3.
    assert oracle.last_exploration(ACTIONS) == [4, 3]
    assert oracle.last_exploration(ACTIONS[:4]) == [3, 1]
    assert oracle.last_exploration(ACTIONS[4:]) == [0, 0]


def test_outcomes_are_counted_round_by_round():
    counts = oracle.cell_counts(ACTIONS, (2, 2))
    assert counts[0].tolist() == [[1, 0], [0, 0]]
    assert counts[3].tolist() == [[1, 2], [0, 1]]
    assert counts[5].tolist() == [[1, 2], [2, 1]]


def test_actions_are_those_of_the_rounds():
    path = oracle.play(
        ([[1.0, 2.0]], [[0.0, 1.0]]),
        ("FixedAction", {"a": 0}),
        ("ExploreThenCommit", {"exploration": 2}),
        6,
        reward=lambda _player, _cell, mean: mean,
    )
    assert path.actions.tolist() == [[0, 0], [0, 1], [0, 0], [0, 1], [0, 1], [0, 1]]


def test_default_lengths():
    seat = Seat("leader", 10_000, 2, 2, (), Sure())
    assert seat.follower_window == math.ceil(2500 ** (2 / 3) * math.log(10_000) ** (1 / 3)) == 387
    assert seat.window == 2 * 387
    assert Seat("leader", 1, 3, 3, (), Sure()).window == 3
