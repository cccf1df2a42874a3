"""D1 to D7: the day's run on the sandbox portal."""

from datetime import datetime, timedelta

import pytest

from sandbox.portal.types import BY_NAME
from tests.support.client_status import FIELD
from tests.support.days import (
    DAY,
    ROBOTS,
    client,
    fire,
    label,
    look_ahead,
    messages,
    persistently,
    posts,
    settings,
    timer,
)
from tests.support.world import World, everywhere, new_world


@pytest.fixture
def world():
    for made in new_world(ROBOTS):
        made.publish()
        yield made


def test_d2_a_client_whose_days_are_over_drops_one_step(world):
    number = client(world)
    world.portal.clock.advance(30 * DAY)

    report = fire(world)
    world.settle()

    kept = timer(world, f"company:{number}")
    assert (report.status, report.dropped) == ("finished", 1)
    assert label(world, "company", number) == "Тёплый"
    assert (kept.status, kept.since) == ("warm", world.portal.clock.now().date())
    assert "«Горячий» → «Тёплый»" in world.comments("company", number)[-1]
    assert len(messages(world, "Петров")) == 1


def test_d2_a_new_client_is_lost_at_once_and_its_head_hears_of_it(world):
    number = client(world, "Кузнецова", "Новый")
    world.portal.clock.advance(10 * DAY)

    fire(world)

    assert label(world, "company", number) == "Пропал"
    assert "Клиент потерян: [URL=" in messages(world, "Кузнецова")[0]
    assert "ответственный — Мария Кузнецова" in messages(world, "Петров")[0]


def test_d2_a_call_whose_event_was_lost_costs_nobody_their_client(world):
    number = client(world)
    world.portal.clock.advance(20 * DAY)
    world.portal.outbox.faults.drop_next = 5
    world.person("Петров").call("company", number)
    world.settle()
    world.portal.outbox.faults.drop_next = 0
    world.portal.clock.advance(10 * DAY)

    report = fire(world)

    assert (report.dropped, label(world, "company", number)) == (0, "Горячий")
    assert timer(world, f"company:{number}").last_call


def test_d2_a_change_that_nobody_heard_of_is_left_to_the_robot(world):
    number = client(world)
    world.portal.clock.advance(30 * DAY)
    world.portal.outbox.faults.drop_next = 1
    world.person("Петров").update("company", number, **{FIELD: "Новый"})
    world.events()
    world.portal.outbox.faults.drop_next = 0

    report = fire(world)
    world.settle()

    assert report.dropped == 0
    assert label(world, "company", number) == "Горячий"  # no call: the robot puts it back (S3)


def test_d2_f3_a_deleted_card_ends_quietly(world):
    number = client(world)
    world.portal.clock.advance(30 * DAY)
    world.portal.outbox.faults.drop_next = 1
    world.person("Петров").delete("company", number)
    world.events()

    assert fire(world).status == "finished"
    assert timer(world, f"company:{number}") is None
    assert messages(world, "Петров") == []


def test_d3_a_warning_goes_out_once_in_a_term(world):
    """D3: 3 days or fewer left warn; the next days of the same term are silent."""
    client(world)
    world.portal.clock.advance(26 * DAY)
    assert fire(world).warned == 0
    for _ in range(3):
        world.portal.clock.advance(DAY)
        fire(world)

    (message,) = messages(world, "Петров")
    (post,) = posts(world, "Петров")
    assert "• [URL=" in message
    assert "[/URL] — Горячий до 11.02.2026." in message
    assert "Ромашка" in post["text"]


def test_d3_a_later_call_opens_the_term_anew(world):
    number = client(world)
    world.portal.clock.advance(28 * DAY)
    fire(world)
    world.person("Петров").call("company", number)
    world.settle()
    world.portal.clock.advance(28 * DAY)
    fire(world)

    assert len(messages(world, "Петров")) == 2


def test_d1_nothing_before_its_time_and_once_a_day(world):
    client(world)
    world.portal.clock.advance(29 * DAY)
    fire(world, "09:00")
    world.portal.clock.advance(timedelta(hours=15))

    assert fire(world, "08:45").status == "not_due"
    assert [fire(world, at).status for at in ("09:00", "09:15", "23:45")] == ["finished", "done", "done"]


