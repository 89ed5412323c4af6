"""One name, one thing: no two modules define the same public name."""

from tests.meta.names import defined, shared

ON_PURPOSE = {
    "MODULES": "every folder of claims names its modules",
    "FAULTS": "every area has its faults",
    "main": "where a program starts",
    "Answer": "of a test vector; of the base model",
    "DATA": "where the files of a folder lie",
    "Vector": "a test vector; of features",
    "law_of": "the front door's takes a problem in place of a program over its world",
    "play": "the same",
    "play_proper": "the same",
    "play_tokens": "the same",
}
"""Names that stand for the same thing in several places."""


def test_no_two_modules_define_the_same_name() -> None:
    assert shared(("reference", "proofs_check")).keys() == ON_PURPOSE.keys()


def test_the_numbers_that_everyone_needs_stand_once() -> None:
    found = shared(("reference", "proofs_check"))
    assert not {"ZERO", "ONE", "NO_NOISE", "Theta", "Run", "Setting", "Walk"} & found.keys()


SOURCE = """
from typing import TypeVar

T = TypeVar("T")
_PRIVATE = 1
LOW, HIGH = 0, 9
ALIAS: type = int

def f(): ...
def f(x): ...
class C:
    INSIDE = 1
    def method(self): ...
"""


def test_what_counts_as_a_name() -> None:
    assert list(defined(SOURCE)) == ["LOW", "HIGH", "ALIAS", "f", "C"]
