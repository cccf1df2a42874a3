"""S11: people who left: who is told instead, for every robot."""

from datetime import UTC, datetime

import msgspec
import pytest
from crm_robots.engine.stand_ins import StandIns
from crm_robots.robots.client_status.rules import Transfer
from crm_robots.robots.daily.addressees import addressees
from crm_robots.robots.daily.heirs import heirs
from crm_robots.robots.daily.news import News
from crm_robots.shared.actions import AddTask, AddTodo, Notify
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import ItemRef
from crm_robots.shared.people import Department, Directory, User

from tests.support.client_status import DAY, PORTAL

BOSS, HEAD, GONE, SELLER, ADMIN = 2, 3, 4, 5, 1
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def directory(**dismissed: bool) -> Directory:
    """The boss leads the company, the head its sales; `GONE` left."""
    names = {
        ADMIN: "Анна Админова",
        BOSS: "Борис Босс",
        HEAD: "Хельга Хед",
        GONE: "Мария Кузнецова",
        SELLER: "Олег Орлов",
    }
    places = {ADMIN: (), BOSS: (1,), HEAD: (2,), GONE: (2,), SELLER: (2,)}
    users = {
        one: User(one, name, active=one != GONE and not dismissed.get(f"_{one}", False), departments=places[one])
        for one, name in names.items()
    }
    return Directory(users, {1: Department(1, "Компания", None, BOSS), 2: Department(2, "Продажи", 1, HEAD)})


@pytest.mark.parametrize(
    ("dismissed", "told"),
    [({}, (HEAD,)), ({"_3": True}, (BOSS,)), ({"_3": True, "_2": True}, (ADMIN,))],
    ids=["head", "head above", "admins"],
)
def test_s11_the_head_is_told_else_the_head_above_else_the_admins(dismissed, told):
    assert directory(**dismissed).told_instead(GONE, (ADMIN,)) == told


def test_s11_whoever_works_here_or_is_hidden_by_rest_is_told_in_person():
    assert directory().told_instead(SELLER, (ADMIN,)) == (SELLER,)
    assert directory().told_instead(99, (ADMIN,)) == (99,)


def sent(*actions):
    return StandIns(directory, lambda: PORTAL)(Decision(None, step(*actions))).actions


def test_s11_a_notification_says_whose_it_was():
    (told,) = sent(Notify(GONE, "Лид возвращён."))

    assert told == Notify(HEAD, "Лид возвращён.\nПолучатель — Мария Кузнецова, больше не работает в компании.")


def test_s11_whoever_is_told_anyway_is_not_told_twice():
    assert sent(Notify(HEAD, "Клиент потерян."), Notify(GONE, "Клиент потерян.")) == (Notify(HEAD, "Клиент потерян."),)


def test_s11_todos_and_visits_go_to_somebody_who_works_here():
    todo = AddTodo("todo", ItemRef("lead", 17), "Заполнить", "Чего не хватает", GONE, NOON)
    task = AddTask("visit", "Выезд", "Адрес", GONE, NOON, ("L_17",))

    for action in sent(todo, task):
        assert action.responsible_id == HEAD
        assert action.description.endswith("Получатель — Мария Кузнецова, больше не работает в компании.")


def test_s11_what_is_for_nobody_who_left_stays_as_it_is_and_people_are_not_even_read():
    decision = Decision(None, step(Notify(SELLER, "Здравствуйте")))

    assert StandIns(directory, lambda: PORTAL)(decision) is decision
    assert StandIns(lambda: pytest.fail("read"), lambda: PORTAL)(Decision(None)) == Decision(None)


def test_s11_one_line_per_client_whatever_the_roles():
    lost = News(run=DAY, item="company:1", name="Ромашка", kind="lost", old="cold", new="lost", responsible=GONE)

    assert addressees(lost, directory(), (ADMIN,)) == {HEAD: GONE}
    assert addressees(msgspec.structs.replace(lost, supervisor=HEAD), directory(), (ADMIN,)) == {HEAD: HEAD}


def test_s11_a_hand_over_never_takes_somebody_dismissed_and_goes_up_from_head_to_head():
    assert heirs(Transfer("user", GONE), directory(), SELLER) == ()
    assert heirs(Transfer("department", 2), directory(), SELLER) == (HEAD,)
    assert heirs(Transfer("supervisor"), directory(), SELLER) == (HEAD, BOSS)
