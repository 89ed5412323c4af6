"""The instances from a real base model: valid, exactly normalised, and what their descriptions promise.

The expectations are computed here from the files' text with `fractions` and `mpmath`, not with the package.
"""

import ast
import json
import re
from collections.abc import Callable
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import mpmath
import pytest
from flint import fmpq

from reference.catalog import dump, load, load_linear
from reference.catalog.loading import DATA
from reference.exact import to_decimal
from reference.model.policy import optimum
from reference.model.ratios import coverage, coverage_at

Tree = dict[str, Any]

NAMES = ("smollm2-facts", "smollm2-opposites", "smollm2-two-plus-two")
LOG_RATIONAL = NAMES[1:]
SCRIPT = Path(__file__).parents[2] / "docs" / "catalog" / "make_real_instances.py"


def tree(name: str) -> Tree:
    loaded: Tree = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def masses(prompt: Tree) -> list[Fraction]:
    return [Fraction(r["pi_ref"]) for r in prompt["responses"]]


def features(prompt: Tree) -> list[list[Fraction]]:
    return [[Fraction(v) for v in r["phi"]] for r in prompt["responses"]]


def right(data: Tree, prompt: Tree) -> list[bool]:
    answers = data["provenance"]["right_answers"][prompt["name"]].split(" | ")
    return [r["name"] in answers for r in prompt["responses"]]


def log_vector(text: str) -> dict[int, Fraction]:
    """Coefficients of the logarithms of primes in a text such as "-3*log(2) + 1/2*log(3)"."""
    terms = re.findall(r"([+-]?)\s*(?:([0-9/]+)\*)?log\(([0-9]+)\)", text)
    return {int(p): Fraction(f"{sign}{size or 1}") for sign, size, p in terms}


def rational_tilts(data: Tree, prompt: Tree) -> list[Fraction]:
    """``exp(r/beta)`` on a log-rational instance: a product of integer powers of primes."""
    beta = Fraction(data["beta"])
    theta = [log_vector(t) for t in data["theta"]]
    tilts = []
    for row in features(prompt):
        powers = {
            p: sum((f * t.get(p, Fraction(0)) for f, t in zip(row, theta, strict=True)), Fraction(0)) for p in (2, 3)
        }
        assert all((k / beta).denominator == 1 for k in powers.values())
        tilts.append(prod((Fraction(p) ** int(k / beta) for p, k in powers.items()), start=Fraction(1)))
    return tilts


def float_tilts(data: Tree, prompt: Tree) -> list[mpmath.mpf]:
    beta, theta = Fraction(data["beta"]), [Fraction(t) for t in data["theta"]]
    exponents = [sum((f * t for f, t in zip(row, theta, strict=True)), Fraction(0)) / beta for row in features(prompt)]
    return [mpmath.exp(mpmath.mpf(e.numerator) / e.denominator) for e in exponents]


