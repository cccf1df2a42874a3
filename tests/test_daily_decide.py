"""D2 to D4, D6 as decisions: what the day does with one client."""

from datetime import date, timedelta
from typing import Any

import pytest
from crm_robots.robots.client_status.rules import LostRules, Status, Transfer, WarningRules
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.decide import HandOver, drop, warn, with_comment
from crm_robots.robots.daily.heirs import heirs
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.steps import Verdict, next_status, verdict
from crm_robots.shared.actions import AddComment, ReassignActivity, UpdateItem
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.people import Department, Directory, User

from tests.support.client_status import DAY, FIELD, ITEMS, NOON, PORTAL, RULES, calendar, without_past

CARD = ItemRef("company", 42)
IGOR, MARIA, PAVEL, OLEG = 5, 6, 9, 7
PEOPLE = Directory(
    {
        IGOR: User(IGOR, "Игорь", departments=(2,)),
        MARIA: User(MARIA, "Мария", departments=(1,)),
        PAVEL: User(PAVEL, "Павел", departments=(2,)),
        OLEG: User(OLEG, "Олег", active=False, departments=(2,)),
    },
    {1: Department(1, "Компания", None, MARIA), 2: Department(2, "Опт", 1)},
)


def make_card(status: str, **fields: Any) -> Item:
    usual = {"TITLE": "Ромашка", "ASSIGNED_BY_ID": IGOR, FIELD: ITEMS["company"][status]}
    return Item(CARD, usual | fields)


def make_case(**changes: Any) -> Case:
    return Case(DAY, calendar(**changes), PORTAL, PEOPLE)


def timer(status: str, days_ago: int, **more: Any) -> Timer:
    return Timer(status=status, since=DAY - timedelta(days=days_ago), **more)


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(26, Verdict.NOTHING), (27, Verdict.WARN), (29, Verdict.WARN), (30, Verdict.DROP), (31, Verdict.DROP)],
)
def test_d2_d3_what_a_day_does_with_a_term_of_thirty_days(days_ago, expected):
    assert verdict(timer("hot", days_ago), calendar(), DAY) == expected


def test_d3_one_warning_a_term_and_none_where_none_is_wanted():
    warned = timer("hot", 28, warned_for=DAY - timedelta(days=28))
    of_another_term = timer("hot", 28, warned_for=DAY - timedelta(days=60))
    silent = calendar(warning=WarningRules("{client}", days_before=None))

    assert verdict(warned, calendar(), DAY) == Verdict.NOTHING
    assert verdict(of_another_term, calendar(), DAY) == Verdict.WARN
    assert verdict(timer("hot", 29), silent, DAY) == Verdict.NOTHING
    assert verdict(timer("hot", 30), silent, DAY) == Verdict.DROP
    assert verdict(timer("in_work", 300), calendar(), DAY) == Verdict.NOTHING


@pytest.mark.parametrize(
    ("code", "below"),
    [("new", "lost"), ("in_work", "hot"), ("hot", "warm"), ("warm", "cold"), ("cold", "lost"), ("item:91", "lost")],
)
def test_d2_each_status_has_the_one_below_it(code, below):
    assert next_status(code, RULES) == below


def test_d2_a_drop_starts_a_new_term_on_that_day_and_is_written_alone():
    decision, news = drop(make_card("hot"), timer("hot", 30, last_call=5, warned_for=DAY), make_case())

    assert without_past(decision.memory) == Timer(status="warm", since=DAY, last_call=5)
    (step,) = decision.steps
    (update,) = step.actions
    assert update == UpdateItem(CARD, {FIELD: ITEMS["company"]["warm"]}, {FIELD: ITEMS["company"]["hot"]}, rule="D2")
    assert [one.rule for one in step.otherwise] == ["D2"]
    assert step.memory_otherwise == timer("hot", 30, last_call=5, warned_for=DAY)
    assert (news.kind, news.old, news.new, news.due) == ("dropped", "hot", "warm", date(2026, 4, 1))
    assert (news.name, news.since, news.responsible) == ("Ромашка", DAY - timedelta(days=30), IGOR)
    until = "Следующее понижение: 01.04.2026."
    assert news.comment == f"02.03.2026: статус понижен «Горячий» → «Тёплый», срок вышел. {until}"


