"""`reindex` and `import`, decided and on the sandbox portal."""

import textwrap
import tracemalloc
from datetime import date

import msgspec
import pytest
from crm_robots.robots.client_status.administration import Refusal, Wish, fulfilled, reindexed, wish
from crm_robots.robots.client_status.importing import Importing
from crm_robots.robots.client_status.reindexing import Reindexing
from crm_robots.robots.client_status.robot import ClientStatusRobot
from crm_robots.robots.client_status.seen import Seen
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.window import Window
from crm_robots.settings.source import split
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.plan import Cause, Plan

from sandbox.portal.types import BY_NAME
from tests.support.client_status import DAY, FIELD, ITEMS, RULES, calendar, rules, without_past
from tests.support.world import EXAMPLE, new_world
from tests.test_client_status_robot import hot_client, label, timer

CARD = ItemRef("company", 42)
HOT = Timer(status="hot", since=date(2026, 2, 1), last_call=5)
PIECES = split(EXAMPLE.read_text())
PUBLISHED = "".join(f"{name}:\n{textwrap.indent(PIECES[name].text, '  ')}\n" for name in ("portal", "client_status"))


@pytest.fixture
def world():
    for made in new_world({"client-status": ClientStatusRobot}):
        made.publish()
        yield made


def window(world, holder: str) -> Window:
    current = world.tools.settings.load("client_status", type(RULES))
    return Window(world.tools, current.rules, current.portal, holder)


def reindex(world):
    work = window(world, "reindex")
    today = world.portal.clock.now().date()
    return Reindexing(work.portal, world.tools.timers, work.calendar, today).run(lambda done, total: None)


def imported(world, *lines: tuple[str, ...]):
    names = ("entity", "id", "status", "since")
    cells = [(row, dict(zip(names, line, strict=False))) for row, line in enumerate(lines, start=2)]
    now = world.portal.clock.now()
    importing = Importing(window(world, "import"), now.date(), int(now.timestamp()), sleep=lambda _: None)
    return importing.run(cells, lambda done: None)


def test_reindex_keeps_a_right_timer_and_starts_an_unknown_status_today():
    def card(status: str) -> Item:
        return Item(ItemRef("company", 42), {FIELD: ITEMS["company"].get(status)})

    assert reindexed(card("hot"), HOT, calendar(), DAY) == HOT
    assert without_past(reindexed(card("warm"), HOT, calendar(), DAY)) == Timer(status="warm", since=DAY, last_call=5)
    assert without_past(reindexed(card(""), HOT, calendar(), DAY)) == Timer(last_call=5)


def test_reindex_puts_every_timer_right_and_tells_nobody(world):
    right, changed, cleared, gone, unknown = (hot_client(world) for _ in range(5))
    contact = hot_client(world, "contact")
    world.portal.outbox.faults.drop = 1.0
    person = world.person("Петров")
    person.update("company", changed, **{FIELD: "Холодный"})
    person.update("company", cleared, **{FIELD: ""})
    person.delete("company", gone)
    world.tools.timers.remove(f"company:{unknown}")
    before = {item: timer(world, item) for item in (f"company:{right}", f"contact:{contact}")}

    outcome = reindex(world)

    assert (outcome.cards, outcome.started, outcome.changed, outcome.ended) == (5, 1, 1, 2)
    assert {item: timer(world, item) for item in before} == before
    assert timer(world, f"company:{changed}").status == "cold"
    assert without_past(timer(world, f"company:{unknown}")) == Timer(
        status="hot", since=world.portal.clock.now().date()
    )
    assert not timer(world, f"company:{cleared}").status
    assert timer(world, f"company:{gone}") is None
    assert len(world.portal.tables.comments) == 0
    assert msgspec.structs.asdict(reindex(world)) | {"cards": 0} == msgspec.structs.asdict(type(outcome)())


def test_reindex_reads_thousands_of_cards_in_few_requests(world):
    """Half of each kind in every batch; all but a few have no status, so that the test is about reading."""
    items = window(world, "").rules.items
    for kind in ("company", "contact"):
        fields = {"title": "Ромашка"} if kind == "company" else {"name": "Анна"}
        for number in range(2400):
            status = {FIELD: items[kind]["hot"]} if number % 100 == 0 else {}
            world.portal.items.add(BY_NAME[kind].id, fields | status, 1)
    world.portal.deliver()
    before = world.requests

    outcome = reindex(world)

    assert (outcome.cards, outcome.started) == (4800, 48)
    assert world.requests - before == 2


