"""Python that a reader typed: made a module, whatever it does."""

from types import ModuleType

from docs.play.page.shown import Sentence

LONGEST = 100_000
"""Characters of a program, at most."""


def typed_module(source: str, name: str) -> ModuleType:
    """Return what typed code defines.

    Raises:
        Sentence: if it is too long, or does not run.
    """
    if len(source) > LONGEST:
        raise Sentence(f"your code has {len(source):,} characters; the page reads up to {LONGEST:,}: make it shorter")
    module = ModuleType(name)
    try:
        exec(compile(source, name, "exec"), vars(module))  # noqa: S102 - the reader's own code, in the reader's own browser
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is told
        raise Sentence(f"your code does not run: {raised(error, name)}") from None
    return module


def raised(error: BaseException, name: str) -> str:
    """Return an error on one line, with the line of the typed code that it comes from, if that is known."""
    line, step = getattr(error, "lineno", None), error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == name:
            line = step.tb_lineno
        step = step.tb_next
    where = f" in line {line}" if line else ""
    return f"{type(error).__name__}{where}: {' '.join(str(error).split())[:300]}"
