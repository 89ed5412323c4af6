"""Certificates: what is made passes, by hand and on the catalog; what was tampered with, field by field, does not."""

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flint import fmpq
from hypothesis import given

from reference import certificates
from reference.algorithms import barycentric_spanner, phase_1
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.catalog import linear_names, load, load_linear, names
from reference.certificates import (
    CertificateError,
    CoverageCertificate,
    NotRealizableCertificate,
    OptimumCertificate,
    SpannerCertificate,
    SpannerSizeCertificate,
    check,
)
from reference.certificates.optimal import Masses
from reference.certificates.spanner import check_spanning
from reference.certification import LISTED, certify, certify_realizability
from reference.exact import RationalLike, exp, exp_ratio, exp_sum
from reference.exact.linalg import Matrix, Vector
from reference.interaction import Seeded, World
from reference.model import LinearProblem, Policy, Prompt, Response, base_policy, coverage, coverage_at, optimum
from reference.model.checks import rational_mass
from reference.testing import linear_problems

ROWS: list[list[RationalLike]] = [[1, 0], [0, "1/2"], [1, 1], ["1/2", "-1/4"], [0, 0]]
VECTORS = [Vector.of(row) for row in ROWS]


def masses_of(problem: LinearProblem, policy: Policy) -> Masses:
    laws = [policy.law(x) for x in range(len(problem.prompts))]
    return tuple(tuple(law.mass(y) for y in range(problem.response_count(x))) for x, law in enumerate(laws))


def plane() -> LinearProblem:
    """Features 0; (1,0), (0,1/2), (1/2,-1/4) at prompt x and (0,1/2), (1/2,1/2) at z; base mass 0 on (3/5,4/5)."""
    first = [Response.of("o", "1/4", [0, 0]), Response.of("e", "1/4", [1, 0])]
    first += [Response.of("f", "1/4", [0, "1/2"]), Response.of("g", "1/4", ["1/2", "-1/4"])]
    second = [Response.of("n", 0, ["3/5", "4/5"]), Response.of("h", "1/2", [0, "1/2"])]
    second += [Response.of("i", "1/2", ["1/2", "1/2"])]
    prompts = [Prompt.of("x", first, rho="1/2"), Prompt.of("z", second, rho="1/2")]
    return LinearProblem.of("plane", prompts, theta=[0, 0], beta=1, B=0, R_max=0)


def spanner_certificate() -> SpannerCertificate:
    """Over (1,0) and (1/2,-1/4): (0,1/2) = 1, -2; and (1/2,0) at z is 1/2, 0.  Dual to them are (1,2) and (0,-4)."""
    return SpannerCertificate(((0, 1, 0), (0, 3, 0)), fmpq(2), fmpq(2), (Vector.of([1, 2]), Vector.of([0, -4])))


def optimum_certificate(problem: LinearProblem) -> OptimumCertificate:
    partition = tuple(
        exp_sum(
            (rational_mass("", y.pi_ref), problem.reward(x, j) / problem.beta) for j, y in enumerate(entry.responses)
        )
        for x, entry in enumerate(problem.prompts)
    )
    return OptimumCertificate(partition, masses_of(problem, optimum(problem)))


def coverage_certificate(problem: LinearProblem, policy: Policy) -> CoverageCertificate:
    value = coverage(problem, policy)
    masses = masses_of(problem, policy)
    x = next(x for x in range(len(problem.prompts)) if coverage_at(problem, policy, x) == value)
    y = next(y for y in problem.support(x) if exp_ratio(masses[x][y]) / problem.prompts[x].responses[y].pi_ref == value)
    return CoverageCertificate(value, x, y, masses)


def size_certificate() -> SpannerSizeCertificate:
    """lambda = 1, nu = 1/2, d = 1: norms 1, then 1/2 and 1/3 exceed 1/4; 1/4 does not."""
    return SpannerSizeCertificate((Vector.of([1]),) * 3, fmpq(1), fmpq(1, 2))


def two_prompts() -> LinearProblem:
    """pi*(.|x) = (2/3, 1/3), coverage 4/3; pi*(.|z) = (1/4, 3/4, 0), coverage 1; pi_ref is (1/4, 3/4, 0) there."""
    first = [Response.of("a", "1/2", [1]), Response.of("b", "1/2", [0])]
    second = [Response.of("c", "1/4", [0]), Response.of("d", "3/4", [0]), Response.of("e", 0, [1])]
    prompts = [Prompt.of("x", first, rho="1/2"), Prompt.of("z", second, rho="1/2", baseline=1)]
    return LinearProblem.of("two", prompts, theta=["log(2)"], beta=1, B=1, R_max=1)


