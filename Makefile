# make run: the app on http://localhost:8501 (PORT= changes the port). make test: the tests.
# make demo: a small real model on this machine, measured (DEMO= adds options, as DEMO=--concurrency=1,2).
# Needs Python 3.11 or newer and nothing else; everything goes into .venv.

PORT ?= 8501
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test demo check messages pins clean

run: $(VENV)/app
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/dev
	$(BIN)/python -m pytest

demo: $(VENV)/demo
	$(BIN)/python -m bench demo $(DEMO)

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pricing check

$(VENV)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found (install it, or give PYTHON=path)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make an environment (on Debian: apt-get install python3-venv)"; exit 1; }
	@touch $@

$(VENV)/app: requirements.txt $(VENV)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt requirements.txt $(VENV)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/app

$(VENV)/demo: requirements-bench.txt requirements.txt $(VENV)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@ $(VENV)/app

# After a change of any text: collect, merge, compile. Then fill the empty msgstr of the .po file.
messages: $(VENV)/dev
	$(BIN)/python -m tools.catalogue

# After a change of requirements.in or requirements-dev.in: pin what they resolve to.
pins: $(VENV)/python
	rm -rf $(VENV)-pins && $(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/python -m pip install --quiet -r requirements.in
	{ echo "# Pinned: what requirements.in needs, and all that those need. Regenerate: make pins"; \
	  $(VENV)-pins/bin/python -m pip freeze | grep -viE '^(pip|setuptools)=='; } > requirements.txt
	$(VENV)-pins/bin/python -m pip install --quiet -r requirements-dev.in
	{ echo "# Pinned: for the tests and checks, on top of requirements.txt. Regenerate: make pins"; \
	  echo "-r requirements.txt"; \
	  $(VENV)-pins/bin/python -m pip freeze | grep -viE '^(pip|setuptools)==' | grep -vxFf requirements.txt; } > requirements-dev.txt
	rm -rf $(VENV)-pins

clean:
	rm -rf $(VENV) $(VENV)-pins
