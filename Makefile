# The course on one page of commands: `make` alone lists them.

PYTHON ?= python3
PORT ?= 8000
PYTHONS ?= 3.11 3.12 3.13
BIN := .venv/bin

# Touched once everything in requirements.txt is installed.
READY := .venv/ready
# What Colab may ship in place of today's ipywidgets; the tests put it before the installed one.
OLD_WIDGETS := .venv/ipywidgets7
# Where tools/colab.py puts the notebooks, each alone, and a kernel that knows only what Colab has.
COLAB := $(CURDIR)/_build/colab
# Three processes on two cores, since browsers are waited for, each with whole files: what a file's
# tests share is made once. The slow files have few tests and early names, so files are taken as they
# come, not by their number of tests.
PARALLEL := --numprocesses=3 --dist=loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help book book-zh translations pdf offline wheel test test-colab test-matrix serve lab notebooks browser locked lock clean

help: ## list these commands
	@awk -F ' ## ' '/^[a-z-]+:.* ## / { sub(/:.*/, "", $$1); printf "make %-12s %s\n", $$1, $$2 }' Makefile

book: $(READY) ## build the book from the stored outputs
	$(BIN)/jupyter-book build . -n -W --keep-going
	@echo 'The book is at _build/html/index.html'

book-zh: book ## build the Chinese edition too
	$(BIN)/python tools/translations.py build
	@echo 'The Chinese edition is at _build/html/zh/index.html'

translations: $(READY) ## bring the Chinese catalogues up to date with the English pages
	$(BIN)/python tools/translations.py update $(PAGES)

pdf: book ## print the book as one PDF (make browser first)
	$(BIN)/python tools/pdf.py _build/html _build/abstractgan.pdf

offline: book ## pack the book as a zip file that opens without a server
	$(BIN)/python tools/release.py offline _build/html _build/abstractgan-offline.zip

wheel: $(READY) ## build the package for pip into dist
	$(BIN)/hatchling build --directory dist

test: $(READY) $(OLD_WIDGETS) ## run everything that CI runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/notebooks.py check
	$(BIN)/python tools/assets.py check
	$(BIN)/python tools/colab.py $(COLAB)
	REQUIRE_OLD_WIDGETS=1 JUPYTER_PATH=$(COLAB) $(BIN)/pytest $(PARALLEL) --cov --cov-fail-under=90 \
	  --nbval --nbval-kernel-name=colab tests $(COLAB)/notebooks

test-colab: $(READY) $(OLD_WIDGETS) ## run every notebook alone, as in Colab or in its own image (COLAB_IMAGE=...)
	$(BIN)/python tools/colab.py $(COLAB)
	JUPYTER_PATH=$(COLAB) $(BIN)/pytest $(PARALLEL) --nbval --nbval-kernel-name=colab $(COLAB)/notebooks

test-matrix: $(READY) ## run the package's tests on each of PYTHONS, with newest and oldest dependencies
	PYTEST_ADDOPTS="$(PARALLEL)" $(BIN)/python tools/matrix.py --pythons $(PYTHONS)

serve: book ## show the book at http://127.0.0.1:8000 (PORT=8000)
	$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

notebooks: $(READY) ## execute every notebook and store its outputs
	$(BIN)/python tools/notebooks.py exercises
	$(BIN)/python tools/notebooks.py run

browser: $(READY) ## install Chromium for the browser tests
	@sh tools/install_chromium.sh

locked: ## set up .venv from requirements.lock, by hash, as the publishing workflow does
	@$(PYTHON) -c 'import platform as p, sys; sys.exit((sys.version_info[:2], p.system(), p.machine()) != ((3, 13), "Linux", "x86_64"))' || { \
	  echo 'requirements.lock is for Python 3.13 on Linux x86_64 and "$(PYTHON)" is none: name one, as in "make locked PYTHON=python3.13", or let "make book" install what suits your Python.' >&2; \
	  exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

lock: $(READY) ## renew requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-annotate --no-emit-package abstractgan \
	  --python-version 3.13 --python-platform x86_64-manylinux_2_28 \
	  --only-binary :all: --no-binary abstractgan \
	  --custom-compile-command "make lock" --output-file requirements.lock requirements.txt

clean: ## remove all that was built or installed here
	rm -rf _build dist .venv .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find book/locale -name "*.mo" -delete

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo 'Python 3.11, 3.12 or 3.13 is needed and "$(PYTHON)" is none of them: name one, as in "make book PYTHON=python3.12".' >&2; \
	  exit 1; }
	@echo 'Installing what the course needs into .venv; the first time this takes some minutes.'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(OLD_WIDGETS): | $(READY)
	$(BIN)/python -m pip install --quiet --no-deps --target $@ \
	  ipywidgets==7.7.1 widgetsnbextension==3.6.1 ipython-genutils==0.2.0
