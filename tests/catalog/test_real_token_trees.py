"""The token trees from a real base model: exactly normalised, one realizable and one not, and what their texts promise.

The expectations are computed here from the files' text with `fractions`, not with the package.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import prod
from typing import Any

import pytest
from flint import fmpq

from reference.catalog import load
from reference.catalog.loading import TOKEN_DATA
from reference.certificates import CertificateError
from reference.certificates.realizability import check_not_realizable, check_realizable
from reference.exact.log_linear import LogLinear, log, loglinear
from reference.model.ratios import coverage, token_coverage
from reference.model.realizability import NotRealizable, Realizable, decide_realizability
from reference.model.soft_bellman import soft_values

Data = dict[str, Any]
Path = tuple[str, ...]

REALIZABLE, ANSWERS = NAMES = ("smollm2-tokens-realizable", "smollm2-tokens-answers")
SIGNIFICAND = 24  # bits of a float32


@dataclass(frozen=True)
class Token:
    pi_ref: Fraction
    phi: tuple[Fraction, ...]
    tilt: Fraction  # exp of its reward; beta is 1


Nodes = dict[Path, dict[str, Token]]


@cache
def data(name: str) -> Data:
    loaded: Data = json.loads((TOKEN_DATA / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def exp_of(text: str) -> Fraction:
    """``exp`` of a text such as "-3*log(2) + log(5)": integer multiples of logarithms."""
    terms = re.findall(r"([+-]?)\s*(?:([0-9]+)\*)?log\(([0-9]+)\)", text)
    return prod((Fraction(int(p)) ** int(f"{sign}{size or 1}") for sign, size, p in terms), start=Fraction(1))


@cache
def trees(name: str) -> dict[str, Nodes]:
    """The tokens after every prefix of every prompt."""
    assert data(name)["beta"] == "1"
    return {
        prompt["name"]: {
            tuple(entry["prefix"]): {
                t["token"]: Token(
                    Fraction(t["pi_ref"]), tuple(map(Fraction, t["phi"])), exp_of(t.get("reward", "0*log(2)"))
                )
                for t in entry["tokens"]
            }
            for entry in prompt["prefixes"]
        }
        for prompt in data(name)["prompts"]
    }


def nodes(name: str) -> Iterator[tuple[str, Path, dict[str, Token]]]:
    for prompt, tree in trees(name).items():
        for prefix, tokens in tree.items():
            yield prompt, prefix, tokens


def partition(tree: Nodes, prefix: Path) -> Fraction:
    """``U``: the mean of exp of what is still to come."""
    if prefix not in tree:
        return Fraction(1)
    return sum((t.pi_ref * branch(tree, prefix, a) for a, t in tree[prefix].items()), Fraction(0))


def branch(tree: Nodes, prefix: Path, token: str) -> Fraction:
    return tree[prefix][token].tilt * partition(tree, (*prefix, token))


def sequences(tree: Nodes) -> Iterator[tuple[Path, Fraction]]:
    """Every sequence, and ``exp(r)`` of it."""
    found: list[tuple[Path, Fraction]] = [((), Fraction(1))]
    while found:
        prefix, tilt = found.pop()
        if prefix not in tree:
            yield prefix, tilt
            continue
        found += [((*prefix, a), tilt * t.tilt) for a, t in tree[prefix].items()]


@pytest.mark.parametrize("name", NAMES)
def test_several_prompts_four_tokens_wide_and_three_deep(name: str) -> None:
    assert data(name)["horizon"] == "3"
    assert len(trees(name)) == 3
    for tree in trees(name).values():
        assert all(len(tokens) >= 4 for tokens in tree.values())
        assert {len(sequence) for sequence, _ in sequences(tree)} == {3}
    assert load(name).sequence_count() == sum(1 for tree in trees(name).values() for _ in sequences(tree)) == 208


@pytest.mark.parametrize("name", NAMES)
def test_every_law_sums_to_exactly_one_and_norms_are_at_most_one(name: str) -> None:
    for _, _, tokens in nodes(name):
        assert sum(t.pi_ref for t in tokens.values()) == 1
        assert all(t.pi_ref > 0 and sum(v * v for v in t.phi) <= 1 for t in tokens.values())


@pytest.mark.parametrize("name", NAMES)
def test_no_mass_was_rounded(name: str) -> None:
    """Ratios of masses are those of float32 values: two odd numbers of at most 24 bits and a power of two."""
    for _, _, tokens in nodes(name):
        for one, other in pairwise(tokens.values()):
            ratio = one.pi_ref / other.pi_ref
            for number in (ratio.numerator, ratio.denominator):
                assert number // (number & -number) < 2**SIGNIFICAND


def test_both_files_have_the_same_trees() -> None:
    both = [[(*where, {a: (t.pi_ref, t.phi) for a, t in ts.items()}) for *where, ts in nodes(n)] for n in NAMES]
    assert both[0] == both[1]
    blocks = [data(name)["provenance"] for name in NAMES]
    differ = {key for key in blocks[0] if blocks[0][key] != blocks[1][key]}
    assert differ == {"steps"}
    assert {k for k in blocks[0]["steps"] if blocks[0]["steps"][k] != blocks[1]["steps"][k]} == {"reward"}


@pytest.mark.parametrize("name", NAMES)
def test_features_are_small_integers_over_one_integer_a_layer(name: str) -> None:
    for h in range(3):
        entries = {v for _, prefix, tokens in nodes(name) if len(prefix) == h for t in tokens.values() for v in t.phi}
        scale = max(v.denominator for v in entries)
        assert all((v * scale).denominator == 1 and abs(v * scale) <= 2 for v in entries)


def declared_thetas() -> list[list[str]]:
    """The parameters as the file's provenance writes them."""
    step = data(REALIZABLE)["provenance"]["steps"]["reward"]
    return [text.split(", ") for text in re.findall(r"theta_[0-9] = \((.+?\))\)", step)]


