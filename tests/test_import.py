"""Importing stackel loads NumPy and nothing else that is not of Python itself."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys, numpy.random  # which numpy itself loads when it is first used

before = set(sys.modules)
import {module}
new = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(*sorted(new - sys.stdlib_module_names - {{"stackel", "numpy"}}))
"""


def loaded_by(module):
    """Third-party packages that importing a module brings in, besides NumPy."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOADED.format(module=module)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split()


def test_nothing_optional_is_imported():
    assert loaded_by("stackel") == []


def test_the_check_sees_what_is_optional():
    assert "typer" in loaded_by("stackel.cli")
