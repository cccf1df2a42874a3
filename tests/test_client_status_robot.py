"""The whole robot: a portal, its webhooks, the tables, and people who change statuses."""

from datetime import timedelta

import pytest
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import timer_of

from sandbox.portal.activities import CallMade
from sandbox.portal.types import BY_NAME
from tests.support.client_status import FIELD
from tests.support.world import World, everywhere, new_world

ROBOTS = {"client-status": ClientStatusRobot}
DAY = timedelta(days=1)


@pytest.fixture
def world():
    for made in new_world(ROBOTS):
        made.publish()
        yield made


def label(world: World, kind: str, number: int) -> str:
    """The status that the card shows, as people read it."""
    value = world.person("Петров").read(kind, number).get(FIELD)
    fields = [row for row in world.portal.tables.user_fields if row["FIELD_NAME"] == FIELD]
    labels = {item["id"]: item["value"] for row in fields for item in row["LIST"]}
    return labels[int(value)] if value else ""


def timer(world: World, item: str) -> Timer | None:
    rows = world.tools.timers.rows([item])
    return timer_of(rows[item]) if item in rows else None


def hot_client(world: World, kind: str = "company") -> int:
    """A client of Петров who has been hot for ten days."""
    title = {"title": "Ромашка"} if kind == "company" else {"name": "Анна", "lastName": "Орлова"}
    number = world.person("Петров").create(kind, **title, **{FIELD: "Горячий"})
    world.settle()
    world.portal.clock.advance(10 * DAY)
    return number


def requests(world: World) -> int:
    before = world.requests
    world.work()
    return world.requests - before


def test_s2_a_new_card_without_a_status_becomes_new(world):
    number = world.person("Петров").create("company", title="Ромашка")
    world.settle()

    assert label(world, "company", number) == "Новый"
    assert timer(world, f"company:{number}").status == "new"


def test_s2_s5_a_deal_whose_event_comes_before_its_new_clients_puts_it_in_work(world):
    company = world.person("Петров").create("company", title="Ромашка")
    world.person("Петров").create("deal", title="Сделка", companyId=company)
    world.events()
    world._pending["client-status"].reverse()
    deal, card = world._pending["client-status"]
    world._pending["client-status"] = [deal]
    world.settle()
    world.queue("client-status", card)
    world.settle()

    assert label(world, "company", company) == "В работе"
    assert timer(world, f"company:{company}").in_deal


def test_s2_a_card_without_a_status_is_not_tracked_whatever_happens_to_it(world):
    world.portal.outbox.faults.drop_next = 1
    number = world.person("Петров").create("company", title="Ромашка")
    world.settle()
    world.person("Петров").update("company", number, title="Лютик")
    world.person("Петров").call("company", number)
    world.person("Петров").create("deal", title="Сделка", companyId=number)
    world.settle()

    assert label(world, "company", number) == ""
    assert timer(world, f"company:{number}") is None


@pytest.mark.parametrize("kind", ["company", "contact"])
def test_s3_a_change_without_a_call_is_put_back_and_said(world, kind):
    number = hot_client(world, kind)
    world.person("Смирнов").update(kind, number, **{FIELD: "Тёплый"})
    world.settle()

    assert label(world, kind, number) == "Горячий"
    assert len(world.comments(kind, number)) == 1
    assert len(world.person("Петров").notifications()) == 1


@pytest.mark.parametrize("kind", ["company", "contact"])
def test_s3_s4_a_change_after_a_call_stays_and_restarts_the_timer(world, kind):
    number = hot_client(world, kind)
    world.person("Петров").call(kind, number)
    world.portal.clock.advance(2 * DAY)
    world.person("Петров").update(kind, number, **{FIELD: "Тёплый"})
    world.settle()

    kept = timer(world, f"{kind}:{number}")
    assert label(world, kind, number) == "Тёплый"
    assert kept.status == "warm"
    assert kept.since == world.portal.clock.now().date()
    assert "понижен" in world.comments(kind, number)[0]


def test_s3_a_call_whose_event_was_lost_is_found(world):
    number = hot_client(world)
    world.portal.outbox.faults.drop_next = 2
    world.person("Петров").call("company", number)
    world.settle()
    world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
    world.settle()

    assert label(world, "company", number) == "Тёплый"


def test_s3_a_call_with_a_companys_contact_counts_for_the_company(world):
    number = hot_client(world)
    contact = world.person("Петров").create("contact", name="Анна", companyId=number)
    world.settle()
    world.portal.outbox.faults.drop_next = 2
    world.person("Петров").call("contact", contact)
    world.settle()
    world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
    world.settle()

    assert label(world, "company", number) == "Тёплый"


