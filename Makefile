# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test thorough check format lint types docs test-slow test-long chaos bench eval record lock clean

demo: $(READY)  ## crawl a small site on loopback, archive it, make the dataset, load it and show it
	@$(BIN)/python -m tests.demo

test: $(READY)  ## the Python tests
	@$(BIN)/pytest -n auto --dist worksteal

thorough: $(READY)  ## the same, and those that take longer
	@$(BIN)/pytest -n auto --dist worksteal -m 'not slow and not long' --hypothesis-profile thorough

check: format lint types docs thorough  ## all that a change must pass

format: $(READY)
	@$(BIN)/ruff format --check .

lint: $(READY)
	@$(BIN)/ruff check .

types: $(READY)
	@$(BIN)/mypy

docs: $(READY)  ## the documentation as a site, in build/docs/
	@$(BIN)/sphinx-build -q -W --keep-going -b html docs build/docs/html

test-slow: $(READY)  ## what needs other software or a long run; installs what it needs into build/
	@tests/slow/run

test-long: $(READY)  ## memory at the sizes that are promised, for the whole and for a tenth of it; needs 6 GB in /var/tmp
	@$(BIN)/pytest -m long -n 0

chaos: $(READY)  ## kills, failpoints, damage, fuzzing and politeness scenarios by the thousand
	@tests/chaos/run

bench: $(READY)  ## figures beside a peer, from one run
	@tests/bench/run

eval: $(READY)  ## how well pages are read, beside a peer; needs the testbed beside the repository
	@tests/eval/run

record: $(READY)  ## record the cassettes again, from the replicas on loopback
	@$(BIN)/python -m tests.record

lock: $(READY)  ## write constraints.txt from the newest versions that pyproject.toml allows
	@$(BIN)/python -m tests.lock

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "postkeep needs Python 3.11 or newer on the PATH."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "postkeep needs Python 3.11 or newer; $(PYTHON) is older. Name another with make PYTHON=…"; exit 1; }
	@echo "Installing into $(VENV)/ (about a minute, once) …"
	@$(PYTHON) -m venv $(VENV)
	@PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
