"""What is remembered of an object is remembered of it alone; equal objects are found out once."""

from reference.model.memory import equal, remembered


class Number:
    """Compared by content."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.n == other.n

    __hash__ = None  # type: ignore[assignment]  # no hash is needed


def test_equal_objects_with_the_id_of_an_earlier_copy() -> None:
    one = Number(1)
    assert equal(one, one)
    ids = set()
    for n in [1, 2] * 50:  # a freed object's id is given to the next
        other = Number(n)
        assert equal(one, other) is (n == 1)
        ids.add(id(other))
        del other
    assert len(ids) < 100


def test_each_object_is_asked_once() -> None:
    asked = []

    @remembered
    def answer(number: Number) -> None:
        asked.append(number)

    first, second = Number(1), Number(1)
    for number in (first, second, first):
        assert answer(number) is None
    assert [number is first for number in asked] == [True, False]
