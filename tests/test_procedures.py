"""Commands of docs/operations: each is one that AWS knows, and the restore does what the page says."""

import re
import shlex
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from moto import mock_aws

from tests.support.tables import template

PAGES = ("docs/operations.md", "docs/operations.ru.md")
OF_THE_CLI = {"query", "output", "region", "recursive", "cli-input-json"}
TIMERS = "crm-robots-TimersTable-1ABC"


def commands(page: str) -> list[list[str]]:
    """Every `aws` line of the page, in words; `<…>` stays one word."""
    lines = re.findall(r"(?m)\baws ((?:ssm|dynamodb|cloudformation|lambda) .*)$", Path(page).read_text())
    return [shlex.split(re.sub(r"<[^>]*>", lambda found: shlex.quote(found[0]), line)) for line in lines]


def parsed(words: list[str]) -> tuple[str, str, dict[str, Any]]:
    """Service, operation or what is waited for, and its options; `--no-x` is a False."""
    service, operation, *rest = words
    if operation == "wait":
        operation, *rest = rest
    options: dict[str, Any] = {}
    for word in rest:
        if word.startswith("--"):
            name, value = (word[5:], False) if word.startswith("--no-") else (word[2:], True)
            options[name] = value
        else:
            before = options[name]
            options[name] = word if before is True else [*([before] if isinstance(before, str) else before), word]
    return service, operation, options


@pytest.mark.parametrize("page", PAGES)
def test_15_every_aws_command_is_one_that_aws_knows(page):
    """15.8: service, operation, names of options and what is required; so says AWS's own description."""
    found = commands(page)
    assert len(found) > 15
    for words in found:
        service, operation, options = parsed(words)
        client = boto3.client(service, region_name="eu-central-1")
        if words[1] == "wait":
            assert operation.replace("-", "_") in client.waiter_names, words
            continue
        model = client.meta.service_model
        names = {xform_name(name, "-"): name for name in model.operation_names}
        shape = model.operation_model(names[operation]).input_shape
        members = {xform_name(name, "-"): name for name in shape.members}
        assert options.keys() - OF_THE_CLI <= members.keys(), words
        assert {xform_name(name, "-") for name in shape.required_members} <= options.keys(), words


def test_15_both_pages_have_the_same_commands():
    english, russian = (
        [["<>" if word.startswith("<") else word for word in words] for words in commands(page)] for page in PAGES
    )
    assert english == russian


@mock_aws
def test_15_a_restored_table_takes_the_place_of_the_original():
    """15.8: the page's own commands, in their order, on a table with a row that is spoiled after the moment."""
    dynamodb = boto3.client("dynamodb", region_name="eu-central-1")
    declared = template()["Resources"]["TimersTable"]["Properties"]
    kept = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode", "DeletionProtectionEnabled")
    dynamodb.create_table(TableName=TIMERS, **{name: declared[name] for name in kept})
    switch_recovery_on(dynamodb)
    dynamodb.put_item(TableName=TIMERS, Item={"item": {"S": "company:42"}, "status": {"S": "hot"}})
    known: dict[str, str] = {"<TimersTableName>": TIMERS}

    page = [words for words in commands(PAGES[0]) if words[0] == "dynamodb" and "<MemoryTableName>" not in words]
    restore = page[: next(i for i, words in enumerate(page) if "update-continuous-backups" in words) + 1]
    for words in restore:
        done = run(dynamodb, [known.get(word, word) for word in words])
        if words[1] == "create-backup":
            known["<BackupArn>"] = done["BackupDetails"]["BackupArn"]
            dynamodb.put_item(TableName=TIMERS, Item={"item": {"S": "company:42"}, "status": {"S": "spoiled"}})

    row = dynamodb.get_item(TableName=TIMERS, Key={"item": {"S": "company:42"}})["Item"]
    described = dynamodb.describe_table(TableName=TIMERS)["Table"]
    assert row["status"] == {"S": "hot"}
    assert described["DeletionProtectionEnabled"]
    assert [one["IndexName"] for one in described["GlobalSecondaryIndexes"]] == ["by_look_on"]
    recovery = dynamodb.describe_continuous_backups(TableName=TIMERS)["ContinuousBackupsDescription"]
    assert recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def switch_recovery_on(dynamodb: Any) -> None:
    dynamodb.update_continuous_backups(
        TableName=TIMERS, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def run(client: Any, words: list[str]) -> dict[str, Any]:
    """What the AWS command would do with these words."""
    _, operation, options = parsed(words)
    if words[1] == "wait":
        waiter = client.get_waiter(operation.replace("-", "_"))
        return waiter.wait(TableName=options["table-name"], WaiterConfig={"Delay": 0}) or {}
    model = client.meta.service_model
    names = {xform_name(name, "-"): name for name in model.operation_names}
    members = {xform_name(name, "-"): name for name in model.operation_model(names[operation]).input_shape.members}
    given = {members[name]: structure(value) for name, value in options.items()}
    return getattr(client, operation.replace("-", "_"))(**given)


def structure(value: Any) -> Any:
    """The command's shorthand `Name=true,Other=x` as a map."""
    if not isinstance(value, str) or "=" not in value:
        return value
    pairs = dict(pair.split("=") for pair in value.split(","))
    return {name: {"true": True}.get(text, text) for name, text in pairs.items()}
