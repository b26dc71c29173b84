# Bihuan 闭环: every command a newcomer needs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test check lint format types imports texts docs migration lock bench clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(VENV)/.core: requirements.lock
	@./scripts/environment "$(PYTHON)" "$(VENV)" requirements.lock
	@touch "$(VENV)/.core"

$(VENV)/.dev: requirements-dev.lock
	@./scripts/environment "$(PYTHON)" "$(VENV)" requirements-dev.lock
	@touch "$(VENV)/.dev" "$(VENV)/.core"

run: $(VENV)/.core ## Start the demo plant in one process on SQLite and print the addresses (PORT=9000 make run)
	@"$(BIN)/python" -m bot serve --demo

test: $(VENV)/.dev ## Install what tests need and run every check
	@./scripts/browser
	@$(MAKE) --no-print-directory check

check: lint types imports texts ## Every check: lint, types, imports, texts, tests
	@echo "== tests"
	@"$(BIN)/python" -m pytest -q --durations=5

lint: $(VENV)/.dev ## ruff, all rules
	@echo "== ruff"
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .

format: $(VENV)/.dev ## Format the code and sort imports
	@"$(BIN)/ruff" check --fix . || true
	@"$(BIN)/ruff" format .

types: $(VENV)/.dev ## mypy --strict
	@echo "== mypy"
	@"$(BIN)/mypy"

imports: $(VENV)/.dev ## Direction of imports
	@echo "== imports"
	@"$(BIN)/lint-imports"

texts: $(VENV)/.dev ## Every text in zh_CN and en
	@echo "== texts"
	@"$(BIN)/python" -m handlers.cli.texts --check

catalogue: $(VENV)/.dev ## Write the catalogues from locales/parts
	@"$(BIN)/python" -m handlers.cli.texts

docs: $(VENV)/.dev ## Write the generated tables of docs/
	@"$(BIN)/python" -m handlers.cli.verb_table

migration: $(VENV)/.dev ## Write the migrations from the models (while unreleased)
	@"$(BIN)/python" -m migrations.writing

lock: $(VENV)/.dev ## Renew the locks from pyproject.toml (needs uv)
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock

bench: $(VENV)/.dev ## Measure against plain baselines
	@"$(BIN)/python" -m bot bench

clean: ## Remove the environment and caches (keeps var/)
	@rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
