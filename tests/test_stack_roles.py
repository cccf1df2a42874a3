"""Each function's role on the local AWS, which enforces it: one thing that it may do, and things that it may not."""

import pytest
from botocore.exceptions import ClientError
from crm_robots.robots.registry import ROBOTS

from tests.support.stack import LocalStack

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

AT_THE_PORTAL = (*ROBOTS, "daily-run", "settings")
EVERYONE = (*AT_THE_PORTAL, "pages", "receive-webhook")
QUEUES = {robot: robot.title().replace("-", "") for robot in ROBOTS}


class Attempts:
    """What a function could try, with its own credentials."""

    def __init__(self, stack: LocalStack, function: str) -> None:
        keys = stack.keys_of(f"crm-robots-{function}")
        self.outputs = stack.outputs
        self.dynamodb, self.sqs, self.ssm, self.functions = (
            stack.client(service, **keys) for service in ("dynamodb", "sqs", "ssm", "lambda")
        )

    def write_settings(self, section: str) -> None:
        self.dynamodb.put_item(TableName=self.outputs["SettingsTableName"], Item={"section": {"S": section}})

    def read(self, table: str) -> None:
        self.dynamodb.scan(TableName=self.outputs[f"{table}TableName"], Limit=1)

    def delete(self, table: str) -> None:
        self.dynamodb.delete_table(TableName=self.outputs[f"{table}TableName"])

    def take_from(self, robot: str) -> None:
        self.sqs.receive_message(QueueUrl=self.outputs[f"{QUEUES[robot]}QueueUrl"])

    def give_to(self, robot: str) -> None:
        body = {"MessageBody": "{}", "MessageGroupId": "x", "MessageDeduplicationId": "x"}
        self.sqs.send_message(QueueUrl=self.outputs[f"{QUEUES[robot]}DeadLettersUrl"], **body)

    def read_parameter(self, name: str) -> None:
        self.ssm.get_parameters(Names=[f"/crm-robots/{name}"], WithDecryption=True)

    def write_parameter(self, name: str) -> None:
        self.ssm.put_parameter(Name=f"/crm-robots/{name}", Value="x", Type="String", Overwrite=True)

    def call(self, function: str) -> None:
        self.functions.invoke(FunctionName=f"crm-robots-{function}", Payload=b"{}")


def denied(attempt, *args: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        attempt(*args)


@pytest.mark.parametrize("function", AT_THE_PORTAL)
def test_who_talks_to_the_portal_may_read_its_secret(stack, function):
    Attempts(stack, function).read_parameter("secrets/portal-webhook")


@pytest.mark.parametrize("function", EVERYONE)
def test_nobody_touches_what_is_not_its_own(stack, function):
    mine = Attempts(stack, function)

    denied(mine.write_parameter, "secrets/portal-webhook")
    denied(mine.write_parameter, "settings/qualification")
    denied(mine.write_parameter, "state/queue-addresses")
    denied(mine.read, "Memory")
    denied(mine.read, "Journal")
    denied(mine.delete, "Timers")
    denied(mine.call, "receive-webhook")


@pytest.mark.parametrize("parameter", ["secrets/application-tokens", "state/queue-addresses"])
def test_only_the_receiver_reads_the_tokens_and_the_addresses(stack, parameter):
    Attempts(stack, "receive-webhook").read_parameter(parameter)
    for other in EVERYONE:
        if other != "receive-webhook":
            denied(Attempts(stack, other).read_parameter, parameter)


def test_the_page_hands_answers_on_and_knows_no_secret(stack):
    mine = Attempts(stack, "pages")

    denied(mine.read_parameter, "secrets/portal-webhook")
    denied(mine.write_settings, "directory")
    denied(mine.take_from, "qualification")
    denied(mine.give_to, "qualification")


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_works_off_its_own_queue_alone(stack, robot):
    mine = Attempts(stack, robot)

    for other in ROBOTS:
        if other != robot:
            denied(mine.take_from, other)
            denied(mine.give_to, other)


def test_the_token_of_the_directory_is_for_conversion_alone(stack):
    Attempts(stack, "conversion").read_parameter("secrets/dadata-token")
    for other in EVERYONE:
        if other != "conversion":
            denied(Attempts(stack, other).read_parameter, "secrets/dadata-token")
