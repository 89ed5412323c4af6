"""Statements in a terminal: no macro is lost, and nothing that binds less closely loses its brackets."""

import re
import runpy
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.cli.readable import AROUND, WORDS, readable

CONFIGURATION = Path(__file__).parents[2] / "docs" / "conf.py"
MACRO = re.compile(r"\\([A-Za-z]+|.)")


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"$\frac{a+b}{2c}$", "(a+b)/(2c)"),
        (r"$\frac{3}{32\, \bar q}$", "3/(32 q̄)"),
        (r"$\tfrac12 \le \sqrt{2}$", "1/2 ≤ √2"),
        (r"$\sqrt{a b}$", "√(a b)"),
        (r"$x^{*}$, $2^{2^H}$, $\pi_{\theta}$, $e^{1/\beta}$", "x*, 2^{2^H}, π_θ, e^{1/β}"),
        (r"$\E_{x \sim \rho}\bigl[ \osc_x(f)^2 \bigr]$", "E_{x ~ ρ}[ osc_x(f)^2 ]"),
        (r"$\inner{\theta}{\phi(x,y)}$, $\norm{w}$, $\ind{a = b}$", "⟨θ, φ(x,y)⟩, ‖w‖, 1[a = b]"),
        ("`code_with_$` and *leaning* words", "code_with_$ and leaning words"),
        ("see {prf:ref}`def-costs`", "see def-costs"),
        ("one\nline\n\nanother", "one line\nanother"),
        ("no formula: 2 * 3 * 4", "no formula: 2 * 3 * 4"),
    ],
)
def test_by_hand(tex: str, text: str) -> None:
    assert readable(tex) == text


def words() -> list[str]:
    parts = [(each.title, each.statement, each.hypotheses, each.constants, each.caveats) for each in registry()]
    return [text for texts in parts for text in texts if text]


def test_nothing_of_tex_is_left_in_any_claim() -> None:
    for text in words():
        assert not set("\\$`") & set(readable(text)), text
        assert "{prf" not in readable(text)


def test_every_macro_of_the_claims_is_known() -> None:
    from pylatexenc.latex2text import get_default_latex_context_db  # noqa: PLC0415 - only this test looks into it

    known = get_default_latex_context_db()
    for text in words():
        for name in MACRO.findall(text):
            other = known.get_macro_spec(name)
            assert name in WORDS or name in AROUND or (other is not None and other.simplify_repl), (name, text)


def test_the_macros_of_the_pages_are_known() -> None:
    macros = runpy.run_path(str(CONFIGURATION))["mathjax3_config"]["tex"]["macros"]
    assert set(macros) <= set(WORDS) | set(AROUND)
