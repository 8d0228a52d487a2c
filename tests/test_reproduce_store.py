"""The store of a reproduction: a stopped run goes on from it, and other runs share its games."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow.parquet
import pytest

import stackel as sk
from stackel.reproduce import STORE, run
from stackel.reproduce.claim import Claim
from stackel.reproduce.experiments import STACKELBERG, Effort, Lab, Match, Pair, etc_failure, with_noise
from stackel.reproduce.findings import Evidence, at_most, per_round

PAIR = Pair("UCB v UCB", sk.UCB(), sk.UCB())
BASE = Match(PAIR, [etc_failure()], STACKELBERG, Effort((64, 128), 3))


def lab(directory, **changes):
    return Lab(**{"seed": 1, "engine": "stepwise", "store": directory / STORE} | changes)


def play(lab, **changes):
    ((regrets,),) = lab.play({"one": BASE._replace(**changes)}).values()
    return regrets


class TestReuse:
    def test_the_same_again_is_not_played(self, tmp_path):
        first = play(lab(tmp_path))
        again = lab(tmp_path, threads=1)
        assert np.array_equal(play(again).samples, first.samples)
        assert (again.reused, again.played) == (6, 0)

    def test_an_executor_plays_the_same(self, tmp_path):
        with ThreadPoolExecutor(2) as executor:
            away = play(lab(tmp_path / "away", executor=executor))
        assert np.array_equal(away.samples, play(lab(tmp_path)).samples)

    def test_names_and_benchmarks_do_not_matter(self, tmp_path):
        play(lab(tmp_path))
        again = lab(tmp_path)
        other = {"pair": replace(PAIR, name="another"), "instances": [replace(etc_failure(), name="another")]}
        play(again, **other, benchmark="sk.tolerant(game, 0.1)")
        assert again.played == 0

    @pytest.mark.parametrize(
        ("other", "played"),
        [
            ({"pair": replace(PAIR, leader=sk.UCB(confidence=2.0))}, 6),
            ({"pair": replace(PAIR, follower=sk.UCB(anytime=True))}, 6),
            ({"instances": [with_noise(etc_failure(), 2.0)]}, 6),
            ({"effort": Effort((64, 129), 3)}, 3),
            ({"effort": Effort((64, 128), 4)}, 2),
        ],
    )
    def test_what_is_new_is_played(self, tmp_path, other, played):
        play(lab(tmp_path))
        again = lab(tmp_path)
        play(again, **other)
        assert again.played == played

    @pytest.mark.parametrize("other", [{"seed": 2}, {"engine": "reference"}])
    def test_seed_and_engine_matter(self, tmp_path, other):
        play(lab(tmp_path))
        again = lab(tmp_path, **other)
        play(again)
        assert again.reused == 0

    def test_the_store_is_that_of_a_sweep(self, tmp_path):
        regrets = play(lab(tmp_path))
        task = sk.Task(
            sk.games.etc_failure(),
            sk.UCB(),
            sk.UCB(),
            128,
            replications=3,
            seed=1,
            engine="stepwise",
        )
        found = sk.sweep([task], store=tmp_path / STORE)
        assert found.played == 0
        expected = found.regrets(sk.stackelberg)[0][:, :, 0]
        assert np.array_equal(regrets.samples[:, :, 1], expected)


def test_damage_is_named_and_mended(tmp_path):
    first = play(lab(tmp_path))
    (path,) = (tmp_path / STORE / "results").iterdir()
    path.write_bytes(path.read_bytes()[:-100])
    again = lab(tmp_path)
    with pytest.warns(sk.StackelWarning, match="cannot be used"):
        assert np.array_equal(play(again).samples, first.samples)
    assert again.played == 6
    assert play(mended := lab(tmp_path)) is not None
    assert (mended.reused, mended.played) == (6, 0)


class TestInterruption:
    pairs = tuple(Pair(str(c), sk.UCB(confidence=c), sk.UCB()) for c in (1.0, 2.0, 3.0))
    effort = Effort((64, 128), 100)

    def claim(self, key, pair):
        return Claim(
            key,
            "t",
            "s",
            "g",
            {"quick": {}},
            lambda _: {"one": Match(pair, [etc_failure()], STACKELBERG, self.effort)},
            lambda found: Evidence((per_round("", found["one"][0], 0, at_most(1, "1")),)),
        )

    def test_a_stopped_run_goes_on(self, tmp_path, monkeypatch):
        claims = [self.claim(pair.name, pair) for pair in self.pairs]
        whole = run(tmp_path / "whole", claims=claims, engine="stepwise")
        played = []

        def stops(*arguments, **options):
            if sum(played) >= 300:  # in the middle of the second claim
                raise KeyboardInterrupt
            batch = sk.simulate_many(*arguments, **options)
            played.append(len(batch.error_bound))
            return batch

        monkeypatch.setattr("stackel.sweeps.play.simulate_many", stops)
        out, notes = tmp_path / "stopped", []
        with pytest.raises(KeyboardInterrupt):
            run(out, claims=claims, engine="stepwise")
        kept = pyarrow.parquet.read_table(out / STORE / "results").num_rows  # a row for each game
        assert 200 < kept <= sum(played) < 400
        monkeypatch.undo()
        found = run(out, claims=claims, engine="stepwise", on_note=notes.append)
        assert [repr(evidence) for _, evidence in found.values()] == [
            repr(evidence) for _, evidence in whole.values()
        ]
        assert notes == [f"Reused {kept} of 600 games from {out / STORE}."]
