"""The reader of PHP forms: what Bitrix24 sends, and what nobody should."""

import contextlib
import time
from urllib.parse import quote, urlencode

import pytest
from crm_robots.portal.forms import DEEPEST, MOST_PAIRS, NotAForm, parse_form, text_at
from hypothesis import given
from hypothesis import strategies as st


def test_brackets_become_levels_whether_encoded_or_not():
    encoded = parse_form("event=ONCRMLEADADD&data%5BFIELDS%5D%5BID%5D=481&ts=1767000000")

    assert encoded == parse_form("ts=1767000000&data[FIELDS][ID]=481&event=ONCRMLEADADD")
    assert text_at(encoded, "data", "FIELDS", "ID") == "481"


def test_empty_brackets_count_up_and_look_like_numbered_ones():
    numbered = parse_form("document_id[0]=crm&document_id[1]=CCrmDocumentDeal&document_id[2]=DEAL_12")

    assert parse_form("document_id[]=crm&document_id[]=CCrmDocumentDeal&document_id[]=DEAL_12") == numbered


def test_plus_is_a_space_and_text_is_utf8():
    assert parse_form("a=%D0%9A%D0%9F+%D0%BE%D1%82%D0%BF%D1%80%D0%B0%D0%B2%D0%BB%D0%B5%D0%BD%D0%BE") == {
        "a": "КП отправлено"
    }


@pytest.mark.parametrize("body", ["", "&&&", "=", "[", "]", "a[", "a]b", "a[b", "[a]=1", "%", "%zz=%zz", "a[b]c=1"])
def test_scraps_are_read_as_something(body):
    parse_form(body)


def test_a_value_gives_way_to_a_level_of_the_same_name():
    assert parse_form("a=1&a[b]=2&a[b][c]=3") == {"a": {"b": {"c": "3"}}}
    assert text_at(parse_form("a[b]=2"), "a") == ""
    assert text_at(parse_form("a=2"), "a", "b") == ""


def test_w3_too_many_fields_and_too_deep_ones_are_refused():
    with pytest.raises(NotAForm, match="more than"):
        parse_form("&".join(["a=1"] * (MOST_PAIRS + 1)))
    with pytest.raises(NotAForm, match="deeper"):
        parse_form("a" + "[x]" * DEEPEST + "=1")
    parse_form("&".join(["a[x][y][z]=1"] * MOST_PAIRS))


def test_w3_a_nasty_form_costs_about_what_an_honest_one_of_its_length_costs():
    """Section 10: anybody may send one, before any token is known."""
    honest = "&".join(f"data[FIELDS][UF_CRM_{number:08}]=1" for number in range(MOST_PAIRS))
    for nasty in ("&".join(["a[][][]=1"] * MOST_PAIRS), "a" + "[]" * 32000 + "=1", "&" * 65000, "a[" * 32000):
        assert cost_of(nasty) < 3 * cost_of(honest) + 0.002


def cost_of(text):
    """Seconds of the quickest of several readings."""

    def once():
        began = time.perf_counter()
        with contextlib.suppress(NotAForm):
            parse_form(text)
        return time.perf_counter() - began

    return min(once() for _ in range(7))


@given(st.text(max_size=200))
def test_w3_no_text_at_all_breaks_the_reader(text):
    with contextlib.suppress(NotAForm):
        parse_form(text)


@given(st.lists(st.sampled_from(["a", "[", "]", "[]", "=", "&", "0", "9" * 30, "%5B", "%00", "é"]), max_size=60))
def test_w3_no_arrangement_of_brackets_breaks_the_reader(pieces):
    with contextlib.suppress(NotAForm):
        parse_form("".join(pieces))


@given(st.dictionaries(st.text("abcXYZ_09", min_size=1), st.text(), max_size=10))
def test_plain_forms_come_back_as_they_were(form):
    assert parse_form(urlencode(form, quote_via=quote, errors="surrogatepass")) == form
