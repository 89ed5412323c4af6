"""A plugin of pytest, ``-p only_named``: only tests whose function has a name in a file run.

The file is named by the variable ``ONLY_NAMED`` of the environment, which the workers of xdist see, too.
"""

import os
from pathlib import Path

import pytest

VARIABLE = "ONLY_NAMED"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not named."""
    names = set(Path(os.environ[VARIABLE]).read_text("utf-8").split())
    kept = [item for item in items if getattr(item, "originalname", item.name) in names]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
