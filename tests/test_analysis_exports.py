"""What all analyses have in common: tables, datasets, where they come from, progress."""

from __future__ import annotations

import contextlib
import json
import pickle

import numpy as np
import pytest
from made import hide_module

import stackel as sk

GAME = sk.games.etc_failure()
PAIR = (sk.UCB(), sk.UniformLearner())
SMALL = {"seed": 2**64 - 1, "replications": 3}
MAKERS = {
    "scaling": lambda **options: sk.scaling(GAME, *PAIR, [50, 500], (9.0, 9.0), **SMALL | options),
    "worst_case": lambda **options: sk.worst_case(
        sk.games.lower_bound, *PAIR, [50, 500], (9.0, 9.0), [0.1, 0.2], **SMALL | options
    ),
    "portfolio": lambda **options: sk.portfolio(*PAIR, GAME, 50, **SMALL | options),
    "compare": lambda **options: sk.compare(GAME, [PAIR, PAIR[::-1]], 50, **SMALL | options),
}
KEYS = set(sk.simulate(GAME, *PAIR, 5).provenance)


@pytest.fixture(scope="module")
def made():
    """One result of each analysis."""
    return {name: make() for name, make in MAKERS.items()}


@pytest.mark.parametrize("name", MAKERS)
def test_tables_and_datasets_say_where_they_come_from(made, name):
    found = made[name]
    assert set(found.provenance) == KEYS
    for exported in (found.table, found.to_xarray()):
        assert set(exported.attrs) == KEYS
        spec = json.loads(exported.attrs["spec"])
        assert spec == found.provenance["spec"]
        assert spec["analysis"] == name
        assert exported.attrs["seed"] == str(2**64 - 1)
        assert exported.attrs["version"] == sk.__version__
        assert exported.attrs["stream_version"] == sk.build_info()["stream_version"]
        assert exported.attrs["platform"].startswith(sk.build_info()["target"])


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("engine", ["leap", "stepwise"])
def test_the_engine_is_the_one_asked_for(name, engine):
    found = MAKERS[name](engine=engine, replications=2, threads=1)
    assert {run["engine"] for run in found.provenance["spec"]["runs"]} <= {engine, "stepwise"}
    assert engine in found.provenance["engine"]


@pytest.mark.parametrize("name", MAKERS)
def test_the_same_seed_gives_the_same_numbers(made, name):
    again = MAKERS[name]()
    assert made[name].to_xarray().identical(again.to_xarray())
    other = MAKERS[name](seed=1)
    assert not made[name].to_xarray().equals(other.to_xarray())


@pytest.mark.parametrize("name", MAKERS)
def test_results_can_be_pickled(made, name):
    copy = pickle.loads(pickle.dumps(made[name]))
    assert made[name].to_xarray().identical(copy.to_xarray())
    assert repr(copy) == repr(made[name])


@pytest.mark.parametrize("name", MAKERS)
def test_progress_is_reported_run_by_run(monkeypatch, name):
    reports = []

    @contextlib.contextmanager
    def record(*, show):
        reports.append(show)
        yield reports.append

    monkeypatch.setattr("stackel.analysis._runs.progress_bar", record)
    MAKERS[name](progress=True)
    assert reports[0] is True
    runs = int(1 / reports[1])
    np.testing.assert_allclose(reports[1 : runs + 1], np.arange(1, runs + 1) / runs)


@pytest.mark.parametrize("name", MAKERS)
def test_missing_extras_are_named(monkeypatch, made, name):
    found = made[name]
    for package, extra, use in (
        ("pandas", "pandas", lambda: found.table),
        ("xarray", "xarray", found.to_xarray),
        ("matplotlib", "plot", found.plot),
    ):
        with monkeypatch.context() as patch:
            hide_module(patch, package)
            with pytest.raises(sk.MissingExtraError, match=rf"stackel\[{extra}\]"):
                use()


def test_all_names_are_public():
    names = {"Comparison", "Diagnostics", "Exploit", "Portfolio", "ScalingFit", "WorstCase"}
    functions = {"compare", "diagnostics", "exploit", "portfolio", "scaling", "worst_case"}
    assert names | functions == set(sk.analysis.__all__) <= set(sk.__all__)
    for name in names | functions:
        assert getattr(sk, name) is getattr(sk.analysis, name)
