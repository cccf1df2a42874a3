"""D12 in a real browser: the head's page on a phone, on paper, and with many people; it asks nobody for anything."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from crm_robots.pages.desk.answers import Shown
from crm_robots.pages.desk.html import render
from crm_robots.pages.page import HEADERS
from crm_robots.robots.desk.figures import Draws, Manager, Named, Sign, Signs
from crm_robots.robots.desk.snapshot import Index
from selenium.webdriver import Chrome

from tests.support.chromium import chromium, needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium(), pytest.mark.xdist_group("browser")]

DAY = date(2026, 12, 16)
STATUSES = (
    ("new", "Новый"),
    ("in_work", "В работе"),
    ("hot", "Горячий"),
    ("warm", "Тёплый"),
    ("cold", "Холодный"),
    ("lost", "Пропал"),
)
PLACES = ("Оптовые продажи", "Отдел монтажа", "Розничные продажи")
LONG = "Общество с ограниченной ответственностью «Ивановская фабрика трикотажа и домашнего текстиля»"


def manager(number: int, title: str) -> Manager:
    """Somebody with much of everything."""
    names = [Named(DAY + timedelta(days=one), f"company:{number * 100 + one}", title, "hot") for one in range(15)]
    paused = [Named(DAY, f"contact:{number}", "Анна Орлова", "warm", "В отпуске до конца месяца")]
    signs = Signs(*(Sign(50, [f"company:{number * 100 + one}" for one in range(50)]) for _ in range(5)))
    return Manager(
        number,
        f"{'Константин Воскресенский' if title == LONG else 'Мария Кузнецова'} {number}",
        PLACES[number % 3],
        (1,),
        {code: 30 + 7 * place for place, (code, _) in enumerate(STATUSES)},
        *(20, 9, 9, 4, 15, 9, True),  # due … no_calls, above
        signs=signs,
        changed_by_week=[9, 120, 0, 3, 44],
        ahead=list(range(14)),
        soon=names,
        gone=names,
        paused=paused,
        draws=[Draws("Отдел монтажа", 3.33, 4)],
    )


def html(managers: int, title: str = LONG) -> str:
    index = Index(DAY, 0, tuple(range(managers)), 100, STATUSES)
    some = tuple(manager(number, title) for number in range(managers))
    return render(Shown("open", index, some, "https://acme.bitrix24.ru"), "ru")


def _wanted(path: str) -> tuple[int, str]:
    """`/8` and `/8/usual`, with names that are not so long."""
    number, _, kind = path.strip("/").partition("/")
    return int(number), "ООО «Ткани и нитки»" if kind else LONG


class Page(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - of all requests

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(html(*_wanted(self.path)).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium() as made:
        yield made


def look(browser: Chrome, wide: int, media: str = "") -> None:
    size = {"width": wide, "height": 900, "deviceScaleFactor": 1, "mobile": wide < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media})


@pytest.mark.parametrize("managers", [3, 40])
@pytest.mark.parametrize("wide", [360, 1280])
def test_d12_nothing_is_wider_than_the_screen_and_letters_can_be_read(
    browser: Chrome, address: str, managers: int, wide: int
) -> None:
    """D12: tables are moved inside their own frame, which takes the keyboard too."""
    look(browser, wide)
    browser.get(f"{address}/{managers}")

    assert browser.execute_script("return document.documentElement.scrollWidth") <= wide
    assert browser.execute_script("return [...document.querySelectorAll('.scroll')].every(one => one.tabIndex === 0)")
    texts = "[...document.querySelectorAll('svg.chart text')]"
    assert browser.execute_script(f"return Math.min(...{texts}.map(one => one.getBoundingClientRect().height))") >= 10
    boxes = f"{texts}.map(one => one.getBoundingClientRect())"
    assert browser.execute_script(f"return {boxes}.every(box => box.left >= 0 && box.right <= innerWidth)")


def test_d12_the_page_loads_nothing_and_stays_small(browser: Chrome, address: str) -> None:
    """D12: 200 KB at most, with 40 managers."""
    Page.asked.clear()
    look(browser, 1280)
    browser.get(f"{address}/40")

    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert Page.asked == ["/40"]
    assert browser.execute_script("return getComputedStyle(document.querySelector('.c0')).fill") == "rgb(59, 130, 196)"
    assert len(html(40).encode()) <= 200_000


def test_d12_every_picture_has_its_numbers_in_words_or_in_a_table(browser: Chrome, address: str) -> None:
    """D12: for whoever cannot see colours, or anything."""
    browser.get(f"{address}/3")

    labels = browser.execute_script("return [...document.querySelectorAll('svg.chart')].map(one => one.ariaLabel)")
    assert "Те же числа — в таблице ниже." in labels[0]
    assert labels[1].startswith("Сменили статус по неделям. с 12.11: 132; с 19.11: 9; ")
    head = browser.execute_script("return document.querySelector('thead').innerText")
    assert all(label in head for _, label in STATUSES)


def test_d12_a_department_is_printed_on_one_page_and_no_column_is_cut(browser: Chrome, address: str) -> None:
    """D12."""
    look(browser, 726, "print")
    browser.get(f"{address}/8/usual")
    assert browser.execute_script(
        "return [...document.querySelectorAll('table')].every(one => one.getBoundingClientRect().right <= innerWidth)"
    )
    look(browser, 1280)

    paper = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    assert b64decode(paper["data"]).count(b"/Type /Page\n") == 1
