# make demo: everything on this machine. make test: the whole suite. make help: the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

TOOLS := .eser-tools
STAMP := .venv/.synced
PYTHON := .venv/bin/python
RUN := .venv/bin
# A system is many processes; without kept bytecode each of them compiles the whole product anew.
unexport PYTHONDONTWRITEBYTECODE
# The tests have services of their own, beside a running demo; eser/configuration chooses the same folder.
TEST_SERVICES := ESER_HOME="$${ESER_HOME:-$(CURDIR)/.eser}/test" ESER_FSYNC=off

.PHONY: help setup demo test test-all checks suite audit bench rules lock stop clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 10

setup: $(STAMP) ## make the environment in .venv from the lock file

# A python of 3.11 or newer; uv from the path, or fetched by pip into .eser-tools.
$(STAMP): requirements.lock
	@set -e; \
	for name in $(ESER_PYTHON) python3 python3.13 python3.12 python3.11; do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Python 3.11 or newer is needed and none was found. Name one: ESER_PYTHON=/path/to/python make setup"; exit 1; fi; \
	if uv --version >/dev/null 2>&1; then uv=uv; else \
	    uv=$(TOOLS)/bin/uv; \
	    if ! $$uv --version >/dev/null 2>&1; then \
	        "$$python" -m venv --clear $(TOOLS) || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }; \
	        $(TOOLS)/bin/pip install --quiet --disable-pip-version-check uv; \
	    fi; \
	fi; \
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    rm -rf .venv; "$$uv" venv --quiet --no-project --python "$$("$$python" -c 'import sys; print(sys.executable)')" .venv; \
	fi; \
	VIRTUAL_ENV=$(CURDIR)/.venv "$$uv" pip sync --quiet --require-hashes requirements.lock; \
	touch $@

demo: setup ## run everything here with made-up children, until Ctrl-C
	@ESER_DONT_START=1 exec $(PYTHON) manage.py demo

test: setup ## run the whole test suite
	@$(TEST_SERVICES) $(MAKE) --no-print-directory test-all; result=$$?; \
	$(TEST_SERVICES) $(PYTHON) -m eser.embedded stop >/dev/null; exit $$result

# The checks use the core that the suite leaves idle while its first database is made.
test-all:
	@$(MAKE) --no-print-directory --jobs=2 checks suite

checks:
	$(RUN)/ruff check .
	$(RUN)/bandit -q -r -c pyproject.toml .
	$(RUN)/lint-imports
	$(RUN)/mypy
	$(PYTHON) manage.py makemigrations --check --dry-run

suite:
	$(RUN)/pytest -n 3

audit: setup ## compare the locked versions with the public advisories
	$(RUN)/pip-audit --require-hashes --disable-pip -r requirements.lock --timeout 20

bench: setup ## print the ratios of docs/performance, measured here
	@$(PYTHON) -m tests.bench $(BENCH)

rules: setup ## print the numbered rules and which of them have a test
	@$(PYTHON) -m tests.rules

lock: setup ## write requirements.lock anew from pyproject.toml
	$$(command -v uv || echo $(TOOLS)/bin/uv) pip compile pyproject.toml --extra dev --python-version 3.11 \
	    --universal --generate-hashes --no-annotate --no-header --no-emit-index-url -o requirements.lock

stop: ## stop the embedded services of ESER_HOME, and those of the tests
	@test ! -x $(PYTHON) || $(PYTHON) -m eser.embedded stop
	@test ! -x $(PYTHON) || $(TEST_SERVICES) $(PYTHON) -m eser.embedded stop >/dev/null

clean: stop ## remove the environment, the caches and all data of demo and tests
	@test ! -x $(PYTHON) || $(TEST_SERVICES) $(PYTHON) -m eser.embedded erase >/dev/null
	@test ! -x $(PYTHON) || $(PYTHON) -m eser.embedded erase >/dev/null
	@rm -rf .venv $(TOOLS) .eser-node .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-output
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
