"""``spanner solve --json``: all that is known of a problem, as data."""

from collections.abc import Iterable

import msgspec
from msgspec import UNSET

from proofs_check.cli.contexts import NodeSolution, nodes
from proofs_check.cli.described import kind
from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import VERSION, Document, number
from proofs_check.cli.linear_tables import differences, responses_to
from proofs_check.cli.responses import Responses, responses_json
from proofs_check.cli.solution import Combination, Coverages, LinearSolution, PromptSolution, Solution
from reference.certificates import RealizableCertificate, certificate_json
from reference.certificates.family import Single
from reference.exact import rational_text
from reference.model import LinearProblem, Problem


def solution_json(solution: Solution, expanded: Iterable[Responses], digits: int) -> Document:
    """Return everything.

    Of a linear problem each response with its exact weight, so that ``pi*(y) = weight / Z``; of any other each reached
    node with one of its prefixes, and the sequences if they were asked for.
    """
    problem, linear = solution.problem, solution.linear
    listed = [
        formats.Sequences(problem.prompts[x].name, responses_json(responses, digits))
        for x, responses in enumerate(expanded)
    ]
    return formats.Solution(
        VERSION,
        name=problem.name,
        source=problem.about.source,
        kind=kind(problem),
        horizon=problem.horizon,
        tokens=len(problem.alphabet),
        sequence_count=str(problem.sequence_count()),
        dimensions=list(problem.dimensions),
        rank=UNSET if linear is None else linear.problem.difference_rank(),
        beta=rational_text(problem.beta),
        theta=UNSET if linear is None else [str(entry) for entry in linear.problem.theta],
        optimal_value=number(solution.optimal_value, digits),
        base_value=number(solution.base_value, digits),
        base_gap=number(solution.base_gap, digits),
        coverage=_coverage_json(solution.coverages, digits),
        l1_coverage=UNSET if linear is None else number(linear.l1_coverage, digits),
        realizability=_realizability_json(solution, digits),
        spanner=UNSET if linear is None else _spanner_json(linear),
        certificates=_certificates_json(solution) if linear is None else _linear_certificates_json(linear),
        prompts=_starts_json(problem) if linear is None else _prompts_json(linear, digits),
        nodes=[_node_json(problem, node, digits) for node in nodes(problem)] if linear is None else UNSET,
        sequences=listed or UNSET,
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


def _realizability_json(solution: Solution, digits: int) -> formats.Realizability:
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


def _certificates_json(solution: Solution) -> formats.Certificates:
    """Return the certificate, or why there is none."""
    found = solution.realizability
    if isinstance(found, str):
        return formats.Certificates(realizability=None, reason=found)
    try:
        document = certificate_json(solution.problem, found.certificate if isinstance(found, Combination) else found)
    except ValueError as error:
        return formats.Certificates(realizability=None, reason=str(error))
    return formats.Certificates(realizability=msgspec.convert(document, formats.Certificate))


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


def _starts_json(problem: Problem) -> list[formats.Prompt]:
    return [formats.Prompt(entry.name, rational_text(entry.rho)) for entry in problem.prompts]


# -------------------------------------------------------------------------------------------- linear problems


def _spanner_json(solution: LinearSolution) -> formats.Spanner:
    problem, spanner = solution.problem, solution.certificate.spanner

    def pair(x: int, y: int, z: int) -> formats.Pair:
        names = problem.responses(x)
        return formats.Pair(problem.prompts[x].name, names[y], names[z])

    return formats.Spanner(
        C=rational_text(spanner.C),
        pairs=[pair(*triple) for triple in spanner.pairs],
        differences=differences(problem),
        largest_coefficient=rational_text(spanner.largest),
    )


def _linear_certificates_json(solution: LinearSolution) -> formats.Certificates:
    def written(certificate: Single) -> formats.Certificate:
        return msgspec.convert(certificate_json(solution.problem, certificate), formats.Certificate)

    found = solution.certificate
    return formats.Certificates(written(found.optimum), written(found.coverage), written(found.spanner))


def _prompts_json(solution: LinearSolution, digits: int) -> list[formats.Prompt]:
    return [_prompt_json(solution.problem, prompt, digits) for prompt in solution.prompts]


def _prompt_json(problem: LinearProblem, prompt: PromptSolution, digits: int) -> formats.Prompt:
    x = prompt.x
    features = [response.phi for response in problem.prompts[x].responses]
    return formats.Prompt(
        name=problem.prompts[x].name,
        rho=str(problem.rho.mass(x)),
        log_partition=number(prompt.log_partition, digits),
        coverage=number(prompt.coverage, digits),
        kl=number(prompt.kl, digits),
        base_gap=number(prompt.base_gap, digits),
        oscillation=number(prompt.oscillation, digits),
        responses=responses_json(responses_to(problem, prompt), digits, features),
    )
