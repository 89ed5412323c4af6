"""What the lower bounds compute: needles, and formulas in disjunctive normal form."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from reference.conformance.cases.family import Asked, CaseFamily, NumberIn, in_row, in_rows, two
from reference.conformance.vectors import Argument, Note

_HALF = Fraction(1, 2)


def _game(k: int, C: NumberIn, m: int, beta: NumberIn, t_comp: int, t_data: int) -> dict[str, Argument]:
    return {"k": k, "C": str(C), "m": m, "beta": str(beta), "t_comp": t_comp, "t_data": t_data}


def _family(k: int, C: NumberIn, m: int, beta: NumberIn) -> dict[str, Argument]:
    return {"k": k, "C": str(C), "m": m, "beta": str(beta)}


def _formula(terms: Sequence[Iterable[int]], signs: Sequence[int]) -> dict[str, Argument]:
    return {"terms": in_rows(*terms), "signs": in_row(*signs)}


def _point(terms: Sequence[Iterable[int]], t: Sequence[NumberIn], A: NumberIn, L: NumberIn) -> dict[str, Argument]:
    return {"terms": in_rows(*terms), "t": in_row(*t), "A": str(A), "L": str(L)}


_BAD_FAMILY = Note("VALIDATION", "k >= 1, C >= 2, m >= 1, beta > 0", "a probability outside of [0, 1]",
    mutants=["any-family"])  # fmt: skip
_BAD_FORMULA = Note("VALIDATION", "a literal of a variable that does not exist, or terms of several lengths",
    "an index error, or another formula", mutants=["any-formula"])  # fmt: skip

_NAN = Note("VALIDATION", "NaN or an infinity comes in", "any answer comes out", mutants=["lets-nan-through"])

NEEDLE_VALUE = CaseFamily(
    "needle_value",
    {
        "Sampling": Note("FORMULA", "T_comp p in place of 1 - (1-p)^T_comp", "a bound, beyond 1",
            mutants=["union-bound", "one-draw-more"]),
        "Naming": Note("FORMULA", "T_data/k: the last name needs no reward", "too small", mutants=["no-last-name"]),
        "TinyMass": Note("CANCELLATION", "1 - (1-p)^T for a p of 2^-60", "0 where the value is not",
            mutants=["float-power"]),
        "BadFamily": _BAD_FAMILY,
        "NotANumber": _NAN,
        "BadBudget": Note("VALIDATION", "budgets from 0 on", "a probability outside of [0, 1]", mutants=["any-budget"]),
    },
    {
        1: [
            Asked(_game(4, 4, 1, _HALF, 2, 1), "23/32", "Sampling Naming"),
            Asked(_game(4, 4, 1, _HALF, 0, 0), "a guess: 1/4", "Naming"),
            Asked(_game(4, 4, 1, _HALF, 3, 4), "all places can be asked: 1", ""),
            Asked(_game(4, 4, 1, _HALF, 3, 3), "all but one: 1", "Naming"),
            Asked(_game(100, 64, 2, 1, 50, 10), "50 draws, 10 rewards", "Sampling Naming"),
            Asked(_game(2**40, 2**30, 1, 1, 1000, 5), "1,000 draws for a mass of 2^-30", "Sampling Naming"),
            Asked(_game(2**52, two(60), 1, 1, 4, 0), "4 draws for a mass of 2^-60", "Sampling Naming TinyMass"),
            Asked(_game(4, 4, 1, _HALF, 3, 2), "all but two", "Sampling Naming"),
        ],
        301: [
            Asked(_game(0, 4, 1, 1, 1, 1), "k = 0", "BadFamily", "invalid"),
            Asked(_game(4, 1, 1, 1, 1, 1), "C < 2", "BadFamily", "invalid"),
            Asked(_game(4, 4, 1, 0, 1, 1), "beta = 0", "BadFamily", "invalid"),
            Asked(_game(4, 4, 0, 1, 1, 1), "m = 0", "BadFamily", "invalid"),
            Asked(_game(4, "inf", 1, 1, 1, 1), "C is infinite", "NotANumber", "invalid"),
            Asked(_game(4, 4, 1, 1, -1, 1), "T_comp < 0", "BadBudget", "invalid"),
            Asked(_game(4, 4, 1, 1, 1, -1), "T_data < 0", "BadBudget", "invalid"),
        ],
    },
)  # fmt: skip

NEEDLE_QBAR = CaseFamily(
    "needle_qbar",
    {
        "Chernoff": Note("FORMULA", "d = m, or p in place of p/(1-p), in the first bound", "too small, or too large",
            mutants=["m-for-d", "p-for-odds"]),
        "Hoeffding": Note("FORMULA", "the second bound is left out", "too large for small beta^2 d",
            mutants=["first-only"]),
        "Trivial": Note("FORMULA", "the bound 1 is left out", "beyond 1", mutants=["no-one"]),
        "BadFamily": _BAD_FAMILY,
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_family(4, 4, 2, 1), "exp(1/8)/3", "Chernoff"),
            Asked(_family(4, 16, 1, 1), "exp(1/2)/15", "Chernoff"),
            Asked(_family(4, 1024, 8, _HALF), "d = 64, beta = 1/2", "Chernoff"),
            Asked(_family(4, 2**20, 4, Fraction(1, 2)), "d = 16, beta = 1/2", "Chernoff"),
            Asked(_family(4, 2**10, 1, Fraction(1, 4)), "beta = 1/4: exp(8)/1023 is more than 1", "Hoeffding"),
            Asked(_family(4, 2, 1, 1), "C = 2: 1", "Trivial"),
            Asked(_family(1, 2, 3, Fraction(1, 4)), "C = 2, d = 9: 1", "Trivial"),
        ],
        301: [
            Asked(_family(4, 1, 1, 1), "C < 2", "BadFamily", "invalid"),
            Asked(_family(4, 4, 0, 1), "m = 0", "BadFamily", "invalid"),
            Asked(_family(4, 4, 1, -1), "beta < 0", "BadFamily", "invalid"),
            Asked(_family(0, 4, 1, 1), "k = 0", "BadFamily", "invalid"),
            Asked(_family(4, 4, 1, "inf"), "beta is infinite", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip

_TERMS = [(1, -2), (2, 3), (-1, 3)]

DNF_VALUE = CaseFamily(
    "dnf_value",
    {
        "Any": Note("FORMULA", "literals are counted and not terms, or signs are ignored", "MaxSAT of another formula",
            mutants=["counts-literals", "signs-ignored", "or-of-literals"]),
        "Repeated": Note("FORMULA", "a term that stands twice counts once", "another fraction",
            mutants=["set-of-terms"]),
        "BadFormula": _BAD_FORMULA,
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_formula(_TERMS, [1, -1, 1]), "one of three", "Any"),
            Asked(_formula(_TERMS, [-1, 1, 1]), "two of three", "Any"),
            Asked(_formula(_TERMS, [-1, -1, -1]), "none", "Any"),
            Asked(_formula([(1,), (-1,)], [1]), "one variable", "Any"),
            Asked(_formula([(1, 2), (1, 2), (-1, 2)], [1, 1]), "a term that stands twice", "Any Repeated"),
            Asked(_formula([(1, 2, 3)] * 3 + [(-1, 2, 3)], [-1, 1, 1, 1]), "three times, and a variable in no term",
                "Any Repeated"),
        ],
        301: [
            Asked(_formula([(1, 4)], [1, 1]), "a variable that does not exist", "BadFormula", "invalid"),
            Asked(_formula([(1, 2)], [1, 0]), "a sign that is 0", "BadFormula", "invalid"),
            Asked(_formula([], [1, 1]), "no terms", "BadFormula", "invalid"),
            Asked(_formula([(1, 2), (1,)], [1, 1]), "terms of two lengths", "BadFormula", "invalid"),
            Asked(_formula([(0, 1)], [1, 1]), "a literal that is 0", "BadFormula", "invalid"),
            Asked({"terms": in_rows((1, 2)), "signs": in_row("nan", 1)}, "a sign that is no number", "NotANumber",
                "invalid"),
        ],
    },
)  # fmt: skip

DNF_CHANCE = CaseFamily(
    "dnf_chance",
    {
        "Any": Note("FORMULA", "the weight L is left out, or k is left out of A^-k", "another base model",
            mutants=["no-L", "no-k", "not-normalised"]),
        "Interior": Note("FORMULA", "t is rounded to signs", "right at vertices only", mutants=["rounded"]),
        "LargeA": Note("PRECISION", "A^k overflows float32, or 1 - p is 1", "inf, or digits lost", mutants=["float32"]),
        "BadFormula": _BAD_FORMULA,
        "BadParameters": Note("VALIDATION", "A > 1, L >= 1, L/A^k < 1/2, -1 <= t <= 1", "no probability",
            mutants=["any-parameters"]),
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_point(_TERMS, [1, -1, 1], 4, 2), "a vertex", "Any"),
            Asked(_point(_TERMS, [0, 0, 0], 4, 2), "t = 0: the base model", "Any Interior"),
            Asked(_point(_TERMS, [_HALF, -_HALF, 1], 4, 2), "inside of the box", "Any Interior"),
            Asked(_point([(1, -2)], [1, -1], 16, Fraction(3, 2)), "one term that is satisfied", "Any"),
            Asked(_point([(1, 2, 3), (-1, 2, 3)], [1, 1, 1], 2**40, 9), "A = 2^40", "Any LargeA"),
            Asked(_point(_TERMS, [Fraction(1, 4), Fraction(-3, 4), Fraction(1, 8)], 1024, 8), "A = 1024",
                "Any Interior"),
            Asked(_point(_TERMS, [1, 1, -1], 4, 1), "L = 1", "Any"),
        ],
        301: [
            Asked(_point([(1, 4)], [1, 1], 4, 2), "a variable that does not exist", "BadFormula", "invalid"),
            Asked(_point(_TERMS, [1, 1, 2], 4, 2), "t outside of the box", "BadParameters", "invalid"),
            Asked(_point(_TERMS, [1, 1, 1], 1, 2), "A = 1", "BadParameters", "invalid"),
            Asked(_point(_TERMS, [1, 1, 1], 4, 8), "p = 1/2", "BadParameters", "invalid"),
            Asked(_point(_TERMS, [1, 1, 1], 4, _HALF), "L < 1", "BadParameters", "invalid"),
            Asked(_point(_TERMS, ["nan", 1, 1], 4, 2), "an entry of t that is no number", "NotANumber", "invalid"),
            Asked(_point(_TERMS, [1, 1, 1], "inf", 2), "A is infinite", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip


def _bound(terms: Sequence[Iterable[int]], signs: Sequence[NumberIn], A: NumberIn, L: NumberIn) -> dict[str, Argument]:
    return {"terms": in_rows(*terms), "signs": in_row(*signs), "A": str(A), "L": str(L)}


NEEDLE_COVERAGE = CaseFamily(
    "needle_coverage",
    {
        "Finite": Note("FORMULA", "its bound C, or its bound e^(1/beta)", "right in one limit only",
            mutants=["one-over-p", "exponential-alone"]),
        "Weight": Note("FORMULA", "1 - 1/C is left out of the normaliser", "right where e^(1/beta) is large",
            mutants=["normaliser-of-needle"]),
        "Temperature": Note("TEMPERATURE", "beta is left out, or inverted", "right at beta = 1 only",
            mutants=["beta-missing", "beta-inverted"]),
        "SmallBeta": Note("OVERFLOW", "e^(1/beta) overflows", "NaN, where the value is C", mutants=["naive-exp"]),
        "LargeBeta": Note("CANCELLATION", "e^(1/beta) - 1 for a large beta", "1 where the value is above",
            mutants=["exact-one"]),
        "BadFamily": _BAD_FAMILY,
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_family(4, 4, 1, 1), "4e/(3 + e)", "Finite Weight"),
            Asked(_family(1, 2, 3, 1), "C = 2", "Finite Weight"),
            Asked(_family(4, 4, 1, _HALF), "beta = 1/2", "Finite Weight Temperature"),
            Asked(_family(4, 2**20, 2, Fraction(1, 16)), "C = 2^20, beta = 1/16", "Finite Weight Temperature"),
            Asked(_family(4, 64, 1, 4), "beta = 4", "Finite Weight Temperature"),
            Asked(_family(4, 64, 2, two(-10)), "beta = 2^-10: nearly C", "Temperature SmallBeta"),
            Asked(_family(4, 4, 1, two(40)), "beta = 2^40: 1 + 3/4 2^-40", "Finite Weight Temperature LargeBeta"),
            Asked(_family(9, two(60), 1, 1), "a mass of 2^-60: nearly e", "Finite"),
        ],
        301: [
            Asked(_family(4, 1, 1, 1), "C < 2", "BadFamily", "invalid"),
            Asked(_family(4, 4, 0, 1), "m = 0", "BadFamily", "invalid"),
            Asked(_family(0, 4, 1, 1), "k = 0", "BadFamily", "invalid"),
            Asked(_family(4, 4, 1, 0), "beta = 0", "BadFamily", "invalid"),
            Asked(_family(4, "inf", 1, 1), "C is infinite", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip

DNF_SOUNDNESS = CaseFamily(
    "dnf_soundness",
    {
        "Satisfied": Note("FORMULA", "the weight L is left out", "right at L = 1 only", mutants=["no-L"]),
        "Missed": Note("FORMULA", "terms that are not satisfied count nothing, or two false literals",
            "below what parameters between the vertices reach", mutants=["hit-alone", "as-at-a-vertex"]),
        "Counted": Note("FORMULA", "one satisfied term is enough, or signs are ignored", "another value",
            mutants=["any-term", "signs-ignored"]),
        "Normaliser": Note("FORMULA", "L/(1 + L), as if p were 0", "right for large A", mutants=["no-p"]),
        "Repeated": Note("FORMULA", "a term that stands twice counts once", "another fraction",
            mutants=["set-of-terms"]),
        "BadFormula": _BAD_FORMULA,
        "BadParameters": Note("VALIDATION", "A > 1, L >= 1, L/A^k < 1/2", "no probability",
            mutants=["any-parameters"]),
        "NotANumber": _NAN,
    },
    {
        1: [
            Asked(_bound(_TERMS, [1, -1, 1], 4, 2), "one of three", "Satisfied Missed Counted Normaliser"),
            Asked(_bound(_TERMS, [-1, 1, 1], 4, 2), "two of three", "Satisfied Missed Counted Normaliser"),
            Asked(_bound(_TERMS, [-1, -1, -1], 8, 2), "none", "Satisfied Missed Normaliser"),
            Asked(_bound([(1, -2)], [1, -1], 16, Fraction(3, 2)), "all of one", "Satisfied Normaliser"),
            Asked(_bound(_TERMS, [1, 1, -1], 4, 1), "L = 1", "Missed Normaliser"),
            Asked(_bound([(1, 2), (1, 2), (-1, 2)], [1, 1], 8, 4), "a term that stands twice",
                "Satisfied Missed Counted Normaliser Repeated"),
            Asked(_bound([(1, 2, 3), (-1, 2, 3)], [1, 1, 1], 2**40, 9), "A = 2^40", "Satisfied Missed Counted"),
        ],
        301: [
            Asked(_bound([(1, 4)], [1, 1], 4, 2), "a variable that does not exist", "BadFormula", "invalid"),
            Asked(_bound([(1, 2)], [1, 0], 4, 2), "a sign that is 0", "BadFormula", "invalid"),
            Asked(_bound([], [1, 1], 8, 2), "no terms", "BadFormula", "invalid"),
            Asked(_bound(_TERMS, [1, 1, 1], 1, 1), "A = 1", "BadParameters", "invalid"),
            Asked(_bound(_TERMS, [1, 1, 1], 4, 8), "p = 1/2", "BadParameters", "invalid"),
            Asked(_bound(_TERMS, [1, 1, 1], 4, _HALF), "L < 1", "BadParameters", "invalid"),
            Asked(_bound(_TERMS, ["nan", 1, 1], 4, 2), "a sign that is no number", "NotANumber", "invalid"),
            Asked(_bound(_TERMS, [1, 1, 1], "inf", 2), "A is infinite", "NotANumber", "invalid"),
        ],
    },
)  # fmt: skip