def test_d1_on_a_fresh_stack_nothing_is_due_before_its_time(world):
    world.portal.clock.advance(timedelta(hours=15))

    assert fire(world, "08:45").status == "not_due"


def test_d1_missed_days_are_made_up_as_one_run(world):
    number = client(world)
    world.portal.clock.advance(5 * DAY)
    fire(world)
    world.portal.clock.advance(120 * DAY)

    assert fire(world).dropped == 1
    assert label(world, "company", number) == "Тёплый"


def made_up(world: World) -> datetime:
    """After a month without a firing the first one comes at seven; gives the nine o'clock that follows."""
    fire(world, "09:00")
    at_nine = world.portal.clock.now() + 30 * DAY
    world.portal.clock.set(at_nine - timedelta(hours=2))
    assert [fire(world, world.portal.clock.now()).status for _ in range(2)] == ["untold", "untold"]
    world.portal.clock.set(at_nine)
    return at_nine


def test_d1_d5_a_day_made_up_before_the_time_is_told_in_that_days_one_message(world):
    """D1, D5: the cards drop at the next firing, people hear of it once a day and not earlier than `at`."""
    yesterdays = client(world, name="Вчерашний")
    world.portal.clock.advance(DAY)
    todays = client(world, name="Сегодняшний")
    at_nine = made_up(world)

    assert [label(world, "company", number) for number in (yesterdays, todays)] == ["Тёплый", "Горячий"]
    assert "статус понижен" in world.comments("company", yesterdays)[0]
    assert messages(world, "Петров") == []
    assert fire(world, at_nine).status == "finished"
    (message,) = messages(world, "Петров")
    assert "Вчерашний[/URL]" in message
    assert "Сегодняшний[/URL]" in message
    assert [len(world.comments("company", number)) for number in (yesterdays, todays)] == [1, 1]
    assert fire(world, at_nine + timedelta(minutes=15)).status == "done"


def test_d1_d5_what_two_runs_did_before_anybody_heard_of_it_is_one_line(world):
    """D5: a drop that was made up is not forgotten over the warning of the same morning."""
    world.publish(settings(days_before="30"))
    number = client(world)
    world.portal.clock.advance(2 * DAY)
    at_nine = made_up(world)
    fire(world, at_nine)

    message = messages(world, "Петров")[-1]
    assert "«Горячий» → «Тёплый», следующее понижение" in message
    assert len(world.comments("company", number)) == 1
    world.portal.clock.advance(DAY)
    fire(world)
    assert messages(world, "Петров")[-1] == message


def test_d5_d7_a_run_that_was_cut_off_goes_on_before_the_time_and_tells_at_it(world):
    """D7, D5: the portal comes back in the night; nobody gets two messages on the day after."""
    number = client(world)
    world.portal.clock.advance(30 * DAY)
    world.portal.faults.add("internal", times=1000)
    assert fire(world).status == "failed"
    world.portal.faults.clear()
    night = world.portal.clock.now() + timedelta(hours=18)
    world.portal.clock.set(night)

    assert fire(world, night).status == "untold"
    assert label(world, "company", number) == "Тёплый"
    assert fire(world, night + timedelta(hours=6)).status == "finished"
    assert len(messages(world, "Петров")) == 1


def test_d4_a_lost_client_changes_hands_with_its_open_activities(world):
    world.publish(settings(transfer="{user: Волкова Дарья}", open_to_everyone="true"))
    number = client(world, "Кузнецова", "Холодный")
    old, new = world.office.users["Кузнецова"], world.office.users["Волкова"]
    world.person("Кузнецова").update("company", number, opened="N")
    todo = world.portal.activities.add_todo((BY_NAME["company"].id, number), old, "2027-01-01T00:00:00+03:00")
    world.settle()
    world.portal.clock.advance(30 * DAY)

    report = fire(world)

    card = world.person("Петров").read("company", number)
    assert (report.lost, report.handed_over) == (1, 1)
    assert (int(card["assignedById"]), card["opened"]) == (new, "Y")
    assert world.portal.activities.get(todo["id"])["RESPONSIBLE_ID"] == new
    assert "Передан: Мария Кузнецова → Дарья Волкова." in world.comments("company", number)[-1]
    for name in ("Кузнецова", "Петров"):
        assert "Новый ответственный: Дарья Волкова." in messages(world, name)[0]
    assert "прежний ответственный — Мария Кузнецова" in messages(world, "Волкова")[0]


