"""A company's year in memory: cards, calls, deals and days, judged by the robots' real decisions.

Portal and tables are plain objects here, so a year takes seconds. Chance comes from a seed.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import msgspec
from crm_robots.robots.client_status import cards, deals
from crm_robots.robots.client_status.cards import Sight
from crm_robots.robots.client_status.deals import DealMemory, Happening
from crm_robots.robots.client_status.rules import LOST
from crm_robots.robots.client_status.settle import due_fields, with_due
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.daily.addressees import addressees
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.decide import HandOver, drop, warn
from crm_robots.robots.daily.digest import Writer
from crm_robots.robots.daily.heirs import heirs
from crm_robots.robots.daily.letters import letters
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.steps import Verdict, next_status, verdict
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.decision import Decision
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.people import Department, Directory, User
from crm_robots.shared.stop_list import stopped
from crm_robots.shared.values import day_of_value

from tests.support.client_status import FIELD, PORTAL

HEAD = 100
MANAGERS = tuple(range(101, 113))
DIRECTORY = Directory(
    {number: User(number, f"Менеджер {number}", departments=(1,)) for number in (HEAD, *MANAGERS)},
    {1: Department(1, "Продажи", None, HEAD)},
)
_HOUR = 3600
_OWN = (FIELD, "ASSIGNED_BY_ID", "OPENED")


@dataclass
class Habit:
    """How a manager works: chances a day and client."""

    calls: float
    deals: float
    cheats: float
    """Changing a status without having called."""


@dataclass
class Client:
    """A card, its timer, and what really happened, kept apart from what the robot knows."""

    ref: ItemRef
    responsible: int
    status: int | None = None
    timer: Timer = field(default_factory=Timer)
    saved_by: int = 0
    calls: list[int] = field(default_factory=list)
    deal: int | None = None
    dropped: list[date] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    """What else stands on the card: marks, a pause, the day of the next change."""

    @property
    def card(self) -> Item:
        """As the portal shows it."""
        shown = {"TITLE": f"Клиент {self.ref.id}", FIELD: self.status, "ASSIGNED_BY_ID": self.responsible}
        return Item(self.ref, shown | {"UPDATED_BY": self.saved_by, "OPENED": "N"} | self.fields)


class Year:
    """Plays days, and checks after each what must always hold."""

    def __init__(self, calendar: Calendar, seed: int, clients: int = 240) -> None:
        self.calendar = calendar
        self.chance = Random(seed)
        self.habits = {
            manager: Habit(calls=(0.002, 0.03, 0.2)[number % 3], deals=0.004, cheats=(0.0, 0.01)[number % 2])
            for number, manager in enumerate(MANAGERS)
        }
        self.day = date(2026, 1, 1)
        self.directory = DIRECTORY
        self.told: dict[str, date] = {}
        self.seen: Counter[str] = Counter()
        self.clients = [self._born(number) for number in range(1, clients + 1)]

    def play(self, days: int) -> None:
        """So many days of work, each followed by the day's run of the next morning."""
        for _ in range(days):
            for client in self.clients:
                self._work_on(client)
            self.day += timedelta(days=1)
            self._morning()
            self._check()

    def _born(self, number: int) -> Client:
        client = Client(ItemRef(("company", "contact")[number % 2], number), MANAGERS[number % len(MANAGERS)])
        self._saved(client, self._ts(9), added=True)
        return client

    def _ts(self, hour: int) -> int:
        """Of that hour of the day in Moscow."""
        return int(datetime(self.day.year, self.day.month, self.day.day, hour, tzinfo=UTC).timestamp()) - 3 * _HOUR

    def _work_on(self, client: Client) -> None:
        habit = self.habits.get(client.responsible, Habit(0.05, 0.01, 0.0))
        ts = self._ts(self.chance.randint(10, 17))
        if self.chance.random() < habit.calls:
            self._called(client, ts, lost=self.chance.random() < 0.1)
        if self.chance.random() < habit.cheats:
            self._changed(client, ts + _HOUR)
        self._cared_for(client, ts + _HOUR)
        if client.deal is None and self.chance.random() < habit.deals:
            self._deal(client, "open", ts + 2 * _HOUR)
        elif client.deal is not None and self.chance.random() < 0.05:
            self._deal(client, self.chance.choice(["won", "lost"]), ts + 2 * _HOUR)

    def _cared_for(self, client: Client, ts: int) -> None:
        """Somebody marks the client, takes the mark away, or pauses it, as far as the settings know of either."""
        rules = self.calendar.rules
        for mark in rules.skip_when.marks.get(client.ref.kind, ()):
            if self.chance.random() < 0.01:
                client.fields[mark.field] = None if client.fields.get(mark.field) else mark.values[0]
                self._edited(client, ts)
        if rules.snooze and self.chance.random() < 0.01:
            until = self.day + timedelta(days=self.chance.choice([-1, 5, 30, 80, 200]))
            client.fields[rules.snooze.until_field] = until.isoformat()
            client.fields[rules.snooze.reason_field] = self.chance.choice(["В отпуске", "В отпуске", ""])
            self._edited(client, ts)

    def _edited(self, client: Client, ts: int) -> None:
        client.saved_by = client.responsible
        self._saved(client, ts)
        self.seen["stopped" if client.timer.stopped else "paused" if client.timer.pause else "let be"] += 1

    def dismiss(self, *people: int) -> None:
        """They no longer work here."""
        users = {
            number: msgspec.structs.replace(user, active=number not in people)
            for number, user in self.directory.users.items()
        }
        self.directory = Directory(users, self.directory.departments)

    def _called(self, client: Client, ts: int, *, lost: bool) -> None:
        client.calls.append(ts)
        if not lost and client.timer.status:
            self._heard(client, ts)

    def _heard(self, client: Client, ts: int) -> None:
        client.timer = _with_call(client.timer, ts)
        client.fields |= due_fields(client.card, client.timer, self.calendar)

    def _changed(self, client: Client, ts: int) -> None:
        code = self.chance.choice(["hot", "warm", "cold"])
        client.status, client.saved_by = self.calendar.rules.value_of(client.ref.kind, code), client.responsible
        self._saved(client, ts)

    def _saved(self, client: Client, ts: int, *, added: bool = False) -> None:
        sight = Sight(client.card, client.timer, ts, added=added)
        change = cards.change_of(sight, self.calendar, PORTAL)
        since = cards.called_since(ts, self.calendar)
        called = any(since <= call <= ts for call in client.calls)
        decision = cards.decide(sight, change, self.calendar, PORTAL, called=called)
        self.seen[f"change {change.value}{'' if called else ' without a call'}"] += 1
        self._apply(client, decision)

    def _deal(self, client: Client, state: str, ts: int) -> None:
        deal = ItemRef("deal", client.ref.id)
        before = DealMemory("open" if client.deal else "", (str(client.ref),))
        now = DealMemory(state, (str(client.ref),))  # type: ignore[arg-type]
        found = deals.happenings(deal, before, now, "", moved=ts, ts=ts)
        client.deal = int(deal.id) if state == "open" else None
        news: list[Happening] = [found[str(client.ref)]]
        decision = deals.decide(client.card, client.timer, news, self.calendar, PORTAL, ts=ts, has_open=False)
        self._apply(client, decision)
        self.seen[f"deal {state}"] += 1

    def _morning(self) -> None:
        case = Case(self.day, self.calendar, PORTAL, self.directory)
        news = [one for client in self.clients if (one := self._step(client, case))]
        writer = Writer(self.day, self.calendar.rules, PORTAL, self.directory)
        told = {one.item: addressees(one, self.directory, (HEAD,)) for one in news}
        for person in {person for people in told.values() for person in people}:
            assert self.directory.is_active(person), "whoever hears of a client works here"
            mine = [one for one in news if person in told[one.item]]
            sent = letters(person, mine, writer, self.told, listens=True)
            assert len(sent) == 1, "one message a person and day"
            assert not letters(person, mine, writer, self.told | {sent[0].key: self.day}, listens=True)
            self.told[sent[0].key] = self.day
            self.seen["messages"] += 1

    def _step(self, client: Client, case: Case) -> News | None:
        what = verdict(client.timer, self.calendar, self.day)
        if what is Verdict.DROP and client.calls:
            self._heard(client, client.calls[-1])
            what = verdict(client.timer, self.calendar, self.day)
        if what is Verdict.NOTHING:
            return None
        if what is Verdict.WARN:
            decision, news = warn(client.card, client.timer, case)
        else:
            self._check_drop(client)
            decision, news = drop(client.card, client.timer, case, self._over(client))
            decision = with_due(client.card, decision, self.calendar)
        self._check_news(client, news)
        self._apply(client, decision)
        self.seen[news.kind] += 1
        return news

    def _check_news(self, client: Client, news: News) -> None:
        """Nobody hears of a stopped or paused client; of all others somebody who works here does."""
        assert not stopped(client.card, self.calendar.rules.skip_when), "a stopped client is left alone"
        assert not (client.timer.pause and client.timer.pause.holds(self.day)), "a paused client is left alone"
        assert addressees(news, self.directory, (HEAD,)), "every client has somebody who hears of it"

    def _over(self, client: Client) -> HandOver | None:
        if next_status(client.timer.status, self.calendar.rules) != LOST:
            return None
        people = heirs(self.calendar.rules.lost.transfer, self.directory, client.responsible)
        return HandOver(self.chance.choice(people)) if people else None

    def _apply(self, client: Client, decision: Decision) -> None:
        """What the portal would have afterwards; deciding again on that must change nothing."""
        for action in decision.actions:
            if isinstance(action, UpdateItem):
                client.status = action.fields.get(FIELD, client.status)
                client.fields |= {name: value for name, value in action.fields.items() if name not in _OWN}
                client.responsible = action.fields.get("ASSIGNED_BY_ID", client.responsible)
                client.saved_by = PORTAL.webhook_user_id
        client.timer = decision.memory
        echo = Sight(client.card, client.timer, self._ts(20))
        assert cards.change_of(echo, self.calendar, PORTAL) is cards.Change.NONE, "an echo is no change"

    def _check_drop(self, client: Client) -> None:
        """No drop without its days having passed, and none with a call inside the term."""
        status = self.calendar.rules.status(client.timer.status)
        assert status is not None
        assert status.days is not None
        assert client.timer.since is not None
        last = max((self.calendar.today(call) for call in client.calls), default=client.timer.since)
        start = max(client.timer.since, last)
        assert self.calendar.days.later(start, status.days) <= self.day
        assert self.day not in client.dropped, "one step a run"
        assert client.deal is None, "an open deal keeps its client in work"
        client.dropped.append(self.day)

    def _check(self) -> None:
        """Every client has one status, and it is its timer's."""
        shown = Counter(cards.status_of(client.card, self.calendar) for client in self.clients)
        assert sum(shown[status.code] for status in self.calendar.rules.statuses) == len(self.clients)
        for client in self.clients:
            assert cards.status_of(client.card, self.calendar) == client.timer.status
            term = self.calendar.term(client.timer)
            assert term is None or term.due > self.day, "nobody is overdue after the day"
            due = day_of_value(client.fields.get(self.calendar.rules.due_field))
            known = self.calendar.due(client.timer) if self.calendar.rules.due_field else None
            assert due == known, "the card shows the timer's day"


def _with_call(timer: Timer, ts: int) -> Timer:
    return timer if timer.last_call >= ts else msgspec.structs.replace(timer, last_call=ts)
