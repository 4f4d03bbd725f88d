# Thin: each target is a command that you could type. Everything is written inside the checkout but pip's own cache.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
DEMO := outputs/demo

BACKEND ?=
QUANT_VENV := .venv-quant-$(BACKEND)

.PHONY: setup setup-quant setup-system demo test lint bench

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --constraint constraints.txt --editable '.[train,quant,track,oracle,dev]'
	touch $@

# The environment of a quantiser that cannot live beside the training stack: make setup-quant BACKEND=autoawq. Where
# quant.python is null, quant.backend takes the interpreter that this makes.
setup-quant:
	@test -f requirements/quant-$(BACKEND).txt || { \
	echo "BACKEND=$(BACKEND) has no requirements/quant-$(BACKEND).txt; use one of:" \
	$(patsubst requirements/quant-%.txt,%,$(wildcard requirements/quant-*.txt)); exit 2; }
	$(PYTHON) -m venv $(QUANT_VENV)
	$(QUANT_VENV)/bin/python -m pip install --quiet --requirement requirements/quant-$(BACKEND).txt

# Debian packages that the tests behind the markers slurm, browser and slow want; opt-in, wants root.
setup-system:
	@packages=$$(sed 's/#.*//' system-packages.txt | xargs); \
	if [ -z "$$packages" ]; then echo "no test wants a system package yet"; \
	else apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends $$packages; fi

# The real job on a laptop: pairs in, a quantised model and an honest score out. FRESH=1 starts over.
demo: setup
	@if [ -n "$(FRESH)" ]; then rm -rf $(DEMO) outputs/datasets/demo-*; fi
	@if [ -f $(DEMO)/summary.json ]; then $(RUN) -m oracle_sft.report $(DEMO); \
	else $(RUN) -m oracle_sft.train adapter=qlora quant=awq run_name=$(notdir $(DEMO)); fi

test: setup
	$(RUN) -m pytest

lint: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

bench: setup
	$(RUN) -m benchmarks
