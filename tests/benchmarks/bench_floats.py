"""Floats out of the tower, beside the enclosures that they rest on, and a vocabulary of logits, in seconds."""

import json
import math
import random
from array import array
from pathlib import Path
from tempfile import TemporaryDirectory

from flint import fmpq
from frame import Row, check, compare, cpu, main

from reference.catalog.logits import LogitsImport, RewardChoice, imported_logits
from reference.exact import exp, real, to_float
from reference.exact.law import Law
from reference.floats import from_logits

MASSES = 10_000


def rows() -> list[Row]:
    """``to_float`` of the masses of a law, the law of a row of logits, and the instance of a row in a file."""
    return [_rounded_row(), _logits_row(50_257, 5), _logits_row(151_936, 60), _imported_row(151_936, 60)]


def _rounded_row() -> Row:
    law = Law.weighted(range(MASSES), [exp(fmpq(k, 7)) for k in range(MASSES)])
    masses = [real(mass) for _, mass in law.items()]

    def ours() -> list[float]:
        return [to_float(mass) for mass in masses]

    def enclosed() -> list[float]:
        return [float(mass.enclosure(64).mid()) for mass in masses]

    work = f"to_float of {MASSES:,} masses"
    check(agree=all(abs(x - y) <= y / 2**40 + 1e-320 for x, y in zip(ours(), enclosed(), strict=True)), work=work)
    return Row(work, "their enclosures alone", *compare(ours, enclosed), limit=3)


def _logits_row(size: int, limit: float) -> Row:
    source = random.Random(size)
    logits = [source.gauss(0, 3) for _ in range(size)]
    start = cpu()
    law = from_logits(logits)
    seconds = cpu() - start
    work = f"law of {size:,} logits"
    weights = [math.exp(x) for x in logits]
    check(agree=math.isclose(to_float(law.mass(0)), weights[0] / math.fsum(weights), rel_tol=1e-12), work=work)
    return Row(work, f"{limit:g} seconds", seconds, limit, limit=1)


def _imported_row(size: int, limit: float) -> Row:
    source = random.Random(size)
    logits = array("f", (source.gauss(0, 3) for _ in range(size)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "my.safetensors"
        header = json.dumps({"logits": {"dtype": "F32", "shape": [size], "data_offsets": [0, 4 * size]}}).encode()
        path.write_bytes(len(header).to_bytes(8, "little") + header + logits.tobytes())
        start = cpu()
        made = imported_logits(LogitsImport(path, RewardChoice(at=(("#17", "1"),))))
        seconds = cpu() - start
    work = f"import of {size:,} logits"
    check(agree=made.text.count('"logit"') == size and f'"logit": "{_hex(logits[0])}"' in made.text, work=work)
    return Row(work, f"{limit:g} seconds", seconds, limit, limit=1)


def _hex(value: float) -> str:
    mantissa, _, exponent = value.hex().partition("p")
    return f"{mantissa.rstrip('0')}p{exponent}"


if __name__ == "__main__":
    main(rows)
