#!/usr/bin/env bash
# Installs the tools, each in an environment of its own: .tools/uv, .venv, .tools/<tool>. Fast if nothing changed; needs
# neither root nor Docker.
# Usage: setup/bootstrap.sh [venv | fuzz | ministack | sam | checkov] ...
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_PYTHON_DOWNLOADS=never
unset VIRTUAL_ENV

uv() { .tools/uv/bin/uv "$@"; }

runs() { "$1/bin/python" -c '' >/dev/null 2>&1; }

# All environments use the interpreter of .tools/uv; if it is missing, another one is searched.
ensure_uv() {
    if runs .tools/uv && cmp -s setup/uv.txt .tools/uv/installed.txt; then return; fi
    local python
    python=$(setup/find-python.sh)
    echo "Setting up uv with $("$python" --version)" >&2
    rm -rf .tools/uv
    "$python" -m venv .tools/uv
    .tools/uv/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r setup/uv.txt
    cp setup/uv.txt .tools/uv/installed.txt
}

# Tools are separate from the functions' packages, so that they cannot hide a package that a layer lacks.
ensure_tool() {
    local tool=$1 folder=.tools/$1
    if runs "$folder" && cmp -s "setup/$tool.txt" "$folder/installed.txt"; then return; fi
    echo "Setting up $tool" >&2
    rm -rf "$folder"
    uv venv --quiet --python .tools/uv/bin/python "$folder"
    uv pip install --quiet --python "$folder/bin/python" --require-hashes -r "setup/$tool.txt"
    cp "setup/$tool.txt" "$folder/installed.txt"
}

# The project itself, with what uv.lock says; more of its groups may be named.
ensure_project() {
    local folder=$1
    shift
    if runs "$folder" && [ "$folder/installed" -nt uv.lock ] && [ "$folder/installed" -nt pyproject.toml ]; then return; fi
    echo "Setting up $folder" >&2
    runs "$folder" || rm -rf "$folder"
    UV_PROJECT_ENVIRONMENT=$folder uv sync --quiet --frozen --python .tools/uv/bin/python "$@"
    touch "$folder/installed"
}

ensure_uv
for tool in "$@"; do
    case $tool in
        venv) ensure_project .venv ;;
        fuzz) ensure_project .tools/fuzz --group fuzz ;;
        *) ensure_tool "$tool" ;;
    esac
done
