"""Section 8: timeline, to-dos, calls, tasks (docs/bitrix24.md, "Timeline, to-dos and calls")."""

import pytest

from sandbox.portal.activities import INCOMING, CallMade
from sandbox.portal.core import Portal
from sandbox.portal.errors import Refusal
from sandbox.seed import Company
from tests.support.sandbox import rest

pytestmark = pytest.mark.usefixtures("office")

TOMORROW = "2026-01-13T15:00:00+03:00"


@pytest.fixture
def lead(portal: Portal) -> int:
    return portal.as_user(5).create("lead", title="Нитки")


def todo(portal: Portal, lead: int, **params: object) -> int:
    params = {"ownerTypeId": 1, "ownerId": lead, "deadline": TOMORROW, "title": "Позвонить", **params}
    made: int = rest(portal, "crm.activity.todo.add", **params)["id"]
    return made


def code_of(portal: Portal, method: str, **params: object) -> object:
    with pytest.raises(Refusal) as refused:
        rest(portal, method, **params)
    return refused.value.code


def test_comments_take_lower_case_fields_only(portal: Portal, lead: int) -> None:
    fields = {"ENTITY_ID": lead, "ENTITY_TYPE": "lead", "COMMENT": "[B]Не заполнено[/B]"}
    assert code_of(portal, "crm.timeline.comment.add", FIELDS=fields) == "100"
    comment = rest(portal, "crm.timeline.comment.add", fields=fields)
    listed = rest(portal, "crm.timeline.comment.list", filter={"ENTITY_ID": lead, "ENTITY_TYPE": "lead"})
    assert listed == [
        {
            "ID": str(comment),
            "ENTITY_ID": str(lead),
            "ENTITY_TYPE": "lead",
            "CREATED": "2026-01-12T09:00:00+03:00",
            "COMMENT": "[B]Не заполнено[/B]",
            "AUTHOR_ID": "1",
            "FILES": {},
        }
    ]


def test_comments_need_an_owner_and_a_text(portal: Portal, lead: int) -> None:
    add = "crm.timeline.comment.add"
    assert code_of(portal, add, fields={"ENTITY_ID": 404, "ENTITY_TYPE": "lead", "COMMENT": "x"}) == "OWNER_NOT_FOUND"
    empty = {"ENTITY_ID": lead, "ENTITY_TYPE": "lead", "COMMENT": ""}
    assert code_of(portal, add, fields=empty) == "INVALID_ARG_VALUE"


def test_one_comment_on_two_cards(portal: Portal, lead: int) -> None:
    contact = portal.as_user(5).create("contact", name="Анна")
    comment = portal.as_user(5).comment("lead", lead, "Да")
    bound = {"OWNER_ID": comment, "ENTITY_ID": contact, "ENTITY_TYPE": "contact"}
    assert rest(portal, "crm.timeline.bindings.bind", fields=bound) is True
    listed = rest(portal, "crm.timeline.comment.list", filter={"ENTITY_ID": contact, "ENTITY_TYPE": "contact"})
    assert [one["ID"] for one in listed] == [str(comment)]
    assert len(rest(portal, "crm.timeline.bindings.list", filter={"OWNER_ID": comment})) == 2


def test_a_todo_belongs_to_the_responsible(portal: Portal, lead: int) -> None:
    made = todo(portal, lead)
    row = rest(portal, "crm.activity.get", id=made)
    assert (row["PROVIDER_ID"], row["TYPE_ID"], row["OWNER_ID"]) == ("CRM_TODO", "6", str(lead))
    assert (row["RESPONSIBLE_ID"], row["DEADLINE"], row["COMPLETED"]) == ("5", TOMORROW, "N")
    open_todos = {"PROVIDER_ID": "CRM_TODO", "OWNER_TYPE_ID": 1, "OWNER_ID": lead, "COMPLETED": "N"}
    assert [one["ID"] for one in rest(portal, "crm.activity.list", filter=open_todos)] == [str(made)]


