"""Both formats: read back what was written, and one line for everything that is not a formula."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.constructions.dnf.assignments import best_value
from reference.constructions.dnf.formula import Formula, FormulaError
from reference.constructions.dnf.text import MAX_VARIABLES, from_dimacs, parse_formula, to_dimacs
from reference.testing import formulas

WORKED = Formula(3, ((1, -2), (2, 3)))


@pytest.mark.parametrize("text", ["x1 & !x2 | x2 & x3", "x1&!x2|x2&x3", "\n x1 &\n ! x2 \n|\tx2 & x3\n"])
def test_readable_text(text: str) -> None:
    assert parse_formula(text) == WORKED


def test_more_variables_than_the_text_names() -> None:
    assert parse_formula("x1", 4) == Formula(4, ((1,),))


def test_dimacs_text() -> None:
    text = "c a comment\np dnf 3 2\n1 -2 0\n2\n3 0\n"
    assert from_dimacs(text) == parse_formula(text) == WORKED
    assert from_dimacs("p dnf 3 2\n1 -2 0 2 3 0") == WORKED
    assert to_dimacs(WORKED, "two terms\nof two") == "c two terms\nc of two\np dnf 3 2\n1 -2 0\n2 3 0\n"


@given(formulas())
def test_both_formats_are_read_back(formula: Formula) -> None:
    assert parse_formula(str(formula), formula.variables) == formula
    assert parse_formula(to_dimacs(formula, "comment")) == formula


WANTED = "stands where 'p dnf VARIABLES TERMS' is needed"
CLAUSES = "this is a file of clauses, and terms are needed"

BAD = {
    "": "the text is empty: write terms such as 'x1 & !x2 | x2 & x3'",
    " \n": "the text is empty: write terms such as 'x1 & !x2 | x2 & x3'",
    "x1 | ": "term 2 is empty: write literals such as 'x1 & !x2' between the signs |",
    "x1 & x2 | y3 & x1": "term 2: 'y3' is not a literal; write x1, x2, ... or !x1, !x2, ...",
    "x1 && x2": "&& is no sign of a formula: write one &, as in 'x1 & !x2 | x2 & x3'",
    "x1 & x2 || x3 & x4": "|| is no sign of a formula: write one |, as in 'x1 & !x2 | x2 & x3'",
    "x1 & & x2": "term 1: '' is not a literal; write x1, x2, ... or !x1, !x2, ...",
    "x0": "term 1: 'x0' is not a literal; write x1, x2, ... or !x1, !x2, ...",
    "x²": "term 1: 'x²' is not a literal; write x1, x2, ... or !x1, !x2, ...",
    "x1234567890": "term 1: 'x1234567890' is not a literal; write x1, x2, ... or !x1, !x2, ...",
    "x1 x2": "term 1: 'x1 x2' is not a literal; write x1, x2, ... or !x1, !x2, ...",
    "x1 & x1": "term 1 (x1 & x1) repeats x1; name it once",
    "x1 & x2 | x2 & !x2": "term 2 (x2 & !x2) contradicts itself: it has x2 and !x2",
    "x1 & x2 | x3": "term 2 (x3) has length 1, but term 1 has length 2; all terms need the same length k",
    "x999999": f"999999 variables and 1 terms: at most {MAX_VARIABLES} and 100000 are read",
    "p cnf 2 1\n1 0": f"line 1: 'p cnf 2 1' {WANTED}; {CLAUSES}",
    "c a comment\nh -1 2 3 0\n1 1 2 0": f"line 2: 'h -1 2 3 0' {WANTED}; {CLAUSES}",
    "h -1 2 0": f"line 1: 'h -1 2 0' {WANTED}; {CLAUSES}",
    "c a comment\n1 2 0": f"line 2: '1 2 0' {WANTED}",
    "p dnf 2": "line 1: 'p dnf 2' stands where 'p dnf VARIABLES TERMS' is needed",
    "p dnf 2 x\n1 0": "line 1: 'p dnf 2 x' stands where 'p dnf VARIABLES TERMS' is needed",
    "p dnf 2 1\np dnf 2 1\n1 0": "term 1: 'p' is not a literal; write v, -v, or 0 to end it",
    "1 0\np dnf 2 1": "line 1: '1 0' stands where 'p dnf VARIABLES TERMS' is needed",
    "p dnf 2 2\n1 0": "the line 'p dnf' declares 2 as the number of terms, but there are 1",
    "p dnf 2 1\n1 2": "term 1 has no end: every term ends with 0",
    "p dnf 2 1\n1 two 0": "term 1: 'two' is not a literal; write v, -v, or 0 to end it",
    "p dnf 2 2\n1 0 0": "term 2 is empty: a term needs at least one literal",
    "p dnf 2 1\n3 0": "term 1 (x3): x3 is out of range, there is x1..x2",
    "p dnf 2 0": "the formula has no terms: needs at least one",
    "p dnf 0 1\n1 0": "0 variables: needs an integer n >= 1",
    "p dnf -1 1\n1 0": "-1 variables: needs an integer n >= 1",
    "p dnf 99999 1\n1 0": f"99999 variables and 1 terms: at most {MAX_VARIABLES} and 100000 are read",
}


@pytest.mark.parametrize(("text", "said"), BAD.items())
def test_bad_text_is_one_line(text: str, said: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert str(caught.value) == said


def test_too_many_terms_and_no_header() -> None:
    with pytest.raises(FormulaError, match=r"^more than 100000 terms are not read$"):
        parse_formula("x1|" * 100_000 + "x1")
    with pytest.raises(FormulaError, match=r"^there is no line 'p dnf VARIABLES TERMS'$"):
        from_dimacs("c only a comment")


@given(st.text(alphabet="x!&|0123456789 pdnf-c\n", max_size=40))
def test_any_text_is_a_formula_or_one_line(text: str) -> None:
    try:
        formula = parse_formula(text)
    except FormulaError as error:
        said = str(error)
    else:
        said = to_dimacs(formula, "").partition("\n")[0]
    assert said
    assert "\n" not in said


@given(formulas(), st.data())
def test_a_term_that_stands_several_times_has_that_weight(formula: Formula, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 4), min_size=len(formula.terms), max_size=len(formula.terms)))
    repeated = Formula(
        formula.variables, tuple(term for term, w in zip(formula.terms, weights, strict=True) for _ in range(w))
    )
    best = max(
        sum(w for term, w in zip(formula.terms, weights, strict=True) if all(v * signs[abs(v) - 1] > 0 for v in term))
        for signs in product((-1, 1), repeat=formula.variables)
    )
    assert best_value(parse_formula(to_dimacs(repeated))).value * sum(weights) == best
