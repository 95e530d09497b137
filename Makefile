# `make run` and `make test` need nothing but Python 3.11+, Node 20 and git: they set up .venv/ and node_modules/ themselves.
PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3; do \
  $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$each; break; }; done)
PY := .venv/bin/python

# The package is built by the Python that it will run on, one that Lambda still takes (3.11 it no longer does).
SHIP_PYTHON ?= $(shell for each in python3.13 python3.12 $(HOME)/.pyenv/versions/3.13.*/bin/python $(HOME)/.pyenv/versions/3.12.*/bin/python; do \
  $$each -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && { echo $$each; break; }; done)
SHIP := .venv-ship/bin/python
STAGE ?=

.PHONY: run test check demo diagrams prove-clocks bench-sweep bench-hotline bench-clocks doctor redrive catch-up figures maintenance \
  examples found \
  setup node backup restore audit secrets rotate-keys costs package deploy e2e-emulator bench-cold

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

bench-hotline: setup
	@$(PY) -m bench.hotline $(ORDERS) $(CLIENTS)

bench-clocks: setup
	@$(PY) -m bench.clocks

doctor: setup
	@$(PY) -m local.doctor

redrive: setup
	@$(PY) -m $(if $(STAGE),infra.mend redrive $(STAGE),local.redrive)

found: setup
	@$(PY) -m infra.founding "$(STAGE)" "$(BUREAU)"

figures: setup
	@$(PY) -m $(if $(STAGE),infra.figures $(STAGE),local.figures)

catch-up: setup
	@$(PY) -m $(if $(STAGE),infra.mend catch-up $(STAGE),local.catch_up) $(FROM)

.venv-ship/ready: requirements.txt requirements-ship.txt
	@test -n "$(SHIP_PYTHON)" || { echo "make: Python 3.12 or 3.13 is needed to build the package and was not found"; exit 1; }
	@echo "setting up the packager in .venv-ship/"
	@$(SHIP_PYTHON) -m venv .venv-ship && .venv-ship/bin/pip install --quiet --disable-pip-version-check -r requirements-ship.txt && touch $@

.venv-emulator/ready: requirements-emulator.txt
	@test -n "$(SHIP_PYTHON)" || { echo "make: Python 3.12 or 3.13 is needed for the emulator and was not found"; exit 1; }
	@echo "setting up the emulator in .venv-emulator/"
	@$(SHIP_PYTHON) -m venv .venv-emulator && .venv-emulator/bin/pip install --quiet --disable-pip-version-check -r requirements-emulator.txt && touch $@

package: .venv-ship/ready
	@$(SHIP) -m infra.package $(or $(STAGE),prod)
	@.venv-ship/bin/cfn-lint --regions us-east-1 cn-north-1 cn-northwest-1 -- dist/compute.json dist/data.json

deploy: package
	@$(SHIP) -m infra.deploy

e2e-emulator: setup .venv-emulator/ready
	@$(MAKE) --no-print-directory package STAGE=prod
	@$(PY) -m emulator

bench-cold: package
	@$(SHIP) -m bench.cold

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
