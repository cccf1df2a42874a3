"""P1–P5, Q9: publishing, from the example's text to the rules in the table and the fields on the portal."""

from dataclasses import replace

import pytest
from crm_robots.portal.errors import Busy, Refused
from crm_robots.settings.publish import check, publish
from crm_robots.settings.report import Report, SectionReport
from crm_robots.shared.markup import Markup

from tests.support.settings_portal import Portal, example, make_desk


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def desk(dynamodb, portal):
    return make_desk(dynamodb, portal)


def of(report: Report, name: str) -> SectionReport:
    return next(one for one in report.sections if one.section == name)


def with_change(section: str, old: str, new: str) -> dict[str, str]:
    texts = example()
    assert old in texts[section]
    return texts | {section: texts[section].replace(old, new, 1)}


def test_p1_the_example_is_published_on_an_empty_portal(portal, desk):
    report = publish(example(), desk, whole_file=True)

    assert not report.refused
    assert of(report, "portal").version == 1
    assert of(report, "lost_deal").created == {"contact UF_CRM_TARGET_CLIENT": "Целевой клиент"}
    assert portal.labels("contact", "UF_CRM_TARGET_CLIENT") == ["ДА", "НЕТ"]
    assert '"admins":[1]' in desk.table.load("portal")["portal"].rules


def test_p1_publishing_again_changes_nothing(portal, desk):
    publish(example(), desk, whole_file=True)
    writes = len(portal.calls)

    report = publish(example(), desk, whole_file=True)

    assert {one.status for one in report.sections} == {"unchanged"}
    assert len(portal.calls) == writes


def test_p1_check_writes_nothing_and_foresees_the_same(portal, desk):
    foreseen = check(example(), desk)

    assert portal.calls == []
    assert desk.table.load("portal")["portal"].version == 0
    assert of(foreseen, "lost_deal").created == of(publish(example(), desk, whole_file=True), "lost_deal").created


def test_q9_missing_items_are_added_and_what_is_beyond_the_file_is_listed(portal, desk):
    publish(example(), desk, whole_file=True)

    report = publish(with_change("lost_deal", '["ДА", "НЕТ"]}', '["НЕТ", "Не знаю", "Да"]}'), desk, whole_file=True)

    assert of(report, "lost_deal").added == {"contact UF_CRM_TARGET_CLIENT": ["Не знаю"]}
    assert portal.labels("contact", "UF_CRM_TARGET_CLIENT") == ["ДА", "НЕТ", "Не знаю"]

    report = publish(example(), desk, whole_file=True)
    assert of(report, "lost_deal").beyond == {"contact UF_CRM_TARGET_CLIENT": ["Не знаю"]}
    assert portal.labels("contact", "UF_CRM_TARGET_CLIENT") == ["ДА", "НЕТ", "Не знаю"]


def test_q9_a_field_whose_creation_answered_500_is_not_made_twice(portal, desk):
    portal.fail["crm.contact.userfield.add"] = [
        Busy("crm.contact.userfield.add", "INTERNAL_SERVER_ERROR", applied=None)
    ]

    report = publish(example(), desk, whole_file=True)

    assert of(report, "lost_deal").status == "published"
    assert [field["FIELD_NAME"] for field in portal.user_fields["contact"]].count("UF_CRM_TARGET_CLIENT") == 1


def test_q9_a_refused_field_is_told_in_the_portals_words(portal, desk):
    portal.fail["crm.contact.userfield.add"] = [Refused("add", "ERROR_CORE", "Access denied")] * 3

    report = publish(example(), desk, whole_file=True)

    assert of(report, "lost_deal").status == "refused"
    assert of(report, "lost_deal").problems[0].expected == "Access denied"


def test_p3_a_field_of_another_type_is_refused(portal, desk):
    publish(example(), desk, whole_file=True)

    report = check(with_change("lost_deal", 'enumeration, values: ["ДА", "НЕТ"]', "string"), desk)

    assert of(report, "lost_deal").problems[0].reason == "field_type"


def test_p3_a_section_that_does_not_hold_leaves_the_last_good_one_in_force(portal, desk):
    publish(example(), desk, whole_file=True)
    before = desk.table.load("lost_deal")["lost_deal"]

    report = publish(with_change("lost_deal", "Нет денег", "Нет денги"), desk, whole_file=True)

    assert report.refused
    assert of(report, "portal").status == "unchanged"
    after = desk.table.load("lost_deal")["lost_deal"]
    assert (after.rules, after.version) == (before.rules, before.version)


