# make verify   run the ledger on the catalog          make test       every check (ruff, mypy, imports, pytest)
# make docs     build the documentation, offline       make test-all   the same, with the slow tests
# make bench    compare with the named peers           make setup      only make .venv, with the test tools
# make coq      build and audit the Coq proofs         make test-matrix   the tests on every Python found
#                                                     make kill-matrix   claims and tests against every fault, 7 min.
# make play     build the page in the browser         make browser    test it, and all pages, in Chromium
# make graded   grade numpy, torch, jax and others    make release    wheel, pages, vectors: dist/, reproducibly
# make reproduce   each number of the pages, anew     make test-lowest   the tests with the lowest versions
# make clean    remove what these commands made        make test-cluster  sweeps on dask and loky
#
# Everything is installed into .venv beside this file. Another interpreter: make verify PYTHON=python3.13

PYTHON ?= python3
PYTHONS ?= 3.11 3.12 3.13 3.14
BIN := .venv/bin
SPHINXOPTS ?= -W --keep-going

.DEFAULT_GOAL := help
.PHONY: help setup verify test test-all test-matrix test-lowest test-cluster kill-matrix graded bench play browser chromium docs coq release reproduce clean

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "spanner-reference needs Python 3.11 or newer; '$(PYTHON)' is not. Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }

# One stamp for each set of extras: .venv/.installed-test is `pip install -e .[test]` at the versions and hashes of
# .ci/locks/test.txt, and so on; .installed-base is the package alone.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.venv/.installed-%: pyproject.toml .ci/locks/%.txt | $(BIN)/python
	@echo "installing into .venv, about half a minute"
	$(INSTALL) --require-hashes -r .ci/locks/$*.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

setup: .venv/.installed-test

verify: .venv/.installed-verify
	@echo "A first pass, one instance of each claim:"
	@$(BIN)/spanner verify --quick
	$(BIN)/spanner verify

# Bytecode is kept, whatever the environment says: else each process compiles all that it imports, and pytest rewrites
# hypothesis and the tests in each worker.
test test-all test-matrix test-lowest test-cluster verify: export PYTHONDONTWRITEBYTECODE :=

# --dist loadfile: a file of tests is one worker's, else each of the two makes what the module keeps.

test: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadfile

test-all: .venv/.installed-test
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not coq and not sweep"

# Each Python in an environment of its own, .venv-3.12 and so on; what is not found is named.
test-matrix:
	@set -e; for v in $(PYTHONS); do \
	  python=; for each in python$$v $$HOME/.pyenv/versions/$$v.*/bin/python$$v; do \
	    if "$$each" -c 'import venv' 2>/dev/null; then python=$$each; break; fi; done; \
	  if [ -z "$$python" ]; then echo "== Python $$v: not found, not tested"; continue; fi; \
	  echo "== Python $$v: $$python, installing into .venv-$$v"; \
	  "$$python" -m venv .venv-$$v; \
	  .venv-$$v/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]'; \
	  .venv-$$v/bin/python -m pytest -n 2 --dist loadfile; \
	done

