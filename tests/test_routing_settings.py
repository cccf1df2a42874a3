"""P1, P3: the routing section, compiled against a portal."""

import msgspec
import pytest
from crm_robots.robots.routing.rules import RoutingRules
from crm_robots.settings.problems import describe
from crm_robots.settings.publish import publish

from tests.support.settings_portal import Portal, example, make_desk


@pytest.fixture
def desk(dynamodb):
    return make_desk(dynamodb, Portal())


def published(desk, old: str = "", new: str = "") -> RoutingRules:
    texts = example()
    assert old in texts["routing"]
    report = publish(texts | {"routing": texts["routing"].replace(old, new, 1)}, desk, whole_file=True)
    assert not report.refused, [describe(one, "en") for section in report.sections for one in section.problems]
    return msgspec.json.decode(desk.table.load("routing")["routing"].rules, type=RoutingRules)


def problems(desk, old: str, new: str) -> list[str]:
    texts = example()
    assert old in texts["routing"]
    report = publish(texts | {"routing": texts["routing"].replace(old, new, 1)}, desk, whole_file=True)
    return [describe(one, "en") for section in report.sections for one in section.problems]


def test_p1_the_example_is_taken_as_it_stands(desk):
    rules = published(desk)

    assert [(one.label, one.department_name) for one in rules.services] == [
        ("Монтаж", "Отдел монтажа"),
        ("Проектирование", "Отдел проектирования"),
        ("Обслуживание", "Сервис"),
    ]
    assert {(one.category, one.stage) for one in rules.services} == {(2, "C2:S0")}
    assert len({one.item for one in rules.services}) == 3
    assert (rules.representative, rules.reported_stages, rules.pick) == (None, None, "random")


def test_p1_the_deals_fields_for_managers_are_made(desk):
    published(desk)
    made = {field["FIELD_NAME"]: field for field in desk.bitrix24.user_fields["deal"]}
    assert (made["UF_CRM_DEAL_MANAGERS"]["USER_TYPE_ID"], made["UF_CRM_DEAL_MANAGERS"]["MULTIPLE"]) == ("employee", "Y")
    assert made["UF_CRM_DEAL_MAIN_MANAGER"]["MULTIPLE"] == "N"


def test_r2_the_report_stage_and_all_behind_it_count_but_no_failure(desk):
    rules = published(desk, "report_stage: null", "report_stage: Квалификация пройдена")
    assert rules.reported_stages is not None
    assert len(rules.reported_stages) == 3  # the stage, the one behind it, and success


def test_r1_the_representative_may_be_a_person(desk):
    assert published(desk, "representative: responsible", "representative: oleg@example.ru").representative == 2


def test_titles_may_name_dropdowns_of_the_lead(desk):
    rules = published(desk, "{service}: {lead[TITLE]}", "{service}: {lead[UF_CRM_DIRECTION]}")
    assert "Оптовик" in rules.words["UF_CRM_DIRECTION"].values()
    assert "UF_CRM_DIRECTION" in rules.lead_fields


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("department: Отдел монтажа", "department: Отдел монтажей", "did you mean «Отдел монтажа»"),
        ("category: Услуги", "category: Услуга", "did you mean «Услуги»"),
        ("  Монтаж: {", "  Монтажь: {", "did you mean «Монтаж»"),
    ],
)
def test_p3_a_name_that_is_not_there_comes_with_the_nearest(desk, old, new, said):
    found = problems(desk, old, new)
    assert said in "".join(found)
