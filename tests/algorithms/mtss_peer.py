"""A second MTSS, from its listing: dictionaries, ``Fraction``, no code in common but the first peer's linear algebra.

It follows a tape of draws and checks each law that the tape was drawn from against its own.  Numbers are combinations,
with rational coefficients, of 1, logarithms of primes, and logarithms of sums of exponentials in a canonical form.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import exp, floor, log

from reference.exact.log_linear import LogLinear
from reference.model.problem import Problem
from tests.algorithms.peer import Settings, Vec, covered, minus, null_space, outer_sum, solve

Q = Fraction
Key = Hashable
Num = dict[Key, Fraction]
"""``{1: a, "2": b, ("sum", ...): c}`` is ``a + b log 2 + c log(..)``."""
Place = tuple[int, tuple[int, ...]]
Stored = tuple[int, tuple[int, ...], int, int]
"""``(x, prefix, a, a')``."""


def num(value: LogLinear) -> Num:
    return plus({1: Q(str(value.constant))}, {str(p): Q(str(c)) for p, c in value.terms})


def plus(*numbers: Num) -> Num:
    total: Num = {}
    for number in numbers:
        for key, value in number.items():
            total[key] = total.get(key, Q(0)) + value
    return {key: value for key, value in total.items() if value}


def times(number: Num, factor: Fraction) -> Num:
    return {key: value * factor for key, value in number.items() if factor}


def size(number: Num) -> float:
    def atom(key: Key) -> float:
        if key == 1:
            return 1.0
        if isinstance(key, str):
            return log(int(key))
        assert isinstance(key, tuple)
        return log(sum(float(q) * exp(size(dict(e))) for e, q in key[1]))

    return sum(float(value) * atom(key) for key, value in number.items())


def log_rational(q: Fraction) -> Num:
    found: Num = {}
    for n, sign in ((q.numerator, 1), (q.denominator, -1)):
        left, p = n, 2
        while left > 1:
            while left % p == 0:
                left //= p
                found = plus(found, {str(p): Q(sign)})
            p += 1
    return found


def folded(exponent: Num) -> tuple[Fraction, frozenset[tuple[Key, Fraction]]]:
    """Split ``exp`` of a number into a rational factor and what is left of the exponent."""
    factor, rest = Q(1), exponent
    for key, value in exponent.items():
        if isinstance(key, str):
            whole = floor(value)
            factor *= Q(int(key)) ** whole
            rest = plus(rest, {key: Q(-whole)})
    return factor, frozenset(rest.items())


def log_sum(terms: Sequence[tuple[Fraction, Num]]) -> Num:
    """``log sum q exp(v)`` for ``q > 0``."""

    def grouped(shift: Num) -> dict[frozenset[tuple[Key, Fraction]], Fraction]:
        groups: dict[frozenset[tuple[Key, Fraction]], Fraction] = {}
        for q, v in terms:
            factor, rest = folded(plus(v, times(shift, Q(-1))))
            groups[rest] = groups.get(rest, Q(0)) + q * factor
        return groups

    forms = []
    for _, shift in terms:
        groups = grouped(shift)
        first = groups[frozenset()]
        scaled = frozenset((rest, q / first) for rest, q in groups.items())
        forms.append((repr(sorted((sorted(map(repr, rest)), q) for rest, q in scaled)), scaled, first, shift))
    _, scaled, first, shift = min(forms, key=lambda form: form[0])
    atom: Num = {("sum", scaled): Q(1)} if len(scaled) > 1 else {}
    return plus(log_rational(first), shift, atom)


@cache
def read(problem: Problem) -> list[list[dict[int, tuple[Fraction, Vec]]]]:
    """Base mass and features of each supported token, by layer and node; read once, as thousands of runs ask."""
    return [
        [
            {a: (Q(str(e.pi_ref)), tuple(Q(str(v)) for v in e.phi)) for a, e in enumerate(edges) if e.pi_ref > 0}
            for edges in layer
        ]
        for layer in problem.layers
    ]


class FoundError(Exception):
    """A pair was accepted: the pass is over, wherever it was."""


@dataclass(frozen=True)
class Inputs:
    """``cover``: mode, lambda, nu, ``n_pair``, ``M`` and ``N`` of SoftmaxSampler."""

    n_roll: int
    n_out: int
    cover: Settings
    looks_by_listing: bool
    by_rejection: bool
    n_tok: int | None
    bits: int | None


@dataclass
class Tape:
    """What was drawn, and from which laws."""

    draws: list[tuple[dict[object, float], object]]
    at: int = 0

    def draw(self, law: Mapping[object, Fraction | float]) -> object:
        assert self.at < len(self.draws), f"the tape is over, and {law} is asked"
        theirs, outcome = self.draws[self.at]
        self.at += 1
        for key in {*law, *theirs}:
            assert abs(float(law.get(key, 0)) - theirs.get(key, 0.0)) < 1e-9, (self.at, law, theirs)
        return outcome


@dataclass
class Peer:
    problem: Problem
    p: Inputs
    tape: Tape
    psi: list[list[Stored]]
    noise: Mapping[object, Fraction] = field(default_factory=lambda: {Q(0): Q(1)})
    theta: list[list[Num]] = field(default_factory=list)
    passes: int = 0
    clean: bool = False
    prompts: int = 0
    rewards: int = 0

    def __post_init__(self) -> None:
        self.H = self.problem.horizon
        self.beta = Q(str(self.problem.beta))
        self.weak, self.listed = [0] * self.H, [0] * self.H
        self.tables = read(self.problem)
        self.known: list[list[Vec]] = [[] for _ in range(self.H)]

    def after(self, at: Place) -> Mapping[int, tuple[Fraction, Vec]]:
        """What may follow a prefix."""
        x, prefix = at
        node = self.problem.prompts[x].root
        for h, token in enumerate(prefix):
            node = self.problem.layers[h][node][token].child
        return self.tables[len(prefix)][node]

    def ask(self, at: Place) -> tuple[int, Vec]:
        table = self.after(at)
        self.weak[len(at[1])] += 1
        token = self.tape.draw({a: mass for a, (mass, _) in table.items()})
        assert isinstance(token, int)
        return token, table[token][1]

    def vectors(self, h: int) -> list[Vec]:
        """The differences of the pairs that are stored: there come more, and none leaves."""
        new = self.psi[h][len(self.known[h]) :]
        self.known[h] += [minus(self.after((x, p))[a][1], self.after((x, p))[b][1]) for x, p, a, b in new]
        return self.known[h]

    def run(self) -> None:
        while not self.clean:
            self.one_pass()

    def one_pass(self) -> None:
        self.passes += 1
        self.theta = [[{} for _ in range(d)] for d in self.problem.dimensions]
        try:
            for h in range(self.H - 1, -1, -1):  # 3
                self.fit(h)
            for _ in range(self.p.n_roll):  # 4
                x = self.tape.draw({x: Q(str(entry.rho)) for x, entry in enumerate(self.problem.prompts)})  # 5
                self.prompts += 1
                assert isinstance(x, int)
                self.complete(x, (), None)
        except FoundError:
            return
        self.clean = True  # 9

    def complete(self, x: int, sequence: tuple[int, ...], explained: list[Num] | None) -> tuple[int, ...]:
        """Lines 6 to 8 from a prefix to a response; what line 8 explains is added to ``explained``, unless ``None``."""
        while len(sequence) < self.H:  # 6
            at, h = (x, sequence), len(sequence)
            table = self.after(at)
            listed = self.look(at)  # 7
            token, score, reference = self.choose(at)  # 8
            if explained is not None:
                if self.p.n_tok is None:
                    sampled = [(mass, phi) for mass, phi in table.values()]
                else:
                    sampled = [(Q(1, self.p.n_tok), self.ask(at)[1]) for _ in range(self.p.n_tok)]
                inverse = 1 / self.beta
                log_z = log_sum([(q, times(self.f(h, phi, reference), inverse)) for q, phi in sampled])
                explained += [score, times(log_z, -self.beta)]
                listed = listed or self.p.n_tok is None
            if listed or not self.p.by_rejection:
                self.listed[h] += len(table)
            sequence = (*sequence, token)
        return sequence

    def look(self, at: Place) -> bool:
        """Look for a pair; say whether the prefix was listed."""
        h, table = len(at[1]), self.after(at)
        if not self.p.looks_by_listing:
            for _ in range(self.p.cover.n_pair):
                (a, phi), (b, psi) = self.ask(at), self.ask(at)
                self.consider(at, a, b, minus(phi, psi))
            return False
        try:
            for a in table:
                for b in table:
                    if a < b:
                        self.consider(at, a, b, minus(table[a][1], table[b][1]))
        except FoundError:
            self.listed[h] += len(table)
            raise
        return True

    def consider(self, at: Place, a: int, b: int, difference: Vec) -> None:
        if not covered(difference, self.vectors(len(at[1])), self.p.cover):
            self.psi[len(at[1])].append((*at, a, b))
            raise FoundError

    def fit(self, h: int) -> None:
        targets = []
        for x, prefix, a, b in self.psi[h]:
            differences = [
                plus(self.G(x, (*prefix, a)), times(self.G(x, (*prefix, b)), Q(-1))) for _ in range(self.p.n_out)
            ]
            difference = times(plus(*differences), Q(1, self.p.n_out))
            if any(isinstance(key, tuple) for key in difference):
                assert self.p.bits is not None
                difference = {1: Q(floor(size(difference) * 2**self.p.bits + 0.5), 2**self.p.bits)}
            targets.append(difference)
        keys = sorted({key for target in targets for key in target}, key=str)
        vectors, d = self.vectors(h), self.problem.dimensions[h]
        ridge = self.p.cover.ridge if self.p.cover.mode == "ridge" else None
        rows = [list(v) for v in vectors]
        matrix = outer_sum(rows if ridge else rows + null_space(vectors, d), d, ridge or Q(0))
        moments = [
            [sum((v[i] * t.get(k, Q(0)) for v, t in zip(vectors, targets, strict=True)), Q(0)) for k in keys]
            for i in range(d)
        ]
        solved = solve(matrix, moments)
        self.theta[h] = [{k: v for k, v in zip(keys, row, strict=True) if v} for row in solved]

    def f(self, h: int, phi: Vec, reference: Vec) -> Num:
        difference = minus(phi, reference)
        if not covered(difference, self.vectors(h), self.p.cover):
            return {}
        return plus(*(times(t, v) for t, v in zip(self.theta[h], difference, strict=True)))

    def choose(self, at: Place) -> tuple[int, Num, Vec]:
        """The token of line 8, ``f`` there, and the features of ``a'``."""
        h, table = len(at[1]), self.after(at)
        if self.p.by_rejection:
            _, reference = self.ask(at)
        else:
            anchor = self.tape.draw({a: mass for a, (mass, _) in table.items()})
            assert isinstance(anchor, int)
            reference = table[anchor][1]
        scores = {a: self.f(h, phi, reference) for a, (_, phi) in table.items()}
        w = {a: exp(size(score) / float(self.beta)) for a, score in scores.items()}
        if self.p.by_rejection:
            token = self.softmax_sampler(at, w)
        else:
            total = sum(float(mass) * w[a] for a, (mass, _) in table.items())
            drawn = self.tape.draw({a: float(mass) * w[a] / total for a, (mass, _) in table.items()})
            assert isinstance(drawn, int)
            token = drawn
        return token, scores[token], reference

    def softmax_sampler(self, at: Place, w: dict[int, float]) -> int:
        N = self.p.cover.N
        z_hat = sum(w[self.ask(at)[0]] for _ in range(N)) / N
        for _ in range(N):
            y = self.ask(at)[0]
            chance = min(1.0, w[y] / (z_hat * float(self.p.cover.M)))
            if self.tape.draw({True: chance, False: 1 - chance}):
                return y
        return self.ask(at)[0]

    def G(self, x: int, prefix: tuple[int, ...]) -> Num:
        explained: list[Num] = []
        sequence = self.complete(x, prefix, explained)
        self.rewards += 1
        error = self.tape.draw(self.noise)
        assert isinstance(error, Fraction)
        return plus(self.reward(x, sequence), {1: error}, times(plus(*explained), Q(-1)))

    def reward(self, x: int, sequence: tuple[int, ...]) -> Num:
        node, total = self.problem.prompts[x].root, Num()
        for h, token in enumerate(sequence):
            edge = self.problem.layers[h][node][token]
            total, node = plus(total, num(edge.reward)), edge.child
        return total
