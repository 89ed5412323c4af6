"""What you have to trust: ``{trusted}`` prints how much code a verdict rests on, and ``{trusted} modules`` of what."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from sizes import GROUPS, modules, pairs
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Trusted(SphinxDirective):
    """The tables."""

    optional_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the table of the groups, or one for each with its modules."""
        self.env.note_reread()
        lines = list(_detailed() if self.arguments else _summed())
        return self.parse_text_to_nodes("\n".join(lines))


def _summed() -> Iterator[str]:
    yield from ("| part | modules | lines | a verdict rests on it for |", "| --- | ---: | ---: | --- |")
    for group in GROUPS:
        sizes = [lines for _, lines in modules(group)]
        yield f"| {group.title} | {len(sizes)} | {sum(sizes):,} | {group.rests} |"


def _detailed() -> Iterator[str]:
    quick = pairs()
    for group in GROUPS:
        yield from ("", f"**{group.title}**", "", "| module | lines | with a quick form, or remembered |")
        yield "| --- | ---: | --- |"
        for path, lines in modules(group):
            names = ", ".join(f"`{name.rpartition('.')[2]}`" for name in quick.get(path, ()))
            yield f"| `{path}` | {lines:,} | {names} |"


def setup(app: "Sphinx") -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("trusted", Trusted)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