def test_d4_a_lost_client_is_opened_and_handed_over_with_its_activities():
    over = HandOver(PAVEL, (11, 12))
    case = make_case(lost=LostRules("{client}", "{client}", open_to_everyone=True))
    decision, news = drop(make_card("cold", OPENED="N"), timer("cold", 30), case, over)

    update, *handed = decision.actions
    assert update.fields == {FIELD: ITEMS["company"]["lost"], "ASSIGNED_BY_ID": PAVEL, "OPENED": "Y"}
    assert update.old == {FIELD: ITEMS["company"]["cold"], "ASSIGNED_BY_ID": IGOR, "OPENED": "N"}
    assert update.rule == "D4"
    assert handed == [ReassignActivity(one, PAVEL, rule="D4", optional=True) for one in (11, 12)]
    assert (news.kind, news.supervisor, news.heir, news.opened, news.due) == ("lost", MARIA, PAVEL, True, None)
    assert news.comment == (
        "02.03.2026: клиент потерян, статус «Холодный» → «Пропал», срок вышел."
        " Передан: Игорь → Павел. Карточка открыта для всех."
    )


@pytest.mark.parametrize("there", ["Y", "1", True])
def test_d4_a_card_that_is_open_already_is_not_opened_again(there):
    case = make_case(lost=LostRules("{client}", "{client}", open_to_everyone=True))
    decision, _ = drop(make_card("cold", OPENED=there), timer("cold", 30), case)
    assert decision.actions[0].fields == {FIELD: ITEMS["company"]["lost"]}


def test_d4_a_client_of_nobody_has_no_head_to_tell():
    _, news = drop(make_card("cold", ASSIGNED_BY_ID=None), timer("cold", 30), make_case())
    assert news.listeners == ()


def test_d6_without_the_timeline_a_drop_is_not_written_on_the_card():
    decision, news = drop(make_card("hot"), timer("hot", 30), make_case(timeline=False))
    assert (news.comment, with_comment(decision, news)) == ("", decision)


def test_d6_a_comment_goes_with_the_step_unless_it_witnesses_a_message():
    decision, news = drop(make_card("cold"), timer("cold", 30), make_case(), HandOver(PAVEL, (11,)))

    first, second = with_comment(decision, news).steps
    assert first == decision.steps[0]
    assert [type(one) for one in second.actions] == [AddComment, ReassignActivity]
    witness = News(run=DAY, item="company:42", name="", kind="lost", old="", new="", comment="x", witness=IGOR)
    assert with_comment(decision, witness) == decision


def test_d3_a_warning_writes_nothing_and_names_the_day():
    decision, news = warn(make_card("hot"), timer("hot", 28), make_case())

    assert (decision.steps, decision.memory.warned_for) == ((), DAY - timedelta(days=28))
    assert (news.kind, news.new, news.due) == ("warned", "hot", DAY + timedelta(days=2))


def test_d3_a_call_begins_the_term_that_is_warned_of():
    called = timer("hot", 100, last_call=NOON - 28 * 24 * 3600)
    decision, _ = warn(make_card("hot"), called, make_case())
    assert decision.memory.warned_for == DAY - timedelta(days=28)


@pytest.mark.parametrize(
    ("transfer", "responsible", "expected"),
    [
        (Transfer("none"), IGOR, ()),
        (Transfer("supervisor"), IGOR, (MARIA,)),
        (Transfer("supervisor"), MARIA, ()),
        (Transfer("supervisor"), None, ()),
        (Transfer("user", PAVEL), IGOR, (PAVEL,)),
        (Transfer("user", PAVEL), PAVEL, ()),
        (Transfer("user", OLEG), IGOR, ()),
        (Transfer("department", 2), IGOR, (PAVEL,)),
        (Transfer("department", 2), None, (IGOR, PAVEL)),
        (Transfer("department", 77), IGOR, ()),
    ],
)
def test_d4_who_may_get_a_lost_client(transfer, responsible, expected):
    assert heirs(transfer, PEOPLE, responsible) == expected


def test_d2_a_drop_into_a_status_without_days_names_no_day():
    statuses = (*RULES.statuses[:4], Status("cold", "Холодный"), RULES.statuses[5])
    _, news = drop(make_card("warm"), timer("warm", 30), make_case(statuses=statuses))
    assert news.comment == "02.03.2026: статус понижен «Тёплый» → «Холодный», срок вышел."
