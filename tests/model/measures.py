"""What is measured of policies, and whether it is the same of one policy in three shapes."""

from collections.abc import Callable

from flint import fmpq

from reference.exact import Real, exp_ratio, real
from reference.exact.law import Law
from reference.model import (
    NodePolicy,
    Problem,
    TabularPolicy,
    coverage,
    gap,
    kl,
    l1_coverage,
    objective,
)
from reference.model.expansion import sequence_name
from reference.model.parts import Prefix
from reference.model.policy import sequence_law

MEASURES: dict[str, Callable[..., object]] = {
    "objective": objective, "gap": gap, "kl": kl, "coverage": coverage, "l1_coverage": l1_coverage,
}  # fmt: skip


def same(one: object, other: object) -> bool:
    """Equal where that is decided, else as close as 200 bits tell."""
    left, right = (value if isinstance(value, Real) else real(exp_ratio(value)) for value in (one, other))  # type: ignore[arg-type]  # a mass
    if left.exact is not None and right.exact is not None:
        return bool(left.exact == right.exact)
    return bool(abs((left - right).enclosure(256)) < fmpq(1, 2**200))


def three_ways(problem: Problem, policy: NodePolicy, measure: Callable[..., object]) -> None:
    """Measure a policy node by node, prefix by prefix, and as a law of whole responses of the single-turn problem."""
    flat = problem.sequences()
    laws = []
    for x in range(len(problem.prompts)):
        index = {response: y for y, response in enumerate(flat.responses(x))}
        names = {response: index[sequence_name(problem.spelled(x, response))] for response in problem.expanded(x)}
        laws.append(sequence_law(problem, policy, x).map(names.__getitem__))
    found = measure(problem, policy)
    assert same(found, measure(problem, ByPrefix(policy)))
    assert same(found, measure(flat, TabularPolicy(flat, laws)))


class ByPrefix:
    """The same policy, but nothing is known of it but its laws."""

    def __init__(self, policy: NodePolicy) -> None:
        self._policy = policy

    def law(self, x: int, prefix: Prefix = (), /) -> Law[int]:
        return self._policy.law(x, prefix)
