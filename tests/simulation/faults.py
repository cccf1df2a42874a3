"""What goes wrong on AWS, and when a function dies: armed by the story, struck at calls to the outside world."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from tests.support.chaos import Killed

TABLE_FAULTS = ("throttle", "lost", "unprocessed")


@dataclass
class Armed:
    """Strikes the call after `skip` others of its kind (`portal`, `dynamodb`, `sqs`; empty: any)."""

    kind: str
    service: str
    skip: int


@dataclass
class Faults:
    """The faults that wait for their call. `random`: latencies."""

    random: Random
    armed: list[Armed] = field(default_factory=list)
    slow: float = 1.0
    struck: int = 0

    def arm(self, kind: str, service: str = "", skip: int = 0) -> None:
        """One more fault."""
        self.armed.append(Armed(kind, service, skip))

    def clear(self) -> None:
        """The storm is over."""
        self.armed.clear()
        self.slow = 1.0

    def strikes(self, service: str, kinds: tuple[str, ...]) -> str:
        """The fault of one of these kinds that hits this call; empty for none."""
        for one in self.armed:
            if one.kind not in kinds or one.service not in ("", service):
                continue
            if one.skip > 0:
                one.skip -= 1
                continue
            self.armed.remove(one)
            self.struck += 1
            return one.kind
        return ""

    def latency(self, service: str) -> float:
        """Seconds on the wire, one way."""
        usual = 0.15 if service == "portal" else 0.01
        return usual * self.slow * self.random.uniform(0.2, 2.0)


def killed(faults: Faults, service: str, kind: str) -> None:
    """Ends the function here, if it was to end here."""
    if faults.strikes(service, (kind,)):
        raise Killed(kind)


def refuse(operation: str) -> ClientError:
    """DynamoDB had too many requests, even after botocore's own repetitions."""
    error: Any = {"Code": "ProvisionedThroughputExceededException", "Message": "Rate exceeded"}
    return ClientError({"Error": error}, operation)
