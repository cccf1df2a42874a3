"""From a queue to a robot and back: what is done goes, what is not comes back, in order."""

import json
import threading
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from crm_robots import wiring
from crm_robots.engine.pipeline import work_off
from crm_robots.portal.errors import AccessLost, Busy
from crm_robots.records.queue import HELD_SECONDS, Queue, delivered
from crm_robots.shared.events import Work
from moto import mock_aws

NOW = 1_767_000_000.0


class Recorder:
    """A robot that fails on the items it is told to fail on."""

    name = "recorder"

    def __init__(self, failures: dict[str, Exception] | None = None, breaks: Exception | None = None) -> None:
        self.failures = failures or {}
        self.breaks = breaks
        self.seen: list[Work] = []

    def handle(self, works: Sequence[Work]) -> dict[str, Exception]:
        self.seen += works
        if self.breaks:
            raise self.breaks
        return self.failures


@pytest.fixture
def sqs() -> Iterator[Any]:
    with mock_aws():
        yield botocore.session.get_session().create_client("sqs", region_name="eu-central-1")


@pytest.fixture
def queue(sqs: Any) -> Queue:
    fifo = {"FifoQueue": "true", "VisibilityTimeout": "720"}
    url = sqs.create_queue(QueueName="events.fifo", Attributes=fifo)["QueueUrl"]
    dead = sqs.create_queue(QueueName="dead.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    return Queue(sqs, url, dead, linger=0.01)


def put(sqs: Any, *items: str) -> None:
    url = sqs.get_queue_url(QueueName="events.fifo")["QueueUrl"]
    for number, item in enumerate(items):
        body = json.dumps({"event": "ONCRMLEADUPDATE", "item": item, "ts": 1_767_000_000 + number})
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=item, MessageDeduplicationId=str(number))


def deliver(sqs: Any, most: int = 10) -> dict[str, Any]:
    """What Lambda's event source would hand over."""
    url = sqs.get_queue_url(QueueName="events.fifo")["QueueUrl"]
    rows = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=most, MessageSystemAttributeNames=["All"])["Messages"]
    return {
        "Records": [
            {
                "messageId": row["MessageId"],
                "receiptHandle": row["ReceiptHandle"],
                "body": row["Body"],
                "attributes": row["Attributes"],
            }
            for row in rows
        ]
    }


def run(event: dict[str, Any], robot: Recorder, queue: Queue, **changes: Any) -> list[str]:
    told: list[Exception] = []
    answer = work_off(event, robot, queue, on_trouble=told.append, clock=lambda: NOW, chance=lambda: 0, **changes)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_f1_no_records_are_no_work(sqs, queue):
    """F1: who only warms a function up takes nothing out of its queue, even while requests are scarce."""
    robot = Recorder()
    put(sqs, "lead:1")

    answer = work_off({"Records": []}, robot, queue, on_trouble=lambda error: None, is_crowded=lambda: True)

    assert answer == {"batchItemFailures": []}
    assert robot.seen == []
    assert deliver(sqs)["Records"]


def test_w6_waiting_events_of_one_item_are_worked_off_together(sqs, queue):
    put(sqs, "lead:1", "lead:1", "lead:2")
    robot = Recorder()

    assert run(deliver(sqs), robot, queue) == []
    assert [(str(work.ref), len(work.events)) for work in robot.seen] == [("lead:1", 2), ("lead:2", 1)]
    assert robot.seen[0].ts == 1_767_000_001