def test_reindex_of_a_portal_that_shows_nothing_ends_nothing(world):
    number = hot_client(world)
    companies = world.portal.items.table(4)
    companies.remove(number)

    outcome = reindex(world)

    assert (outcome.invisible, outcome.ended) == (["company"], 0)
    assert timer(world, f"company:{number}") is not None


def test_a_million_cards_are_remembered_in_a_bit_each():
    seen = Seen()

    assert seen.add(ItemRef("company", 1_000_000))
    assert not seen.add(ItemRef("company", 1_000_000))
    assert ItemRef("contact", 1_000_000) not in seen
    assert ItemRef("company", 999_999) not in seen


def test_section_7_one_high_id_costs_no_memory_for_all_below_it():
    """SECTION 7: a slip of the finger in one row of an import must not stop the other rows."""
    seen = Seen()
    tracemalloc.start()

    assert seen.add(ItemRef("company", 9_999_999_999))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 100_000
    assert ItemRef("company", 9_999_999_999) in seen
    assert ItemRef("company", 9_999_999_998) not in seen
    assert seen.any("company")
    assert not seen.any("contact")


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"entity": "deal", "id": "1", "status": "hot"}, "entity"),
        ({"entity": "company", "id": "x1", "status": "hot"}, "id"),
        ({"entity": "company", "id": "0", "status": "hot"}, "id"),
        ({"entity": "company", "id": "99999999999999999999", "status": "hot"}, "id"),
        ({"entity": "company", "id": "9" * 5000, "status": "hot"}, "id"),
        ({"entity": "company", "id": "1", "status": "Жаркий"}, "status"),
        ({"entity": "company", "id": "1", "status": ""}, "status"),
        ({"entity": "company", "id": "1", "status": "hot", "since": "вчера"}, "since"),
        ({"entity": "company", "id": "1", "status": "hot", "since": "2026-03-03"}, "since"),
    ],
)
def test_a_bad_row_is_refused_by_the_name_of_its_column(cells, word):
    refusal = wish(7, cells, RULES, DAY)

    assert isinstance(refusal, Refusal)
    assert refusal.row == 7
    assert refusal.reason.startswith(word)


@pytest.mark.parametrize(
    "cells",
    [
        {"entity": "Компания", "id": "12 345", "status": "Теплый", "since": "05.01.2026"},
        {"entity": "company", "id": "12\u00a0345", "status": "\u00a0тёплый ", "since": "05.01.2026 00:00:00"},
        {"entity": "COMPANY", "id": "12345", "status": "Те\u0308плый\u200b", "since": "2026-01-05"},
    ],
)
def test_section_7_rows_are_read_as_people_write_them(cells):
    """SECTION 7: one rule for names, whatever the spelling."""
    assert wish(7, cells, RULES, DAY) == Wish(7, ItemRef("company", 12345), "warm", date(2026, 1, 5))


def test_a_row_names_a_status_by_label_or_code():
    for text in ("Горячий", " горячий", "hot", "HOT"):
        assert wish(2, {"entity": "Company", "id": "42", "status": text}, RULES, DAY) == Wish(2, CARD, "hot", None)


def test_a_kind_that_is_not_tracked_is_refused():
    refusal = wish(2, {"entity": "contact", "id": "1", "status": "hot"}, rules(entities=("company",)), DAY)

    assert isinstance(refusal, Refusal)


def test_an_import_changes_the_card_without_a_word_to_anybody():
    card = Item(CARD, {FIELD: ITEMS["company"]["warm"]})
    decision = fulfilled(Wish(2, CARD, "hot", date(2026, 1, 5)), card, Timer(), calendar(), DAY)

    assert without_past(decision.memory) == Timer(status="hot", since=date(2026, 1, 5))
    (update,) = decision.actions
    assert isinstance(update, UpdateItem)


