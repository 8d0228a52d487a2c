"""Read any file that a result was saved to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._files.archive import format_of
from stackel.results._file import existing_file, read_result
from stackel.results._meta_game import MetaGame
from stackel.results._meta_game_file import FORMAT, read_meta_game
from stackel.results._result import Result

if TYPE_CHECKING:
    import os


def load(path: str | os.PathLike[str]) -> Any:
    """Read a result from a file of `Result.save` or of `MetaGame.save`.

    The content is checked: a damaged or hostile file raises a SpecError that names the fault,
    nothing in it is executed, and memory stays within a small multiple of its size.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Result or MetaGame
        What was saved.

    Raises
    ------
    SpecError
        If the file does not exist, or is not a file of stackel of a version that this one reads.

    Examples
    --------
    >>> import tempfile, pathlib, stackel as sk
    >>> run = sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 1000, replications=4, seed=1)
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     path = pathlib.Path(directory) / "run.stackel"
    ...     run.save(path)
    ...     sk.load(path) == run
    True
    """
    existing_file(path)
    if format_of(path) == FORMAT:
        return MetaGame(**read_meta_game(path))
    return Result(**read_result(path))
