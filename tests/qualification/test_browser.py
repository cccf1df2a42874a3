"""Q7 in a real browser: the page works without JavaScript, on a phone, in Russian and English."""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from crm_robots.pages.consent.answers import Shown
from crm_robots.robots.qualification.memory import Line, Question
from crm_robots.shared.items import ItemRef
from crm_robots.shared.portal import PortalRules
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.support.functions import load_function

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (shutil.which("chromium") and shutil.which("chromedriver")),
        reason="apt-get install chromium chromium-driver",
    ),
]
LINES = (Line("Объёмы производства", "до 500", "500 – 5 000"), Line("Что шьют", "Трикотаж", "х" * 300))
QUESTION = Question("d" * 64, 0, 0.0, 24, "Нитки <b>оптом</b>", LINES, {}, {})
LEAD = ItemRef("lead", 17)
PHONE = (360, 740)


class Desk:
    """One question, answered once."""

    def __init__(self) -> None:
        self.language = "ru"
        self.answers: list[str] = []
        self.confirmation = self.settings = self

    def portal(self) -> PortalRules:
        return PortalRules("https://acme.bitrix24.example", "Europe/Moscow", self.language, (1,), 1)

    def show(self, token: str, received: float) -> Shown:
        return Shown("confirmed", LEAD) if self.answers else Shown("ask", LEAD, QUESTION)

    def answer(self, token: str, answer: str, received: float) -> Shown:
        self.answers.append(answer)
        return Shown({"confirm": "confirmed", "decline": "declined"}[answer], LEAD, QUESTION, decides=True)


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
            request: dict[str, Any] = {
                "httpMethod": self.command,
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
    yield f"http://127.0.0.1:{server.server_port}/prod/confirm/17-token"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(shutil.which("chromedriver") or "")
    browser = webdriver.Chrome(options, service)
    # A window of its own is never narrower than 500 pixels.
    screen = {"width": PHONE[0], "height": PHONE[1], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    yield browser
    browser.quit()


@pytest.mark.parametrize(
    ("language", "button", "choice", "heading"),
    [
        ("ru", "Подтвердить", "confirm", "Изменение подтверждено"),
        ("ru", "Отклонить", "decline", "Изменение отклонено"),
        ("en", "Confirm", "confirm", "The change is confirmed"),
        ("en", "Decline", "decline", "The change is declined"),
    ],
)
def test_q7_a_person_reads_and_answers_on_a_phone(chromium, address, desk, language, button, choice, heading):
    desk.language = language
    chromium.get(address)
    text = chromium.find_element(By.TAG_NAME, "main").text
    for word in ("Нитки <b>оптом</b>", "Объёмы производства", "до 500", "500 – 5 000"):
        assert word in text
    buttons = {one.text: one for one in chromium.find_elements(By.TAG_NAME, "button")}
    assert len(buttons) == 2
    assert all(one.size["height"] >= 44 for one in buttons.values())
    main = chromium.find_element(By.TAG_NAME, "main")
    assert main.size["width"] <= PHONE[0]
    assert main.find_element(By.TAG_NAME, "dl").size["width"] <= PHONE[0]
    assert desk.answers == []

    buttons[button].click()
    wait = WebDriverWait(chromium, 20, ignored_exceptions=[StaleElementReferenceException])
    wait.until(lambda browser: browser.find_element(By.TAG_NAME, "h1").text == heading)
    assert desk.answers == [choice]
    assert chromium.find_elements(By.TAG_NAME, "button") == []


def test_q7_the_style_is_let_in_by_the_policy(chromium, address):
    chromium.get(address)
    button = chromium.find_element(By.CSS_SELECTOR, "button.confirm")
    assert button.value_of_css_property("background-color") != "rgba(0, 0, 0, 0)"
    refused = [
        entry["message"] for entry in chromium.get_log("browser") if "Content Security Policy" in entry["message"]
    ]
    assert refused == []