def test_d4_a_department_takes_turns(world):
    world.publish(settings(transfer="{department: Розничные продажи, pick: round_robin}"))
    numbers = [client(world, "Кузнецова", "Холодный", name=f"Клиент {at}") for at in range(4)]
    world.portal.clock.advance(30 * DAY)
    fire(world)

    heirs = [int(world.person("Петров").read("company", number)["assignedById"]) for number in numbers]
    assert sorted(heirs) == sorted(2 * [world.office.users["Волкова"], world.office.users["Зайцев"]])


def test_d5_one_message_with_everything_grouped(world):
    client(world, "Петров", "Холодный", name="Потеря")
    client(world, "Петров", "Горячий", name="Спад")
    world.portal.clock.advance(2 * DAY)
    client(world, "Петров", "Горячий", name="Скоро")
    client(world, "Кузнецова", "Холодный", name="Ничего")
    world.portal.clock.advance(28 * DAY)
    fire(world)

    (message,) = messages(world, "Петров")
    places = [message.index(word) for word in ("Потеря[/URL]", "Спад[/URL]", "Скоро[/URL]")]
    assert places == sorted(places)


def test_d5_without_merge_one_message_per_client(world):
    world.publish(settings(merge="false"))
    for name in ("Один", "Два"):
        client(world, "Петров", "Горячий", name=name)
    world.portal.clock.advance(30 * DAY)
    fire(world)

    assert len(messages(world, "Петров")) == 2


def test_d5_a_long_list_is_cut_with_a_count_and_the_feed_has_the_whole(world):
    for at in range(60):
        world.person("Петров").create("company", title=f"Клиент {at:02}", **{FIELD: "Горячий"})
    world.settle()
    world.portal.clock.advance(30 * DAY)
    fire(world)

    (message,) = messages(world, "Петров")
    shown = message.count("[/URL]")
    assert f"…и ещё {60 - shown}." in message
    assert sum(post["text"].count("[/URL]") for post in posts(world, "Петров")) == 60


def test_d7_d8_a_run_without_time_goes_on_in_the_next(world):
    numbers = [client(world, name=f"Клиент {at}") for at in range(3)]
    world.portal.clock.advance(30 * DAY)

    assert fire(world, enough=lambda: True).status == "unfinished"
    assert fire(world, "09:15").status == "finished"
    assert {label(world, "company", number) for number in numbers} == {"Тёплый"}


def test_d7_a_run_that_the_portal_cut_off_becomes_part_of_the_next_days(world):
    number = client(world)
    world.portal.clock.advance(30 * DAY)
    world.portal.faults.add("internal", times=1000)
    assert fire(world).status == "failed"
    world.portal.faults.clear()
    world.portal.clock.advance(DAY)

    assert fire(world).dropped == 1
    assert label(world, "company", number) == "Тёплый"
    assert len(messages(world, "Петров")) == 1


def test_w7_s7_the_runs_own_writes_settle(world):
    number = client(world)
    world.portal.clock.advance(30 * DAY)
    fire(world)
    before = len(world.comments("company", number))
    world.settle()

    assert label(world, "company", number) == "Тёплый"
    assert len(world.comments("company", number)) == before


def test_dry_run_tells_and_writes_nothing(world):
    number = client(world, "Кузнецова", "Холодный")
    world.portal.clock.advance(30 * DAY)
    calls = len(world.portal.tables.notifications)

    (foreseen,) = look_ahead(world).clients

    assert (foreseen.action, foreseen.becomes, foreseen.responsible) == ("lost", "Пропал", "Мария Кузнецова")
    assert len(world.portal.tables.notifications) == calls
    assert label(world, "company", number) == "Холодный"


def a_day(world: World) -> None:
    world.portal.clock.advance(timedelta(0))
    for name in ("Кузнецова", "Смирнов"):
        client(world, name, "Холодный", name=f"Потеря {name}")
        client(world, name, "Горячий", name=f"Спад {name}")
    world.portal.clock.advance(30 * DAY)


