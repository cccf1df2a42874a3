"""Section 8: duplicates, hidden rows, notifications, absences, departments (docs/bitrix24.md, "People")."""

from datetime import timedelta

import pytest

from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.rest.endpoint import answer
from sandbox.seed import Company
from tests.support.sandbox import MONDAY, body_of, rest

pytestmark = pytest.mark.usefixtures("office")


def card(portal: Portal, kind: str, phone: str) -> int:
    fm = [{"typeId": "PHONE", "valueType": "WORK", "value": phone}]
    name = {"title": "Фабрика"} if kind in ("lead", "company") else {"name": "Анна"}
    return portal.as_user(1).create(kind, fm=fm, **name)


def find(portal: Portal, *values: str, **params: str) -> object:
    return rest(portal, "crm.duplicate.findbycomm", type="PHONE", values=list(values), **params)


def test_section_8_duplicates_by_type_or_an_empty_list(portal: Portal) -> None:
    lead, contact = card(portal, "lead", "+79161234567"), card(portal, "contact", "+79161234567")
    assert find(portal, "+79161234567") == {"LEAD": [lead], "CONTACT": [contact]}
    assert find(portal, "+79161234567", entity_type="CONTACT") == {"CONTACT": [contact]}
    assert find(portal, "+70000000000") == []


def test_section_8_a_number_is_compared_as_a_whole(portal: Portal) -> None:
    contact = card(portal, "contact", "8 (916) 123-45-67")
    assert find(portal, "+79161234567") == []
    assert find(portal, "+79161234567", "8 (916) 123-45-67") == {"CONTACT": [contact]}


def test_section_8_only_the_extension_is_left_out(portal: Portal) -> None:
    contact = card(portal, "contact", "+79161234567;12")
    assert find(portal, "+79161234567") == {"CONTACT": [contact]}


