"""C13 in a real browser: the page with the cards that fit, on a phone and on a desk, with JavaScript and without."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from crm_robots.pages.choice.answers import ASK, Shown
from crm_robots.robots.conversion.choice import CHOSEN, Candidate, Choice
from crm_robots.shared.items import ItemRef
from crm_robots.shared.portal import PortalRules
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.support.chromium import chromium, needs_chromium
from tests.support.functions import load_function

pytestmark = [pytest.mark.browser, needs_chromium()]
WIDTHS = {"phone": 360, "desk": 1280}
CARDS = (
    Candidate(5, "Анна Орлова", "Пермь", "Игорь Петров", 2, "2026-01-31"),
    Candidate(6, "Общество с ограниченной ответственностью <b>" + "Длинноеназваниебезпробелов" * 3, "", "", 0, ""),
)
ASKED = Shown(ASK, ItemRef("lead", 17), Choice("contact", "", 0, 0, 24, "Нитки <i>оптом</i>", CARDS))


class Desk:
    """One lead whose contact is one of two."""

    def __init__(self) -> None:
        self.choices = self.settings = self
        self.answers: list[str] = []

    def portal(self) -> PortalRules:
        return PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1,), 1)

    def show(self, token: str, received: float) -> Shown:
        return replace(ASKED, state=CHOSEN) if self.answers else ASKED

    def answer(self, token: str, answer: str, received: float) -> Shown:
        self.answers.append(answer)
        return replace(ASKED, state=CHOSEN, decides=True)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def address(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The function behind an API that passes requests on."""
    function = load_function("pages")
    monkeypatch.setattr(function, "connect", lambda: desk)

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            request = {
                "httpMethod": self.command,
                "resource": "/choice/{token}",
                "pathParameters": {"token": self.path.rpartition("/")[2]},
                "requestContext": {"requestId": "r", "requestTimeEpoch": 1000},
                "body": self.rfile.read(length).decode(),
            }
            answer = function.lambda_handler(request, None)
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer["body"].encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """A test's log is no place for requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/prod/choice/17-token"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module", params=[True, False], ids=["with JavaScript", "without JavaScript"])
def browser(request: pytest.FixtureRequest) -> Iterator[webdriver.Chrome]:
    with chromium(scripts=request.param) as found:
        yield found


@pytest.mark.parametrize("screen", WIDTHS)
@pytest.mark.parametrize(("button", "chosen"), [(0, "5"), (1, "6"), (2, "0")])
def test_c13_a_person_chooses_with_a_thumb_or_a_mouse(browser, address, desk, screen, button, chosen):
    width = WIDTHS[screen]
    metrics = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(address)

    text = browser.find_element(By.TAG_NAME, "main").text
    for told in ("Нитки <i>оптом</i>", "Город: Пермь", "Ответственный: Игорь Петров", "31.01.2026"):
        assert told in text
    for one in browser.find_elements(By.CSS_SELECTOR, "main, section, form, dl, dt, dd, button"):
        assert one.location["x"] >= 0
        assert one.location["x"] + one.size["width"] <= width
    assert all(one.size["height"] >= 44 for one in browser.find_elements(By.TAG_NAME, "button"))
    assert desk.answers == []

    browser.find_elements(By.TAG_NAME, "button")[button].click()
    wait = WebDriverWait(browser, 20, ignored_exceptions=[StaleElementReferenceException])
    wait.until(lambda browser: browser.find_element(By.TAG_NAME, "h1").text == "Ответ принят")
    assert desk.answers == [chosen]
    assert browser.find_elements(By.TAG_NAME, "button") == []