@pytest.mark.parametrize("cut", [False, True])
def test_d7_f4_cut_off_anywhere_nobody_drops_twice_and_nobody_is_told_twice(cut):
    def scenario(world: World) -> None:
        chaos, world.chaos = world.chaos, type(world.chaos)()
        a_day(world)
        world.chaos = chaos
        persistently(world, world.portal.clock.now())
        world.settle()

    def check(world: World) -> None:
        for number in range(1, 5):
            assert label(world, "company", number) == ("Пропал" if number % 2 else "Тёплый")
            assert len(world.comments("company", number)) == 1
        for name in ("Кузнецова", "Смирнов", "Петров"):
            assert len(messages(world, name)) == 1, name
        assert messages(world, "Петров")[0].count("Потерян клиент") == 2

    assert everywhere(ROBOTS, scenario, check, cut=cut, every=1 if cut else 5) >= 6


@pytest.mark.parametrize("others", [0, 60])
def test_d2_lost_calls_of_many_clients_are_found_either_way(world, others):
    """All calls as a whole while they are few, client by client when they are many."""
    numbers = [world.person("Петров").create("company", title=f"{at}", **{FIELD: "Горячий"}) for at in range(20)]
    contact = world.person("Петров").create("contact", name="Анна", companyId=numbers[1])
    stranger = world.person("Петров").create("company", title="Посторонний")
    world.settle()
    world.portal.clock.advance(20 * DAY)
    world.person("Петров").call("company", numbers[0])
    world.person("Петров").call("contact", contact)
    for _ in range(others):
        world.person("Петров").call("company", stranger)
    world.portal.deliver()
    world.portal.sent.clear()
    world.portal.clock.advance(10 * DAY)

    assert fire(world).dropped == 18
    assert [label(world, "company", number) for number in numbers[:3]] == ["Горячий", "Горячий", "Тёплый"]


@pytest.mark.parametrize("cut", [False, True])
def test_d4_d7_a_hand_over_cut_off_anywhere(cut):
    """The same person gets the client, with its activities; everyone hears it once, each client in its own message."""
    given = settings(transfer="{department: Розничные продажи, pick: round_robin}", merge="false")

    def scenario(world: World) -> None:
        chaos, world.chaos = world.chaos, type(world.chaos)()
        for name in ("Один", "Два"):
            number = client(world, "Кузнецова", "Холодный", name=name)
            owner = (BY_NAME["company"].id, number)
            world.portal.activities.add_todo(owner, world.office.users["Кузнецова"], "2027-01-01T00:00:00+03:00")
        world.settle()
        world.portal.clock.advance(30 * DAY)
        world.chaos = chaos
        persistently(world, world.portal.clock.now())
        world.settle()

    def check(world: World) -> None:
        cards = [world.person("Петров").read("company", number) for number in (1, 2)]
        heirs = [int(card["assignedById"]) for card in cards]
        assert sorted(heirs) == sorted([world.office.users["Волкова"], world.office.users["Зайцев"]])
        todos = [world.portal.activities.todos(BY_NAME["company"].id, number) for number in (1, 2)]
        assert [todo["RESPONSIBLE_ID"] for (todo,) in todos] == heirs
        assert [len(world.comments("company", number)) for number in (1, 2)] == [1, 1]
        assert [len(messages(world, name)) for name in ("Кузнецова", "Петров", "Волкова", "Зайцев")] == [2, 2, 1, 1]

    assert everywhere(ROBOTS, scenario, check, cut=cut, every=1 if cut else 5, settings=given) >= 6


def test_d8_a_hundred_clients_cost_no_more_requests_than_full_batches(world):
    for at in range(100):
        world.person("Петров").create("company", title=f"Клиент {at}", **{FIELD: "Горячий"})
    world.settle()
    world.portal.clock.advance(30 * DAY)
    before = world.requests

    assert fire(world).dropped == 100
    # Cards with the question about calls; two batches each of statuses and comments; the message; the directory.
    assert world.requests - before <= 7


def test_d8_a_slow_portal_gets_smaller_batches(world):
    for at in range(120):
        world.person("Петров").create("company", title=f"Клиент {at}", **{FIELD: "Горячий"})
    world.settle()
    world.portal.clock.advance(30 * DAY)
    world.portal.limits.operating = True
    world.portal.limits.operating_limit = 10_000
    world.portal.limits.cost = {"crm.item.update": 1.0}
    fire(world)

    batches = [list(call["params"]["cmd"].values()) for call in world.portal.calls if call["method"] == "batch"]
    comments = [len(batch) for batch in batches if "timeline.comment.add" in batch[0]]
    assert max(comments) <= 25  # statuses taught the pace: no request takes longer than 25 s
