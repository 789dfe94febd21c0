# byline: set up, run, test. Needs Python 3.11 or newer, make and the package registries; nothing else.

VENV := .venv
PY := $(VENV)/bin/python
BYLINE := $(VENV)/bin/byline
PIP := $(PY) -m pip -q --disable-pip-version-check
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
DEMO := ./.demo
SAMPLE := $(BYLINE) -L $(DEMO) search -n 3 '"enduring defeat" coaltion'
TESTS ?= tests

.PHONY: run test check format pictures bench bench-quality soak clean help again
.NOTPARALLEL:  # both kinds of set-up write the same folder
unexport PYTHONDONTWRITEBYTECODE  # the tests start byline hundreds of times: it is compiled once

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

run: $(STAMP)  ## index seeds/ into .demo/ and open the app (without a terminal: a sample search)
	@$(BYLINE) -L $(DEMO) index seeds || $(BYLINE) -L $(DEMO) index --rebuild seeds
	@if [ -t 0 ] && [ -t 2 ]; then exec $(BYLINE) -L $(DEMO); fi; \
	printf '\n$$ %s\n\n' "$(subst ",\",$(SAMPLE))"; $(SAMPLE)

test: $(DEV_STAMP)  ## lint, types, import contracts and all tests
	$(PY) -m pytest -n auto --dist worksteal $(TESTS)

format: $(DEV_STAMP)
	-$(PY) -m ruff check --fix -q .
	$(PY) -m ruff format -q .

check: format test  ## format, then test

pictures: $(DEV_STAMP)  ## draw the pictures in the README, and write the page of keys
	$(PY) docs/make.py

bench: $(DEV_STAMP)  ## speed, side by side with other engines (sets up an environment of its own)
	$(PY) benchmarks/run.py

bench-quality: $(DEV_STAMP)  ## how good the ranking is on judged collections, side by side with other engines
	$(PY) benchmarks/run.py quality

soak: $(DEV_STAMP)  ## the long runs
	$(PY) -m pytest -n auto -m soak --timeout 3600 $(TESTS)

clean:  ## remove what the other targets made
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build

# A stamp is written last: a set-up that was interrupted, or a changed pyproject.toml, installs again.
# So does a checkout that was moved or copied, or whose Python went away: what is installed is not this one.
HERE := $(shell $(PY) -P -c 'import os, index; print(os.path.samefile(os.path.dirname(index.__path__[0]), "."))' 2>/dev/null)
ifneq ($(HERE),True)
$(STAMP) $(DEV_STAMP): again
endif

$(STAMP): pyproject.toml Makefile .ci/environment
	@echo 'byline: setting up $(VENV)' >&2
	@sh .ci/environment $(VENV)
	@$(PIP) install -e .
	@touch $@

$(DEV_STAMP): pyproject.toml Makefile .ci/environment
	@echo 'byline: setting up $(VENV) with the development tools' >&2
	@sh .ci/environment $(VENV)
	@$(PIP) install -e '.[dev]'
	@touch $(STAMP) $@
