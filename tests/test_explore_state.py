"""What the page of `stackel.explore` begins with and offers, and the states that it refuses."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import math
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from asked import GAME, LABELLED, messages, setup, state
from policies import UCB

import stackel as sk
from stackel._explorer._catalogue import catalogue, make_games
from stackel._explorer._numbers import numbers_of
from stackel._explorer._state import MAX_ACTIONS, PlacedError, read_state
from stackel.learners._base import REGISTERED
from stackel.results._result import regrets_of


def held_state(text):
    """What the part of a link from ``#`` on holds."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def play(page, data, *, exponents):
    """Ask the server of a page for a run."""
    address = urlsplit(page.url)
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=30)
    body = json.dumps({"state": data, "exponents": exponents})
    connection.request("POST", "/api/play", body, {"X-Stackel-Token": parse_qs(address.query)["token"][0]})
    connection.getresponse().read()
    connection.close()


class TestStates:
    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (lambda s: s.update(horizon=0), ["horizon"]),
            (lambda s: s.update(horizon=2.5), ["horizon"]),
            (lambda s: s.update(replications=10_001), ["replications"]),
            (lambda s: s.update(seed="-1"), ["seed"]),
            (lambda s: s.update(seed=1), ["seed"]),
            (lambda s: s.update(seed="99999999999999999999"), ["seed"]),
            (lambda s: s.update(benchmark={"kind": "best"}), ["benchmark", "kind"]),
            (lambda s: s.update(benchmark={"kind": "tolerant", "gamma": -1}), ["benchmark", "gamma"]),
            (
                lambda s: s.update(benchmark={"kind": "pair", "leader": 1, "follower": "x"}),
                ["benchmark", "follower"],
            ),
            (
                lambda s: s["setups"][0]["game"]["noise"][1].update(sigma=-1),
                ["setups", 0, "game", "noise", 1, "sigma"],
            ),
            (lambda s: s["setups"][0]["leader"].update(sigma=-1), ["setups", 0, "leader", "sigma"]),
            (
                lambda s: s["setups"][0].update(follower={"learner": "no"}),
                ["setups", 0, "follower", "learner"],
            ),
            (lambda s: s["setups"][0].update(leader={"learner": "BestResponse"}), ["setups", 0, "leader"]),
            (
                lambda s: s["setups"][0].update(leader={"learner": "CustomLearner", "name": "x"}),
                ["setups", 0, "leader"],
            ),
            (
                lambda s: s["setups"][0].update(leader={"learner": "Doubling", "of": {"learner": "x"}}),
                ["setups", 0, "leader", "of", "learner"],
            ),
            (
                lambda s: s["setups"][0].update(game={"games": [], "starts": []}),
                ["setups", 0, "game"],
            ),
            (
                lambda s: s["setups"][0]["game"].update(leader=[[1, None], [1, 1]]),
                ["setups", 0, "game", "leader"],
            ),
            (
                lambda s: s["setups"][0]["game"].update(leader=[[2] * 25], follower=[[2] * 25]),
                ["setups", 0, "game"],
            ),
        ],
    )
    def test_faults_say_where_they_are(self, change, where):
        data = json.loads(json.dumps(state()))
        change(data)
        with pytest.raises(PlacedError) as caught:
            read_state(data, {})
        assert list(caught.value.where) == where

    @pytest.mark.parametrize("junk", [None, 1, [], {}, {"setups": []}, {**state(), "more": 1}])
    def test_junk_is_refused(self, junk):
        with pytest.raises(sk.SpecError):
            read_state(junk, {})

    @pytest.mark.parametrize("junk", [None, [], [1], [setup()] * 3, [{}], [[]]])
    def test_junk_for_setups_is_refused(self, junk):
        with pytest.raises(sk.SpecError):
            read_state({**state(), "setups": junk}, {})