def dual_basis(vectors: list[Vector]) -> tuple[Vector, ...]:
    basis = Matrix.of(vectors)
    return ((basis @ basis.transpose()).inverse() @ basis).rows


# ------------------------------------------------------------------------------------------------ the real thing


@pytest.mark.parametrize("name", linear_names())
def test_certify_certifies_optimum_coverage_and_spanner_of_every_instance(name: str) -> None:
    """The check of certify is made once more, and the claims compared with what the model says."""
    problem = load_linear(name)
    found = certify(problem)
    check(problem, found)
    for part in (found.optimum, found.coverage, found.spanner):
        check(problem, part)
    assert found.coverage.value == coverage(problem, optimum(problem))
    assert len(found.spanner.pairs) == problem.difference_rank()
    if sum(len(entry.responses) for entry in problem.prompts) <= LISTED:
        assert found.optimum.masses == found.coverage.masses == masses_of(problem, optimum(problem))
    else:
        assert found.optimum.masses is found.coverage.masses is None


@given(linear_problems())
def test_certify_passes_its_check_on_any_problem(problem: LinearProblem) -> None:
    check(problem, certify(problem))


@pytest.mark.parametrize("name", names())
def test_realizability_of_every_instance_is_decided(name: str) -> None:
    problem = load(name)
    found = certify_realizability(problem)
    check(problem, found)
    assert isinstance(found, NotRealizableCertificate) == (name in {"linear-not-realizable", "smollm2-tokens-answers"})


@pytest.mark.parametrize("C", ["101/100", 2])
def test_accepts_spanners(C: RationalLike) -> None:
    spanner = barycentric_spanner(VECTORS, C)
    chosen = [VECTORS[i] for i in spanner.indices]
    sizes = [abs(c) for row in spanner.coefficients(VECTORS) for c in row]
    assert check_spanning(VECTORS, chosen, spanner.C, dual_basis(chosen)) == max(sizes)
    check(plane(), spanner_certificate())
    assert check_spanning([Vector.of([0, 0])], [], fmpq(2), []) == 0


def test_accepts_unlisted_probabilities() -> None:
    check(two_prompts(), replace(optimum_certificate(two_prompts()), masses=None))
    check(two_prompts(), CoverageCertificate(fmpq(4, 3), 0, 0))


