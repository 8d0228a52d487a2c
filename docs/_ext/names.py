"""Names of the package, wherever they are written as code, lead to the reference.

In Markdown ```sk.simulate(...)``` in backticks is enough; in docstrings single backticks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

CODE = re.compile(r"(?:sk|stackel)\.(?P<path>[A-Za-z]\w*(?:\.\w+)*)(?:\(.*\))?")
DOMAIN = "py"


def reference(target: str, shown: nodes.Node, page: str, *, optional: bool) -> pending_xref:
    """Return a link to an object of the package; an `optional` one may turn out to lead nowhere."""
    link = pending_xref("", shown, refdomain=DOMAIN, reftype="obj", reftarget=target, refdoc=page)
    link["refexplicit"], link["optional"] = True, optional
    return link


class NameRole(SphinxRole):
    """Single backticks in a docstring: an object of the package, a parameter or a key."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Link what is documented; a full name that is not, is a mistake."""
        shown = nodes.literal(self.rawtext, self.text)
        link = reference(self.text, shown, self.env.docname, optional=not self.text.startswith("stackel."))
        link.source, link.line = self.get_source_info()
        for key in ("module", "class"):
            link[f"py:{key}"] = self.env.ref_context.get(f"py:{key}")
        return [link], []


class LinkCode(SphinxTransform):
    """Link inline code such as ``sk.simulate(...)``."""

    default_priority = 500

    def apply(self, **_: Any) -> None:
        """Wrap every such piece of code outside of headings and links."""
        for code in list(self.document.findall(nodes.literal)):
            match = CODE.fullmatch(code.astext())
            if match and not isinstance(code.parent, nodes.title | nodes.reference | pending_xref):
                link = reference(f"stackel.{match['path']}", code.deepcopy(), self.env.docname, optional=True)
                code.replace_self(link)


def leave_alone(
    app: Sphinx,  # noqa: ARG001 the signature of the event
    env: BuildEnvironment,  # noqa: ARG001
    node: pending_xref,
    shown: nodes.TextElement,
) -> nodes.TextElement | None:
    """Show what leads nowhere as the code that it is, if it may."""
    return shown if node.get("optional") else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the role ``name`` known, and link code."""
    app.add_role("name", NameRole())
    app.add_transform(LinkCode)
    app.connect("missing-reference", leave_alone)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