class TestCatalogue:
    def test_every_learner_is_offered_with_its_schema(self):
        offered = {entry["name"]: entry for entry in catalogue({})["learners"]}
        assert offered == {
            entry["name"]: entry for entry in sk.learner_schema() if entry["name"] in REGISTERED
        }

    def test_every_family_makes_games(self):
        choices = catalogue({})
        for family in choices["families"]:
            values = {each["name"]: each["value"] for each in family["parameters"]}
            made = make_games({"family": family["name"], "parameters": values})
            assert len(made) == (2 if family["name"] in choices["pairs"] else 1)
        described_by_games = {"named", "drift"}
        offered = {family["name"] for family in choices["families"]}
        assert offered == set(sk.games.__all__) - described_by_games

    def test_every_named_game_is_made(self):
        for name in catalogue({})["named"]:
            (game,) = make_games({"family": "named", "parameters": {"name": name}})
            assert game == sk.games.named(name)

    @pytest.mark.parametrize(
        "junk",
        [
            {},
            {"family": "Game"},
            {"family": "etc_failure", "parameters": {"no": 1}},
            {"family": "etc_failure", "parameters": {1: 1}},
            {"family": ["etc_failure"], "parameters": {}},
            {"family": "named", "parameters": {"name": 1}},
            {"family": "named", "parameters": {}},
            {"family": "named", "parameters": {"name": None}},
            {"family": "unachievable", "parameters": {}},
            {"family": "etc_failure", "parameters": []},
            {"family": "random", "parameters": {"n_leader": 25, "n_follower": 2, "seed": 1}},
            {"family": "unachievable", "parameters": {"delta": "x"}},
        ],
    )
    def test_junk_is_refused(self, junk):
        with pytest.raises(sk.SpecError):
            make_games(junk)

    def test_faults_name_the_parameter(self):
        family = {"family": "unachievable"}
        for values, argument, message in (
            ({"detla": 0.1}, "detla", r"an unknown key \(did you mean delta\?\)"),
            ({}, "delta", "must be given, as a parameter of unachievable"),
        ):
            with pytest.raises(sk.SpecError, match=message) as caught:
                make_games(family | {"parameters": values})
            assert caught.value.argument == argument


