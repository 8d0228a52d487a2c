"""What is installed beside the code: the list of what is linked into it, and their licences."""

from __future__ import annotations

import json
from importlib.metadata import distribution

import pytest

UNBUILT = "zerocopy-derive"
"""Named by zerocopy under `cfg(any())`, which never holds, for the sake of its version."""


def text(name):
    """The one file of that name among what describes the installed package."""
    (file,) = (file for file in distribution("stackel").files if file.name == name)
    return file.read_text(encoding="utf-8")


@pytest.fixture
def linked():
    """Name and version of every crate that the bill of materials says the extension needs, but our own."""
    components = json.loads(text("stackel-py.cyclonedx.json"))["components"]
    needed = {
        (component["name"], component["version"])
        for component in components
        if component["scope"] == "required"
    }
    return {f"{name} {version}" for name, version in needed if name not in ("stackel-core", UNBUILT)}


def test_licences_of_all_that_is_linked(linked):
    assert len(linked) > 10
    crates = {line.partition(" (")[0] for line in text("LICENSE-CRATES").splitlines()}
    assert linked <= crates, 'write LICENSE-CRATES anew: see CONTRIBUTING.md, "Workflows"'


def test_our_own_licences():
    assert text("LICENSE-MIT").startswith("MIT License")
    assert "Apache License" in text("LICENSE-APACHE")
