"""The `qualification` section becomes rules: names are ids, and what does not hold is named (P1, P3)."""

import msgspec
import pytest
from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.settings.publish import publish

from tests.support.settings_portal import Portal, example, make_desk


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def desk(dynamodb, portal):
    return make_desk(dynamodb, portal)


def changed(*changes: tuple[str, str]) -> dict[str, str]:
    texts = example()
    for old, new in changes:
        assert old in texts["qualification"]
        texts["qualification"] = texts["qualification"].replace(old, new, 1)
    return texts


def compiled(desk, *changes: tuple[str, str]) -> QualificationRules:
    assert not publish(changed(*changes), desk, whole_file=True).refused
    return msgspec.json.decode(desk.table.load("qualification")["qualification"].rules, type=QualificationRules)


def problems(desk, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    report = publish(changed(*changes), desk, whole_file=True)
    section = next(one for one in report.sections if one.section == "qualification")
    return [(problem.key, problem.reason) for problem in section.problems]


def test_p1_names_become_ids(desk):
    rules = compiled(desk)
    by_label = {one.label: one for one in rules.directions.values()}
    assert rules.gate == "S2"
    assert [stage.name for stage in rules.stages][:3] == ["Новый лид", "Менеджер назначен", "Квалификация пройдена"]
    assert (by_label["Оптовик"].department, by_label["Оптовик"].team) == (2, "Оптовые продажи")
    assert by_label["Швейное предприятие"].required == (("UF_CRM_VOLUME",), ("UF_CRM_PRODUCTS",))
    assert set(rules.directions) == set(rules.fields["UF_CRM_DIRECTION"].items)


def test_p1_fields_keep_the_order_of_the_file(desk):
    assert list(compiled(desk).fields)[:3] == ["UF_CRM_DIRECTION", "UF_CRM_AVG_ORDER", "UF_CRM_VOLUME"]


def test_q2_standard_fields_and_alternatives(desk):
    rules = compiled(desk, ("required_always: []", "required_always: [NAME, PHONE|EMAIL]"))
    assert rules.required_always == (("NAME",), ("PHONE", "EMAIL"))
    assert rules.fields["PHONE"].label == "Телефон"


def test_p3_a_failed_stage_is_no_gate(desk):
    assert problems(desk, ("gate_stage: Квалификация пройдена", "gate_stage: Некачественный лид")) == [
        ("qualification.gate_stage", "one_of")
    ]


def test_p3_a_field_that_cannot_be_put_back_needs_no_consent(desk):
    confirm = ("confirm: [UF_CRM_VOLUME, UF_CRM_PRODUCTS]", "confirm: [PHONE]")
    assert problems(desk, confirm) == [("qualification.directions.Швейное предприятие.confirm", "not_put_back")]


def test_p3_a_direction_that_the_dropdown_lacks(desk):
    assert ("qualification.directions.Опт", "not_found") in problems(desk, ("  Оптовик:", "  Опт:"))


def test_p3_a_field_nobody_knows(desk):
    found = problems(desk, ("required: [UF_CRM_AVG_ORDER]", "required: [UF_CRM_AVERAGE]"))
    assert found == [("qualification.directions.Оптовик.required", "not_found")]
