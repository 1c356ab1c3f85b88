# One environment in .venv, made by uv where it is there and by pip where not; every target sets itself up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# Processes that share the tests; with WORKERS=0 there is one, as without the plugin. What was compiled is kept: each of
# them loads every test.
WORKERS ?= 3
UV     := $(shell command -v uv 2>/dev/null)

.PHONY: run test torture check lint types layers format snapshot-data screenshots pages bench profile clean help

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 18

$(STAMP): pyproject.toml requirements-dev.txt
ifdef UV
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python --editable . --requirement requirements-dev.txt
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --requirement requirements-dev.txt
endif
	@touch $@

run: $(STAMP)  ## open the program
	@$(BIN)/modeltui $(ARGS)

test: $(STAMP)  ## pass the tests
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

torture: $(STAMP)  ## pass the slow tests (minutes) and print what is promised and what was measured
	$(BIN)/python scripts/promises.py $(ARGS)

check: test lint types layers  ## tests, lint, types and layers

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

format: $(STAMP)  ## put every file into the house's form
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

snapshot-data: $(STAMP)  ## make the shipped catalogue again
	$(BIN)/python scripts/snapshot.py $(ARGS)

screenshots: $(STAMP)  ## make the pictures of the README from the running program
	$(BIN)/python scripts/screenshots.py

pages: $(STAMP)  ## make the generated pages under docs/ again
	$(BIN)/python scripts/provider_page.py
	$(BIN)/python scripts/readme_tables.py

bench: $(STAMP)  ## measure what docs/performance.md tells, in under five minutes
	$(BIN)/python benchmarks/run.py

profile: $(STAMP)  ## show where the time until the first frame goes
	$(BIN)/python benchmarks/imports.py

clean:  ## remove what the targets made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
