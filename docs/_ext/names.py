"""Links from names of the package, written as code, to the reference.

Markdown needs ```sk.simulate(...)``` in backticks, docstrings single backticks.
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
    """Return a link to an object of the package; an `optional` link may have no target."""
    link = pending_xref("", shown, refdomain=DOMAIN, reftype="obj", reftarget=target, refdoc=page)
    link["refexplicit"], link["optional"] = True, optional
    return link


class NameRole(SphinxRole):
    """Single backticks in a docstring: an object of the package, a parameter or a key."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Link the name; a full name without a target is an error."""
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
        """Link all such code outside of headings and links."""
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
    """Show an optional link without a target as code."""
    return shown if node.get("optional") else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role ``name`` and the links of code."""
    app.add_role("name", NameRole())
    app.add_transform(LinkCode)
    app.connect("missing-reference", leave_alone)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
