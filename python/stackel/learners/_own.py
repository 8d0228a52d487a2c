"""Learners of a user's own: what they have in common, and what a file keeps of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Never, Self

from stackel._utils.validation import as_choice, shown
from stackel.errors import SpecError
from stackel.learners import Learner

KINDS = ("CustomLearner", "CompiledLearner")
"""Learners that are more than their parameters."""
_LONGEST_NAME = 200
_LONGEST_VERSION = 50
_VERSION = f"a line of 1 to {_LONGEST_VERSION} printable characters"


class OwnLearner(Learner, registered=False):
    """What learners of a user's own have in common: a name and a version instead of parameters.

    Base class of `CustomLearner`, `CompiledLearner` and `RecordedLearner`.
    """

    name: str
    version: str = ""
    """The user's word for which rule it is; see `Task`."""

    @property
    def label(self) -> str:
        """Its name."""
        return self.name

    def resolve(self, *_args: Any, **_kwargs: Any) -> Self:
        """Return the learner itself: it has no defaults that could be filled in."""
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return kind and name, and the version if it has one, which does not suffice to play."""
        return _described(type(self).__name__, self.name, self.version)

    def __str__(self) -> str:
        return repr(self)

    def __repr__(self) -> str:
        version = f", version={self.version!r}" if self.version else ""
        return f"{type(self).__name__}({self.name!r}{version})"


@dataclass(frozen=True, repr=False)
class RecordedLearner(OwnLearner, registered=False, reads=KINDS):
    """A learner of a user's own that was read from a file, which holds its name and version only.

    It stands for that learner in results that `stackel.load` reads. It cannot play.

    Parameters
    ----------
    kind : {"CustomLearner", "CompiledLearner"}
        What kind of learner it was.
    name, version : str
        What the file has; the version may be missing.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.Learner.from_dict({"learner": "CustomLearner", "name": "MyUCB"})
    RecordedLearner(kind='CustomLearner', name='MyUCB')
    """

    kind: str
    name: str
    version: str = ""

    def __post_init__(self) -> None:
        vars(self).update(
            kind=as_choice("learner", self.kind, KINDS),
            name=as_name(self.name),
            version=as_version(self.version),
        )

    def as_core(self) -> Never:
        """Refuse: its code is not here."""
        raise SpecError("learner", "a learner whose code is at hand", f"the name {self.name!r} alone")

    def to_dict(self) -> dict[str, Any]:
        """Return kind and name, and the version if it has one."""
        return _described(self.kind, self.name, self.version)

    def __repr__(self) -> str:
        version = f", version={self.version!r}" if self.version else ""
        return f"RecordedLearner(kind={self.kind!r}, name={self.name!r}{version})"

    @staticmethod
    def from_dict(data: dict[str, Any]) -> RecordedLearner:
        """Read what `to_dict` of a learner of a user's own has written."""
        if not isinstance(data, dict) or data.keys() - {"version"} != {"learner", "name"}:
            raise SpecError("learner", "a table with learner, name and perhaps version", shown(data))
        return RecordedLearner(data["learner"], data["name"], data.get("version", ""))


def _described(kind: str, name: str, version: str) -> dict[str, Any]:
    return {"learner": kind, "name": name} | ({"version": version} if version else {})


def name_or(name: Any, default: str | None) -> Any:
    """Return a name as it is given, to be checked; the default for None and the empty one."""
    return default if name is None or (isinstance(name, str) and not name) else name


def as_name(name: object) -> str:
    """Name of a learner: a short line of text."""
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise SpecError("name", f"a line of 1 to {_LONGEST_NAME} printable characters", shown(name))
    return str.__str__(name)


def as_version(version: object) -> str:
    """Version of a learner: a short line of text; None and the empty one are none."""
    if version is None or (isinstance(version, str) and not version):
        return ""
    if not isinstance(version, str) or not version.strip() or not version.isprintable():
        raise SpecError("version", _VERSION, shown(version))
    if len(version) > _LONGEST_VERSION:
        raise SpecError("version", _VERSION, f"one of {len(version)} characters")
    return str.__str__(version)
