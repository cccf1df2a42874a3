"""The stack on a local AWS of its own, for tests that want the real thing."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3

# Before anything reads it: tests leave alone what `make up` started.
os.environ["LOCAL_DIR"] = str(Path(__file__).parents[2] / ".local/tests" / os.environ.get("PYTEST_XDIST_WORKER", "one"))

from local_aws import credentials, deploy, server, settings

PORTAL = "http://portal.example/rest/1/secret/"
TOKENS = "tok-one,tok-two"


@dataclass(frozen=True)
class LocalStack:
    """`base`: where webhooks go. `outputs`: the stack's, by name."""

    endpoint: str
    base: str
    region: str
    outputs: dict[str, str]

    def client(self, service: str, **keys: str) -> Any:
        """A client with the account's own rights, or with those of `keys`."""
        if not keys:
            keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=self.endpoint, region_name=self.region, **keys)

    def keys_of(self, function: str) -> dict[str, str]:
        """Credentials of a function's role."""
        role = self.client("lambda").get_function(FunctionName=function)["Configuration"]["Role"]
        given = self.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }


@contextmanager
def local_stack() -> Iterator[LocalStack]:
    """Starts, deploys, and ends; the environment is left as it was."""
    before = dict(os.environ)
    try:
        settings.LOCAL.mkdir(parents=True, exist_ok=True)
        running = server.ensure(free_port())
        _turn_to(running.endpoint)
        deploy.bring_up_to_date()
        credentials.store(PORTAL, TOKENS)
        outputs = deploy.outputs()
        base = settings.base_of(running.endpoint, outputs["ApiId"])
        os.environ.clear()
        os.environ.update(before)
        yield LocalStack(running.endpoint, base, settings.REGION, outputs)
    finally:
        server.stop()
        os.environ.clear()
        os.environ.update(before)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def deployed_with(stack: LocalStack, **parameters: str) -> Iterator[LocalStack]:
    """The running stack with these parameters of the template, and afterwards with empty ones: those that nobody names
    keep what they had.
    """
    _deploy(stack, **parameters)
    try:
        yield replace(stack, outputs=_outputs(stack))
    finally:
        _deploy(stack, **dict.fromkeys(parameters, ""))


def _deploy(stack: LocalStack, **parameters: str) -> None:
    with turned_to(stack):
        deploy.bring_up_to_date(**parameters)


def _outputs(stack: LocalStack) -> dict[str, str]:
    with turned_to(stack):
        return deploy.outputs()


@contextmanager
def turned_to(stack: LocalStack) -> Iterator[None]:
    before = dict(os.environ)
    _turn_to(stack.endpoint)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _turn_to(endpoint: str) -> None:
    """boto3's own session would keep the credentials of whatever test made it."""
    settings.turn_to(endpoint)
    boto3.DEFAULT_SESSION = None
