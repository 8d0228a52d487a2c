"""The page of `stackel.explore`, without a browser: what it says is what the package computes."""

from __future__ import annotations

import contextlib
import io
import itertools
import threading

import numpy as np
import pytest
from asked import GAME, LABELLED, messages, setup, state
from policies import UCB

import stackel as sk
from stackel._explorer._caption import caption_of
from stackel._explorer._marks import marks_of
from stackel._explorer._numbers import MOST_ROWS, course_of, difference_of
from stackel._explorer._python import as_python
from stackel._explorer._running import Memory, answer, fits, horizons_of
from stackel._explorer._state import read_state
from stackel.learners._examples import examples
from stackel.results._result import regrets_of
from stackel.simulation._simulate import run

BENCHMARKS = [
    {"kind": "stackelberg"},
    {"kind": "weak"},
    {"kind": "mixed_stackelberg"},
    {"kind": "tolerant", "gamma": None},
    {"kind": "tolerant", "gamma": 0.125},
    {"kind": "self_tolerant", "gamma": None},
    {"kind": "self_tolerant", "gamma": 0.25},
    {"kind": "pair", "leader": 0.5, "follower": 0.25},
]


def made_of(table):
    """Table of a learner that is made of another one that is made of the one of `table`."""
    return {"learner": "Blind", "of": {"learner": "Restarting", "of": table, "every": 40}}


