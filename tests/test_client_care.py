"""L5, S8, S9 on a whole company: the stop-list, the day on the card, and pauses."""

from datetime import date, timedelta

import pytest

from tests.support.care import DUE, ROBOTS, TARGET, UNTIL, WHY, agrees, item_of, orders, settings, shown_due
from tests.support.days import DAY, client, fire, label, messages, timer
from tests.support.world import new_world


@pytest.fixture
def world():
    for one in new_world(ROBOTS):
        one.publish(settings())
        yield one


def today(world) -> date:
    return world.portal.clock.now().date()


def change(world, number: int, kind: str = "contact", whose: str = "Петров", **fields) -> None:
    world.person(whose).update(kind, number, **fields)
    world.settle()


def mark(world, number: int, value: str = "НЕТ") -> None:
    change(world, number, **{TARGET: item_of(world, TARGET, value) if value else ""})


def test_s8_the_card_shows_when_its_status_changes_and_a_save_without_cause_writes_nothing(world):
    number = client(world)
    assert shown_due(world, "company", number) == today(world) + timedelta(days=30)

    before = orders(world)
    change(world, number, "company", title="Ромашка и Ко")
    assert orders(world) == before


def test_s8_a_person_who_changes_the_day_is_put_right_without_a_word(world):
    number = client(world)
    told = len(messages(world, "Петров"))

    change(world, number, "company", **{DUE: "2027-01-01"})

    assert agrees(world, "company", number)
    assert shown_due(world, "company", number) == today(world) + timedelta(days=30)
    assert len(messages(world, "Петров")) == told


def test_s8_a_call_a_drop_and_a_deal_move_the_day_on_the_card(world):
    number = client(world)
    world.portal.clock.advance(5 * DAY)
    world.person("Петров").call("company", number)
    world.settle()
    assert shown_due(world, "company", number) == today(world) + timedelta(days=30)

    deal = world.person("Петров").create("deal", title="Нитки", companyId=number)
    world.settle()
    assert shown_due(world, "company", number) is None

    world.person("Петров").update("deal", deal, stageId="LOSE")
    world.settle()
    assert shown_due(world, "company", number) == today(world) + timedelta(days=30)
    assert agrees(world, "company", number)

    world.portal.clock.advance(30 * DAY)
    fire(world)
    world.settle()
    assert label(world, "company", number) == "Тёплый"
    assert shown_due(world, "company", number) == today(world) + timedelta(days=30)


def test_s8_p5_publishing_fills_the_cards_and_changed_days_move_them(world):
    world.publish(settings(due_field="null"))
    number = client(world)
    assert shown_due(world, "company", number) is None

    world.publish(settings())
    assert shown_due(world, "company", number) == today(world) + timedelta(days=30)

    world.publish(settings().replace("label: Горячий, days: 30", "label: Горячий, days: 40"))
    assert shown_due(world, "company", number) == today(world) + timedelta(days=40)


def test_l5_a_marked_client_is_neither_warned_nor_dropped_and_its_days_stand_still(world):
    number = client(world, kind="contact")
    mark(world, number)
    assert timer(world, f"contact:{number}").stopped == "Целевой клиент — НЕТ"
    assert shown_due(world, "contact", number) is None

    world.portal.clock.advance(60 * DAY)
    report = fire(world)
    assert (report.dropped, report.warned, messages(world, "Петров")) == (0, 0, [])

    mark(world, number, "ДА")
    assert shown_due(world, "contact", number) == today(world) + timedelta(days=30)
    assert timer(world, f"contact:{number}").status == "hot"


def test_l5_a_mark_whose_event_was_lost_is_seen_by_the_day(world):
    number = client(world, kind="contact")
    world.portal.clock.advance(40 * DAY)
    world.person("Петров").update("contact", number, **{TARGET: item_of(world, TARGET, "НЕТ")})
    world.events()
    world._pending["client-status"].clear()

    assert fire(world).dropped == 0
    world.settle()
    assert timer(world, f"contact:{number}").stopped


def test_l5_a_lost_deals_mark_counts_before_the_status_that_the_deal_would_give(world):
    number = client(world, kind="contact")
    deal = world.person("Петров").create("deal", title="Нитки", contactIds=[number], categoryId=0)
    world.settle()
    assert label(world, "contact", number) == "В работе"

    # The status robot hears of the deal before the mark is on the card.
    world.robots = dict(reversed(world.robots.items()))
    world.person("Петров").move("deal", deal, "Нет денег")
    world.settle()

    assert label(world, "contact", number) == "В работе"
    assert timer(world, f"contact:{number}").stopped

    mark(world, number, "")
    assert label(world, "contact", number) == "Горячий"
    assert agrees(world, "contact", number)


def test_l5_a_new_marked_card_gets_no_status_and_an_open_deal_gives_none(world):
    no = item_of(world, TARGET, "НЕТ")
    number = world.person("Петров").create("contact", name="Ева", lastName="Лис", **{TARGET: no})
    world.settle()
    assert label(world, "contact", number) == ""

    other = client(world, kind="contact")
    mark(world, other)
    world.person("Петров").create("deal", title="Нитки", contactIds=[other])
    world.settle()
    assert label(world, "contact", other) == "Горячий"
    mark(world, other, "")
    assert label(world, "contact", other) == "В работе"


