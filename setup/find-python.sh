#!/usr/bin/env bash
# Prints the Python 3.13 to use: the first that works of PYTHON, PATH, pyenv's and uv's.
set -euo pipefail

# It works if it runs, is 3.13, and can make virtual environments. A pyenv shim without its version, or a Debian python3
# without python3-venv, does not work.
works() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 13))' >/dev/null 2>&1
}

newest() {
    ls -d "$@" 2>/dev/null | sort -rV || true
}

candidates() {
    [ -z "${PYTHON:-}" ] || echo "$PYTHON"
    type -ap python3.13 python3 python || true
    newest "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3.13
    uv python find --no-python-downloads 3.13 2>/dev/null || true
    newest "${XDG_DATA_HOME:-$HOME/.local/share}"/uv/python/cpython-3.13*/bin/python3.13
    newest /opt/homebrew/bin/python3.13 /usr/local/bin/python3.13
}

while read -r candidate; do
    if works "$candidate"; then
        exec "$candidate" -c 'import sys; print(sys.executable)'
    fi
done < <(candidates)
echo "Python 3.13 is needed and was not found. Install it (for example: pyenv install 3.13," \
    "uv python install 3.13, or apt install python3.13-venv) and run the command again." >&2
exit 1