def test_s3_an_old_call_is_not_enough(world):
    number = hot_client(world)
    world.person("Петров").call("company", number)
    world.portal.clock.advance(4 * DAY)
    world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
    world.settle()

    assert label(world, "company", number) == "Горячий"


def test_s3_clearing_a_status_without_a_call_is_put_back(world):
    number = hot_client(world)
    world.person("Петров").update("company", number, **{FIELD: ""})
    world.settle()

    assert label(world, "company", number) == "Горячий"


def test_s3_a_cleared_status_stays_cleared_and_its_timer_ends(world):
    number = hot_client(world)
    world.person("Петров").call("company", number)
    world.person("Петров").update("company", number, **{FIELD: ""})
    world.settle()

    assert label(world, "company", number) == ""
    assert not timer(world, f"company:{number}").status


def test_s4_saving_without_touching_the_status_writes_nothing(world):
    number = hot_client(world)
    before = timer(world, f"company:{number}")
    world.person("Петров").update("company", number, title="Лютик")
    world.settle()

    assert timer(world, f"company:{number}") == before
    assert world.comments("company", number) == []


def test_s5_a_deal_puts_its_clients_in_work_and_its_end_lets_them_go(world):
    number, contact = hot_client(world), hot_client(world, "contact")
    deal = world.person("Петров").create("deal", title="Сделка", companyId=number, contactIds=[contact])
    world.settle()
    assert [label(world, "company", number), label(world, "contact", contact)] == ["В работе"] * 2
    assert timer(world, f"company:{number}").in_deal

    world.portal.clock.advance(40 * DAY)
    world.person("Петров").close_deal(deal, won=True)
    world.settle()

    assert [label(world, "company", number), label(world, "contact", contact)] == ["Горячий"] * 2
    assert timer(world, f"company:{number}").since == world.portal.clock.now().date()
    assert len(world.comments("company", number)) == 2
    assert world.person("Петров").notifications() == []


def test_s5_only_the_last_open_deal_lets_the_client_go(world):
    number = hot_client(world)
    deals = [world.person("Петров").create("deal", title=f"Сделка {n}", companyId=number) for n in range(2)]
    world.settle()
    world.person("Петров").close_deal(deals[0], won=False)
    world.settle()
    assert label(world, "company", number) == "В работе"

    world.person("Петров").delete("deal", deals[1])
    world.settle()
    assert label(world, "company", number) == "Горячий"


def test_s5_a_reopened_deal_puts_the_client_in_work_again(world):
    number = hot_client(world)
    deal = world.person("Петров").create("deal", title="Сделка", companyId=number)
    world.settle()
    world.person("Петров").close_deal(deal, won=False)
    world.settle()
    world.person("Петров").move("deal", deal, "Новая")
    world.settle()

    assert label(world, "company", number) == "В работе"


@pytest.mark.parametrize("called", [False, True])
def test_s5_a_card_that_was_cleared_a_moment_before_the_deal_is_judged_first(world, called):
    number = hot_client(world)
    if called:
        world.person("Петров").call("company", number)
        world.settle()
    world.portal.outbox.faults.drop_next = 1
    world.person("Петров").update("company", number, **{FIELD: ""})
    world.person("Петров").create("deal", title="Сделка", companyId=number)
    world.settle()

    assert label(world, "company", number) == ("" if called else "В работе")


def test_s6_a_call_with_a_contact_moves_the_company_too(world):
    """S6: a completed call restarts the days of the contact and of its company."""
    number = hot_client(world)
    contact = world.person("Петров").create("contact", name="Анна", companyId=number, **{FIELD: "Горячий"})
    world.settle()
    world.person("Петров").call("contact", contact)
    world.settle()

    now = int(world.portal.clock.now().timestamp())
    for item in (f"company:{number}", f"contact:{contact}"):
        assert now - 60 <= timer(world, item).last_call <= now


def test_section_9_a_lone_call_costs_two_requests_and_one_when_it_is_known(world):
    """S6, SECTION 9: how long it took is asked for with the call itself."""
    company = hot_client(world)
    contact = world.person("Петров").create("contact", name="Анна", companyIds=[company], **{FIELD: "Горячий"})
    world.settle()
    world.person("Петров").call("contact", contact)
    world.events()
    again = list(world._pending["client-status"])

    assert requests(world) == 2
    world.settle()
    for event in again:
        world.queue("client-status", event)
    assert requests(world) == 1


