"""The seeded interpreter: committed test vectors, an independent sampler, and frequencies."""

from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.exact import ExpRatio, exp
from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded

E = exp(1)
VECTOR_DIE = [5, 1, 6, 4, 4, 4, 1, 2, 4, 3, 6, 3, 1, 2, 6, 1, 6, 2, 6, 1]
VECTOR_TILTED = "bbbcabccaabccbbacbbc"
VECTOR_OTHER = [6, 4, 1, 6, 5, 5, 5, 6, 2, 3]


def naive_draw(law: Law[int], seed: int, number: int) -> int:
    """The outcome whose interval of the distribution function holds the first 1024 digits of draw ``number``."""
    digits = b"".join(sha256(f"spanner-reference:{seed}:{number}:{block}".encode()).digest() for block in range(4))
    u = Fraction(int.from_bytes(digits, "big"), 1 << 1024)
    end = Fraction(0)
    for outcome, mass in law.items():
        end += Fraction(str(mass))
        if u < end:
            return outcome
    raise AssertionError


@given(st.lists(st.integers(1, 10**30), min_size=1, max_size=5), st.integers(), st.integers(1, 5))
def test_like_a_naive_sampler(weights: list[int], seed: int, draws: int) -> None:
    law = Law.weighted(range(len(weights)), weights)
    choice = Seeded(seed)
    assert [choice.draw(law) for _ in range(draws)] == [naive_draw(law, seed, n) for n in range(draws)]


def test_vectors() -> None:
    """Fixed for ever: a change here breaks everybody's recorded runs."""
    die, tilted = Law.uniform(range(1, 7)), Law.weighted("abc", [1, E, exp("1/2")])
    choice = Seeded(7)
    assert [choice.draw(die) for _ in range(20)] == VECTOR_DIE
    assert "".join(choice.draw(tilted) for _ in range(20)) == VECTOR_TILTED
    other = Seeded(-1)
    assert [other.draw(die) for _ in range(10)] == VECTOR_OTHER


def test_long_digits_are_read_when_needed() -> None:
    """A threshold inside the first 64-digit cell of draw 0, from either side: the next digits decide."""
    u = int.from_bytes(sha256(b"spanner-reference:3:0:0").digest(), "big") >> 64
    for above in (0, 1):
        law = Law.weighted("ab", [u + above, (1 << 192) - u - above])
        assert law.locate(u >> 128, 64) is None
        assert Seeded(3).draw(law) == ("a" if above else "b")


def test_irrational_law_agrees_with_a_rational_one_nearby() -> None:
    # 6065306597 / 10^10 is exp(-1/2) to ten digits; no draw here is that close to the threshold.
    irrational = Law.of([(0, exp("-1/2")), (1, 1 - exp("-1/2"))])
    rational = Law.of([(0, "0.6065306597"), (1, "0.3934693403")])
    one, two = Seeded(11), Seeded(11)
    assert [one.draw(irrational) for _ in range(200)] == [two.draw(rational) for _ in range(200)]


def test_frequencies() -> None:
    choice, law = Seeded(2026), Law.of([("a", "1/2"), ("b", "1/3"), ("c", "1/6")])
    counts = {"a": 0, "b": 0, "c": 0}
    for _ in range(6000):
        counts[choice.draw(law)] += 1
    # Five standard deviations, which are at most 39.
    assert abs(counts["a"] - 3000) < 195
    assert abs(counts["b"] - 2000) < 185
    assert abs(counts["c"] - 1000) < 145


def test_the_same_program_runs_seeded_and_exhaustively() -> None:
    def program(c: Choice) -> tuple[int, bool]:
        total = c.iterate(0, lambda s: s + c.draw(Law.uniform([1, 2, 3])), 5, until=lambda s: s >= 6, key=lambda s: s)
        return total, c.draw(Law.bernoulli(ExpRatio(1, 1 + E)))

    law = law_of(program)
    results = [program(Seeded(seed)) for seed in range(50)]
    assert results == [program(Seeded(seed)) for seed in range(50)]
    assert set(results) <= set(law.outcomes)
    assert len(set(results)) == 6


def test_a_draw_does_not_shift_later_ones() -> None:
    one, two = Seeded(5), Seeded(5)
    one.draw(Law.point(0))
    two.draw(Law.weighted("ab", [1, E]))
    die = Law.uniform(range(6))
    assert [one.draw(die) for _ in range(10)] == [two.draw(die) for _ in range(10)]


def test_seed_must_be_an_int() -> None:
    for seed in (1.0, "1", True, None):
        with pytest.raises(TypeError, match="must be an int"):
            Seeded(seed)  # type: ignore[arg-type]  # the point of the test