def test_an_import_of_another_status_since_the_same_day_changes_it():
    card = Item(CARD, {FIELD: ITEMS["company"]["hot"]})
    decision = fulfilled(Wish(2, CARD, "warm", HOT.since), card, HOT, calendar(), DAY)

    assert without_past(decision.memory) == Timer(status="warm", since=HOT.since, last_call=5)
    assert decision.actions[0].fields == {FIELD: ITEMS["company"]["warm"]}


def test_an_import_of_what_stands_already_changes_nothing():
    card = Item(CARD, {FIELD: ITEMS["company"]["hot"]})
    decision = fulfilled(Wish(2, CARD, "hot", None), card, HOT, calendar(), DAY)

    assert (decision.memory, decision.steps) == (HOT, ())


def test_import_writes_cards_and_timers_and_robots_let_it_stand(world):
    company, contact = hot_client(world), hot_client(world, "contact")
    untracked = world.person("Петров").create("company", title="Без статуса")
    world.settle()

    outcome = imported(
        world,
        ("company", str(company), "Холодный", "2026-01-15"),
        ("contact", str(contact), "warm"),
        ("company", str(untracked), "Пропал", ""),
        ("company", "999", "hot"),
        ("company", str(company), "hot"),
        ("company", "1", "Жаркий"),
    )
    world.settle()

    assert (outcome.rows, outcome.imported) == (6, 3)
    assert [refusal.row for refusal in outcome.refused] == [5, 6, 7]
    assert label(world, "company", company) == "Холодный"
    assert without_past(timer(world, f"company:{company}")) == Timer(status="cold", since=date(2026, 1, 15))
    assert label(world, "contact", contact) == "Тёплый"
    assert label(world, "company", untracked) == "Пропал"
    assert world.comments("company", company) == []
    assert world.person("Петров").notifications() == []


def test_import_twice_is_import_once(world):
    company = hot_client(world)
    line = ("company", str(company), "Холодный", "2026-01-15")
    imported(world, line)
    before = timer(world, f"company:{company}")
    requests = world.requests

    assert imported(world, line).imported == 1
    assert world.requests - requests == 1
    assert timer(world, f"company:{company}") == before


def test_import_waits_for_a_robot_that_is_working_on_the_card(world):
    company = hot_client(world)
    records = window(world, "somebody").timers
    record = records.load([f"company:{company}"])[f"company:{company}"]
    decision = fulfilled(Wish(2, ItemRef("company", company), "warm", None), Item(CARD, {}), HOT, calendar(), DAY)
    record.plan = Plan(9, Cause("x", record.item, 0), decision)
    records.save(record)

    outcome = imported(world, ("company", str(company), "Холодный"))

    assert [refusal.reason for refusal in outcome.refused] == ["a robot is working on the card; try again"]


@pytest.mark.parametrize(("fault", "applied"), [("html_502", 0), ("html_502", 1), ("html_500", None), ("internal", 0)])
@pytest.mark.parametrize("skip", [0, 1])
def test_f1_import_goes_on_by_itself_after_the_portal_failed_in_the_middle(world, fault, applied, skip):
    companies = [hot_client(world) for _ in range(3)]
    world.portal.faults.add(fault, "batch", skip=skip, times=4, applied=applied)

    outcome = imported(world, *(("company", str(one), "Холодный") for one in companies))

    assert (outcome.imported, outcome.refused) == (3, [])
    assert [label(world, "company", one) for one in companies] == ["Холодный"] * 3


def test_p5_changed_days_move_the_timers(world):
    number = hot_client(world)
    world.publish(PUBLISHED.replace("Горячий, days: 30", "Горячий, days: 12"))

    row = world.tools.timers.rows([f"company:{number}"])[f"company:{number}"]
    assert row["look_on"]["S"] == "2026-01-21"


def test_p1_a_status_in_use_cannot_be_taken_out_and_the_refusal_says_how_many_do(world):
    hot_client(world), hot_client(world, "contact")
    text = PUBLISHED.replace("    - {code: hot, label: Горячий, days: 30}\n", "")
    report = world.publish(text.replace("after_deal: {won: hot, lost: hot}", "after_deal: {won: warm, lost: warm}"))

    (problem,) = next(one for one in report.sections if one.section == "client_status").problems
    assert (problem.reason, problem.expected) == ("status_in_use", "2")