def test_the_realizable_reward_is_beta_log_pi_theta_over_pi_ref() -> None:
    """``theta_h`` is that of the provenance: ``exp(r_a) = exp(<theta, phi_a>) / E exp(<theta, phi>)``."""
    thetas = declared_thetas()
    assert [len(theta) for theta in thetas] == [3, 3, 3]
    for _, prefix, tokens in nodes(REALIZABLE):
        theta = [exp_of(text) for text in thetas[len(prefix)]]
        tilts = {a: power(theta, t.phi) for a, t in tokens.items()}
        mean = sum((t.pi_ref * tilts[a] for a, t in tokens.items()), Fraction(0))
        assert all(t.tilt == tilts[a] / mean for a, t in tokens.items())


def power(theta: list[Fraction], phi: tuple[Fraction, ...]) -> Fraction:
    """``exp(<theta, phi>)``, exponent by exponent; phi has the denominator that theta's exponents carry."""
    exponents = {p: sum((v * valuation(t, p) for t, v in zip(theta, phi, strict=True)), Fraction(0)) for p in (2, 3)}
    assert all(e.denominator == 1 for e in exponents.values())
    return prod((Fraction(p) ** int(e) for p, e in exponents.items()), start=Fraction(1))


def valuation(value: Fraction, prime: int) -> int:
    count = 0
    while value.numerator % prime == 0:
        value, count = value / prime, count + 1
    while value.denominator % prime == 0:
        value, count = value * prime, count - 1
    return count


def test_it_is_realizable_with_the_declared_parameters() -> None:
    problem = load(REALIZABLE)
    found = decide_realizability(problem)
    assert isinstance(found, Realizable)
    thetas = found.log_linear()
    assert thetas is not None
    assert [list(theta) for theta in thetas] == [[loglinear(text) for text in theta] for theta in declared_thetas()]
    check_realizable(problem, thetas)
    values = soft_values(problem)
    assert all(values.value(0, entry.root).exact == 0 for entry in problem.prompts)


