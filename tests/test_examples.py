"""The notebooks of the examples run from top to bottom, without an error and without a warning on stderr."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "examples").glob("*.ipynb"))
LIMIT = 600
"""Seconds for one cell."""


def test_there_are_examples():
    assert len(NOTEBOOKS) == 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code), "kept without outputs"
    NotebookClient(notebook, timeout=LIMIT, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    # A figure at least, and a number.
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert any("text/plain" in output.get("data", {}) for output in outputs)