def test_a_completed_todo_is_immutable(portal: Portal, lead: int) -> None:
    made = todo(portal, lead)
    moved = {"id": made, "ownerTypeId": 1, "ownerId": lead, "value": "2026-01-14T15:00:00+03:00"}
    assert rest(portal, "crm.activity.todo.updateDeadline", **moved) == {"id": made}
    assert rest(portal, "crm.activity.update", id=made, fields={"COMPLETED": "Y"}) is True
    assert rest(portal, "crm.activity.get", id=made)["STATUS"] == "2"
    assert code_of(portal, "crm.activity.todo.updateDeadline", **moved) == "CAN_NOT_UPDATE_COMPLETED_TODO"
    assert rest(portal, "crm.activity.delete", id=made) is True
    with pytest.raises(Refusal, match="Activity is not found"):
        rest(portal, "crm.activity.get", id=made)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"deadline": ""}, "100"),
        ({"deadline": "завтра"}, "WRONG_DATETIME_FORMAT"),
        ({"ownerId": 404}, "OWNER_NOT_FOUND"),
    ],
)
def test_what_a_todo_needs(portal: Portal, lead: int, params: dict, code: str) -> None:
    given = {"ownerTypeId": 1, "ownerId": lead, "deadline": TOMORROW, **params}
    assert code_of(portal, "crm.activity.todo.add", **given) == code


def test_an_update_of_a_todo_needs_its_deadline_again(portal: Portal, lead: int) -> None:
    made = todo(portal, lead)
    assert code_of(portal, "crm.activity.todo.update", id=made, ownerTypeId=1, ownerId=lead, title="Иное") == "100"


def test_a_call_is_found_by_its_bindings(portal: Portal) -> None:
    contact = portal.as_user(5).create("contact", name="Анна")
    deal = portal.as_user(5).create("deal", contactIds=[contact])
    call = portal.as_user(5).call("deal", deal, CallMade(seconds=95))
    bound = {"BINDINGS": [{"OWNER_TYPE_ID": 3, "OWNER_ID": contact}], "TYPE_ID": 2, "DIRECTION": 2}
    rows = rest(portal, "crm.activity.list", filter=bound, order={"START_TIME": "DESC"}, select=["ID", "ORIGIN_ID"])
    statistics = rest(portal, "voximplant.statistic.get", FILTER={"CRM_ACTIVITY_ID": call["id"]})
    assert rows == [{"ID": str(call["id"]), "ORIGIN_ID": f"VI_{statistics[0]['CALL_ID']}"}]
    assert (statistics[0]["CALL_DURATION"], statistics[0]["CALL_FAILED_CODE"]) == ("95", "200")
    assert rest(portal, "crm.activity.binding.list", activityId=call["id"]) == [
        {"entityTypeId": 2, "entityId": deal},
        {"entityTypeId": 3, "entityId": contact},
    ]
    as_owner = {"OWNER_TYPE_ID": 3, "OWNER_ID": contact}
    assert rest(portal, "crm.activity.list", filter=as_owner) == []


def test_two_bindings_repeat_an_activity(portal: Portal) -> None:
    contact = portal.as_user(5).create("contact", name="Анна")
    deal = portal.as_user(5).create("deal", contactIds=[contact])
    portal.as_user(5).call("deal", deal)
    pairs = [{"OWNER_TYPE_ID": 3, "OWNER_ID": contact}, {"OWNER_TYPE_ID": 2, "OWNER_ID": deal}]
    assert len(rest(portal, "crm.activity.list", filter={"BINDINGS": pairs})) == 2


def test_a_missed_call_has_no_length(portal: Portal) -> None:
    contact = portal.as_user(5).create("contact", name="Анна")
    call = portal.as_user(5).call("contact", contact, CallMade(INCOMING, seconds=20, code="304"))
    assert portal.activities.calls(call["id"])[0]["CALL_DURATION"] == 0
    assert call["COMPLETED"] == "N"


def test_a_call_of_another_exchange_is_an_activity_only(portal: Portal) -> None:
    contact = portal.as_user(5).create("contact", name="Анна")
    phone = {"VALUE": "+7999", "ENTITY_ID": contact, "ENTITY_TYPE_ID": 3}
    fields = {"OWNER_TYPE_ID": 3, "OWNER_ID": contact, "TYPE_ID": 2, "SUBJECT": "Звонок", "RESPONSIBLE_ID": 5}
    fields |= {"DIRECTION": 2, "COMPLETED": "Y", "COMMUNICATIONS": [phone]}
    call = rest(portal, "crm.activity.add", fields=fields)
    assert rest(portal, "crm.activity.get", id=call)["DIRECTION"] == "2"
    assert portal.activities.calls(call) == []
    del fields["SUBJECT"]
    assert code_of(portal, "crm.activity.add", fields=fields) == "The field SUBJECT is not defined or empty."


