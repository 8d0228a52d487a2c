"""Entry point of the command line, also as ``python -m stackel``."""

from __future__ import annotations

import sys

from stackel._utils.console import show_everything
from stackel._utils.optional import require
from stackel.errors import MissingExtraError


def main() -> None:
    """Run the command line, or say what to install."""
    try:
        require("typer", "cli")
        require("rich", "cli")
    except MissingExtraError as error:
        sys.exit(f"stackel: {error}")
    from stackel.cli import app  # noqa: PLC0415 typer is an extra

    show_everything()
    app()


if __name__ == "__main__":
    main()
