"""D10, D11: what is counted for each manager, one client after the other; of clients short lists are kept."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby

import msgspec

from crm_robots.robots.client_status.rules import LOST, NEW
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.daily.news import News

WINDOW = timedelta(days=30)
SILENT = timedelta(days=90)
SHORT_SECONDS = 10
DAYS_AHEAD = 14
WEEKS = 5
_WEEK = timedelta(days=7)
_MOST_CARDS = 50
_MOST_NAMES = 15


class Sign(msgspec.Struct):
    """How often; `count` is None where the telephony does not tell."""

    count: int | None = 0
    cards: list[str] = []

    def note(self, card: str) -> None:
        """One time more."""
        self.count = (self.count or 0) + 1
        if card and card not in self.cards and len(self.cards) < _MOST_CARDS:
            self.cards.append(card)


class Signs(msgspec.Struct):
    """Of whoever raised or called."""

    raises_without_deal: Sign = msgspec.field(default_factory=Sign)
    ticked_calls: Sign = msgspec.field(default_factory=Sign)
    short_calls: Sign = msgspec.field(default_factory=Sign)
    same_day_calls: Sign = msgspec.field(default_factory=Sign)
    raises_on_drop_day: Sign = msgspec.field(default_factory=Sign)


class Named(msgspec.Struct, frozen=True, order=True):
    """A client in a list: when, which card, its name and its status."""

    day: date
    item: str
    title: str
    status: str
    why: str = ""
    """Of a pause."""


class Draws(msgspec.Struct, frozen=True):
    """Of one department."""

    department: str
    expected: float = 0.0
    actual: int = 0


class Manager(msgspec.Struct):
    """One manager's figures."""

    id: int
    name: str = ""
    department: str = ""
    departments: tuple[int, ...] = ()
    clients: dict[str, int] = {}
    due: int = 0
    lost: int = 0
    rescued: int = 0
    snoozed: int = 0
    open_deals: int = 0
    no_calls: int = 0
    above: bool = False
    signs: Signs = msgspec.field(default_factory=Signs)
    changed_by_week: list[int] = msgspec.field(default_factory=lambda: [0] * WEEKS)
    """This week first: the seven days up to the snapshot's."""
    lost_by_week: list[int] = msgspec.field(default_factory=lambda: [0] * WEEKS)
    rescued_by_week: list[int] = msgspec.field(default_factory=lambda: [0] * WEEKS)
    ahead: list[int] = msgspec.field(default_factory=lambda: [0] * DAYS_AHEAD)
    """How many change on each of the next days, today first."""
    soon: list[Named] = []
    gone: list[Named] = []
    paused: list[Named] = []
    """Until when, soonest first (S9)."""
    draws: list[Draws] = []


class Client(msgspec.Struct, frozen=True):
    """A tracked card, as it was read."""

    item: str
    title: str
    responsible: int
    timer: Timer
    news: News | None = None


class Called(msgspec.Struct, frozen=True):
    """A completed call."""

    id: int
    by: int
    card: str
    """The client; empty where it had none."""
    day: date


class Heard(msgspec.Struct, frozen=True):
    """A call that the telephony knows."""

    activity: int
    by: int
    card: str
    seconds: int
    answered: bool


