# Bihuan 闭环: every command a newcomer needs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test check lint format types imports texts catalogue docs sbom migration lock soak flow pictures clean env env-dev

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

env:
	@./scripts/environment "$(PYTHON)" "$(VENV)" requirements.lock

env-dev:
	@./scripts/environment "$(PYTHON)" "$(VENV)" requirements-dev.lock

run: env ## Start the demo plant in one process on SQLite and print the addresses (PORT=9000 make run)
	@"$(BIN)/python" -m bot serve --demo

test: env-dev ## Install what tests need and run every check
	@./scripts/browser
	@$(MAKE) --no-print-directory check

check: env-dev ## Every check: lint, types, imports, texts, tests
	@$(MAKE) --no-print-directory --output-sync=target -j2 types lint imports texts
	@echo "== tests"
	@"$(BIN)/python" -m pytest -q -n auto --dist worksteal --durations=5

lint: env-dev ## ruff, all rules
	@echo "== ruff"
	@"$(BIN)/python" -m ruff check .
	@"$(BIN)/python" -m ruff format --check .

format: env-dev ## Format the code and sort imports
	@"$(BIN)/python" -m ruff check --fix . || true
	@"$(BIN)/python" -m ruff format .

types: env-dev ## mypy --strict
	@echo "== mypy"
	@"$(BIN)/python" -m mypy --strict

imports: env-dev ## Direction of imports
	@echo "== imports"
	@"$(BIN)/lint-imports"

texts: env-dev ## Every text in zh_CN and en
	@echo "== texts"
	@"$(BIN)/python" -m handlers.cli.texts --check

catalogue: env-dev ## Write the catalogues from locales/parts
	@"$(BIN)/python" -m handlers.cli.texts

docs: env-dev ## Write the generated tables of docs/
	@"$(BIN)/python" -m handlers.cli.verb_table
	@"$(BIN)/python" -m tests.validation.insider
	@"$(BIN)/python" -m tests.validation.compliance

sbom: env ## Write sbom.json, the packages of a release with their licences (CycloneDX)
	@"$(BIN)/python" -m handlers.cli.sbom > sbom.json

migration: env-dev ## Write the migrations from the models (while unreleased)
	@"$(BIN)/python" -m migrations.writing

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

lock: ## Renew the locks from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) --extra dev pyproject.toml -o requirements-dev.lock

soak: env-dev ## 10,000 updates while processes are killed at random, 30 days of people by dice (an hour; prints its figures)
	@SOAK_UPDATES=10000 SOAK_DAYS=30 "$(BIN)/python" -m pytest -q -s tests/soak tests/scenarios/test_days.py

flow: env-dev ## The two months of a plant with a hundred orders (FLOW_ORDERS, FLOW_SEED; prints its figures)
	@FLOW_ORDERS=$${FLOW_ORDERS:-100} "$(BIN)/python" -m pytest -q -s tests/flow

pictures: env-dev ## Renew the pictures of the README by the journey in Chromium (wants an emoji font)
	@PICTURES=1 "$(BIN)/python" -m pytest -q tests/journeys/test_loop_in_chromium.py -k sqlite

clean: ## Remove the environment, caches and build outputs (keeps var/)
	@rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build dist *.egg-info