def test_a_full_batch_drains_up_to_50_so_that_a_flood_is_read_in_one_request(sqs, queue):
    put(sqs, *(f"lead:{number}" for number in range(1, 71)))
    robot = Recorder()

    run(deliver(sqs), robot, queue)

    assert len(robot.seen) == 50
    remaining = sqs.get_queue_attributes(
        QueueUrl=sqs.get_queue_url(QueueName="events.fifo")["QueueUrl"],
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    assert remaining == {"ApproximateNumberOfMessages": "20", "ApproximateNumberOfMessagesNotVisible": "10"}


def test_a_drain_takes_no_more_than_it_was_asked_for(sqs, queue):
    put(sqs, *(f"lead:{number}" for number in range(1, 31)))
    assert len(queue.drain(12)) == 12


def test_a_drain_lingers_for_what_comes_within_a_moment(sqs, queue):
    lingering = Queue(sqs, queue._url, queue._dead_letters_url, linger=0.5)
    late = threading.Timer(0.2, put, (sqs, "lead:1"))
    late.start()

    assert len(lingering.drain(5)) == 1
    late.join()


@pytest.mark.parametrize(("crowded", "seen"), [(True, 3), (False, 1)])
def test_a_lone_event_takes_others_along_when_the_budget_is_nearly_spent(sqs, queue, crowded, seen):
    put(sqs, "lead:1", "lead:2", "lead:3")
    robot = Recorder()

    assert run(deliver(sqs, most=1), robot, queue, is_crowded=lambda: crowded) == []
    assert len(robot.seen) == seen


def test_f1_a_failed_item_returns_with_all_its_events_and_others_are_done(sqs, queue):
    put(sqs, "lead:1", "lead:1", "lead:2")
    event = deliver(sqs)

    failed = run(event, Recorder({"lead:1": Busy("batch", "HTML")}), queue)

    by_item = {json.loads(row["body"])["item"]: row["messageId"] for row in event["Records"]}
    assert len(failed) == 2
    assert by_item["lead:2"] not in failed


def test_f1_whatever_breaks_a_robot_every_message_comes_back(sqs, queue):
    put(sqs, "lead:1", "lead:2")
    assert len(run(deliver(sqs), Recorder(breaks=KeyError("x")), queue)) == 2


def test_f1_after_hours_of_trouble_a_message_goes_to_the_dead_letters(sqs, queue):
    put(sqs, "lead:1")
    event = deliver(sqs)
    event["Records"][0]["attributes"] |= {"ApproximateReceiveCount": "40", "SentTimestamp": "1766900000000"}

    run(event, Recorder({"lead:1": Busy("batch", "HTML")}), queue)

    dead = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="dead.fifo")["QueueUrl"])["Messages"]
    assert json.loads(dead[0]["Body"])["item"] == "lead:1"


def test_f2_a_lost_right_waits_in_the_queue_however_long(sqs, queue):
    put(sqs, "lead:1")
    event = deliver(sqs)
    event["Records"][0]["attributes"] |= {"ApproximateReceiveCount": "900", "SentTimestamp": "1766000000000"}

    assert len(run(event, Recorder({"lead:1": AccessLost("x", "insufficient_scope", right="task")}), queue)) == 1
    assert "Messages" not in sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="dead.fifo")["QueueUrl"])


def test_the_log_names_items_and_never_what_people_typed(sqs, queue, capsys):
    put(sqs, "lead:1")
    run(deliver(sqs), Recorder(breaks=ValueError("+7 916 000-11-22")), queue)

    assert "916" not in capsys.readouterr().out


def test_a_message_that_nobody_can_read_goes_to_the_dead_letters_and_the_others_are_done(sqs, queue):
    put(sqs, "lead:1", "lead:2")
    event = deliver(sqs)
    event["Records"][0]["body"] = "{"
    robot = Recorder()

    assert run(event, robot, queue) == []
    assert [str(work.ref) for work in robot.seen] == ["lead:2"]
    assert sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName="dead.fifo")["QueueUrl"])["Messages"]


def test_f1_whoever_cannot_be_told_of_trouble_does_not_keep_the_work_from_coming_back(sqs, queue):
    put(sqs, "lead:1")

    def tell(error: Exception) -> None:
        raise RuntimeError("no mail")

    robot = Recorder({"lead:1": Busy("batch", "HTML")})
    answer = work_off(deliver(sqs), robot, queue, on_trouble=tell, clock=lambda: NOW, chance=lambda: 0)
    assert len(answer["batchItemFailures"]) == 1


