"""crm.timeline.logmessage.*, icons, and pinning.

https://apidocs.bitrix24.com/api-reference/crm/timeline/logmessage/
"""

from typing import Any

from sandbox.portal.errors import Refusal, access_denied, missing
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.types import BY_ID
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, page_of

PAGE = 10
MAX_PINNED = 3
ICONS = [
    "info",
    "attention",
    "call-completed",
    "call-incoming",
    "call-outcoming",
    "check",
    "clock",
    "comment",
    "document",
    "mail",
    "notification",
    "robot",
    "search",
    "stage-change",
    "task",
    "task-activity",
    "view",
]
_COLUMNS = columns("id:integer created:datetime")


def owner_of(call: Call, given: dict[str, Any], type_key: str, id_key: str) -> tuple[int, int]:
    """The item named by two numbers."""
    for key in (type_key, id_key):
        if not given.get(key):
            raise missing(key)
    type_id, item_id = int(given[type_key]), int(given[id_key])
    row = call.portal.items.get(type_id, item_id) if type_id in BY_ID else None
    if row is None:
        raise Refusal("OWNER_NOT_FOUND", "Owner was not found")
    if not call.portal.people.may_see(call.user_id, row):
        raise access_denied()
    return type_id, item_id


def show(row: Row) -> dict[str, Any]:
    """A log message."""
    return {
        "id": row["id"],
        "created": row["created"],
        "authorId": row["by"],
        "title": row["title"],
        "text": row["text"],
        "iconCode": row["icon"],
    }


@method("crm.timeline.logmessage.add")
def add(call: Call) -> Any:
    """Adds a log message; only an application can remove it."""
    fields = call.mapping("fields", required=True)
    for name in ("title", "text", "iconCode"):
        if not fields.get(name):
            raise missing(name)
    owner = owner_of(call, fields, "entityTypeId", "entityId")
    row = call.portal.timeline.log(*owner, fields["title"], fields["text"], fields["iconCode"], call.user_id)
    return {"logMessage": show(row)}


@method("crm.timeline.logmessage.list")
def messages(call: Call) -> Page:
    """Log messages of one item, newest first, ten a page."""
    owner = owner_of(call, {k: call.get(k) for k in ("entityTypeId", "entityId")}, "entityTypeId", "entityId")
    table = call.portal.tables.log_messages
    order = call.mapping("order") or {"id": "DESC"}
    page = page_of(call, table, _COLUMNS, {"@id": sorted(table.find("owner", owner))}, order=order, size=PAGE)
    return Page([show(row) for row in page.result], page.total, page.next)


@method("crm.timeline.icon.list")
def icons(_: Call) -> Any:
    """Icons of log messages."""
    return {"icons": [{"code": code, "isSystem": True, "fileUri": f"/icons/{code}.svg"} for code in ICONS]}


@method("crm.timeline.item.pin")
def pin(call: Call) -> None:
    """Pins a timeline record; three at most."""
    owner_of(call, {k: call.get(k) for k in ("ownerTypeId", "ownerId")}, "ownerTypeId", "ownerId")
    _set_pinned(call, pinned=True)


@method("crm.timeline.item.unpin")
def unpin(call: Call) -> None:
    """Unpins a timeline record."""
    _set_pinned(call, pinned=False)


def _set_pinned(call: Call, *, pinned: bool) -> None:
    comments = call.portal.tables.comments
    row = comments.get(call.number("id"))
    if row is None:
        raise Refusal("NOT_FOUND", "Not found")
    others = call.portal.timeline.comments(row["ownerTypeId"], row["ownerId"])
    if pinned and sum(bool(other.get("pinned")) for other in others) >= MAX_PINNED:
        raise Refusal("", "Maximum number of pinned items exceeded")
    comments.put({**row, "pinned": pinned})
