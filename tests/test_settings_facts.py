"""P1, P3: names become ids, and a name that is not there comes with the nearest ones that are."""

import pytest
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.problems import describe
from crm_robots.settings.reading import read_portal

from tests.support.settings_portal import Portal


@pytest.fixture
def facts() -> PortalFacts:
    return PortalFacts("qualification", read_portal(Portal(), "ru"))  # type: ignore[arg-type]


def said(facts: PortalFacts, language: str = "en") -> str:
    return describe(facts.problems[0], language)


def test_p3_a_misspelt_stage_is_answered_with_the_nearest(facts: PortalFacts):
    facts.lead_stage("gate_stage", "КП отправлен")

    assert said(facts) == "qualification.gate_stage: stage «КП отправлен» not found; did you mean «КП отправлено»?"
    assert said(facts, "ru").endswith("стадия «КП отправлен» не найдена; может быть, «КП отправлено»?")


def test_p1_the_id_or_code_is_accepted_in_place_of_a_name(facts: PortalFacts):
    sales = facts.category("deals", "1")

    assert sales.name == "Продажи"
    assert facts.deal_stage("stage", sales, "C1:S0").name == "Новая"
    assert facts.user("admins", "2").email == "oleg@example.ru"
    assert facts.department("department", "3").name == "Отдел монтажа"
    assert not facts.problems


@pytest.mark.parametrize("name", ["oleg@example.ru", "Олег Оптов", "Оптов Олег", "олег  оптов"])
def test_p1_a_person_may_be_named_in_several_ways(facts: PortalFacts, name: str):
    assert facts.user("responsible", name).id == 2


def test_p3_a_dismissed_person_is_refused(facts: PortalFacts):
    facts.user("responsible", "gone@example.ru")

    assert "no longer works here" in said(facts)


def test_a_stage_without_a_category_means_every_category(facts: PortalFacts):
    stages = facts.deal_stages_named("stages", None, "Нет денег")

    assert [stage.category_id for stage in stages] == [0, 1, 2]
    assert {stage.semantics for stage in stages} == {"F"}


def test_stages_stand_in_the_portals_order_with_failures_last(facts: PortalFacts):
    assert [stage.semantics for stage in facts.lead_stages()] == ["P", "P", "P", "P", "S", "F"]


def test_fields_go_by_our_names_whatever_the_dialect(facts: PortalFacts):
    for code in ("STATUS_ID", "STAGE_ID", "stageId"):
        assert facts.field("fields", "lead", code).code == "STAGE_ID"
    assert facts.field("fields", "lead", "PHONE").multiple
    assert not facts.problems


def test_the_portal_is_read_in_two_requests():
    portal = Portal()
    read_portal(portal, "ru")  # type: ignore[arg-type]

    assert portal.requests == 2


def test_p3_a_letter_of_another_alphabet_is_pointed_out(facts: PortalFacts):
    """P3: nobody sees why a name is not found when the nearest one looks the very same."""
    facts.lead_stage("gate_stage", "KП отправлено")

    assert said(facts).endswith(
        "did you mean «КП отправлено»? (it looks the same, but the letter «K» is Latin, not Cyrillic)"
    )
    assert said(facts, "ru").endswith("(выглядит так же, но буква «K» латинская, а нужна кириллическая)")


def test_p3_a_mistake_is_told_once_and_not_again_by_what_follows_from_it(facts: PortalFacts):
    """P3: stages of a category, and items of a field, that were not found are not missed as well."""
    facts.deal_stage("default_deal.stage", facts.category("default_deal.category", "Продаж"), "Новая")
    facts.item("directions.Оптовик", facts.field("direction_field", "lead", "UF_CRM_DIRECTIONS"), "Оптовик")

    assert [problem.key for problem in facts.problems] == [
        "qualification.default_deal.category",
        "qualification.direction_field",
    ]


def test_p3_a_word_that_might_stand_there_is_among_the_nearest_names(facts: PortalFacts):
    """P3: `representative` is a person or the word `responsible`."""
    facts.user("representative", "responsable", words=["responsible"])

    assert said(facts).endswith("user «responsable» not found; did you mean «responsible»?")


def test_p3_a_person_is_suggested_once_by_whatever_name(facts: PortalFacts):
    """P3: a person's first name, last name and e-mail are no three people."""
    facts.user("representative", "Монтажова Мари")
    facts.user("representative", "Иванов")

    assert said(facts).endswith("did you mean «Монтажова Мария»?")
    assert facts.problems[1].expected == "Анна Админова, Олег Оптов, Мария Монтажова, Уволен Бывший"
    assert "; expected one of: Анна Админова," in describe(facts.problems[1], "en")
    assert "; нужно одно из: Анна Админова," in describe(facts.problems[1], "ru")


def test_p3_alternatives_come_after_one_of(facts: PortalFacts):
    facts.field("copy_fields.PHONE", "lead", "PHONE", types=("string", "date"))
    facts.field("copy_fields.PHONE", "lead", "PHONE", types=("string",))

    assert said(facts).endswith("; expected one of: string, date")
    assert "нужно: одно из: string, date" in said(facts, "ru")
    assert describe(facts.problems[1], "en").endswith("expected string")
