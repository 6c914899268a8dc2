# The few commands of daily work. `make` alone lists them; what they do stands in campus/ and make/.

PORT ?= 8000
DRILL ?= full
BIN := .venv/bin
PYTEST := -m pytest --numprocesses=auto
FAST := not matrix and not drill
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard campus/translations/*/LC_MESSAGES/messages.po))
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-annotate
export UV_CUSTOM_COMPILE_COMMAND := make lock

.PHONY: help install install-test run test check format format-check lint types imports templates \
	translations translations-check coverage docs drills bench lock

help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' Makefile

install:
	@sh make/setup run

install-test:
	@sh make/setup test

%.mo: %.po | install
	@$(BIN)/python make/translations.py compile

run: install $(CATALOGUES) ## Serve the demo campus on http://127.0.0.1:8000 (PORT=8123 moves it).
	@exec $(BIN)/campus run --port $(PORT)

test: install-test $(CATALOGUES) ## Run every test on SQLite and PostgreSQL, and in Chromium when there is one.
	@$(BIN)/python $(PYTEST) -m "$(FAST)" $(PYTEST_ARGS)

check: DRILL = small
check: format-check lint types imports templates translations-check docs coverage drills ## Everything that CI runs.

format: install-test ## Write Python as ruff formats it.
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix-only --quiet

format-check: install-test ## Is Python written as ruff formats it?
	@$(BIN)/ruff format --check

lint: install-test ## Look for mistakes in Python.
	@$(BIN)/ruff check

types: install-test ## Check the types of campus and its tests.
	@$(BIN)/mypy

imports: install-test ## Check the layers: who may import whom.
	@$(BIN)/lint-imports

templates: install-test ## Check form and mistakes of the templates.
	@$(BIN)/djlint templates --lint --check

translations: install-test ## Collect new texts into the catalogues and compile them.
	@$(BIN)/python make/translations.py update

translations-check: install-test ## Is every text translated, and nothing else in the catalogues?
	@$(BIN)/python make/translations.py check

coverage: install-test $(CATALOGUES) ## Run the tests and measure what they reach.
	@$(BIN)/coverage erase
	@$(BIN)/coverage run $(PYTEST) -m "$(FAST)" $(PYTEST_ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

docs: install-test ## Check that the documentation is complete and its links lead somewhere.
	@$(BIN)/python -m pytest --quiet tests/test_docs.py

drills: install-test $(CATALOGUES) ## The full accessibility matrix, and what can befall a server (DRILL=small is shorter).
	@$(BIN)/python $(PYTEST) -m matrix $(PYTEST_ARGS)
	@DRILL=$(DRILL) $(BIN)/python -m pytest -m drill $(PYTEST_ARGS)

bench: install-test $(CATALOGUES) ## Measure against the limits (BENCH=--help tells the sizes).
	@$(BIN)/python -m benchmarks $(BENCH)

lock: install-test ## Renew the lock files after pyproject.toml has changed.
	@$(BIN)/python -m pip install --quiet uv
	@$(COMPILE) --extra postgres --extra build --output-file requirements.txt
	@$(COMPILE) --extra postgres --extra build --extra test --constraint requirements.txt \
		--output-file requirements-test.txt
