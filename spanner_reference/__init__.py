"""The same names as ``import reference``, under a name that no other package has.

>>> import reference
>>> import spanner_reference as ref
>>> ref.coverage is reference.coverage
True

Sub-packages keep their own names: ``reference.exact``, ``reference.laws``.
"""

from typing import TYPE_CHECKING

import reference

__all__: list[str] = []
__all__ += reference.__all__

if TYPE_CHECKING:  # the same names, as type checkers see them
    from reference import *  # noqa: F403 - all of them, and no other
else:

    def __getattr__(name: str) -> object:
        try:
            return getattr(reference, name)
        except AttributeError as error:
            raise AttributeError(str(error).replace("'reference'", repr(__name__), 1)) from None


def __dir__() -> list[str]:
    return dir(reference)
