"""The second opinion on responses of several tokens: every prefix and every sequence, written out.

Prefixes are tuples of token indices.  Only what the base model supports is listed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import mpmath

from reference.algorithms.mtss_policy import MTSSPolicy
from reference.model.problem import Problem
from tests.claims.second_opinion import dot, mp, number, numbers, rank, tilt

Prefix = tuple[int, ...]
TokenLaw = dict[int, mpmath.mpf]


@dataclass(frozen=True)
class Step:
    """A token that may follow a prefix: its base mass, features, reward, and the node it leads to."""

    base: mpmath.mpf
    phi: list[mpmath.mpf]
    reward: mpmath.mpf
    child: int


class Tree:
    """A problem as the tree of its supported prefixes."""

    def __init__(self, problem: Problem) -> None:
        self.beta = number(problem.beta)
        self.rho = numbers(entry.rho for entry in problem.prompts)
        self.roots = [entry.root for entry in problem.prompts]
        self.horizon = len(problem.layers)
        self.nodes = [
            [
                {
                    token: Step(number(e.pi_ref), numbers(e.phi), number(e.reward), e.child)
                    for token, e in enumerate(node)
                    if e.pi_ref > 0
                }
                for node in layer
            ]
            for layer in problem.layers
        ]

    @property
    def prompts(self) -> range:
        """Indices of the prompts."""
        return range(len(self.roots))

    def at(self, x: int, prefix: Prefix) -> int:
        """Return the node that a prefix leads to, for use beside the package's soft values."""
        i = self.roots[x]
        for h, token in enumerate(prefix):
            i = self.nodes[h][i][token].child
        return i

    def steps(self, x: int, prefix: Prefix) -> dict[int, Step]:
        """Return the tokens that may follow."""
        return self.nodes[len(prefix)][self.at(x, prefix)]

    def prefixes(self, x: int, length: int) -> list[Prefix]:
        """Return the supported prefixes of a length."""
        found: list[Prefix] = [()]
        for _ in range(length):
            found = [(*prefix, token) for prefix in found for token in self.steps(x, prefix)]
        return found

    def contexts(self) -> Iterator[tuple[int, Prefix]]:
        """Yield every supported prefix after which a token is chosen."""
        for x in self.prompts:
            for h in range(self.horizon):
                yield from ((x, prefix) for prefix in self.prefixes(x, h))

    def path(self, x: int, sequence: Prefix) -> list[Step]:
        """Return the steps of a sequence."""
        return [self.steps(x, sequence[:h])[token] for h, token in enumerate(sequence)]

    def reward(self, x: int, sequence: Prefix) -> mpmath.mpf:
        """Return the rewards along a sequence or a prefix."""
        return mp.fsum(step.reward for step in self.path(x, sequence))

    def base(self, x: int, sequence: Prefix) -> mpmath.mpf:
        """Return the probability that the base model draws a sequence or a prefix."""
        return mp.fprod(step.base for step in self.path(x, sequence))

    def optimum(self, x: int) -> dict[Prefix, mpmath.mpf]:
        """Return ``pi*`` over whole sequences, ``pi_ref exp(r/beta)/Z``: nothing token by token."""
        whole = self.prefixes(x, self.horizon)
        law = tilt([self.base(x, s) for s in whole], [self.reward(x, s) for s in whole], self.beta)
        return dict(zip(whole, law, strict=True))

    def partition(self, x: int) -> mpmath.mpf:
        """Return ``Z(x) = E exp(r/beta)`` over whole sequences."""
        return mp.fsum(self.base(x, s) * mp.exp(self.reward(x, s) / self.beta) for s in self.prefixes(x, self.horizon))

    def value(self, x: int, prefix: Prefix) -> mpmath.mpf:
        """Return ``V_{h+1}(x, a_1..a_h)`` by its recursion, rewards on the way included; ``r`` at the end."""
        if len(prefix) == self.horizon:
            return self.reward(x, prefix)
        steps = self.steps(x, prefix)
        total = mp.fsum(
            step.base * mp.exp(self.value(x, (*prefix, token)) / self.beta) for token, step in steps.items()
        )
        return self.beta * mp.log(total)

    def best(self, x: int, prefix: Prefix) -> TokenLaw:
        """Return ``pi*_h(a|.) ~ pi_ref(a|.) exp(Q_h/beta)``."""
        steps = self.steps(x, prefix)
        law = tilt([s.base for s in steps.values()], [self.value(x, (*prefix, token)) for token in steps], self.beta)
        return dict(zip(steps, law, strict=True))

    def gap(self, policy: Callable[[int, Prefix], TokenLaw]) -> mpmath.mpf:
        """Return ``J(pi*) - J(pi)`` of a policy over tokens: both by summing over whole sequences."""
        total = mp.mpf(0)
        for x, rho in zip(self.prompts, self.rho, strict=True):
            worth = mp.mpf(0)
            for s in self.prefixes(x, self.horizon):
                mass = mp.fprod(policy(x, s[:h])[token] for h, token in enumerate(s))
                if mass:
                    worth += mass * (self.reward(x, s) - self.beta * mp.log(mass / self.base(x, s)))
            total += rho * (self.beta * mp.log(self.partition(x)) - worth)
        return total

    def differences(self, x: int, prefix: Prefix) -> list[list[mpmath.mpf]]:
        """Return ``phi_h(.a) - phi_h(.a')`` for the supported tokens ``a != a'``."""
        steps = list(self.steps(x, prefix).values())
        return [minus(a.phi, b.phi) for a in steps for b in steps if a is not b]


def minus(left: list[mpmath.mpf], right: list[mpmath.mpf]) -> list[mpmath.mpf]:
    """Return the difference."""
    return [a - b for a, b in zip(left, right, strict=True)]


class Learned:
    """What MTSS in span mode returns, read from its pairs and parameters: line 8 with every draw exact."""

    def __init__(self, tree: Tree, policy: MTSSPolicy) -> None:
        self.tree = tree
        self.psi = [[numbers(pair.phi) for pair in layer.psi] for layer in policy.layers]
        self.theta = [numbers(layer.theta) for layer in policy.layers]

    def spans(self, h: int, vectors: list[list[mpmath.mpf]]) -> bool:
        """Whether the accepted differences of a layer span these."""
        return rank([*self.psi[h], *vectors]) == rank(self.psi[h])

    def covers(self, x: int, prefix: Prefix) -> bool:
        """Whether every difference of supported tokens after a prefix is spanned."""
        return self.spans(len(prefix), self.tree.differences(x, prefix))

    def law(self, x: int, prefix: Prefix) -> TokenLaw:
        """Return ``E_{a' ~ pi_ref} pi_{f_h(.;a')}``; ``f_h = <theta_h, phi - phi'>`` where that is spanned, else 0."""
        h, steps = len(prefix), self.tree.steps(x, prefix)
        total = dict.fromkeys(steps, mp.mpf(0))
        for reference in steps.values():
            apart = [minus(step.phi, reference.phi) for step in steps.values()]
            scores = [dot(self.theta[h], phi) if self.spans(h, [phi]) else mp.mpf(0) for phi in apart]
            tilted = tilt([step.base for step in steps.values()], scores, self.tree.beta)
            for token, mass in zip(steps, tilted, strict=True):
                total[token] += reference.base * mass
        return total
