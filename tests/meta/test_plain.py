"""Meaning apart from speed: every quick form is named here, and equals the definition that it stands for.

A pair is either a memo, which asks the very function whose answers it remembers, or it has a property below.
"""

import importlib
import json
import pkgutil
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.ledger.quick import quick_parts
from reference.algorithms.barycentric import barycentric_spanner
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact import ExpSum, LogLinear, Number, exp, exp_ratio, exp_sum, log, real
from reference.exact.law import Law, Mass
from reference.exact.linalg import Gram, Span, Vector
from reference.exact.log_linear import loglinear
from reference.exact.log_linears import over_one_denominator
from reference.exact.plain import PAIRS, QuickPair, cached, is_plain, only_plain, plain, quick
from reference.exact.precision import workprec
from reference.exact.weights import Factored
from reference.interaction import Choice
from reference.laws.counts import RATIONALS, balls
from reference.model import Problem, soft_values
from reference.testing import dnf_instances, features, formulas, laws, problems, rationals

for found in pkgutil.walk_packages(reference.__path__, "reference."):
    importlib.import_module(found.name)

MEMOS = {
    "reference.exact.log_linear.factored",
    "reference.exact.log_linear.known_log",
    "reference.exact.log_terms._log_of",
    "reference.exact.log_terms._of_integer",
    "reference.exact.log_terms._of_long_sum",
    "reference.exact.reals._log_of_quotient",
    "reference.model.linear._score_of",
    "reference.model.parameter_set._in_box",
    "reference.exact.atoms.split",
    "reference.constructions.dnf.families.small_formulas",
    "reference.exact.decimals._doubled",
    "reference.model.fast.partition._known_balls",
    "reference.model.soft_bellman.soft_values",
    "reference.model.policy.optimum",
    "reference.model.forms.Plain.coverage",
    "reference.model.forms.Plain.kl",
    "reference.model.ratios._differences",
    "reference.model.tilt.Tilt.coverage",
    "reference.model.tilt.Tilt.law",
    "reference.model.tilt.Tilt.log_partition",
    "reference.model.tilt.Tilt.regret",
    "reference.constructions.needles._member",
    "reference.constructions.needles._places",
    "reference.algorithms.parts.cover._fit_of_smallest_norm",
    "reference.algorithms.parts.cover._ridge_fit",
    "reference.algorithms.parts.cover.truncated",
    "reference.algorithms.parts.mtss_step._first_uncovered",
    "reference.algorithms.parts.mtss_step._known_explained",
    "reference.algorithms.parts.mtss_step._known_tilt",
    "reference.algorithms.softmax_sampling._of_named",
    "reference.interaction.world._places_of",
    "reference.interaction.world._softmaxes_of",
    "reference.algorithms.brute_force.most_informative",
    "reference.constructions.dnf.generate._places",
    "reference.constructions.dnf.best_vertex.variable_tables",
    "reference.constructions.dnf.branch_and_bound._curve",
    "reference.constructions.dnf.branch_and_bound._narrow",
    "reference.laws.mtss._mixture",
    "reference.laws.softmax_sampling._factor_balls",
    "reference.laws.softmax_sampling._waiting_balls",
}
"""Functions whose answers are remembered."""

COMPARED: dict[str, Callable[[], None]] = {}
"""The properties, by the name of the pair."""


