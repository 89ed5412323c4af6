"""Faults of the instances of formulas: each stated fact, and the search for the best vertex."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="dnf", module="constructions.dnf.formula")
_of_search = partial(Fault, of="dnf", module="constructions.dnf.best_vertex")

FAULTS = (
    _fault(
        name="dnf-satisfied-by-one-literal", function="Formula.value",
        old="count == self.k", new="count > 0",
        what="a term is satisfied by any of its literals",
        test="tests/constructions/test_dnf.py::test_value_by_hand",
    ),
    _fault(
        name="dnf-base-mass-a-power-more", function="DnfInstance.p",
        old="self.L / self.A**self.formula.k", new="self.L / self.A ** (self.formula.k + 1)",
        what="p = L A^(-k-1)",
        test="tests/constructions/test_dnf.py::test_the_instance_by_hand",
    ),
    _fault(
        name="dnf-hit-at-one-literal-less", function="DnfInstance.hit",
        old="self.answers[-1]", new="self.answers[-2]",
        what="a is the chance at k - 1 true literals",
        test="tests/constructions/test_dnf.py::test_the_instance_by_hand",
    ),
    _fault(
        name="dnf-miss-is-hit", function="DnfInstance.miss",
        old="self.L / self.A", new="self.L",
        what="b = a",
        test="tests/constructions/test_dnf.py::test_the_instance_by_hand",
    ),
    _fault(
        name="dnf-answers-without-the-false-literals", function="DnfInstance.answers",
        old="2 * count - k", new="count",
        what="a false literal counts 0, not -1",
        test="tests/constructions/test_dnf.py::test_the_instance_by_hand",
    ),
    _fault(
        name="dnf-scale-without-k", function="DnfInstance.scale",
        old="self.beta * self.formula.k", new="self.beta",
        what="theta_v = beta log(A) t_v",
        test="tests/constructions/test_dnf.py::test_the_instance_by_hand",
    ),
    _fault(
        name="dnf-bound-without-misses", function="DnfInstance.bound",
        old="value * self.hit + (1 - value) * self.miss", new="value * self.hit",
        what="val a for val a + (1 - val) b",
        test="tests/constructions/test_dnf.py::test_the_instance_by_hand",
    ),
    _fault(
        name="dnf-zero-rounds-down", function="DnfInstance.assignment",
        old="entry.sign() >= 0", new="entry.sign() > 0",
        what="sgn 0 = -1",
        test="tests/constructions/test_dnf.py::test_theta_and_its_rounding",
    ),
    _fault(
        name="dnf-features-without-signs", function="term_features",
        old="1 if literal > 0 else -1", new="1",
        what="phi(j, 1) forgets negations",
        test="tests/constructions/test_dnf.py::test_the_instance_by_hand",
    ),
    _of_search(
        name="dnf-best-vertex-forgets-negations", function="_literal",
        old="true if literal > 0 else full_table(len(variables)) ^ true", new="true",
        what="the search for val* forgets negations",
        test="tests/constructions/test_dnf_vertices.py::test_by_hand",
    ),
    _of_search(
        name="dnf-best-vertex-one-digit-short", function="_largest",
        old="reversed(range(len(total)))", new="reversed(range(1, len(total)))",
        what="the search for val* drops the last digit",
        test="tests/constructions/test_dnf_vertices.py::test_by_hand",
    ),
)  # fmt: skip
"""In the order of the modules."""
