"""Named wrong versions of the paper's algorithms: each is one change of ``right/algorithms.py``, listed beside this."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
SOURCE = HERE / "right" / "algorithms.py"


@dataclass(frozen=True)
class WrongRun:
    """``old`` becomes ``new``, at its one place; ``what``: the mistake in words."""

    algorithm: str
    name: str
    what: str
    old: str
    new: str

    @property
    def full_name(self) -> str:
        """Algorithm and name."""
        return f"{self.algorithm}/{self.name}"

    @property
    def parts_of(self) -> tuple[str, ...]:
        """The algorithms that it is a part of."""
        return (
            (self.algorithm, "spanner_sampling", "mtss") if self.algorithm == "softmax_sampler" else (self.algorithm,)
        )

    @cached_property
    def module(self) -> ModuleType:
        """The changed program."""
        text = SOURCE.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.full_name}: {self.old!r} stands {text.count(self.old)} times in {SOURCE.name}")
        found = ModuleType(self.name)
        exec(compile(text.replace(self.old, self.new), f"<{self.full_name}>", "exec"), found.__dict__)  # noqa: S102 - that is what they are for
        return found


WRONG_RUNS = tuple(
    WrongRun(algorithm, **entry)
    for algorithm, entries in tomllib.loads((HERE / "wrong_runs.toml").read_text(encoding="utf-8")).items()
    for entry in entries
)
