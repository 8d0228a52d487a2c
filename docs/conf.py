"""How the documentation site is built: ``sphinx-build -W --keep-going -n docs docs/_build/html``.

Nothing is fetched, neither while building nor while reading: formulas are MathML, fonts and scripts come
with the theme, and `offline` refuses pages that ask another host for anything.
"""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import zmq
from jupyter_client import KernelManager
from numpydoc.xref import DEFAULT_LINKS

import stackel

CLASSES = {name: thing for name, thing in vars(stackel).items() if inspect.isclass(thing)}

project = "stackel"
version = release = stackel.__version__
author = "the stackel authors"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
    "sphinx_copybutton",
    "mathml",
    "names",
    "offline",
    "reference",
    "repository",
    "thumbnails",
]
templates_path = ["_templates"]
exclude_patterns = ["_build", "_ext", "_static"]
nitpicky = True
show_warning_types = True

# Pages: Markdown, whose `code-cell`s run while the site is built. What fails to run fails the build.
myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
myst_heading_anchors = 3
if zmq.has("curve"):
    KernelManager.transport_encryption.default_value = "auto"  # kernels warn of connections in plain text
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
os.environ["MEASURED"] = str(
    Path(__file__).parent / "gallery" / "measured"
)  # pages run in a folder of their own
nb_merge_streams = True
nb_output_stderr = "warn"  # pages show results, not complaints
copybutton_exclude = ".linenos, .gp, .go"

# Reference: every type stands in a docstring, so signatures are shown without.
autodoc_typehints = "none"
autodoc_preserve_defaults = True
autodoc_inherit_docstrings = False
autosummary_generate = True
autosummary_context = {
    "derived": {f"stackel.{name}" for name, thing in CLASSES.items() if thing.__base__ is not object}
}
numpydoc_show_class_members = False  # members stand below, with all of their docstrings
numpydoc_xref_param_type = True
numpydoc_xref_aliases = {name: f"stackel.{name}" for name in CLASSES}
numpydoc_xref_ignore = "all"
DEFAULT_LINKS.clear()  # to the documentation of Python and NumPy, which takes a network to look up
default_role = "name"

html_theme = "pydata_sphinx_theme"
html_title = "stackel"
html_static_path = ["_static"]
html_css_files = ["stackel.css"]
html_copy_source = False
html_show_sourcelink = False
html_context = {"default_mode": "auto"}
html_math_renderer = "mathml"
html_sidebars = {"index": []}
html_theme_options = {
    "logo": {"text": "stackel"},
    "show_toc_level": 2,
    "show_prev_next": True,
    "footer_start": [],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "navigation_with_keys": False,
}
