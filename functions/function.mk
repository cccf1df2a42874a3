# What `sam build` runs for each function: its modules, with bytecode that stays valid in a zip.
# Lambda's file system is read-only, so what is not compiled here is compiled in every cold start.
PYTHON ?= $(firstword $(wildcard ../../.venv/bin/python) python3.13)

build-%:
	for module in $(wildcard *.py); do cp "$$module" "$(ARTIFACTS_DIR)/" || exit 1; done
	$(PYTHON) -m compileall -q --invalidation-mode unchecked-hash "$(ARTIFACTS_DIR)"
