"""A figure that shows itself in notebooks, though pyplot does not know it."""

from __future__ import annotations

import io

from matplotlib.figure import Figure


class NotebookFigure(Figure):
    """Figure that belongs to no window system: it works headless and is freed like any object."""

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png")
        return png.getvalue()
