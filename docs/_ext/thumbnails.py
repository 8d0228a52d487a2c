"""Thumbnails: the first figure of another page, as drawn in the build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Thumbnail(nodes.General, nodes.Element):
    """Place for the first figure of a page."""


class ThumbnailDirective(SphinxDirective):
    """Directive ``thumbnail``, whose argument is the name of a page in the same folder."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Leave a place, because the other page may not have been read yet."""
        folder = self.env.docname.rpartition("/")[0]
        return [Thumbnail(page=f"{folder}/{self.arguments[0]}")]


class FillIn(SphinxPostTransform):
    """Figures put into their places after all pages have been read."""

    default_priority = 5

    def run(self, **_: Any) -> None:
        """Copy the figure without its text, which would repeat the page."""
        for place in list(self.document.findall(Thumbnail)):
            figure = next(self.env.get_doctree(place["page"]).findall(nodes.image), None)
            copy = [] if figure is None else [figure.deepcopy()]
            for image in copy:
                image["alt"], image["classes"] = "", ["thumbnail"]
            place.replace_self(copy)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive ``thumbnail``."""
    app.add_node(Thumbnail)
    app.add_directive("thumbnail", ThumbnailDirective)
    app.add_post_transform(FillIn)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
