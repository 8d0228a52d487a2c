"""Learners that are made of learners, in every place where a learner goes."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pytest
from cases import BREAKING_TIES, LEARNERS, NOISES, can_be, facts, make_game
from compiled_policies import ucb as compiled_ucb
from policies import UCB, ManyUCB
from test_bad_input import assert_refused

import stackel as sk
from stackel.learners._examples import leaps
from stackel.learners._made import MadeLearner
from stackel.sweeps.config import read_sweep

HORIZON, SEED = 400, 23
OF = (
    sk.UCB(sigma=0.4),
    sk.UCB(anytime=True, sigma=0.4),
    sk.ActiveArmElimination(sigma=0.2),
    sk.ExploreThenCommit(),
    sk.ExploreThenUCB(exploration=3),
    sk.EpsilonGreedy(),
    sk.ThompsonSampling(),
    sk.UniformLearner(),
    sk.EXP3(),
    sk.SlidingWindowUCB(window=20, sigma=0.3),
)
"""What the tests make learners of: with plans of each kind and without, random and not."""
ENGINES = ("leap", "stepwise", "reference")


def engines_of(*learners):
    """The engines in which learners make the choices of their definition."""
    return [each for each in ENGINES if each != "leap" or "in law" not in map(leaps, learners)]


def played_by_agents(game, leader, follower):
    """Counts of outcomes of two agents of which neither is told what the other does."""
    table = sk.Simulation(game, None, None, HORIZON, SEED)
    first, second = (
        sk.Agent(learner, game.shape, HORIZON, SEED, role=role)
        for role, learner in (("leader", leader), ("follower", follower))
    )
    pulls = np.zeros(game.shape, int)
    for _ in range(HORIZON):
        # The follower is always told of the same action.
        cell = first.choose(), second.choose(0)
        table.choose(*cell)
        for agent, reward in zip((first, second), table.observe(), strict=True):
            agent.observe(reward)
        pulls[cell] += 1
    return pulls


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("follower", OF, ids=repr)
def test_blind_is_two_agents_in_a_loop(follower, noise):
    for means, leader in itertools.product(("2x3", "ties", "5x3"), (OF[0], OF[3], OF[6])):
        game = make_game(means, noise)
        slow = played_by_agents(game, leader, follower)
        for engine in engines_of(leader, follower):
            run = sk.simulate(game, leader, sk.Blind(follower), HORIZON, seed=SEED, engine=engine)
            np.testing.assert_array_equal(run.pulls[0], slow, f"{leader} on {means}, {engine}")


@pytest.mark.parametrize("follower", OF, ids=repr)
def test_blind_is_no_news_where_the_leader_has_one_action(follower):
    game = make_game("1x3", "Gaussian")
    for engine in engines_of(follower):
        seen, unseen = (
            sk.simulate(game, sk.FixedAction(0), each, HORIZON, seed=SEED, engine=engine, replications=3)
            for each in (follower, sk.Blind(follower))
        )
        np.testing.assert_array_equal(seen.pulls, unseen.pulls)
        np.testing.assert_array_equal(seen.utility, unseen.utility)


def test_blind_meets_a_mixture():
    """Against a leader that mixes, means are those of the mixture: UCB finds the best response to that."""
    game = sk.Game([[0.0, 0.0], [0.0, 0.0]], [[1.0, 0.8], [0.0, 0.6]], noise=sk.Gaussian(0.5))
    run = sk.simulate(game, sk.UniformLearner(), sk.Blind(sk.UCB()), 10**5, seed=1, replications=20)
    # Response 0 is the best one to action 0, and worse by 0.2 on average.
    assert (run.pulls.sum(axis=1)[:, 1] > 0.98 * 10**5).all()
    seen = sk.simulate(game, sk.UniformLearner(), sk.UCB(), 10**5, seed=1, replications=20)
    assert (seen.pulls[:, 0, 0] > 0.49 * 10**5).all()


def test_blind_agents_need_not_be_told():
    told, untold = (sk.Agent(sk.Blind(sk.UCB()), (3, 4), 100, SEED, role="follower") for _ in range(2))
    for t in range(100):
        b = told.choose(t % 3)
        assert told.choose((t + 1) % 3) == untold.choose() == b
        told.observe(t % 7, action=b)
        untold.observe(t % 7)
    assert_refused(
        "leader_action", lambda: sk.Agent(sk.Blind(sk.UCB()), (3, 4), 9, role="follower").choose(3)
    )


def made_of(of):
    """Every learner that is made of another, of this one, in the seats that it can take."""
    yield "follower", sk.Blind(of)
    for role in ("leader", "follower"):
        yield role, sk.Doubling(of, first=9)
        yield role, sk.Restarting(of, 50)
        yield role, sk.Doubling(sk.Restarting(of, 21), first=40)
        yield role, sk.Batched(of, 7)
        yield role, sk.Delayed(of, 11)
        yield role, sk.Batched(sk.Delayed(sk.Doubling(of, first=30), 3), 5)


SEATED = [
    (role, learner)
    for of in (*OF, sk.LinUCB(sigma=0.4))
    for role, learner in made_of(of)
    if not (isinstance(of, sk.LinUCB) and isinstance(learner, sk.Blind))
]


def remade(learner, of):
    """The same learner, made of another one in the end."""
    inner = remade(learner.of, of) if isinstance(learner.of, MadeLearner) else of
    return type(learner)(**vars(learner) | {"of": inner})


def pair_of(role, learner, other=OF[0]):
    return {"leader": other, "follower": other, role: learner}


def run_with(role, learner, *, means="5x3", noise="Gaussian", horizon=HORIZON, other=OF[0], **options):
    pair = pair_of(role, learner, other)
    return sk.simulate(make_game(means, noise), **pair, horizon=horizon, seed=SEED, **options)


def assert_same_game(one, other):
    np.testing.assert_array_equal(one.pulls, other.pulls)
    np.testing.assert_array_equal(one.utility, other.utility)


@pytest.mark.parametrize(("role", "learner"), SEATED, ids=repr)
def test_engines_play_the_same_game(role, learner):
    options = {"horizon": 2500, "checkpoints": [7, 900, 2500]}
    for means, noise, other in itertools.product(("2x3", "ties", "1x3"), ("Gaussian", "Bernoulli"), OF[:4:3]):
        slow = run_with(role, learner, means=means, noise=noise, other=other, engine="reference", **options)
        for engine in engines_of(learner, other)[:-1]:
            fast = run_with(role, learner, means=means, noise=noise, other=other, engine=engine, **options)
            assert_same_game(fast, slow)


@pytest.mark.parametrize("role", ["leader", "follower"])
@pytest.mark.parametrize("of", OF, ids=repr)
def test_what_never_starts_afresh_is_the_learner_itself(of, role):
    for engine, means in itertools.product(ENGINES, ("2x3", "ties")):
        plain, *made = (
            run_with(role, learner, means=means, engine=engine, replications=3)
            for learner in (
                of,
                sk.Doubling(of, first=HORIZON),
                *(sk.Restarting(of, n * HORIZON) for n in (1, 7)),
            )
        )
        for run in made:
            assert_same_game(run, plain)


@pytest.mark.parametrize("role", ["leader", "follower"])
@pytest.mark.parametrize("of", OF, ids=repr)
def test_what_is_not_late_is_the_learner_itself(of, role):
    for engine, means in itertools.product(engines_of(of), ("2x3", "ties")):
        plain, *made = (
            run_with(role, learner, means=means, engine=engine, replications=3)
            for learner in (of, sk.Batched(of, 1), sk.Delayed(of, 0), sk.Delayed(sk.Batched(of, 1), 0))
        )
        for run in made:
            assert_same_game(run, plain)


def arms_of(learner, horizon, **options):
    """The arms that a leader alone plays, round by round."""
    game = sk.Game([[0.5], [0.75], [0.25]], [[0.0]] * 3, noise=sk.Gaussian(0.5))
    marks = range(1, horizon + 1)
    run = sk.simulate(
        game, learner, sk.FixedAction(0), horizon, seed=SEED, checkpoints=marks, trace=True, **options
    )
    return np.diff(run.cell_counts[0, :, :, 0], axis=0, prepend=0).argmax(axis=1)


@pytest.mark.parametrize("of", OF, ids=repr)
def test_a_decision_stands_for_a_batch(of):
    for size in (2, 7, 50):
        batches = arms_of(sk.Batched(of, size), 10 * size + 1)[:-1].reshape(10, size)
        assert (batches == batches[:, :1]).all()


@pytest.mark.parametrize("of", OF[:3], ids=repr)
def test_nothing_is_known_before_the_first_reward_comes(of):
    arms = arms_of(sk.Delayed(of, 9), 40)
    assert arms[:10].tolist() == [0] * 10
    assert arms[10] == 1


REFUSED = {"BestManipulation", "ManipulationUCB"}
"""Learners that cannot be told late: of the game, or of the leader's rewards."""
NEVER_LEARNING = {"FixedAction", "BestResponse"}