def test_section_8_twenty_hits_cut_off_the_following_types(portal: Portal) -> None:
    for _ in range(20):
        card(portal, "lead", "+7999")
    contact = card(portal, "contact", "+7999")
    found = find(portal, "+7999")
    assert isinstance(found, dict)
    assert (len(found["LEAD"]), "CONTACT" in found) == (20, False)
    assert find(portal, "+7999", entity_type="CONTACT") == {"CONTACT": [contact]}


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"type": "FAX", "values": ["1"]}, "Communication type is not defined"),
        ({"type": "PHONE", "values": "+7999"}, "Communication values is not defined"),
    ],
)
def test_duplicates_complain_in_sentences(portal: Portal, params: dict, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        rest(portal, "crm.duplicate.findbycomm", **params)
    assert refused.value.code == sentence


def test_section_8_rows_are_hidden_by_permissions(portal: Portal, office: Company) -> None:
    petrov, smirnov = office.users["Петров"], office.users["Смирнов"]
    portal.people.change(petrov, access="open")
    portal.incoming.add(petrov, "petrov")
    own = portal.as_user(petrov).create("lead", title="Мой", opened="N")
    shared = portal.as_user(smirnov).create("lead", title="Общий")
    foreign = portal.as_user(smirnov).create("lead", title="Чужой", opened="N")
    path = f"/rest/{petrov}/petrov/"
    listed = answer(portal, f"{path}crm.item.list", {"entityTypeId": 1, "select": ["id"]}).body
    assert [item["id"] for item in listed["result"]["items"]] == [own, shared]
    assert listed["total"] == 2
    refused = answer(portal, f"{path}crm.item.get", {"entityTypeId": 1, "id": foreign})
    assert (refused.status, refused.body["error"]) == (400, "ACCESS_DENIED")
    assert answer(portal, f"{path}crm.lead.get", {"id": foreign}).body["error_description"] == "Access denied."


def test_only_administrators_change_user_fields(portal: Portal, office: Company) -> None:
    petrov = office.users["Петров"]
    portal.incoming.add(petrov, "petrov")
    fields = {"fields": {"FIELD_NAME": "X", "USER_TYPE_ID": "string"}}
    reply = answer(portal, f"/rest/{petrov}/petrov/crm.lead.userfield.add", fields)
    assert (reply.status, reply.body["error_description"]) == (403, "Access denied.")


def test_section_8_notifications_may_not_be_made(portal: Portal, office: Company) -> None:
    petrov = office.users["Петров"]
    notification = rest(portal, "im.notify.system.add", USER_ID=petrov, MESSAGE="[B]Клиент[/B] ждёт")
    assert [(one["id"], one["text"]) for one in portal.as_user(petrov).notifications()] == [
        (notification, "[B]Клиент[/B] ждёт")
    ]
    portal.news.muted.add(petrov)
    assert rest(portal, "im.notify.system.add", USER_ID=petrov, MESSAGE="Ещё") is False
    assert rest(portal, "im.notify.personal.add", USER_ID=999, MESSAGE="Кому?") is False


def test_a_tag_counts_with_a_client_id_only(portal: Portal) -> None:
    for _ in range(2):
        rest(portal, "im.notify.system.add", USER_ID=5, MESSAGE="Раз", TAG="t")
        rest(portal, "im.notify.system.add", USER_ID=6, MESSAGE="Раз", TAG="t", CLIENT_ID="robots")
    assert [len(portal.as_user(user).notifications()) for user in (5, 6)] == [2, 1]


def test_section_8_integrators_are_not_listed(portal: Portal, office: Company) -> None:
    bot = portal.people.add_user("Бот", "", "bot@example.ru", [1], hidden=True)
    listed = [user["ID"] for user in rest(portal, "user.get", start=-1)]
    assert str(bot) not in listed
    assert len(listed) == len(office.users)
    lead = rest(portal, "crm.item.add", entityTypeId=1, fields={"assignedById": bot})["item"]
    assert lead["assignedById"] == bot


def test_section_8_departments_page_by_start_in_lower_case_only(portal: Portal) -> None:
    for number in range(60):
        portal.people.add_department(f"Отдел {number}")
    first = body_of(portal, "department.get", sort="ID")
    assert (len(first["result"]), first["next"]) == (50, 50)
    assert body_of(portal, "department.get", sort="ID", START=50)["result"] == first["result"]
    assert body_of(portal, "department.get", sort="ID", start=50)["result"][0]["ID"] == "51"


def test_section_8_controllers_take_names_as_their_pages_write_them(portal: Portal) -> None:
    assert rest(portal, "crm.lead.list", FILTER={"ID": 404}) == []
    with pytest.raises(Refusal, match="entityTypeId"):
        rest(portal, "crm.item.list", ENTITYTYPEID=1)
    with pytest.raises(Refusal, match="USER_ID_EMPTY"):
        rest(portal, "im.notify.system.add", user_id=5, MESSAGE="Раз")


def test_section_8_departments_may_hide_their_heads(portal: Portal, office: Company) -> None:
    wholesale = office.departments["Оптовые продажи"]
    seen = {row["ID"]: row for row in rest(portal, "department.get")}
    assert seen[str(wholesale)]["UF_HEAD"] == str(office.users["Петров"])
    assert "PARENT" not in seen["1"]
    portal.shows_heads = False
    assert not any("UF_HEAD" in row for row in rest(portal, "department.get"))
    assert rest(portal, "im.department.managers.get", ID=[wholesale]) == {str(wholesale): [office.users["Петров"]]}


def test_users_by_department_do_not_include_those_below(portal: Portal, office: Company) -> None:
    service = {"UF_DEPARTMENT": office.departments["Сервис"], "ACTIVE": True, "USER_TYPE": "employee"}
    found = rest(portal, "user.get", FILTER=service, select=["ID", "ACTIVE", "UF_DEPARTMENT"])
    belova = office.users["Белова"]
    assert found == [{"ID": str(belova), "ACTIVE": True, "UF_DEPARTMENT": [office.departments["Сервис"]]}]


def test_dismissed_people_can_be_left_out(portal: Portal, office: Company) -> None:
    portal.people.change(office.users["Петров"], ACTIVE=False)
    active = rest(portal, "user.get", FILTER={"ACTIVE": True}, start=-1)
    assert str(office.users["Петров"]) not in [user["ID"] for user in active]
    gone = rest(portal, "user.get", FILTER={"ACTIVE": "N"}, start=-1)
    assert [user["LAST_NAME"] for user in gone] == ["Петров"]


def test_contact_data_need_more_than_the_brief_scope(portal: Portal) -> None:
    portal.incoming.set_scopes(1, ["user_brief"])
    assert "EMAIL" not in rest(portal, "user.current")
    portal.incoming.set_scopes(1, ["user_basic"])
    assert rest(portal, "user.current")["EMAIL"] == "robot@example.ru"


def test_section_8_absences_of_the_calendar_and_of_the_absence_chart(portal: Portal, office: Company) -> None:
    petrov = office.users["Петров"]
    until = MONDAY + timedelta(days=2)
    portal.people.absent(petrov, MONDAY - timedelta(days=1), until)
    portal.people.on_leave(6, MONDAY, MONDAY, "Больничный", kind="LEAVESICK")
    params = {"users": [petrov, 6], "from": "2026-01-12", "to": "2026-01-12"}
    entries = rest(portal, "calendar.accessibility.get", **params)
    assert [one["ACCESSIBILITY"] for one in entries[str(petrov)]] == ["absent"]
    assert entries[str(petrov)][0]["DATE_TO"] == "14.01.2026 09:00:00"
    midnight = int(MONDAY.replace(hour=0).timestamp())
    (sick,) = entries["6"]
    assert (sick["FROM_HR"], sick["DT_FROM"], sick["DT_TO"]) == (True, "12.01.2026", "12.01.2026")
    assert (sick["FROM"], sick["TO"], sick["ACCESSIBILITY"]) == (midnight, midnight, "absent")
    assert not sick.keys() & {"DATE_FROM", "DATE_TO", "DATE_FROM_TS_UTC", "DATE_TO_TS_UTC"}


def test_the_messenger_knows_vacations_only(portal: Portal) -> None:
    portal.people.absent(5, MONDAY, MONDAY + timedelta(days=2))
    portal.people.on_leave(6, MONDAY, MONDAY, kind="LEAVESICK")
    portal.people.on_leave(7, MONDAY, MONDAY + timedelta(days=1))
    shown = rest(portal, "im.user.list.get", ID=[5, 6, 7], RESULT_TYPE="array")
    assert [one["absent"] for one in shown] == [False, False, "2026-01-14T00:00:00+03:00"]
    portal.clock.advance(timedelta(days=3))
    assert rest(portal, "im.user.get", ID=7)["absent"] is False


def test_the_feed_of_a_department_reaches_those_below(portal: Portal, office: Company) -> None:
    sales = office.departments["Отдел продаж"]
    rest(portal, "log.blogpost.add", POST_TITLE="Сводка", POST_MESSAGE="3 клиента", DEST=[f"DR{sales}"])
    rest(portal, "log.blogpost.add", POST_MESSAGE="Всем")
    titles = [[post["text"] for post in portal.as_user(office.users[name]).feed()] for name in ("Петров", "Белова")]
    assert titles == [["Всем", "3 клиента"], ["Всем"]]
    body = body_of(portal, "log.blogpost.get")
    assert [post["DETAIL_TEXT"] for post in body["result"]] == ["Всем", "3 клиента"]


def test_an_empty_post_is_refused(portal: Portal) -> None:
    with pytest.raises(Refusal, match="SONET_CONTROLLER_LIVEFEED_BLOGPOST_ADD_ERROR"):
        rest(portal, "log.blogpost.add", POST_MESSAGE=" ")
