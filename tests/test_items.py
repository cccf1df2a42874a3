"""Items between the portal's spelling and ours."""

import pytest
from crm_robots.portal.items import classic_fields, our_name, to_item, universal_fields, universal_name
from crm_robots.shared.items import ItemRef, to_id, to_ids

ROW = {
    "id": 481,
    "title": "Заявка с сайта",
    "stageId": "NEW",
    "stageSemanticId": "P",
    "assignedById": 7,
    "contactId": 4,
    "contactIds": [4, 9],
    "companyId": 0,
    "UF_CRM_AREA": "12.5",
    "fm": [{"id": 1, "typeId": "PHONE", "valueType": "WORK", "value": "+79990001122"}],
}


@pytest.mark.parametrize(
    ("ours", "universal"),
    [
        ("TITLE", "title"),
        ("ASSIGNED_BY_ID", "assignedById"),
        ("STAGE_ID", "stageId"),
        ("STATUS_ID", "stageId"),
        ("UF_CRM_1747309879", "UF_CRM_1747309879"),
    ],
)
def test_our_names_become_universal_ones(ours, universal):
    assert universal_name(ours) == universal


def test_universal_names_become_ours():
    assert [our_name(name) for name in ("assignedById", "stageSemanticId", "UF_CRM_AREA")] == [
        "ASSIGNED_BY_ID",
        "STAGE_SEMANTIC_ID",
        "UF_CRM_AREA",
    ]


def test_a_row_becomes_an_item():
    lead = to_item("lead", ROW)

    assert lead.ref == ItemRef("lead", 481)
    assert (lead.title, lead.stage_id, lead.responsible_id) == ("Заявка с сайта", "NEW", 7)
    assert lead.contact_ids == (4, 9)
    assert lead.company_id is None
    assert lead.phones == ("+79990001122",)
    assert lead.emails == ()
    assert lead.fields["UF_CRM_AREA"] == "12.5"


def test_phones_may_come_as_a_map_or_as_a_flat_field():
    as_map = to_item("contact", {"id": 5, "fm": {"1": {"typeId": "PHONE", "value": "112"}}})
    flat = to_item("contact", {"id": 5, "phone": "112"})

    assert as_map.phones == flat.phones == ("112",)


def test_a_contact_is_called_by_its_full_name():
    assert to_item("contact", {"id": 5, "name": "Анна", "lastName": "Орлова"}).title == "Анна Орлова"


def test_an_item_without_a_name_is_called_by_its_number():
    assert to_item("company", {"id": 5, "title": ""}).title == "#5"


def test_phones_are_written_as_multi_fields():
    assert universal_fields({"NAME": "Анна", "PHONE": ("112",)}, {}) == {
        "name": "Анна",
        "fm": [{"typeId": "PHONE", "valueType": "WORK", "value": "112"}],
    }


def test_the_classic_dialect_calls_a_leads_stage_status_and_empties_by_an_empty_text():
    assert classic_fields("lead", {"STAGE_ID": "NEW", "UF_CRM_X": None}) == {"STATUS_ID": "NEW", "UF_CRM_X": ""}
    assert classic_fields("deal", {"STAGE_ID": "NEW"}) == {"STAGE_ID": "NEW"}


@pytest.mark.parametrize("nothing", [None, "", 0, "0", [], {}, False, "undefined"])
def test_every_spelling_of_no_id_is_none(nothing):
    assert to_id(nothing) is None
    assert to_ids(nothing) == ()


def test_items_are_written_like_lead_17():
    assert ItemRef.parse("lead:17") == ItemRef("lead", 17)
    assert str(ItemRef("lead", 17)) == "lead:17"
    with pytest.raises(ValueError, match="written like lead:17"):
        ItemRef.parse("lead/17")