def late_ones(role):
    """`Batched` and `Delayed` of every learner of the registry that can take a seat."""
    for of in (*LEARNERS, *BREAKING_TIES):
        if can_be(of, role) and type(of).__name__ not in REFUSED:
            yield from (sk.Batched(of, 2), sk.Delayed(of, 3))


@pytest.mark.parametrize("role", ["leader", "follower"])
def test_late_learners_try_all_arms(role):
    """All rewards are below 0 on average: nothing that learns stays where it began."""
    means = np.full((1, 3) if role == "follower" else (3, 1), -0.5)
    game = sk.Game(means, means, noise=sk.Gaussian(0.1))
    tried = set()
    for learner in late_ones(role):
        if type(learner.of).__name__ in NEVER_LEARNING:
            continue
        pair = pair_of(role, learner, sk.FixedAction(0))
        for engine in ("reference", "stepwise"):
            run = sk.simulate(game, **pair, horizon=1000, seed=SEED, engine=engine)
            assert (run.pulls > 0).all(), f"{learner!r}: {run.pulls}"
        tried.add(type(learner.of).__name__)
    names = {entry["name"] for entry in sk.learner_schema() if role in entry["roles"]}
    assert tried == names - REFUSED - NEVER_LEARNING


@pytest.mark.parametrize("role", ["leader", "follower"])
def test_every_late_learner_is_kept_and_taken_up_again(role):
    """Also between a choice and the end of its batch, and with rewards on their way."""
    game = make_game("2x3", "Bernoulli")
    kept = set()
    for learner in late_ones(role):
        pair = pair_of(role, learner, sk.UniformLearner())
        whole = sk.simulate(game, **pair, horizon=90, seed=SEED, engine="stepwise")
        sim = sk.Simulation(game, **pair, horizon=90, seed=SEED, engine="stepwise")
        for rounds in (1, 4, 20, 40, 25):
            sim.advance(rounds)
            sim = sk.Simulation.restore(sim.snapshot())
        np.testing.assert_array_equal(sim.pulls, whole.pulls[0], repr(learner))
        kept.add(type(learner.of).__name__)
    names = {entry["name"] for entry in sk.learner_schema() if role in entry["roles"]}
    assert kept == names - REFUSED


