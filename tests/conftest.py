"""Fixtures that many tests share."""

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from moto import mock_aws

from tests.support.tables import create_tables


@pytest.fixture(autouse=True)
def _no_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach an account, whatever the machine's own credentials are."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A DynamoDB client with the stack's tables, named as their resources are in the template."""
    with mock_aws():
        client = botocore.session.get_session().create_client("dynamodb", region_name="eu-central-1")
        create_tables(client)
        yield client
