"""The page of limits names every limit constant, with its value and what it means."""

import doctest
import importlib
import re
import sys
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))

import limits

from reference.catalog.reading import Limits

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^(_?[A-Z0-9_]*(?:MAX|MOST|LARGEST|CAP|PER_MINUTE)(?:_[A-Z0-9_]+)?)\b[^=\n]*= *[0-9(]", re.MULTILINE)


every_limit = cache(limits.limits)


def test_every_limit_of_the_code_is_on_the_page_with_its_value() -> None:
    named = {each.place: each.value for each in every_limit()}
    written = {
        f"{str(path.relative_to(ROOT)).removesuffix('.py').replace('/', '.')}.{name}"
        for path in limits.modules()
        for name in LINE.findall(path.read_text("utf-8"))
    }
    assert len(written) > 60
    assert written <= named.keys(), written - named.keys()
    for place in written:
        module, _, name = place.rpartition(".")
        value = getattr(importlib.import_module(module), name)
        assert named[place] in {f"{value:,}", f"2^{value.bit_length() - 1}"}, place
    assert {f"Limits.{name}" for name in Limits.__dataclass_fields__} <= named.keys()


def test_every_limit_says_what_it_means_and_has_its_place() -> None:
    for each in every_limit():
        assert each.meaning, f"{each.place}: write what it limits below it"
        assert each.area != limits.OTHERS, f"{each.place}: docs/_ext/limits.py does not know its folder"
        assert "|" not in each.meaning.replace("\\|", "")


def test_the_page_copies_no_number() -> None:
    page = (ROOT / "docs" / "reference" / "limits.md").read_text("utf-8")
    assert "limits()" in page
    assert not re.findall(r"[0-9][0-9,]{2,}", re.sub(r"```.*?```", "", page, flags=re.DOTALL))


def test_examples() -> None:
    assert doctest.testmod(limits).failed == 0