@pytest.mark.parametrize("stop", ["bai", "sprt", "budget"])
@pytest.mark.parametrize("make", [sk.Batched, sk.Delayed])
def test_a_late_round_robin_finds_the_better_arm(make, stop):
    game = sk.Game([[0.2], [0.8]], [[0.0], [0.0]], noise=sk.Gaussian(0.1))
    for late in (2, 3, 8):
        learner = make(sk.RoundRobinThenCommit(stop=stop), late)
        (worse,), (better,) = sk.simulate(game, learner, sk.FixedAction(0), 1000, seed=1).pulls[0]
        assert 0 < worse < better


def test_late_rewards_keep_their_arms():
    """A policy of one's own is told each reward once, in order, with its arm."""
    told, chosen = [], []

    class Recorder:
        def reset(self, n_arms, horizon, role):
            self.n_arms = n_arms

        def choose(self, rng):
            chosen.append(len(chosen) % self.n_arms)
            return chosen[-1]

        def observe(self, arm, reward):
            told.append((arm, reward, len(chosen)))

    game = sk.Game([[0.5], [0.75], [0.25]], [[0.0]] * 3, noise=sk.Deterministic())
    sk.simulate(game, sk.Delayed(Recorder, 4), sk.FixedAction(0), 50)
    assert len(chosen) == 50
    assert [arm for arm, _, _ in told] == chosen[: 50 - 4 - 1]
    assert [reward for _, reward, _ in told] == [game.leader[arm, 0] for arm, _, _ in told]
    # Before the decision of round n + 5, rewards of n rounds are known.
    assert [after for _, _, after in told] == list(range(5, 50))


@pytest.mark.parametrize("role", ["leader", "follower"])
@pytest.mark.parametrize("of", OF, ids=repr)
def test_doubling_knows_no_horizon(of, role):
    """A shorter game is the beginning of a longer one."""
    learner, other = sk.Doubling(of, first=30), sk.FixedAction(1)
    rounds = [1, 29, 30, 31, 90, 91, 250]
    for engine in engines_of(of):
        options = {"engine": engine, "other": other, "replications": 2}
        long = run_with(role, learner, checkpoints=[*rounds, 3000], horizon=3000, **options)
        short = run_with(role, learner, checkpoints=rounds, horizon=250, **options)
        np.testing.assert_array_equal(long.utility[:, :, :-1], short.utility)


