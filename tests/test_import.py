"""Importing stackel loads NumPy, small parts of Python's own library, and nothing else."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys, numpy.random  # which numpy itself loads when it is first used

before = set(sys.modules)
import {module}
print(*{{name.partition(".")[0] for name in set(sys.modules) - before}})
"""
SLOW = {"asyncio", "email", "http", "multiprocessing", "sqlite3", "ssl", "subprocess", "unittest", "xml"}
"""Packages of Python's own library that take as long to import as all of stackel."""


def loaded_by(module):
    """Packages that importing a module brings in, besides those that NumPy brings in."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOADED.format(module=module)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


def test_nothing_optional_is_imported():
    assert loaded_by("stackel") - sys.stdlib_module_names <= {"stackel", "numpy"}


def test_nothing_slow_is_imported():
    assert loaded_by("stackel") & SLOW == set()


def test_the_checks_see_what_is_imported():
    assert "typer" in loaded_by("stackel.cli")
    assert "asyncio" in loaded_by("asyncio")
