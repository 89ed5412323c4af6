"""What is remembered of an object is remembered of it alone; equal objects are found out once."""

from reference.model.memory import equal, remembered


class Number:
    """Compared by content; counts how often."""

    compared = 0

    def __init__(self, n: int) -> None:
        self.n = n

    def __eq__(self, other: object) -> bool:
        Number.compared += 1
        return isinstance(other, Number) and self.n == other.n

    __hash__ = None  # type: ignore[assignment]  # no hash is needed


def test_equal_objects_are_compared_once() -> None:
    one, copy, two = Number(1), Number(1), Number(2)
    Number.compared = 0
    assert all(equal(one, copy) and equal(one, one) for _ in range(10))
    assert Number.compared == 1
    assert not equal(one, two)
    assert not equal(two, copy)
    assert equal(one, copy)
    assert Number.compared == 3


def test_a_copy_of_several_originals_is_equal_to_each() -> None:
    first, second, copy = Number(1), Number(1), Number(1)
    for _ in range(2):
        assert equal(first, copy)
        assert equal(second, copy)
        assert equal(copy, first)


def test_each_object_is_asked_once() -> None:
    asked = []

    @remembered
    def answer(number: Number) -> None:
        asked.append(number)

    first, second = Number(1), Number(1)
    for number in (first, second, first):
        assert answer(number) is None
    assert [number is first for number in asked] == [True, False]
