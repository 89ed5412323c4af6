"""The checker that keeps the pages offline sees what a browser would load."""

import pytest

from docs._ext.offline import external_imports, external_requests

LOADED = [
    '<script src="https://cdn.example.org/require.js"></script>',
    '<script async src="//cdn.example.org/mathjax.js"></script>',
    '<link rel="stylesheet" href="https://fonts.example.org/css">',
    '<link rel="preconnect" href="https://fonts.example.org">',
    '<img src="http://example.org/badge.svg">',
    '<iframe src="https://example.org/"></iframe>',
    '<div style="background: url(https://example.org/a.png)"></div>',
]
NOT_LOADED = [
    '<a href="https://arxiv.org/abs/2503.07453">paper</a>',
    '<script src="_static/mathjax/tex-svg.js"></script>',
    '<link rel="canonical" href="https://example.org/page">',
    '<img src="data:image/png;base64,AAAA">',
    '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
]


@pytest.mark.parametrize("html", LOADED)
def test_finds_what_a_browser_loads(html: str) -> None:
    assert len(external_requests(f"<html><body>{html}</body></html>")) == 1


@pytest.mark.parametrize("html", NOT_LOADED)
def test_leaves_links_and_own_files_alone(html: str) -> None:
    assert external_requests(f"<html><body>{html}</body></html>") == []


def test_style_sheets() -> None:
    css = "@import 'https://a.example/x.css'; p { background: url(//b.example/y.png) } q { background: url(z.png) }"
    assert external_imports(css) == ["//b.example/y.png", "https://a.example/x.css"]
