"""crm.timeline.comment.* and the bindings of timeline records. Only the lower-case `fields` is understood here.

https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/
"""

from typing import Any

from sandbox.portal.errors import Refusal, access_denied, missing, not_found
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.types import BY_ID, BY_NAME
from sandbox.portal.values import BadValue, as_list, clean_integer
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, page_of

_COLUMNS = columns("ID:integer CREATED:datetime AUTHOR_ID:integer", CREATED="created", AUTHOR_ID="by")


def timeline_owner(call: Call, type_name: Any, item_id: Any) -> tuple[int, int]:
    """The item that a timeline record hangs on."""
    kind = BY_NAME.get(str(type_name))
    try:
        number = clean_integer(item_id)
    except BadValue:
        raise Refusal("100", "Invalid value {ENTITY_ID}.") from None
    row = call.portal.items.get(kind.id, number) if kind else None
    if kind is None or row is None:
        raise Refusal("OWNER_NOT_FOUND", "Owner was not found")
    if not call.portal.people.may_see(call.user_id, row):
        raise access_denied()
    return kind.id, number


def show(row: Row, owner: tuple[int, int] | None = None) -> dict[str, Any]:
    """A comment, as seen on the given item."""
    type_id, item_id = owner or (row["ownerTypeId"], row["ownerId"])
    return {
        "ID": str(row["id"]),
        "ENTITY_ID": str(item_id),
        "ENTITY_TYPE": BY_ID[type_id].name,
        "CREATED": row["created"],
        "COMMENT": row["text"],
        "AUTHOR_ID": str(row["by"]),
        "FILES": row["files"],
    }


def _fields(call: Call) -> dict[str, Any]:
    given = call.raw.get("fields")
    if not isinstance(given, dict):
        raise missing("fields")
    return given


def _files(given: Any) -> dict[str, Any]:
    files = [one for one in as_list(given) if isinstance(one, list) and one]
    return {str(i + 1): {"id": i + 1, "name": one[0]} for i, one in enumerate(files)}


def _comment(call: Call) -> Row:
    row = call.portal.timeline.get_comment(call.number("id"))
    if row is None:
        raise not_found()
    return row


@method("crm.timeline.comment.add")
def add(call: Call) -> int:
    """Adds a comment by the webhook's owner."""
    fields = _fields(call)
    type_id, item_id = timeline_owner(call, fields.get("ENTITY_TYPE"), fields.get("ENTITY_ID"))
    files = _files(fields.get("FILES"))
    row = call.portal.timeline.comment(type_id, item_id, str(fields.get("COMMENT") or ""), call.user_id, files)
    call.portal.items.touch(type_id, item_id, call.user_id)
    comment: int = row["id"]
    return comment


@method("crm.timeline.comment.list")
def comments(call: Call) -> Page:
    """Comments of one item; the filter takes nothing else."""
    given = call.mapping("filter")
    kind = BY_NAME.get(str(given.get("ENTITY_TYPE", given.get("=ENTITY_TYPE"))))
    item_id = str(given.get("ENTITY_ID", given.get("=ENTITY_ID")) or "")
    if kind is None or not item_id.isdigit():
        raise Refusal("", "ENTITY_ID and ENTITY_TYPE are required in filter")
    owner = (kind.id, int(item_id))
    ids = sorted(call.portal.tables.comments.find("bindings", owner))
    page = page_of(call, call.portal.tables.comments, _COLUMNS, {"@ID": ids})
    return Page([show(row, owner) for row in page.result], page.total, page.next)


@method("crm.timeline.comment.get")
def get(call: Call) -> Any:
    """One comment."""
    return show(_comment(call))


@method("crm.timeline.comment.update")
def update(call: Call) -> int:
    """Changes a comment."""
    row, fields = _comment(call), _fields(call)
    files = _files(fields["FILES"]) if "FILES" in fields else None
    call.portal.timeline.edit_comment(row, fields.get("COMMENT"), files)
    comment: int = row["id"]
    return comment


@method("crm.timeline.comment.delete")
def delete(call: Call) -> None:
    """Deletes a comment."""
    call.portal.timeline.remove_comment(_comment(call))


def _binding(call: Call) -> tuple[Row, tuple[int, int]]:
    fields = _fields(call)
    row = call.portal.timeline.get_comment(int(str(fields.get("OWNER_ID") or 0)))
    if row is None:
        raise Refusal("", "OWNER_ID is not defined or invalid.")
    if not fields.get("ENTITY_ID"):
        raise Refusal("", "ENTITY_ID is not defined or invalid.")
    if fields.get("ENTITY_TYPE") not in BY_NAME:
        raise Refusal("", "ENTITY_TYPE is not defined or invalid.")
    return row, timeline_owner(call, fields["ENTITY_TYPE"], fields["ENTITY_ID"])


@method("crm.timeline.bindings.bind")
def bind(call: Call) -> bool:
    """Shows a comment on one more item."""
    row, owner = _binding(call)
    call.portal.timeline.bind(row, *owner)
    return True


@method("crm.timeline.bindings.unbind")
def unbind(call: Call) -> bool:
    """Takes a comment off an item."""
    row, owner = _binding(call)
    call.portal.timeline.unbind(row, *owner)
    return True


@method("crm.timeline.bindings.list")
def bindings(call: Call) -> Page:
    """Items on which a comment is shown."""
    owner_id = str(call.mapping("filter").get("OWNER_ID") or "")
    row = call.portal.timeline.get_comment(int(owner_id)) if owner_id.isdigit() else None
    if row is None:
        raise Refusal("", "OWNER_ID is not defined or invalid.")
    found = [
        {"OWNER_ID": owner_id, "ENTITY_ID": str(item_id), "ENTITY_TYPE": BY_ID[type_id].name}
        for type_id, item_id in row["bindings"]
    ]
    return Page(found, len(found))
