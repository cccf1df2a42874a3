"""Titles that administrators write."""

from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.titles import filled

LEAD = Item(ItemRef("lead", 17), {"TITLE": "Ромашка", "UF_CRM_KIND": 31, "PHONE": ("+7 1", "+7 2")})


def test_a_title_takes_fields_of_the_lead_and_other_words():
    assert filled("{service}: {lead[TITLE]}", LEAD, service="Монтаж") == "Монтаж: Ромашка"


def test_dropdowns_are_told_in_words():
    assert filled("{lead[UF_CRM_KIND]}", LEAD, {"UF_CRM_KIND": {"31": "Оптовик"}}) == "Оптовик"


def test_an_empty_field_leaves_no_hole():
    assert filled("Лид {lead[UF_CRM_NONE]} {lead[TITLE]}", LEAD) == "Лид Ромашка"


def test_what_people_typed_is_not_read_as_a_template():
    lead = Item(ItemRef("lead", 17), {"TITLE": "{service} {lead[X]}"})
    assert filled("{lead[TITLE]}", lead, service="Монтаж") == "{service} {lead[X]}"


def test_a_title_fits_into_the_portals_field():
    assert len(filled("{lead[TITLE]}", Item(ItemRef("lead", 17), {"TITLE": "я" * 400}))) == 250


def test_a_lead_without_a_title_is_called_as_everywhere():
    assert filled("Выезд: {lead[TITLE]}", Item(ItemRef("lead", 17), {})) == "Выезд: #17"
