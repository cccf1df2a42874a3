"""FIFO queues for MiniStack that stay fast when thousands of messages wait. Imports nothing of ours.

MiniStack searches the whole queue for every message that is sent, received or deleted, on the thread that also answers
webhooks. These functions do the same but look only at messages in flight and at the next ones.
"""

import asyncio
import json
import math
import time
from collections.abc import Iterable
from typing import Any

from ministack import app
from ministack.core.responses import new_uuid
from ministack.services import sqs

Message = dict[str, Any]
Queue = dict[str, Any]


class Messages(list[Message]):
    """The messages of one queue in their order; `out`: those in flight, by receipt."""

    def __init__(self, messages: Iterable[Message]) -> None:
        super().__init__(messages)
        self.out = {message["receipt_handle"]: message for message in self if message.get("receipt_handle")}

    def hand_out(self, message: Message, now: float, until: float) -> None:
        """Puts a message in flight under a new receipt; an earlier receipt is no longer valid."""
        self.out.pop(message["receipt_handle"], None)
        message["receipt_handle"] = new_uuid()
        self.out[message["receipt_handle"]] = message
        message["visible_at"] = until
        message["receive_count"] += 1
        message["first_receive_at"] = message.get("first_receive_at") or now

    def delete(self, receipt: str) -> bool:
        """Deletes by receipt. Returns whether there was such a message."""
        message = self.out.pop(receipt, None)
        if message is not None:
            self.remove(message)  # messages in flight are near the front
        return message is not None

    def clear(self) -> None:
        """PurgeQueue."""
        super().clear()
        self.out.clear()


def messages_of(queue: Queue) -> Messages:
    """MiniStack's own functions sometimes put plain lists back."""
    if not isinstance(queue["messages"], Messages):
        queue["messages"] = Messages(queue["messages"])
    messages: Messages = queue["messages"]
    return messages


def take(queue: Queue, most: int, invisible: int, now: float) -> list[Message]:
    """The next messages of groups that have none in flight."""
    messages = messages_of(queue)
    busy = {message["group_id"] for message in messages.out.values() if message["visible_at"] > now}
    taken: list[Message] = []
    for message in messages:
        if len(taken) == most:
            break
        if message["visible_at"] <= now and message["group_id"] not in busy:
            taken.append(message)
    for message in taken:
        messages.hand_out(message, now, now + invisible)
    return taken


def delete_batch(data: dict[str, Any], url: str) -> dict[str, Any]:
    """DeleteMessageBatch."""
    queue = sqs._get_q(data.get("QueueUrl", url), "sqs:DeleteMessage")
    if not queue["is_fifo"]:
        return dict(_delete_batch(data, url))
    entries = data.get("Entries", [])
    sqs._validate_batch_entries(entries, "DeleteMessageBatchRequestEntry")
    messages = messages_of(queue)
    answer: dict[str, Any] = {"Successful": [], "Failed": []}
    for entry in entries:
        if messages.delete(entry.get("ReceiptHandle", "")):
            answer["Successful"].append({"Id": entry["Id"]})
        else:
            unknown = {"Code": "ReceiptHandleIsInvalid", "Message": "The input receipt handle is invalid."}
            answer["Failed"].append({"Id": entry["Id"], "SenderFault": True} | unknown)
    return answer


def forget_duplicates(queue: Queue) -> None:
    """Forgets deduplication ids that are older than five minutes; they are in the order of sending."""
    known, now = queue["dedup_cache"], time.time()
    while known and known[first := next(iter(known))]["expire"] <= now:
        del known[first]


def may_hold_old_ones(queue: Queue) -> bool:
    """Whether a message may be older than the queue keeps it; the first one is the oldest."""
    if not (queue["is_fifo"] and queue["messages"]):
        return True
    first = queue["messages"][0]
    kept = float(queue["attributes"].get("MessageRetentionPeriod", 345_600))
    return bool(first.get("enqueued_at", first["sent_at"]) + kept <= time.time())


def may_hold_dead_letters(queue: Queue) -> bool:
    """Whether a message was received too often; only messages in flight can have been."""
    if not queue["is_fifo"]:
        return True
    most = json.loads(queue["attributes"].get("RedrivePolicy") or "{}").get("maxReceiveCount", math.inf)
    return any(message["receive_count"] >= float(most) for message in messages_of(queue).out.values())


def take_for_function(url: str, most: int) -> list[Message]:
    """For the event source, which runs on a thread beside the API's loop. It waits for a moment between two requests of
    the API: otherwise a message that a function drains at the same time is delivered twice, and one that is sent at the
    same time is lost. An empty queue is skipped.
    """
    return _in_turn(_take_for_function, url, most) if sqs._get_q(url)["messages"] else []


def delete_for_function(url: str, receipts: set[str]) -> None:
    """Deletes what a function has handled; all queues of our functions are FIFO."""
    _in_turn(_delete_all, url, receipts)


def _delete_all(url: str, receipts: set[str]) -> None:
    messages = messages_of(sqs._get_q(url))
    for receipt in receipts:
        messages.delete(receipt)


def _in_turn(work: Any, *args: Any) -> Any:
    async def once() -> Any:
        return work(*args)

    return asyncio.run_coroutine_threadsafe(once(), app._MAIN_LOOP).result()


def install() -> None:
    """Replaces MiniStack's functions by these."""
    sqs._collect_fifo = take
    sqs._prune_dedup = forget_duplicates
    sqs._HANDLERS["DeleteMessageBatch"] = delete_batch
    sqs._receive_messages_for_esm = take_for_function
    sqs._delete_messages_for_esm = delete_for_function
    sqs._expire_retained = _only_if(may_hold_old_ones, sqs._expire_retained)
    sqs._dlq_sweep = _only_if(may_hold_dead_letters, sqs._dlq_sweep)


def _only_if(worth_it: Any, look_through: Any) -> Any:
    return lambda queue: look_through(queue) if worth_it(queue) else None


_take_for_function, _delete_batch = sqs._receive_messages_for_esm, sqs._act_delete_message_batch
