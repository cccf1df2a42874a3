"""BB code on the pages: what robots write looks right, and nothing that anybody writes becomes a script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.web.bbcode import href, to_html

HOME = "portal.bitrix24.test"


def test_bold_links_and_new_lines() -> None:
    text = "[B]Лид[/B] возвращён:\n[URL=https://example.ru/a?b=1&c=2]сюда[/URL]"
    assert to_html(text) == (
        "<b>Лид</b> возвращён:<br>"
        '<a href="https://example.ru/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">сюда</a>'
    )


def test_a_link_to_our_own_card_stays_in_the_page() -> None:
    text = f"[URL=https://{HOME}/crm/deal/details/5/]Нитки[/URL]"
    assert to_html(text, HOME) == '<a href="/crm/deal/details/5/">Нитки</a>'


def test_bare_addresses_and_urls_without_a_value() -> None:
    assert 'href="https://example.ru/video"' in to_html("Видео: https://example.ru/video.")
    assert to_html("[url]/crm/lead/details/1/[/url]") == '<a href="/crm/lead/details/1/">/crm/lead/details/1/</a>'


def test_lists() -> None:
    assert to_html("[LIST][*]раз[*]два[/LIST]") == "<ul><li>раз</li><li>два</li></ul>"


def test_tags_are_closed_in_order_whatever_was_written() -> None:
    assert to_html("[B]a[I]b[/B]c[/I]") == "<b>a<i>b</i></b>c"
    assert to_html("[URL=/a]x[B]y") == '<a href="/a">x<b>y</b></a>'
    assert to_html("[/B][/URL]x") == "x"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "//evil.example/",
        "/\\evil.example",
        "http://[broken",
    ],
)
def test_harmful_addresses_are_no_links(address: str) -> None:
    assert href(address) == ""
    assert "<a" not in to_html(f"[URL={address}]нажми[/URL]")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '[URL=https://a" onmouseover="alert(1)]x[/URL]',
        "[URL=https://a'><script>]x[/URL]",
        '[B onclick="x"]y[/B]',
        "[USER=<img src=x onerror=alert(1)>]n[/USER]",
        "https://a.example/<script>",
    ],
)
def test_markup_in_a_text_stays_text(text: str) -> None:
    html = to_html(text, HOME)
    assert "<script" not in html
    assert "<img" not in html
    assert '" on' not in html


@given(st.text(alphabet="[]/=BURLI*<>\"'&:a ", max_size=60))
def test_no_text_breaks_out(text: str) -> None:
    html = str(to_html(text, HOME))
    for known in ("<b>", "</b>", "<i>", "</i>", "<u>", "</u>", "<li>", "</li>", "<br>", "</a>"):
        html = html.replace(known, "")
    assert "<" not in html.replace('<a href="', "")
