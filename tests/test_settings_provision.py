"""Q9, P1: what publishing makes on the portal, and how statuses keep to their codes."""

import pytest
from crm_robots.settings.provision import specs
from crm_robots.settings.provision.card import arranged
from crm_robots.settings.provision.plan import plan
from crm_robots.settings.publish import check, publish
from crm_robots.settings.reading import read_portal
from crm_robots.settings.sections import SECTIONS
from crm_robots.settings.validate import validate

from tests.support.settings_portal import Portal, example, make_desk

STATUS = "UF_CRM_CLIENT_STATUS"


@pytest.fixture
def portal() -> Portal:
    return Portal()


def changed(section: str, *changes: tuple[str, str]) -> dict[str, str]:
    text = example()[section]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return example() | {section: text}


def report_of(report, name="client_status"):
    return next(one for one in report.sections if one.section == name)


def codes(portal: Portal) -> dict[str, str]:
    (field,) = [one for one in portal.user_fields["company"] if one["FIELD_NAME"] == STATUS]
    return {item["XML_ID"]: item["VALUE"] for item in field["LIST"]}


def test_p1_a_renamed_status_renames_its_item(dynamodb, portal):
    desk = make_desk(dynamodb, portal)
    publish(example(), desk, whole_file=True)

    report = publish(changed("client_status", ("label: Горячий", "label: Огонь")), desk, whole_file=True)

    assert report_of(report).renamed == {f"{kind} {STATUS}": ["Горячий → Огонь"] for kind in ("company", "contact")}
    assert codes(portal)["hot"] == "Огонь"
    assert len(codes(portal)) == 6


def test_p1_items_that_exist_already_get_their_codes(dynamodb, portal):
    items = [{"ID": "1", "VALUE": "Новый", "XML_ID": "a1", "SORT": "10"}, {"ID": "2", "VALUE": "ВИП", "XML_ID": "a2"}]
    field = {"ID": "5", "FIELD_NAME": STATUS, "USER_TYPE_ID": "enumeration", "MULTIPLE": "N", "LIST": items}
    portal.user_fields["company"].append(field)

    report = publish(example(), make_desk(dynamodb, portal), whole_file=True)

    assert codes(portal)["new"] == "Новый"
    assert [item["VALUE"] for item in items].count("Новый") == 1
    assert report_of(report).beyond == {f"company {STATUS}": ["ВИП"]}


def test_p1_a_status_that_clients_still_have_cannot_be_taken_out(dynamodb, portal):
    desk = make_desk(dynamodb, portal, timers={"warm": 12})
    publish(example(), desk, whole_file=True)

    report = check(changed("client_status", ("  - {code: warm, label: Тёплый, days: 30}\n", "")), desk)

    (problem,) = report_of(report).problems
    assert (problem.found, problem.expected) == ("Тёплый (warm)", "12")


def test_p1_a_status_that_nobody_has_may_go_and_its_item_stays(dynamodb, portal):
    desk = make_desk(dynamodb, portal)
    publish(example(), desk, whole_file=True)

    report = publish(
        changed("client_status", ("  - {code: warm, label: Тёплый, days: 30}\n", "")), desk, whole_file=True
    )

    assert report_of(report).status == "published"
    assert "Тёплый" in codes(portal).values()
    assert report_of(report).beyond[f"company {STATUS}"] == ["Тёплый"]


def created(section: str, text: str, portal: Portal) -> set[str]:
    """What a section alone would have made on a portal that has the example's leads."""
    data = read_portal(portal, "ru")  # type: ignore[arg-type]
    qualification = validate("qualification", SECTIONS["qualification"].model, example()["qualification"])
    data = plan(specs.qualification_fields(qualification, "ru"), data).after
    model = validate(section, SECTIONS[section].model, text)
    changes = plan(SECTIONS[section].fields(model, "ru"), data).changes
    return {f"{one.wanted.kind} {one.wanted.code} {one.wanted.type}" for one in changes}


def test_q9_a_deal_field_to_copy_into_is_made_like_the_leads(portal):
    made = created("conversion", example()["conversion"], portal)

    assert "deal UF_CRM_DEAL_CLIENT_KIND enumeration" in made


def test_q9_usual_fields_are_made_even_when_the_file_does_not_describe_them(portal):
    text = example()["routing"]

    made = created("routing", text[: text.index("  UF_CRM_VISIT_COMMENT:")], portal)

    assert {"lead UF_CRM_VISIT_COMMENT string", "deal UF_CRM_DEAL_MANAGERS employee"} <= made


def test_q9_arranging_the_card_twice_changes_nothing_the_second_time(dynamodb, portal):
    desk = make_desk(dynamodb, portal)
    texts = changed("qualification", ("arrange_card: false", "arrange_card: true"))

    first = report_of(publish(texts, desk, whole_file=True), "qualification")
    second = report_of(publish(texts, desk, whole_file=True), "qualification")

    assert {"Оптовик", "Швейное предприятие", "Сеть магазинов"} <= set(first.arranged)
    assert second.arranged == []
    placed = [one["name"] for section in portal.cards[1] for one in section["elements"]]
    assert len(placed) == len(set(placed))
    assert {"TITLE", "ASSIGNED_BY_ID", "UF_CRM_DIRECTION", "UF_CRM_STORES"} <= set(placed)


def test_q9_a_card_that_people_arranged_keeps_its_shape():
    people = {"name": "s1", "title": "Наше", "type": "section", "elements": [{"name": "UF_A", "optionFlags": 1}]}
    before = [people | {"elements": [{"name": "TITLE"}, *people["elements"]]}]

    after = arranged(before, {"Оптовик": ["UF_A", "UF_B"]})

    assert after[0] == people | {"elements": [{"name": "TITLE"}]}
    assert (after[1]["title"], [one["name"] for one in after[1]["elements"]]) == ("Оптовик", ["UF_A", "UF_B"])


def test_q9_a_section_of_that_title_is_filled_rather_than_doubled():
    mine = {"name": "x", "title": "оптовик", "type": "section", "elements": [{"name": "UF_B"}, {"name": "PHONE"}]}

    (after,) = arranged([mine], {"Оптовик": ["UF_A", "UF_B"]})

    assert [one["name"] for one in after["elements"]] == ["UF_B", "PHONE", "UF_A"]
