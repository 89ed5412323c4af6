import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flint import fmpq

from reference import certificates
from reference.algorithms import SpannerSampling, barycentric_spanner, phase_1
from reference.catalog import load, names
from reference.certificates import (
    CertificateError,
    CoverageCertificate,
    OptimumCertificate,
    SpannerCertificate,
    SpannerSizeCertificate,
    check_coverage,
    check_optimum,
    check_spanner,
    check_spanner_size,
)
from reference.certificates.checks import Masses
from reference.exact import RationalLike, exp, exp_ratio, exp_sum
from reference.exact.linalg import Vector
from reference.interaction import Seeded, World
from reference.model import Policy, Problem, Prompt, Response, base_policy, coverage, coverage_at, optimum

SMALL = [name for name in names() if not name.startswith("smollm2")]

ROWS: list[list[RationalLike]] = [[1, 0], [0, "1/2"], [1, 1], ["1/2", "-1/4"], [0, 0]]
VECTORS = [Vector.of(row) for row in ROWS]


def masses_of(problem: Problem, policy: Policy) -> Masses:
    laws = [policy.law(x) for x in range(len(problem.prompts))]
    return tuple(tuple(law.mass(y) for y in range(problem.response_count(x))) for x, law in enumerate(laws))


def spanner_certificate() -> SpannerCertificate:
    """Over (1,0) and (0,1/2): (1,1) = 1, 2; (1/2,-1/4) = 1/2, -1/2."""
    rows: list[list[RationalLike]] = [[1, 0], [0, 1], [1, 2], ["1/2", "-1/2"], [0, 0]]
    return SpannerCertificate((0, 1), fmpq(2), tuple(map(Vector.of, rows)))


def optimum_certificate(problem: Problem) -> OptimumCertificate:
    partition = tuple(
        exp_sum((response.pi_ref, problem.reward(x, y) / problem.beta) for y, response in enumerate(entry.responses))
        for x, entry in enumerate(problem.prompts)
    )
    return OptimumCertificate(masses_of(problem, optimum(problem)), partition)


def coverage_certificate(problem: Problem, policy: Policy) -> CoverageCertificate:
    value = coverage(problem, policy)
    masses = masses_of(problem, policy)
    x = next(x for x in range(len(problem.prompts)) if coverage_at(problem, policy, x) == value)
    y = next(y for y in problem.support(x) if exp_ratio(masses[x][y]) / problem.prompts[x].responses[y].pi_ref == value)
    return CoverageCertificate(masses, value, x, y)


def size_certificate() -> SpannerSizeCertificate:
    """lambda = 1, nu = 1/2, d = 1: norms 1, then 1/2 and 1/3 exceed 1/4; 1/4 does not."""
    return SpannerSizeCertificate((Vector.of([1]),) * 3, 1, fmpq(1), fmpq(1, 2))


def two_prompts() -> Problem:
    """pi*(.|x) = (2/3, 1/3), coverage 4/3; pi*(.|z) = (1/4, 3/4, 0), coverage 1; pi_ref is (1/4, 3/4, 0) there."""
    first = [Response.of("a", "1/2", [1]), Response.of("b", "1/2", [0])]
    second = [Response.of("c", "1/4", [0]), Response.of("d", "3/4", [0]), Response.of("e", 0, [1])]
    prompts = [Prompt.of("x", first, rho="1/2"), Prompt.of("z", second, rho="1/2", baseline=1)]
    return Problem.of("two", prompts, theta=["log(2)"], beta=1, B=1, R_max=1)


# ------------------------------------------------------------------------------------------------ the real thing


@pytest.mark.parametrize("C", ["101/100", 2])
def test_accepts_spanners(C: RationalLike) -> None:
    spanner = barycentric_spanner(VECTORS, C)
    check_spanner(VECTORS, SpannerCertificate(spanner.indices, spanner.C, spanner.coefficients(VECTORS)))
    check_spanner(VECTORS, spanner_certificate())
    check_spanner([Vector.of([0, 0])], SpannerCertificate((), fmpq(2), (Vector(()),)))


@pytest.mark.parametrize("name", SMALL)
def test_accepts_optima(name: str) -> None:
    check_optimum(load(name), optimum_certificate(load(name)))


