PYTHON ?= python3
BIN := .venv/bin

.PHONY: report test check docs lock bench
.DEFAULT_GOAL := report

report:  ## the report on the index case, into report/
	@$(PYTHON) scripts/environment.py
	@$(BIN)/insulinoma report -o report

test: check docs  ## every check and every test
	@$(BIN)/python -m pytest -n 2

check: .dev  ## style, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: .dev  ## the documentation, warnings as errors
	@$(BIN)/python scripts/cli_reference.py --check
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: .dev  ## the benchmarks, ratios measured side by side
	@$(BIN)/python -m benchmarks

lock:  ## writes the locked requirements anew (needs uv)
	@scripts/lock.sh

.PHONY: .dev
.dev:
	@$(PYTHON) scripts/environment.py --dev
	@$(BIN)/python scripts/node_packages.py
