"""A law of noise in a file of its own: an object with the key ``noise`` of instance files of version 2, alone."""

from pathlib import Path
from typing import Annotated

import msgspec
from flint import fmpq

from reference.catalog.explain import convert
from reference.catalog.format2 import NoiseEntry2
from reference.catalog.loading import one_line_path, read_bytes
from reference.catalog.parse2 import noise_in
from reference.catalog.reading import DEFAULT_LIMITS, InstanceError, Limits, at_most, decoded, reported
from reference.catalog.reading2 import Reader
from reference.exact.law import Law


class NoiseFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the file says."""

    noise: Annotated[list[NoiseEntry2], msgspec.Meta(min_length=1)]


def read_noise(path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Law[fmpq]:
    """Return the law of the error of a reward that a file like ``{"noise": [{"value": "1", "mass": "1/2"}, ..]}`` says.

    Raises:
        InstanceError: if there is no such file, it says something else, the masses do not sum to 1, or the mean is not
            0; one line.
    """
    where = str(path)
    if not where or not Path(where).exists():
        raise InstanceError(f"{one_line_path(where)}: neither a number nor a file; write 1/4, or the path of a file")
    data = read_bytes(where, limits, ())

    def law() -> Law[fmpq]:
        entries = convert(decoded(data, limits, limits.responses + 2), NoiseFile).noise
        at_most("noise", len(entries), limits.responses)
        return Law.of(noise_in(Reader(limits), entries))

    return reported(where, data, law)
