# make run    install, ingest the example documents, serve the chat at http://127.0.0.1:7860
# make test   install what the tests need and run them all
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INDEX  := .stadsvar/examples

.PHONY: install run test lint types unit browser eval bench bench-retrieval clean

install: $(VENV)/.installed

# Reinstalls only when what is to be installed has changed. torch is named first and pinned, so that no
# other package draws in a build with gigabytes of CUDA.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Stadsvar needs Python 3.11 or newer; set PYTHON=")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: install
	$(BIN)/stadsvar ingest evals/corpus --index $(INDEX) --sync
	$(BIN)/stadsvar serve --index $(INDEX)

# Debian packages for OCR and the browser tests; only as root and only where they are missing.
DEBIAN := tesseract-ocr tesseract-ocr-swe chromium
$(VENV)/.debian: | install
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  missing=$$(for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	  if [ -n "$$missing" ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	  fi; \
	fi
	@touch $@

test: install $(VENV)/.debian lint types unit browser

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: install
	$(BIN)/mypy

unit: install
	$(BIN)/pytest tests --ignore tests/browser

browser: install $(VENV)/.debian
	$(BIN)/pytest tests/browser

eval: install
	$(BIN)/stadsvar eval answers evals/sets/examples.jsonl --documents evals/corpus
	test ! -d ../shared/seeds || $(BIN)/stadsvar eval answers evals/sets/seeds.jsonl --documents ../shared/seeds

bench: install
	$(BIN)/python -m evals.bench_ingest --data ../shared/data

bench-retrieval: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m evals.bench_retrieval --data ../shared/data

clean:
	rm -rf $(VENV) .stadsvar
