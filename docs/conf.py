"""Sphinx configuration.  `make docs` builds offline; every warning is an error; every cell runs."""

import os
import sys
from pathlib import Path

EXTENSIONS = str(Path(__file__).parent / "_ext")
sys.path.insert(0, EXTENSIONS)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [EXTENSIONS, os.environ.get("PYTHONPATH")]))  # for the cells
os.environ["SPANNER_AUDIT"] = "ignore"  # cells print the same, whether or not make coq ran here

project = "spanner-reference"
author = "the spanner-reference contributors"
copyright = "2026, the spanner-reference contributors"  # noqa: A001 (Sphinx's name for it)
release = "0.2.0"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
    "myst_nb",
    "sphinx_proof",
    "api_pages",
    "claims",
    "machine_checked",
    "certified_pages",
    "evidence_map",
    "listings",
    "name_index",
    "trusted",
    "offline",
    "one_document",
    "alt_texts",
    "accessible",
    "handouts",
    "run_this",
    "same_bytes",
    "fresh_cells",
]
handout_pages = [
    f"tutorials/{name}"
    for name in (
        "coverage-bounds-compute",
        "spanner-in-the-plane",
        "commit-before-the-prompt",
        "token-by-token",
        "from-base-model-to-spanner",
    )
]  # handed out as notebooks
exclude_patterns = ["_build", "play", "**/jupyter_execute"]
nitpicky = True  # a reference that leads nowhere is a warning, and warnings are errors

# Names of other libraries (there is no network to link them), and type variables.
LIBRARIES = "|".join(
    ["flint", "msgspec", "typer", "click", "rich", "hypothesis", "sympy", "pytest", "_pytest", *sys.stdlib_module_names]
)
BARE = "fmpq fmpz arb fmpz_mat fmpq_mat fmpz_poly Fraction Path SearchStrategy"
BARE += " Callable Iterable Iterator Hashable Mapping Sequence"
nitpick_ignore_regex = [
    ("py:.*", r"(certified|computed|formula|game|token)_form\..*"),  # scripts of the audit, no package
    ("py:.*", rf"({LIBRARIES})\..*"),
    ("py:.*", "|".join(BARE.split())),
    ("py:.*", r"(.*\.)?[A-Z](_co(ntra)?)?"),
    ("py:.*", r"(.*\.)?Annotated"),  # the aliases of proofs_check.cli.formats.parts
    ("py:.*", r"dict\[str"),  # the start of a written type
    ("py:.*", r"proofs_check\.cli\.stage_parameters\._Values"),  # private
    ("py:.*", "Found|Known|Shown"),  # the ledger's Evidence, Fault and Exhibit, imported for types alone
]

# -- text and cells
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist", "attrs_inline", "attrs_block"]
myst_heading_anchors = 3
nb_execution_mode = "force"  # a cache would not notice that the code has changed
nb_execution_show_tb = True  # a failing cell is a warning, with the cell and its traceback; the other pages go on
nb_execution_timeout = 900
nb_merge_streams = True
nb_render_markdown_format = "myst"

# -- statements: one counter for all, so that a number finds its statement
prf_realtyp_to_countertyp = dict.fromkeys(
    ["theorem", "proposition", "definition", "algorithm", "example", "remark", "assumption"], "theorem"
)

proof_title_format = " — %t"

# -- the API
highlight_language = "text"  # pseudocode in docstrings is no Python
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
napoleon_google_docstring = True
napoleon_numpy_docstring = False
viewcode_line_numbers = True

# -- pages: no request leaves the reader's machine (the extension `offline` checks every page that is written)
html_theme = "furo"
html_title = "spanner-reference"
html_static_path = ["_static"]
html_extra_path = [str(path) for path in [Path(__file__).parent / "_build" / "site"] if path.exists()]  # make play
html_css_files = ["extra.css"]
html_js_files = ["evidence-map.js", "reach.js", "unfold.js"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False  # name_index has a page for each letter
html_theme_options = {"navigation_with_keys": True}
mathjax_path = "mathjax/tex-svg.js"
mathjax3_config = {
    "tex": {
        "macros": {
            "E": r"\mathop{\mathbb{E}}",
            "P": r"\mathbb{P}",
            "Q": r"\mathbb{Q}",
            "KL": r"\operatorname{KL}",
            "TV": r"\operatorname{TV}",
            "osc": r"\operatorname{osc}",
            "piref": r"\pi_{\mathrm{ref}}",
            "Ccov": r"C_{\mathrm{cov}}",
            "Rmax": r"R_{\max}",
            "Tdata": r"T_{\mathrm{data}}",
            "Tcomp": r"T_{\mathrm{comp}}",
            "Nprompt": r"N_{\mathrm{prompt}}",
            "Npair": r"N_{\mathrm{pair}}",
            "Texp": r"T_{\mathrm{exp}}",
            "Nroll": r"N_{\mathrm{roll}}",
            "rank": r"\operatorname{rank}",
            "val": r"\operatorname{val}",
            "sgn": r"\operatorname{sgn}",
            "inner": [r"\langle #1, #2\rangle", 2],
            "norm": [r"\lVert #1\rVert", 1],
            "ind": [r"\mathbf{1}[#1]", 1],
        }
    },
    "options": {"enableMenu": False},  # the menu would fetch parts that are not vendored
}
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # by default two scripts from a network
