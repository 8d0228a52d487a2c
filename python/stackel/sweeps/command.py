"""What commands that play files share: options, and what follows Ctrl-C (extra ``cli``)."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stackel._utils.optional import require
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STOPPED = 130
"""Exit code of a command that was stopped by Ctrl-C."""

Learners = Annotated[
    str | None,
    typer.Option(
        help="Python file or module whose classes are learners that the file may name; it is imported."
    ),
]
Workers = Annotated[
    str | None, typer.Option(help="Address of a Dask scheduler; by default the cores of this machine.")
]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads of this machine.", show_default="all cores")
]


@contextlib.contextmanager
def resumable(store: Path) -> Iterator[None]:
    """Say how to continue after Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"stackel: stopped; the same command continues from {store}", err=True)
        raise typer.Exit(STOPPED) from None


def connected(address: str) -> Any:
    """Return a client of the scheduler at an address."""
    client = require("distributed", "dask").Client
    try:
        return client(address)
    except (OSError, ValueError) as error:
        raise SpecError("workers", "the address of a Dask scheduler", f"{address} ({error})") from error
