"""A plugin of pytest: ``pytest --spanner-impl python:my_package.impl:oracle`` has a test for each vector.

Without the option it does nothing, and imports nothing.  An id is that of the vector with its flags, so that
``-k OffSupport`` and ``-k softmax`` choose.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from proofs_check.conformance.implementations import Source
    from reference.conformance.vectors import Vector


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("spanner", "test vectors of spanner-reference")
    group.addoption("--spanner-impl", metavar="IMPLEMENTATION", help="python:module:object, command:... or file:...")
    group.addoption("--spanner-functions", metavar="NAME,NAME", help="only these functions")
    group.addoption(
        "--spanner-format", help="binary64, binary32 or bfloat16; what the implementation says, unless given"
    )
    group.addoption("--spanner-level", default="stable", help="exact, correct, faithful, ulps:4 or stable")
    group.addoption("--spanner-vectors", metavar="FOLDER", help="other vectors than the package's")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the tests, before any are deselected."""
    if config.getoption("--spanner-impl"):
        items.extend(_tests(session, config))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the implementation."""
    graded = config.stash.get(_GRADED, None)
    if graded is not None:
        graded.end()


class _Graded:
    """The implementation of a session: started once."""

    def __init__(self, config: pytest.Config) -> None:
        from contextlib import ExitStack
        from pathlib import Path

        from proofs_check.conformance.implementations import opened
        from proofs_check.conformance.kit import GRADED_FORMATS, Kit, KitError
        from proofs_check.conformance.process import NotStarted
        from proofs_check.conformance.profile import Profile
        from reference.conformance.vectors import DATA

        self._open = ExitStack()
        try:
            folder = config.getoption("--spanner-vectors")
            self.kit: Kit = Kit.of(folder=Path(folder) if folder else DATA)
            self.profile = Profile.of(None, config.getoption("--spanner-level"))
            started = opened(config.getoption("--spanner-impl"), list(self.kit.files))
            self.source: Source = self._open.enter_context(started)
            self.format: Any = config.getoption("--spanner-format") or self.source.hello.format
        except (KitError, NotStarted) as error:
            raise pytest.UsageError(str(error)) from None
        if self.format not in GRADED_FORMATS:
            raise pytest.UsageError(f"format {self.format}; one of {', '.join(GRADED_FORMATS)}")

    def end(self) -> None:
        self._open.close()


_GRADED = pytest.StashKey[_Graded]()


def _tests(session: pytest.Session, config: pytest.Config) -> Iterable[pytest.Item]:
    from proofs_check.conformance.grade import asked_functions
    from proofs_check.conformance.kit import KitError

    graded = config.stash.get(_GRADED, None)
    if graded is None:
        graded = config.stash[_GRADED] = _Graded(config)
    only = config.getoption("--spanner-functions")
    try:
        names, _ = asked_functions(graded.source, graded.kit, only.split(",") if only else None)
    except KitError as error:
        raise pytest.UsageError(str(error)) from None
    for name in names:
        for vector in graded.kit.vectors(name, graded.format):
            label = f"{vector.id}[{'-'.join(vector.flags)}]" if vector.flags else vector.id
            yield VectorItem.from_parent(
                session, name=label, nodeid=f"{name}.json::{label}", of=name, vector=vector, graded=graded
            )


class VectorItem(pytest.Item):
    """The test that an implementation's answer to one vector is good enough."""

    def __init__(self, *, of: str, vector: "Vector", graded: _Graded, **rest: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(**rest)
        self.asked, self.vector, self.graded = of, vector, graded
        self.add_marker("spanner_vector")

    def runtest(self) -> None:
        """Ask, and judge."""
        from proofs_check.conformance.grade import questions_of, verdict_on
        from proofs_check.conformance.kit import function_named
        from proofs_check.conformance.report import right_answer
        from proofs_check.conformance.written import shown

        graded, function = self.graded, function_named(self.asked)
        (reply,) = graded.source.ask(questions_of([self.vector], function, graded.source))
        if graded.source.doubles:
            raise FellShort(f"malformed: answered more than once: {', '.join(map(shown, graded.source.doubles))}")
        verdict = verdict_on(reply, self.vector, function, graded.format)
        if not graded.profile.of_function(self.asked).passes(verdict):
            raise FellShort(
                f"{verdict.kind}: {verdict.said}\n{self.vector.comment}\n"
                f"input: {self.vector.input}\nvalue: {', '.join(right_answer(self.vector))}"
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - pytest's own
        """Return the verdict alone."""
        return str(excinfo.value) if isinstance(excinfo.value, FellShort) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Return where it stands: in the vectors' file."""
        return f"{self.asked}.json", None, self.name


class FellShort(Exception):
    """An answer is not good enough."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of the tests."""
    if config.getoption("--spanner-impl"):
        config.addinivalue_line("markers", "spanner_vector: a test vector of spanner-reference")
