"""Our client on the sandbox portal: references, lists, limits, and bulk work cut at every kind of fault."""

import httpx
import pytest
from crm_robots.portal import bulk
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command
from crm_robots.portal.errors import AccessLost, Busy, Gone
from crm_robots.portal.limiter import LocalLimiter
from crm_robots.portal.people import read_directory
from crm_robots.shared.reference import Reference

from sandbox.portal.core import Portal
from sandbox.seed import company
from sandbox.transport import PortalTransport
from tests.support.clock import Clock
from tests.support.sandbox import empty_portal

CARDS = 130


class Desk:
    """A portal with companies, our client on it, and a clock that both share."""

    def __init__(self):
        self.portal: Portal = empty_portal()
        self.webhook = company(self.portal).webhook
        somebody = self.portal.as_user(1)
        self.ids = [somebody.create("company", title=f"Company {n}") for n in range(CARDS)]
        self.clock = Clock()
        self.wire = PortalTransport(self.portal)
        self.client = self.connect()

    def connect(self):
        limiter = LocalLimiter(clock=self.clock, sleep=self.clock.sleep)
        http = httpx.Client(transport=self.wire, timeout=65)
        return Bitrix24(self.webhook, http, limiter, sleep=self.clock.sleep, clock=self.clock)

    def rename_all(self, title):
        writes = (
            (card, Command("crm.item.update", {"entityTypeId": 4, "id": card, "fields": {"title": f"{title} {card}"}}))
            for card in self.ids
        )
        return bulk.write(self.client, writes, look=lambda cards: self.renamed(title, cards), sleep=self.clock.sleep)

    def renamed(self, title, cards):
        found = self.connect().items(4, cards, ["title"])
        return {card for card, fields in found.items() if fields["title"] == f"{title} {card}"}


@pytest.fixture
def desk():
    return Desk()


def test_a_later_command_uses_what_an_earlier_one_made(desk):
    replies = desk.client.batch(
        {
            "deal": Command("crm.item.add", {"entityTypeId": 2, "fields": {"title": "Нитки & Co + 5%"}}),
            "read": Command("crm.item.get", {"entityTypeId": 2, "id": Reference("deal", ("item", "id"))}),
        },
        halt=True,
    )
    assert replies["read"].result["item"]["title"] == "Нитки & Co + 5%"


def test_a_halted_batch_says_what_was_not_reached(desk):
    commands = {
        "gone": Command("crm.item.get", {"entityTypeId": 4, "id": 10**6}),
        "then": Command("crm.item.get", {"entityTypeId": 4, "id": desk.ids[0]}),
    }
    replies = desk.client.batch(commands, halt=True)
    assert isinstance(replies["gone"].error, Gone)
    assert not replies["then"].executed
    assert desk.client.batch(commands)["then"].executed


def test_cards_are_read_by_id_and_listed_whole(desk):
    assert set(desk.client.items(4, [*desk.ids, 10**6], ["title"])) >= set(desk.ids)
    listed = desk.client.pages("crm.item.list", {"entityTypeId": 4, "select": ["id"]})
    assert {row["id"] for row in listed} >= set(desk.ids)
    classic = desk.client.pages("crm.company.list", {"select": ["ID"]}, rows=None)
    assert {int(row["ID"]) for row in classic} >= set(desk.ids)


def test_r2_more_than_fifty_departments_are_read_whole(desk):
    for number in range(60):
        desk.portal.people.add_department(f"Отдел {number}")

    assert len(read_directory(desk.client).departments) == len(desk.portal.people.departments()) > 50


@pytest.mark.parametrize(
    ("fault", "applied"),
    [
        ("query_limit", 0),
        ("operation_time", 0),
        ("internal", 0),
        ("html_502", 17),
        ("html_500", None),
        ("timeout", 17),
        ("timeout", None),
        ("cut", 17),
    ],
)
def test_d8_f4_a_fault_in_the_middle_of_a_bulk_costs_no_update_and_doubles_none(desk, fault, applied):
    desk.portal.faults.add(fault, "batch", skip=1, times=1, applied=applied)
    settled = []
    for _ in range(3):
        try:
            settled.extend(card for card, _ in desk.rename_all("New") if card not in settled)
        except Busy as busy:
            desk.clock.sleep(busy.retry_after or 60)
        else:
            break
    assert sorted(settled) == desk.ids
    assert desk.renamed("New", desk.ids) == set(desk.ids)


def test_f1_a_portal_that_is_full_for_a_moment_is_waited_for(desk):
    desk.portal.faults.add("query_limit", times=2)
    assert desk.client.call("server.time")


@pytest.mark.parametrize("fault", ["overload", "no_auth", "expired", "payment", "no_rest", "scope", "portal_deleted"])
def test_f2_a_lost_right_is_asked_for_once(desk, fault):
    desk.portal.faults.add(fault, times=None)
    before = desk.wire.requests
    with pytest.raises(AccessLost):
        desk.client.call("crm.item.get", {"entityTypeId": 4, "id": desk.ids[0]})
    assert desk.wire.requests == before + 1


def test_d8_a_bucket_of_our_own_is_never_full(desk):
    desk.portal.limits.requests = True
    desk.portal.limits._wall = desk.clock
    desk.portal.limits._at = desk.clock()
    before = desk.wire.requests
    for _ in range(120):
        desk.client.call("server.time")
    assert desk.wire.requests == before + 120
