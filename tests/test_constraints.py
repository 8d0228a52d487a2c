"""constraints.txt has a version of all that the extras need, and one that they allow."""

import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def test_every_requirement_has_a_version_that_it_allows():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    pinned = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            pin = Requirement(line)
            pinned.setdefault(pin.name, []).append(str(pin.specifier).removeprefix("=="))

    def is_met(wish):
        versions = pinned.get(wish.name, [])
        return versions and all(wish.specifier.contains(version, prereleases=True) for version in versions)

    others = [wish for wish in map(Requirement, wanted) if wish.name != "stackel"]
    assert [str(wish) for wish in others if not is_met(wish)] == [], "run .github/renew-constraints"