def test_p3_the_admins_get_one_message_that_names_everything(portal, desk):
    wrong = with_change("lost_deal", "Нет денег", "Нет денги")
    publish(example(), desk, whole_file=True)

    assert publish(wrong, desk, whole_file=True).told == 1
    assert publish(wrong, desk, whole_file=True).told == 0

    (message,) = portal.told
    assert "lost_deal.rules.1.stages" in message
    assert "«Нет денги»" in message
    assert "«Нет денег»" in message


def test_p3_what_people_typed_is_no_markup_in_the_message(portal, desk):
    """P3: a name in the file opens no tag in the messenger, however long the list of mistakes is."""
    publish(example(), desk, whole_file=True)

    publish(
        with_change("lost_deal", "[Нет денег]", '["[URL=https://evil.example]Нет денег[/URL]"]'), desk, whole_file=True
    )
    long = example() | {f"x{number}": "[B]" for number in range(60)}
    publish(long, desk, whole_file=True)

    first, second = portal.told
    assert "(URL=https://evil.example)Нет денег(/URL)" in first
    assert len(second) == 4000
    assert all(isinstance(one, Markup) and "[" not in one for one in (first, second))


def test_p3_a_refused_first_publication_tells_the_admins_it_names(portal, desk):
    report = publish(with_change("lost_deal", "Нет денег", "Нет денги"), desk, whole_file=True)

    assert report.told == 1
    assert of(report, "portal").status == "published"


def test_p3_nothing_is_made_on_the_portal_for_a_refused_section(portal, desk):
    publish(with_change("lost_deal", "Нет денег", "Нет денги"), desk, whole_file=True)

    assert portal.user_fields["contact"] == [] or "UF_CRM_TARGET_CLIENT" not in str(portal.user_fields["contact"])


def test_p3_a_misspelt_section_switches_nothing_off(portal, desk):
    texts = example()
    publish(texts, desk, whole_file=True)
    texts["lost_deals"] = texts.pop("lost_deal")

    report = publish(texts, desk, whole_file=True)

    assert report.problems[0].nearest == ("lost_deal",)
    assert desk.table.load("lost_deal")["lost_deal"].rules != "null"
    assert len(portal.told) == 1


def test_a_section_that_is_absent_or_disabled_switches_its_robot_off(portal, desk):
    publish(example(), desk, whole_file=True)

    for text in ({}, {"lost_deal": "enabled: false"}):
        publish(example(), desk, whole_file=True)
        texts = {name: value for name, value in example().items() if name != "lost_deal"} | text
        report = publish(texts, desk, whole_file=True)
        assert of(report, "lost_deal").status == "off"
        assert desk.table.load("lost_deal")["lost_deal"].rules == "null"


def test_without_a_portal_section_no_other_holds(portal, desk):
    report = publish({name: text for name, text in example().items() if name != "portal"}, desk, whole_file=True)

    assert of(report, "portal").problems[0].reason == "missing"
    assert of(report, "lost_deal").problems[0].reason == "no_portal"


def test_q9_the_lead_card_gets_a_section_per_direction_and_keeps_the_rest(portal, desk):
    from crm_robots.settings.provision.card import arranged

    before = [{"name": "main", "title": "О лиде", "type": "section", "elements": [{"name": "TITLE"}, {"name": "UF_A"}]}]

    after = arranged(before, {"Оптовик": ["UF_A", "UF_B"]})

    assert after[0]["elements"] == [{"name": "TITLE"}]
    assert [one["name"] for one in after[1]["elements"]] == ["UF_A", "UF_B"]
    assert arranged(after, {"Оптовик": ["UF_A", "UF_B"]}) == after


@pytest.mark.parametrize("again", ["days: 20", "days: 25"])
def test_p5_what_a_broken_publication_left_undone_the_next_one_does(dynamodb, portal, desk, again):
    """P5: timers that were not moved would be looked at on the wrong day for good."""
    publish(example(), desk, whole_file=True)
    moved = []

    def broken(rules, zone):
        raise Busy("crm.item.list", "INTERNAL_SERVER_ERROR")

    texts = with_change("client_status", "days: 10", "days: 20")
    with pytest.raises(Busy):
        publish(texts, replace(desk, replan_timers=broken), whole_file=True)
    texts = with_change("client_status", "days: 10", again)
    publish(
        texts, replace(desk, replan_timers=lambda rules, zone: moved.append(rules.status("new").days)), whole_file=True
    )

    assert moved == [int(again.removeprefix("days: "))]
    publish(texts, replace(desk, replan_timers=broken), whole_file=True)  # nothing is left to be done
