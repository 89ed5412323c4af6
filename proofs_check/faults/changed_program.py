"""A program with a fault in it: an import hook, put in place before ``reference`` is imported. No file is edited."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType

from proofs_check.faults.fault import Fault, FaultError, changed


def install(fault: Fault) -> None:
    """Let this process run with the fault from now on: for a process that does nothing else.

    Raises:
        FaultError: if ``reference`` was imported before, or the fault does not apply.
    """
    if "reference" in sys.modules:
        raise FaultError(f"fault {fault.name}: reference is imported already; a fault needs a process of its own")
    _ = fault.place  # says at once if it does not apply
    sys.meta_path.insert(0, _Changer(fault))


class _Changer(MetaPathFinder):
    """Finds the module with the fault in it."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module is, to be loaded by :class:`_ChangedLoader`; nothing for any other."""
        if fullname != self.fault.full_module:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is None or found.origin is None:
            return None
        loader = _ChangedLoader(fullname, found.origin, self.fault)
        return spec_from_file_location(
            fullname, found.origin, loader=loader, submodule_search_locations=found.submodule_search_locations
        )


class _ChangedLoader(SourceFileLoader):
    """Compiles the source with the fault in it; what is cached of it is neither read nor written."""

    def __init__(self, fullname: str, path: str, fault: Fault) -> None:
        super().__init__(fullname, path)
        self.fault = fault

    def get_code(self, fullname: str) -> CodeType:
        """Return the code with the fault in it."""
        tree, _ = changed(self.fault, self.get_data(self.path).decode("utf-8"))
        code: CodeType = compile(tree, self.get_filename(fullname), "exec", dont_inherit=True)
        return code