def test_s9_a_pause_holds_and_then_the_days_that_were_left_go_on(world):
    number = client(world)
    world.portal.clock.advance(20 * DAY)
    until = today(world) + timedelta(days=40)
    change(world, number, "company", **{UNTIL: until.isoformat(), WHY: "В отпуске"})
    assert shown_due(world, "company", number) == until + timedelta(days=10)

    world.portal.clock.advance(39 * DAY)
    report = fire(world)
    assert (report.dropped, report.warned) == (0, 0)

    world.portal.clock.advance(8 * DAY)
    assert fire(world).warned == 1
    world.portal.clock.advance(3 * DAY)
    assert fire(world).dropped == 1
    assert agrees(world, "company", number)


def test_s9_a_pause_leaves_time_for_another_warning(world):
    number = client(world)
    world.portal.clock.advance(28 * DAY)
    assert fire(world).warned == 1
    until = today(world) + timedelta(days=5)
    change(world, number, "company", **{UNTIL: until.isoformat(), WHY: "В отпуске"})

    assert shown_due(world, "company", number) == until + timedelta(days=4)
    world.portal.clock.advance(6 * DAY)
    assert fire(world).warned == 1


@pytest.mark.parametrize(
    ("days", "reason", "why"), [(10, "", "и дату, и причину"), (91, "В отпуске", "не позже")], ids=["reason", "most"]
)
def test_s9_a_pause_without_a_reason_or_too_long_is_put_back_and_the_responsible_is_told(world, days, reason, why):
    number = client(world)
    change(world, number, "company", **{UNTIL: (today(world) + timedelta(days=days)).isoformat(), WHY: reason})

    card = world.person("Петров").read("company", number)
    assert not card.get(UNTIL)
    assert not card.get(WHY)
    assert why in messages(world, "Петров")[-1]
    assert shown_due(world, "company", number) == today(world) + timedelta(days=30)


def test_s9_further_pauses_count_from_the_first_one_of_the_term(world):
    number = client(world)
    first = today(world) + timedelta(days=60)
    change(world, number, "company", **{UNTIL: first.isoformat(), WHY: "В отпуске"})
    world.portal.clock.advance(50 * DAY)
    change(world, number, "company", **{UNTIL: (today(world) + timedelta(days=45)).isoformat(), WHY: "Ещё"})

    assert str(world.person("Петров").read("company", number)[UNTIL])[:10] == first.isoformat()
    change(world, number, "company", **{UNTIL: (today(world) + timedelta(days=40)).isoformat(), WHY: "Ещё"})
    assert shown_due(world, "company", number) == today(world) + timedelta(days=70)


def test_s9_taken_out_by_hand_a_pause_ends_that_day(world):
    number = client(world)
    world.portal.clock.advance(20 * DAY)
    change(world, number, "company", **{UNTIL: (today(world) + timedelta(days=30)).isoformat(), WHY: "В отпуске"})
    world.portal.clock.advance(5 * DAY)
    change(world, number, "company", **{UNTIL: "", WHY: ""})

    assert shown_due(world, "company", number) == today(world) + timedelta(days=10)


def dismiss(world, name: str) -> None:
    users = world.portal.tables.users
    users.put({**users.rows[world.office.users[name]], "ACTIVE": False})


def test_s11_the_head_hears_of_the_clients_of_somebody_dismissed_this_morning(world):
    client(world, whose="Кузнецова")
    world.portal.clock.advance(28 * DAY)
    dismiss(world, "Кузнецова")

    assert fire(world).warned == 1
    assert messages(world, "Кузнецова") == []
    (message,) = messages(world, "Петров")
    assert "Получатель — Мария Кузнецова, больше не работает в компании." in message


def test_s11_nobody_absent_that_day_gets_a_lost_client(world):
    world.publish(settings().replace("transfer: none", "transfer: {department: Оптовые продажи}"))
    number = client(world, whose="Волкова", status="Холодный")
    world.portal.clock.advance(30 * DAY)
    now = world.portal.clock.now()
    for name in ("Петров", "Кузнецова"):
        world.portal.people.absent(world.office.users[name], now - DAY, now + DAY)

    assert fire(world).handed_over == 1
    card = world.person("Петров").read("company", number)
    assert int(card["assignedById"]) == world.office.users["Смирнов"]


def test_l5_d5_nobody_hears_of_a_client_who_was_stopped_before_the_message_went_out(world):
    number = client(world, kind="contact")
    world.portal.clock.advance(28 * DAY)
    at = world.portal.clock.now().replace(hour=9, minute=0)
    fire(world, at - DAY, now=True)
    world.portal.clock.advance(3 * DAY)
    early = world.portal.clock.now().replace(hour=1, minute=0)
    world.portal.clock.set(early + DAY)
    told = len(messages(world, "Петров"))
    fire(world, early + DAY)  # a day that is made up before people are told
    mark(world, number)

    fire(world)
    assert len(messages(world, "Петров")) == told
