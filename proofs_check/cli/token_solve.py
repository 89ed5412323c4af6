"""How ``spanner solve`` prints the solution of a token problem."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

import msgspec
from msgspec import UNSET
from rich.console import Console

from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import VERSION, Document, number
from proofs_check.cli.instances import renormalised
from proofs_check.cli.output import Listing, brief, counted, first, grid, heading, one_line, say, short
from proofs_check.cli.responses import Responses, responses_json, show_responses
from proofs_check.cli.token_solution import Combination, Coverages, NodeSolution, TokenRow, TokenSolution, nodes
from reference.certificates import RealizableCertificate, certificate_json
from reference.certificates.realizability import Term
from reference.exact import Number, rational_text, to_decimal
from reference.model.expansion import sequence_name
from reference.model.parts import Prefix
from reference.model.problem import Problem
from reference.model.soft_bellman import soft_values

SHOWN_NODES = 12
"""Nodes whose tokens are printed."""

SHOWN_TOKENS = 8
"""Tokens that are printed at a node."""

SHOWN_SEQUENCES = 10
"""Sequences that are printed for a prompt."""

SHOWN_LAYERS = 4
"""Layers whose parameters are printed."""

SHOWN_TERMS = 6
"""Terms of a combination, and entries of a parameter, that are printed."""


def show_tokens(console: Console, solution: TokenSolution, expanded: Iterable[Responses], digits: int) -> None:
    """Print a solution for people; ``expanded`` are the sequences of each prompt, if they were asked for."""
    problem = solution.problem
    console.print(heading(problem.name, problem.about.source), style="bold")
    for text in (problem.about.title, problem.about.shows, renormalised(problem.about)):
        if text:
            console.print(one_line(text))
    say(console, f"{token_size(problem)}; {token_kind(problem)}\n")
    say(console, grid([*_values(solution, digits), *_realizability(solution, digits)]))
    for listed in _node_tables(problem, digits):
        console.print()
        say(console, listed)
    for note in _node_notes(problem):
        console.print(note)
    for x, responses in enumerate(expanded):
        console.print()
        show_responses(console, problem.prompts[x].name, responses, SHOWN_SEQUENCES, digits)


def token_size(problem: Problem) -> str:
    """Return the numbers of things in a token problem."""
    return (
        f"{counted(len(problem.prompts), 'prompt')}, {counted(len(problem.alphabet), 'token')}, "
        f"H = {problem.horizon}, {counted(problem.sequence_count(), 'sequence')}, "
        f"{counted(sum(map(len, problem.reachable)), 'node')}, "
        f"d = {', '.join(map(str, dict.fromkeys(problem.dimensions)))}, beta = {rational_text(problem.beta)}"
    )


def token_kind(problem: Problem) -> str:
    """Return which of the exact families a token problem belongs to."""
    if soft_values(problem).is_log_rational:
        return "log-rational: pi* is rational"
    rational = all(edge.reward.is_rational for layer in problem.layers for node in layer for edge in node)
    return "rational rewards" if rational else "mixed rewards"


def _values(solution: TokenSolution, digits: int) -> Iterator[tuple[str, str]]:
    values: list[tuple[str, Number]] = [
        ("J(pi*)", solution.optimal_value),
        ("J(pi_ref)", solution.base_value),
        ("gap of pi_ref", solution.base_gap),
    ]
    found = solution.coverages
    if isinstance(found, Coverages):
        values += [
            ("C_cond(pi*)", found.C_cond),
            ("C_cov(pi*)", found.C_cov),
            ("prod_h max", found.product),
            ("C_cond^H", found.power),
        ]
    for name, value in values:
        yield name, str(number(value, digits))
    if isinstance(found, str):
        yield "coverage", f"not formed: {found}"


def _realizability(solution: TokenSolution, digits: int) -> Iterator[tuple[str, str]]:
    found = solution.realizability
    if isinstance(found, str):
        yield "realizable", f"undecided: {found}"
        return
    if isinstance(found, Combination):
        layer = found.certificate.layer + 1
        yield "realizable", f"no: no theta_{layer} fits, since"
        yield "", _combination(solution.problem, found)
        yield "", f"is 0 in the features phi_{layer}, and in Q_{layer} it is {number(found.value, digits)}"
    else:
        yield "realizable", "yes: pi* is in the autoregressive softmax class"
        shown = first(len(found.thetas), SHOWN_LAYERS)
        for h, theta in enumerate(found.thetas[:shown], 1):
            yield f"theta*_{h}", f"({_first([str(number(entry, digits)) for entry in theta], ', ')})"
        if left := len(found.thetas) - shown:
            yield "", f"... {left} more layers: --json has all"
    yield "checked", "realizable or not, by reference.certificates"


def _combination(problem: Problem, found: Combination) -> str:
    several = len(problem.prompts) > 1

    def name(x: int, tokens: Prefix) -> str:
        sequence = f"({short(sequence_name(problem.spelled(x, tokens)))})"
        return f"{short(problem.prompts[x].name, 24)}: {sequence}" if several else sequence

    def difference(term: Term) -> str:
        coefficient, x, prefix, a, b = term
        sign, size = "-" if coefficient < 0 else "+", abs(coefficient)
        ends = name(x, (*prefix, a)), name(x, (*prefix, b))
        return f"{sign} {'' if size == 1 else f'{size} '}[{ends[0]} - {ends[1]}]"

    return _first(list(map(difference, found.certificate.terms)), " ").removeprefix("+ ")


def _first(texts: list[str], separator: str) -> str:
    shown = first(len(texts), SHOWN_TERMS)
    more = [f"... {left} more: --json has all"] if (left := len(texts) - shown) else []
    return separator.join([*texts[:shown], *more])


def _shown_nodes(problem: Problem) -> list[NodeSolution]:
    return list(islice(nodes(problem), first(sum(map(len, problem.reachable)), SHOWN_NODES)))


def _node_tables(problem: Problem, digits: int) -> Iterator[Listing]:
    """Yield a table for each prompt; a node that prompts share stands at the first of them."""
    shown = sorted(_shown_nodes(problem), key=lambda node: node.x)
    for x, group in groupby(shown, key=lambda node: node.x):
        rows = list(group)
        several = any(node.prefixes > 1 for node in rows)
        listed = Listing(
            (
                (problem.prompts[x].name, 40),
                *((("+n", "number"),) if several else ()),
                ("V_h", "number"),
                ("token", 16),
                ("pi_ref", "number"),
                ("Q_h", "number"),
                ("pi*", "number"),
            )
        )
        for node in rows:
            more = f"+{to_decimal(node.prefixes - 1, digits)}" if node.prefixes > 1 else ""
            head = [f"({short(node.prefix, 24)})", *([more] if several else []), brief(node.value, digits)]
            for row in node.tokens[: (tokens := first(len(node.tokens), SHOWN_TOKENS))]:
                listed.add_row(*head, *_token_cells(row, digits))
                head = [""] * len(head)
            if left := len(node.tokens) - tokens:
                listed.add_row(*head, "...", f"{left} more", "", "")
        yield listed


def _node_notes(problem: Problem) -> Iterator[str]:
    shown = _shown_nodes(problem)
    if any(node.prefixes > 1 for node in shown):
        yield "+n: n more prefixes lead to this node; their V_h and Q_h differ by the rewards on the way"
    if any(len(node.tokens) > SHOWN_TOKENS + 1 for node in shown):
        yield "... n more: n more tokens; --json has all"
    if left := sum(map(len, problem.reachable)) - len(shown):
        yield f"... {left} more nodes: --json has all"


def _token_cells(row: TokenRow, digits: int) -> list[str]:
    return [
        row.name,
        brief(row.edge.pi_ref, digits),
        "" if row.q_value is None else brief(row.q_value, digits),
        "not formed" if row.probability is None else brief(row.probability, digits),
    ]


def tokens_json(solution: TokenSolution, expanded: Iterable[Responses], digits: int) -> Document:
    """Return everything: each reached node with one of its prefixes, and the sequences if they were asked for."""
    problem = solution.problem
    sequences = [
        formats.Sequences(problem.prompts[x].name, responses_json(responses, digits))
        for x, responses in enumerate(expanded)
    ]
    return formats.TokenSolution(
        VERSION,
        name=problem.name,
        source=problem.about.source,
        kind=token_kind(problem),
        horizon=problem.horizon,
        tokens=len(problem.alphabet),
        sequence_count=str(solution.sequences),
        dimensions=list(problem.dimensions),
        beta=rational_text(problem.beta),
        optimal_value=number(solution.optimal_value, digits),
        base_value=number(solution.base_value, digits),
        base_gap=number(solution.base_gap, digits),
        coverage=_coverage_json(solution.coverages, digits),
        realizability=_realizability_json(solution, digits),
        certificates=_certificate_json(solution),
        prompts=[formats.TokenPrompt(entry.name, rational_text(entry.rho)) for entry in problem.prompts],
        nodes=[_node_json(problem, node, digits) for node in nodes(problem)],
        sequences=sequences or UNSET,
    )


def _coverage_json(found: Coverages | str, digits: int) -> formats.Coverage:
    if isinstance(found, str):
        return formats.Coverage(not_formed=found)
    return formats.Coverage(
        C_cond=number(found.C_cond, digits),
        C_cov=number(found.C_cov, digits),
        product=number(found.product, digits),
        power=number(found.power, digits),
        layers=[number(ratio, digits) for ratio in found.layers],
    )


def _realizability_json(solution: TokenSolution, digits: int) -> formats.Realizability:
    problem, found = solution.problem, solution.realizability
    if isinstance(found, RealizableCertificate):
        thetas = [[number(entry, digits) for entry in theta] for theta in found.thetas]
        return formats.Realizability(realizable=True, theta=thetas)
    if isinstance(found, str):
        return formats.Realizability(realizable=None, reason=found)
    terms = [
        formats.Term(
            coefficient=str(coefficient),
            prompt=problem.prompts[x].name,
            prefix=list(problem.spelled(x, prefix)),
            token=problem.spelled(x, (*prefix, a))[-1],
            minus=problem.spelled(x, (*prefix, b))[-1],
        )
        for coefficient, x, prefix, a, b in found.certificate.terms
    ]
    layer, value = found.certificate.layer + 1, number(found.value, digits)
    return formats.Realizability(realizable=False, layer=layer, terms=terms, sum_of_Q=value)


def _certificate_json(solution: TokenSolution) -> formats.TokenCertificates:
    """Return the certificate, or why there is none."""
    found = solution.realizability
    if isinstance(found, str):
        return formats.TokenCertificates(None, found)
    try:
        document = certificate_json(solution.problem, found.certificate if isinstance(found, Combination) else found)
    except ValueError as error:
        return formats.TokenCertificates(None, str(error))
    return formats.TokenCertificates(msgspec.convert(document, formats.Certificate))


def _node_json(problem: Problem, node: NodeSolution, digits: int) -> formats.Node:
    return formats.Node(
        layer=node.h + 1,
        prompt=problem.prompts[node.x].name,
        prefix=node.prefix,
        prefixes=str(node.prefixes),
        V=number(node.value, digits),
        tokens=[
            formats.Token(
                token=row.name,
                pi_ref=rational_text(row.edge.pi_ref),
                reward=number(row.edge.reward, digits),
                phi=[rational_text(entry) for entry in row.edge.phi],
                Q=None if row.q_value is None else number(row.q_value, digits),
                pi_star=None if row.probability is None else number(row.probability, digits),
            )
            for row in node.tokens
        ],
    )