def compares(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Say which pair a property compares; it gets both as ``pair(name)``."""

    def named(test: Callable[[], None]) -> Callable[[], None]:
        COMPARED[name] = test
        return test

    return named


def pair(name: str) -> QuickPair:
    return PAIRS[name]


def test_every_pair_is_a_memo_or_has_its_property() -> None:
    memos = {name for name, each in PAIRS.items() if getattr(each.quick, "__wrapped__", None) is each.meaning}
    assert memos == MEMOS
    assert PAIRS.keys() - memos == COMPARED.keys()


# --------------------------------------------------------------------------------------- numbers, vectors, laws

SUMS = st.lists(st.tuples(rationals(1, 3), st.integers(0, 2)), min_size=1, max_size=2).map(exp_sum)
PRODUCTS = st.lists(st.one_of(st.integers(1, 12), st.sampled_from([exp(1) + 1, exp(2) + 3])), max_size=4)


@compares("reference.exact.fast.weights.common_multiple")
@given(st.lists(PRODUCTS, max_size=4))
def test_cofactors(products: Sequence[Sequence[int | ExpSum]]) -> None:
    each = pair("reference.exact.fast.weights.common_multiple")
    denominators = []
    for product in products:
        factored = Factored()
        for factor in product:
            factored = factored.times(factor)
        denominators.append(factored)
    for multiple, cofactors in (each.quick(denominators), each.meaning(denominators)):
        for denominator, cofactor in zip(denominators, cofactors, strict=True):
            assert real(denominator.value()) * real(cofactor) == real(multiple.value())
    least, found = (exp_ratio(form(denominators)[0].value()) for form in each)
    assert least <= found


@compares("reference.exact.fast.weights.balanced_sum")
@given(st.lists(st.one_of(rationals(), SUMS), max_size=9))
def test_sums(values: list[fmpq | ExpSum]) -> None:
    each = pair("reference.exact.fast.weights.balanced_sum")
    assert real(each.quick(values, fmpq(0))) == real(each.meaning(values, fmpq(0)))


@st.composite
def laws_of_both_kinds(draw: st.DrawFn) -> Law[int]:
    if draw(st.booleans()):
        return draw(laws())
    return Law.weighted(range(3), [draw(SUMS) for _ in range(3)])


@compares("reference.exact.law.Law.expectation")
@given(laws_of_both_kinds(), st.lists(st.one_of(rationals(), SUMS), min_size=3, max_size=3))
def test_expectations(law: Law[int], values: list[Number]) -> None:
    each = pair("reference.exact.law.Law.expectation")
    assert each.quick(law, values.__getitem__) == each.meaning(law, values.__getitem__)


@compares("reference.exact.law.Law.locate")
@given(laws_of_both_kinds(), st.integers(0, 2**20 - 1), st.integers(2, 20))
def test_inversion(law: Law[int], u: int, bits: int) -> None:
    each = pair("reference.exact.law.Law.locate")
    u >>= 20 - bits
    found, meant = each.quick(law, u, bits), each.meaning(law, u, bits)
    assert found == meant or (found is None and not law.is_rational)


FACTORS = st.one_of(
    SUMS,
    st.lists(st.tuples(rationals(1, 3), st.integers(-9, 9).map(lambda n: fmpq(n, 2))), min_size=9, max_size=12).map(
        exp_sum
    ),
    st.sampled_from([exp("log(2)/2") + 1, exp(1) - exp("log(3)/3"), exp(fmpq(1, 10**9)) + exp(10**8)]),
)


ROOTS = st.lists(
    st.tuples(st.integers(-3, 5), st.integers(-7, 12), st.sampled_from([1, 2, 3, 5, 6])), min_size=1, max_size=9
).map(lambda terms: exp_sum([(c, log(2) * fmpq(a, n)) for c, a, n in terms]))


@compares("reference.exact.fast.lattice.on_lattice")
@given(
    st.sampled_from([90, 2]).flatmap(  # many different exponents, and few
        lambda far: st.lists(
            st.tuples(rationals(), st.integers(-far, far), st.sampled_from([1, 2, 6])), min_size=8, max_size=60
        )
    )
)
def test_sums_of_exponentials_are_those_term_by_term(terms: list[tuple[fmpq, int, int]]) -> None:
    each = pair("reference.exact.fast.lattice.on_lattice")
    asked = [c for c, _, _ in terms], [fmpq(n, d) for _, n, d in terms], 1024
    found = each.quick(*asked)
    assert found is None or found == each.meaning(*asked)


@compares("reference.exact.fast.roots.product_of_parts")
@given(st.one_of(ROOTS, FACTORS), ROOTS)
def test_products_of_roots(left: ExpSum, right: ExpSum) -> None:
    each = pair("reference.exact.fast.roots.product_of_parts")
    found, meant = (form(left.parts, right.parts) for form in each)
    assert {radical: part for radical, part in found.items() if part} == {r: part for r, part in meant.items() if part}


@compares("reference.laws.fast.sums.sums_of_draws")
@given(laws((0, 1, 2), 4), st.lists(rationals(fmpq(1, 4), 4), min_size=3, max_size=3), st.integers(1, 6), st.booleans())
def test_sums_of_draws(base: Law[int], w: list[fmpq], N: int, exact: bool) -> None:  # noqa: FBT001 - drawn
    each = pair("reference.laws.fast.sums.sums_of_draws")
    masses, values = [base.mass(y) for y in base.outcomes], [exp_sum([(w[y], 0)]) for y in base.outcomes]
    if not exact:
        known = [sum((p for p, _ in form(masses, values, N, balls(80))), arb(0)) for form in each]
        assert all(total.overlaps(arb(1)) for total in known)
        return
    found, meant = (Counter[fmpq](), Counter[fmpq]())
    for table, form in ((found, each.quick), (meant, each.meaning)):
        for probability, total in form(masses, values, N, RATIONALS):
            table[total] += probability
    assert {total: p for total, p in found.items() if p} == {total: p for total, p in meant.items() if p}


@compares("reference.exact.fast.products.multiplied")
@given(st.lists(st.tuples(FACTORS, st.integers(0, 3)), max_size=5))
def test_products_of_powers(factors: list[tuple[ExpSum, int]]) -> None:
    each = pair("reference.exact.fast.products.multiplied")
    assert each.quick(factors) == each.meaning(factors)


VECTORS = st.integers(1, 3).flatmap(lambda d: st.lists(features(d), min_size=1, max_size=5))


@compares("reference.exact.span.Span.contains")
@given(VECTORS)
def test_spans(vectors: list[Vector]) -> None:
    each = pair("reference.exact.span.Span.contains")
    span = Span.empty(len(vectors[0]))
    for phi in vectors:
        assert each.quick(span, phi) == each.meaning(span, phi)
        span = span.with_vector(phi)
        assert each.quick(span, phi)
        assert each.meaning(span, phi)


@compares("reference.exact.fast.gram.gram_of")
@given(VECTORS, rationals(1, 3), rationals(0, 3))
def test_gram_matrices(vectors: list[Vector], scale: fmpq, threshold: fmpq) -> None:
    each = pair("reference.exact.fast.gram.gram_of")
    start = Gram.ridge(len(vectors[0]), scale).matrix()
    forms = [each.quick(start), each.meaning(start)]
    assert type(forms[0]) is not type(forms[1])
    for phi in vectors:
        assert len({form.exceeds(phi, threshold) for form in forms}) == 1
        norm = forms[1].matrix().inverse_quadratic_form(phi)
        assert [form.exceeds(phi, norm) for form in forms] == [False, False]
        forms = [form.with_vector(phi) for form in forms]
        assert forms[0] == forms[1]
        assert hash(forms[0].matrix()) == hash(forms[1].matrix())
        assert forms[0].determinant() == forms[1].determinant()


@compares("reference.model.comparison.largest")
@given(st.lists(st.one_of(rationals(), SUMS.map(exp_ratio)), min_size=1, max_size=5))
def test_largest(masses: list[Mass]) -> None:
    each = pair("reference.model.comparison.largest")
    assert exp_ratio(each.quick(masses)) == exp_ratio(each.meaning(masses))


MANY_SCORES = st.lists(
    st.sampled_from([LogLinear(fmpq(n, d)) for n in (-9, 0, 2, 90) for d in (1, 2, 7)]), min_size=64, max_size=99
)


@compares("reference.exact.fast.log_linears.weighted_sum")
@given(MANY_SCORES, st.booleans())
def test_weighted_sums(values: list[LogLinear], logs: bool) -> None:  # noqa: FBT001 - drawn
    each = pair("reference.exact.fast.log_linears.weighted_sum")
    asked = range(1, len(values) + 1), [value + log(2) for value in values] if logs else values
    assert each.quick(*asked) == each.meaning(*asked)


@compares("reference.model.fast.tilted_sums.tilted_sums")
@given(MANY_SCORES, rationals(fmpq(1, 3), 3), st.data())
def test_sums_of_a_softmax(scores: list[LogLinear], beta: fmpq, data: st.DataObject) -> None:
    each, base = pair("reference.model.fast.tilted_sums.tilted_sums"), Law.uniform(range(len(scores)))
    found, meant = (form(base, scores, beta) for form in each)
    assert type(found) is not type(meant)
    assert found.whole() == meant.whole()
    values = [data.draw(rationals()) for _ in range(5)] * len(scores)
    assert found.weighted(values[: len(scores)]) == meant.weighted(values[: len(scores)])
    together = over_one_denominator(values[: len(scores)])
    assert together is not None
    assert found.weighted(together) == meant.weighted(together) == meant.weighted(values[: len(scores)])
    assert list(found.exponents()) == list(meant.exponents())
    with workprec(64):
        balls = list(zip(found.powers(64), meant.powers(64), strict=True))
    assert all(one.overlaps(other) and one.rel_accuracy_bits() > 40 for one, other in balls)


@compares("reference.model.fast.linear_scores.linear_scores")
@given(VECTORS, st.data())
def test_scores_of_many_features(vectors: list[Vector], data: st.DataObject) -> None:
    each = pair("reference.model.fast.linear_scores.linear_scores")
    theta = [loglinear(data.draw(rationals())) for _ in vectors[0].numerators]
    features = vectors * 16
    assert each.quick(theta, features) == each.meaning(theta, features)


# ------------------------------------------------------------------------------ problems, programs, algorithms


@compares("reference.model.fast.partition.partitions")
@settings(max_examples=30)
@given(problems())
def test_partitions(problem: Problem) -> None:
    each = pair("reference.model.fast.partition.partitions")
    quickly, meant = each.quick(problem), each.meaning(problem)
    assert quickly.rational == meant.rational
    with plain():
        values = soft_values(problem)
    for h, layer in enumerate(problem.layers):
        for i in range(len(layer)):
            assert type(quickly.at(h, i)) is type(meant.at(h, i))
            assert quickly.at(h, i) == meant.at(h, i)
            if (weights := quickly.weights(h, i)) is not None:
                assert Law.weighted(problem.base(h, i).outcomes, weights) == values.optimal(h, i)


@st.composite
def programs(draw: st.DrawFn) -> Callable[[Choice], object]:
    """Draw twice, walk on the residues modulo 3 in a loop that may stop, and answer."""
    first: Law[int] = draw(laws_of_both_kinds())
    second: Law[int] = draw(laws())
    rounds, stop = draw(st.integers(0, 4)), draw(st.integers(0, 4))

    def step(choice: Choice, state: int) -> int:
        moved = (state + choice.draw(second)) % 3
        return moved if moved != 1 or choice.draw(first) else 2

    def program(choice: Choice) -> object:
        start = choice.draw(first)
        end = choice.iterate(start, lambda state: step(choice, state), rounds, until=lambda state: state == stop)
        return (end, choice.draw(second)) if end else end

    return program


@compares("reference.interaction.exhaustive.law_of")
@settings(max_examples=40)
@given(programs(), st.booleans())
def test_laws_of_programs(program: Callable[[Choice], object], merge: bool) -> None:  # noqa: FBT001 - drawn
    each = pair("reference.interaction.exhaustive.law_of")
    assert each.quick(program, merge=merge) == each.meaning(program, merge=merge)


@compares("reference.constructions.dnf.best_vertex.best_assignment")
@given(formulas())
def test_best_assignments(formula: Formula) -> None:
    each = pair("reference.constructions.dnf.best_vertex.best_assignment")
    assert each.quick(formula) == each.meaning(formula)


@compares("reference.constructions.dnf.best_vertex.vertex_maximum")
@given(dnf_instances())
def test_best_vertices(instance: DnfInstance) -> None:
    each = pair("reference.constructions.dnf.best_vertex.vertex_maximum")
    assert each.quick(instance) == each.meaning(instance)


@compares("reference.constructions.dnf.best_vertex.literal_patterns")
@given(formulas())
def test_patterns_of_literals(formula: Formula) -> None:
    each = pair("reference.constructions.dnf.best_vertex.literal_patterns")
    assert each.quick(formula) == each.meaning(formula)


@compares("reference.algorithms.parts.barycentric_cofactors.chosen_by_cofactors")
@given(VECTORS, rationals(2, 3))
def test_barycentric_spanners(vectors: list[Vector], C: fmpq) -> None:
    found = barycentric_spanner(vectors, C)
    with plain():
        assert barycentric_spanner(vectors, C) == found


# --------------------------------------------------------------------------------------------------- the switch


def three(n: int) -> int:
    return 3 * n


def test_a_fault_in_a_quick_form_shows_beside_its_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "reference.exact.span.Span.contains"
    monkeypatch.setitem(PAIRS, name, PAIRS[name]._replace(quick=lambda span, phi: span.dimension > 0 or phi.is_zero))
    with pytest.raises(AssertionError):
        test_spans()


def test_within_plain_the_definition_runs_and_afterwards_the_quick_form() -> None:
    asked: list[int] = []

    @quick(three)
    def shifted(n: int) -> int:
        asked.append(n)
        return n + n + n

    assert (shifted(1), asked) == (3, [1])
    with plain():
        assert is_plain()
        assert (shifted(2), asked) == (6, [1])
    assert not is_plain()
    with pytest.raises(ZeroDivisionError), plain():
        _ = 1 // 0
    assert not is_plain()
    assert (shifted(4), asked) == (12, [1, 4])


def test_within_plain_nothing_is_remembered() -> None:
    asked: list[int] = []

    @cached(2)
    def remembering(n: int) -> int:
        asked.append(n)
        return n

    assert [remembering(n) for n in (1, 1, 2)] == [1, 1, 2]
    assert asked == [1, 2]
    with plain():
        assert [remembering(n) for n in (1, 1)] == [1, 1]
    assert asked == [1, 2, 1, 1]


def test_a_process_may_run_definitions_only() -> None:
    with plain():  # it is put back at the end of the block
        only_plain()
        assert is_plain()
    assert not is_plain()


NAMES = ("coverage-tokens", "span-mode-exact", "barycentric-spanner", "dnf-soundness")


@pytest.mark.parametrize("name", NAMES)
def test_a_quick_look_finds_the_same_by_definitions(name: str) -> None:
    claim = registry()[name]

    def looked() -> list[tuple[str, int, int, str]]:
        found = {part: work() for part, work in quick_parts(claim).items()}
        return [(part, each.cases, each.violated, each.grade) for part, each in found.items()]

    before = looked()
    with plain():
        assert looked() == before


@pytest.mark.slow
def test_a_quick_look_at_all_claims_finds_the_same_by_definitions(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for more in ([], ["--plain"]):
        assert main(["verify", "--quick", "--json", *more]) == 0
        ledger = json.loads(capsys.readouterr().out)
        assert ledger.get("plain", False) == bool(more)
        claims = ledger["claims"]
        witnesses = [(c["witness"] or {}).get("cases") for c in claims]
        found.append(([(c["id"], c["verdict"], c["grades"], c["cases"]) for c in claims], witnesses))
    assert found[0] == found[1]


def test_a_loop_that_has_ended_everywhere_is_left() -> None:
    each, coin = pair("reference.interaction.exhaustive.law_of"), Law.bernoulli("1/2")

    def program(choice: Choice) -> int:
        return choice.iterate(0, lambda n: n + 1 + choice.draw(coin), 10**12, until=lambda n: n > 2)

    assert each.meaning(program) == each.quick(program) == Law.of({3: "5/8", 4: "3/8"})
