"""Section 8 in a real browser: the pages are pressed, dragged, and looked at on a phone."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select, WebDriverWait

from sandbox.portal.core import Portal
from sandbox.seed import Company
from tests.support.chromium import chromium, needs_chromium
from tests.support.served import served

pytestmark = [pytest.mark.browser, needs_chromium(), pytest.mark.xdist_group("browser")]
_PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}


@pytest.fixture(scope="module")
def modern() -> Iterator[Chrome]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def plain() -> Iterator[Chrome]:
    """A browser without JavaScript."""
    with chromium(scripts=False) as browser:
        yield browser


@pytest.fixture
def address(portal: Portal, office: Company) -> Iterator[str]:
    portal.as_user(office.users["Волкова"]).create("lead", title="Нитки", opportunity=48000)
    with served(portal) as home:
        yield home


def stage(portal: Portal) -> str:
    return str(portal.as_user(1).read("lead", 1)["stageId"])


def wait(browser: Chrome, portal: Portal, wanted: str) -> None:
    WebDriverWait(browser, 10).until(lambda _: stage(portal) == wanted)


def press(browser: Chrome, selector: str) -> None:
    """Presses a button of a form, and waits for the page that answers."""
    before = browser.find_element(By.TAG_NAME, "html")
    browser.find_element(By.CSS_SELECTOR, selector).click()
    WebDriverWait(browser, 10).until(staleness_of(before))


def test_a_card_is_moved_by_its_list_of_stages(modern: Chrome, portal: Portal, address: str) -> None:
    modern.get(f"{address}/")
    Select(modern.find_element(By.CSS_SELECTOR, ".card select[name=stage]")).select_by_visible_text("Выезд к клиенту")
    wait(modern, portal, "VISIT")
    WebDriverWait(modern, 10).until(lambda b: b.find_elements(By.CSS_SELECTOR, "[data-stage=VISIT] .card"))


def test_a_card_is_dragged_to_another_column(modern: Chrome, portal: Portal, address: str) -> None:
    modern.set_window_size(1400, 900)
    modern.get(f"{address}/crm/lead/")
    card = modern.find_element(By.CSS_SELECTOR, ".card .facts")
    column = modern.find_element(By.CSS_SELECTOR, "[data-stage=IN_PROCESS]")
    ActionChains(modern).drag_and_drop(card, column).perform()
    wait(modern, portal, "IN_PROCESS")


def test_everything_works_without_javascript(plain: Chrome, portal: Portal, office: Company, address: str) -> None:
    plain.get(f"{address}/crm/lead/")
    Select(plain.find_element(By.ID, "see-as")).select_by_visible_text("Павел Зайцев")
    press(plain, "form[action='/see-as/'] button")
    Select(plain.find_element(By.CSS_SELECTOR, ".card select[name=stage]")).select_by_visible_text("В работе")
    press(plain, ".card form button")
    wait(plain, portal, "IN_PROCESS")
    assert portal.as_user(1).read("lead", 1)["movedBy"] == office.users["Зайцев"]
    plain.get(f"{address}/crm/lead/details/1/edit/")
    plain.find_element(By.NAME, "address").send_keys("Иваново, Фабричная, 3")
    press(plain, ".save button")
    assert portal.as_user(1).read("lead", 1)["address"] == "Иваново, Фабричная, 3"
    assert "Сохранено" in plain.find_element(By.CSS_SELECTOR, ".note").text


def test_a_deal_is_made_in_the_funnel_that_is_open(
    modern: Chrome, portal: Portal, office: Company, address: str
) -> None:
    sales = office.categories["Продажи"]
    modern.get(f"{address}/crm/deal/?category={sales}")
    press(modern, ".headline .button")
    modern.find_element(By.NAME, "title").send_keys("Партия ситца")
    press(modern, ".save button")
    row = portal.as_user(1).read("deal", 1)
    assert (row["title"], row["categoryId"], row["createdBy"]) == ("Партия ситца", sales, row["assignedById"])
    press(modern, ".stages button:nth-of-type(2)")
    assert portal.as_user(1).read("deal", 1)["stageId"].endswith("INVOICE")


def test_a_comment_cannot_run_a_script(modern: Chrome, portal: Portal, address: str) -> None:
    deed = "document.title='hacked'"
    nasty = f'<script>{deed}</script>[URL=javascript:{deed}]x[/URL]<img src=x onerror="{deed}">'
    portal.as_user(1).comment("lead", 1, nasty)
    modern.get(f"{address}/crm/lead/details/1/")
    assert modern.title.startswith("Нитки")
    assert nasty.partition("[")[0] in modern.find_element(By.CSS_SELECTOR, ".entry .text").text


@pytest.mark.parametrize(
    "path",
    [
        *("/crm/lead/", "/crm/lead/details/1/", "/crm/lead/details/1/edit/", "/crm/company/"),
        *("/tasks/", "/notifications/", "/feed/", "/traffic/", "/desk/"),
    ],
)
def test_a_phone_shows_the_page_without_scrolling_sideways(modern: Chrome, address: str, path: str) -> None:
    modern.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", _PHONE)
    try:
        modern.get(f"{address}{path}")
        assert modern.execute_script("return document.documentElement.scrollWidth") <= _PHONE["width"]
    finally:
        modern.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_on_a_phone_the_timeline_comes_before_the_fields_and_names_are_whole(
    modern: Chrome, portal: Portal, address: str
) -> None:
    portal.as_user(1).comment("lead", 1, "Не хватает данных")
    modern.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", _PHONE)
    try:
        modern.get(f"{address}/crm/lead/details/1/")
        history, facts = (modern.find_element(By.ID, one).rect["y"] for one in ("history", "facts"))
        assert history < min(facts, _PHONE["height"])
        modern.get(f"{address}/crm/lead/")
        names = modern.find_elements(By.CSS_SELECTOR, ".column h2 .name")
        widths = [(one.get_property("scrollWidth"), one.get_property("clientWidth")) for one in names]
        assert widths
        assert all(needed <= there for needed, there in widths)
    finally:
        modern.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
