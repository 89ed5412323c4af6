"""Each transform of laws, on laws whose masses are of very different size, against what it is to do, exactly.

Laws are rational or irrational, with ties and near ties.  A transform gives a law that has the property that defines
it, or raises the one error that it documents, in one line.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable

import pytest
from flint import arb, ctx, fmpq

import reference as ref
from reference.exact import ExpSum, LogLinear, exp, exp_ratio, log, loglinear
from reference.exact.law import Law, LawError
from reference.laws import SpeculativeStep, masked, min_p, residual, tempered, top_k, top_p

Outcomes = Law[int]

SIZES = (1, 3, 60, 1100)
"""Bits of weights: those of the last are no floats."""

CLOSE = fmpq(1, 10**40)

LONGEST = 60.0
"""Seconds of CPU time that no transform may take: three laws of six monstrous sums each take a dozen."""

BITS = 4000
"""Bits of the enclosures that results are compared with."""


def law(rng: random.Random) -> Outcomes:
    """Return a law of up to six outcomes."""
    makers: tuple[Callable[[random.Random], fmpq | ExpSum], ...] = (rational_weight, one_exponential, some_exponentials)
    make = rng.choice(makers)
    n = rng.randint(1, 6)
    weights = [make(rng) for _ in range(n)]
    for j in range(n):
        if rng.randrange(3) == 0:  # ties, and what is almost one
            weights[j] = weights[rng.randrange(n)] * rng.choice((fmpq(1), fmpq(1), 1 + CLOSE, 1 - CLOSE, fmpq(1, 2)))
    return Law.weighted(rng.sample(range(8), n), weights)


def rational_weight(rng: random.Random) -> fmpq:
    return fmpq(rng.getrandbits(rng.choice(SIZES)) + 1, rng.getrandbits(rng.choice(SIZES)) + 1)


def exponent(rng: random.Random) -> LogLinear:
    found = loglinear(fmpq(rng.randint(-9, 9) * rng.choice((1, 1, 100, 10**5)), rng.randint(1, 6)))
    return (
        found + log(rng.choice((2, 3, 6))) * fmpq(rng.randint(-40, 40), rng.randint(1, 3))
        if rng.randrange(2)
        else found
    )


def one_exponential(rng: random.Random) -> ExpSum:
    return exp(exponent(rng)) * rng.choice((fmpq(1), rational_weight(rng)))


def some_exponentials(rng: random.Random) -> ExpSum:
    return sum((one_exponential(rng) for _ in range(rng.randint(0, 2))), one_exponential(rng))


def share(rng: random.Random, at: Outcomes) -> fmpq:
    """Return a number in (0, 1], sometimes exactly a mass or a sum of masses of a law, or out of bounds."""
    if rng.randrange(3) == 0:
        return fmpq(rng.randint(-1, 12), rng.randint(1, 10))
    if rng.randrange(2) and at.is_rational:
        some = set(at.outcomes[: rng.randint(1, 6)])
        return exp_ratio(at.probability(some.__contains__)).as_rational()
    return fmpq(rng.getrandbits(64) + 1, 1 << 64) ** rng.choice((1, 1, 20))


# ------------------------------------------------------------------------------------------ what each transform does


def balls(of: Outcomes) -> dict[int, arb]:
    """Return the masses enclosed: weights of any size, divided by their sum."""
    with ctx.workprec(BITS):
        weights = [w.enclosure(BITS) if isinstance(w, ExpSum) else arb(w) for w in of.weights]
        whole = sum(weights, arb(0))
        return {x: w / whole for x, w in zip(of.outcomes, weights, strict=True)}


def same(mine: dict[int, arb], theirs: dict[int, arb]) -> bool:
    """Return whether numbers may be equal, all of them to hundreds of bits, and unless they are 0 relatively."""
    assert all(ball.rel_accuracy_bits() > BITS // 4 for ball in mine.values())
    return all((mine.get(x, arb(0)) - theirs.get(x, arb(0))).contains(0) for x in {*mine, *theirs})


def conditioned(new: Outcomes, old: Outcomes, kept: set[int]) -> None:
    """Check that ``new`` is ``old`` given that the outcome is in ``kept``."""
    masses = balls(old)
    assert set(new.outcomes) == kept & set(masses)
    with ctx.workprec(BITS):
        whole = sum((masses[x] for x in new.outcomes), arb(0))
        assert same(balls(new), {x: masses[x] / whole for x in new.outcomes})


def heaviest(old: Outcomes, kept: set[int]) -> None:
    left = [exp_ratio(old.mass(x)) for x in old.outcomes if x not in kept]
    if left:
        least, most = min(exp_ratio(old.mass(x)) for x in kept), max(left)
        assert least >= most


def fuzz_given(rng: random.Random) -> None:
    old, allowed = law(rng), set(rng.sample(range(8), rng.randint(0, 8)))
    conditioned(old.given(allowed.__contains__), old, allowed)


def fuzz_masked(rng: random.Random) -> None:
    old = law(rng)
    allowed = set(rng.sample(old.outcomes, rng.randint(0, len(old.outcomes))))
    allowed |= {9} if rng.randrange(9) == 0 else set()
    conditioned(masked(old, allowed), old, allowed)


def fuzz_top_k(rng: random.Random) -> None:
    old, k, every = law(rng), rng.randint(0, 7), bool(rng.randrange(2))
    new = top_k(old, k, ties="all" if every else "first")
    kept = set(new.outcomes)
    conditioned(new, old, kept)
    heaviest(old, kept)
    some = min(k, len(old.outcomes))
    assert len(kept) >= some if every else len(kept) == some
    if every:
        least = min(exp_ratio(old.mass(x)) for x in kept)
        assert all(old.mass(x) < least for x in old.outcomes if x not in kept)


def fuzz_top_p(rng: random.Random) -> None:
    old = law(rng)
    p = share(rng, old)
    new = top_p(old, p)
    kept = set(new.outcomes)
    conditioned(new, old, kept)
    heaviest(old, kept)
    least = min(kept, key=lambda x: exp_ratio(old.mass(x)))
    assert old.probability(kept.__contains__) >= p
    assert old.probability((kept - {least}).__contains__) < p


def fuzz_min_p(rng: random.Random) -> None:
    old = law(rng)
    p = share(rng, old)
    largest = max(exp_ratio(mass) for _, mass in old.items())
    conditioned(min_p(old, p), old, {x for x, mass in old.items() if mass >= largest * p})


def fuzz_tempered(rng: random.Random) -> None:
    old = law(rng)
    some = fmpq(rng.randint(-1, 9), rng.randint(1, 9)), fmpq(1, rng.randint(1, 30)), share(rng, old), fmpq(10**9)
    t = rng.choice(some)
    new = tempered(old, t)
    assert new.outcomes == old.outcomes
    masses = balls(old)
    with ctx.workprec(BITS):
        powers = {x: (mass.log() / t).exp() for x, mass in masses.items()}
        whole = sum(powers.values(), arb(0))
        assert same(balls(new), {x: power / whole for x, power in powers.items()})


def fuzz_residual(rng: random.Random) -> None:
    p, q = law(rng), law(rng)
    new = residual(p, q)
    mine, theirs = balls(p), balls(q)
    with ctx.workprec(BITS):
        gains = {x: mass - theirs.get(x, arb(0)) for x, mass in mine.items()}
        assert all(gains[x] > 0 or gains[x].contains(0) for x in new.outcomes)
        assert not any(gain > 0 for x, gain in gains.items() if x not in new.outcomes)
        whole = sum((gains[x] for x in new.outcomes), arb(0))
        assert whole.contains(0) or same(balls(new), {x: gains[x] / whole for x in new.outcomes})


def fuzz_speculative(rng: random.Random) -> None:
    p, q, d = law(rng), law(rng), law(rng)
    right = SpeculativeStep(p, q)
    assert right.law() == p
    new = SpeculativeStep(p, q, d).law()
    mine, theirs, drawn = balls(p), balls(q), balls(d)
    with ctx.workprec(BITS):
        accept = {x: (mine[x] / theirs[x]).min(arb(1)) if x in theirs else arb(1) for x in mine}
        found = {x: mass * accept[x] for x, mass in drawn.items() if x in accept}
        gains = {x: (mass - theirs.get(x, arb(0))).max(arb(0)) for x, mass in mine.items()}
        rejected = (1 - sum(found.values(), arb(0))) / sum(gains.values(), arb(0))
        whole = {x: found.get(x, arb(0)) + rejected * gain for x, gain in gains.items()}
        assert same(balls(new), whole)


def fuzz_best_of_n(rng: random.Random) -> None:
    old = law(rng)
    n = rng.randint(0, 20 if old.is_rational else 4)
    values = {x: exponent(rng) if rng.randrange(3) else log(2) for x in old.outcomes}
    new = ref.best_of_n_law(old, values.__getitem__, n, ties=rng.choice(("index", "first")))
    mine, theirs = balls(old), balls(new)
    with ctx.workprec(BITS):
        for level in values.values():
            under = [x for x in mine if values[x] <= level]
            before, after = (sum((masses[x] for x in under), arb(0)) for masses in (mine, theirs))
            assert (before**n - after).contains(0)


def fuzz_mixture(rng: random.Random) -> None:
    old, other, weight = law(rng), law(rng), rational_weight(rng)
    part = weight / (weight + 1)
    new = Law.mixture([(part, old), (1 - part, other)])
    mine, theirs = balls(old), balls(other)
    with ctx.workprec(BITS):
        parts = {x: mine.get(x, arb(0)) * part + theirs.get(x, arb(0)) * (1 - part) for x in {*mine, *theirs}}
        assert same(balls(new), parts)


REFUSALS: dict[str, type[ValueError]] = defaultdict(lambda: LawError, best_of_n=ValueError)

TRANSFORMS = {name.removeprefix("fuzz_"): made for name, made in globals().items() if name.startswith("fuzz_")}


MANY = defaultdict(lambda: 100_000, speculative=2_000, best_of_n=2_000)
"""Seeds of the slow tier; products of whole laws take longer, seed by seed."""


@pytest.mark.parametrize("many", [False, pytest.param(True, id="many", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", TRANSFORMS)
def test_transforms(name: str, many: bool) -> None:  # noqa: FBT001 - a test's parameter
    for seed in range(MANY[name] if many else 15):
        start = time.process_time()
        try:
            TRANSFORMS[name](random.Random(seed))  # noqa: S311 - faults that repeat themselves
        except REFUSALS[name] as error:
            line = str(error)
            assert line, seed
            assert "\n" not in line, seed
        except Exception as error:  # noqa: BLE001 - whatever it is, the seed is to be seen
            pytest.fail(f"seed {seed}: {type(error).__name__}: {error!s:.500}")
        assert time.process_time() - start < LONGEST, seed
