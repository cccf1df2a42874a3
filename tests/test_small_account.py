"""A burst of 1,000 webhooks in an account that runs ten functions at once, on a model of Lambda's dispatch."""

import heapq
from itertools import count

import pytest
from crm_robots.robots.registry import ROWS

from tests.support.tables import template

AT_ONCE = 10
RECEIVE_SECONDS, WINDOW_SECONDS, WINDOW = 0.02, 3.0, 10
SENDERS = {3: 4, 4: 2}
"""Robots of one kind of card: webhooks at a time. Bitrix24's queue waits for an answer, so one at a time is usual."""
CONCURRENCY = template()["Parameters"]["QueueConcurrency"]["Default"]


class Account:
    """Lambda's dispatch: whoever asks first gets a free function; robots ask as soon as one is free."""

    def __init__(self, robots: list[str], concurrency: int) -> None:
        self.concurrency = concurrency
        self.waiting, self.busy = dict.fromkeys(robots, 0), dict.fromkeys(robots, 0)
        self.running, self.refused = 0, 0
        self.happenings: list[tuple[float, int, str, str]] = []
        self.numbers = count()

    def after(self, seconds: float, now: float, what: str, robot: str = "") -> None:
        heapq.heappush(self.happenings, (now + seconds, next(self.numbers), what, robot))

    def send(self, now: float) -> None:
        """A webhook that finds no free function is lost, and its sender goes on to the next."""
        if self.running < AT_ONCE:
            self.running += 1
            self.after(RECEIVE_SECONDS, now, "received")
        else:
            self.refused += 1
            self.after(RECEIVE_SECONDS, now, "send")

    def received(self, now: float) -> None:
        self.running -= 1
        self.waiting = {name: waiting + 1 for name, waiting in self.waiting.items()}
        self.after(0.001, now, "send")

    def done(self, robot: str) -> None:
        self.running -= 1
        self.busy[robot] -= 1

    def start_robots(self, now: float) -> None:
        for name, waiting in self.waiting.items():
            if waiting and self.busy[name] < self.concurrency and self.running < AT_ONCE:
                self.waiting[name] = max(0, waiting - WINDOW)
                self.busy[name] += 1
                self.running += 1
                self.after(WINDOW_SECONDS, now, "done", name)


def lost(webhooks: int, robots: list[str], concurrency: int, senders: int) -> int:
    """Webhooks that found all functions busy while robots worked the burst off, each window for seconds."""
    account, sent = Account(robots, concurrency), 0
    for _ in range(senders):
        account.after(0, 0, "send")
    while account.happenings:
        now, _, what, robot = heapq.heappop(account.happenings)
        if what == "send" and sent < webhooks:
            sent += 1
            account.send(now)
        elif what == "received":
            account.received(now)
        elif what == "done":
            account.done(robot)
        account.start_robots(now)
    return account.refused


def robots_of(event: str) -> list[str]:
    return [row.name for row in ROWS if event in row.events]


@pytest.mark.parametrize("event", sorted({event for row in ROWS for event in row.events}))
def test_w3_a_burst_of_1000_webhooks_loses_none_in_an_account_of_ten(event):
    robots = robots_of(event)

    assert lost(1000, robots, CONCURRENCY, SENDERS[max(3, len(robots))]) == 0


def test_w3_a_fourth_robot_of_one_kind_leaves_room_for_two_webhooks_at_a_time():
    robots = [*robots_of("ONCRMDEALUPDATE"), "fourth"][:4]

    assert lost(1000, robots, CONCURRENCY, SENDERS[len(robots)]) == 0


def test_five_functions_per_robot_would_lose_webhooks():
    assert lost(1000, robots_of("ONCRMLEADUPDATE"), 5, SENDERS[3]) > 100
