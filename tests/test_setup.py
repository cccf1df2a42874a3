"""Finding Python 3.13: what works is found wherever it is, and what only looks like it is passed over."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

FIND = Path("setup/find-python.sh").resolve()
REAL = Path(sys.executable).resolve()


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path


def find(home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    script(home / "bin/python3.13", 'echo "pyenv: version 3.13 is not installed" >&2; exit 127')
    script(home / "bin/python3", "exit 1")
    for tool in ("bash", "ls", "sort"):
        (home / "bin" / tool).symlink_to(str(shutil.which(tool)))
    environment = {"HOME": str(home), "PATH": str(home / "bin")} | more
    return subprocess.run([home / "bin/bash", FIND], capture_output=True, text=True, env=environment, check=False)


def python_at(path: Path) -> Path:
    """A way to the interpreter that runs these tests."""
    return script(path, f'exec "{REAL}" "$@"')


@pytest.mark.parametrize(
    "place",
    [".pyenv/versions/3.13.7/bin/python3.13", ".local/share/uv/python/cpython-3.13.1-linux/bin/python3.13"],
)
def test_an_interpreter_of_pyenv_or_uv_is_found_behind_a_shim_that_fails(tmp_path, place):
    python_at(tmp_path / place)

    assert Path(find(tmp_path).stdout.strip()).resolve() == REAL


def test_the_one_that_was_asked_for_goes_first(tmp_path):
    chosen = python_at(tmp_path / "mine/python")

    assert Path(find(tmp_path, PYTHON=str(chosen)).stdout.strip()).resolve() == REAL


def test_none_at_all_is_one_line_that_says_what_to_install(tmp_path):
    if any(Path(place).exists() for place in ("/opt/homebrew/bin/python3.13", "/usr/local/bin/python3.13")):
        pytest.skip("this machine has a Python 3.13 where everyone finds it")
    script(tmp_path / ".pyenv/versions/3.13.0/bin/python3.13", "exit 1")

    found = find(tmp_path)

    assert found.returncode == 1
    assert found.stdout == ""
    assert len(found.stderr.splitlines()) == 1
    assert "Python 3.13 is needed" in found.stderr
