from dataclasses import replace

import msgspec
import pytest
from crm_robots.portal.errors import Busy
from crm_robots.records.timers import TimersTable
from crm_robots.robots.client_status.replanning import replan
from crm_robots.robots.client_status.rules import ClientStatusRules, Status, Transfer
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.client_status.timer_records import TimerRecords
from crm_robots.settings.publish import publish
from crm_robots.shared.plan import to_json

from tests.support.client_status import DAY, RULES, calendar
from tests.support.settings_portal import Portal, example, make_desk


@pytest.fixture
def portal():
    return Portal()


@pytest.fixture
def table(dynamodb):
    return TimersTable(dynamodb, "TimersTable")


def compiled(desk) -> ClientStatusRules:
    return msgspec.json.decode(desk.table.load("client_status")["client_status"].rules, type=ClientStatusRules)


def with_change(old: str, new: str) -> dict[str, str]:
    text = example()["client_status"]
    assert old in text
    return example(client_status=text.replace(old, new))


def test_p1_the_example_compiles_with_the_items_of_both_kinds(dynamodb, portal):
    desk = make_desk(dynamodb, portal)
    publish(example(), desk, whole_file=True)

    rules = compiled(desk)
    assert rules.entities == ("company", "contact")
    assert [status.code for status in rules.statuses] == [status.code for status in RULES.statuses]
    assert rules.items["company"].keys() == rules.items["contact"].keys()
    assert set(rules.items["company"].values()).isdisjoint(rules.items["contact"].values())


def test_p1_a_renamed_status_keeps_its_item(dynamodb, portal):
    desk = make_desk(dynamodb, portal)
    publish(example(), desk, whole_file=True)
    before = compiled(desk)
    publish(with_change("Тёплый", "Остывает"), desk, whole_file=True)

    after = compiled(desk)
    assert after.items == before.items
    assert after.label("warm") == "Остывает"


@pytest.mark.parametrize(
    ("text", "transfer"),
    [
        ("supervisor", Transfer("supervisor")),
        ("{user: oleg@example.ru}", Transfer("user", 2)),
        ("{department: Сервис, pick: round_robin}", Transfer("department", 5)),
    ],
)
def test_d4_whoever_gets_a_lost_client_is_known_by_id(dynamodb, portal, text, transfer):
    desk = make_desk(dynamodb, portal)
    publish(with_change("transfer: none", f"transfer: {text}"), desk, whole_file=True)

    assert compiled(desk).lost.transfer == transfer


def test_p5_only_changed_days_read_the_timers(dynamodb, portal):
    planned = []

    def plan(rules, zone):
        planned.append((rules.statuses[2].days, zone))
        return 0

    desk = replace(make_desk(dynamodb, portal), replan_timers=plan)

    publish(example(), desk, whole_file=True)
    publish(with_change("Горячий, days: 30", "Горячий, days: 7"), desk, whole_file=True)
    publish(with_change("timeline: true", "timeline: false"), desk, whole_file=True)

    assert planned == [(30, "Europe/Moscow"), (7, "Europe/Moscow"), (30, "Europe/Moscow")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("skip_when: {}", 'skip_when: {UF_CRM_TARGET_CLIENT: "НЕТ"}'),
        ('skip_when: {UF_CRM_TARGET_CLIENT: "НЕТ"}', "skip_when: {}"),
    ],
)
def test_p5_cards_that_were_not_taken_over_are_at_the_next_publication_of_the_same_file(dynamodb, portal, old, new):
    """P5, F4: a publication that broke off after the rules were stored goes on, whatever it was about."""
    taken, breaks = [], []

    def take_over(rules, zone):
        if breaks:
            raise breaks.pop()
        taken.append(bool(rules.skip_when.marks))

    desk = replace(make_desk(dynamodb, portal), take_over_cards=take_over)
    texts = with_change("skip_when: {}", old)
    publish(texts, desk, whole_file=True)
    taken.clear()
    breaks.append(Busy("QUERY_LIMIT_EXCEEDED"))

    with pytest.raises(Busy):
        publish(with_change("skip_when: {}", new), desk, whole_file=True)
    publish(with_change("skip_when: {}", new), desk, whole_file=True)
    publish(with_change("skip_when: {}", new), desk, whole_file=True)

    assert taken == ["НЕТ" in new]


def test_p5_changed_days_move_every_timer_of_the_status_and_no_other(table):
    records = TimerRecords(table, calendar())
    for item, status in {"company:1": "hot", "contact:2": "hot", "company:3": "warm", "company:4": "lost"}.items():
        record = records.load([item])[item]
        record.memory = to_json(Timer(status=status, since=DAY))
        records.save(record)
    statuses = tuple(Status("hot", "Горячий", 7) if one.code == "hot" else one for one in RULES.statuses)

    assert replan(table, calendar(statuses=statuses)) == 2
    assert replan(table, calendar(statuses=statuses)) == 0
    assert {
        item: row.get("look_on", {}).get("S")
        for item, row in table.rows(["company:1", "contact:2", "company:3", "company:4"]).items()
    } == {"company:1": "2026-03-06", "contact:2": "2026-03-06", "company:3": "2026-03-29", "company:4": None}
