"""A virtual environment for each set of requirements, made once and kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HERE = Path(__file__).resolve().parent
NEEDS_PYTHON = {"smpybandits": "3.11"}
"""SMPyBandits needs SciPy below 1.12, which has wheels up to Python 3.12; one version is chosen for all."""


class UnavailableError(Exception):
    """A peer cannot be run here; the message says why."""


def output_of(*command: str | Path, variables: Mapping[str, str] | None = None) -> str:
    """Return the output of a command; if it fails, raise an error with the end of its messages."""
    words, values = [str(word) for word in command], {**os.environ, **(variables or {})}
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=HERE, env=values)
    if done.returncode:
        complaints = [line for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in complaints if line.startswith("ERROR")]
        raise UnavailableError([f"exit status {done.returncode}", *complaints, *errors][-1])
    return done.stdout


def requirements(name: str) -> Path:
    return HERE / f"requirements-{name}.txt"


def python_of_version(version: str | None, interpreters: Iterable[str]) -> str:
    """Return the Python of this process, or the first one with a certain version."""
    for python in [sys.executable, *interpreters, shutil.which(f"python{version}")]:
        if python and version in {None, version_of(python)}:
            return python
    raise UnavailableError(f"needs Python {version}; `--interpreter` names one")


def version_of(python: str) -> str:
    try:
        return output_of(python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").strip()
    except UnavailableError:
        return "none"


def environment(name: str, cache: Path, interpreters: Iterable[str]) -> Path:
    """Return the Python of an environment with the packages of its requirements file."""
    folder, wanted = cache.resolve() / name, requirements(name).read_text(encoding="utf-8")
    python, done = folder / "bin" / "python", folder / "done.txt"
    # stackel itself is a folder in its requirements, and may have changed.
    if name != "stackel" and done.exists() and done.read_text(encoding="utf-8") == wanted:
        return python
    output_of(python_of_version(NEEDS_PYTHON.get(name), interpreters), "-m", "venv", "--clear", folder)
    output_of(python, "-m", "pip", "install", "--requirement", requirements(name))
    done.write_text(wanted, encoding="utf-8")
    return python
