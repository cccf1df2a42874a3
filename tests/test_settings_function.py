"""The settings function: the command's calls, and P2: a parameter edited in the console has the same effect."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from crm_robots.portal.errors import AccessLost
from crm_robots.records.memory import MemoryTable
from crm_robots.records.parameters import Parameters
from crm_robots.robots.client_status.own_address import OwnAddress

from functions.settings import app
from tests.support.settings_portal import Portal, example, make_desk

EVENT = json.loads((Path(__file__).parents[1] / "events" / "settings.json").read_text())


class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def function(dynamodb, portal, monkeypatch):
    desk = make_desk(dynamodb, portal)
    monkeypatch.setattr(app, "settings_desk", lambda: desk)
    monkeypatch.setattr(app, "own_address", lambda: OwnAddress(MemoryTable(dynamodb, "MemoryTable")))
    monkeypatch.setattr(app, "parameters", lambda: Parameters(boto3.client("ssm"), "crm-robots"))
    call: Any = lambda event: app.lambda_handler(event, Context())  # noqa: E731
    call.desk = desk
    return call


def put(**texts: str) -> None:
    for name, text in texts.items():
        boto3.client("ssm").put_parameter(
            Name=f"/crm-robots/settings/{name}", Value=text, Type="String", Overwrite=True
        )


def statuses(answer: dict[str, Any]) -> dict[str, str]:
    return {one["section"]: one["status"] for one in answer["sections"]}


def test_p1_the_command_gets_a_report(function):
    answer = function({"action": "publish", "sections": example()})

    assert statuses(answer)["lost_deal"] == "published"
    assert json.loads(json.dumps(answer)) == answer


def test_p2_an_edited_parameter_is_put_in_force(function, portal):
    put(**example())
    function({"action": "publish", "sections": example()})
    put(lost_deal=example()["lost_deal"].replace("Нет денег", "Сделка успешна", 1))

    assert statuses(function(EVENT)) == {"lost_deal": "published"}
    assert function.desk.table.load("lost_deal")["lost_deal"].version == 2


def test_p2_the_event_of_a_text_that_was_published_already_does_nothing(function, portal):
    put(**example())
    function({"action": "publish", "sections": example()})
    requests = portal.requests

    assert statuses(function(EVENT)) == {}
    assert portal.requests == requests


def test_p2_p3_a_refused_text_is_announced_once_whichever_road_it_comes(function, portal):
    wrong = example() | {"lost_deal": example()["lost_deal"].replace("Нет денег", "Нет денги", 1)}
    function({"action": "publish", "sections": example()})
    put(**wrong)

    assert statuses(function(EVENT)) == {"lost_deal": "refused"}
    function({"action": "publish", "sections": wrong})
    function(EVENT)

    assert len(portal.told) == 1


def test_p2_a_deleted_parameter_switches_its_robot_off(function):
    put(**example())
    function({"action": "publish", "sections": example()})
    boto3.client("ssm").delete_parameter(Name="/crm-robots/settings/lost_deal")

    assert statuses(function(EVENT)) == {"lost_deal": "off"}


def test_p2_another_language_reaches_every_section(function):
    put(**example())
    function({"action": "publish", "sections": example()})
    put(portal=example()["portal"].replace("language: ru", "language: en"))

    answer = function(EVENT | {"detail": {"name": "/crm-robots/settings/portal", "operation": "Update"}})

    assert statuses(answer).keys() == example().keys()


def test_p6_a_portal_that_refuses_us_is_told_without_its_address(function, portal):
    """P6: the address is the credential; the answer names the right that is missing instead."""
    portal.fail["profile"] = [AccessLost("batch", "NO_AUTH_FOUND", right="incoming webhook: revoked or expired")]

    answer = function({"action": "publish", "sections": example()})

    assert answer == {"error": "the portal refuses us: incoming webhook: revoked or expired (batch)"}


def test_d13_publishing_tells_where_the_pages_are_until_webhooks_know_better(function, dynamodb):
    """D13: the first letter may go out before the first webhook came."""
    address = OwnAddress(MemoryTable(dynamodb, "MemoryTable"))
    request = {"action": "publish", "sections": example()}

    function(request | {"base": "https://one.example/prod"})
    assert address.get() == "https://one.example/prod"
    function(request | {"base": "https://one.example/second"})
    assert address.get() == "https://one.example/second"

    address.note("https://robots.acme.ru")
    function(request | {"base": "https://one.example/prod"})
    function(request)
    assert address.get() == "https://robots.acme.ru"
