"""Makes a stack around the tables that a removed one left: `python -m admin.take_over STACK [MemoryTable=NAME ...]`.

CloudFormation imports tables into a stack of nothing else; `make deploy` then adds the rest.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3

from admin.speech import say

_TEMPLATE = Path(__file__).parents[1] / "template.yaml"
_BLOCK = re.compile(r"^  (\w+):[^\n]*\n    Type: AWS::DynamoDB::Table\n(?:    [^\n]*\n)+", re.MULTILINE)
_CHANGE_SET = "take-over-tables"


def tables_alone() -> tuple[str, list[str]]:
    """The part of the template that declares the tables, and their names in it."""
    blocks = list(_BLOCK.finditer(_TEMPLATE.read_text()))
    return "Resources:\n" + "".join(block[0] for block in blocks), [block[1] for block in blocks]


def survivors(stack: str, names: Sequence[str], existing: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Which table each name of the template stands for; `given` decides where a stack left several."""
    found: dict[str, str] = {}
    for name in names:
        left = [table for table in existing if table.startswith(f"{stack}-{name}-")]
        if name not in given and len(left) != 1:
            several = say("take_over.which_table", name=name, stack=stack, tables=", ".join(left))
            raise SystemExit(several if left else say("take_over.no_table", name=name, stack=stack))
        found[name] = given.get(name) or left[0]
    return found


def take_over(cloudformation: Any, stack: str, tables: Mapping[str, str]) -> None:
    """Creates the stack with these tables and waits until it is there."""
    cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=_CHANGE_SET,
        ChangeSetType="IMPORT",
        TemplateBody=tables_alone()[0],
        ResourcesToImport=[
            {
                "ResourceType": "AWS::DynamoDB::Table",
                "LogicalResourceId": name,
                "ResourceIdentifier": {"TableName": table},
            }
            for name, table in tables.items()
        ],
    )
    cloudformation.get_waiter("change_set_create_complete").wait(
        StackName=stack, ChangeSetName=_CHANGE_SET, WaiterConfig={"Delay": 2}
    )
    cloudformation.execute_change_set(StackName=stack, ChangeSetName=_CHANGE_SET)
    cloudformation.get_waiter("stack_import_complete").wait(StackName=stack, WaiterConfig={"Delay": 2})


def main(words: Sequence[str]) -> None:
    """The command line."""
    if not words:
        raise SystemExit(say("take_over.which_stack"))
    stack, *pairs = words
    given = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    pages = boto3.client("dynamodb").get_paginator("list_tables").paginate()
    existing = [name for page in pages for name in page["TableNames"]]
    tables = survivors(stack, tables_alone()[1], existing, given)
    take_over(boto3.client("cloudformation"), stack, tables)
    print("\n".join(f"{name}: {table}" for name, table in tables.items()))
    print(say("take_over.done", stack=stack))


if __name__ == "__main__":
    main(sys.argv[1:])