def test_tasks_are_tied_to_items(portal: Portal, lead: int) -> None:
    fields = {
        "TITLE": "Выезд",
        "RESPONSIBLE_ID": 6,
        "UF_CRM_TASK": [f"L_{lead}"],
        "AUDITORS": [5],
        "DEADLINE": TOMORROW,
    }
    task = rest(portal, "tasks.task.add", fields=fields)["task"]
    assert (task["id"], task["responsibleId"], task["status"], task["auditors"]) == ("1", "6", "2", ["5"])
    assert "ufCrmTask" not in task
    select = ["ID", "TITLE", "STATUS", "UF_CRM_TASK"]
    by_lead = {"UF_CRM_TASK": f"L_{lead}", "<REAL_STATUS": 5}
    found = rest(portal, "tasks.task.list", filter=by_lead, select=select)["tasks"]
    assert [(one["id"], one["title"], one["ufCrmTask"]) for one in found] == [("1", "Выезд", [f"L_{lead}"])]
    rest(portal, "tasks.task.complete", taskId=1)
    assert rest(portal, "tasks.task.list", filter=by_lead, select=select)["tasks"] == []
    assert rest(portal, "tasks.task.get", taskId=1)["task"]["status"] == "5"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("", "100"),
        ({}, "ERROR_CORE"),
        ({"TITLE": "Выезд"}, "ERROR_CORE"),
        ({"TITLE": "", "RESPONSIBLE_ID": 5}, "ERROR_CORE"),
    ],
)
def test_what_a_task_needs(portal: Portal, fields: object, code: str) -> None:
    assert code_of(portal, "tasks.task.add", fields=fields) == code


def test_people_finish_what_they_were_asked(portal: Portal, office: Company, lead: int) -> None:
    made = todo(portal, lead)
    task = int(rest(portal, "tasks.task.add", fields={"TITLE": "Выезд", "RESPONSIBLE_ID": 5})["task"]["id"])
    portal.as_user(5).complete_activity(made)
    portal.as_user(5).complete_task(task)
    assert portal.activities.todos(1, lead)[0]["COMPLETED"] == "Y"
    assert portal.tables.tasks.rows[task]["CLOSED_BY"] == 5


def test_a_task_of_a_lead_is_an_activity_too(portal: Portal, lead: int) -> None:
    portal.subscribe("http://robots.test/", ["ONCRMACTIVITYADD", "ONCRMACTIVITYUPDATE"], "token")
    fields = {"TITLE": "Выезд", "RESPONSIBLE_ID": 6, "UF_CRM_TASK": [f"L_{lead}"], "DEADLINE": TOMORROW}
    task = rest(portal, "tasks.task.add", fields=fields)["task"]["id"]
    mirror = rest(portal, "crm.activity.list", filter={"OWNER_TYPE_ID": 1, "OWNER_ID": lead})[0]
    assert (mirror["TYPE_ID"], mirror["ASSOCIATED_ENTITY_ID"], mirror["DEADLINE"]) == ("3", task, TOMORROW)
    rest(portal, "tasks.task.complete", taskId=task)
    assert rest(portal, "crm.activity.get", id=mirror["ID"])["COMPLETED"] == "Y"
    portal.deliver()
    assert [one.event for one in portal.sent] == ["ONCRMACTIVITYADD", "ONCRMACTIVITYUPDATE"]


def test_activities_since_a_moment(portal: Portal, lead: int) -> None:
    todo(portal, lead, deadline="2026-01-13T15:00:00+03:00")
    later = todo(portal, lead, deadline="2026-01-14T00:30:00+03:00")
    rows = rest(portal, "crm.activity.list", filter={">=START_TIME": "2026-01-13T21:00:00Z"})
    assert [row["ID"] for row in rows] == [str(later)]


def test_a_trigger_moves_the_item_on(portal: Portal, lead: int) -> None:
    portal.add_trigger(1, "c5u4m", "OFFER")
    assert rest(portal, "crm.automation.trigger", target=f"LEAD_{lead}", code="c5u4m") is True
    assert rest(portal, "crm.item.get", entityTypeId=1, id=lead)["item"]["stageId"] == "OFFER"
    with pytest.raises(Refusal, match="Incorrect target format"):
        rest(portal, "crm.automation.trigger", target="17", code="c5u4m")
