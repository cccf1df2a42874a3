"""D10 to D13: the head's desk."""

import time
from datetime import date, timedelta

import pytest
from crm_robots.pages.desk.answers import DeskPage, Shown
from crm_robots.pages.desk.html import render
from crm_robots.robots.client_status.past import Raise
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.desk import duty
from crm_robots.robots.desk.figures import Called, Client, Figures, Heard, Manager, Named
from crm_robots.robots.desk.links import LinkBook
from crm_robots.robots.desk.snapshot import Index, Snapshots

from tests.support.client_status import FIELD, rules
from tests.support.days import DAY, ROBOTS, client, fire, messages, round_of
from tests.support.world import new_world

TODAY = date(2026, 3, 2)
NOON = 1772442000


def counted(*clients: Client, capacity: int | None = None, deals: dict[str, int] | None = None):
    figures = Figures(TODAY, Calendar(rules(), "Europe/Moscow"), deals or {})
    for one in clients:
        figures.add(one)
    return figures.finished(capacity)


def held(number: int, user: int = 5, **more: object) -> Client:
    timer = Timer(**{"status": "hot", "since": TODAY - timedelta(days=1), **more})
    return Client(f"company:{number}", f"Клиент {number}", user, timer)


def test_d10_lost_clients_do_not_count_for_the_capacity_and_above_is_more_than():
    some = [held(1), held(2), held(3, status="lost")]

    assert not counted(*some, capacity=2)[5].above
    assert counted(*some, capacity=1)[5].above
    assert not counted(*some)[5].above


def test_d10_a_warned_term_that_a_call_ended_is_rescued_once():
    start = TODAY - timedelta(days=28)
    warned = held(1, since=start, warned_for=start, last_call=NOON)

    assert counted(warned)[5].rescued == 1


def test_d10_no_calls_for_90_days_or_watched_without_one():
    old = NOON - 91 * 86400
    silent = held(1, last_call=old)
    watched = held(2, since=TODAY - timedelta(days=90))
    fresh = held(3)

    assert counted(silent, watched, fresh)[5].no_calls == 2


def test_d11_raises_count_for_whoever_raised():
    """D11: not for the responsible, and not once a deal of the client was opened."""
    past = Timer().past.with_raise(Raise(NOON - 86400, 9, on_drop_day=True))
    one = held(1, past=past)

    found = counted(one)[9].signs
    assert (found.raises_without_deal.count, found.raises_without_deal.cards) == (1, ["company:1"])
    assert found.raises_on_drop_day.count == 1
    assert counted(one, deals={"company:1": NOON})[9].signs.raises_without_deal.count == 0


@pytest.mark.parametrize("knows", [True, False])
def test_d11_calls(knows: bool):
    figures = Figures(TODAY, Calendar(rules(), "Europe/Moscow"), {})
    made = [Called(number, 5, "company:1", TODAY) for number in (1, 2)]
    figures.calls(made, [Heard(1, 5, "company:1", 9, answered=True)] if knows else None)

    signs = figures.finished(None)[5].signs
    assert signs.same_day_calls.count == 1
    assert signs.ticked_calls.count == (1 if knows else None)
    assert signs.short_calls.count == (1 if knows else None)


@pytest.fixture
def world():
    for made in new_world(ROBOTS):
        made.publish()
        yield made


def snapshot(world, at=None):
    return duty.run(round_of(world, at))


def test_d10_the_days_run_leaves_a_snapshot(world):
    number = client(world)
    world.person("Петров").call("company", number)
    world.settle()
    fire(world)

    assert snapshot(world)["status"] == "made"
    kept = Snapshots(world.tools.memory)
    (one,) = (one for one in kept.managers(kept.index().managers) if one.clients.get("hot"))
    assert (one.id, one.clients["hot"], one.lost) == (world.office.users["Петров"], 1, 0)
    assert snapshot(world)["status"] == "done"


def test_d11_a_raise_is_remembered_with_who_made_it(world):
    number = client(world, status="Тёплый")
    world.portal.clock.advance(2 * DAY)
    world.person("Петров").call("company", number)
    world.person("Петров").update("company", number, **{FIELD: "Горячий"})
    world.settle()
    fire(world)
    snapshot(world)

    kept = Snapshots(world.tools.memory)
    (one,) = kept.managers([world.office.users["Петров"]])
    assert one.signs.raises_without_deal.cards == [f"company:{number}"]


def test_d13_the_head_gets_one_letter_a_week(world):
    client(world, "Кузнецова")
    for _ in range(9):
        fire(world)
        snapshot(world)
        world.portal.clock.advance(DAY)

    mails = [text for text in messages(world, "Петров") if "Сменили статус за неделю" in text]
    assert 1 <= len(mails) <= 3
    assert "/desk/u" in mails[0]
    assert not [text for text in messages(world, "Кузнецова") if "за неделю" in text]


def page_of(world):
    return DeskPage(world.tools.memory, world.tools.settings, world.tools.directory)


def test_d12_a_link_opens_the_heads_own_people_until_it_lapses(world):
    number = client(world, "Кузнецова", name="<b>Ромашка")
    world.portal.clock.advance(26 * DAY)
    fire(world)
    snapshot(world)
    head, asked = world.office.users["Петров"], world.requests
    token = LinkBook(world.tools.memory).make(head, int(world.portal.clock.now().timestamp()), 7)
    page = page_of(world)

    shown = page.show(token, time.time())
    html = render(shown, "ru")
    assert "Мария Кузнецова" in html
    assert "Признаки не доказывают имитацию: " in html
    assert "<b>Ромашка" not in html
    assert f"/crm/company/details/{number}/" in html
    assert "<script" not in html
    assert world.requests == asked
    assert page.show(f"{token[:-1]}_", time.time()).state == "unknown"
    assert page.show(token, time.time() + 8 * 86400).state == "over"
    assert "Кузнецова" not in render(page.show(token, time.time() + 8 * 86400), "ru")


def test_d12_a_link_is_withdrawn_from_who_is_no_longer_head(world):
    head = world.office.users["Петров"]
    book = LinkBook(world.tools.memory)
    token = book.make(head, NOON, 7)

    book.withdraw([head], NOON)
    assert book.state(token, time.time())[0] == "open"
    book.withdraw([], NOON)
    assert book.state(token, time.time())[0] == "over"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_d12_the_page_stays_small_with_many_managers(language):
    names = [Named(TODAY, f"company:{number}", "Клиент" * 8, "hot") for number in range(15)]
    some = [
        Manager(user, f"Человек {user}", "Продажи", (1,), {"hot": 2000, "lost": 90}, soon=names, gone=names)
        for user in range(50)
    ]
    index = Index(TODAY, NOON, tuple(range(50)), 1000, (("hot", "Горячий"), ("lost", "Пропал")))

    html = render(Shown("open", index, tuple(some), "https://acme.bitrix24.example"), language)
    assert len(html.encode()) < 200_000


def test_d11_without_the_telephonys_scope_its_figures_are_unknown(world):
    """Never zero, and the snapshot is made all the same."""
    number = client(world)
    world.person("Петров").call("company", number)
    world.settle()
    fire(world)
    for webhook in list(world.portal.tables.incoming.rows):
        world.portal.incoming.set_scopes(webhook, ["crm", "user", "department", "im", "log"])

    assert snapshot(world)["status"] == "made"
    (one,) = Snapshots(world.tools.memory).managers([world.office.users["Петров"]])
    assert (one.signs.ticked_calls.count, one.signs.short_calls.count) == (None, None)
