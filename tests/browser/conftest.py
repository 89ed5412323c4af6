"""A browser, and a plain file server for the site.

Where one of them is not there, tests are skipped; with ``BROWSER=required``, as in ``make browser``, they fail.
"""

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.browser.playing import opened

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
SITE = ROOT / "docs" / "_build"


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript", ".wasm": "application/wasm"}

    def log_message(self, *_: object) -> None:
        pass


def served(folder: Path) -> Iterator[str]:
    """Serve a folder, as any file server would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def lacking(what: str) -> NoReturn:
    """Skip, or fail where a browser is required."""
    if os.environ.get("BROWSER") == "required":
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:  # Any: Playwright's, which is not installed for mypy
    try:
        playwright = import_module("playwright.sync_api")
    except ImportError:
        lacking("no Playwright: `make browser` installs it")
    if not CHROMIUM.exists():
        lacking(f"no {CHROMIUM}: `make browser` says how to install it")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def play_site() -> Iterator[str]:
    folder = SITE / "site"
    if not (folder / "play" / "packages" / "list.json").exists():
        pytest.skip("the page is not built with Python in it: `make play` builds it")
    yield from served(folder)


@pytest.fixture(scope="session")
def asked() -> list[str]:
    """The addresses that the playground asks for."""
    return []


@pytest.fixture(scope="session")
def page(browser: Any, play_site: str, asked: list[str]) -> Iterator[Any]:
    """The playground, its Python ready; one for all tests."""
    with opened(browser) as found:
        errors = list[str]()
        found.context.on("request", lambda request: asked.append(request.url))
        found.on("pageerror", lambda error: errors.append(str(error)))
        found.goto(f"{play_site}/play/index.html#claims")
        found.wait_for_selector("body[data-ready]")
        yield found
        assert errors == []


@pytest.fixture(scope="session")
def docs_site() -> Iterator[str]:
    folder = SITE / "html"
    if not (folder / "index.html").exists():
        lacking("the documentation is not built: `make docs` builds it")
    yield from served(folder)


@pytest.fixture(scope="session")
def axe() -> str:
    path = SITE / "packages" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.skip("axe-core is not there: `make play` fetches it")
    return path.read_text("utf-8")
