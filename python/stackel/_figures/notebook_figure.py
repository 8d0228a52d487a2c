"""A figure that notebooks and scripts show, and that needs no window system."""

from __future__ import annotations

import io
import sys
import warnings

from matplotlib.backends.registry import BackendFilter, backend_registry
from matplotlib.figure import Figure

from stackel.errors import StackelWarning

_NO_WINDOWS = (
    "no window can be opened (backend {}): save the figure with savefig(path), or choose another backend"
)


class NotebookFigure(Figure):
    """Figure without a window system: it works headless and is freed like any object."""

    def _repr_png_(self) -> bytes:
        png = io.BytesIO()
        self.savefig(png, format="png")
        return png.getvalue()

    def show(self, warn: bool = True) -> None:  # noqa: FBT001, FBT002 as Matplotlib has it
        """Show the figure in the notebook, or in a window, and return when it is closed.

        Where no window can be opened it warns, unless `warn` is False.
        """
        shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
        if hasattr(shell, "kernel"):
            sys.modules["IPython"].display.display(self)
            return
        from matplotlib import pyplot as plt  # noqa: PLC0415 it chooses a window system when it is imported

        backend = plt.get_backend()
        without = backend_registry.list_builtin(BackendFilter.NON_INTERACTIVE)  # type: ignore[no-untyped-call]  # Matplotlib's
        if backend.lower() in without:
            if warn:
                warnings.warn(_NO_WINDOWS.format(backend), StackelWarning, stacklevel=2)
            return
        canvas = self.canvas
        plt.figure(FigureClass=lambda *_arguments, **_options: self)  # type: ignore[arg-type]  # called like a class
        plt.show()
        plt.close(self)
        self.set_canvas(canvas)