def test_a_restart_forgets_everything_and_the_rewards_go_on():
    """After a restart the learner is a new one, which meets the rewards that come next."""
    game, every, other = make_game("5x3", "Gaussian"), 60, sk.FixedAction(0)
    run = sk.simulate(game, sk.Restarting(sk.UCB(), every), other, 180, seed=SEED, checkpoints=range(1, 181))
    rewards = sk.Simulation(game, None, None, 180, SEED)
    utility = 0.0
    for t in range(180):
        if t % every == 0:
            agent = sk.Agent(sk.UCB(), game, every, SEED, replication=0)
        a = agent.choose()
        rewards.choose(a, 0)
        agent.observe(rewards.observe()[0])
        utility += game.leader[a, 0]
        assert run.utility[0, 0, t] == utility


@pytest.mark.parametrize(("role", "learner"), SEATED, ids=repr)
def test_simulations_are_kept_and_taken_up_again(role, learner):
    pair = pair_of(role, learner)
    sim = sk.Simulation(make_game("5x3", "Gaussian"), **pair, horizon=HORIZON, seed=SEED, engine="stepwise")
    for rounds in (1, 60, 0, 150, HORIZON - 211):
        sim.advance(rounds)
        sim = sk.Simulation.restore(sim.snapshot())
    whole = run_with(role, learner, engine="stepwise")
    np.testing.assert_array_equal(sim.pulls, whole.pulls[0])


@pytest.mark.parametrize(("role", "learner"), SEATED, ids=repr)
def test_policies_of_ones_own_inside(role, learner):
    """A policy and a compiled learner play the game of the learner with their rule."""
    plain = run_with(role, remade(learner, sk.UCB()), engine="stepwise", replications=2)
    for own in (UCB, sk.CustomLearner(ManyUCB, name="mine"), compiled_ucb(sigma=1.0)):
        ours = run_with(role, remade(learner, own), replications=2)
        np.testing.assert_array_equal(ours.pulls, plain.pulls)
        sim = sk.Simulation(
            make_game("5x3", "Gaussian"), **pair_of(role, remade(learner, own)), horizon=HORIZON, seed=SEED
        )
        sim.advance(HORIZON)
        np.testing.assert_array_equal(sim.pulls, plain.pulls[0])


@pytest.mark.parametrize(("role", "learner"), SEATED, ids=repr)
def test_names_and_tables(role, learner):
    assert role in facts(learner)["roles"]
    assert learner.label == f"{type(learner).__name__}({learner.of.label})"
    table = learner.to_dict()
    assert table["of"] == learner.of.to_dict()
    again = sk.Learner.from_dict(table)
    assert again == learner == pickle.loads(pickle.dumps(learner))
    assert sk.Learner.from_dict(table | {"of": sk.FixedAction(0).to_dict()}) != learner
    assert learner.randomised == learner.of.randomised
    assert eval(repr(learner), vars(sk)) == learner  # noqa: S307 our own


def test_results_and_sweeps_keep_them(tmp_path):
    learner = sk.Blind(sk.UCB(sigma=0.5))
    run = run_with("follower", learner)
    run.save(tmp_path / "run")
    assert sk.load(tmp_path / "run").follower == learner
    (tmp_path / "sweep.toml").write_text(
        """
        store = "store"
        [task]
        game = { leader = [[1, 0], [0, 1]], follower = [[1, 0], [0, 1]] }
        leader = "UCB"
        horizon = 100
        [grid]
        follower = [
            { learner = "Blind", of = { learner = "UCB", sigma = 0.5 } }, { learner = "Blind", of = "Mine" },
        ]
        """,
        encoding="utf-8",
    )
    tasks = read_sweep(tmp_path / "sweep.toml", learners={"Mine": sk.CustomLearner(UCB, version="1")}).tasks
    assert [task.follower.label for task in tasks] == ["Blind(UCB)", "Blind(UCB)"]
    assert tasks[0].follower == learner
    assert tasks[0].id != tasks[1].id
    found = sk.sweep(tasks, store=tmp_path / "store")
    assert (found.utility(0) != found.utility(1)).any()


def test_own_learners_inside_need_a_version_and_are_read_by_name(tmp_path):
    learner = sk.Blind(UCB)
    assert_refused("follower", lambda: sk.Task(make_game("2x2", "Gaussian"), sk.UCB(), learner, 10))
    run = run_with("follower", learner)
    run.save(tmp_path / "run")
    loaded = sk.load(tmp_path / "run").follower
    assert loaded.to_dict() == learner.to_dict()
    assert_refused("learner", lambda: run_with("follower", loaded))
    sim = sk.Simulation(make_game("2x2", "Gaussian"), sk.UCB(), learner, 10)
    assert_refused("follower", sim.snapshot)