def test_s6_to_dos_and_missed_calls_are_no_calls(world):
    number = hot_client(world)
    world.portal.activities.add_todo((4, number), 5, "2026-02-01T10:00:00+03:00", COMPLETED="Y")
    world.person("Петров").call("company", number, CallMade(direction=1, code="304", seconds=0))
    world.settle()

    assert timer(world, f"company:{number}").last_call == 0


def test_f3_a_deleted_card_takes_its_timer_along(world):
    number = hot_client(world)
    world.person("Петров").delete("company", number)
    world.settle()

    assert timer(world, f"company:{number}") is None


def test_the_portal_is_asked_once_for_nothing_and_twice_for_something(world):
    number = hot_client(world)
    world.person("Петров").update("company", number, title="Лютик")
    assert requests(world) == 1
    world.tools.directory()  # who works here is read once in half an hour, for everybody
    world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
    assert requests(world) == 2
    world.settle()
    deal = world.person("Петров").create("deal", title="Сделка", companyId=number)
    assert requests(world) == 2
    world.settle()
    world.person("Петров").update("deal", deal, title="Та же сделка")
    assert requests(world) == 1
    world.person("Петров").close_deal(deal, won=True)
    assert requests(world) == 2
    world.settle()
    todo = world.portal.activities.add_todo((4, number), 5, "2026-02-01T10:00:00+03:00")
    assert todo
    assert requests(world) == 1


def test_a_flood_of_fifty_cards_calls_and_deals_costs_two_requests(world):
    for _ in range(30):
        world.person("Петров").create("company", title="Ромашка", **{FIELD: "Горячий"})
    deals = [world.person("Петров").create("deal", title=f"Сделка {n}", companyId=n) for n in range(1, 11)]
    todos = [world.portal.activities.add_todo((4, n), 5, "2026-02-01T10:00:00+03:00") for n in range(1, 11)]
    world.settle()
    for number in range(1, 31):
        world.person("Петров").update("company", number, title="Лютик")
    for deal in deals:
        world.person("Петров").update("deal", deal, title="Та же")
    for todo in todos:
        world.portal.activities.change(todo, 5, SUBJECT="Иначе")

    assert requests(world) <= 2


def test_s7_our_own_writes_settle_at_once(world):
    """S7: the echo of what the robot wrote is never sent back."""
    number = hot_client(world)
    world.person("Петров").create("deal", title="Сделка", companyId=number)
    world.work()
    written = world.portal.tables.comments
    before = len(written)

    assert requests(world) == 1
    assert requests(world) == 0
    assert len(written) == before
    assert BY_NAME["company"]


def change_without_a_call(world):
    number = hot_client(world)
    world.chaos.moments = 0
    world.person("Петров").update("company", number, **{FIELD: "Тёплый"})
    world.settle()


def check_put_back_once(world):
    world.portal.clock.advance(timedelta(minutes=10))
    world.settle()
    assert label(world, "company", 1) == "Горячий"
    assert len(world.comments("company", 1)) == 1
    assert len(world.person("Петров").notifications()) == 1


def open_and_close_a_deal(world):
    hot_client(world), hot_client(world, "contact")
    deal = world.person("Петров").create("deal", title="Сделка", companyId=1, contactIds=[1])
    world.settle()
    world.person("Петров").close_deal(deal, won=True)
    world.settle()


def check_opened_and_closed_once(world):
    world.portal.clock.advance(timedelta(minutes=10))
    world.settle()
    for kind in ("company", "contact"):
        assert label(world, kind, 1) == "Горячий"
        assert len(world.comments(kind, 1)) == 2
        assert not timer(world, f"{kind}:1").in_deal


@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize(
    ("scenario", "check"),
    [(change_without_a_call, check_put_back_once), (open_and_close_a_deal, check_opened_and_closed_once)],
)
def test_f4_a_crash_or_a_cut_answer_anywhere_does_everything_once(scenario, check, cut):
    assert everywhere(ROBOTS, scenario, check, cut=cut, every=3)


def test_a_webhook_that_changes_nothing_writes_nothing_and_a_call_one_thing(world):
    number = hot_client(world)
    deal = world.person("Петров").create("deal", title="Сделка", companyId=number)
    world.settle()
    written = []
    for name in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"):
        world.dynamodb.meta.events.register(
            f"before-call.dynamodb.{name}", lambda model, **_: written.append(model.name)
        )

    world.person("Петров").update("company", number, title="Лютик")
    world.person("Петров").update("deal", deal, title="Та же")
    world.portal.activities.add_todo((4, number), 5, "2026-02-01T10:00:00+03:00")
    world.settle()
    assert written == []

    world.person("Петров").call("company", number)
    world.settle()
    assert written == ["UpdateItem"]
