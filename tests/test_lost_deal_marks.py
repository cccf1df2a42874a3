"""L4: marks that expire, and marks that are taken back when the deal is opened again."""

from datetime import timedelta

import pytest
from crm_robots.engine.look_again import LookAgain
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.registry import ROWS

from tests.support.care import TARGET, item_of
from tests.support.days import moment_of, round_of
from tests.support.world import EXAMPLE, new_world


def settings(**rule: str) -> str:
    """The example's first rule, on the contact of the deal, with these keys."""
    text = EXAMPLE.read_text()
    portal = text[text.index("portal:") : text.index("qualification:")]
    lost = text[text.index("lost_deal:") : text.index("client_status:")]
    for key, value in ({"expires_days": "180"} | rule).items():
        lines = [f"      {key}: {value}" if line.strip().startswith(f"{key}:") else line for line in lost.splitlines()]
        assert lines != lost.splitlines() or key in rule, key
        lost = "\n".join(lines)
    return portal + lost + "\n"


@pytest.fixture
def world():
    for made in new_world({"lost-deal": LostDealRobot}):
        made.publish(settings())
        yield made


def contact(world, value: str = "") -> int:
    fields = {TARGET: item_of(world, TARGET, value)} if value else {}
    return world.person("Петров").create("contact", name="Ева", lastName="Лис", **fields)


def lost(world, *contacts: int) -> int:
    deal = world.person("Петров").create("deal", title="Нитки", contactIds=list(contacts), categoryId=0)
    world.settle()
    world.person("Петров").move("deal", deal, "Нет денег")
    world.settle()
    return deal


def shown(world, number: int) -> str:
    value = world.person("Петров").read("contact", number).get(TARGET)
    return next((one for one in ("ДА", "НЕТ") if value and int(value) == item_of(world, TARGET, one)), "")


def day(world, days: int) -> None:
    """So many days later, at the day's run."""
    world.portal.clock.advance(timedelta(days=days))
    moment_of(world, "09:00")
    LookAgain(ROWS)(round_of(world, "09:00"))
    world.settle()


@pytest.mark.parametrize("earlier", ["", "ДА"])
def test_l4_after_its_days_a_mark_gives_way_to_the_earlier_value_with_a_comment(world, earlier):
    number = contact(world, earlier)
    lost(world, number)
    assert shown(world, number) == "НЕТ"

    day(world, 179)
    assert shown(world, number) == "НЕТ"
    day(world, 1)
    assert shown(world, number) == earlier
    assert f"НЕТ → {earlier or 'не заполнено'}" in world.comments("contact", number)[-1]


def test_l4_what_somebody_changed_meanwhile_stays(world):
    number = contact(world)
    lost(world, number)
    world.person("Петров").update("contact", number, **{TARGET: item_of(world, TARGET, "ДА")})
    world.settle()
    said = len(world.comments("contact", number))

    day(world, 180)
    assert shown(world, number) == "ДА"
    assert len(world.comments("contact", number)) == said


def test_l4_of_several_deals_the_earliest_foreign_value_is_kept_and_the_days_start_anew(world):
    number = contact(world, "ДА")
    lost(world, number)
    day(world, 100)
    lost(world, number)

    day(world, 90)
    assert shown(world, number) == "НЕТ"
    day(world, 90)
    assert shown(world, number) == "ДА"


def test_l4_a_deal_that_is_opened_again_gives_it_back_at_once_and_ends_the_expiry(world):
    number = contact(world, "ДА")
    deal = lost(world, number)
    world.person("Петров").move("deal", deal, "В работе")
    world.settle()
    assert shown(world, number) == "ДА"
    assert "снова открыта" in world.comments("contact", number)[-1]
    assert "Целевой клиент: НЕТ → ДА" in world.comments("deal", deal)[-1]

    world.person("Петров").update("contact", number, **{TARGET: item_of(world, TARGET, "НЕТ")})
    day(world, 200)
    assert shown(world, number) == "НЕТ"


def test_l4_another_losing_stage_changes_nothing(world):
    number = contact(world, "ДА")
    deal = lost(world, number)
    world.person("Петров").move("deal", deal, "Сделка провалена")
    world.settle()

    assert shown(world, number) == "НЕТ"


def test_l4_undo_on_reopen_may_be_switched_off(world):
    world.publish(settings(undo_on_reopen="false"))
    number = contact(world, "ДА")
    deal = lost(world, number)
    world.person("Петров").move("deal", deal, "В работе")
    world.settle()
    assert shown(world, number) == "НЕТ"

    day(world, 180)
    assert shown(world, number) == "ДА"


def test_l4_null_empties_the_field(world):
    world.publish(settings(contact="{UF_CRM_TARGET_CLIENT: null}"))
    number = contact(world, "ДА")
    lost(world, number)
    assert shown(world, number) == ""
    assert "ДА → не заполнено" in world.comments("contact", number)[-1]

    day(world, 180)
    assert shown(world, number) == "ДА"


def test_l2_a_deal_without_a_client_says_why_it_was_lost_all_the_same(world):
    deal = lost(world)

    (comment,) = world.comments("deal", deal)
    assert "Клиент помечен нецелевым" in comment
    assert "Изменено" not in comment


def test_l4_a_mark_that_was_there_before_is_somebodys_own(world):
    number = contact(world, "НЕТ")
    lost(world, number)

    day(world, 180)
    assert shown(world, number) == "НЕТ"