# The tests with the lowest version of each package that pyproject.toml allows, in .venv-lowest.
test-lowest: .ci/locks/lowest.txt
	@test -x .venv-lowest/bin/python || $(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/locks/lowest.txt
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	.venv-lowest/bin/python -m pytest -n 2 --dist loadfile

# The tests of executors of others, dask's and loky's, with the slow ones, in .venv-cluster; elsewhere they are skipped.
test-cluster: .ci/locks/cluster.txt
	@test -x .venv-cluster/bin/python || $(PYTHON) -m venv .venv-cluster
	.venv-cluster/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/locks/cluster.txt
	.venv-cluster/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	.venv-cluster/bin/python -m pytest -m "not sweep" tests/proofs_check/sweep tests/proofs_check/ledger/test_executing.py

# Writes proofs_check/faults/kill_matrix.json, from which the page is made; not part of the tests.
kill-matrix: .venv/.installed-test
	$(BIN)/python -m proofs_check.faults.matrix --jobs 2

# The libraries in an environment of their own, 2 GB; writes docs/graded, from which the page is made. 10 min.
# torch for the CPU from its own index; where that cannot be reached, whatever the default index has. On an accelerator:
# make graded TORCH_INDEX=https://download.pytorch.org/whl/cu130; the record says what it ran on.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

.venv-graded/.installed: docs/graded/requirements.txt | $(BIN)/python
	$(BIN)/python -m venv .venv-graded
	-.venv-graded/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --index-url $(TORCH_INDEX) \
	  $$(grep '^torch==' docs/graded/requirements.txt)
	.venv-graded/bin/python -m pip install --quiet --disable-pip-version-check -r docs/graded/requirements.txt
	@touch $@

graded: .venv/.installed-verify .venv-graded/.installed
	cd docs/graded && PYTHONPATH="$(CURDIR)" "$(CURDIR)/$(BIN)/python" record.py "$(CURDIR)/.venv-graded/bin/python"

# Writes docs/performance/record.json, from which the page is made; the ledger and the tests, a quarter of an hour, last.
# PARTS="games solve": only these.
bench: .venv/.installed-bench .venv/.installed-test
	$(BIN)/python tests/benchmarks/record.py $(PARTS)

# The page that runs in the browser; what it takes from npm and PyPI is pinned and hashed in docs/play/packages.
# Without npm or a network it is built without Python, and one line says so.
play: .venv/.installed-docs
	$(BIN)/python docs/play/build.py docs/_build/site/play

# What the pages say of the claims; a claim that fell short (exit code 1) is shown there. Made anew when the code changes.
docs/_build/ledger.json: .venv/.installed-docs $(shell find reference proofs_check -name '*.py' -o -name '*.json' -o -name '*.toml' -o -name '*.v')
	@mkdir -p docs/_build
	$(BIN)/spanner verify --json > $@.part || [ $$? = 1 ]
	@mv $@.part $@

# All pages are written (-a), and the index of the search anew: Sphinx keeps no entries of pages that it does not write,
# and keeps words that no page has any more.
docs: .venv/.installed-docs docs/_build/ledger.json play
	@rm -f docs/_build/html/searchindex.js
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m sphinx -b html -a $(SPHINXOPTS) docs docs/_build/html

# Each file from which a page is made, and each number in a sentence, made anew in a copy of the last commit; what
# differs is said. 40 minutes on two cores; ONLY="sentences vectors" makes some.
reproduce: .venv/.installed-docs .venv/.installed-test
	PYTHONPATH="$(CURDIR)/docs:$(CURDIR)" $(BIN)/python -m reproduce.run $(ONLY)

release: docs .venv/.installed-release
	rm -rf dist
	$(BIN)/python .ci/release.py dist

# Debian's Chromium, through Playwright.  Fails without Chromium or built pages (make docs); without npm the tests of the
# playground are skipped, with the reason.
browser: .venv/.installed-browser chromium play
	BROWSER=required $(BIN)/python -m pytest -n 2 --dist loadgroup -m browser tests/browser

chromium:
	@test -x /usr/bin/chromium || { [ "$$(id -u)" = 0 ] && { apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1; } || \
	  { echo "make browser: no /usr/bin/chromium, and it could not be installed: apt-get install chromium, as root" >&2; exit 1; }

COQ_PACKAGES := libcoq-mathcomp-analysis libcoq-mathcomp-algebra-tactics

# After an audit without failures check.sh leaves its record, and `spanner verify` shows the grade kernel.
# Then the attacks on the audit: each must be caught.
# Short runs collect little garbage: a third less time.
coq: export OCAMLRUNPARAM ?= s=4M,o=1000
coq: .venv/.installed-test
	@dpkg -s $(COQ_PACKAGES) >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] || \
	  { echo "make coq installs $(COQ_PACKAGES) with apt-get, which needs root; install them, or run it as root" >&2; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(COQ_PACKAGES) >/dev/null; }
	proofs_check/coq/check.sh
	PYTHONPATH=docs/_ext $(BIN)/python docs/_ext/evidence.py
	$(BIN)/python -m pytest -n 2 --dist worksteal -m coq tests/proofs_check/coq
	@PYTHONPATH=docs/_ext $(BIN)/python docs/_ext/evidence.py say

clean:
	rm -rf .venv .venv-3.* .venv-lowest .venv-cluster .venv-graded build dist docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks proofs_check/coq/audited.*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
