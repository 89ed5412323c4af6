r"""Statements of claims for a terminal: what the pages show as formulas, in TeX, becomes text.

>>> readable(r"$J(\pi^*) - J(\pi) = \beta\, \E_{x \sim \rho} \KL(\pi \,\|\, \pi^*) \ge 0$ for every $\pi$.")
'J(π*) - J(π) = β E_{x ~ ρ} KL(π ‖ π*) ≥ 0 for every π.'
>>> readable(r"$\frac{a+b}{2} \le \sqrt{C} \, e^{1/(2\beta)}$")
'(a+b)/2 ≤ √C e^{1/(2β)}'
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexMacroNode

WORDS: Final = {
    "E": "E", "P": "P", "Q": "Q", "KL": "KL", "TV": "TV", "osc": "osc", "rank": "rank", "val": "val", "sgn": "sgn",
    "piref": "π_ref", "Ccov": "C_cov", "Rmax": "R_max", "Tdata": "T_data", "Tcomp": "T_comp", "Nprompt": "N_prompt",
    "Npair": "N_pair", "Texp": "T_exp", "Nroll": "N_roll", "phi": "φ", "epsilon": "ε", "ell": "ℓ", "sum": "Σ",
    "prod": "Π", "mid": " | ", "|": "‖", "lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "langle": "⟨",
    "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "quad": "  ", "qquad": "  ", ",": " ",
    ";": " ", ":": " ", "!": "", "dots": "...", "ldots": "...", "cdots": "...", "sim": "~", "Pr": "Pr", "ne": "≠",
    "bigl": "", "bigr": "", "Bigl": "", "Bigr": "", "big": "", "Big": "", "left": "", "right": "", "lor": " or ",
    "land": " and ", "implies": " implies ", "det": "det",
}  # fmt: skip
"""Macros without arguments, those of ``docs/conf.py`` among them."""

AROUND: Final = {
    "inner": ("{{", "⟨%s, %s⟩"), "norm": ("{", "‖%s‖"), "ind": ("{", "1[%s]"), "text": ("{", "%s"),
    "mathrm": ("{", "%s"), "mathbf": ("{", "%s"), "mathcal": ("{", "%s"), "operatorname": ("{", "%s"),
    "binom": ("{{", "binom(%s, %s)"),
    "bar": ("{", "%s\u0304"), "hat": ("{", "%s\u0302"), "tilde": ("{", "%s\u0303"), "sqrt": ("{", "√%s"),
    "frac": ("{{", "%s/%s"), "tfrac": ("{{", "%s/%s"),
}  # fmt: skip
"""Macros with arguments, and how they are written around them."""


def readable(text: str) -> str:
    """Return Markdown with formulas in TeX as text: one line for each of its paragraphs."""
    return "\n".join(map(_line, re.split(r"\n\s*\n", _ROLE.sub(r"`\1`", text))))


_ROLE = re.compile(r"\{[a-z:]+\}`~?([^`]+)`")
_PIECE = re.compile(r"`([^`]+)`|\$\$(.+?)\$\$|\$(.+?)\$|\*([^*\s][^*]*)\*", re.DOTALL)
"""A word of code, a formula on lines of its own, a formula in the text, words in italics."""


_SPACED = re.compile(r"\\([A-Za-z]+)\s+")
"""A macro and the space after its name: TeX drops it, in text it keeps words apart."""


def _line(paragraph: str) -> str:
    def plain(found: re.Match[str]) -> str:
        code, shown, within, italics = found.groups()
        return code or italics or (f" {_formula(shown)} " if shown else _formula(within))

    return " ".join(_PIECE.sub(plain, paragraph).split())


def _formula(tex: str) -> str:
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import std_macro

    context = get_default_latex_context_db()
    context.add_context_category(
        "claims", prepend=True, macros=[std_macro(name, arguments) for name, (arguments, _) in AROUND.items()]
    )
    spaced = _SPACED.sub(lambda macro: macro[0] if macro[1] in AROUND else rf"\{macro[1]}\, ", tex)
    text = _converter().latex_to_text(spaced, latex_context=context)
    return " ".join(re.sub(r"([\^_])\{(\w|\*)\}", r"\1\2", text).replace("^*", "*").split())


@lru_cache
def _converter() -> "LatexNodes2Text":
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    context = get_default_latex_context_db()
    words = [MacroTextSpec(name, simplify_repl=word) for name, word in WORDS.items()]
    around = [MacroTextSpec(name, simplify_repl=_around) for name in AROUND]
    context.add_context_category("claims", prepend=True, macros=[*words, *around])
    return LatexNodes2Text(latex_context=context, keep_braced_groups=True)


def _around(node: "LatexMacroNode", l2tobj: "LatexNodes2Text") -> str:
    groups = [getattr(argument, "nodelist", None) or [argument] for argument in node.nodeargd.argnlist]
    texts = [l2tobj.nodelist_to_text(group).strip() for group in groups]
    if node.macroname in {"frac", "tfrac", "sqrt"}:
        texts = [text if _ATOM.fullmatch(text) else f"({text})" for text in texts]
    return AROUND[node.macroname][1] % tuple(texts)


_ATOM = re.compile(r"\d+|[^\W\d](_\w+|_\{\w+\})?['*]?")
"""What needs no brackets in a fraction or under a root."""
