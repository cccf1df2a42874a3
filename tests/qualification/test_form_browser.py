"""Q11 in a real browser: the fill-in page on a phone and on a desk, with JavaScript and without."""

import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from crm_robots.pages.form.answers import Shown
from crm_robots.robots.qualification.form import read_form
from crm_robots.robots.qualification.memory import Form
from crm_robots.robots.qualification.rules import Direction, LeadField, QualificationRules
from crm_robots.robots.qualification.words import Words
from crm_robots.shared.items import ItemRef
from crm_robots.shared.people import Directory, User
from crm_robots.shared.portal import PortalRules
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.support.functions import load_function

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (shutil.which("chromium") and shutil.which("chromedriver")),
        reason="apt-get install chromium chromium-driver",
    ),
]
WIDTHS = {"phone": 360, "desk": 1280}
FIELDS = (
    LeadField("UF_DIRECTION", "Направление", "enumeration", items={"1": "Оптовик"}),
    LeadField("UF_INTERESTS", "Что интересует", "enumeration", True, {"11": "Нитки", "12": "Фурнитура"}),
    LeadField(
        "UF_MATERIAL",
        "Материал",
        "enumeration",
        items={"21": "Швейные нитки", "22": "Пуговицы"},
        depends_on="UF_INTERESTS",
        groups={"11": ("21",), "12": ("22",)},
    ),
    LeadField("UF_VIP", "Постоянный клиент", "boolean"),
    LeadField("UF_STORES", "Количество магазинов в очень длинном названии поля, которое переносится", "integer"),
    LeadField("UF_SUM", "Сумма", "money"),
    LeadField("UF_DATE", "Дата встречи", "date"),
    LeadField("UF_SITE", "Сайт", "url"),
    LeadField("UF_NOTE", "Что шьют", "string"),
    LeadField("UF_WHO", "Кто ведёт", "employee"),
    LeadField("UF_SCAN", "Скан договора", "file"),
    LeadField("PHONE", "Телефон", "crm_multifield", True),
    LeadField("EMAIL", "E-mail", "crm_multifield", True),
)
CODES = [one.code for one in FIELDS[1:-2]]
RULES = QualificationRules(
    "UF_DIRECTION", "GATE", (), FIELDS, {"1": Direction("Оптовик", (*((code,) for code in CODES), ("PHONE", "EMAIL")))}
)
PEOPLE = Directory({5: User(5, "Игорь Петров"), 6: User(6, "Мария Кузнецова")})
WORDS = Words(RULES, "ru", ZoneInfo("Europe/Moscow"), {}, PEOPLE)


class Desk:
    """One lead that lacks everything; what is sent is read by the robot's own rules."""

    def __init__(self) -> None:
        self.forms = self.settings = self
        self.sent: list[Mapping[str, Any]] = []

    def portal(self) -> PortalRules:
        return PortalRules("https://acme.bitrix24.example", "Europe/Moscow", "ru", (1,), 1)

    def show(self, token: str, received: float) -> Shown:
        return Shown(
            "fill", ItemRef("lead", 17), "Нитки <b>оптом</b>", {"UF_DIRECTION": "1"}, WORDS, Form("", 0, 0, 72)
        )

    def send(self, token: str, form: Mapping[str, Sequence[str]], name: str, received: float) -> Shown:
        reading = read_form(form, {"UF_DIRECTION": "1"}, RULES, WORDS)
        if reading.wrong:
            return self.show(token, received).turned("wrong", typed=form, wrong=reading.wrong)
        self.sent.append(reading.values)
        return self.show(token, received).turned("written")


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
            answer = function.lambda_handler(
                {
                    "httpMethod": self.command,
                    "resource": "/form/{token}",
                    "pathParameters": {"token": self.path.rpartition("/")[2]},
                    "requestContext": {"requestId": "r", "requestTimeEpoch": 1000},
                    "body": self.rfile.read(length).decode(),
                },
                None,
            )
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
    yield f"http://127.0.0.1:{server.server_port}/prod/form/17-token"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module", params=[1, 2], ids=["with JavaScript", "without JavaScript"])
def chromium(request: pytest.FixtureRequest) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": request.param})
    browser = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver") or ""))
    yield browser
    browser.quit()


def fill_in(browser: webdriver.Chrome, stores: str) -> None:
    for box in browser.find_elements(By.CSS_SELECTOR, "input[type=checkbox]"):
        box.click()
    browser.find_element(By.CSS_SELECTOR, "input[type=radio][value=Y]").click()
    Select(browser.find_element(By.ID, "UF_MATERIAL")).select_by_visible_text("Пуговицы")
    Select(browser.find_element(By.ID, "UF_WHO")).select_by_visible_text("Мария Кузнецова")
    for code, text in (("UF_STORES", stores), ("UF_SUM", "1 500,50"), ("UF_SITE", "example.ru"), ("UF_NOTE", "<i>")):
        field = browser.find_element(By.ID, code)
        field.clear()
        field.send_keys(text)


def press(browser: webdriver.Chrome, heading: str) -> None:
    browser.find_element(By.TAG_NAME, "button").click()
    wait = WebDriverWait(browser, 20, ignored_exceptions=[StaleElementReferenceException])
    wait.until(lambda browser: browser.find_element(By.TAG_NAME, "h1").text == heading)


def keep(browser: webdriver.Chrome, name: str) -> None:
    """Where SCREENSHOTS names a folder, somebody wants to look."""
    if folder := os.environ.get("SCREENSHOTS"):
        height = browser.find_element(By.TAG_NAME, "main").size["height"]
        size = browser.find_element(By.TAG_NAME, "body").size["width"]
        screen = {"width": size, "height": height + 40, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        browser.save_screenshot(str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("screen", WIDTHS)
def test_q11_a_person_fills_in_corrects_and_sends(chromium, address, desk, screen):
    width = WIDTHS[screen]
    metrics = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": False}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    chromium.get(address)
    for one in chromium.find_elements(By.CSS_SELECTOR, "main, input, select, textarea, button, fieldset, label"):
        assert one.location["x"] >= 0
        assert one.location["x"] + one.size["width"] <= width
    assert all(
        one.size["height"] >= 40 for one in chromium.find_elements(By.CSS_SELECTOR, "button, select, label.choice")
    )
    keep(chromium, f"form-{screen}")

    fill_in(chromium, "3,7")
    press(chromium, "Проверьте ответы")
    assert "Введите целое число" in chromium.find_element(By.TAG_NAME, "main").text
    assert chromium.find_element(By.ID, "UF_NOTE").get_attribute("value") == "<i>"
    assert len(chromium.find_elements(By.CSS_SELECTOR, "input[type=checkbox]:checked")) == 2
    assert desk.sent == []
    keep(chromium, f"form-{screen}-wrong")

    field = chromium.find_element(By.ID, "UF_STORES")
    field.clear()
    field.send_keys("1 204")
    press(chromium, "Записано в карточку")
    (sent,) = desk.sent
    assert sent["UF_STORES"] == "1204"
    assert sent["UF_SUM"] == "1500.5|RUB"
    assert sent["UF_MATERIAL"] == "22"
    assert sent["UF_SITE"] == "https://example.ru"
    assert sent["UF_WHO"] == "6"
    assert sent["UF_VIP"] is True
