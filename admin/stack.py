"""The deployed stack: where it is, what its resources are called, and clients that reach them."""

import json
import os
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from admin.trouble import Trouble

ROOT = Path(__file__).resolve().parents[1]
_FILE = "stack.json"

# The settings function may run for five minutes; a retry would start it twice.
_CONNECT, _READ, _ATTEMPTS = 5, 320, 3


class Stack:
    """One stack, by name. `endpoint` is a local AWS, None for AWS itself."""

    def __init__(
        self, name: str, endpoint: str | None = None, region: str | None = None, webhooks: str | None = None
    ) -> None:
        self.name = name
        self.endpoint = endpoint
        self._webhooks = webhooks
        self._failure: Exception | None = None
        import boto3  # slow to load, and help needs no stack

        key = "test" if endpoint else None  # the local AWS takes any, as long as there is one
        self._session: Any = boto3.Session(key, key, region_name=region)
        self._clients: dict[str, Any] = {}

    @classmethod
    def find(cls, name: str | None) -> "Stack":
        """The stack of that name; without one the local stack if there is any, else that of samconfig.toml."""
        local = _local()
        if local and name in (None, local["stack"]):
            return cls(local["stack"], local["endpoint"], local.get("region") or "us-east-1", local["webhooks"])
        config = _section_of(name)
        stack = name or config.get("global", {}).get("parameters", {}).get("stack_name")
        if not stack:
            raise Trouble("stack.which")
        return cls(stack, None, config.get("deploy", {}).get("parameters", {}).get("region") or _region())

    def client(self, service: str) -> Any:
        """A client of that AWS service."""
        if service not in self._clients:
            from botocore.config import Config  # as boto3

            attempts = 1 if service == "lambda" else _ATTEMPTS
            config = Config(
                connect_timeout=_CONNECT,
                read_timeout=_READ,
                retries={"mode": "standard", "total_max_attempts": attempts},
            )
            self._clients[service] = self._session.client(service, endpoint_url=self.endpoint, config=config)
        return self._clients[service]

    @property
    def region(self) -> str:
        """The region of AWS."""
        return str(self._session.region_name or "")

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs: names of tables and functions, addresses of queues. What failed once is not waited
        for again."""
        if self._failure:
            raise self._failure
        try:
            return self._described()
        except Exception as error:
            self._failure = error
            raise

    def _described(self) -> dict[str, str]:
        cloudformation = self.client("cloudformation")
        try:
            stacks = cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except cloudformation.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            stacks = []
        if not stacks:
            raise Trouble("stack.none", stack=self.name)
        return {one["OutputKey"]: one["OutputValue"] for one in stacks[0].get("Outputs", [])}

    @property
    def webhooks(self) -> str:
        """Where outgoing webhooks go: this, and the name of a robot or `all`."""
        return f"{self._webhooks or self.outputs['WebhooksBase']}/webhooks"

    def table(self, name: str) -> str:
        """`Settings` -> the table's real name."""
        return self.outputs[f"{name}TableName"]

    def queue(self, robot: str) -> str:
        """Address of a robot's queue."""
        return self.outputs[f"{_title(robot)}QueueUrl"]

    def dead_letters(self, robot: str) -> str:
        """Address of a robot's dead-letter queue."""
        return self.outputs[f"{_title(robot)}DeadLettersUrl"]

    def invoke(self, function: str, payload: dict[str, Any]) -> Any:
        """Calls a function, `Settings` say, and returns its answer."""
        reply = self.client("lambda").invoke(
            FunctionName=self.outputs[f"{function}Function"], Payload=json.dumps(payload).encode()
        )
        answer = json.loads(reply["Payload"].read() or b"null")
        if reply.get("FunctionError"):
            kind = answer.get("errorType", "") if isinstance(answer, dict) else ""
            raise Trouble("stack.function_failed", function=function, why=kind)
        return answer


def _title(robot: str) -> str:
    return "".join(word.capitalize() for word in robot.split("-"))


def local_stack() -> str | None:
    """The name of the stack on this machine, if there is one."""
    local = _local()
    return local["stack"] if local else None


def _local() -> dict[str, str] | None:
    folder = _folder()
    if folder is None:
        return None
    found: dict[str, str] = json.loads((folder / _FILE).read_text())
    return found


def _folder() -> Path | None:
    folders = [Path(os.environ["LOCAL_DIR"])] if os.environ.get("LOCAL_DIR") else [Path(".local"), ROOT / ".local"]
    return next((folder for folder in folders if (folder / _FILE).is_file()), None)


def _section_of(stack: str | None) -> dict[str, Any]:
    """The section of samconfig.toml that deploys this stack; without a name the default one."""
    sections = _samconfig()
    if stack is None:
        found: dict[str, Any] = sections.get("default", {})
        return found
    named = (one for one in sections.values() if isinstance(one, dict))
    return next((one for one in named if one.get("global", {}).get("parameters", {}).get("stack_name") == stack), {})


def _samconfig() -> dict[str, Any]:
    for folder in (Path(), ROOT):
        if (file := folder / "samconfig.toml").is_file():
            return tomllib.loads(file.read_text())
    return {}


def _region() -> str | None:
    """Either variable: the AWS CLI and Lambda read the first, boto3 alone the second. None: what the profile says."""
    first, second = (os.environ.get(name) or None for name in ("AWS_REGION", "AWS_DEFAULT_REGION"))
    if first and second and first != second:
        raise Trouble("stack.two_regions", first=first, second=second)
    return first or second


def described(name: str | None) -> tuple[Path | None, str | None]:
    """Where the local stack is described if that name means it, and the name of the stack that it means."""
    folder, local = _folder(), _local()
    if folder and local and name in (None, local["stack"]):
        return folder, local["stack"]
    return None, name or _section_of(None).get("global", {}).get("parameters", {}).get("stack_name")
