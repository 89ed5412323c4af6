"""The second implementation as ``spanner grade`` is told it: functions, algorithms, a sampler."""

from typing import Any

from proofs_check.conformance.host import REPLAYED
from reference.conformance.functions import FUNCTIONS
from tests.conformance.right import algorithms, numpy_arrays, numpy_bounds, numpy_further, numpy_learned, numpy_trees
from tests.conformance.sampling import sampler


class Oracle:
    """All that numpy has."""

    name = "numpy"
    format = "binary64"
    draw_softmax_sampler = staticmethod(sampler(algorithms))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a function
        if name in REPLAYED:
            return getattr(algorithms, name)
        for module in (numpy_arrays, numpy_further, numpy_bounds, numpy_trees, numpy_learned):
            if name in FUNCTIONS and name in vars(module):
                return getattr(module, name)
        raise AttributeError(name)
