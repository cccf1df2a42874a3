#!/usr/bin/env bash
# Makes the tools that everything else runs with: .tools/uv, .venv, .tools/ministack, .tools/sam.
# Quick when nothing changed; needs neither root nor Docker.
# Usage: setup/bootstrap.sh [venv] [ministack] [sam] [checkov]
set -euo pipefail
cd "$(dirname "$0")/.."

# An interpreter counts when it runs, is 3.13, and can make virtual environments: a pyenv shim without
# its version, or a Debian python3 without python3-venv, does not.
works() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1
}

candidates() {
    [ -z "${PYTHON:-}" ] || echo "$PYTHON"
    type -ap python3.13 python3 python || true
    ls -d "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13 2>/dev/null | sort -rV || true
    command uv python find --no-python-downloads 3.13 2>/dev/null || true
    ls -d "${XDG_DATA_HOME:-$HOME/.local/share}"/uv/python/cpython-3.13*/bin/python3.13 2>/dev/null | sort -rV || true
    ls /opt/homebrew/bin/python3.13 /usr/local/bin/python3.13 2>/dev/null || true
}

find_python() {
    local candidate
    while read -r candidate; do
        if works "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done < <(candidates)
    echo "Python 3.13 is needed and was not found. Install it (for example: pyenv install 3.13," \
        "uv python install 3.13, or apt install python3.13-venv) and run the command again." >&2
    return 1
}

# The interpreter of .tools/uv serves all the others; a moved or removed one is looked up anew.
ensure_uv() {
    if works .tools/uv/bin/python && cmp -s setup/uv.txt .tools/uv/installed.txt; then return; fi
    local python
    python=$(find_python)
    echo "Setting up uv with $("$python" --version)" >&2
    rm -rf .tools/uv
    "$python" -m venv .tools/uv
    .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r setup/uv.txt
    cp setup/uv.txt .tools/uv/installed.txt
}

# One environment per tool, so that no tool's packages hide a package that a layer lacks.
ensure_tool() {
    local tool=$1 folder=.tools/$1
    if works "$folder/bin/python" && cmp -s "setup/$tool.txt" "$folder/installed.txt"; then return; fi
    echo "Setting up $tool" >&2
    rm -rf "$folder"
    uv venv --quiet --python .tools/uv/bin/python "$folder"
    uv pip install --quiet --python "$folder/bin/python" --require-hashes -r "setup/$tool.txt"
    cp "setup/$tool.txt" "$folder/installed.txt"
}

ensure_venv() {
    if works .venv/bin/python && [ .venv/installed -nt uv.lock ] && [ .venv/installed -nt pyproject.toml ]; then return; fi
    echo "Setting up .venv" >&2
    works .venv/bin/python || rm -rf .venv
    uv sync --quiet --frozen --python .tools/uv/bin/python
    touch .venv/installed
}

uv() { .tools/uv/bin/uv "$@"; }
export UV_PYTHON_DOWNLOADS=never
unset VIRTUAL_ENV

ensure_uv
for tool in "${@:-venv}"; do
    if [ "$tool" = venv ]; then ensure_venv; else ensure_tool "$tool"; fi
done
