"""Libraries that a core installation does without: which extra brings each, and one line where it is missing."""

from importlib.util import find_spec

EXTRAS = {
    "sympy": ("sympy", "verify"),
    "mpmath": ("mpmath", "verify"),
    "hypothesis": ("hypothesis", "verify"),
    "pysat": ("python-sat", "verify"),
    "numpy": ("numpy", "arrays"),
    "jinja2": ("jinja2", "grade"),
    "distributed": ("distributed", "dask"),
}
"""Package and extra, by module."""


def require(*modules: str) -> None:
    """Look whether libraries can be imported, before anything is run that needs them.

    Raises:
        ModuleNotFoundError: for the first that cannot.
    """
    for module in modules:
        if find_spec(module) is None:
            raise ModuleNotFoundError(f"No module named {module!r}", name=module)


def missing(error: ModuleNotFoundError, command: str) -> str | None:
    """Return what a user should read, if what is missing belongs to an extra."""
    found = EXTRAS.get((error.name or "").partition(".")[0])
    if found is None:
        return None
    package, extra = found
    return f"{command} needs {package}: pip install 'spanner-reference[{extra}]'"
