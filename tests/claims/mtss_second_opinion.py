"""The second opinion on MTSS by listing: which pairs it accepts and what it ends with, from the definitions.

It knows that fits are right where nothing is met (realizable, noiseless, exact normalisers), and fits nothing.
"""

from collections.abc import Iterator
from itertools import combinations

import mpmath

from reference.model.problem import Problem
from tests.claims.second_opinion import mp, rank, tilt
from tests.claims.token_second_opinion import Prefix, TokenLaw, Tree, minus

Found = tuple[int, Prefix, int, int]
"""A pair: the prompt, the prefix, and the two tokens."""

Known = tuple[Found, ...]
"""The accepted pairs, in order."""


class Chain:
    """A run as a Markov chain on the accepted pairs."""

    def __init__(self, problem: Problem, n_roll: int) -> None:
        self.tree, self.n_roll = Tree(problem), n_roll

    def spans(self, known: Known, h: int, phi: list[mpmath.mpf]) -> bool:
        """Whether the accepted differences of a layer span ``phi``."""
        vectors = [self.difference(x, prefix, a, b) for x, prefix, a, b in known if len(prefix) == h]
        return rank([*vectors, phi]) == len(vectors)

    def difference(self, x: int, prefix: Prefix, a: int, b: int) -> list[mpmath.mpf]:
        """Return ``phi(p a) - phi(p b)``."""
        steps = self.tree.steps(x, prefix)
        return minus(steps[a].phi, steps[b].phi)

    def looks(self, known: Known, x: int, prefix: Prefix) -> Found | None:
        """Return the first pair that is not spanned."""
        for a, b in combinations(self.tree.steps(x, prefix), 2):
            if not self.spans(known, len(prefix), self.difference(x, prefix, a, b)):
                return x, prefix, a, b
        return None

    def walk(self, known: Known, x: int, prefix: Prefix) -> dict[Found | None, mpmath.mpf]:
        """Return the law of the pair that a completion of the prefix meets."""
        if len(prefix) == self.tree.horizon:
            return {None: mp.mpf(1)}
        if (found := self.looks(known, x, prefix)) is not None:
            return {found: mp.mpf(1)}
        law: dict[Found | None, mpmath.mpf] = {}
        for token, mass in self.tree.best(x, prefix).items():
            for found, share in self.walk(known, x, (*prefix, token)).items():
                law[found] = law.get(found, mp.mpf(0)) + mass * share
        return law

    def roll_in(self, known: Known) -> dict[Found | None, mpmath.mpf]:
        """Return the law of the pair that a roll-in meets."""
        law: dict[Found | None, mpmath.mpf] = {}
        for x, rho in zip(self.tree.prompts, self.tree.rho, strict=True):
            for found, share in self.walk(known, x, ()).items():
                law[found] = law.get(found, mp.mpf(0)) + rho * share
        return law

    def hazard(self, known: Known) -> mpmath.mpf:
        """Return the probability that a roll-in meets a pair."""
        return mp.fsum(mass for found, mass in self.roll_in(known).items() if found is not None)

    def laws_of_walks(self, known: Known) -> Iterator[dict[Found | None, mpmath.mpf]]:
        """Yield what the walks of a pass meet, in their order: roll-outs of the last layer first, then roll-ins."""
        for x, prefix, a, b in sorted(known, key=lambda pair: -len(pair[1])):
            for token in (a, b):
                yield self.walk(known, x, (*prefix, token))
        met = self.roll_in(known)
        for _ in range(self.n_roll):
            yield met

    def ends(self, known: Known = ()) -> dict[Known, mpmath.mpf]:
        """Return the law of the accepted pairs at the end."""
        going, accepts, law = mp.mpf(1), dict[Found, mpmath.mpf](), dict[Known, mpmath.mpf]()
        for met in self.laws_of_walks(known):
            for found, share in met.items():
                if found is not None:
                    accepts[found] = accepts.get(found, mp.mpf(0)) + going * share
            going *= met.get(None, mp.mpf(0))
        if going:
            law[known] = going
        for found, mass in accepts.items():
            if mass:
                for end, share in self.ends((*known, found)).items():
                    law[end] = law.get(end, mp.mpf(0)) + mass * share
        return law

    def returned(self, known: Known, x: int, prefix: Prefix) -> TokenLaw:
        """Return the law of line 8: softmax, over anchors, of right differences where they are spanned, else of 0."""
        h, steps = len(prefix), self.tree.steps(x, prefix)
        values = {token: self.tree.value(x, (*prefix, token)) for token in steps}
        total = dict.fromkeys(steps, mp.mpf(0))
        for anchor, reference in steps.items():
            scores = [
                values[token] - values[anchor]
                if self.spans(known, h, self.difference(x, prefix, token, anchor))
                else mp.mpf(0)
                for token in steps
            ]
            for token, mass in zip(
                steps, tilt([step.base for step in steps.values()], scores, self.tree.beta), strict=True
            ):
                total[token] += reference.base * mass
        return total

    def gap(self, known: Known) -> mpmath.mpf:
        """Return the gap of the policy that is returned."""
        return self.tree.gap(lambda x, prefix: self.returned(known, x, prefix))
