# Everything a person types. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup setup-dev static test lint types licences messages sabotage fuzz \
	bench sure screens demo demo-clear

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' Makefile

run: setup static ## Install what is missing, then run the product on this machine
	@$(BIN)/python -m compileall -q dashboard wsgi.py
	@exec $(BIN)/python -m dashboard.standalone

setup: $(VENV)/.standalone ## Install what the product needs

setup-dev: $(VENV)/.dev ## Install what tests and tools need as well

test: setup-dev static ## Run the whole suite
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 \
		--dist loadfile --no-loadscope-reorder

lint: setup-dev ## Check style and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev ## Check types
	$(BIN)/mypy

messages: setup-dev ## Collect the texts of pages and sentences for translators
	$(BIN)/python -m tools.messages

licences: setup-dev ## Refuse libraries whose licence would bind our own code
	$(BIN)/python tools/licences.py

sabotage: setup-dev static ## Break each protection once and name tests that stay green
	$(BIN)/python tools/sabotage.py

fuzz: $(VENV)/.fuzz ## Throw ever new bytes at the engine for ten minutes, or SECONDS=n
	$(BIN)/python -m tools.fuzz --seconds $(or $(SECONDS),600)

bench: setup-dev static ## Measure pages and engine; detection with CORPUS=folder
	$(BIN)/python -m bench.analyse $(or $(CORPUS),tests/messages)
	$(if $(CORPUS),$(BIN)/python -m bench.detection $(CORPUS))
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.containers
	$(BIN)/python -m bench.start
	$(BIN)/python -m bench.answers

sure: lint types licences test ## Everything that must be green before a push

screens: setup-dev static ## Draw every page from the demonstration set into docs/screens
	$(BIN)/python -m tools.screens $(if $(ONLY),--only $(ONLY))

demo: setup ## Fill an empty database with a demonstration set
	@$(FLASK) demo fill

demo-clear: setup ## Remove the demonstration set
	@$(FLASK) demo clear

# Does nothing, and takes a moment, while neither packages nor pages have changed.
static: setup
	@if ! command -v npm >/dev/null || ! command -v node >/dev/null; then \
		$(MAKE) --no-print-directory $(VENV)/.node; fi
	@$(BIN)/python tools/vendor.py

$(BIN)/python:
	@tools/check.sh $(PYTHON)
	@echo "Creating $(VENV)."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.standalone: requirements-standalone.txt | $(BIN)/python
	@tools/check.sh $(PYTHON)
	@echo "Installing what the product needs."
	@$(PIP) -r $<
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.standalone
	@echo "Installing what tests and tools need."
	@$(PIP) -r $<
	@touch $@

$(VENV)/.fuzz: requirements-fuzz.txt $(VENV)/.standalone
	@echo "Installing the fuzzer."
	@$(PIP) -r $<
	@touch $@

$(VENV)/.node: requirements-node.txt $(VENV)/.standalone
	@echo "Installing Node, for npm is not on this machine."
	@$(PIP) -r $<
	@touch $@
