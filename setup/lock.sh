#!/usr/bin/env bash
# Writes every list of pinned packages with hashes: the tools' own, and the dependencies layer's from uv.lock.
set -euo pipefail
cd "$(dirname "$0")/.."
for wanted in setup/*.in; do
    .tools/uv/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.13 \
        --no-header --no-annotate --output-file "${wanted%.in}.txt" "$wanted"
done
.tools/uv/bin/uv export --quiet --frozen --no-default-groups --no-emit-project \
    --no-header --no-annotate --output-file layers/dependencies/requirements.txt
