"""The command ``stackel explore``: its options, and what it does (extra ``cli``)."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from stackel._explorer._initial import initial_state
from stackel._explorer._page import start
from stackel.games._file import read_game

GameFile = Annotated[Path | None, typer.Argument(metavar="GAMEFILE", help="Game in TOML or JSON.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port of the page.", show_default="a free one")]
Browser = Annotated[bool, typer.Option(help="Open the page in a browser.")]


def serve(file: Path | None, port: int, *, browser: bool) -> None:
    """Serve a page until Ctrl-C."""
    initial = initial_state(None if file is None else read_game(file))
    with contextlib.closing(start(*initial, port)) as page, contextlib.suppress(KeyboardInterrupt):
        typer.echo(f"The page is at {page.url} (Ctrl-C stops it)")
        if browser and not page.open():
            typer.echo("No browser was found: open this address yourself")
        page.wait()
