"""Q2: what counts as empty, and what a lead of each direction needs."""

import pytest
from crm_robots.robots.qualification.gaps import gaps
from crm_robots.robots.qualification.rules import LeadField
from crm_robots.robots.qualification.values import to_write, value_of, values_of

from tests.support.qualification import (
    AREA,
    DIRECTION,
    INDIVIDUAL,
    PRODUCTS,
    RULES,
    SEWING,
    STORES,
    VOLUME,
    make_lead,
    make_rules,
)


def missing(rules=RULES, **fields):
    return gaps(values_of(make_lead(**fields), rules), rules)


@pytest.mark.parametrize("empty", [None, "", [], {}, False, 0, "0", [""], [None], [0]])
@pytest.mark.parametrize("kind", ["enumeration", "file", "employee", "crm_status"])
@pytest.mark.parametrize("multiple", [False, True])
def test_q2_an_emptied_dropdown_has_many_spellings(empty, kind, multiple):
    assert value_of(empty, LeadField("UF_CRM_X", "X", kind, multiple)) is None


@pytest.mark.parametrize("kind", ["integer", "double", "string", "money", "date", "datetime", "url"])
@pytest.mark.parametrize("empty", [None, "", [], False])
def test_q2_other_types_are_empty_without_a_value(empty, kind):
    assert value_of(empty, LeadField("UF_CRM_X", "X", kind)) is None


@pytest.mark.parametrize("kind", ["integer", "double", "string"])
@pytest.mark.parametrize("zero", [0, "0", 0.0])
def test_q2_zero_is_a_value_of_a_number_and_of_a_text(zero, kind):
    assert value_of(zero, LeadField("UF_CRM_X", "X", kind)) is not None


@pytest.mark.parametrize("no", ["N", "0", 0, False])
def test_q2_no_is_an_answer(no):
    assert value_of(no, LeadField("UF_CRM_X", "X", "boolean")) is False
    assert value_of("", LeadField("UF_CRM_X", "X", "boolean")) is None


def test_q2_spellings_of_one_value_are_the_same_value():
    number, date = LeadField("A", "A", "double"), LeadField("D", "D", "date")
    several = LeadField("P", "P", "enumeration", multiple=True)
    assert value_of(120, number) == value_of("120.00", number)
    assert value_of("2026-03-01T03:00:00+03:00", date) == value_of("2026-03-01", date)
    assert value_of(["42", 41], several) == value_of([41, "42"], several) == value_of({"0": 41, "1": 42}, several)
    assert value_of("100|RUB", LeadField("M", "M", "money")) == value_of("100.00|RUB", LeadField("M", "M", "money"))


def test_q2_a_file_is_known_by_its_id_and_its_address_is_not_kept():
    scan = LeadField("F", "F", "file", multiple=True)
    raw = [{"id": 7, "urlMachine": "https://portal/rest/1/secret/file"}]
    assert value_of(raw, scan) == value_of({"id": 7, "url": "/"}, scan) == ("7",)


def test_q2_values_go_back_as_the_portal_takes_them():
    assert to_write(("41", "42"), LeadField("P", "P", "enumeration", multiple=True)) == [41, 42]
    assert to_write("31", LeadField("V", "V", "enumeration")) == 31
    assert to_write(False, LeadField("B", "B", "boolean")) == "N"
    assert to_write(None, LeadField("V", "V", "enumeration")) is None


def test_q2_the_direction_itself_is_required():
    assert missing() == ((DIRECTION,),)


def test_q2_what_is_required_depends_on_the_direction():
    assert missing(**{DIRECTION: INDIVIDUAL}) == ()
    assert missing(**{DIRECTION: int(SEWING), VOLUME: 31}) == ((PRODUCTS,),)


def test_q2_required_always_holds_for_all():
    rules = make_rules(required_always=(("PHONE", "EMAIL"), (STORES,)))
    assert missing(rules, **{DIRECTION: INDIVIDUAL}) == (("PHONE", "EMAIL"), (STORES,))
    assert missing(rules, **{DIRECTION: INDIVIDUAL, "EMAIL": ("a@b.ru",), STORES: 0}) == ()


def test_q2_a_field_that_is_required_twice_is_one_gap():
    rules = make_rules(required_always=((VOLUME,), (AREA,)))
    assert missing(rules, **{DIRECTION: SEWING}) == ((DIRECTION,), (VOLUME,), (AREA,), (PRODUCTS,))[1:]


def test_q2_a_direction_that_the_file_does_not_know_needs_what_all_need():
    assert missing(make_rules(required_always=((AREA,),)), **{DIRECTION: "77"}) == ((AREA,),)
