# Two commands on a fresh machine: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test chaos check setup setup-dev contracts release-contracts seeds lock bench clean
.DEFAULT_GOAL := run

run: setup                 ## run everything in one process (ARGS="--once" ends when all is done)
	@$(BIN)/archwatch run $(ARGS)

test: check                ## lint, types, layers, then every test, against real Kafka and PostgreSQL
	$(BIN)/pytest $(ARGS)

chaos: setup-dev           ## kill and cut for an hour or so, and count (ARGS="--seed 8 --faults 50 --items 20000 FILE...")
	PYTHONPATH=services:tests $(BIN)/python -m chaos.long_run $(ARGS)

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: .venv/.runtime
setup-dev: .venv/.dev
	tests/system-packages

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "archwatch needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv .venv
	@touch $@

# the lock holds the build tool too, so that nothing is fetched that no hash vouches for
.venv/.runtime: .venv/.python requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

contracts: setup           ## write the JSON Schemas and the AsyncAPI document anew
	$(BIN)/python -m archwatch.contracts

release-contracts: contracts  ## keep the schemas of the version being released: later ones must not break them
	version=$$($(BIN)/python -c 'import archwatch; print(archwatch.__version__)'); \
	test ! -e tests/contracts/released/$$version || { echo "$$version is released already" >&2; exit 2; }; \
	mkdir -p tests/contracts/released/$$version && cp services/archwatch/contracts/schemas/*.json $$_

seeds: setup               ## write seeds/feed.xml anew from seeds/stories.yaml
	$(BIN)/python -m archwatch.seedfeed seeds/stories.yaml seeds/feed.xml

lock: setup-dev            ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade pyproject.toml --extra build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --upgrade pyproject.toml --extra build --group dev -c requirements.lock -o requirements-dev.lock

bench: setup-dev           ## what the event log costs over a bare loop, and how fast stories are judged and coded
	$(BIN)/python bench/eventlog.py
	$(BIN)/python bench/classifier.py
	$(BIN)/python bench/extractor.py

clean:
	rm -rf .venv build state
