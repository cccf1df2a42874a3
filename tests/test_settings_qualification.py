"""The `qualification` section becomes rules: names are ids, and what does not hold is named (P1, P3)."""

import msgspec
import pytest
from crm_robots.robots.qualification.rules import Condition, Conditional, QualificationRules
from crm_robots.settings.problems import describe
from crm_robots.settings.publish import publish

from tests.support.settings_portal import Portal, example, make_desk

DEALS = """\
deals:
  category: Продажи
  gate_stage: В работе
  contact_required: [NAME, PHONE|EMAIL]
  direction_field: UF_CRM_KIND
  fields:
    UF_CRM_KIND: {label: Направление, type: enumeration, values: [Опт, Розница]}
    UF_CRM_SIZE: {label: Объём, type: integer}
  directions:
    Опт: {required: [UF_CRM_SIZE], confirm: [UF_CRM_SIZE]}
    Розница: {}
"""


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
    assert list(compiled(desk).fields)[:3] == ["UF_CRM_DIRECTION", "UF_CRM_NOMENCLATURE", "UF_CRM_REGULARITY"]


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
    found = problems(desk, ("- UF_CRM_AVG_ORDER", "- UF_CRM_AVERAGE"))
    assert found == [("qualification.directions.Оптовик.required", "not_found")]


def told(desk, *changes: tuple[str, str]) -> list[str]:
    report = publish(changed(*changes), desk, whole_file=True)
    section = next(one for one in report.sections if one.section == "qualification")
    return [describe(problem, "ru") for problem in section.problems]


def test_q12_items_of_a_dependent_list_become_groups_of_ids(desk):
    """Q12: by the parent's item; an item of the parent may have no group."""
    fields = compiled(desk).fields
    material, interests = fields["UF_CRM_MATERIAL"], fields["UF_CRM_NOMENCLATURE"]

    named = {interests.items[item]: [material.items[one] for one in group] for item, group in material.groups.items()}

    assert material.depends_on == "UF_CRM_NOMENCLATURE"
    assert named["Нитки"] == ["Швейные нитки", "Вышивальные нитки"]
    assert "Оборудование" not in named


def test_q12_an_unknown_item_is_named_with_its_line_and_the_nearest(desk):
    (problem,) = told(desk, ("Нитки: [Швейные нитки", "Нитки: [Швейные нити"))

    assert problem.startswith("qualification.fields.UF_CRM_MATERIAL.depends_on.options.Нитки (строка ")
    assert "пункт списка «Швейные нити» не найден; может быть, «Швейные нитки»" in problem


def test_q12_an_unknown_item_of_the_parent_is_named(desk):
    problems = told(desk, ("Нитки: [Швейные", "Нитка: [Швейные"))

    assert any("«Нитка» не найден; может быть, «Нитки»" in one for one in problems)


def test_q12_an_item_in_no_group_is_refused_where_it_stands(desk):
    (problem,) = told(desk, ("Фурнитура: [Молнии, Пуговицы]", "Фурнитура: [Молнии]"))

    assert problem.startswith("qualification.fields.UF_CRM_MATERIAL.depends_on.options (строка ")
    assert "«Пуговицы» не относится ни к одному пункту UF_CRM_NOMENCLATURE" in problem


def test_q12_lists_that_depend_on_each_other_are_refused_once(desk):
    circle = (
        "values: [Разовый, Регулярный]",
        "values: [Разовый, Регулярный]\n"
        "    depends_on: {field: UF_CRM_FREQUENCY, options: {реже: [Разовый, Регулярный]}}",
    )
    back = (
        "values: [каждую неделю, каждый месяц, реже]",
        "values: [каждую неделю, каждый месяц, реже]\n"
        "    depends_on: {field: UF_CRM_REGULARITY, options: {Разовый: [каждую неделю, каждый месяц, реже]}}",
    )
    (problem,) = told(desk, circle, back)

    assert "UF_CRM_REGULARITY → UF_CRM_FREQUENCY → UF_CRM_REGULARITY" in problem
    assert "(строка " in problem


