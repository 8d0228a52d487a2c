"""Whatever takes a learner takes every learner, and plays the games that `simulate` plays."""

from __future__ import annotations

import contextlib
import threading
import time

import numpy as np
import pytest
from compiled_policies import ucb, uniform
from policies import UCB, ManyUCB, ManyUniform, Uniform
from test_own_interrupt import LIMIT, ManySlow, Slow

import stackel as sk
from stackel._explorer._running import Memory, answer
from stackel._explorer._state import read_state
from stackel.interop import to_gymnasium

GAME = sk.games.random(3, 4, 1)
HORIZON = 120
SEED = 5
LEARNERS = {
    "policy": UCB,
    "random policy": Uniform,
    "object": UCB(),
    "vector policy": ManyUCB,
    "random vector policy": ManyUniform,
    "compiled": ucb(),
    "random compiled": uniform(),
    "decides anew each round": sk.EXP3(),
}
FOLLOWERS = LEARNERS | {"sees the leader's rewards": sk.ManipulationUCB()}
PAIRS = [
    *((name, (learner, sk.UCB())) for name, learner in LEARNERS.items()),
    *((f"against {name}", (sk.UCB(), learner)) for name, learner in FOLLOWERS.items()),
    *((f"{name} against itself", (learner, learner)) for name, learner in LEARNERS.items()),
    ("policy against compiled", (Uniform, uniform())),
    ("compiled against vector policy", (uniform(), ManyUniform)),
    ("policy against one that sees its rewards", (Uniform, sk.ManipulationUCB())),
]
every_pair = pytest.mark.parametrize("pair", [pair for _, pair in PAIRS], ids=[name for name, _ in PAIRS])


def simulated(pair, replications=3):
    options = {"replications": replications, "seed": SEED, "engine": "stepwise", "checkpoints": [50, HORIZON]}
    return sk.simulate(GAME, *pair, HORIZON, **options)


@every_pair
def test_pages(pair):
    with contextlib.closing(sk.explore(GAME, *pair)) as page:
        server = page._server
        asked = read_state(
            server.initial | {"horizon": HORIZON, "replications": 3, "seed": str(SEED)}, server.own
        )
        told = list(answer(asked, Memory(), lambda _: None, sk.CancelToken()))
    assert [message["kind"] for message in told] == ["marks", "result", "course"]
    run = sk.simulate(GAME, *pair, HORIZON, replications=3, seed=SEED)
    assert told[1]["mean"] == run.regret(sk.stackelberg).mean(axis=1).tolist()


@every_pair
def test_simulations(pair):
    whole = simulated(pair)
    for replication in range(3):
        options = {"replication": replication, "engine": "stepwise"}
        sim = sk.Simulation(GAME, *pair, HORIZON, SEED, **options)
        sim.advance(50)
        assert sim.utility.tolist() == whole.utility[:, replication, 0].tolist()
        sim.step(30)
        while sim.t < HORIZON:
            assert sim.choose() == sim.choose()
            sim.observe()
        np.testing.assert_array_equal(sim.pulls, whole.pulls[replication])
        assert sim.utility.tolist() == whole.utility[:, replication, 1].tolist()
        stepped = sk.Simulation(GAME, *pair, HORIZON, SEED, **options).step(HORIZON).actions
        played = np.zeros_like(sim.pulls)
        np.add.at(played, tuple(stepped), 1)
        np.testing.assert_array_equal(played, whole.pulls[replication])


@every_pair
def test_agents(pair):
    """Both players are agents; the rewards are those of the simulation."""
    sim = sk.Simulation(GAME, *pair, HORIZON, SEED, replication=2, engine="stepwise")
    rounds = sim.step(HORIZON)
    leader, follower = (
        sk.Agent(learner, GAME, HORIZON, SEED, role=role, replication=2)
        for learner, role in zip(pair, ("leader", "follower"), strict=True)
    )
    for actions, (first, second) in zip(rounds.actions.T.tolist(), rounds.rewards.T.tolist(), strict=True):
        a = leader.choose()
        b = follower.choose(a)
        assert [a, b] == actions
        leader.observe(first, b)
        follower.observe(second, leader_reward=first)
    np.testing.assert_array_equal(sim.pulls, simulated(pair).pulls[2])


@pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS)
@pytest.mark.parametrize("role", ["leader", "follower"])
def test_environments(learner, role):
    """The other seat is driven by hand; two episodes are the first two replications."""
    own = sk.UCB()
    env = to_gymnasium(GAME, learner, HORIZON, role=role)
    whole = simulated((own, learner) if role == "leader" else (learner, own))
    for replication in range(2):
        agent = sk.Agent(own, GAME, HORIZON, SEED, role=role, replication=replication)
        observation, _ = env.reset(seed=SEED if replication == 0 else None)
        truncated = False
        while not truncated:
            action = agent.choose(*([] if role == "leader" else [int(observation)]))
            observation, reward, _, truncated, _ = env.step(np.int64(action))
            agent.observe(reward)
        np.testing.assert_array_equal(env.simulation.pulls, whole.pulls[replication])


@every_pair
def test_many_games(pair):
    games = [GAME, sk.games.random(3, 4, 2)]
    stacks = [[game.leader for game in games], [game.follower for game in games]]
    options = {"replications": 3, "checkpoints": [50, HORIZON], "engine": "stepwise"}
    batch = sk.simulate_many(*stacks, *pair, HORIZON, noise=GAME.noise, seed=[SEED, SEED], **options)
    np.testing.assert_array_equal(batch.pulls[0], simulated(pair).pulls)
    np.testing.assert_array_equal(batch.utility[:, 0], simulated(pair).utility)
    other = sk.simulate(games[1], *pair, HORIZON, seed=SEED, **options)
    np.testing.assert_array_equal(batch.pulls[1], other.pulls)


@pytest.mark.parametrize("engine", ["auto", "leap"])
@pytest.mark.parametrize("learner", [UCB, ManyUCB, ucb()], ids=["policy", "vector policy", "compiled"])
def test_what_is_asked_every_round_is_stepped(learner, engine):
    sim = sk.Simulation(GAME, learner, sk.UCB(), HORIZON, SEED, engine=engine)
    assert sim.engine == "stepwise"
    sim.advance(HORIZON)
    np.testing.assert_array_equal(sim.pulls, simulated((learner, sk.UCB())).pulls[0])


class FailsInRound(UCB):
    """Fails in its n-th call of a method."""

    n = 7

    def choose(self, rng):
        if sum(self.count) == self.n:
            raise KeyError("mine")
        return super().choose(rng)


class ManyFails(ManyUCB):
    def choose_many(self, rng, instances):
        if self.count.sum() == FailsInRound.n:
            raise KeyError("mine")
        return super().choose_many(rng, instances)


@pytest.mark.parametrize(("policy", "method"), [(FailsInRound, "choose"), (ManyFails, "choose_many")])
def test_exceptions_of_policies_arrive_with_their_place(policy, method):
    where = f'of replication 4: {method} of the leader "{policy.__name__}"'
    sim = sk.Simulation(GAME, policy, sk.UCB(), HORIZON, SEED, replication=4)
    agent = sk.Agent(policy, GAME, HORIZON, SEED, replication=4)

    def play_agent():
        for _ in range(HORIZON):
            agent.choose()
            agent.observe(0.0)

    for play, look in ((lambda: sim.advance(50), lambda: sim.t), (play_agent, lambda: agent.t)):
        with pytest.raises(KeyError, match="mine") as caught:
            play()
        assert caught.value.__notes__ == [f"in round 8 {where}"]
        with pytest.raises(sk.RunError, match="cannot be used any more"):
            look()


