"""The second implementation as ``spanner grade`` is told it: functions, algorithms, a sampler."""

from typing import Any

from proofs_check.conformance.host import REPLAYED
from reference.conformance.functions import FUNCTIONS
from tests.conformance.right import algorithms, numpy_arrays
from tests.conformance.sampling import sampler


class Oracle:
    """All that numpy has."""

    name = "numpy"
    format = "binary64"
    draw_softmax_sampler = staticmethod(sampler(algorithms))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a function
        found = algorithms if name in REPLAYED else numpy_arrays if name in FUNCTIONS else None
        if found is None:
            raise AttributeError(name)
        return getattr(found, name)