class TestPage:
    def test_it_begins_with_what_it_is_given(self):
        with contextlib.closing(sk.explore(LABELLED, sk.MOSS(), sk.EXP3())) as page:
            initial = page._server.initial
        assert sk.Game.from_dict(initial["setups"][0]["game"]) == LABELLED
        assert initial["setups"][0]["follower"]["learner"] == "EXP3"
        assert initial["horizon"] == 10**5  # EXP3 is stepped
        read_state(initial, {})

    def test_learners_of_ones_own_are_in_the_menus(self):
        with contextlib.closing(sk.explore(GAME, UCB, sk.UCB())) as page:
            server = page._server
        assert server.initial["setups"][0]["leader"] == {"learner": "UCB (own)"}
        assert server.initial["setups"][0]["follower"]["learner"] == "UCB"
        told = messages(state(server.initial["setups"][0]), server.own)["result", 0]
        run = sk.simulate(GAME, UCB, sk.UCB(), 300, replications=4, seed=7)
        np.testing.assert_array_equal(run.regret(sk.stackelberg).mean(axis=1), told["mean"])

    def test_it_begins_in_a_prepared_state(self):
        other = sk.games.etc_failure(noise=sk.Bernoulli())
        with contextlib.closing(
            sk.explore(
                GAME,
                sk.UCB(),
                horizon=1e6,
                replications=8,
                seed=7,
                benchmark=(0.5, 0.25),
                compare={"game": other, "follower": sk.EXP3()},
            )
        ) as page:
            initial = page._server.initial
        read = read_state(initial, {})
        assert read.setups == ((GAME, sk.UCB(), sk.ExploreThenCommit()), (other, sk.UCB(), sk.EXP3()))
        assert [(each.horizon, each.replications, each.seed) for each in read.experiments] == [
            (10**6, 8, 7)
        ] * 2
        assert read.benchmark == (0.5, 0.25)
        json.dumps(initial)

    def test_the_second_set_up_counts_for_the_horizon(self):
        with contextlib.closing(sk.explore(compare={"follower": sk.EXP3()})) as page:
            assert page._server.initial["horizon"] == 10**5

    @pytest.mark.parametrize(
        ("against", "table"),
        [
            ("weak", {"kind": "weak"}),
            ("tolerant", {"kind": "tolerant", "gamma": None}),
            (sk.stackelberg, {"kind": "stackelberg"}),
            (sk.mixed_stackelberg, {"kind": "mixed_stackelberg"}),
            (sk.tolerant(GAME, 0.25), {"kind": "tolerant", "gamma": 0.25}),
            (sk.self_tolerant(GAME, 0.125), {"kind": "self_tolerant", "gamma": 0.125}),
            (np.array([1.0, 0.5]), {"kind": "pair", "leader": 1.0, "follower": 0.5}),
        ],
        ids=lambda given: getattr(given, "__name__", str(given)),
    )
    def test_benchmarks_to_begin_with(self, against, table):
        with contextlib.closing(sk.explore(GAME, benchmark=against)) as page:
            assert page._server.initial["benchmark"] == table

    def test_the_link_holds_what_was_played_last(self):
        mine = "naïve <b>"
        with contextlib.closing(sk.explore(LABELLED, UCB, horizon=100)) as page:
            address, held = page.link.split("#")
            assert address == page.url
            assert held_state(held) == page._server.initial
            assert held_state(held)["setups"][0]["game"]["name"] == mine
            first = page._server.initial
            for asked, exponents, expected in (
                ({"horizon": 200}, False, 200),
                ({"horizon": 0}, False, 200),  # refused, so not played
                ({"horizon": 10**4}, True, 10**4),
            ):
                play(page, first | asked, exponents=exponents)
                assert held_state(page.link.split("#")[1]) == first | {"horizon": expected}

    def test_notebooks_show_it_in_a_frame(self):
        page = sk.explore()
        assert page.url in page._repr_html_()
        assert page.url in repr(page)
        page.close()
        assert "iframe" not in page._repr_html_()
        assert "closed" in repr(page)

    def test_bad_arguments_start_nothing(self):
        with pytest.raises(sk.SpecError, match="game"):
            sk.explore("etc_failure")
        with pytest.raises(sk.SpecError, match=r"game: .*one of the games of a changing game"):
            sk.explore(sk.ChangingGame([GAME, GAME], [0, 9]))
        with pytest.raises(sk.SpecError, match=f"{MAX_ACTIONS} x {MAX_ACTIONS}"):
            sk.explore(sk.games.random(25, 2, 1))
        with pytest.raises(sk.SpecError, match="follower"):
            sk.explore(GAME, sk.UCB(), "UCB")
        with pytest.raises(sk.SpecError, match="leader"):
            sk.explore(GAME, sk.BestResponse())
        for argument, value, message in (
            ("horizon", 0, "from 1"),
            ("replications", 10_001, "10000"),
            ("seed", -1, "SeedSequence"),
            ("benchmark", "tolerent", r"did you mean tolerant\?"),
            ("benchmark", sk.tolerant(sk.games.unachievable(0.1)[0], 0.25), "a benchmark of another game"),
            ("benchmark", sk.self_tolerant(GAME, math.inf), "finite gamma"),
            ("benchmark", (1, 2, 3), "pair of finite numbers"),
            ("benchmark", lambda _: (1, 2), "pair of finite numbers"),
            ("compare", {}, "mapping"),
            ("compare", {"leeder": sk.UCB()}, r"did you mean leader\?"),
        ):
            given = {"horizon": 100, argument: value}
            with pytest.raises(sk.SpecError, match=message) as caught:
                sk.explore(GAME, **given)
            assert caught.value.argument == argument
        with pytest.raises(sk.SpecError, match="follower"):
            sk.explore(GAME, compare={"follower": "UCB"})
        with pytest.raises(sk.SpecError, match="leader"):
            sk.explore(GAME, compare={"leader": sk.BestResponse()})

    def test_interval_bounds_are_ordered(self):
        run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 1000, replications=8, seed=1)
        told = numbers_of(run, regrets_of(run, sk.stackelberg))
        last = [told[name][0][-1] for name in ("low", "mean", "high")]
        assert last == sorted(last)
        assert not math.isnan(sum(last))
