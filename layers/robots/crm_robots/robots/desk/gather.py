"""Reads what the day's figures are counted from: whole lists of the portal, and the timers of each page of cards."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import batched
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.engine.tools import Tools
from crm_robots.portal import calls, whole_lists
from crm_robots.portal.items import to_item
from crm_robots.portal.lists import Guess, Row
from crm_robots.records.settings_reader import InForce
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.timer import Calendar
from crm_robots.robots.client_status.timer_records import timer_of
from crm_robots.robots.daily.news import News
from crm_robots.robots.desk.figures import WINDOW, Called, Client, Draws, Figures, Heard, Manager
from crm_robots.robots.desk.snapshot import Index
from crm_robots.robots.routing.memory import RoutingMemory
from crm_robots.shared.items import ENTITY_TYPE_IDS, KINDS, Item, ItemRef, to_id, to_ids
from crm_robots.shared.markup import from_wire
from crm_robots.shared.people import Directory

_ROWS = 100
_LEADS = 1000


class Gathering:
    """One snapshot. `before`: the last one, which tells how long the lists are."""

    def __init__(
        self, tools: Tools, settings: InForce[ClientStatusRules], day: date, ts: int, before: Index, people: Directory
    ) -> None:
        self._tools = tools
        self._rules = settings.rules
        self._zone = settings.portal.timezone
        self._day = day
        self._ts = ts
        self._before = before
        self._people = people
        self._since = datetime.fromtimestamp(ts, ZoneInfo(self._zone)) - WINDOW
        self._cards: dict[str, tuple[int, int]] = {}

    def made(self) -> tuple[Index, list[Manager]]:
        """The snapshot."""
        portal = self._tools.scanner
        deals = _opened(whole_lists.new_deals(portal, self._since), self._zone)
        figures = Figures(self._day, Calendar(self._rules, self._zone), deals)
        for client in self._clients():
            figures.add(client)
        for user in _responsible_for(whole_lists.open_deals(portal)):
            figures.of(user).open_deals += 1
        figures.calls(self._called(), self._heard())
        for user, draws in self._draws().items():
            figures.of(user).draws = draws
        found = [self._named(one) for one in figures.finished(self._rules.capacity).values()]
        statuses = tuple((one.code, one.label) for one in self._rules.statuses)
        users = tuple(sorted(one.id for one in found))
        return Index(self._day, self._ts, users, self._rules.capacity, statuses, self._cards), found

    def _named(self, one: Manager) -> Manager:
        user = self._people.users.get(one.id)
        places = user.departments if user else ()
        one.name, one.departments = self._people.name(one.id), places
        known = (self._people.departments[place].name for place in places if place in self._people.departments)
        one.department = next(known, "")
        return one

    def _clients(self) -> Iterator[Client]:
        """Every tracked card with its timer; whoever is responsible is read from the portal, all at once."""
        kinds = {ENTITY_TYPE_IDS[kind]: Guess(*self._before.cards.get(kind, (0, 0))) for kind in self._rules.entities}
        select = ["id", "title", "name", "lastName", "assignedById"]
        for number, rows, _ in self._tools.scanner.item_pages(kinds, select):
            kind = KINDS[number]
            cards = [to_item(kind, row) for row in rows]
            count, newest = self._cards.get(kind, (0, 0))
            ids = (int(card.ref.id) for card in cards)
            self._cards[kind] = (count + len(cards), max(ids, default=newest))
            for some in batched(cards, _ROWS, strict=False):
                yield from self._with_timers(some)

    def _with_timers(self, cards: Iterable[Item]) -> Iterator[Client]:
        by_item = {str(card.ref): card for card in cards}
        for item, row in self._tools.timers.rows(by_item).items():
            card = by_item[item]
            news = msgspec.json.decode(row["news"]["S"], type=News, dec_hook=from_wire) if "news" in row else None
            timer = timer_of(row)
            true = news if news and news.still_true(timer.status) else None
            past = news if news and news.kind == "lost" else true
            yield Client(item, card.title, card.responsible_id or 0, timer, past)

    def _called(self) -> Iterator[Called]:
        rows = list(whole_lists.all_calls(self._tools.scanner, self._since))
        owners, who = calls.owners(rows), {to_id(row.get("ID")): to_id(row.get("RESPONSIBLE_ID")) for row in rows}
        for call in calls.to_calls(rows, self._zone):
            day = datetime.fromtimestamp(call.start, ZoneInfo(self._zone)).date()
            if by := who.get(call.id):
                yield Called(call.id, by, _client(owners.get(call.id)), day)

    def _heard(self) -> list[Heard] | None:
        rows = whole_lists.statistics(self._tools.scanner, self._since)
        return None if rows is None else [_heard(row) for row in rows]

    def _draws(self) -> dict[int, list[Draws]]:
        """Of the leads that were changed meanwhile: a draw changes its lead."""
        expected: dict[tuple[int, str], float] = defaultdict(float)
        actual: dict[tuple[int, str], int] = defaultdict(int)
        if "routing" not in self._tools.settings.on(["routing"]):
            return {}
        first = int(self._since.timestamp())
        rows = whole_lists.changed_leads(self._tools.scanner, self._since)
        for some in batched((f"lead:{row['id']}" for row in rows), _LEADS, strict=False):
            for record in self._tools.memory.load("routing", some).values():
                for draw in record.remembered(RoutingMemory).draws:
                    if draw.at < first or draw.way == "same" or not draw.eligible:
                        continue
                    actual[draw.manager, draw.department_name] += 1
                    for user in draw.eligible:
                        expected[user, draw.department_name] += 1 / len(draw.eligible)
        found: dict[int, list[Draws]] = defaultdict(list)
        for user, department in sorted({*expected, *actual}):
            key = (user, department)
            found[user].append(Draws(department, round(expected[key], 2), actual[key]))
        return found


def _opened(deals: Iterable[Row], zone: str) -> dict[str, int]:
    newest: dict[str, int] = {}
    for row in deals:
        at = calls.moment(row.get("createdTime"), zone) or 0
        for client in _clients_of(row):
            newest[client] = max(at, newest.get(client, 0))
    return newest


def _clients_of(deal: Row) -> set[str]:
    contacts = {*to_ids(deal.get("contactIds")), *to_ids(deal.get("contactId"))}
    company = to_id(deal.get("companyId"))
    found = {f"contact:{number}" for number in contacts if number}
    return found | ({f"company:{company}"} if company else set())


def _responsible_for(deals: Iterable[Row]) -> Iterator[int]:
    for row in deals:
        user = to_id(row.get("assignedById"))
        if user and row.get("stageSemanticId") in (None, "", "P") and row.get("isRecurring") != "Y":
            yield user


def _client(owner: ItemRef | None) -> str:
    return str(owner) if owner and owner.kind in ("contact", "company") else ""


def _heard(row: Row) -> Heard:
    kind, number = str(row.get("CRM_ENTITY_TYPE") or "").lower(), to_id(row.get("CRM_ENTITY_ID"))
    card = f"{kind}:{number}" if kind in ("contact", "company") and number else ""
    seconds = to_id(row.get("CALL_DURATION")) or 0
    is_answered = str(row.get("CALL_FAILED_CODE") or "200") == "200"
    return Heard(
        to_id(row.get("CRM_ACTIVITY_ID")) or 0, to_id(row.get("PORTAL_USER_ID")) or 0, card, seconds, is_answered
    )
