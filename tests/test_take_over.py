"""15: tables that a removed stack left are taken over by the next one."""

import subprocess

import pytest
import yaml

from admin.take_over import main, survivors, tables_alone
from tests.support.stack import LocalStack
from tests.support.tables import template

NAMES = ["SettingsTable", "MemoryTable"]


def test_the_import_template_is_the_templates_own_tables():
    whole = {name: one for name, one in template()["Resources"].items() if one["Type"] == "AWS::DynamoDB::Table"}
    text, names = tables_alone()

    assert yaml.safe_load(text)["Resources"] == whole
    assert names == list(whole)
    assert all(one["DeletionPolicy"] for one in whole.values()), "CloudFormation imports nothing without one"


def test_cfn_lint_takes_the_import_template(tmp_path):
    file = tmp_path / "tables.yaml"
    file.write_text(tables_alone()[0])

    done = subprocess.run([".venv/bin/cfn-lint", str(file)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_one_table_that_a_stack_left_is_found_and_of_several_a_person_chooses():
    one = ["crm-robots-SettingsTable-A", "crm-robots-MemoryTable-B", "crm-robots-prod-MemoryTable-C", "other"]

    assert survivors("crm-robots", NAMES, one, {}) == dict(zip(NAMES, one, strict=False))
    with pytest.raises(SystemExit, match=r"Several tables could be the MemoryTable.*Add MemoryTable="):
        survivors("crm-robots", NAMES, [*one, "crm-robots-MemoryTable-D"], {})
    with pytest.raises(SystemExit, match="There is no table"):
        survivors("crm-robots", NAMES, one[:1], {})
    assert survivors("crm-robots", NAMES, one, {"MemoryTable": "restored"})["MemoryTable"] == "restored"


@pytest.mark.stack
@pytest.mark.xdist_group("stack")
def test_a_stack_that_was_removed_gets_its_rows_back(stack: LocalStack, monkeypatch, capsys):
    cloudformation, dynamodb = stack.client("cloudformation"), stack.client("dynamodb")
    name = "left-behind"
    cloudformation.create_stack(StackName=name, TemplateBody=tables_alone()[0])
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    table = physical(cloudformation, name)["TimersTable"]
    dynamodb.put_item(TableName=table, Item={"item": {"S": "company:42"}, "status": {"S": "hot"}})
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    for key, value in {
        "AWS_ENDPOINT_URL": stack.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": stack.region,
    }.items():
        monkeypatch.setenv(key, value)

    main([name])

    assert physical(cloudformation, name)["TimersTable"] == table
    assert dynamodb.get_item(TableName=table, Key={"item": {"S": "company:42"}})["Item"]["status"] == {"S": "hot"}
    assert "make deploy" in capsys.readouterr().out
    again = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    assert again["StackStatus"] == "IMPORT_COMPLETE"


def physical(cloudformation, name):
    rows = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    return {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in rows}