def test_q12_only_a_dropdown_depends_on_another(desk):
    wrong = ("type: integer", "type: integer\n    depends_on: {field: UF_CRM_AREA, options: {a: [b]}}")

    assert problems(desk, wrong)[0] == ("qualification.fields.UF_CRM_STORES.depends_on", "field_type")


def test_q13_conditions_become_ids(desk):
    """Q13: labels in the file; a list means any of it, `filled` whatever the field holds."""
    rules = compiled(
        desk,
        ("when: {UF_CRM_REGULARITY: [Регулярный]}", "when: {UF_CRM_REGULARITY: [Регулярный], UF_CRM_AREA: filled}"),
    )
    regular = next(item for item, label in rules.fields["UF_CRM_REGULARITY"].items.items() if label == "Регулярный")
    wholesale = next(one for one in rules.directions.values() if one.label == "Оптовик")

    assert wholesale.required == (
        ("UF_CRM_AVG_ORDER",),
        Conditional(("UF_CRM_FREQUENCY",), (Condition("UF_CRM_REGULARITY", (regular,)), Condition("UF_CRM_AREA"))),
    )


def test_q13_values_of_other_types_are_compared_in_one_spelling(desk):
    rules = compiled(desk, ("when: {UF_CRM_REGULARITY: [Регулярный]}", "when: {UF_CRM_STORES: [3.0, 4]}"))
    (_, frequency) = next(one for one in rules.directions.values() if one.label == "Оптовик").required

    assert frequency.when == (Condition("UF_CRM_STORES", ("3", "4")),)


def test_q13_an_unknown_value_is_named_with_its_line(desk):
    (problem,) = told(desk, ("when: {UF_CRM_REGULARITY: [Регулярный]}", "when: {UF_CRM_REGULARITY: [Регулярно]}"))

    assert problem.startswith("qualification.directions.Оптовик.required.2.when.UF_CRM_REGULARITY (строка ")
    assert "может быть, «Регулярный»?" in problem


def test_q13_a_misspelt_word_for_filled_is_refused(desk):
    (problem,) = told(desk, ("when: {UF_CRM_REGULARITY: [Регулярный]}", "when: {UF_CRM_REGULARITY: filed}"))

    assert "filled" in problem


def test_q14_next_steps_are_kept_by_stage(desk):
    rules = compiled(desk, ("next_steps: {}", "next_steps: {Менеджер назначен: Позвонить, КП отправлено: Ждать}"))

    assert rules.next_steps == {"S1": "Позвонить", "S3": "Ждать"}
    assert problems(desk, ("next_steps: {}", "next_steps: {КП отправлен: Ждать}")) == [
        ("qualification.next_steps.КП отправлен", "not_found")
    ]


def test_q10_form_hours_may_be_absent(desk):
    assert compiled(desk).form_hours == 72
    assert compiled(desk, ("form_hours: 72", "#")).form_hours is None


def test_q15_deals_are_the_same_rules_over_another_item(desk, portal):
    """Q15: publishing makes the fields on the deal; hours and on_gap are those of the section."""
    rules = compiled(desk, ("deals: null", DEALS + "#")).deals
    assert rules is not None

    assert (rules.kind, rules.category, rules.gate, rules.form_hours) == ("deal", 1, "C1:S1", 72)
    assert portal.labels("deal", "UF_CRM_KIND") == ["Опт", "Розница"]
    assert [one.label for one in rules.directions.values()] == ["Опт", "Розница"]
    assert rules.card_required == (("NAME",), ("PHONE", "EMAIL"))
    assert {"contact.NAME", "contact.PHONE", "company.PHONE"} <= rules.card_fields.keys()


def test_q15_a_stage_of_another_funnel_is_refused(desk):
    deals = DEALS.replace("gate_stage: В работе", "gate_stage: Заявка")

    assert ("qualification.deals.gate_stage", "not_found") in problems(desk, ("deals: null", deals + "#"))
