"""The JSON form: each kind comes back equal and passes; each field that is changed is seen by reading or checking."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flint import fmpq

from reference.catalog import load, names
from reference.certificates import (
    Certificate,
    CertificateError,
    LogisticCertificate,
    LogisticLoss,
    SolutionCertificate,
    SpannerSizeCertificate,
    Subject,
    certificate_json,
    check,
    read_certificate,
)
from reference.certificates.document import KINDS
from reference.certificates.family import Single
from reference.certification import certify, certify_realizability
from reference.exact.linalg import Vector
from reference.games import solve
from reference.games.curves import graded_rewards
from reference.model import LinearProblem
from reference.model.problem import Problem

Document = dict[str, object]


def copied(problem: Subject, certificate: Single) -> Document:
    """Through text, as a reader of a file has it."""
    document: Document = json.loads(json.dumps(certificate_json(problem, certificate)))
    return document


def parts(problem: Problem) -> list[Single]:
    found = certify(problem) if isinstance(problem, LinearProblem) else certify_realizability(problem)
    return [found.optimum, found.coverage, found.spanner] if isinstance(found, SolutionCertificate) else [found]


def examples() -> dict[str, tuple[Subject, Single]]:
    """One of each kind."""
    exponential, tokens, other = load("two-arms-exp"), load("clean-sweep"), load("linear-not-realizable")
    optimum, coverage, spanner = parts(exponential)
    (realizable,), (not_realizable,) = parts(tokens), parts(other)
    loss = LogisticLoss(((Vector.of([1]), 1),), fmpq(1))
    game = graded_rewards(2, 2)
    return {
        "optimum": (exponential, optimum),
        "coverage": (exponential, coverage),
        "spanner": (exponential, spanner),
        "spanner-size": (exponential, SpannerSizeCertificate((Vector.of([1]),) * 2, fmpq(1), fmpq(1, 2))),
        "realizable": (tokens, realizable),
        "not-realizable": (other, not_realizable),
        "logistic": (loss, LogisticCertificate((fmpq(0),), fmpq(1, 2))),
        "game": (game, solve(game, [(1, 1)]).certificate),
    }


EXAMPLES = examples()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_back_equal_and_passes(kind: str) -> None:
    problem, certificate = EXAMPLES[kind]
    document = copied(problem, certificate)
    assert document["kind"] == kind
    assert read_certificate(problem, document) == certificate
    check(problem, read_certificate(problem, document))


@pytest.mark.parametrize("name", names())
def test_certificates_of_the_catalog_come_back_equal(name: str) -> None:
    problem = load(name)
    if name == "impossible-token":  # theta is the logarithm of an exp-ratio
        with pytest.raises(ValueError, match="has no finite text"):
            certificate_json(problem, parts(problem)[0])
        return
    for certificate in parts(problem):
        assert read_certificate(problem, copied(problem, certificate)) == certificate


WRONG: dict[str, list[tuple[str, object, str]]] = {
    "optimum": [
        ("partition", [[["1/2", "0"], ["1/2", "1"]]], "prompt 0: Z differs"),
        ("partition", [], "0 partition functions for 1 prompts"),
        ("masses", [["1/2", "1/2"]], "prompt 0, response 0: pi"),
        ("masses", [["1/2"]], "prompt 0: 1 masses for 2"),
    ],
    "coverage": [
        ("value", "2", "the coverage is not attained"),
        ("value", "1", "the ratio exceeds 1"),
        ("prompt", 1, "there is no prompt 1"),
        ("response", 1, "prompt 0, response 1: the coverage is not attained"),
        ("masses", [["1", "0"]], "prompt 0, response 0: the ratio exceeds"),
    ],
    "spanner": [
        ("pairs", [[0, 0, 1]], "dual vector 0 and chosen vector 0"),
        ("C", "1/2", "a coefficient of size 1 exceeds C = 1/2"),
        ("largest", "2", "the largest coefficient is 1, not 2"),
        ("dual", [["1"]], "dual vector 0 and chosen vector 0"),
    ],
    "spanner-size": [
        ("accepted", [["1"], ["0"]], "difference 1: its elliptic norm"),
        ("ridge", "4", "difference 0: its elliptic norm"),
        ("nu", "1", "difference 0: its elliptic norm"),
    ],
    "realizable": [("thetas", [["0"], ["0"]], "differs from Q - Q'")],
    "not-realizable": [
        ("layer", 1, "no prompt 0 with a prefix of length 1"),
        ("layer", 2, "there is no layer 2"),
        ("terms", [[1, 0, [], 2, 0], [-1, 0, [], 1, 0]], "the differences of features sum to"),
        ("terms", [], "the differences of Q sum to zero too"),
    ],
    "logistic": [("theta", ["1"], "not shown to be at most"), ("radius", "1/4", "not shown to be at most")],
    "game": [
        ("entries", [[[[1, 1], 0, 0], ["1", ["answer", 0, 0]]]], "promises"),
        ("symmetries", [[[0], [2]]], "the members are 0 to 1"),
    ],
}


@pytest.mark.parametrize(
    ("kind", "field", "value", "message"), [(kind, *row) for kind, rows in WRONG.items() for row in rows]
)
def test_a_tampered_field_is_rejected(kind: str, field: str, value: object, message: str) -> None:
    problem, certificate = EXAMPLES[kind]
    document = copied(problem, certificate)
    part = document["claim"] if field in KINDS[kind][1] else document["witness"]
    assert isinstance(part, dict)
    assert part[field] != value
    part[field] = value
    with pytest.raises(CertificateError, match=message):
        check(problem, read_certificate(problem, document))


@pytest.mark.parametrize("belief", [[1, -1], [0, 0], [1], []])
def test_a_belief_that_is_none_is_refused(belief: list[int]) -> None:
    game, certificate = EXAMPLES["game"]
    document: Any = copied(game, certificate)
    document["witness"]["entries"].append([[belief, 0, 1], ["1", ["reward", 0, 1]]])
    with pytest.raises(CertificateError, match=r": not a state of this game$"):
        check(game, read_certificate(game, document))


def test_every_field_of_every_kind_is_tampered_with() -> None:
    for kind, (cls, _) in KINDS.items():
        assert {field for field, _, _ in WRONG[kind]} == set(cls.__dataclass_fields__)


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda d: {**d, "format": "other"}, "not of the format"),
        (lambda d: {**d, "version": 2}, "not of the format"),
        (lambda d: {**d, "problem": "fair-coin"}, "about 'fair-coin', not about 'two-arms-exp'"),
        (lambda d: {**d, "kind": "optimal"}, "kind: 'optimal' is none of optimum, coverage"),
        (lambda d: {**d, "kind": "spanner"}, "claim: not an object with the keys C, largest, pairs"),
        (lambda d: {k: v for k, v in d.items() if k != "witness"}, "certificate: not an object with the keys"),
        (lambda d: {**d, "witness": {}}, "witness: not an object with the keys prompt, response"),
        (lambda d: {**d, "witness": {"prompt": "0", "response": 0}}, "prompt: '0' is not a number of the form 12"),
        (lambda d: {**d, "witness": {"prompt": True, "response": 0}}, "prompt: True is not a number"),
        (lambda d: {**d, "claim": {**d["claim"], "value": 1.5}}, "value: 1.5 is not a number of the form"),
        (lambda d: {**d, "claim": {**d["claim"], "value": "1/0"}}, "value: .*1/0"),
        (lambda d: {**d, "claim": {**d["claim"], "masses": 3}}, "masses: not a list"),
        (
            lambda d: {**d, "claim": {**d["claim"], "value": {"numerator": [], "denominator": []}}},
            "denominator is zero",
        ),
        (
            lambda d: {**d, "claim": {**d["claim"], "value": {"numerator": [["1"]], "denominator": []}}},
            "not a list of 2",
        ),
        (lambda _: [], "certificate: not an object"),
    ],
)
def test_a_malformed_document_is_rejected(tamper: Callable[[Document], object], message: str) -> None:
    problem, certificate = EXAMPLES["coverage"]
    with pytest.raises(CertificateError, match=message):
        read_certificate(problem, tamper(copied(problem, certificate)))


@pytest.mark.parametrize(
    ("exponent", "message"),
    [
        ("2000000000", r"^value\.numerator: exp\(2000000000\): the exponent is beyond"),
        ("1e7*log(2)", r"^value\.numerator: the power 2\^10000000 has more than"),
        (
            "1000000000",
            r"^a number of the certificate is too large to be checked: exp\(10000000[0-9]+\) arises in a product",
        ),
    ],
)
def test_numbers_too_large_to_be_read_or_checked(exponent: str, message: str) -> None:
    problem, certificate = EXAMPLES["coverage"]
    document: Any = copied(problem, certificate)
    document["claim"]["value"] = {"numerator": [["1", exponent]], "denominator": [["1", "0"]]}
    with pytest.raises(CertificateError, match=message):
        check(problem, read_certificate(problem, document))


def test_a_certificate_is_about_a_problem_of_its_own_kind() -> None:
    wrong: list[tuple[Subject, Certificate]] = [
        (EXAMPLES["game"][0], EXAMPLES["realizable"][1]),
        (load("clean-sweep"), EXAMPLES["optimum"][1]),
        (EXAMPLES["logistic"][0], EXAMPLES["game"][1]),
    ]
    for problem, certificate in wrong:
        with pytest.raises(CertificateError, match=f"a {type(certificate).__name__} is not about a"):
            check(problem, certificate)
