"""What is remembered about a problem: by the object, not by its content.

A cache whose keys are compared by content compares whole problems whenever an equal copy asks (unpickled, or loaded
again), and answers with what belongs to the other object.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from reference.exact.plain import is_plain, quick

P = TypeVar("P")
T = TypeVar("T")

_EQUAL = f"{__name__}.equal"


def remembered(compute: Callable[[P], T]) -> Callable[[P], T]:
    """Return ``compute``, asked once for each object: the answer is kept on the immutable object and goes with it.

    When all is plain (:mod:`reference.exact.plain`), it is asked every time.
    """
    key = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def answer(owner: P) -> T:
        answers: dict[str, T] = vars(owner)
        if key not in answers:
            answers[key] = compute(owner)
        return answers[key]

    return quick(compute)(answer)


def equal(original: P, copy: P) -> bool:
    """Return ``original == copy`` for immutable objects.

    The copy remembers the original that it was found equal to last, and is not compared with it again.
    """
    if original is copy or (not is_plain() and vars(copy).get(_EQUAL) is original):
        return True
    if original != copy:
        return False
    vars(copy)[_EQUAL] = original
    return True
