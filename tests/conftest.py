"""Fixtures that many tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import httpx
import pytest
from hypothesis import HealthCheck, settings
from moto import mock_aws

from sandbox.portal.core import Portal
from sandbox.seed import Company, company
from tests.support import sandbox
from tests.support.stack import LocalStack, local_stack
from tests.support.tables import create_tables

# Machines are shared: how long an example takes says nothing about the code.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")


@pytest.fixture(autouse=True)
def _no_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach an account, whatever the machine's own credentials are."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture(autouse=True)
def _no_language_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The command speaks English, until a stack's settings say otherwise, and remembers nothing from test to test."""
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A DynamoDB client with the stack's tables, named as their resources are in the template."""
    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
        create_tables(client)
        yield client


@pytest.fixture
def portal() -> Portal:
    """A Bitrix24 of this process, at a standing clock; see tests/support/sandbox.py."""
    return sandbox.empty_portal()


@pytest.fixture
def office(portal: Portal) -> Company:
    """The demo company in that portal: people, stages, funnels, and the robots' webhook."""
    return company(portal)


@pytest.fixture
def bitrix24(portal: Portal, office: Company) -> Iterator[httpx.Client]:
    """An HTTP client of the robots' incoming webhook, without sockets."""
    with sandbox.client_of(portal, office) as client:
        yield client


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """The stack on a local AWS; its tests run on one worker: `pytest.mark.xdist_group("stack")`."""
    with local_stack() as running:
        yield running
