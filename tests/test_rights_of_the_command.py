"""The rights that the command needs stand in the table of docs/operations: each call of its code is among them."""

import re
from pathlib import Path

import pytest

PAGES = ("docs/operations.md", "docs/operations.ru.md")
CODE = [
    *(path for path in Path("admin").rglob("*.py") if path.name != "take_over.py"),  # it is for whoever deploys
    *Path("layers/robots/crm_robots/records").rglob("*.py"),
]
CALLS = {
    "batch_get_item": "BatchGetItem",
    "batch_write_item": "BatchWriteItem",
    "delete_item": "DeleteItem",
    "delete_message": "DeleteMessage",
    "delete_message_batch": "DeleteMessage",
    "delete_parameters": "DeleteParameters",
    "describe_stacks": "DescribeStacks",
    "get_account_settings": "GetAccountSettings",
    "get_item": "GetItem",
    "get_parameters": "GetParameters",
    "get_queue_attributes": "GetQueueAttributes",
    "get_schedule": "GetSchedule",
    "invoke": "InvokeFunction",
    "put_item": "PutItem",
    "put_parameter": "PutParameter",
    "query": "Query",
    "receive_message": "ReceiveMessage",
    "scan": "Scan",
    "send_message": "SendMessage",
    "send_message_batch": "SendMessage",
    "update_item": "UpdateItem",
}
NOT_THE_COMMANDS = {"change_message_visibility", "change_message_visibility_batch"}
"""Of the queue that functions read."""


def called() -> set[str]:
    """Methods of AWS's clients in the command's code and in what it shares with the functions."""
    code = "".join(path.read_text() for path in CODE)
    direct = set(re.findall(r"\.(\w+)\(", code)) & (CALLS.keys() | NOT_THE_COMMANDS)
    return direct | set(re.findall(r'get_paginator\("(\w+)"\)', code))


@pytest.mark.parametrize("page", PAGES)
def test_section_7_every_call_of_the_command_is_a_right_in_the_table(page):
    """Section 10: exactly what it does."""
    told = set(re.findall(r"`(?:\w+:)?([A-Z]\w+)`", Path(page).read_text()))
    actions = {CALLS.get(name, "".join(map(str.title, name.split("_")))) for name in called() - NOT_THE_COMMANDS}

    assert actions <= told, actions - told
