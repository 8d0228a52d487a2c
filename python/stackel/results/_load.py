"""Reading of result files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel.results._file import load as load_result
from stackel.results._result import Result

if TYPE_CHECKING:
    import os


def load(path: str | os.PathLike[str]) -> Result:
    """Read a result from a file of `Result.save`.

    The content is checked: a damaged or hostile file raises a SpecError that names the fault,
    nothing in it is executed, and memory stays within a small multiple of its size.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Result

    Raises
    ------
    SpecError
        If the file does not exist, or is not a result file of a version that this stackel reads.

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
    return Result(**load_result(path))
