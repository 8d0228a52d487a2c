"""Progress bar of long runs."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from stackel._utils.optional import require
from stackel._utils.validation import as_flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_NO_BAR: contextlib.nullcontext[None] = contextlib.nullcontext()


def progress_bar(*, show: bool) -> contextlib.AbstractContextManager[Callable[[float], None] | None]:
    """Return a context with a function of the fraction done, or with None unless `show`.

    `show` is the argument called ``progress``. The core calls the function at most a few times a second,
    and never in very short runs.
    """
    return _bar() if as_flag("progress", show) else _NO_BAR


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[float], None]]:
    tqdm = require("tqdm.auto", "progress").tqdm
    layout = "{l_bar}{bar}| {elapsed}<{remaining}"
    with tqdm(total=1.0, bar_format=layout, delay=0.2) as bar:
        yield lambda fraction: bar.update(fraction - bar.n)
        bar.update(1.0 - bar.n)
