# Commands for people. Each first installs the tools that it needs; see setup/bootstrap.sh.
AWS_PORT ?= 4566
SANDBOX_PORT ?= 8600
EXIT ?=
STAGE ?= default
SECONDS ?= 60
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export AWS_PORT SANDBOX_PORT PORTAL TOKENS SETTINGS EXIT MODE SEED SEEDS
export PYTHONUTF8 := 1
# The AWS CLI reads the first, SAM and boto3 the second: whichever is set counts for all.
ifdef AWS_REGION
export AWS_DEFAULT_REGION := $(or $(AWS_DEFAULT_REGION),$(AWS_REGION))
else ifdef AWS_DEFAULT_REGION
export AWS_REGION := $(AWS_DEFAULT_REGION)
endif

BOOTSTRAP := setup/bootstrap.sh
LOCAL_TOOLS := venv ministack sam

.PHONY: help demo up down test soak fuzz lint bench guide lock build deploy

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf 'make %-8s %s\n' "$$name" "$$what"; done

demo: ## shows the robots on a portal of their own; EXIT=1 ends after the story, MODE=simple has no leads
	@$(BOOTSTRAP) $(LOCAL_TOOLS)
	@.venv/bin/python -m demo

up: ## starts the local AWS against any portal: PORTAL=<incoming webhook URL> TOKENS=<token,token> SETTINGS=<file>
	@$(BOOTSTRAP) $(LOCAL_TOOLS)
	@.venv/bin/python -m local_aws up

down: ## stops what `make up` started
	@$(BOOTSTRAP) venv
	@.venv/bin/python -m local_aws down

test: ## runs every test; ARGS=... goes to pytest
	@$(BOOTSTRAP) $(LOCAL_TOOLS)
	@PYTHONHASHSEED=0 .venv/bin/python -m pytest -n $${PYTEST_WORKERS:-auto} --dist loadgroup $(ARGS)

soak: ## simulated companies with every fault: SEEDS=<how many>, or SEED=<one to replay>
	@$(BOOTSTRAP) venv
	@PYTHONHASHSEED=0 PYTHONPATH=layers/robots:. .venv/bin/python -W ignore -m tests.simulation

fuzz: ## random input for the parsers, SECONDS each; on Linux and x86_64
	@$(BOOTSTRAP) fuzz
	@PYTHONPATH=layers/robots:. .tools/fuzz/bin/python -m tests.fuzz $(SECONDS)

lint: ## checks style, types and template
	@$(BOOTSTRAP) venv sam checkov
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.tools/sam/bin/cfn-lint template.yaml
	@SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam validate --lint
	@LOG_LEVEL=ERROR .tools/checkov/bin/checkov --config-file .checkov.yaml --file template.yaml

bench: ## measures the tables of docs/speed.md and the six figures of the README
	@$(BOOTSTRAP) $(LOCAL_TOOLS)
	@.venv/bin/python -m bench

guide: ## generates docs/settings*.md and settings/schema.json, after a change of the settings' models
	@$(BOOTSTRAP) venv
	@.venv/bin/python -m admin.guide

lock: ## locks every dependency again, with hashes
	@$(BOOTSTRAP) venv
	@.tools/uv/bin/uv lock
	@setup/lock.sh

build deploy: export ARCHITECTURE = $(or $(shell sed -nE '/^\[$(STAGE)\.deploy/,/^$$/s/.*Architecture=(arm64|x86_64).*/\1/p' samconfig.toml),arm64)

build: ## builds what `make deploy` deploys
	@$(BOOTSTRAP) venv sam
	@.tools/sam/bin/sam build --config-env $(STAGE)

deploy: ## builds and deploys to AWS, as samconfig.toml says; STAGE=prod for another of its sections
	@$(BOOTSTRAP) venv sam
	@.tools/sam/bin/sam build --config-env $(STAGE)
	@.tools/sam/bin/sam deploy --config-env $(STAGE)