def test_accepts_coverage_of_the_base_model() -> None:
    for name in ("two-arms-mixed", "different-supports", "zero-base-mass"):
        problem = load_linear(name)
        check(problem, coverage_certificate(problem, base_policy(problem)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["two-arms", "rank-deficient", "different-supports", "antipodal", "single-response"])
def test_accepts_what_phase_1_accepted(name: str, seed: int) -> None:
    p = SpannerSampling(12, 2, 1, 1, 1, ridge="1/3", nu="1/2")
    problem = load_linear(name)
    spanner = phase_1(World(problem, Seeded(seed)).oracles, p)
    check(problem, SpannerSizeCertificate(tuple(phi for phi, _ in spanner.psi), p.ridge, p.nu))


def test_accepts_examples_by_hand() -> None:
    check(two_prompts(), optimum_certificate(two_prompts()))
    assert optimum_certificate(two_prompts()).partition == (exp_sum([(fmpq(3, 2), 0)]), exp(1))
    check(two_prompts(), coverage_certificate(two_prompts(), optimum(two_prompts())))
    check(load("two-arms"), size_certificate())
    check(load("two-arms"), replace(size_certificate(), accepted=()))


# ------------------------------------------------------------------------------------------------ tampering


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda c: replace(c, pairs=((0, 1, 0), (0, 2, 0))), "dual vector 0 and chosen vector 1"),
        (lambda c: replace(c, pairs=((0, 3, 0), (0, 1, 0))), "dual vector 0 and chosen vector 0"),
        (lambda c: replace(c, pairs=((0, 1, 0), (0, 1, 0))), "dual vector 0 and chosen vector 1"),
        (lambda c: replace(c, pairs=((0, 0, 1), (0, 3, 0))), "dual vector 0 and chosen vector 0"),
        (lambda c: replace(c, pairs=((0, 1, 0),)), "2 dual vectors for 1 chosen"),
        (lambda c: replace(c, pairs=((0, 1, 0), (0, 4, 0))), "pair 1: there is no prompt 0 with responses 4 and 0"),
        (lambda c: replace(c, pairs=((0, 1, 0), (0, -1, 0))), "pair 1: there is no prompt 0 with responses -1 and 0"),
        (lambda c: replace(c, pairs=((2, 1, 0), (0, 3, 0))), "pair 0: there is no prompt 2"),
        (lambda c: replace(c, pairs=((-1, 1, 0), (0, 3, 0))), "pair 0: there is no prompt -1"),
        (lambda c: replace(c, pairs=((1, 1, 0), (0, 3, 0))), "pair 0: there is no prompt 1 with responses 1 and 0 of"),
        (lambda c: replace(c, C=fmpq(199, 100)), "a coefficient of size 2 exceeds C = 199/100"),
        (lambda c: replace(c, largest=fmpq(1)), "the largest coefficient is 2, not 1"),
        (lambda c: replace(c, dual=c.dual[:1]), "1 dual vectors for 2 chosen"),
        (lambda c: replace(c, dual=(Vector.of([1, 3]), c.dual[1])), "dual vector 0 and chosen vector 1"),
        (lambda c: replace(c, dual=(c.dual[0], Vector.of([0]))), "dual vector 1 and chosen vector 0"),
        (lambda c: replace(c, pairs=c.pairs[:1], dual=c.dual[:1]), "vector 2: the combination of the chosen ones"),
        (lambda c: replace(c, pairs=(), dual=()), "vector 1: the combination of the chosen ones misses it"),
    ],
)
def test_rejects_tampered_spanners(tamper: Callable[[SpannerCertificate], SpannerCertificate], message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check(plane(), tamper(spanner_certificate()))


def with_mass(masses: Masses, x: int, *row: RationalLike) -> Masses:
    new = tuple(fmpq(*map(int, str(v).split("/"))) for v in row)
    return (*masses[:x], new, *masses[x + 1 :])


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda c: replace(c, masses=with_mass(c.masses, 0, "1/2", "1/2")), "prompt 0, response 0: pi"),
        (lambda c: replace(c, masses=with_mass(c.masses, 0, "1/3", "2/3")), "prompt 0, response 0: pi"),
        (lambda c: replace(c, masses=with_mass(c.masses, 1, "1/4", "1/2", "1/4")), "prompt 1, response 1: pi"),
        (lambda c: replace(c, masses=with_mass(c.masses, 1, "1/4", "3/4", "1/4")), "prompt 1, response 2: pi"),
        (lambda c: replace(c, masses=with_mass(c.masses, 1, "1/4", "3/4")), "prompt 1: 2 masses for 3 responses"),
        (lambda c: replace(c, masses=c.masses[:1]), "masses for 1 prompts; the problem has 2"),
        (lambda c: replace(c, masses=with_mass(c.masses, 0, "-2/3", "5/3")), "prompt 0: a mass is negative"),
        (lambda c: replace(c, partition=c.partition[:1]), "1 partition functions for 2 prompts"),
        (lambda c: replace(c, partition=(c.partition[0], exp(2))), "prompt 1: Z differs"),
        (lambda c: replace(c, partition=(c.partition[0] * 2, c.partition[1])), "prompt 0: Z differs"),
        (lambda c: replace(c, partition=(c.partition[0] * 2, c.partition[1]), masses=None), "prompt 0: Z differs"),
        # consistent with each other, but not a law: every mass halved, Z doubled
        (
            lambda c: OptimumCertificate((c.partition[0] * 2, c.partition[1]), with_mass(c.masses, 0, "1/3", "1/6")),
            "prompt 0: Z differs",
        ),
    ],
)
def test_rejects_tampered_optima(tamper: Callable[[OptimumCertificate], OptimumCertificate], message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check(two_prompts(), tamper(optimum_certificate(two_prompts())))


def test_an_optimum_of_another_problem_is_rejected() -> None:
    with pytest.raises(CertificateError, match="prompt 0: Z differs"):
        check(load("fair-coin"), optimum_certificate(load("two-arms")))


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda c: replace(c, value=fmpq(3, 2)), "prompt 0, response 0: the coverage is not attained"),
        (lambda c: replace(c, value=fmpq(5, 4)), "prompt 0, response 0: the ratio exceeds 5/4"),
        (lambda c: replace(c, prompt=1), "prompt 1, response 0: the coverage is not attained"),
        (lambda c: replace(c, response=1), "prompt 0, response 1: the coverage is not attained"),
        (lambda c: replace(c, prompt=1, response=2), "prompt 1, response 2: the coverage is not attained"),
        (lambda c: replace(c, prompt=2), "there is no prompt 2"),
        (lambda c: replace(c, prompt=-2), "there is no prompt -2"),
        (lambda c: replace(c, response=2), "there is no prompt 0 with a response 2"),
        (lambda c: replace(c, response=-2), "response -2"),
        (lambda c: replace(c, masses=c.masses[:1]), "masses for 1 prompts"),
        (lambda c: replace(c, masses=with_mass(c.masses, 0, "2/3")), "1 masses for 2 responses"),
        (lambda c: replace(c, masses=with_mass(c.masses, 0, "1/3", "2/3")), "response 0: the coverage is not attained"),
        (lambda c: replace(c, masses=with_mass(c.masses, 0, "2/3", "1/4")), "prompt 0: the masses do not sum to 1"),
        (lambda c: replace(c, masses=with_mass(c.masses, 0, "4/3", "-1/3")), "a mass is negative"),
        (lambda c: replace(c, masses=with_mass(c.masses, 1, "1/4", "1/2", "1/4")), "prompt 1, response 2: the ratio"),
        # of pi*, unlisted
        (lambda c: replace(c, masses=None, value=fmpq(5, 4)), "prompt 0: the largest ratio exceeds 5/4"),
        (lambda c: replace(c, masses=None, value=fmpq(3, 2)), "prompt 0, response 0: the coverage is not attained"),
        (lambda c: replace(c, masses=None, prompt=1), "prompt 1, response 0: the coverage is not attained"),
        (lambda c: replace(c, masses=None, response=1), "prompt 0, response 1: the coverage is not attained"),
        (lambda c: replace(c, masses=None, prompt=1, response=2), "prompt 1, response 2: the coverage is not attained"),
    ],
)
def test_rejects_tampered_coverage(tamper: Callable[[CoverageCertificate], CoverageCertificate], message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check(two_prompts(), tamper(coverage_certificate(two_prompts(), optimum(two_prompts()))))


@pytest.mark.parametrize("masses", [None, ((fmpq(2, 3), fmpq(1, 3), fmpq(0)),)])
def test_coverage_is_not_attained_at_base_mass_zero(masses: Masses | None) -> None:
    """c has the largest reward, too: without its base mass its ratio would be 4/3."""
    responses = [Response.of("a", "1/2", [1]), Response.of("b", "1/2", [0]), Response.of("c", 0, [1])]
    problem = LinearProblem.of("three", [Prompt.of("x", responses)], theta=["log(2)"], beta=1, B=1, R_max=1)
    check(problem, CoverageCertificate(fmpq(4, 3), 0, 0, masses))
    with pytest.raises(CertificateError, match="prompt 0, response 2: the coverage is not attained"):
        check(problem, CoverageCertificate(fmpq(4, 3), 0, 2, masses))


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda c: replace(c, accepted=(*c.accepted, Vector.of([1]))), "difference 3: its elliptic norm"),
        (lambda c: replace(c, accepted=(Vector.of(["1/2"]),)), "difference 0: its elliptic norm"),  # equal to nu
        (lambda c: replace(c, accepted=(Vector.of([1]), Vector.of([0]))), "difference 1: its elliptic norm"),
        (lambda c: replace(c, accepted=(Vector.of([1, 0]),)), "difference 0: not a difference"),
        (lambda c: replace(c, accepted=(Vector.of(["201/100"]),)), "difference 0: not a difference"),
        (lambda c: replace(c, ridge=fmpq(4)), "difference 0: its elliptic norm"),
        (lambda c: replace(c, ridge=fmpq(2)), "difference 2: its elliptic norm"),
        (lambda c: replace(c, ridge=fmpq(0)), "must be positive"),
        (lambda c: replace(c, nu=fmpq(3, 4)), "difference 1: its elliptic norm"),
        (lambda c: replace(c, nu=fmpq(-1, 2)), "must be positive"),
    ],
)
def test_rejects_tampered_sizes(
    tamper: Callable[[SpannerSizeCertificate], SpannerSizeCertificate], message: str
) -> None:
    with pytest.raises(CertificateError, match=message):
        check(load("two-arms"), tamper(size_certificate()))


# ------------------------------------------------------------------------------------------------ independence


def test_checkers_import_neither_algorithms_nor_policies() -> None:
    """No code in common with what made the answer: only numbers, linear algebra and the problem itself."""
    models = tuple(f"reference.model.{name}" for name in ("problem", "linear_problem", "parts", "game"))
    allowed = ("reference.certificates", "reference.exact", *models)
    (folder,) = certificates.__path__
    files = list(Path(folder).glob("*.py"))
    assert len(files) >= 2
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0
                modules = [node.module or ""]
            for module in modules:
                assert not module.startswith("reference") or module.startswith(allowed), f"{file.name}: {module}"
                assert module not in {"reference.exact.gram", "reference.exact.span"}, f"{file.name}: {module}"
