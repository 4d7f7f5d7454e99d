# Thin on purpose: the work is in scripts/, which runs on Python's own library.
# Two commands are all that a new machine needs: `make run` and `make test`.

PYTHON ?= python3
# Real messages never enter the repository; they lie beside it where they are there at all.
REAL ?= ../shared/data/citizen-messages

.DEFAULT_GOAL := help
.PHONY: help run real setup test lint types bench openapi pictures messages vendor lock

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16
	@echo
	@echo "  PORT=8080 QIZHI_DATA=folder QIZHI_DEMO_PASSWORD=… make run"

run: setup ## Install, load the demo and start Qizhi at http://127.0.0.1:8000
	@exec .venv/bin/qizhi up --demo

real: setup ## Start Qizhi on the real citizen messages beside the repository
	@test -d "$(REAL)" || { echo "There is no folder $(REAL): make real REAL=folder says where the messages are."; exit 1; }
	@QIZHI_DATA="$${QIZHI_DATA:-var/real}" exec .venv/bin/qizhi up --real "$(REAL)"

setup: ## Make the environment in .venv with the locked packages
	@$(PYTHON) -m scripts.environment

test: ## Install what tests need, then lint, types and all tests on both databases
	@$(PYTHON) -m scripts.check

lint: ## Check style and format
	@$(PYTHON) -m scripts.check lint

types: ## Check types
	@$(PYTHON) -m scripts.check types

bench: setup ## Measure speed at 100,000 matters on both databases
	@exec .venv/bin/qizhi bench

openapi: setup ## Write docs/openapi.json from the code
	@exec .venv/bin/qizhi openapi

messages: setup ## Gather the words of the pages for English, and compile it (needs gettext)
	@.venv/bin/python -m scripts.messages

pictures: setup ## Take the pictures of the README anew, with the browser tests
	@TAKE_PICTURES=1 .venv/bin/python -m pytest -q -p no:cacheprovider -m browser tests/browser

vendor: ## Copy the front-end files anew (needs npm)
	@$(PYTHON) -m scripts.vendor

lock: ## Resolve the locked packages anew (needs uv)
	@$(PYTHON) -m scripts.lock
