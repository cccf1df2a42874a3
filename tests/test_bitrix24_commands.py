"""How a batch is written and read: PHP brackets, references, and maps that arrive as lists."""

import json
from urllib.parse import parse_qsl

import pytest
from crm_robots.portal.commands import Command, Reply, decode, encode
from crm_robots.portal.errors import Gone
from crm_robots.portal.queries import as_typed
from crm_robots.shared.markup import Markup
from crm_robots.shared.reference import Reference
from hypothesis import given
from hypothesis import strategies as st


def query(params, names=None):
    return encode(Command("m", params), names).removeprefix("m?")


def test_nesting_is_written_with_brackets_and_each_value_encoded_once():
    params = {"fields": {"fm": [{"value": "+7 999"}]}, "id": 5}
    assert query(params) == "fields[fm][0][value]=%2B7%20999&id=5"


def test_empty_values_have_a_spelling_each():
    params = {"a": None, "b": [], "c": {}, "d": True, "e": False, "f": ""}
    assert query(params) == "a=&b[]=&c[]=&d=1&e=0&f="


def test_a_filters_prefix_survives_in_the_key():
    assert query({"filter": {">=updatedTime": "x", "@id": [1, 2]}}) == (
        "filter[>%3DupdatedTime]=x&filter[@id][0]=1&filter[@id][1]=2"
    )


def test_references_reach_the_portal_as_they_are():
    deal = Reference("deal", ("item", "id"))
    assert query({"id": deal}) == "id=$result[deal][item][id]"
    assert query({"t": Markup("№{} & Co").format(deal)}) == "t=%E2%84%96$result[deal][item][id]%20%26%20Co"


def test_a_reference_to_a_command_of_no_such_name_is_none():
    assert "$result" not in query({"id": Reference("deal", ("item", "id"))}, names={"contact"})


@pytest.mark.parametrize("path", ["a]&fields[x", "a b", "", "&id=1", "имя"])
def test_nothing_but_names_stands_in_the_brackets_of_a_reference(path):
    with pytest.raises(ValueError, match="letters, digits"):
        query({"id": Reference("deal", (path,))})


@pytest.mark.parametrize(
    "text", ["$result[deal][item][id]", "$RESULT[deal]", "a $Result[deal][&id=1] b", "$$result[deal]"]
)
def test_what_a_person_typed_is_no_reference_before_decoding_nor_after(text):
    """The portal parses the query first, and resolves what then stands in the values."""
    sent = query({"t": text}, names={"deal"})

    assert "$" not in sent
    ((_, arrived),) = parse_qsl(sent)
    assert "$result[" not in arrived.lower()
    for echo in (arrived, arrived.encode().decode()):
        for body in (json.dumps(echo), json.dumps(echo, ensure_ascii=False)):
            assert json.loads(as_typed(body.encode())) == text


@given(st.dictionaries(st.text(min_size=1).filter(lambda s: "[" not in s), st.text(min_size=1)))
def test_a_query_string_parser_gives_back_what_was_meant(params):
    assert dict(parse_qsl(query(params, names=()), keep_blank_values=True)) == params


def test_every_part_of_a_reply_may_be_an_empty_list():
    commands = {"a": Command("crm.item.get", {})}
    empty = {"result": [], "result_error": [], "result_total": [], "result_next": [], "result_time": []}
    assert decode(empty, commands) == {"a": Reply(executed=False)}


def test_a_reply_tells_result_total_and_duration():
    parts = {"result": {"a": []}, "result_total": {"a": "70"}, "result_next": {"a": 50}}
    reply = decode(parts | {"result_time": {"a": {"duration": 0.25}}}, {"a": Command("m", {})})["a"]
    assert reply == Reply([], None, 70, 50, seconds=0.25)


def test_a_null_result_is_a_result():
    assert decode({"result": {"a": None}}, {"a": Command("m", {})})["a"].executed


def test_an_error_names_the_command_that_met_it():
    parts = {"result": [], "result_error": {"a": {"error": "", "error_description": "Not found"}}}
    error = decode(parts, {"a": Command("crm.lead.get", {})})["a"].error
    assert isinstance(error, Gone)
    assert str(error) == "crm.lead.get: Not found"


def test_names_that_count_from_zero_come_back_as_a_list():
    commands = {"0": Command("m", {}), "1": Command("m", {})}
    assert decode({"result": ["x", "y"]}, commands)["1"].result == "y"
