# Everything a person types here. `make` alone lists it.
#
# Each target first sees to the environment in .venv, which holds exactly the versions pinned in
# requirements/; it is installed again only when those or pyproject.toml have changed.

VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
WORKERS ?= 2
ARGS ?=
BENCH ?= $(filter-out bench_peers,$(notdir $(basename $(wildcard benchmarks/bench_*.py))))

# Programs that Trad is compared with, each in an environment of its own: their pins and Trad's exclude each other.
PEERS := $(or $(TRAD_PEERS),$(CURDIR)/build/peers)
PEER_VENVS := $(PEERS)/backtesting/.installed $(PEERS)/vectorbt/.installed

# A name on the PATH proves nothing (pyenv's shims are there and fail), so each candidate is really run.
PYTHONS = $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
CAN_MAKE_VENV := import ensurepip, venv

define find_python
found=; bare=; \
for candidate in $(PYTHONS); do \
    "$$candidate" -c '$(SUPPORTED)' >/dev/null 2>&1 || continue; \
    if "$$candidate" -c '$(CAN_MAKE_VENV)' >/dev/null 2>&1; then found=$$candidate; break; fi; \
    bare=$${bare:-$$candidate}; \
done; \
if [ -z "$$found" ] && [ -n "$$bare" ]; then \
    echo "$$bare is here without its venv module; install that (Debian, Ubuntu: apt install python3-venv)," \
        "or name another Python: make PYTHON=/path/to/python3.12 ..." >&2; \
    exit 1; \
elif [ -z "$$found" ]; then \
    echo "Trad needs Python 3.11, 3.12 or 3.13, and none runs here as: $(PYTHONS); install one" \
        "(Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13)," \
        "or say where it is: make PYTHON=/path/to/python3.12 ..." >&2; \
    exit 1; \
fi
endef

# An environment that was copied or moved, or whose interpreter is gone, is made anew: it would run the
# source of the place it came from.
READY := $(shell grep -qsF '$(CURDIR)/$(VENV)' $(BIN)/activate \
    && $(BIN)/python -c 'import pip; $(SUPPORTED)' 2>/dev/null && echo yes)

# Foreign packages on the path would stand before the pinned ones.
unexport PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check static format format-check lint types floors bench chaos fuzz requirements upgrade python \
    environment clean distclean dashboard dashboard-check dashboard-types screenshots \
    peers bench-peers

help:  ## List the targets.
	@echo "Trad: trains trading strategies and shows what it is really doing. Targets:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'
	@echo "PYTHON=/path/to/python3.12 chooses the interpreter of a new .venv."

demo: $(if $(wildcard $(DEV)),$(DEV),$(RUN))  ## Train a strategy on sample candles and watch it (half a minute).
	@$(BIN)/trad demo

test: $(DEV)  ## Run all tests; ARGS="tests/unit/market -k gaps" narrows them, WORKERS=4 widens them.
	@$(BIN)/python hatch_build.py build-if-changed
	@$(BIN)/python -m tests.warm_up
	@$(BIN)/pytest -m serial $(ARGS); serial=$$?; \
	$(BIN)/pytest -m "not serial" -n $(WORKERS) --dist worksteal $(ARGS); parallel=$$?; \
	case $$serial:$$parallel in 0:0 | 0:5 | 5:0) ;; *) exit 1 ;; esac  # 5: none carries that marker

check: static dashboard-check test  ## Do all that must pass before a change lands.

static: format-check lint types floors  ## Check all that can be checked without running anything.

format: $(DEV)  ## Format the code, and mend what the linter can mend.
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

format-check: $(DEV)  ## Check the formatting.
	@$(BIN)/ruff format --check .

lint: $(DEV)  ## Lint with ruff.
	@$(BIN)/ruff check .

types: $(DEV)  ## Check the types of src and tests with mypy --strict.
	@$(BIN)/mypy --strict

floors: $(DEV)  ## Check with import-linter that no room imports from a floor above it.
	@$(BIN)/lint-imports --no-logo

dashboard: $(DEV)  ## Build the dashboard anew; an installation does it by itself where its sources changed.
	@$(BIN)/python hatch_build.py build

dashboard-check: $(DEV)  ## Check the dashboard: types as the server has them, tsc, eslint, vitest, its size.
	@$(BIN)/python dashboard/scripts/openapi.py --check
	@$(BIN)/python hatch_build.py npm run --silent verify

dashboard-types: $(DEV)  ## Make the dashboard's types anew after a change of the API.
	@$(BIN)/python dashboard/scripts/openapi.py
	@$(BIN)/python hatch_build.py npm run --silent types

bench: $(DEV)  ## Run the benchmarks in turn; BENCH=bench_kernels runs one.
	@for bench in $(BENCH); do echo "== $$bench"; $(BIN)/python -m benchmarks.$$bench || exit 1; done

peers: $(DEV) $(PEER_VENVS)  ## Compare trades with backtesting.py and vectorbt, installed for it (5 to 15 minutes).
	@TRAD_PEERS=$(PEERS) $(BIN)/pytest -q -s tests/peers $(ARGS)

bench-peers: $(DEV) $(PEER_VENVS)  ## Race backtesting.py and vectorbt; ARGS="--rounds 1" is quick.
	@TRAD_PEERS=$(PEERS) $(BIN)/python -m benchmarks.bench_peers $(ARGS)

screenshots: $(DEV)  ## Take pictures of every page of the dashboard over real jobs, into build/screenshots.
	@$(BIN)/python -m benchmarks.screenshots $(ARGS)

fuzz: $(DEV)  ## Import 50,000 mutilated files (half an hour); ARGS="--files 1000" is short.
	@$(BIN)/python -m benchmarks.fuzz_import $(ARGS)

chaos: $(DEV)  ## Kill and restart everything 540 times (an hour); ARGS="worker --times 9" narrows it.
	@$(BIN)/python -m benchmarks.chaos $(ARGS)

requirements: $(DEV)  ## Pin the requirements anew after a change of pyproject.toml; other pins stay.
	@$(PIN) --group dev --all-extras -o requirements/dev.txt
	@$(PIN) --group build -c requirements/dev.txt -o requirements/run.txt

upgrade: PIN += --upgrade
upgrade: requirements  ## Pin the newest version of everything that pyproject.toml admits.

python:  ## Say which interpreter a new .venv would get.
	@$(find_python); "$$found" -c 'import sys; print(sys.executable, sys.version.split()[0])'

clean:  ## Remove caches and built packages.
	@rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks
	@find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## Remove the environment too.
	@rm -rf $(VENV) dashboard/node_modules src/trad/server/static

# One resolution for every Python and system, so that the same job gives the same result on each.
PIN = $(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 \
    --fork-strategy fewest --generate-hashes --no-emit-index-url --custom-compile-command "make requirements"

$(PEERS)/%/.installed: requirements/peer-%.txt | $(DEV)
	@echo "Installing $* for comparison into $(@D) (a minute or two)."
	@$(BIN)/python -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install -qq -r $<
	@touch $@

environment:
ifneq ($(READY),yes)
	@$(find_python); \
	echo "Creating $(VENV) with $$("$$found" --version)."; \
	"$$found" -m venv --clear $(VENV)
.PHONY: $(RUN) $(DEV)
endif

$(RUN) $(DEV): $(VENV)/.installed-%: requirements/%.txt pyproject.toml | environment
	@echo "Installing requirements/$*.txt (a minute or two the first time)."
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements/$*.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@
