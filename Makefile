# `make run` and `make test` need nothing but Python 3.11+, Node 20 and git: they set up .venv/ and node_modules/ themselves.
PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3; do \
  $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$each; break; }; done)
PY := .venv/bin/python

.PHONY: run test check demo diagrams prove-clocks bench-sweep bench-clocks doctor redrive catch-up maintenance examples \
  setup node backup restore audit secrets rotate-keys costs package deploy lint-templates e2e-emulator bench-cold

setup: node .venv/ready node_modules/ready

node:
	@test -e node_modules/ready || command -v npm >/dev/null || { echo "make: Node 20 is needed and was not found"; exit 1; }

.venv/ready: requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or later is needed and was not found"; exit 1; }
	@echo "setting up Python's packages in .venv/ (about half a minute)"
	@$(PYTHON) -m venv .venv && .venv/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt && touch $@

node_modules/ready: package.json package-lock.json
	@echo "setting up the engine in node_modules/"
	@npm ci --silent --ignore-scripts --no-audit --no-fund && touch $@

run: setup
	@exec $(PY) -m local

test: setup
	@mkdir -p build && $(PY) -m pytest -n 2 --dist loadfile --junitxml=build/junit.xml

check: setup
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@PYTHONPATH=. .venv/bin/lint-imports --no-logo
	@$(PY) -m tools.diagrams --check
	@$(PY) -m tools.data_classes --check
	@$(PY) -m tools.costs --check
	@$(PY) -m tools.openapi

demo: setup
	@$(PY) -m local.demo $(if $(DATA),--data $(DATA))

diagrams: setup
	@$(PY) -m tools.diagrams
	@$(PY) -m tools.data_classes

maintenance: setup
	@$(PY) -m local.maintenance --on "$(ON)" --until "$(UNTIL)" $(if $(TEXT),--text "$(TEXT)")

costs: setup
	@$(PY) -m tools.costs

examples: setup
	@RECORD_EXAMPLES=1 $(PY) -m pytest -q tests/http

prove-clocks: setup
	@$(PY) -m pytest -q -n 2 tests/prove/prove_clocks.py

bench-sweep: setup
	@$(PY) -m bench.sweep $(OPEN) $(DUE) $(WORKERS)

bench-clocks: setup
	@$(PY) -m bench.clocks

doctor: setup
	@$(PY) -m local.doctor

redrive: setup
	@$(PY) -m local.redrive

catch-up: setup
	@$(PY) -m local.catch_up $(FROM)

backup: setup
	@$(PY) -m local.backup "$(TO)"

restore: setup
	@$(PY) -m local.restore "$(FROM)" "$(SECRETS)"

audit: setup
	@$(PY) -m local.audit

secrets: setup
	@$(PY) -m infra.secrets fill $(STAGE)

rotate-keys: setup
	@$(PY) -m $(if $(STAGE),infra.secrets rotate $(STAGE),local.keys) $(STEP)