def rank(rows: list[list[Fraction]]) -> int:
    rows, found = [list(row) for row in rows], 0
    for column in range(len(rows[0])):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][column] / rows[found][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


@pytest.mark.parametrize("name", NAMES)
def test_masses_sum_to_exactly_one_and_norms_are_at_most_one(name: str) -> None:
    data = tree(name)
    assert sum(Fraction(p["rho"]) for p in data["prompts"]) == 1
    for prompt in data["prompts"]:
        assert sum(masses(prompt)) == 1
        assert all(p > 0 for p in masses(prompt))
        assert all(sum(v * v for v in row) <= 1 for row in features(prompt))


@pytest.mark.parametrize("name", NAMES)
def test_no_mass_was_rounded(name: str) -> None:
    """Products of float32 values: over their common denominator the weights are dyadic up to one common factor."""
    data = tree(name)
    depth = int(data["provenance"]["steps"]["responses"].split()[0])
    for prompt in data["prompts"]:
        total = max(p.denominator for p in masses(prompt))
        weights = [p * total for p in masses(prompt)]
        assert all(w.denominator == 1 for w in weights)
        for w in weights:
            odd = int(w) // (int(w) & -int(w))
            assert odd < 2 ** (24 * depth)  # a product of `depth` significands of 24 bits


@pytest.mark.parametrize("name", NAMES)
def test_the_differences_span_the_space_with_fewer_dimensions_than_responses(name: str) -> None:
    data = tree(name)
    problem = load_linear(name)
    rows = [
        [a - b for a, b in zip(row, features(prompt)[0], strict=True)]
        for prompt in data["prompts"]
        for row in features(prompt)
    ]
    assert rank(rows) == problem.difference_rank() == problem.dimension
    assert problem.dimension < sum(len(prompt["responses"]) for prompt in data["prompts"])


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_in_canonical_form(name: str) -> None:
    assert dump(load_linear(name)) == (DATA / f"{name}.json").read_text(encoding="utf-8")
    assert load_linear(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_the_family_is_the_declared_one(name: str) -> None:
    assert load_linear(name).is_log_rational() == (name in LOG_RATIONAL)


@pytest.mark.parametrize("name", LOG_RATIONAL)
def test_log_rational_optimum_and_coverage_by_hand(name: str) -> None:
    data, problem = tree(name), load_linear(name)
    pi = optimum(problem)
    for x, prompt in enumerate(data["prompts"]):
        tilts = rational_tilts(data, prompt)
        z = sum((p * t for p, t in zip(masses(prompt), tilts, strict=True)), Fraction(0))
        law = pi.law(x)
        for y, (p, t) in enumerate(zip(masses(prompt), tilts, strict=True)):
            assert law.mass(y) == _fmpq(p * t / z)
        assert coverage_at(problem, pi, x) == _fmpq(max(tilts) / z)


def test_rational_reward_coverage_by_a_second_implementation() -> None:
    data, problem = tree("smollm2-facts"), load("smollm2-facts")
    pi = optimum(problem)
    with mpmath.workdps(40):
        for x, prompt in enumerate(data["prompts"]):
            tilts = float_tilts(data, prompt)
            base = [mpmath.mpf(p.numerator) / p.denominator for p in masses(prompt)]
            expected = max(tilts) / mpmath.fsum(p * t for p, t in zip(base, tilts, strict=True))
            found = mpmath.mpf(to_decimal(coverage_at(problem, pi, x), 30).text)
            assert abs(found / expected - 1) < mpmath.mpf(10) ** -28


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("smollm2-facts", 71, 72), ("smollm2-opposites", 4, 5), ("smollm2-two-plus-two", 5, 6)],
)
def test_the_coverage_is_what_the_description_says(name: str, low: int, high: int) -> None:
    problem = load_linear(name)
    value = coverage(problem, optimum(problem))
    assert low < value < high


@pytest.mark.parametrize("name", NAMES)
def test_the_rewards_favour_a_right_answer_everywhere(name: str) -> None:
    data = tree(name)
    tilts: Callable[[Tree, Tree], list[Any]] = rational_tilts if name in LOG_RATIONAL else float_tilts
    for prompt in data["prompts"]:
        flags, values = right(data, prompt), tilts(data, prompt)
        assert 0 < sum(flags) < len(flags)
        assert flags[values.index(max(values))]


def test_somewhere_the_base_model_prefers_a_wrong_answer() -> None:
    for name in NAMES:
        data = tree(name)
        favourites = [right(data, p)[masses(p).index(max(masses(p)))] for p in data["prompts"]]
        assert not all(favourites)


def test_the_package_never_imports_the_script_or_its_libraries() -> None:
    heavy = {"torch", "transformers", "gguf", "sentence_transformers"}
    heavy |= {path.stem for path in SCRIPT.parent.glob("*.py")}
    for path in (SCRIPT.parents[2] / "reference").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {n.split(".")[0] for n in names} & heavy, path


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