def printed(program, **names):
    """Names that a program defines, which knows `names`, and what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "program", "exec"), names)  # noqa: S102 it is what is tested
    return names, out.getvalue()


class TestNumbers:
    @pytest.mark.parametrize("asked", BENCHMARKS, ids=str)
    def test_regret_is_that_of_simulate(self, asked):
        told = messages(state(setup(LABELLED), benchmark=asked))["result", 0]
        run = sk.simulate(LABELLED, sk.UCB(), sk.UCB(), 300, replications=4, seed=7)
        values = {
            "stackelberg": lambda: sk.stackelberg(LABELLED),
            "weak": lambda: sk.stackelberg(LABELLED, ties="weak"),
            "mixed_stackelberg": lambda: sk.mixed_stackelberg(LABELLED),
            "tolerant": lambda: sk.tolerant(LABELLED, _gamma(asked, 1 / 3)),
            "self_tolerant": lambda: sk.self_tolerant(LABELLED, _gamma(asked, 1 / 4)),
            "pair": lambda: (0.5, 0.25),
        }
        summary = run.summary(values[asked["kind"]]())
        for name, column in (("mean", "regret"), ("low", "regret_low"), ("high", "regret_high")):
            shown = np.array(told[name], dtype=float).ravel()
            np.testing.assert_array_equal(shown, summary[column].to_numpy())
        assert told["rounds"] == run.rounds.tolist()

    def test_no_interval_is_none(self):
        told = messages(state(replications=1))["result", 0]
        assert set(itertools.chain(*told["low"])) == {None}

    def test_course_is_the_trace(self):
        told = messages(state(setup(LABELLED, sk.EpsilonGreedy()), replications=12))["course", 0]
        run = sk.simulate(LABELLED, sk.EpsilonGreedy(), sk.UCB(), 300, replications=8, seed=7, trace=True)
        counts = np.concatenate([np.zeros((8, 1, 2, 3)), run.cell_counts], axis=1)
        lengths = np.diff(np.concatenate([[0], run.rounds]))
        shares = np.diff(counts, axis=1).mean(axis=0) / lengths[:, None, None]
        np.testing.assert_allclose(
            np.array(told["shares"]), shares.reshape(len(run.rounds), -1).T, atol=1e-12
        )
        assert told["outcomes"][:3] == ["up, left", 'up, mid"dle', "up, right"]
        assert told["replications"] == 8

    def test_rare_outcomes_are_put_together(self):
        game = sk.games.random(5, 7, 1)
        counts = np.random.default_rng(1).integers(1, 9, (2, 3, 5, 7)).cumsum(axis=1)
        rounds = [100, 200, 400]
        told = course_of(game, rounds, counts)
        assert len(told["outcomes"]) == MOST_ROWS
        assert told["outcomes"][-1] == f"{35 - MOST_ROWS + 1} others"
        totals = counts.mean(axis=0).sum(axis=(1, 2))
        expected = np.diff(np.append(0, totals)) / np.diff([0, *rounds])
        np.testing.assert_allclose(np.sum(told["shares"], axis=0), expected)

    def test_difference_is_paired(self):
        told = messages(state(setup(), setup(follower=sk.ExploreThenCommit())))["difference", 0]
        one, other = (
            sk.simulate(GAME, sk.UCB(), follower, 300, replications=4, seed=7).utility[:, :, -1]
            for follower in (sk.UCB(), sk.ExploreThenCommit())
        )
        lost = one - other
        np.testing.assert_allclose(told["mean"], lost.mean(axis=1), rtol=1e-9)
        reach = 3.182446305284263 * lost.std(axis=1, ddof=1) / 2  # Student's quantile of 3 degrees
        np.testing.assert_allclose(told["high"], lost.mean(axis=1) + reach, rtol=1e-9)

    def test_equal_setups_differ_by_nothing(self):
        run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 300, replications=4, seed=7)
        regrets = regrets_of(run, sk.stackelberg)
        assert difference_of(regrets, regrets)["mean"] == [0.0, 0.0]

    def test_fits_are_those_of_scaling(self):
        told = list(fits(read_state(state(horizon=100_000), {}), lambda _: None, sk.CancelToken()))
        horizons = horizons_of(100_000)
        fit = sk.scaling(GAME, sk.UCB(), sk.UCB(), horizons, replications=4, seed=7)
        (shown,) = told
        assert shown["exponent"] == fit.exponent.tolist()
        assert shown["ci"] == fit.ci.tolist()
        assert shown["notes"] == list(fit.notes)
        assert shown["horizons"] == horizons
        assert horizons[0] == 10
        assert horizons[-1] == 100_000

    def test_short_horizons_have_no_fit(self):
        with pytest.raises(sk.SpecError, match="horizon"):
            horizons_of(99)
        assert horizons_of(100)[0] == 10

    @pytest.mark.parametrize(("soon", "shown"), [(0.0, [4, 9]), (60.0, [9])])
    def test_slow_runs_show_their_first_replications(self, monkeypatch, soon, shown):
        monkeypatch.setattr("stackel._explorer._running._SOON", soon)
        asked = read_state(state(replications=9), {})
        told = list(answer(asked, Memory(), lambda _: None, sk.CancelToken()))
        results = [message for message in told if message["kind"] == "result"]
        assert [message["replications"] for message in results] == shown
        assert {message["of"] for message in results} == {9}
        for message in results:
            run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 300, replications=message["replications"], seed=7)
            assert message["mean"] == run.regret("stackelberg").mean(axis=1).tolist()

    def test_progress_rises_to_all(self, monkeypatch):
        def halfway(experiment, threads, report, cancel):
            result = run(experiment, threads, None, cancel)
            for done in (0.0, 0.5, 1.0):
                report(done)
            return result

        monkeypatch.setattr("stackel._explorer._running.run", halfway)
        asked = read_state(state(setup(), setup(follower=sk.MOSS()), replications=8), {})
        told = []
        list(answer(asked, Memory(), told.append, sk.CancelToken()))
        # Four replications of either set-up are played first, and then all eight of either: 24 in total.
        played = [0, 2, 4, 4, 6, 8, 8, 12, 16, 16, 20, 24]
        np.testing.assert_allclose(told, np.array(played) / 24, atol=1e-15)

    def test_a_set_up_that_did_not_change_is_not_played_again(self, monkeypatch):
        played = []
        monkeypatch.setattr(
            "stackel._explorer._running.run",
            lambda experiment, *_: played.append(experiment) or run(experiment),
        )
        memory = Memory()
        for follower in (sk.UCB(), sk.MOSS(), sk.UCB()):
            asked = read_state(state(setup(), setup(follower=follower)), {})
            list(answer(asked, memory, lambda _: None, sk.CancelToken()))
        assert [experiment.follower for experiment in played] == [sk.UCB(), sk.MOSS()]

    @pytest.mark.parametrize("place", range(3), ids=["alone", "in another", "in two"])
    def test_code_of_ones_own_runs_in_the_thread_that_asks(self, place):
        threads = set()

        class Told(UCB):
            def choose(self, rng):
                threads.add(threading.get_ident())
                return super().choose(rng)

        mine = {"learner": "Told"}
        table = [mine, {"learner": "Doubling", "of": mine}, made_of(mine)][place]
        messages(state({**setup(), "follower": table}), {"Told": sk.CustomLearner(Told)})
        assert threads == {threading.get_ident()}


def _gamma(benchmark, exponent):
    return sk.tolerance(LABELLED, 300, exponent) if benchmark["gamma"] is None else benchmark["gamma"]


class TestProgram:
    @pytest.mark.parametrize("asked", BENCHMARKS, ids=str)
    def test_it_makes_the_same_numbers(self, asked):
        self._check(state(setup(LABELLED), benchmark=asked))

    @pytest.mark.parametrize("name", sorted(examples("follower")))
    def test_of_every_follower(self, name):
        self._check(state(setup(follower=examples("follower")[name])))

    @pytest.mark.parametrize("name", sorted(examples("leader")))
    def test_of_every_leader(self, name):
        self._check(state(setup(leader=examples("leader")[name])))

    def test_of_parameters(self):
        learner = sk.ActiveArmElimination(phases=[1, 2, 4], sigma=0.1 + 0.2)
        self._check(state(setup(leader=learner, follower=sk.UCB(anytime=True, ties="random"))))

    def test_of_two_setups(self):
        names = self._check(state(setup(), setup(LABELLED, sk.MOSS())))
        assert names["run_b"].leader == sk.MOSS()

    def test_it_fits_exponents(self):
        asked = read_state(state(horizon=10_000), {})
        names, out = printed(as_python(asked, horizons_of(10_000)))
        (shown,) = fits(asked, lambda _: None, sk.CancelToken())
        assert names["fit"].exponent.tolist() == shown["exponent"]
        assert "ScalingFit" in out

    def test_learners_of_ones_own_are_named(self):
        own = {"UCB (own)": sk.CustomLearner(UCB)}
        asked = read_state(state({**setup(), "leader": {"learner": "UCB (own)"}}), own)
        program = as_python(asked)
        assert "# UCB: define or import" in program
        compile(program, "program", "exec")

    @pytest.mark.parametrize("offered", [sk.CustomLearner(UCB), sk.Doubling(UCB, first=16)], ids=repr)
    def test_of_what_is_made_of_ones_own(self, offered):
        own, table = {"mine": offered}, {"learner": "mine"}
        data = state({**setup(), "leader": table, "follower": made_of(table)})
        program = as_python(read_state(data, own))
        assert "# UCB: define or import" in program
        assert "CustomLearner" not in program
        names, _ = printed(program, UCB=UCB)
        shown = messages(data, own)["result", 0]
        np.testing.assert_array_equal(names["regret"].mean(axis=1), np.array(shown["mean"]))

    def _check(self, data):
        told = messages(data)
        names, _ = printed(as_python(read_state(data, {})))
        for place, end in enumerate(("",) if len(data["setups"]) == 1 else ("_a", "_b")):
            shown = told["result", place]
            np.testing.assert_array_equal(names[f"regret{end}"].mean(axis=1), np.array(shown["mean"]))
            assert names[f"game{end}"] == sk.Game.from_dict(data["setups"][place]["game"])
        return names


class TestMarks:
    @pytest.mark.parametrize("seed", range(40))
    def test_they_are_those_of_the_definitions(self, seed):
        rng = np.random.default_rng(seed)
        u1, u2 = rng.integers(0, 5, (2, *rng.integers(1, 5, 2))) / 4  # many ties, no rounding
        gamma = float(rng.integers(0, 4)) / 4
        marks = marks_of(sk.Game(u1, u2), gamma)
        rows, columns = range(u1.shape[0]), range(u1.shape[1])
        gap = [[max(u2[a]) - u2[a][b] for b in columns] for a in rows]
        best = {(a, b) for a in rows for b in columns if gap[a][b] == 0}
        assert _marked(marks["responses"]) == best
        assert _marked(marks["nash"]) == {(a, b) for a, b in best if u1[a][b] == max(u1[:, b])}
        value = max(u1[a][b] for a, b in best)
        assert tuple(marks["stackelberg"]) == min((a, b) for a, b in best if u1[a][b] == value)
        near = {a: [u1[a][b] for b in columns if gap[a][b] <= gamma] for a in rows}
        secured = max(min(each) for each in near.values())
        tolerant = {
            (a, b) for a in rows for b in columns if gap[a][b] <= gamma and max(near[a]) >= secured - gamma
        }
        assert _marked(marks["tolerant"]) == tolerant

    def test_mixtures_are_listed(self):
        pennies = sk.Game([[1, 0], [0, 1]], [[0, 1], [1, 0]])
        assert marks_of(pennies, 0.0)["mixed"] == [
            "0.5 a1 + 0.5 a2 against 0.5 b1 + 0.5 b2: worth (0.5, 0.5)"
        ]
        assert marks_of(GAME, 0.0)["mixed"] == []

    def test_mixtures_of_large_games_are_left_out(self):
        assert marks_of(sk.games.random(5, 5, 1), 0.0)["mixed"] is None

    def test_many_mixtures_are_cut_short(self):
        same = sk.Game(np.eye(4), np.eye(4))
        listed = marks_of(same, 0.0)["mixed"]
        assert len(listed) == 9
        assert listed[-1] == "and 3 more"  # 2^4 - 1 equilibria, 4 of them without mixing


def _marked(table):
    return {(a, b) for a, row in enumerate(table) for b, is_marked in enumerate(row) if is_marked}


class TestCaption:
    def told(self, leader, follower, horizon=1000, game=GAME, benchmark=sk.stackelberg, **options):
        run = sk.simulate(game, leader, follower, horizon, **options)
        return caption_of(run, regrets_of(run, benchmark))

    def test_best_of_all(self):
        told = self.told(sk.FixedAction(0), sk.BestResponse())
        assert "2 ways to ask" in told
        assert "They meet 1,000 times" in told
        assert "in all of the rounds, it is a1 with b1, the Stackelberg outcome" in told
        assert "The person misses nothing" in told

    def test_loss_in_proportion(self):
        told = self.told(sk.FixedAction(1), sk.BestResponse())
        assert "it is a2 with b1, where the answer is the chatbot's best one, but the question not" in told
        assert "The chatbot misses 0.1 of the benchmark a round, and the loss does not fade" in told

    def test_other_answers(self):
        assert "where another answer would be better for the chatbot" in self.told(
            sk.FixedAction(0), sk.FixedAction(1)
        )

    def test_gain(self):
        told = self.told(sk.FixedAction(0), sk.BestResponse(), benchmark=(0.5, 0.4))
        assert "The person earns 0.1 a round more than the benchmark" in told

    def test_loss_that_fades(self):
        told = self.told(sk.UCB(), sk.UCB(), 10**6, replications=16, seed=1)
        assert "hardly grew" in told or "the regret grew like t^0." in told

    def test_no_clear_loss(self):
        told = self.told(
            sk.UniformLearner(), sk.BestResponse(), 100, benchmark=(0.55, 0.35), replications=8, seed=1
        )
        assert "the interval of the regret contains 0" in told

    def test_one_round_of_one_action(self):
        told = self.told(sk.UCB(), sk.UCB(), 1, game=sk.Game([[1.0]], [[1.0]]))
        assert "one way to ask" in told
        assert "They meet once" in told

    def test_small_numbers(self):
        told = self.told(sk.UCB(), sk.UCB(), 10**9, replications=4, seed=1)
        assert "more than 99.9 % of the rounds" in told
        assert "× 10^-7" in told
