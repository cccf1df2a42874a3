"""One robot's FIFO queue: taking further messages, finishing them, and putting them back for later."""

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import Any

import msgspec
from aws_lambda_powertools import Logger
from botocore.exceptions import BotoCoreError, ClientError

logger = Logger(child=True)

HELD_SECONDS = 130
"""How long messages stay invisible to others: longer than a function may run. If the function crashes, they come back
then (F4), and not after the queue's longer time-out, which allows for invocations that Lambda delays."""
LATE_SECONDS = 15 * 60
"""Whoever waits for longer wants to be told of."""
_BETWEEN_LOOKS = 0.3
_LONGER = 4
_NO_LONGER_OURS = {"ReceiptHandleIsInvalid", "InvalidParameterValue", "MessageNotInflight"}
_MOST_PER_CALL = 10
"""SQS delivers and deletes at most so many at a time."""


class Message(msgspec.Struct, frozen=True):
    """One message, delivered by Lambda's event source or drained by ourselves."""

    id: str
    receipt: str
    body: str
    group: str
    receives: int
    sent: float
    """When it was queued, unix seconds on AWS's clock."""
    drained: bool = False


def delivered(record: dict[str, Any]) -> Message:
    """A record of Lambda's SQS event."""
    attributes = record["attributes"]
    return Message(
        id=record["messageId"],
        receipt=record["receiptHandle"],
        body=record["body"],
        group=attributes.get("MessageGroupId", ""),
        receives=int(attributes.get("ApproximateReceiveCount", 1)),
        sent=int(attributes.get("SentTimestamp", 0)) / 1000,
    )


def oldest(messages: Iterable[Message], now: float) -> float:
    """Seconds for which the oldest of them has waited."""
    return max((now - message.sent for message in messages if message.sent), default=0.0)


class Queue:
    """A FIFO queue and its dead letters. `linger`: seconds for which a drain waits for more, or four times as long."""

    def __init__(self, client: Any, url: str, dead_letters_url: str, linger: float = 0.7) -> None:
        self._client = client
        self._url = url
        self._dead_letters_url = dead_letters_url
        self._linger = linger

    def hold(self, messages: Sequence[Message]) -> None:
        """Takes delivered messages for no longer than their function may run, counted from now."""
        for chunk in batched(messages, _MOST_PER_CALL, strict=False):
            entries = [
                {"Id": str(number), "ReceiptHandle": one.receipt, "VisibilityTimeout": HELD_SECONDS}
                for number, one in enumerate(chunk)
            ]
            try:
                self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)
            except (BotoCoreError, ClientError) as failure:
                # The messages are ours all the same; only after a crash it takes longer.
                logger.warning("messages could not be held", failure=type(failure).__name__)

    def drain(self, most: int, *, longer: bool = False) -> list[Message]:
        """Takes the waiting messages and those that arrive while it lingers, at most `most`."""
        taken: list[Message] = []
        end = time.monotonic() + self._linger * (_LONGER if longer else 1)
        while len(taken) < most:
            asked = min(_MOST_PER_CALL, most - len(taken))
            reply = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=asked,
                VisibilityTimeout=HELD_SECONDS,
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["All"],
            )
            rows = reply.get("Messages", [])
            taken += [_drained(row) for row in rows]
            if len(rows) < asked and time.monotonic() >= end:
                break
            if not rows:
                time.sleep(_BETWEEN_LOOKS)
        return taken

    def finish(self, messages: Sequence[Message]) -> None:
        """Deletes messages that we drained ourselves; Lambda deletes those it delivered."""
        for chunk in batched((one for one in messages if one.drained), _MOST_PER_CALL, strict=False):
            entries = [{"Id": str(number), "ReceiptHandle": one.receipt} for number, one in enumerate(chunk)]
            self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def postpone(self, messages: Sequence[tuple[Message, int]]) -> None:
        """Returns each message after so many seconds; its group waits behind it."""
        with ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(self._postpone, messages))

    def give_up(self, message: Message) -> None:
        """Moves a message to the dead letters, and deletes it."""
        self._client.send_message(
            QueueUrl=self._dead_letters_url,
            MessageBody=message.body,
            MessageGroupId=message.group,
            MessageDeduplicationId=message.id,
        )
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.receipt)

    def _postpone(self, postponed: tuple[Message, int]) -> None:
        message, seconds = postponed
        try:
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=message.receipt, VisibilityTimeout=seconds
            )
        except ClientError as error:
            # A message that took too long is already visible again; another function puts it back.
            if error.response["Error"]["Code"] not in _NO_LONGER_OURS:
                raise


def count_messages(client: Any, url: str) -> int:
    """How many messages wait in a queue, roughly."""
    reply = client.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(reply["Attributes"]["ApproximateNumberOfMessages"])


def _drained(row: dict[str, Any]) -> Message:
    attributes = row.get("Attributes", {})
    return Message(
        id=row["MessageId"],
        receipt=row["ReceiptHandle"],
        body=row["Body"],
        group=attributes.get("MessageGroupId", ""),
        receives=int(attributes.get("ApproximateReceiveCount", 1)),
        sent=int(attributes.get("SentTimestamp", 0)) / 1000,
        drained=True,
    )
