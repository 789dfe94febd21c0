# byline: set up, run, test. Needs Python 3.11 or newer, make and the package registries; nothing else.

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
DEMO := ./.demo
TESTS ?= tests

.PHONY: run test check format bench soak clean help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

run: $(STAMP)  ## index seeds/ into .demo/ and open the app (without a terminal: a sample search)
	@$(PY) -P -m tui -L $(DEMO) index seeds
	@if [ -t 0 ] && [ -t 2 ]; then exec $(VENV)/bin/byline -L $(DEMO); \
	else echo; echo 'byline search "enduring defeat" coaltion'; echo; \
	$(VENV)/bin/byline -L $(DEMO) search -n 3 '"enduring defeat" coaltion'; fi

test: $(DEV_STAMP)  ## lint, types, import contracts and all tests
	$(PY) -m pytest -n auto --dist worksteal $(TESTS)

format: $(DEV_STAMP)
	$(PY) -m ruff check --fix -q . || true
	$(PY) -m ruff format -q .

check: format test  ## format, then test

bench: $(DEV_STAMP)  ## speed, side by side with other engines (sets up an environment of its own)
	$(PY) benchmarks/run.py

soak: $(DEV_STAMP)  ## the long runs
	$(PY) -m pytest -n auto -m soak --timeout 3600 $(TESTS)

clean:  ## remove what the other targets made
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build

# The stamps are written last: a set-up that was interrupted, or a changed pyproject.toml, installs again.
$(STAMP): pyproject.toml Makefile
	@sh .ci/environment $(VENV)
	$(PY) -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(DEV_STAMP): pyproject.toml Makefile
	@sh .ci/environment $(VENV)
	$(PY) -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $(STAMP) $@
