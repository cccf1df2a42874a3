"""Everything that is installed is pinned with hashes, and the layer holds what uv.lock says."""

import re
import subprocess
from pathlib import Path

import pytest

UV = Path(".tools/uv/bin/uv")
LISTS = [Path("layers/dependencies/requirements.txt"), *Path("setup").glob("*.txt")]


def test_the_layers_list_is_what_uv_lock_says():
    export = [UV, "export", "--quiet", "--frozen", "--no-default-groups", "--no-emit-project", "--no-header"]
    wanted = subprocess.run([*export, "--no-annotate"], capture_output=True, text=True, check=True).stdout

    assert LISTS[0].read_text() == wanted, "run `make lock`"


@pytest.mark.parametrize("requirements", LISTS, ids=str)
def test_every_package_is_pinned_with_hashes(requirements):
    packages = re.split(r"\n(?! )", requirements.read_text().strip())

    for package in packages:
        assert re.match(r"[a-z0-9._-]+==\S+", package, re.IGNORECASE), package
        assert "--hash=sha256:" in package, package
