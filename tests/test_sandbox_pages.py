"""Section 8: the pages show the cards and let a person edit them; every deed is that person's."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from sandbox.portal.core import Portal
from sandbox.portal.store import Row
from sandbox.portal.types import COMPANY, DEAL, LEAD
from sandbox.rest.endpoint import answer
from sandbox.seed import Company
from sandbox.web.routes import routes

PHONE = {"n0": {"typeId": "PHONE", "valueType": "WORK", "value": "+7 916 123-45-67"}}


class NoRobots:
    """A machine without a stack, until a test puts something here."""

    def __init__(self) -> None:
        self.entries: list[Any] | None = None
        self.term: dict[str, Any] | None = None

    def journal(self, item: str = "") -> list[Any] | None:
        return self.entries

    def timer(self, item: str) -> dict[str, Any] | None:
        return self.term


@pytest.fixture
def robots() -> NoRobots:
    return NoRobots()


@pytest.fixture
def browser(portal: Portal, office: Company, robots: NoRobots) -> Iterator[TestClient]:
    """Looks as Дарья Волкова."""
    portal.user_fields.add(LEAD, field("UF_CRM_KIND", "enumeration", "Направление", "Оптовик", "Сеть"))
    portal.user_fields.add(
        LEAD, {**field("UF_CRM_SEWN", "enumeration", "Что шьют", "Трикотаж", "Спецодежда"), "MULTIPLE": "Y"}
    )
    with TestClient(
        Starlette(routes=routes(portal, robots)), cookies={"see_as": str(office.users["Волкова"])}
    ) as client:
        yield client


def field(name: str, kind: str, label: str, *values: str) -> dict[str, Any]:
    items = [{"VALUE": value, "SORT": 10 * place} for place, value in enumerate(values, 1)]
    return {"FIELD_NAME": name, "USER_TYPE_ID": kind, "LABEL": label, "LIST": items}


def option(portal: Portal, name: str, text: str) -> str:
    row = portal.user_fields.named(LEAD, name) or {}
    return next(str(item["id"]) for item in row["LIST"] if item["value"] == text)


def new_lead(portal: Portal, office: Company, **fields: Any) -> int:
    return portal.as_user(office.users["Волкова"]).create("lead", **{"title": "Нитки", "fm": PHONE, **fields})


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send if the person changed nothing."""
    form: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        given = {key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if given.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in given:
            form.setdefault(given["name"], []).append(given.get("value", ""))
    for name, body in re.findall(r'<select name="([\w-]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        form[name] = [unescape(chosen[1]) if chosen else ""]
    for name, body in re.findall(r'<textarea name="([\w-]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        form[name] = [unescape(body)]
    return form


def edit(browser: TestClient, path: str, **changes: Any) -> Any:
    page = browser.get(path).text
    inner = page[page.index('class="edit"') :]
    return browser.post(path, data={**form_of(inner), **changes})


def lead_row(portal: Portal, lead: int) -> Row:
    return portal.as_user(1).read("lead", lead)


def test_the_first_page_is_the_board_of_leads(browser: TestClient, portal: Portal, office: Company) -> None:
    new_lead(portal, office, title="Шторы <b>на</b> дачу", opportunity=48000)
    page = browser.get("/")
    assert page.url.path == "/crm/lead/"
    assert "Шторы &lt;b&gt;на&lt;/b&gt; дачу" in page.text
    assert "48\u202f000" in page.text
    assert "Квалификация пройдена" in page.text


def test_a_card_is_moved_from_the_board_by_whoever_looks(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    page = browser.post(f"/crm/lead/details/{lead}/move/", data={"stage": "VISIT", "back": "/crm/lead/"})
    assert page.url.path == "/crm/lead/"
    row = lead_row(portal, lead)
    assert (row["stageId"], row["movedBy"]) == ("VISIT", office.users["Волкова"])


def test_a_refused_move_says_kindly_what_is_missing(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    portal.items.requirements.demand(1, "opportunity", ["OFFER"])
    portal.items.requirements.demand(1, "UF_CRM_KIND", ["OFFER"])
    page = browser.post(f"/crm/lead/details/{lead}/move/", data={"stage": "OFFER", "back": "/crm/lead/"})
    assert "Сначала заполните:" in page.text
    assert "«Направление»" in page.text
    assert lead_row(portal, lead)["stageId"] == "NEW"
    assert "Сначала заполните:" not in browser.get("/crm/lead/").text


def test_deals_have_a_board_per_funnel(browser: TestClient, portal: Portal, office: Company) -> None:
    sales = office.categories["Продажи"]
    portal.as_user(5).create("deal", title="Большая сделка", categoryId=sales)
    assert "Большая сделка" not in browser.get("/crm/deal/").text
    page = browser.get(f"/crm/deal/?category={sales}").text
    assert "Большая сделка" in page
    assert "Счёт выставлен" in page


def test_a_card_shows_values_in_words(browser: TestClient, portal: Portal, office: Company) -> None:
    portal.items.turns_leads = False  # a repeat lead shows no phone of its own
    contact = portal.as_user(5).create("contact", name="Анна", lastName="Котова")
    lead = new_lead(portal, office, UF_CRM_KIND="Оптовик", UF_CRM_SEWN=["Трикотаж", "Спецодежда"], contactIds=[contact])
    page = browser.get(f"/crm/lead/details/{lead}/").text
    assert re.search(r'data-field="UF_CRM_KIND">Оптовик<', page)
    assert "Трикотаж, Спецодежда" in page
    assert f'<a href="/crm/contact/details/{contact}/">Анна Котова</a>' in page
    assert 'href="tel:+79161234567"' in page
    assert "Дарья Волкова" in page


def test_saving_changes_what_was_touched_and_nothing_else(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office, UF_CRM_KIND="Оптовик", UF_CRM_SEWN=["Трикотаж"])
    before = lead_row(portal, lead)
    page = edit(browser, f"/crm/lead/details/{lead}/edit/", UF_CRM_KIND=option(portal, "UF_CRM_KIND", "Сеть"))
    assert page.url.path == f"/crm/lead/details/{lead}/"
    after = lead_row(portal, lead)
    assert {name for name in after if after[name] != before[name]} == {"UF_CRM_KIND"}
    assert after["updatedBy"] == office.users["Волкова"]


def test_what_a_robot_did_meanwhile_is_not_undone_by_a_form(
    browser: TestClient, portal: Portal, office: Company
) -> None:
    lead = new_lead(portal, office, opportunity=100)
    path = f"/crm/lead/details/{lead}/edit/"
    page = browser.get(path).text
    form = form_of(page[page.index('class="edit"') :])
    portal.as_user(1).update("lead", lead, opportunity=200, assignedById=office.users["Петров"])
    browser.post(path, data={**form, "title": "Нитки и иголки"})
    row = lead_row(portal, lead)
    assert (row["title"], row["opportunity"], row["assignedById"]) == ("Нитки и иголки", 200, office.users["Петров"])


def test_ticks_can_all_be_taken_away(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office, UF_CRM_SEWN=["Трикотаж", "Спецодежда"])
    edit(browser, f"/crm/lead/details/{lead}/edit/", UF_CRM_SEWN=[])
    assert lead_row(portal, lead)["UF_CRM_SEWN"] == []


def test_phones_are_added_changed_and_removed(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    path, key = f"/crm/lead/details/{lead}/edit/", lead_row(portal, lead)["fm"][0]["id"]
    edit(browser, path, **{f"fm-{key}": "+7 916 000-00-00", "fm-n1": "anna@example.ru"})
    assert [one["value"] for one in lead_row(portal, lead)["fm"]] == ["+7 916 000-00-00", "anna@example.ru"]
    edit(browser, path, **{f"fm-{key}": ""})
    assert [one["value"] for one in lead_row(portal, lead)["fm"]] == ["anna@example.ru"]


def test_a_refused_save_keeps_what_was_typed(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    page = edit(browser, f"/crm/lead/details/{lead}/edit/", title="", address="Иваново, Фабричная, 3")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert "Иваново, Фабричная, 3</textarea>" in page.text
    page = edit(browser, f"/crm/lead/details/{lead}/edit/", contactIds="404")
    assert "Контакт #404" in page.text
    assert lead_row(portal, lead)["contactIds"] == []


def test_a_new_card_belongs_to_whoever_makes_it(browser: TestClient, portal: Portal, office: Company) -> None:
    sales = office.categories["Продажи"]
    page = edit(browser, f"/crm/deal/details/0/?category={sales}".replace("/?", "/edit/?"), title="Партия ситца")
    assert page.url.path == "/crm/deal/details/1/"
    row = portal.as_user(1).read("deal", 1)
    assert (row["title"], row["categoryId"], row["createdBy"]) == ("Партия ситца", sales, office.users["Волкова"])
    assert browser.get("/crm/company/details/0/").status_code == 200


def test_the_timeline_tells_who_did_what(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    base = f"/crm/lead/details/{lead}"
    portal.as_user(1).comment("lead", lead, f"Создан [URL={portal.address}/crm/deal/details/5/]Нитки[/URL]\n[B]да[/B]")
    portal.timeline.log(1, lead, "Поле изменено", "было → стало", "info", 1)
    browser.post(f"{base}/comment/", data={"text": "Позвонил <script>"})
    browser.post(f"{base}/call/", data={"direction": "in", "seconds": "95"})
    page = browser.post(f"{base}/call/", data={"direction": "out", "missed": "Y"}).text
    assert 'Создан <a href="/crm/deal/details/5/">Нитки</a><br><b>да</b>' in page
    assert "Позвонил &lt;script&gt;" in page
    assert "Входящий звонок, 1:35" in page
    assert "Исходящий звонок: без ответа" in page
    assert "было → стало" in page
    assert "Создание: Новый лид" in page


def test_todos_and_tasks_are_ticked_off(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    base = f"/crm/lead/details/{lead}"
    browser.post(f"{base}/todo/", data={"text": "Заполнить поля", "deadline": "2026-01-13T12:00"})
    task = portal.tasks.add(1, TITLE="Выезд", RESPONSIBLE_ID=office.users["Волкова"], UF_CRM_TASK=[f"L_{lead}"])
    todo = portal.activities.todos(1, lead)[0]
    assert (todo["DEADLINE"], todo["RESPONSIBLE_ID"]) == ("2026-01-13T12:00:00+03:00", office.users["Волкова"])
    mine = browser.get("/tasks/").text
    assert "Заполнить поля" in mine
    assert "Выезд" in mine
    assert f'href="/crm/lead/details/{lead}/"' in mine
    browser.post("/complete/", data={"activity": str(todo["id"]), "back": f"{base}/"})
    page = browser.post("/complete/", data={"task": str(task["id"]), "back": f"{base}/"})
    assert page.url.path == f"{base}/"
    assert "Дело сделано" in page.text
    assert "Задача завершена" in page.text
    assert "Запланировано" not in page.text
    assert "Всё сделано" in browser.get("/tasks/").text


def test_within_one_second_the_timeline_keeps_the_order_of_what_happened(
    browser: TestClient, portal: Portal, office: Company
) -> None:
    lead, person = new_lead(portal, office), portal.as_user(5)
    todo = portal.activities.add_todo((1, lead), 5, "2026-01-13T12:00:00+03:00", SUBJECT="Первое", DESCRIPTION="Почему")
    person.comment("lead", lead, "Второе")
    person.complete_activity(todo["id"])
    person.move("lead", lead, "VISIT")
    portal.timeline.log(1, lead, "Пятое", "", "info", 1)
    person.comment("lead", lead, "Шестое")
    page = browser.get(f"/crm/lead/details/{lead}/").text
    told = ["Шестое", "Пятое", "Выезд к клиенту", "Дело сделано", "Второе", "Создание"]
    places = [page.index(one, page.index('id="history"')) for one in told]
    assert places == sorted(places)


def test_a_todo_shows_its_title_above_its_description(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    due = "2026-01-13T12:00:00+03:00"
    portal.activities.add_todo((1, lead), 5, due, SUBJECT="Заполнить данные", DESCRIPTION="Не хватает: ИНН")
    portal.activities.add_todo((1, lead), 5, due, DESCRIPTION="Позвонить")
    page = browser.get(f"/crm/lead/details/{lead}/").text
    assert re.search(r'class="what">\s*Заполнить данные</div>\s*<div class="more">Не хватает: ИНН<', page)
    assert re.search(r'class="what">\s*Позвонить</div>\s*<div class="hint">', page)


def test_a_lead_is_converted_by_hand(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office, name="Анна", lastName="Котова", companyTitle="ООО «Игла»")
    page = browser.post(f"/crm/lead/details/{lead}/convert/", data={"company": "Y", "deal": "Y"}).text
    assert "Создано: компания, контакт, сделка" in page
    assert [row["leadId"] for row in portal.items.table(DEAL.id)] == [lead]
    assert "ООО «Игла»" in page
    assert lead_row(portal, lead)["stageId"] == "CONVERTED"


def test_a_card_is_deleted_and_its_address_says_so(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    browser.post(f"/crm/lead/details/{lead}/delete/")
    gone = browser.get(f"/crm/lead/details/{lead}/")
    assert gone.status_code == 404
    assert "Здесь ничего нет" in gone.text
    assert browser.get("/crm/nonsense/").status_code == 404


def test_requisites_of_a_company(browser: TestClient, portal: Portal) -> None:
    company = portal.as_user(5).create("company", title="ООО «Игла»")
    requisite = portal.requisites.add(1, {"ENTITY_TYPE_ID": COMPANY.id, "ENTITY_ID": company, "RQ_INN": "7707083893"})
    portal.requisites.add_bank_detail(1, {"ENTITY_ID": requisite, "RQ_ACC_NUM": "40702810200000012345"})
    page = browser.get(f"/crm/company/details/{company}/").text
    assert "7707083893" in page
    assert "40702810200000012345" in page


def test_requisites_are_added_by_hand(browser: TestClient, portal: Portal) -> None:
    company = portal.as_user(5).create("company", title="ООО «Игла»")
    given = {"preset": "1", "inn": "7707083893", "account": "40702810200000012345", "bik": "044525225"}
    page = browser.post(f"/crm/company/details/{company}/requisite/", data=given).text
    assert "7707083893" in page
    assert "044525225" in page
    row = portal.requisites.of(COMPANY.id, company)[0]
    assert (row["RQ_INN"], row["PRESET_ID"], row["NAME"]) == ("7707083893", 1, "Организация")


def test_products_of_a_deal(browser: TestClient, portal: Portal) -> None:
    deal = portal.as_user(5).create("deal", title="Партия")
    rows = [{"productName": "Ситец", "price": 120, "quantity": 50}]
    answer(portal, "/rest/1/sandbox/crm.item.productrow.set", {"ownerType": "D", "ownerId": deal, "productRows": rows})
    page = browser.get(f"/crm/deal/details/{deal}/").text
    assert "Ситец" in page
    assert "120\u00a0₽ × 50" in page


def test_clients_are_listed_and_found(browser: TestClient, portal: Portal) -> None:
    for number in range(60):
        portal.as_user(5).create("company", title=f"Фирма {number}", fm=PHONE if number == 7 else {})
    assert "Фирма 59" in browser.get("/crm/company/").text
    assert "Фирма 3<" not in browser.get("/crm/company/").text
    assert "Фирма 3<" in browser.get("/crm/company/?page=2").text
    found = browser.get("/crm/company/", params={"q": "9161234567"}).text
    assert "Фирма 7<" in found
    assert "Фирма 8<" not in found
    assert "Ничего не нашлось" in browser.get("/crm/company/?q=нет такой").text


def test_d5_the_term_of_a_status_is_on_the_clients_card(browser: TestClient, portal: Portal, robots: NoRobots) -> None:
    company = portal.as_user(5).create("company", title="ООО «Игла»")
    robots.term = {"status": "hot", "since": "2026-01-02", "due": "2026-01-22", "last_call": None}
    page = browser.get(f"/crm/company/details/{company}/").text
    assert "осталось дней: 10" in page
    assert "22 января 2026" in page
    assert '<progress max="100" value="50">' in page


def test_notifications_belong_to_the_person(browser: TestClient, portal: Portal, office: Company) -> None:
    portal.news.notify(office.users["Волкова"], "Скоро сменится статус: [URL=/crm/company/details/3/]Игла[/URL]", 1)
    portal.news.notify(office.users["Петров"], "Не для вас", 1)
    page = browser.get("/notifications/").text
    assert '<a href="/crm/company/details/3/">Игла</a>' in page
    assert "Не для вас" not in page
    assert "Уведомления: 1" in page
    assert "Уведомления: 0" in browser.post("/notifications/").text
    browser.post("/see-as/", data={"user": str(office.users["Петров"]), "back": "/notifications/"})
    assert "Не для вас" in browser.get("/notifications/").text


def test_the_feed_is_of_the_person(browser: TestClient, portal: Portal, office: Company) -> None:
    portal.news.post("Скоро", "[B]Клиенты[/B]", [f"U{office.users['Волкова']}"], 1)
    portal.news.post("Чужое", "…", [f"U{office.users['Петров']}"], 1)
    page = browser.get("/feed/").text
    assert "<b>Клиенты</b>" in page
    assert "Чужое" not in page


def test_every_page_speaks_english(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office, UF_CRM_KIND="Оптовик")
    browser.post("/language/", data={"language": "en", "back": "/"})
    base = f"/crm/lead/details/{lead}/"
    pages = (
        "/crm/lead/",
        "/crm/contact/",
        base,
        f"{base}edit/",
        "/tasks/",
        "/feed/",
        "/notifications/",
        "/traffic/",
        "/desk/",
    )
    data = re.compile("|".join(_russian_data(portal)))
    for path in pages:
        shown = re.sub(r"<[^>]*>", " ", data.sub("", browser.get(path).text))
        assert not re.findall(r"[А-Яа-яЁё]{3,}", shown.replace("Русский", "")), path


def _russian_data(portal: Portal) -> list[str]:
    names = [text for row in portal.tables.users for text in (row["NAME"], row["LAST_NAME"], row["WORK_POSITION"])]
    names += [row["NAME"] for row in portal.tables.statuses] + [row["name"] for row in portal.tables.categories]
    fields = [row["EDIT_FORM_LABEL"]["ru"] for row in portal.tables.user_fields]
    items = [item["value"] for row in portal.tables.user_fields for item in row["LIST"]]
    return sorted((re.escape(name) for name in {*names, *fields, *items, "Нитки"} if name), key=len, reverse=True)


def test_the_log_shows_cause_and_effect(browser: TestClient, portal: Portal, office: Company, robots: NoRobots) -> None:
    portal.subscribe("http://robots.example/webhooks/all?token=secret", ["*"], "outgoing-secret")
    lead = new_lead(portal, office)
    portal.deliver()
    command = f"crm.timeline.comment.add?fields[ENTITY_TYPE]=lead&fields[ENTITY_ID]={lead}&fields[COMMENT]=Ok"
    answer(portal, "/rest/1/sandbox/batch", {"cmd": {"a": command, "b": "crm.item.list?entityTypeId=2"}})
    at = portal.clock.now().isoformat()
    words = {"field_label": "Стадия", "old_text": "Оффер", "new_text": "Новый", "why": "Пробелы.", "because": "Иванов"}
    robots.entries = [{"at": at, "item": f"lead:{lead}", "robot": "qualification", **words}]
    page = browser.get("/traffic/").text
    for words in (
        "ONCRMLEADADD",
        "batch",
        "crm.timeline.comment.add",
        "qualification · Стадия: Оффер → Новый",
        "Пробелы.",
    ):
        assert words in page
    assert "secret" not in page
    narrowed = browser.get(f"/traffic/?item=lead:{lead}").text
    assert "crm.timeline.comment.add" in narrowed
    assert "crm.item.list" not in narrowed


def test_the_log_folds_reads_and_names_what_they_are_about(
    browser: TestClient, portal: Portal, office: Company
) -> None:
    lead = new_lead(portal, office)
    one = f"crm.item.list?entityTypeId=1&filter[@id][0]={lead}"
    others = {f"r{number}": "crm.item.get?entityTypeId=2&id=5" for number in range(3)}
    answer(portal, "/rest/1/sandbox/batch", {"cmd": {"a": one, **others}})
    page = browser.get("/traffic/").text
    assert "batch × 4" in page
    assert "crm.item.get × 3" in page
    narrowed = browser.get(f"/traffic/?item=lead:{lead}").text
    assert "crm.item.list" in narrowed
    assert "crm.item.get" not in narrowed


def test_the_log_says_when_there_are_no_robots(browser: TestClient) -> None:
    assert "Роботы на этой машине не запущены" in browser.get("/traffic/").text
    assert 'http-equiv="refresh"' in browser.get("/traffic/?live=1").text


def test_the_clock_is_moved_at_the_desk(browser: TestClient, portal: Portal) -> None:
    start = portal.clock.now()
    for jump in ("hour", "day", "week"):
        browser.post("/desk/clock/", data={"jump": jump})
    assert portal.clock.now() - start == timedelta(days=8, hours=1)
    browser.post("/desk/clock/", data={"to": "2026-03-01T10:00"})
    assert portal.clock.now().isoformat() == "2026-03-01T10:00:00+03:00"
    assert "Не получилось" in browser.post("/desk/clock/", data={"to": "завтра"}).text


def test_faults_and_limits_are_switched_at_the_desk(browser: TestClient, portal: Portal) -> None:
    browser.post("/desk/fault/", data={"kind": "cut", "method": "crm.item.add", "times": "2", "applied": "all"})
    browser.post("/desk/fault/", data={"kind": "query_limit", "times": "0", "inner": "Y"})
    first, second = portal.faults.active()
    assert (first["kind"], first["method"], first["times"], first["applied"]) == ("cut", "crm.item.add", 2, None)
    assert (second["times"], second["inner"]) == (None, True)
    browser.post("/desk/fault-off/", data={"id": str(first["id"])})
    assert len(portal.faults.active()) == 1
    browser.post("/desk/fault-off/")
    assert portal.faults.active() == []
    browser.post("/desk/events/", data={"drop": "30", "duplicate": "10", "delay": "5", "reorder": "2", "only": "*"})
    assert (portal.outbox.faults.drop, portal.outbox.faults.delay) == (0.3, 5.0)
    browser.post("/desk/limits/", data={"requests": "Y", "capacity": "250", "leak": "5"})
    assert (portal.limits.requests, portal.limits.operating, portal.limits.capacity) == (True, False, 250.0)


def test_webhooks_and_the_address_at_the_desk(browser: TestClient, portal: Portal) -> None:
    browser.post("/desk/incoming/", data={"id": "1", "revoked": "Y"})
    assert answer(portal, "/rest/1/sandbox/profile").status == 401
    browser.post("/desk/incoming/", data={"id": "1", "revoked": "N"})
    browser.post("/desk/incoming/", data={"id": "1", "scopes_shown": "1", "scope": ["crm", "im"]})
    assert portal.incoming.rows()[0]["scopes"] == ["crm", "im"]
    page = browser.post("/desk/outgoing/", data={"url": "http://robots.example/all?token=x1", "token": "t0k3n"}).text
    assert "http://robots.example/all" in page
    assert "t0k3n" not in page
    assert "x1" not in page
    browser.post("/desk/outgoing-off/", data={"id": "1"})
    assert len(portal.tables.outgoing) == 0
    browser.post("/desk/rename/", data={"domain": "new.example"})
    assert answer(portal, "/rest/1/sandbox/profile", host="portal.bitrix24.test").status == 302


def test_people_and_stages_at_the_desk(browser: TestClient, portal: Portal, office: Company) -> None:
    user = str(office.users["Лебедев"])
    assert "в отпуске до" in browser.post("/desk/person/", data={"user": user, "what": "away"}).text
    assert "в отпуске до" not in browser.post("/desk/person/", data={"user": user, "what": "here"}).text
    assert "уволен" in browser.post("/desk/person/", data={"user": user, "what": "dismiss"}).text
    page = browser.post("/desk/demand/", data={"stage": "lead/OFFER", "field_lead": "opportunity"}).text
    assert "КП отправлено → Сумма" in page
    assert portal.items.requirements.of(1, "OFFER") == ["opportunity"]
    browser.post("/desk/demand-off/")
    assert portal.items.requirements.of(1, "OFFER") == []


def test_nothing_is_changed_by_looking(browser: TestClient, portal: Portal, office: Company) -> None:
    lead = new_lead(portal, office)
    for deed in ("move", "comment", "call", "todo", "convert", "delete"):
        assert browser.get(f"/crm/lead/details/{lead}/{deed}/").status_code in (404, 405)
    assert browser.get("/desk/clock/").status_code in (404, 405)
    assert lead_row(portal, lead)["stageId"] == "NEW"


def test_a_way_back_never_leads_out_of_the_portal(browser: TestClient) -> None:
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example/"):
        answer = browser.post("/language/", data={"language": "ru", "back": back}, follow_redirects=False)
        assert answer.headers["location"] == "/"
