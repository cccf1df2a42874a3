"""L1–L3: the end of a deal marks its client's card."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from crm_robots.robots.lost_deal.decide import decide
from crm_robots.robots.lost_deal.robot import LostDealRobot
from crm_robots.robots.lost_deal.rules import LostDealMemory, LostDealRules, Rule, SetField
from crm_robots.shared.actions import AddComment, UpdateItem
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.portal import PortalRules

from tests.support.world import World, everywhere, new_world

PORTAL = PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1,), 7)
TARGET = {"51": "ДА", "52": "НЕТ"}
NO_MONEY = Rule(
    stages={"NO_MONEY": "Нет денег"},
    contact=(SetField("UF_CRM_TARGET_CLIENT", "Целевой клиент", 52, "НЕТ", TARGET),),
    video="https://example.ru/video",
    comment="Проиграна из-за денег.",
)
WON = Rule(
    stages={"WON": "Сделка успешна", "NO_MONEY": "Нет денег"},
    contact=(SetField("UF_CRM_TARGET_CLIENT", "Целевой клиент", 51, "ДА", TARGET),),
    company=(SetField("UF_CRM_SIZE", "Размер", "крупный", "крупный"),),
)
RULES = LostDealRules((NO_MONEY, WON))
ROBOTS = {"lost-deal": LostDealRobot}


def deal(stage: str, **fields: object) -> Item:
    wanted = {"TITLE": "Ткань оптом", "STAGE_ID": stage, "CONTACT_IDS": [5, 6], "COMPANY_ID": 9}
    return Item(ItemRef("deal", 12), wanted | fields)


def card(kind: str, number: int, **fields: object) -> tuple[ItemRef, Item]:
    ref = ItemRef(kind, number)
    return ref, Item(ref, {"NAME": "Анна", "TITLE": "Ромашка"} | fields)


CLIENTS = dict([card("contact", 5, UF_CRM_TARGET_CLIENT="51"), card("contact", 6), card("company", 9)])


def test_l1_all_contacts_of_the_deal_are_marked():
    decision = decide(deal("NO_MONEY"), LostDealMemory("NEW"), CLIENTS, RULES, PORTAL)

    updates = [action for action in decision.actions if isinstance(action, UpdateItem)]
    assert [(update.item, update.fields) for update in updates] == [
        (ItemRef("contact", 5), {"UF_CRM_TARGET_CLIENT": 52}),
        (ItemRef("contact", 6), {"UF_CRM_TARGET_CLIENT": 52}),
    ]


def test_l1_the_first_matching_rule_wins():
    decision = decide(deal("NO_MONEY"), LostDealMemory("NEW"), CLIENTS, RULES, PORTAL)
    assert not [action for action in decision.actions if getattr(action, "item", None) == ItemRef("company", 9)]


def test_l1_the_company_is_marked_by_its_own_fields():
    decision = decide(deal("WON"), LostDealMemory("NEW"), CLIENTS, RULES, PORTAL)

    assert UpdateItem(ItemRef("company", 9), {"UF_CRM_SIZE": "крупный"}, {"UF_CRM_SIZE": None}, rule="L1") in (
        decision.actions
    )


def test_l1_another_losing_stage_changes_nothing():
    assert decide(deal("LOSE"), LostDealMemory("NEW"), CLIENTS, RULES, PORTAL).actions == ()


def test_l1_a_deal_that_stays_at_its_stage_changes_nothing():
    assert decide(deal("NO_MONEY"), LostDealMemory("NO_MONEY"), CLIENTS, RULES, PORTAL).actions == ()


def test_l1_a_deal_that_was_reopened_and_lost_again_counts_again():
    reopened = decide(deal("NEW"), LostDealMemory("NO_MONEY"), {}, RULES, PORTAL)
    assert decide(deal("NO_MONEY"), reopened.memory, CLIENTS, RULES, PORTAL).actions


def test_l2_the_deals_timeline_tells_old_and_new_why_and_where_the_video_is():
    """L2: in words, with the link to the training video."""
    decision = decide(deal("NO_MONEY"), LostDealMemory("NEW"), CLIENTS, RULES, PORTAL)

    (comment,) = [a for a in decision.actions if isinstance(a, AddComment) and a.item.kind == "deal"]
    assert "Целевой клиент: ДА → НЕТ" in comment.text
    assert "Целевой клиент: не заполнено → НЕТ" in comment.text
    assert "«Нет денег»" in comment.text
    assert "Проиграна из-за денег." in comment.text
    assert "[URL=https://example.ru/video]" in comment.text
    assert "[URL=https://acme.bitrix24.example/crm/contact/details/5/]Анна[/URL]" in comment.text


def test_l2_the_contacts_timeline_has_a_link_to_the_deal():
    decision = decide(deal("NO_MONEY"), LostDealMemory("NEW"), CLIENTS, RULES, PORTAL)

    (comment,) = [a for a in decision.actions if isinstance(a, AddComment) and a.item == ItemRef("contact", 5)]
    assert "[URL=https://acme.bitrix24.example/crm/deal/details/12/]Ткань оптом[/URL]" in comment.text
    assert "Целевой клиент: ДА → НЕТ" in comment.text


def test_l2_a_field_that_has_the_value_already_is_left_and_nothing_is_written():
    marked = dict([card("contact", 5, UF_CRM_TARGET_CLIENT=52), card("contact", 6, UF_CRM_TARGET_CLIENT="52")])
    assert decide(deal("NO_MONEY"), LostDealMemory("NEW"), marked, RULES, PORTAL).actions == ()


def test_l2_in_english():
    english = PortalRules("https://acme.bitrix24.example", "Europe/London", "en", (1,), 7)
    decision = decide(deal("NO_MONEY"), LostDealMemory("NEW"), CLIENTS, RULES, english)
    assert "The deal moved to the stage “Нет денег”." in decision.actions[-1].text


def test_f3_a_client_that_was_deleted_meanwhile_is_passed_over():
    decision = decide(deal("NO_MONEY"), LostDealMemory("NEW"), dict([card("contact", 6)]), RULES, PORTAL)
    assert {action.item for action in decision.actions} == {ItemRef("contact", 6), ItemRef("deal", 12)}


@pytest.fixture
def world() -> Iterator[World]:
    for one in new_world(ROBOTS):
        one.publish()
        yield one


def lose_a_deal(world: World, stage: str = "Нет денег", contacts: int = 2) -> None:
    manager = world.person("Смирнов")
    people = [manager.create("contact", name=f"Анна {number}", lastName="Орлова") for number in range(contacts)]
    number = manager.create("deal", title="Ткань оптом", categoryId=0, contactIds=people)
    world.settle()
    manager.move("deal", number, stage)
    world.settle()


def target(world: World, contact_id: int) -> str:
    field = next(f for f in world.portal.tables.user_fields if f["FIELD_NAME"] == "UF_CRM_TARGET_CLIENT")
    words = {str(item["id"]): item["value"] for item in field["LIST"]}
    value = world.person("Смирнов").read("contact", contact_id).get("UF_CRM_TARGET_CLIENT")
    return words.get(str(value), "")


def check_lost(world: World) -> None:
    assert [target(world, number) for number in (1, 2)] == ["НЕТ", "НЕТ"]
    assert [len(world.comments("contact", number)) for number in (1, 2)] == [1, 1]
    assert len(world.comments("deal", 1)) == 1


def test_l1_on_the_sandbox_portal(world):
    lose_a_deal(world)
    check_lost(world)


def test_l1_another_losing_stage_on_the_sandbox_portal(world):
    lose_a_deal(world, stage="Сделка провалена")
    assert target(world, 1) == ""
    assert world.comments("deal", 1) == []


def test_l1_l2_a_card_that_the_portal_would_not_change_is_told_once_and_changed_later(world):
    """L1, L2: no timeline claims a change that did not happen, and the deal's next change is another try."""
    refused = world.portal.faults.add("access_denied", "crm.item.update", times=None, inner=True)
    lose_a_deal(world)
    manager = world.person("Смирнов")
    manager.update("deal", 1, title="Ткань в рулонах")
    world.settle()
    assert [len(world.comments("contact", number)) for number in (1, 2)] == [0, 0]
    (told,) = world.comments("deal", 1)
    assert "не изменена: Access denied" in told

    world.portal.faults.remove(refused)
    manager.update("deal", 1, title="Ткань в отрезах")
    world.settle()

    assert [target(world, number) for number in (1, 2)] == ["НЕТ", "НЕТ"]
    assert [len(world.comments("contact", number)) for number in (1, 2)] == [1, 1]
    assert len(world.comments("deal", 1)) == 2