class Watched:
    """SQS, and what it was asked for."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def call(**request: Any) -> Any:
            self.calls.append((operation, request))
            return getattr(self._client, operation)(**request)

        return call

    def of(self, operation: str) -> list[dict[str, Any]]:
        return [request for name, request in self.calls if name == operation]


def test_f4_the_events_of_a_function_that_dies_come_back_when_it_would_have_been_ended(sqs, queue):
    """F4: not after the queue's own time-out, six times as late. Those that it drained, too."""
    put(sqs, *(f"lead:{number}" for number in range(1, 14)))
    watched, event = Watched(sqs), deliver(sqs)
    url = sqs.get_queue_url(QueueName="events.fifo")["QueueUrl"]

    queue = Queue(watched, url, "dead", linger=0.01)

    queue.hold([delivered(record) for record in event["Records"]])
    run(event, Recorder(), queue)

    (held,) = watched.of("change_message_visibility_batch")
    assert [entry["VisibilityTimeout"] for entry in held["Entries"]] == [HELD_SECONDS] * 10
    assert [entry["ReceiptHandle"] for entry in held["Entries"]] == [row["receiptHandle"] for row in event["Records"]]
    assert {request["VisibilityTimeout"] for request in watched.of("receive_message")} == {HELD_SECONDS}


def test_f1_messages_that_cannot_be_held_are_worked_off_all_the_same(sqs, queue):
    """F1: SQS may refuse a call."""
    put(sqs, "lead:1")
    records = deliver(sqs)["Records"]

    Queue(sqs, "https://sqs.eu-central-1.amazonaws.com/1/none", "dead").hold([delivered(one) for one in records])


def test_f4_a_function_holds_its_events_before_anything_can_fail(sqs, queue, monkeypatch):
    """F4: what dies while it still starts, or cannot read its parameters, keeps nobody waiting either."""
    put(sqs, "lead:1")
    watched = Watched(sqs)
    monkeypatch.setenv("QUEUE_URL", sqs.get_queue_url(QueueName="events.fifo")["QueueUrl"])
    monkeypatch.setenv("DEAD_LETTERS_URL", "dead")
    monkeypatch.setattr(wiring, "client", lambda _: watched)
    monkeypatch.setattr(wiring, "parameters", dict)
    context = SimpleNamespace(function_name="x", memory_limit_in_mb=512, invoked_function_arn="x", aws_request_id="x")

    with pytest.raises(KeyError):
        wiring.queue_function(lambda _: Recorder())(deliver(sqs), context)

    assert len(watched.of("change_message_visibility_batch")) == 1


class Fragile(Recorder):
    """A robot that breaks on every window with one of these items in it."""

    def __init__(self, *strange: str, error: Exception) -> None:
        super().__init__()
        self.strange, self.error = strange, error
        self.windows = 0
        self.done: list[str] = []

    def handle(self, works: Sequence[Work]) -> dict[str, Exception]:
        self.windows += 1
        items = [str(work.ref) for work in works]
        if set(items) & set(self.strange):
            raise self.error
        self.done += items
        return {}


ITEMS = [f"lead:{number}" for number in range(1, 51)]


def failed_items(event: dict[str, Any], failed: Sequence[str]) -> set[str]:
    return {json.loads(row["body"])["item"] for row in event["Records"] if row["messageId"] in failed}


def test_f1_one_strange_card_does_not_hold_the_others_of_its_window_up(sqs, queue):
    """F1: a card that a robot stumbles over comes back by itself, and costs few requests."""
    put(sqs, *ITEMS)
    robot, event = Fragile("lead:7", error=KeyError("x")), deliver(sqs)

    assert failed_items(event, run(event, robot, queue)) == {"lead:7"}
    assert sorted(robot.done) == sorted(set(ITEMS) - {"lead:7"})
    assert robot.windows <= 13


def test_f1_f2_a_fault_that_all_cards_have_does_not_cost_a_request_for_each(sqs, queue):
    """F1, F2: the portal's budget is for those whose work can be done."""
    put(sqs, *ITEMS)
    robot, event = Fragile(*ITEMS, error=KeyError("x")), deliver(sqs)

    assert len(run(event, robot, queue)) == 10
    assert robot.windows <= 32


@pytest.mark.parametrize("error", [Busy("batch", "HTML"), ClientError({"Error": {"Code": "Throttling"}}, "GetItem")])
def test_f1_f2_what_is_out_of_reach_is_not_tried_card_by_card(sqs, queue, error):
    """F1, F2: no hammering."""
    put(sqs, *ITEMS)
    robot = Fragile("lead:7", error=error)

    run(deliver(sqs), robot, queue)

    assert robot.windows == 1
