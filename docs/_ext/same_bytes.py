"""A second build gives the same bytes: what would tell of its builder (times, addresses, folders) is left out."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_type_hints

if TYPE_CHECKING:
    from docutils.nodes import Element, document
    from sphinx.application import Sphinx

TIME: Final = re.compile(r"( *)(?<![\d.])(\d+\.\d+)((?:\s|\x1b\[[\d;]*m)+)s\b|(?<=\"seconds\": )\d+(?:\.\d+)?")
"""Seconds with decimals, as commands print what they took (limits, which are asked for, have none); those of JSON.

Colours may stand between a number and its unit, where a line ends.
"""


def without_times(printed: str) -> str:
    r"""Return what a command printed without the seconds that it took, and without blanks at the ends of lines.

    A number in a column takes the blanks before it along, so that the column stays where it is.

    >>> without_times("1 claim holds; 2.0 s")
    '1 claim holds; … s'
    >>> print(without_times("gibbs-optimum     6.5 s\nspanner-size     12.5 s  "))
    gibbs-optimum       … s
    spanner-size        … s
    >>> without_times('ends after 20 seconds, or 60 s; "seconds": 4.74,')
    'ends after 20 seconds, or 60 s; "seconds": …,'
    """

    def blanked(found: re.Match[str]) -> str:
        if found[2] is None:
            return "…"
        blanks, number, space = found.groups()
        return f"{blanks}{'…'.rjust(len(number) if len(blanks) > 1 else 1)}{space}s"

    return "\n".join(line.rstrip() for line in TIME.sub(blanked, printed).split("\n"))


def below(root: Path, text: str) -> str:
    """Return a text in which paths start at the checkout.

    >>> below(Path("/home/me/clone"), "PosixPath('/home/me/clone/reference/catalog')")
    "PosixPath('reference/catalog')"
    >>> below(Path("/home/me/clone"), "PosixPath('/home/me/clone')")
    "PosixPath('.')"
    """
    return text.replace(f"{root}/", "").replace(f"'{root}'", "'.'")


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    r"""Return the outputs of a cell with the pieces of each stream put together.

    They arrive whenever the kernel flushes; myst_nb would end a line after each.

    >>> joined([{"output_type": "stream", "name": "stdout", "text": text} for text in ("0", " 1\n", "2\n")])
    [{'output_type': 'stream', 'name': 'stdout', 'text': '0 1\n2\n'}]
    """
    streams: dict[str, dict[str, Any]] = {}
    kept: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] != "stream":
            kept.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = output
            kept.append(output)
    return kept


def telling(html: str, root: Path) -> list[str]:
    """Return what in a page tells of its builder: the folder of the checkout, addresses in memory.

    >>> telling("default &lt;Option object at 0x7f9f3bed2790&gt;, in /home/me/clone/docs", Path("/home/me/clone"))
    ['/home/me/clone/docs', 'object at 0x7f9f3bed2790']
    """
    return re.findall(rf"{re.escape(str(root))}(?:/[\w./-]*)?(?![\w-])", html) + re.findall(
        "object at 0x[0-9a-f]+", html
    )


def setup(app: "Sphinx") -> dict[str, bool]:
    """Look at each page once it is read, at each signature of the command line, and at what is written in the end."""
    app.connect("builder-inited", _as_in_a_first_build)
    app.connect("doctree-read", _clean)
    app.connect("autodoc-process-signature", _without_metadata)
    app.connect("build-finished", _check)
    from myst_nb.core import render  # noqa: PLC0415 (the rest is tested without Sphinx)

    merged = render.coalesce_streams
    render.coalesce_streams = lambda outputs: merged(joined(outputs))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _as_in_a_first_build(app: "Sphinx") -> None:
    """Remove the style sheets that extensions write last: pages link to them with a digest if they are there before."""
    for name in ("mystnb.*.css", "proof.css"):
        for sheet in Path(app.outdir, "_static").glob(name):
            sheet.unlink()


def _clean(app: "Sphinx", page: "document") -> None:
    from docutils import nodes  # noqa: PLC0415 (the functions above are tested without Sphinx)
    from sphinx.addnodes import desc_signature  # noqa: PLC0415 (as above: tested without Sphinx)

    root = Path(app.srcdir).parent
    for signature in page.findall(desc_signature):
        _rewrite(signature, lambda text: below(root, text))
    for cell in page.findall(nodes.container):
        if cell.get("nb_element") == "cell_code_output":
            for printed in cell.findall(nodes.literal_block):
                _rewrite(printed, without_times)


def _rewrite(element: "Element", change: Callable[[str], str]) -> None:
    from docutils import nodes  # noqa: PLC0415 (as above: tested without Sphinx)

    for text in list(element.findall(nodes.Text)):
        if (changed := change(text.astext())) != text.astext():
            text.parent.replace(text, nodes.Text(changed))
            if isinstance(element, nodes.literal_block):
                element.rawsource = changed  # highlighted only if this is its text


def _without_metadata(
    app: "Sphinx",
    _what: str,
    _name: str,
    found: Callable[..., object],
    _options: object,
    signature: str | None,
    returns: str | None,
) -> tuple[str, str | None] | None:
    """Leave out what typer hides in annotations: a parameter's help stands on the command line's own page."""
    if "typer.models" not in (signature or ""):
        return None
    from sphinx.util import inspect  # noqa: PLC0415 (as above: tested without Sphinx)

    hints = get_type_hints(found)
    bare = inspect.signature(found)
    bare = bare.replace(
        parameters=[each.replace(annotation=hints.get(name, each.annotation)) for name, each in bare.parameters.items()]
    )
    short = app.config.autodoc_typehints_format == "short"
    return inspect.stringify_signature(bare, show_return_annotation=False, unqualified_typehints=short), returns


def _check(app: "Sphinx", failure: Exception | None) -> None:
    from sphinx.util import logging  # noqa: PLC0415 (as above: tested without Sphinx)

    if failure is None:
        for page in sorted(Path(app.outdir).rglob("*.html")):
            for found in telling(page.read_text("utf-8"), Path(app.srcdir).parent):
                logging.getLogger(__name__).warning("tells of its builder: %s", found, location=str(page))
