"""What `sam build` makes: bytecode for every file, nothing missing, a receiver that starts quickly."""

import subprocess
from pathlib import Path

import pytest

from bench.cold_starts import has_valid_bytecode
from local_aws import deploy, settings
from tests.test_template import FUNCTIONS

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

LAYERS = ("DependenciesLayer", "RobotsLayer")


@pytest.fixture(scope="module")
def bundle() -> Path:
    settings.LOCAL.mkdir(parents=True, exist_ok=True)
    deploy.build()
    return deploy.BUNDLE


def test_every_file_of_the_bundle_has_valid_bytecode(bundle):
    sources = [file for part in (*LAYERS, *FUNCTIONS) for file in (bundle / part).rglob("*.py")]

    assert len(sources) > 500
    assert [file for file in sources if not has_valid_bytecode(file)] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_starts_from_the_bundle_alone(bundle, name):
    folders = [str(bundle / name), *(str(bundle / layer / "python") for layer in LAYERS)]
    program = f"import sys; sys.path[:0] = {folders}; import app; assert callable(app.lambda_handler)"
    alone = [".tools/uv/bin/python", "-I", "-S", "-c", program]

    done = subprocess.run(alone, capture_output=True, text=True, check=False, env={"AWS_REGION": "eu-central-1"})

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "late",
    [
        "from crm_robots.robots.conversion.phones import read; print(read('8 (916) 123-45-67', 'RU'))",
        "import holidays; print(holidays.country_holidays('RU', years=2026))",
    ],
)
def test_what_is_loaded_late_is_in_the_bundle(bundle, late):
    """Libraries that a function loads at the first phone or working day, not at its start."""
    folders = [str(bundle / layer / "python") for layer in LAYERS]
    alone = [".tools/uv/bin/python", "-I", "-S", "-c", f"import sys; sys.path[:0] = {folders}; {late}"]

    done = subprocess.run(alone, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_the_receiver_imports_little(bundle):
    folders = [str(bundle / part) for part in ("ReceiveWebhook", "RobotsLayer/python", "DependenciesLayer/python")]
    program = f"import sys; sys.path[:0] = {folders}; import app; print(*sys.modules)"
    alone = [".tools/uv/bin/python", "-I", "-S", "-c", program]

    imported = set(subprocess.run(alone, capture_output=True, text=True, check=True).stdout.split())

    assert not imported & {"boto3", "httpx", "pydantic", "yaml", "holidays", "crm_robots.wiring"}