@pytest.mark.parametrize(
    ("argument", "make"),
    [
        ("of", sk.Blind),
        ("of", sk.Doubling),
        ("first", lambda: sk.Doubling(sk.UCB(), first=0)),
        ("every", lambda: sk.Restarting(sk.UCB())),
        ("every", lambda: sk.Restarting(UCB)),
        ("every", lambda: sk.Restarting(sk.UCB(), 0)),
        ("size", lambda: sk.Batched(sk.UCB())),
        ("size", lambda: sk.Batched(sk.UCB(), 0)),
        ("delay", lambda: sk.Delayed(sk.UCB())),
        ("delay", lambda: sk.Delayed(sk.UCB(), -1)),
        ("of", lambda: run_with("follower", sk.Delayed(sk.ManipulationUCB(), 5))),
        ("of", lambda: run_with("follower", sk.Doubling(sk.BestManipulation()))),
        ("of", lambda: run_with("follower", sk.Restarting(sk.ManipulationUCB(), 5))),
        ("high", lambda: run_with("leader", sk.Doubling(sk.EXP3(low=1.0, high=0.0)))),
        ("window", lambda: run_with("leader", sk.Doubling(sk.SlidingWindowUCB(window=2**40)), horizon=2**26)),
        ("of", lambda: sk.Blind(3)),
        ("of", lambda: sk.Blind(sk.UCB)),
        ("of", lambda: run_with("follower", sk.Blind(sk.BestResponse()))),
        ("of", lambda: run_with("follower", sk.Blind(sk.ManipulationUCB()))),
        ("of", lambda: run_with("follower", sk.Blind(sk.LinUCB()))),
        ("of", lambda: run_with("follower", sk.Blind(sk.Delayed(sk.LinUCB(), 3)))),
        ("follower", lambda: run_with("follower", sk.Blind(sk.PhasedUCB()))),
        ("leader", lambda: run_with("leader", sk.Blind(sk.UCB()))),
        ("a", lambda: run_with("follower", sk.Blind(sk.FixedAction(3)))),
        ("Blind", lambda: sk.Blind(sk.UCB(), 2)),
    ],
)
def test_what_cannot_be_made_is_refused(argument, make):
    assert_refused(argument, make)


@pytest.mark.parametrize("make", [sk.Blind, sk.Doubling, sk.Batched, sk.Delayed, sk.Restarting])
def test_a_refusal_names_what_is_allowed(make):
    """Learners are taken or refused for what they are told, and the message says for what."""
    further = () if make in (sk.Blind, sk.Doubling) else (3,)
    taken, refused, messages = set(), set(), set()
    for of in LEARNERS:
        if not can_be(of, "follower"):
            continue
        try:
            run_with("follower", make(of, *further), horizon=2)
            taken.add(facts(of)["sees"])
        except sk.SpecError as error:
            refused.add(facts(of)["sees"])
            messages.add((error.argument, error.allowed))
    ((argument, allowed),) = messages
    assert argument == "of"
    assert not taken & refused
    assert taken <= set(allowed.removeprefix("a learner that sees ").split(", or "))


@pytest.mark.parametrize(
    ("of", "engine"),
    [
        (sk.UCB(), "leap"),
        (sk.KLUCB(), "leap"),
        (sk.UCB(anytime=True), "stepwise"),
        (sk.UCB(ties="random"), "stepwise"),
        (sk.ThompsonSampling(), "stepwise"),
        (sk.ExploreThenCommit(), "stepwise"),
        (sk.Doubling(sk.UCB()), "stepwise"),
        (UCB, "stepwise"),
    ],
    ids=repr,
)
def test_batches_say_how_they_are_played(of, engine):
    learner = sk.Batched(of, 5)
    assert run_with("leader", learner, horizon=50).engine == engine
    assert leaps(learner) == {"leap": "alike", "stepwise": "no"}[engine]


def test_blind_learners_are_leapt_over_as_others():
    game = make_game("5x3", "Gaussian")
    run = sk.simulate(game, sk.UCB(), sk.Blind(sk.UCB()), 10**9, seed=1)
    assert run.engine == "leap"
    assert isinstance(run.follower, MadeLearner)
    assert run.pulls.sum() == 10**9


def test_the_parameter_after_the_learner_needs_no_name():
    for cls in (sk.Doubling, sk.Restarting, sk.Batched, sk.Delayed):
        name = facts(cls(sk.UCB(), 7))["parameters"][1]["name"]
        assert cls(sk.UCB(), 7) == cls(of=sk.UCB(), **{name: 7})
