"""Whatever a file says, its reader returns what it means, or raises the one error that it documents, in one line.

A few files for each reader by default; with ``-m slow`` a hundred thousand.
"""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reference.catalog import InstanceError, dump, parse
from reference.catalog.handmade import instances
from reference.catalog.handmade_tokens import token_instances
from reference.catalog.noise2 import read_noise
from reference.certificates import CertificateError, check, read_certificate
from reference.constructions.dnf.formula import FormulaError
from reference.constructions.dnf.text import parse_formula, to_dimacs
from reference.exact import BadNumber, Undecided, loglinear, rational, real
from tests.catalog.files2 import nodes, noisy, with_rewards, with_theta
from tests.catalog.test_fuzz import SMALL
from tests.certificates.test_documents import EXAMPLES, copied
from tests.fuzz.mutants import NUMBERS, bent_bytes, bent_json, bent_words

FEW = 200

LONGEST = 10.0
"""Seconds of CPU time that no file may take."""

numbers_of_files = pytest.mark.parametrize(
    "count", [pytest.param(FEW, id="few"), pytest.param(100_000, id="many", marks=pytest.mark.slow)]
)


def survive(
    count: int, make: Callable[[random.Random], Any], read: Callable[[Any], object], *refusals: type[Exception]
) -> None:
    """Read many files; each is read or refused in one line, and soon."""
    refused = 0
    for seed in range(count):
        made = make(random.Random(seed))  # noqa: S311 - faults that repeat themselves
        start = time.process_time()
        try:
            read(made)
        except refusals as error:
            refused += 1
            line = str(error)
            assert line, (seed, made)
            assert "\n" not in line, (seed, made)
            line.encode()
        except Exception as error:  # noqa: BLE001 - whatever it is, the seed is to be seen
            pytest.fail(f"seed {seed}: {made!r:.2000}: {type(error).__name__}: {error!s:.500}")
        assert time.process_time() - start < LONGEST, (seed, made)
    assert refused


# --------------------------------------------------------------------------------------------------- instance files


def read_instance(data: bytes) -> None:
    problem = parse(data, "FILE", limits=SMALL)
    text = dump(problem)
    assert dump(parse(text)) == text


FILES: dict[str, list[Any]] = {
    "problem, version 1": [json.loads(dump(problem)) for problem in instances()],
    "token problem, version 1": [json.loads(dump(problem)) for problem in token_instances()],
    "problem, version 2": [nodes(), noisy(), with_theta(), with_rewards()],
}


@numbers_of_files
@pytest.mark.parametrize("kind", FILES)
def test_instance_files(kind: str, count: int) -> None:
    trees = [tree for tree in FILES[kind] if len(json.dumps(tree)) < 10_000]
    survive(count, lambda rng: bent_json(rng, trees), read_instance, InstanceError)


@numbers_of_files
def test_files_of_noise(count: int, tmp_path: Path) -> None:
    laws = [
        {"noise": [{"value": "1", "mass": "2/3"}, {"value": "-2", "mass": "1/3"}]},
        {"noise": [{"value": "0", "mass": "1"}]},
    ]
    path = tmp_path / "noise.json"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        law = read_noise(path, limits=SMALL)
        assert law.expectation(lambda error: error) == 0

    survive(count, lambda rng: bent_json(rng, laws), read, InstanceError)


# ----------------------------------------------------------------------------------------------------- certificates


@numbers_of_files
def test_certificates(count: int) -> None:
    documents = [(problem, copied(problem, certificate)) for problem, certificate in EXAMPLES.values()]
    trees = [document for _, document in documents]

    def make(rng: random.Random) -> tuple[Any, Any]:
        problem, document = rng.choice(documents)
        while True:
            try:
                return problem, json.loads(bent_json(rng, [document] if rng.randrange(4) else trees))
            except ValueError:  # no JSON: another reader's business
                continue

    def read(made: tuple[Any, Any]) -> None:
        check(made[0], read_certificate(*made))

    survive(count, make, read, CertificateError)


# ----------------------------------------------------------------------------------------------------------- texts


@numbers_of_files
def test_formulas(count: int) -> None:
    texts = (
        "x1 & !x2 | x2 & x3",
        "p dnf 3 2\n1 -2 0\n2 3 0\n",
        "c of clauses\nh -1 2 3 0\n1 1 2 0\n",
        "p wcnf 2 1 3\n1 1 -2 0\n",
    )
    words = (
        "x",
        "!",
        "&",
        "|",
        " ",
        "\n",
        "0",
        "1",
        "2",
        "-",
        "p",
        "dnf",
        "cnf",
        "c",
        "h",
        "x1",
        "-1",
        "99999999999",
        "\u00b2",
    )

    def read(text: str) -> None:
        formula = parse_formula(text)
        assert parse_formula(to_dimacs(formula)) == formula
        assert parse_formula(str(formula), formula.variables) == formula

    survive(count, lambda rng: bent_words(rng, rng.choice(texts), words), read, FormulaError)


@numbers_of_files
def test_numbers_of_the_whole_grammar(count: int) -> None:
    texts = (
        "-3/4",
        "1/2 + 3*log(2) - log(3/5)/2",
        "log(1 + exp(1))^2/(1 + exp(-1))",
        "exp(1/2*log(2))*exp(3)",
        "(1 - exp(1))/exp(log(3)/7)",
    )
    words = (*"0123456789.+-*/^() e", "log(", "exp(", "1e9", "1e-9", "10000", "**", "nan", "1/3", *NUMBERS)

    def read(text: str) -> None:
        value = real(text)
        again = real(str(value))
        assert again.terms == value.terms

    survive(count, lambda rng: bent_words(rng, rng.choice(texts), words), read, BadNumber)


@numbers_of_files
@pytest.mark.parametrize("reader", [loglinear, rational])
def test_numbers_of_files(reader: Callable[[str], object], count: int) -> None:
    texts = (
        "-3/4",
        "0.125e-3",
        "12345/678",
        *(("1/2 + 3*log(2) - log(3/5)/2", "-log(7)*2/3") if reader is loglinear else ()),
    )
    words = (*"0123456789.+-*/() e", "log(", "1e9", "1e-9", "1e10000", *NUMBERS)

    def read(text: str) -> None:
        value = reader(text)
        assert reader(str(value)) == value

    survive(count, lambda rng: bent_words(rng, rng.choice(texts), words), read, BadNumber, Undecided)


@numbers_of_files
def test_bytes_that_are_no_file(count: int) -> None:
    texts = [json.dumps(tree).encode() for trees in FILES.values() for tree in trees][:5]
    texts += [b"", b"\xff\xfe{\x00}\x00", b"\x80\x04\x95", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"{" * 50, b"[" * 5000]
    survive(count, lambda rng: bent_bytes(rng, rng.choice(texts)), read_instance, InstanceError)
