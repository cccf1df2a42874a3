"""Q7: the page itself, as the function answers it."""

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from crm_robots.pages.consent.answers import Shown
from crm_robots.pages.consent.html import render, status_of
from crm_robots.pages.page import HEADERS
from crm_robots.robots.qualification.memory import Line, Question
from crm_robots.shared.portal import PortalRules
from msgspec.structs import replace

from tests.support.functions import load_function

TOKEN = "17-" + "x" * 32
QUESTION = Question(
    "d" * 64,
    0,
    0.0,
    24,
    'Нитки <script>alert("1")</script>',
    (Line("Объёмы & прочее", "до 500", "<b>500</b>"),),
    {"UF_CRM_VOLUME": "31"},
    {"UF_CRM_VOLUME": "32"},
)
STATES = ["ask", "taken", "confirmed", "declined", "lapsed", "replaced", "overtaken", "refused", "gone"]


class FakeDesk:
    """Answers as it is told to."""

    def __init__(self, shown: Shown, language: str = "ru") -> None:
        self.shown = shown
        self.asked: list[tuple[str, ...]] = []
        self.language = language

    @property
    def confirmation(self) -> "FakeDesk":
        return self

    @property
    def settings(self) -> "FakeDesk":
        return self

    def portal(self) -> PortalRules:
        return PortalRules("https://acme.bitrix24.example", "Europe/Moscow", self.language, (1,), 1)

    def show(self, token: str, received: float) -> Shown:
        self.asked.append(("show", token, str(received)))
        return self.shown

    def answer(self, token: str, answer: str, received: float) -> Shown:
        self.asked.append(("answer", token, answer, str(received)))
        return self.shown


type Respond = Callable[..., dict[str, Any]]


@pytest.fixture
def respond(monkeypatch: pytest.MonkeyPatch) -> Iterator[Respond]:
    function = load_function("pages")

    def call(desk: Any, method: str = "GET", **more: Any) -> dict[str, Any]:
        monkeypatch.setattr(function, "connect", lambda: desk)
        context = {"requestId": "r", "requestTimeEpoch": 1_767_000_000_500}
        request = {"httpMethod": method, "pathParameters": {"token": TOKEN}, "requestContext": context, **more}
        answer: dict[str, Any] = function.lambda_handler(request, None)
        return answer

    return call


def test_q7_opening_the_page_only_looks(respond):
    desk = FakeDesk(Shown("ask", None, QUESTION))
    page = respond(desk)
    assert page["statusCode"] == 200
    assert desk.asked == [("show", TOKEN, "1767000000.5")]


@pytest.mark.parametrize("encoded", [False, True])
def test_q7_a_button_sends_the_answer(respond, encoded):
    desk = FakeDesk(Shown("confirmed", decides=True))
    body = base64.b64encode(b"answer=confirm").decode() if encoded else "answer=confirm"
    assert respond(desk, "POST", body=body, isBase64Encoded=encoded)["statusCode"] == 200
    assert desk.asked == [("answer", TOKEN, "confirm", "1767000000.5")]


@pytest.mark.parametrize("body", [None, "", "x", "answer=", "%%%", "answer=confirm&" * 50, "\udcff"])
def test_q7_nonsense_is_answered_politely(respond, body):
    page = respond(FakeDesk(Shown("ask", None, QUESTION)), "POST", body=body)
    assert page["statusCode"] == 400
    assert "Ответ не понят" in page["body"]


def test_q7_a_table_that_is_down_shows_nothing_of_itself(respond):
    class Down:
        @property
        def settings(self) -> None:
            raise RuntimeError("arn:aws:dynamodb:secret")

    page = respond(Down())
    assert page["statusCode"] == 503
    assert "secret" not in page["body"]


def test_q7_what_people_typed_is_escaped():
    page = render("ask", "ru", QUESTION, "https://acme.bitrix24.example/crm/lead/details/17/")
    assert "<script" not in page
    assert "&lt;b&gt;500&lt;/b&gt;" in page
    assert "Объёмы &amp; прочее" in page


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("state", [*STATES, "unknown", "unclear", "broken"])
def test_q7_every_state_has_words_in_both_languages(language, state):
    page = render(state, language, QUESTION)
    assert f'<html lang="{language}">' in page
    assert ("<form" in page) is (state == "ask")
    assert 'name="viewport"' in page


def test_q7_the_page_may_load_and_run_nothing_and_be_framed_by_nobody():
    policy = HEADERS["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert HEADERS["referrer-policy"] == "no-referrer"
    assert HEADERS["cache-control"] == "no-store"
    assert not re.search(r"<script|<img|<link|src=|style=", render("ask", "en", QUESTION))


def test_q7_dead_links_say_so_in_their_status():
    assert (status_of("ask"), status_of("unknown"), status_of("unclear"), status_of("broken")) == (200, 404, 400, 503)
    assert {status_of(state) for state in STATES if state != "ask"} == {410}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("state", ["taken", "confirmed", "declined", "refused"])
def test_q7_a_link_works_once_and_then_says_that_it_was_used(respond, state, method):
    """Q7: the request that decides gets 200; every later one 410, with what was decided and a friendly word."""
    decided = respond(FakeDesk(Shown(state, None, QUESTION, decides=True)), "POST", body="answer=confirm")
    later = respond(FakeDesk(Shown(state)), method, body="answer=confirm")

    assert (decided["statusCode"], later["statusCode"]) == (200, 410)
    assert "уже ответили" in later["body"]
    assert "уже ответили" not in decided["body"]


@pytest.mark.parametrize("method", ["HEAD", "GET", "OPTIONS"])
def test_q7_whatever_previews_a_link_answers_nothing(respond, method):
    """Q7: only a POST answers, whatever else a preview sends along."""
    desk = FakeDesk(Shown("ask", None, QUESTION))
    respond(desk, method, body="answer=confirm", queryStringParameters={"answer": "confirm"})
    assert [asked[0] for asked in desk.asked] == ["show"]


@pytest.mark.parametrize(
    ("state", "word"),
    [("ask", "Станет"), ("confirmed", "Стало"), ("declined", "Предлагалось"), ("lapsed", "Предлагалось")],
)
def test_q7_the_page_says_what_became_of_the_proposed_value(state, word):
    page = render(state, "ru", QUESTION)

    assert [one for one in ("Станет:", "Стало:", "Предлагалось:") if one in page] == [f"{word}:"]


def test_q7_the_page_says_who_asked_for_the_change_and_until_when_one_may_answer():
    question = replace(QUESTION, asked=1_768_197_600, by="Олег <b>Смирнов</b>")
    page = render("ask", "ru", question, zone="Europe/Moscow")

    assert "Изменение внёс Олег &lt;b&gt;Смирнов&lt;/b&gt;, 12.01.2026 09:00." in page
    assert "Ответить можно до 13.01.2026 09:00." in page