def test_exceptions_of_a_followers_instance_name_its_action():
    sim = sk.Simulation(GAME, sk.FixedAction(2), FailsInRound, HORIZON, SEED)
    with pytest.raises(KeyError) as caught:
        sim.step(50)
    note = 'in round 8 of replication 0: choose of the follower "FailsInRound" at leader action 2'
    assert caught.value.__notes__ == [note]


def test_exceptions_of_the_start():
    class Fails(UCB):
        def reset(self, n_arms, horizon, role):
            raise KeyError(role)

    for make in (sk.Simulation, lambda _, *args: sk.Agent(Fails, GAME, *args[2:], role="follower")):
        with pytest.raises(KeyError, match="follower") as caught:
            make(GAME, sk.UCB(), Fails, HORIZON, SEED)
        assert caught.value.__notes__ == [
            'before round 1 of replication 0: the start of the follower "Fails" at leader action 0'
        ]


class Watchful(Uniform):
    sees_response = True

    def reset(self, n_arms, horizon, role):
        super().reset(n_arms, horizon, role)
        self.seen = []

    def observe(self, arm, reward, response):
        self.seen.append(response)


def test_a_leader_that_sees_responses_has_to_be_told_them():
    made = []
    learner = sk.CustomLearner(lambda: made.append(Watchful()) or made[-1])
    agent = sk.Agent(learner, GAME, HORIZON, SEED)
    agent.choose()
    with pytest.raises(sk.SpecError, match="follower_action: must be given"):
        agent.observe(0.5)
    agent.observe(0.5, follower_action=3)
    assert made[-1].seen == [3]
    sim = sk.Simulation(GAME, learner, sk.UCB(), HORIZON, SEED)
    assert made[-1].seen == sim.step(HORIZON).actions[1].tolist()


@pytest.mark.parametrize("learner", [UCB, ManyUCB, ucb()], ids=["policy", "vector policy", "compiled"])
def test_what_cannot_be_kept_says_so(learner):
    sim = sk.Simulation(GAME, sk.UCB(), learner, HORIZON, SEED)
    sim.advance(10)
    with pytest.raises(sk.SpecError, match="follower: must be a learner of stackel for a snapshot"):
        sim.snapshot()
    agent = sk.Agent(learner, GAME, HORIZON, SEED)
    with pytest.raises(sk.SpecError, match="learner: must be a learner of stackel for a snapshot"):
        agent.snapshot()
    sim.advance(HORIZON - 10)
    np.testing.assert_array_equal(sim.pulls, simulated((sk.UCB(), learner)).pulls[0])


@pytest.mark.parametrize("method", ["advance", "step"])
@pytest.mark.parametrize(
    "leader",
    [UCB, ManyUCB, Slow, ManySlow, ucb()],
    ids=["policy", "vector", "slow", "slow vector", "compiled"],
)
def test_cancelling_a_simulation(leader, method):
    """Within LIMIT of cancel(), the best of three; the simulation stands between two rounds."""
    seconds = []
    for _ in range(3):
        token = sk.CancelToken()
        sim = sk.Simulation(GAME, leader, sk.UCB(), 10**9, SEED)
        sent = []
        timer = threading.Timer(0.1, lambda t=token, s=sent: (s.append(time.monotonic()), t.cancel()))
        timer.start()
        with pytest.raises(sk.RunError, match="cancelled"):
            getattr(sim, method)(10**8 if method == "advance" else 10**7, cancel=token)
        seconds.append(time.monotonic() - sent[0])
        assert sim.pulls.sum() == sim.t > 0
        sim.advance(3)
        if seconds[-1] < LIMIT:
            return
    raise AssertionError(seconds)


def test_a_policy_may_not_take_its_own_game_forward():
    class Busy(UCB):
        def choose(self, rng):
            sim.advance(1)

    sim = sk.Simulation(GAME, Busy, sk.UCB(), HORIZON, SEED)
    with pytest.raises(sk.RunError, match="another call"):
        sim.step(3)
