# make setup | run | test | bench | lint: each does all the set-up it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PORT ?= 8000

.PHONY: setup house run serve test bench lint format messages lock clean

setup: $(VENV)/.installed .env

# A hash of the requirement file names what is installed, so a pull that changes it installs again.
$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with make PYTHON=python3.12."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Python's venv is missing: install it (on Debian: apt-get install python3-venv)."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.env:
	@$(PYTHON) -c 'import secrets; print("SECRET_KEY=" + secrets.token_urlsafe(50)); print("TOMBSTONE_KEY=" + secrets.token_urlsafe(50))' > .env
	@chmod 600 .env

run: house
	$(MANAGE) sample
	$(MANAGE) serve --port $(PORT)

serve: house
	$(MANAGE) serve --port $(PORT)

# The database and the static files as this version wants them; safe to do again.
house: setup
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) createcachetable --verbosity 0
	$(MANAGE) collectstatic --no-input --verbosity 0

# The whole suite is shared among processes; a part of it (ARGS=tests/x.py) runs in this one alone.
PROCESSES ?= $(if $(strip $(ARGS)),0,logical)
test: setup $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --maxprocesses 4 $(ARGS)

bench: setup $(VENV)/.installed-dev .venv-bench/.installed
	$(BIN)/python -m tests.bench $(ARGS)

# What ingestion is compared with lives apart: it must not decide what the service runs on.
.venv-bench/.installed: requirements-bench.txt
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

lint: setup $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Adds new texts to the catalogues, drops old ones, compiles, and names what waits for its French.
messages: setup $(VENV)/.installed-dev
	$(BIN)/python -m tests.messages

lock:
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements.in -o requirements.txt
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.txt
	uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements-bench.in -o requirements-bench.txt

clean:
	rm -rf var staticfiles
