"""From the tree of an instance file of version 2 to a :class:`~reference.catalog.graph2.Graph`, or to one clear line.

:mod:`reference.catalog.responses2` reads responses, :mod:`reference.catalog.tokens2` nodes.
"""

from collections.abc import Sequence

from flint import fmpq

from reference.catalog.explain import convert
from reference.catalog.format2 import NoiseEntry2, ProblemEntry2
from reference.catalog.graph2 import Graph, StartEntry
from reference.catalog.reading import Limits, about, at_most
from reference.catalog.reading2 import Reader
from reference.catalog.responses2 import read_responses
from reference.catalog.strict_json import Tree
from reference.catalog.tokens2 import read_nodes
from reference.model import checks
from reference.model.checks import ProblemError


def graph_in(tree: Tree, limits: Limits) -> Graph:
    """Return what the tree of a file of version 2 says; ProblemError otherwise."""
    entry = convert(tree, ProblemEntry2)
    at_most("prompts", len(entry.prompts), limits.prompts)
    at_most("prompts", sum(len(p.responses) for p in entry.prompts), limits.responses, "responses in all")
    at_most("nodes", sum(len(node.tokens) for node in entry.nodes), limits.tokens, "tokens at nodes in all")
    at_most("noise", len(entry.noise), limits.responses)
    reader = Reader(limits)
    origin = about(entry)
    checks.name("name", entry.name)
    beta, spread = reader.number("beta", entry.beta), reader.number("bounds.R_max", entry.bounds.R_max)
    checks.positive("beta", beta)
    checks.not_negative("bounds.R_max", spread)
    reader.check_exponent(beta, spread)
    checks.distinct_names("prompts", (prompt.name for prompt in entry.prompts))
    noise = noise_in(reader, entry.noise)
    if _lists_responses(entry):
        linear, layers = read_responses(reader, entry)
        roots = list(range(len(entry.prompts)))
    else:
        linear = None
        roots, layers = read_nodes(reader, entry)
    prompts = tuple(
        StartEntry(
            prompt.name,
            reader.number(f"prompts[{x}].rho", prompt.rho),
            roots[x],
            reader.number(f"prompts[{x}].baseline", prompt.baseline or "0"),
        )
        for x, prompt in enumerate(entry.prompts)
    )
    excess = tuple(reader.excess)
    return Graph(entry.name, prompts, layers, beta, spread, linear, noise, origin, reader.weighted, excess)


def noise_in(reader: Reader, entries: Sequence[NoiseEntry2]) -> tuple[tuple[fmpq, fmpq], ...]:
    """Return the law of noise; refuse what is no law, and a mean other than 0."""
    first: dict[fmpq, int] = {}
    masses: list[fmpq] = []
    for k, item in enumerate(entries):
        value, mass = reader.number(f"noise[{k}].value", item.value), reader.number(f"noise[{k}].mass", item.mass)
        checks.positive(f"noise[{k}].mass", mass)
        if first.setdefault(value, k) != k:
            reason = (
                f"{checks.shown_value(value)} stands at noise[{first[value]}] already; write it once, with both masses"
            )
            raise ProblemError(f"noise[{k}].value", reason)
        masses.append(mass)
    if not masses:
        return ()
    checks.law_weights("noise", "mass", masses)
    reader.common_denominator("noise", first)
    mean = sum((value * mass for value, mass in zip(first, masses, strict=True)), fmpq(0))
    if mean != 0:
        reason = f"the noise has mean {checks.shown_value(mean)}; subtract it from every value, so that the mean is 0"
        raise ProblemError("noise", reason)
    return tuple(zip(first, masses, strict=True))


def _lists_responses(entry: ProblemEntry2) -> bool:
    """Whether prompts list their responses; refuse what does it in part, and what belongs to the other way."""
    for x, prompt in enumerate(entry.prompts):
        if bool(prompt.start) == bool(prompt.responses):
            found = 'both "start" and "responses"' if prompt.start else 'neither "start" nor "responses"'
            raise ProblemError(f"prompts[{x}]", f"has {found}; write one of them")
        if bool(prompt.start) != bool(entry.prompts[0].start):
            here, there = ("start", "responses") if prompt.start else ("responses", "start")
            reason = f'has "{here}", but prompts[0] has "{there}"; write one of them throughout'
            raise ProblemError(f"prompts[{x}].{here}", reason)
    if single := not entry.prompts[0].start:
        if entry.nodes:
            raise ProblemError("nodes", 'the prompts have "responses", so nothing leads to a node; leave them out')
    elif entry.theta:
        raise ProblemError("theta", 'a theta belongs to "responses"; here each token has its reward: leave theta out')
    if entry.bounds.B and not entry.theta:
        raise ProblemError("bounds.B", "bounds the norm of theta, which is not there; leave it out")
    for x, prompt in enumerate(entry.prompts):
        if prompt.baseline and not entry.theta:
            reason = "belongs to rewards from theta, which is not there; put it into the rewards"
            raise ProblemError(f"prompts[{x}].baseline", reason)
    return single