@pytest.mark.parametrize("h", range(3))
@pytest.mark.parametrize("j", range(3))
def test_every_other_parameter_is_rejected(h: int, j: int) -> None:
    """The differences span every layer's features, so ``theta*`` is unique."""
    problem = load(REALIZABLE)
    thetas: list[list[LogLinear]] = [[loglinear(text) for text in theta] for theta in declared_thetas()]
    thetas[h][j] = thetas[h][j] + log(2)
    with pytest.raises(CertificateError):
        check_realizable(problem, thetas)


def test_the_reward_of_right_answers_is_not_realizable() -> None:
    problem = load(ANSWERS)
    found = decide_realizability(problem)
    assert isinstance(found, NotRealizable)
    check_not_realizable(problem, found.layer, [(t.coefficient, t.x, t.prefix, t.a, t.b) for t in found.terms])
    features, product = [Fraction(0)] * 3, Fraction(1)
    for term in found.terms:
        tree = trees(ANSWERS)[problem.prompts[term.x].name]
        prefix = problem.spelled(term.x, term.prefix)
        a, b = (problem.spelled(term.x, (*term.prefix, token))[-1] for token in (term.a, term.b))
        pair = zip(tree[prefix][a].phi, tree[prefix][b].phi, strict=True)
        features = [f + term.coefficient * (u - v) for f, (u, v) in zip(features, pair, strict=True)]
        product *= (branch(tree, prefix, a) / branch(tree, prefix, b)) ** term.coefficient
    assert features == [0, 0, 0]
    assert product != 1


def test_its_certificate_does_not_fit_the_realizable_reward() -> None:
    found = decide_realizability(load(ANSWERS))
    assert isinstance(found, NotRealizable)
    terms = [(t.coefficient, t.x, t.prefix, t.a, t.b) for t in found.terms]
    with pytest.raises(CertificateError):
        check_not_realizable(load(REALIZABLE), found.layer, terms)


def test_exactly_the_right_answers_are_rewarded() -> None:
    right = data(ANSWERS)["provenance"]["right_answers"]
    for prompt, tree in trees(ANSWERS).items():
        flags = set()
        for sequence, tilt in sequences(tree):
            is_right = any(answer in "".join(sequence) for answer in right[prompt].split(" | "))
            assert tilt == (64 if is_right else 1), sequence
            flags.add(is_right)
        assert flags == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_coverage_by_a_second_implementation(name: str) -> None:
    tokens = [
        branch(trees(name)[prompt], prefix, a) / partition(trees(name)[prompt], prefix)
        for prompt, prefix, listed in nodes(name)
        for a in listed
    ]
    whole = [tilt / partition(tree, ()) for tree in trees(name).values() for _, tilt in sequences(tree)]
    problem = load(name)
    assert token_coverage(problem) == _fmpq(max(tokens))
    assert coverage(problem) == _fmpq(max(whole))


def test_a_real_tree_where_token_coverage_is_larger_than_sequence_coverage() -> None:
    problem = load(ANSWERS)
    assert 56 < token_coverage(problem) < 57
    assert 8 < coverage(problem) < 9


@pytest.mark.parametrize("name", NAMES)
def test_the_provenance_names_every_token_once(name: str) -> None:
    numbers = data(name)["provenance"]["tokens"]
    assert list(numbers) == data(name)["alphabet"]
    assert len(set(numbers.values())) == len(numbers)
    assert re.fullmatch(r"[0-9a-f]{64}", data(name)["provenance"]["model_sha256"])
    single_turn = json.loads((TOKEN_DATA.parent / "smollm2-facts.json").read_text(encoding="utf-8"))["provenance"]
    for key in ("model", "model_sha256", "embedding", "packages", "license"):
        assert data(name)["provenance"][key] == single_turn[key]


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
