"""The conversion section, compiled: names become ids, and what does not hold is named (P1, P3)."""

import json

import pytest
from crm_robots.settings.publish import publish

from tests.support.settings_portal import STAGES, Portal, example, make_desk


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def desk(dynamodb, portal):
    return make_desk(dynamodb, portal)


def changed(*pairs):
    text = example()["conversion"]
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return example(conversion=text)


def compiled(desk, texts=None):
    report = publish(texts or example(), desk, whole_file=True)
    assert not report.refused, report
    return json.loads(desk.table.load("conversion")["conversion"].rules)


def problems(desk, *pairs):
    report = publish(changed(*pairs), desk, whole_file=True)
    return {one.key: one for section in report.sections for one in section.problems if section.section == "conversion"}


def test_p1_the_example_names_stages_places_items_and_presets(portal, desk):
    rules = compiled(desk)

    assert [stage["name"] for stage in rules["gate"]["stages"]][-1] == "Сконвертирован"
    assert rules["gate"]["stage_id"] == "S3"
    assert (rules["new_stage"], rules["assigned_stage"]) == ("S0", "S1")
    assert rules["contact_required"] == [["NAME"], ["PHONE", "EMAIL"]]
    assert rules["legal_required"] == [["COMPANY_TITLE", "UF_CRM_INN"], ["UF_CRM_ACCOUNT"], ["UF_CRM_BIK"]]
    assert sorted(place["category_id"] for place in rules["places"].values()) == [1, 2]
    assert rules["company_preset"] == 1
    (copied,) = rules["copy_fields"]
    assert (copied["source"], copied["target"], len(copied["items"])) == (
        "UF_CRM_DIRECTION",
        "UF_CRM_DEAL_CLIENT_KIND",
        5,
    )


def test_p1_stages_that_nobody_named_are_not_missed_on_a_portal_without_them(desk, monkeypatch):
    monkeypatch.setitem(STAGES, "STATUS", ["Входящие", "Разбор", "Квалификация пройдена", "КП отправлено"])
    kept = [line for line in example()["conversion"].splitlines() if not line.startswith(("new_stage", "assigned_"))]
    rules = compiled(desk, example(conversion="\n".join(kept)))

    assert (rules["new_stage"], rules["assigned_stage"]) == ("", "")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("КП отправлено", "КП отправлена", "conversion.gate_stage"),
        ("category: Продажи", "category: Продажа", "conversion.deals.Продажа товара.category"),
        ("Продажа товара: {", "Продажа товаров: {", "conversion.deals.Продажа товаров"),
        ("individual: Физическое лицо", "individual: Физ лицо", "conversion.individual"),
        ("[NAME, PHONE|EMAIL]", "[NAME, PHONES]", "conversion.contact_required"),
        ("UF_CRM_INN: {label: ИНН, type: string}", "UF_CRM_INN: {label: ИНН, type: integer}", "conversion.inn_field"),
        ("UF_CRM_DIRECTION: UF_CRM_DEAL_CLIENT_KIND", "PHONE: UF_CRM_X", "conversion.copy_fields.PHONE"),
    ],
)
def test_p3_a_name_that_does_not_exist_is_named(desk, old, new, key):
    assert key in problems(desk, (old, new))


def test_p3_the_two_client_types_are_two_items(desk):
    """P3: a lead that is an individual and a legal entity at once would get both sets of duties."""
    found = problems(desk, ("individual: Физическое лицо", "individual: Юридическое лицо"))

    assert found["conversion.legal_entity"].reason == "repeated"
