"""The catalog's instances, each with a picture of its base model and optimum, and its facts."""

from html import escape
from typing import Final

import reference as ref
from reference.catalog import load, names
from reference.exact import Number
from reference.model import Problem

BARS: Final = 12
"""Outcomes that are drawn; the others are left out, and their number said."""
SIZE: Final = (168, 72)


def cards() -> str:
    """Return a grid of all instances, as HTML that follows the page's theme."""
    shown = "".join(card(load(f"catalog:{name}")) for name in names())
    return f'<p class="catalog-key">{_KEY}</p><div class="catalog">{shown}</div>'


_KEY = '<span class="base">■</span> base model <span class="best">■</span> optimum'


def card(problem: Problem) -> str:
    """Return one instance."""
    rows = "".join(f"<dt>{what}</dt><dd>{value}</dd>" for what, value in facts(problem).items())
    return (
        f'<section id="catalog-{problem.name}"><h3><code>{problem.name}</code></h3>{thumbnail(problem)}'
        f"<p>{escape(problem.about.title)}</p><dl>{rows}</dl></section>"
    )


def facts(problem: Problem) -> dict[str, str]:
    """Return what is known of an instance, rounded where it says so.

    >>> facts(load("catalog:two-arms"))["C<sub>cov</sub>"]
    '4/3'
    """
    sizes = dict.fromkeys(str(len(problem.layers[0][prompt.root])) for prompt in problem.prompts)
    found = {"prompts": str(len(problem.prompts))}
    if problem.horizon == 1:
        found["responses"] = ", ".join(sizes)
    else:
        found |= {"tokens": str(len(problem.alphabet)), "horizon": str(problem.horizon)}
    found["dimension"] = ", ".join(map(str, dict.fromkeys(problem.dimensions)))
    found |= {"&beta;": str(problem.beta), "C<sub>cov</sub>": _text(ref.coverage(problem))}
    if problem.horizon > 1:
        found["C<sub>cond</sub>"] = _text(ref.token_coverage(problem))
    found["KL"] = _text(ref.kl(problem))
    found["gap of base"] = _text(ref.gap(problem, ref.base_policy(problem)))
    return found


def _text(number: Number) -> str:
    exact = str(number)
    return exact if len(exact) <= _LONG else str(ref.to_decimal(number, 4).text)


_LONG = 9


def thumbnail(problem: Problem) -> str:
    """Return base model and optimum at the first context, as bars."""
    base, best = (policy.law(0) for policy in (ref.base_policy(problem), ref.optimum(problem)))
    many = len(problem.layers[0][problem.prompts[0].root])
    heights = [tuple(ref.to_float(ref.real(law.mass(y))) for law in (base, best)) for y in range(min(many, BARS))]
    shown = base.names[:BARS]
    width = SIZE[0] / max(len(heights), 3)
    bars = []
    for i, pair in enumerate(heights):
        for part, (height, look) in enumerate(zip(pair, ("base", "best"), strict=True)):
            tall = (SIZE[1] - 4) * height
            x = width * (i + 0.12 + 0.38 * part)
            place = f'x="{x:.1f}" y="{SIZE[1] - tall:.1f}" width="{0.36 * width:.1f}" height="{tall:.1f}"'
            bars.append(f'<rect class="{look}" {place}/>')
    said = "; ".join(f"{name}: {a:.2g} to {b:.2g}" for name, (a, b) in zip(shown, heights, strict=True))
    left = f", and {many - BARS} more" if many > BARS else ""
    text = f"From base model to optimum: {escape(said, quote=True)}{left}."
    return (
        f'<svg viewBox="0 0 {SIZE[0]} {SIZE[1] + 1}" role="img" aria-label="{text}">'
        f'{"".join(bars)}<path d="M0 {SIZE[1]}h{SIZE[0]}" stroke="var(--figure-ink)"/></svg>'
    )