def test_l3_an_automation_rules_webhook_works_as_well(world):
    lose_a_deal(world)
    world.portal.add_rule(2, "NO_MONEY", "https://api.example/prod/webhooks/lost-deal?token=t")
    manager = world.person("Смирнов")
    other = manager.create("contact", name="Борис", lastName="Ли")
    number = manager.create("deal", title="Нитки", categoryId=0, contactIds=[other])
    manager.move("deal", number, "Нет денег")
    world.settle()
    assert target(world, other) == "НЕТ"
    assert len(world.comments("deal", number)) == 1


def test_w7_the_robots_own_writes_settle(world):
    lose_a_deal(world)
    before = len(world.comments("deal", 1))
    world.portal.clock.advance(timedelta(hours=1))
    world.settle()
    assert len(world.comments("deal", 1)) == before


def test_section_9_a_lone_event_costs_one_request_and_two_when_something_changes(world):
    manager = world.person("Смирнов")
    contact = manager.create("contact", name="Анна", lastName="Орлова")
    number = manager.create("deal", title="Ткань", categoryId=0, contactIds=[contact])
    world.settle()

    before = world.requests
    manager.update("deal", number, title="Ткань оптом")
    world.settle()
    assert world.requests - before == 1

    before = world.requests
    manager.move("deal", number, "Нет денег")
    world.work()
    assert world.requests - before == 2


@pytest.mark.parametrize("cut", [False, True])
def test_f4_a_crash_or_a_cut_answer_anywhere_leaves_everything_exactly_once(cut):
    assert everywhere(ROBOTS, lose_a_deal, check_lost, cut=cut) >= 6