class Figures:
    """Counts. `deals`: when the newest deal of each client was opened, unix seconds, as far back as raises go."""

    def __init__(self, day: date, calendar: Calendar, deals: Mapping[str, int]) -> None:
        self._day = day
        self._calendar = calendar
        self._deals = deals
        codes = {one.code: 0 for one in calendar.rules.statuses}
        self.managers: dict[int, Manager] = {}
        self._codes = codes

    def of(self, user: int) -> Manager:
        """The manager, counted from nothing."""
        if user not in self.managers:
            self.managers[user] = Manager(user, clients=dict(self._codes))
        return self.managers[user]

    def add(self, client: Client) -> None:
        """One client more."""
        self._signs(client)
        timer, day = client.timer, self._day
        self._lost(client)
        if not timer.status:
            return
        one = self.of(client.responsible)
        one.clients[timer.status] = one.clients.get(timer.status, 0) + 1
        if timer.since and timer.status != NEW:
            _count(one.changed_by_week, timer.since, day)
        extra = self._calendar.rescued(timer)
        for rescued in {*timer.past.rescued, *([extra] if extra else [])}:
            one.rescued += _within(rescued, day)
            _count(one.rescued_by_week, rescued, day)
        pause = timer.pause
        is_snoozed = pause is not None and pause.holds(day)
        if pause and pause.until and is_snoozed:
            one.snoozed += 1
            named = Named(pause.until, client.item, client.title, timer.status, pause.reason)
            one.paused = _first([*one.paused, named])
        one.no_calls += self._is_silent(timer)
        due = self._calendar.due(timer)
        if due and not is_snoozed and due >= day:
            one.due += due <= day + _WEEK
            if due < day + timedelta(days=DAYS_AHEAD):
                one.ahead[(due - day).days] += 1
                one.soon = _first([*one.soon, Named(due, client.item, client.title, timer.status)])

    def calls(self, made: Iterable[Called], heard: Iterable[Heard] | None) -> None:
        """D11 of calls; `heard` is None where the telephony does not tell."""
        made = list(made)
        known: set[int] = set()
        for one in heard or ():
            known.add(one.activity)
            if one.answered and one.seconds < SHORT_SECONDS and one.by:
                self.of(one.by).signs.short_calls.note(one.card)
        for call in made:
            if heard is not None and call.id not in known:
                self.of(call.by).signs.ticked_calls.note(call.card)
        ordered = sorted((one.by, one.card, one.day) for one in made if one.card)
        for (by, card, _), some in groupby(ordered):
            if len(list(some)) > 1:
                self.of(by).signs.same_day_calls.note(card)
        if heard is None:
            self._telephony_is_silent = True

    _telephony_is_silent = False

    def finished(self, capacity: int | None) -> dict[int, Manager]:
        """All managers, once everything is counted."""
        for one in self.managers.values():
            held = sum(count for code, count in one.clients.items() if code != LOST)
            one.above = capacity is not None and held > capacity
            if self._telephony_is_silent:
                one.signs.ticked_calls, one.signs.short_calls = Sign(None), Sign(None)
        return self.managers

    def _signs(self, client: Client) -> None:
        for one in client.timer.past.raises:
            if not _within(self._calendar.today(one.at), self._day):
                continue
            signs = self.of(one.by).signs
            if self._deals.get(client.item, 0) < one.at:
                signs.raises_without_deal.note(client.item)
            if one.on_drop_day:
                signs.raises_on_drop_day.note(client.item)

    def _lost(self, client: Client) -> None:
        """Whoever was responsible when it happened lost the client."""
        timer, news = client.timer, client.news
        when: date | None
        if news and news.kind == "lost":
            when, who = news.run, news.responsible
        elif timer.status == LOST:
            when, who = timer.since, client.responsible
        else:
            return
        if when is None or not who:
            return
        one = self.of(who)
        _count(one.lost_by_week, when, self._day)
        if _within(when, self._day):
            one.lost += 1
            one.gone = _last([*one.gone, Named(when, client.item, client.title, timer.status)])

    def _is_silent(self, timer: Timer) -> bool:
        last = self._calendar.today(timer.last_call) if timer.last_call else timer.past.watched or timer.since
        return last is not None and (last < self._day - SILENT if timer.last_call else last <= self._day - SILENT)


def _within(then: date, day: date) -> bool:
    return day - WINDOW < then <= day


def _count(weeks: list[int], then: date, day: date) -> None:
    week = (day - then).days // 7
    if then <= day and week < WEEKS:
        weeks[week] += 1


def _first(names: list[Named]) -> list[Named]:
    return sorted(names, key=lambda one: (one.day, one.item))[:_MOST_NAMES]


def _last(names: list[Named]) -> list[Named]:
    return sorted(names, key=lambda one: (one.day, one.item), reverse=True)[:_MOST_NAMES]