@pytest.mark.parametrize("name", SMALL)
def test_accepts_coverage(name: str) -> None:
    problem = load(name)
    check_coverage(problem, coverage_certificate(problem, optimum(problem)))
    check_coverage(problem, coverage_certificate(problem, base_policy(problem)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", ["two-arms", "rank-deficient", "different-supports", "antipodal", "single-response"])
def test_accepts_what_phase_1_accepted(name: str, seed: int) -> None:
    p = SpannerSampling(12, 2, 1, 1, 1, ridge="1/3", nu="1/2")
    problem = load(name)
    spanner = phase_1(World(problem, Seeded(seed)).oracles, p)
    accepted = tuple(phi for phi, _ in spanner.psi)
    check_spanner_size(SpannerSizeCertificate(accepted, problem.dimension, p.ridge, p.nu))


def test_accepts_examples_by_hand() -> None:
    check_optimum(two_prompts(), optimum_certificate(two_prompts()))
    assert optimum_certificate(two_prompts()).partition == (exp_sum([(fmpq(3, 2), 0)]), exp(1))
    check_coverage(two_prompts(), coverage_certificate(two_prompts(), optimum(two_prompts())))
    check_spanner_size(size_certificate())
    check_spanner_size(replace(size_certificate(), accepted=()))


# ------------------------------------------------------------------------------------------------ tampering


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda c: replace(c, indices=(0, 2)), "vector 1: the combination misses it"),
        (lambda c: replace(c, indices=(1, 0)), "vector 0: the combination misses it"),
        (lambda c: replace(c, indices=(0, 0)), "linearly dependent"),
        (lambda c: replace(c, indices=(0, 4)), "linearly dependent"),
        (lambda c: replace(c, indices=(0,)), "vector 0: 2 coefficients for 1 chosen"),
        (lambda c: replace(c, indices=(0, 5)), "there are 5 vectors"),
        (lambda c: replace(c, indices=(0, -4)), "there are 5 vectors"),
        (lambda c: replace(c, C=fmpq(199, 100)), "vector 2: coefficient 2 exceeds C = 199/100"),
        (lambda c: replace(c, coefficients=c.coefficients[:-1]), "4 rows of coefficients for 5 vectors"),
        (lambda c: with_row(c, 2, ["1", "1"]), "vector 2: the combination misses it"),
        (lambda c: with_row(c, 2, ["1", "-2"]), "vector 2: the combination misses it"),
        (lambda c: with_row(c, 3, ["1/2", "-5"]), "vector 3: coefficient -5 exceeds C = 2"),
        (lambda c: with_row(c, 4, ["0"]), "vector 4: 1 coefficients"),
        (lambda c: with_row(c, 4, ["0", f"1/{10**30}"]), "vector 4: the combination misses it"),
    ],
)
def test_rejects_tampered_spanners(tamper: Callable[[SpannerCertificate], SpannerCertificate], message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check_spanner(VECTORS, tamper(spanner_certificate()))


def with_row(certificate: SpannerCertificate, i: int, row: list[str]) -> SpannerCertificate:
    rows = list(certificate.coefficients)
    rows[i] = Vector.of(row)
    return replace(certificate, coefficients=tuple(rows))


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
        (lambda c: replace(c, partition=(c.partition[0], exp(2))), "prompt 1, response 0: pi"),
        (lambda c: replace(c, partition=(c.partition[0] * 2, c.partition[1])), "prompt 0, response 0: pi"),
        # consistent with each other, but not a law: every mass halved, Z doubled
        (
            lambda c: OptimumCertificate(with_mass(c.masses, 0, "1/3", "1/6"), (c.partition[0] * 2, c.partition[1])),
            "prompt 0: the masses sum to 1/2",
        ),
    ],
)
def test_rejects_tampered_optima(tamper: Callable[[OptimumCertificate], OptimumCertificate], message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check_optimum(two_prompts(), tamper(optimum_certificate(two_prompts())))


def test_an_optimum_of_another_problem_is_rejected() -> None:
    with pytest.raises(CertificateError, match="prompt 0, response 0"):
        check_optimum(load("fair-coin"), optimum_certificate(load("two-arms")))


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
    ],
)
def test_rejects_tampered_coverage(tamper: Callable[[CoverageCertificate], CoverageCertificate], message: str) -> None:
    with pytest.raises(CertificateError, match=message):
        check_coverage(two_prompts(), tamper(coverage_certificate(two_prompts(), optimum(two_prompts()))))


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda c: replace(c, accepted=(*c.accepted, Vector.of([1]))), "difference 3: its elliptic norm"),
        (lambda c: replace(c, accepted=(Vector.of(["1/2"]),)), "difference 0: its elliptic norm"),  # equal to nu
        (lambda c: replace(c, accepted=(Vector.of([1]), Vector.of([0]))), "difference 1: its elliptic norm"),
        (lambda c: replace(c, accepted=(Vector.of([1, 0]),)), "difference 0: not a difference"),
        (lambda c: replace(c, accepted=(Vector.of(["201/100"]),)), "difference 0: not a difference"),
        (lambda c: replace(c, dimension=2), "difference 0: not a difference"),
        (lambda c: replace(c, dimension=0), "must be positive"),
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
        check_spanner_size(tamper(size_certificate()))


# ------------------------------------------------------------------------------------------------ independence


def test_checkers_import_neither_algorithms_nor_policies() -> None:
    """No code in common with what made the answer: only numbers, linear algebra and the problem itself."""
    models = ("reference.model.problem", "reference.model.tokens", "reference.model.game")
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
