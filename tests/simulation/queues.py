"""FIFO queues in memory: groups, visibility, receive counts, duplicates by id, dead letters. A client of SQS."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from botocore.exceptions import ClientError

VISIBILITY = 720.0
_MOST_RECEIVES = 1000
_DUPLICATE_SECONDS = 300.0


@dataclass
class Stored:
    """One message in a queue."""

    id: str
    body: str
    group: str
    sent: float
    receives: int = 0
    visible_at: float = 0.0
    receipt: str = ""


@dataclass
class Fifo:
    """`letters`: in the order of their arrival."""

    letters: list[Stored] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)
    listener: Callable[[float], object] = lambda _moment: None
    dead_letters: "Fifo | None" = None


class Queues:
    """All queues by URL; `now` is AWS's clock. `listener` of a queue hears when something may be received."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ids = count(1)
        self._queues: dict[str, Fifo] = {}
        self.visibility: Callable[[], float] = lambda: VISIBILITY

    def add(self, url: str, listener: Callable[[float], object]) -> None:
        """Makes a queue with its dead letters (`<url>-dead`)."""
        self._queues[f"{url}-dead"] = Fifo()
        self._queues[url] = Fifo(listener=listener, dead_letters=self._queues[f"{url}-dead"])

    def waiting(self, url: str) -> list[Stored]:
        """Everything in a queue, in flight or not."""
        return self._queues[url].letters

    def send_message(
        self, QueueUrl: str, MessageBody: str, MessageGroupId: str, MessageDeduplicationId: str
    ) -> dict[str, Any]:
        queue, now = self._queues[QueueUrl], self._now()
        if queue.seen.get(MessageDeduplicationId, float("-inf")) + _DUPLICATE_SECONDS > now:
            return {}
        queue.seen[MessageDeduplicationId] = now
        queue.letters.append(Stored(f"m{next(self._ids)}", MessageBody, MessageGroupId, now))
        queue.listener(now)
        return {}

    def receive_message(
        self, QueueUrl: str, MaxNumberOfMessages: int = 1, VisibilityTimeout: float | None = None, **_: Any
    ) -> dict[str, Any]:
        """Heads of groups of which nothing is in flight, and what follows them."""
        queue, now = self._queues[QueueUrl], self._now()
        blocked = {one.group for one in queue.letters if one.visible_at > now}
        taken: list[Stored] = []
        visibility = min(self.visibility(), VisibilityTimeout or VISIBILITY)
        for one in list(queue.letters):
            if one.group in blocked or len(taken) == MaxNumberOfMessages:
                continue
            if one.receives >= _MOST_RECEIVES and queue.dead_letters:
                queue.letters.remove(one)
                queue.dead_letters.letters.append(one)
                continue
            one.receives += 1
            one.visible_at, one.receipt = now + visibility, f"r{next(self._ids)}"
            taken.append(one)
        if taken:
            queue.listener(now + visibility)
        return {"Messages": [_received(one) for one in taken]} if taken else {}

    def change_message_visibility(self, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> dict[str, Any]:
        queue, now = self._queues[QueueUrl], self._now()
        one = self._in_flight(queue, ReceiptHandle)
        one.visible_at = now + VisibilityTimeout
        queue.listener(one.visible_at)
        return {}

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        failed = []
        for entry in Entries:
            try:
                seconds = min(int(self.visibility()), entry["VisibilityTimeout"])
                self.change_message_visibility(QueueUrl, entry["ReceiptHandle"], seconds)
            except ClientError:
                failed.append({"Id": entry["Id"], "SenderFault": True, "Code": "MessageNotInflight"})
        return {"Successful": [], "Failed": failed}

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> dict[str, Any]:
        queue = self._queues[QueueUrl]
        queue.letters.remove(self._in_flight(queue, ReceiptHandle))
        queue.listener(self._now())
        return {}

    def delete_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:
        failed = []
        for entry in Entries:
            try:
                self.delete_message(QueueUrl, entry["ReceiptHandle"])
            except ClientError:
                failed.append({"Id": entry["Id"], "SenderFault": True, "Code": "ReceiptHandleIsInvalid"})
        return {"Failed": failed}

    def get_queue_attributes(self, QueueUrl: str, **_: Any) -> dict[str, Any]:
        return {"Attributes": {"ApproximateNumberOfMessages": str(len(self._queues[QueueUrl].letters))}}

    def _in_flight(self, queue: Fifo, receipt: str) -> Stored:
        """A FIFO queue refuses a receipt whose time has run out."""
        for one in queue.letters:
            if one.receipt == receipt and one.visible_at > self._now():
                return one
        error: Any = {"Code": "InvalidParameterValue", "Message": "The receipt handle has expired"}
        raise ClientError({"Error": error}, "DeleteMessage")


def _received(one: Stored) -> dict[str, Any]:
    attributes = {
        "MessageGroupId": one.group,
        "ApproximateReceiveCount": str(one.receives),
        "SentTimestamp": str(int(one.sent * 1000)),
    }
    return {"MessageId": one.id, "ReceiptHandle": one.receipt, "Body": one.body, "Attributes": attributes}
