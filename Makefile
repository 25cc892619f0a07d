# What people type. `make` alone explains itself; each target's line below is its explanation.
.DEFAULT_GOAL := help
.PHONY: help setup up down status test faults simulate walk page-check docker-check bench check static format lint types imports in-step generate requirements clean
MAKEFLAGS += --no-print-directory

bin := .venv/bin

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## Make .venv ready; needs only Python 3.11+, and the network the first time only
	@sh deploy/setup.sh

up: setup ## Start Kafka, PostgreSQL and the services on this machine, in the foreground; Ctrl-C stops them. State is in .portfolio/
	@exec $(bin)/portfolio up --with-parent $(ARGS)

down: setup ## Stop what `make up` started, from another terminal
	@exec $(bin)/portfolio down $(ARGS)

status: setup ## Show what runs, where, and whether it is ready
	@exec $(bin)/portfolio status $(ARGS)

test: setup ## Run the tests (ARGS="tests/unit -k name" for some of them)
	@exec $(bin)/python -m pytest $(ARGS)

faults: setup ## Kill, stop and cut off every part under load, and check from outside that nothing is lost (ARGS="--smoke", "--seed 7")
	@exec $(bin)/python -m tests.faults $(ARGS)

simulate: setup ## Simulate the log protocol under faults, seed by seed (SEEDS=17 or SEEDS=0:5000; ARGS="-k cut" for one climate)
	@PORTFOLIO_SEEDS=$(or $(SEEDS),0:5000) $(bin)/python -m pytest tests/unit/simulation/test_simulation.py $(ARGS)

walk: setup ## Submit COUNT events (100000), half of them wrong, in memory and through the real doors, and check every verdict and invariant
	@PORTFOLIO_TEST_WALK=$(or $(COUNT),100000) $(bin)/python -m pytest -s tests/unit/domain/test_vocabulary_walk.py tests/integration/ledger/test_walk.py $(ARGS)

page-check: setup ## Look at every view of the web page in this machine's Chromium, on the whole running system (ARGS="-k time" for some of it)
	@exec $(bin)/python -m pytest tests/page $(ARGS)

docker-check: setup ## Try the whole system in containers (needs Docker Compose): up, publish, read, stop, start again; nothing is left of it
	@docker compose version >/dev/null || { echo "docker-check: Docker with Compose 2.20 or newer is needed" >&2; exit 1; }
	@$(bin)/python -m pytest tests/docker $(ARGS)
	@echo "docker-check: the system comes up in containers, takes an event, gives it back, and keeps it"

bench: setup ## Measure the system against its goals and against what others would build (ARGS="--events 10000 --repeats 1" for a minute; ARGS=--help)
	@exec $(bin)/python -m tests.bench $(ARGS)

check: static test ## Everything CI runs: format, lint, types, import rules, generated files in step, then the tests

static: format lint types imports in-step

format: setup
	@$(bin)/ruff format --check --quiet || { echo "format: run .venv/bin/ruff format" >&2; exit 1; }

lint: setup
	@$(bin)/ruff check --quiet

types: setup
	@$(bin)/pyright --warnings

imports: setup
	@$(bin)/lint-imports --no-cache

in-step: setup
	@$(bin)/python -m tests.compatibility
	@$(bin)/python -m portfolio_deploy.generate --check
	@$(bin)/uv pip check --quiet --python $(bin)/python

generate: setup ## Write the generated files anew: JSON Schemas, AsyncAPI, the catalogue, what is promised of each type
	@$(bin)/python -m portfolio_deploy.generate
	@$(bin)/python -m tests.compatibility --publish

requirements: ## Compile requirements/*.txt from the pyproject.toml files (ARGS=--upgrade takes newer releases)
	@sh deploy/setup.sh bootstrap
	@sh deploy/requirements.sh $(ARGS)

clean: ## Remove the environment and caches; the state in .portfolio/ stays
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
