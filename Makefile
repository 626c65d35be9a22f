# make demo    the flagship assignment, solved, as one page with pictures
# make lab     JupyterLab on the assignments
# make explore sliders over the top neurons of a network, as a page in the browser
# make test    all tests
# make lint    style and types
# make clean   remove what the others made
# Each sets up $(VENV) by itself when it is missing or older than pyproject.toml.

VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= demo
# PYTHON=/path/to/python3 chooses the interpreter that the environment is made from.
PYTHON ?=
PYTHONS := $(PYTHON) python3.13 python3.12 python3.11 python3.10 python3

.DEFAULT_GOAL := help
.PHONY: help demo lab explore test lint box clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# make /make /p' $(MAKEFILE_LIST)

demo: $(VENV)/.ready box
	$(BIN)/hwkit demo --out "$(OUT)"

lab: $(VENV)/.ready
	$(BIN)/hwkit lab

explore: $(VENV)/.ready
	$(BIN)/hwkit explore

test: $(VENV)/.ready-dev box
	$(BIN)/python -m pytest $(TESTS)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The box that submissions are graded in; without it, grading is skipped and its tests too.
box:
	@bash autograder/box/get-bubblewrap.sh

clean:
	rm -rf "$(VENV)" .venv-peers "$(OUT)" build dist .pytest_cache .mypy_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Asking each Python to import venv and ensurepip tells one that works from a launcher with nothing
# behind it, and from a Debian python3 without python3-venv.
$(BIN)/python:
	@chosen=; bare=; \
	for python in $(PYTHONS); do \
	    "$$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' \
	        >/dev/null 2>&1 || continue; \
	    if "$$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then chosen=$$python; break; fi; \
	    bare=$$python; \
	done; \
	if [ -z "$$chosen" ] && [ -n "$$bare" ]; then \
	    echo "make: $$bare cannot make an environment: its module venv is missing." >&2; \
	    echo "      On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; \
	elif [ -z "$$chosen" ]; then \
	    echo "make: expected Python 3.10, 3.11, 3.12 or 3.13, and found none of them." >&2; \
	    echo "      Install one, or name it: make demo PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$chosen" --version). Installing takes a few minutes, once."; \
	"$$chosen" -m venv "$(VENV)"

# Without compiling thousands of modules beforehand, which takes a minute; Python compiles the few
# that are used when they are first imported.
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-compile --editable

$(VENV)/.ready: pyproject.toml | $(BIN)/python
	$(INSTALL) .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml | $(BIN)/python
	$(INSTALL) '.[grade,dev]'
	@touch $@ $(VENV)/.ready
