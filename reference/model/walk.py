"""What a policy does from the prompts on: the contexts that it reaches, layer by layer, and totals over them.

A :class:`~reference.model.policy.NodePolicy` does not see how a node was reached, so its contexts are nodes; those of
any other policy are prefixes, up to ``MAX_SEQUENCES`` responses.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from reference.exact.law import SupportError
from reference.model.forms import Form, Plain
from reference.model.memory import equal
from reference.model.parts import Prefix
from reference.model.policy import NodePolicy, Policy
from reference.model.problem import Problem

T = TypeVar("T")

Place = tuple[int, Prefix, int]
"""Prompt, prefix, and the node that it leads to."""

Below = Mapping[int, T]
"""What was found below each token of the policy's law."""


class Walk:
    """The contexts that a policy reaches from some prompts (all, unless given), and what it is there.

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``; the message begins with ``what``, names the token.
        TreeTooLarge: if it is no node policy of this problem or an equal one, and there are too many responses.
    """

    def __init__(self, problem: Problem, policy: Policy, what: str, prompts: Iterable[int] | None = None) -> None:
        self.problem = problem
        self._nodes = policy if isinstance(policy, NodePolicy) and equal(policy.problem, problem) else None
        if self._nodes is None and problem.horizon > 1:
            problem.check_expandable()
        chosen = range(len(problem.prompts)) if prompts is None else prompts
        self.roots = {x: self._place(x, (), problem.prompts[x].root) for x in chosen}
        self.layers: list[dict[Place, Form]] = []
        places: Iterable[Place] = self.roots.values()
        for h in range(problem.horizon):
            self.layers.append({at: self._form(h, at, policy, what) for at in places})
            if h + 1 < problem.horizon:
                forms = self.layers[h].items()
                places = dict.fromkeys(self.after(h, at, token) for at, form in forms for token in form.law().outcomes)

    def total(self, last: Callable[[int, Form], T], inner: Callable[[int, int, Form, Below[T]], T]) -> dict[int, T]:
        """Return a total for each prompt, from the last layer up.

        ``last(i, form)`` at a node of the last layer; ``inner(h, i, form, below)`` at one of another.
        """
        totals: dict[Place, T] = {}
        for h in reversed(range(self.problem.horizon)):
            below, totals = totals, {}
            for at, form in self.layers[h].items():
                if h + 1 == self.problem.horizon:
                    totals[at] = last(at[2], form)
                else:
                    totals[at] = inner(h, at[2], form, {a: below[self.after(h, at, a)] for a in form.law().outcomes})
        return {x: totals[at] for x, at in self.roots.items()}

    def after(self, h: int, at: Place, token: int) -> Place:
        """Return the context with one token more."""
        x, prefix, i = at
        return self._place(x, (*prefix, token), self.problem.layers[h][i][token].child)

    def _place(self, x: int, prefix: Prefix, i: int) -> Place:
        return (x, prefix, i) if self._nodes is None else (0, (), i)

    def _form(self, h: int, at: Place, policy: Policy, what: str) -> Form:
        x, prefix, i = at
        if self._nodes is not None:
            form = self._nodes.form(h, i)
        else:
            law = policy.law(x, prefix) if self.problem.horizon > 1 else policy.law(x)
            form = Plain(law, self.problem.base(h, i))
        return checked(self.problem, h, i, form, what)


def checked(problem: Problem, h: int, i: int, form: Form, what: str) -> Form:
    """Return a form at a node; SupportError if it leaves the support of ``pi_ref`` there."""
    base = problem.base(h, i)
    if isinstance(form, Plain) and form.pi.outcomes != base.outcomes:
        supported = set(base.outcomes)
        for token in form.pi.outcomes:
            if token not in supported:
                named = problem.outcome(h, i, token)
                raise SupportError(f"{what}: {named} has positive mass under the policy and base mass 0; give it none")
    return form
