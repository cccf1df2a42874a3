"""Lambda: takes messages from a robot's queue, runs its handler in a warm or new container, deletes what was done."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from botocore.exceptions import ClientError
from crm_robots.engine.pipeline import Robot, work_off
from crm_robots.portal.errors import AccessLost, Busy
from crm_robots.records.memory import Contended
from crm_robots.records.queue import Queue, delivered

from tests.simulation.queues import Queues
from tests.simulation.scheduler import Scheduler
from tests.simulation.wires import SlowQueues, Wires
from tests.support.chaos import Killed

_CONCURRENCY = 5
_EXPECTED = (Busy, AccessLost, Contended, ClientError)


@dataclass
class Container:
    """What stays warm between two invocations."""

    robot: Robot
    on_trouble: Callable[[Exception], None]


class Function:
    """One robot's function and its event source. `bugs`: what no fault explains."""

    def __init__(
        self,
        name: str,
        make: Callable[[], Container],
        queues: Queues,
        wires: Wires,
        scheduler: Scheduler,
        random: Random,
        bugs: list[str],
    ) -> None:
        self.name = name
        self._make = make
        self._queues = queues
        self._wires = wires
        self._scheduler = scheduler
        self._random = random
        self._bugs = bugs
        self._idle: list[Container] = []
        self._running = 0
        queues.add(name, lambda moment: scheduler.at(moment + 0.001, self._poll))

    def deploy(self) -> None:
        """Warm containers are gone; what runs goes on."""
        self._idle.clear()

    def _poll(self) -> None:
        while self._running < _CONCURRENCY:
            most = self._random.choice((1, 2, 10))
            messages = self._queues.receive_message(self.name, most).get("Messages", [])
            if not messages:
                return
            self._running += 1
            self._scheduler.spawn(lambda messages=messages: self._invoke(messages))  # type: ignore[misc]

    def _invoke(self, messages: list[dict[str, Any]]) -> None:
        self._wires.begin()
        try:
            self._work(messages)
        except Killed:
            pass
        except ClientError:
            pass  # Lambda's try has failed: everything comes back when it becomes visible
        except Exception as error:
            self._bugs.append(f"{self.name} raised {type(error).__name__}: {error}")
        finally:
            self._wires.end()
            self._running -= 1
            self._scheduler.at(self._scheduler.now, self._poll)

    def _work(self, messages: list[dict[str, Any]]) -> None:
        records = [_record(one) for one in messages]
        queue = Queue(SlowQueues(self._queues, self._wires), self.name, f"{self.name}-dead", linger=0)
        queue.hold([delivered(one) for one in records])
        # A container that ends with an exception is not used again.
        container = self._idle.pop() if self._idle else self._make()
        answer = work_off(
            {"Records": records},
            container.robot,
            queue,
            on_trouble=lambda error: self._judge(container, error),
            clock=lambda: self._scheduler.now,
            chance=self._random.random,
        )
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        for one in messages:
            if one["MessageId"] not in failed:
                with suppress(ClientError):
                    self._queues.delete_message(self.name, one["ReceiptHandle"])
        self._idle.append(container)

    def _judge(self, container: Container, error: Exception) -> None:
        if not isinstance(error, _EXPECTED):
            trace, place = error.__traceback__, ""
            while trace is not None:
                place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
                trace = trace.tb_next
            self._bugs.append(f"{self.name} failed with {type(error).__name__} at {place}: {error}")
        container.on_trouble(error)


def _record(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
    }
