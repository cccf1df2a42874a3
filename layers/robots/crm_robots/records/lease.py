"""A lease in a DynamoDB table: one holder at a time; the lease of a crashed holder expires."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from aws_lambda_powertools import Logger
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

logger = Logger()


class Taken(Exception):  # noqa: N818 - it is an outcome, and waiting is its cure
    """Somebody else holds the lease."""


@contextmanager
def lease(client: Any, table: str, key: dict[str, Any], *, seconds: float, patience: float = 120.0) -> Iterator[None]:
    """Holds the lease while the block runs; waits up to `patience` seconds for another holder, then raises `Taken`."""
    mine = uuid4().hex
    for attempt in Retrying(
        retry=retry_if_exception_type(Taken), stop=stop_after_delay(patience), wait=wait_fixed(0.5), reraise=True
    ):
        with attempt:
            _take(client, table, key, mine, seconds)
    try:
        yield
    finally:
        _release(client, table, key, mine)


@contextmanager
def renewed_lease(client: Any, table: str, key: dict[str, Any], *, seconds: float) -> Iterator[None]:
    """A lease for work of any length: short, so that it is soon free after a crash, and renewed while the block
    runs."""
    mine, over = uuid4().hex, Event()
    _take(client, table, key, mine, seconds)

    def renew() -> None:
        while not over.wait(seconds / 4):
            _renew(client, table, key, mine, seconds)

    thread = Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _release(client, table, key, mine)


def _renew(client: Any, table: str, key: dict[str, Any], mine: str, seconds: float) -> None:
    try:
        client.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET held_until = :until",
            ConditionExpression="holder = :mine",
            ExpressionAttributeValues={":mine": {"S": mine}, ":until": {"N": f"{time.time() + seconds:.0f}"}},
        )
    except Exception:
        logger.warning("a lease could not be renewed; the next try follows", exc_info=False)


def _take(client: Any, table: str, key: dict[str, Any], mine: str, seconds: float) -> None:
    now = time.time()
    try:
        client.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET holder = :mine, held_until = :until",
            ConditionExpression="attribute_not_exists(holder) OR held_until < :now",
            ExpressionAttributeValues={
                ":mine": {"S": mine},
                ":until": {"N": f"{now + seconds:.0f}"},
                ":now": {"N": f"{now:.0f}"},
            },
        )
    except client.exceptions.ConditionalCheckFailedException:
        raise Taken("somebody else is at it; try again in a minute") from None


def _release(client: Any, table: str, key: dict[str, Any], mine: str) -> None:
    try:
        client.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="REMOVE holder, held_until",
            ConditionExpression="holder = :mine",
            ExpressionAttributeValues={":mine": {"S": mine}},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return  # it ran out, and somebody else has it now
