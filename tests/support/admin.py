"""A deployed stack in moto, as far as the `robots` command sees it."""

import json

import boto3
from crm_robots.records.parameters import Parameters
from crm_robots.robots.registry import ROBOTS

from admin.stack import Stack
from tests.support.tables import template

NAME = "crm-robots"


def deploy(**more: str) -> None:
    """Makes the queues and a CloudFormation stack whose outputs name them, the tables, and what is in `more`."""
    outputs = {f"{name}TableName": f"{name}Table" for name in ("Settings", "Memory", "Timers", "Journal", "Limiter")}
    outputs |= {"WebhooksBase": "https://api.example/prod", **more}
    sqs = boto3.client("sqs")
    for robot in ROBOTS:
        title = "".join(word.capitalize() for word in robot.split("-"))
        for output, name in ((f"{title}QueueUrl", robot), (f"{title}DeadLettersUrl", f"{robot}-dead")):
            queue = sqs.create_queue(QueueName=f"{name}.fifo", Attributes={"FifoQueue": "true"})
            outputs[output] = queue["QueueUrl"]
    assert outputs.keys() <= template()["Outputs"].keys()
    stack_template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    boto3.client("scheduler").create_schedule(**SCHEDULE)
    boto3.client("cloudformation").create_stack(StackName=NAME, TemplateBody=json.dumps(stack_template))


SCHEDULE = {
    "Name": f"{NAME}-daily-run",
    "ScheduleExpression": "rate(15 minutes)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {
        "Arn": "arn:aws:lambda:us-east-1:123456789012:function:x",
        "RoleArn": "arn:aws:iam::123456789012:role/x",
    },
}


def parameters() -> dict[str, str]:
    """The sections' parameters as they are now."""
    return Parameters(boto3.client("ssm"), NAME).below("settings")


def stack() -> Stack:
    """The stack as the command would find it."""
    return Stack.find(NAME)
