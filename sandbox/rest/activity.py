"""crm.activity.*: calls, mails, meetings, and to-dos as activities.

https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/
"""

from typing import Any

from sandbox.portal.activities import PROVIDER, require
from sandbox.portal.errors import Refusal, not_found
from sandbox.portal.filters import Test, split_prefix
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.types import BY_ID
from sandbox.portal.values import as_list, clean, clean_integer
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_fields, classic_id
from sandbox.rest.rows import columns, only, page_of, stringed

_COLUMNS = columns(
    "ID:integer OWNER_TYPE_ID:integer OWNER_ID:integer TYPE_ID:integer PROVIDER_ID PROVIDER_TYPE_ID "
    "DIRECTION:integer "
    "COMPLETED STATUS:integer RESPONSIBLE_ID:integer AUTHOR_ID:integer EDITOR_ID:integer PRIORITY:integer "
    "CREATED:datetime LAST_UPDATED:datetime START_TIME:datetime END_TIME:datetime DEADLINE:datetime "
    "ORIGIN_ID ORIGINATOR_ID SUBJECT DESCRIPTION ASSOCIATED_ENTITY_ID:integer",
    OWNER_TYPE_ID="ownerTypeId",
    OWNER_ID="ownerId",
)
_WRITABLE = frozenset(_COLUMNS) - {"ID", "OWNER_TYPE_ID", "OWNER_ID", "CREATED", "LAST_UPDATED", "AUTHOR_ID"}
# Shown only when they are named.
_ASKED_FOR = frozenset({"COMMUNICATIONS"})


def show(row: Row) -> dict[str, Any]:
    """An activity in the classic spelling."""
    shown = stringed(row)
    return {**shown, "OWNER_ID": str(row["ownerId"]), "OWNER_TYPE_ID": str(row["ownerTypeId"])}


def _visible(call: Call) -> list[Test]:
    people, items, user_id = call.portal.people, call.portal.items, call.user_id
    if people.is_admin(user_id):
        return []

    def test(row: Row) -> bool:
        owner = items.get(row["ownerTypeId"], row["ownerId"])
        return owner is None or people.may_see(user_id, owner)

    return [test]


def _bound(call: Call, pairs: Any) -> list[int]:
    """Ids of activities bound to any of the pairs; one that fits two pairs comes twice, as in Bitrix24."""
    table = call.portal.tables.activities
    found: list[int] = []
    for pair in as_list(pairs):
        type_id, item_id = int(pair.get("OWNER_TYPE_ID") or 0), int(pair.get("OWNER_ID") or 0)
        if item_id:
            found += sorted(table.find("bindings", (type_id, item_id)))
        else:
            found += [row["id"] for row in table if any(t == type_id for t, _ in row["bindings"])]
    return found


@method("crm.activity.list")
def activities(call: Call) -> Page:
    """A page of activities; the oldest start first unless asked otherwise."""
    given = call.mapping("filter")
    bindings = given.get("BINDINGS")
    given = {name: value for name, value in given.items() if split_prefix(name)[1] != "BINDINGS"}
    table = call.portal.tables.activities
    repeats: list[int] = []
    if bindings is not None:
        repeats = _bound(call, bindings)
        given["@ID"] = sorted(set(repeats))
    elif str(given.get("OWNER_ID", "")).isdigit() and str(given.get("OWNER_TYPE_ID", "")).isdigit():
        given["@ID"] = sorted(table.find("owner", (int(given["OWNER_TYPE_ID"]), int(given["OWNER_ID"]))))
    order = call.mapping("order") or {"START_TIME": "ASC"}
    page = page_of(call, table, _COLUMNS, given, _visible(call), order)
    select = call.get("select")
    rows = [row for row in page.result for _ in range(max(repeats.count(row["id"]), 1))]
    return Page([_selected(row, select) for row in rows], page.total, page.next)


def _selected(row: Row, select: Any) -> dict[str, Any]:
    shown = show(row)
    asked = {str(one) for one in as_list(select)}
    kept = {name: value for name, value in shown.items() if name not in _ASKED_FOR or name in asked}
    return {**only(kept, select), **{name: shown[name] for name in _ASKED_FOR & asked if name in shown}}


@method("crm.activity.get")
def get(call: Call) -> Any:
    """One activity, without its bindings."""
    row = require(call.portal.activities.get(classic_id(call)))
    if not all(test(row) for test in _visible(call)):
        raise Refusal("", "Access denied.")
    return {name: value for name, value in show(row).items() if name not in _ASKED_FOR}


@method("crm.activity.binding.list")
def bindings(call: Call) -> Any:
    """Items that an activity is bound to."""
    row = call.portal.activities.get(call.number("activityId"))
    if row is None:
        raise not_found()
    return [{"entityTypeId": type_id, "entityId": item_id} for type_id, item_id in row["bindings"]]


def _values(call: Call, given: dict[str, Any]) -> Row:
    zone = call.portal.clock.zone
    return {name: clean(_COLUMNS[name], value, zone) for name, value in given.items() if name in _WRITABLE}


def _required(given: dict[str, Any], name: str) -> int:
    try:
        number = clean_integer(given.get(name))
    except ValueError:
        number = 0
    if number <= 0:
        raise Refusal(f"The field {name} is not defined or invalid.", "")
    return number


@method("crm.activity.add")
def add(call: Call) -> int:
    """Adds a call, a meeting or a mail; deprecated, and still the way to record a call from outside."""
    given = classic_fields(call)
    kind = _required(given, "TYPE_ID")
    if kind == PROVIDER and not given.get("PROVIDER_ID"):
        raise Refusal("The custom activity without provider is not supported in current context.", "")
    if kind == PROVIDER:
        raise Refusal("Application context required.", "")
    if not given.get("SUBJECT"):
        raise Refusal("The field SUBJECT is not defined or empty.", "")
    _required(given, "RESPONSIBLE_ID")
    communications = as_list(given.get("COMMUNICATIONS"))
    if not communications:
        raise Refusal("The field COMMUNICATIONS is not defined or invalid.", "")
    values = {name: value for name, value in _values(call, given).items() if name != "TYPE_ID"}
    values |= {"COMMUNICATIONS": communications, "PROVIDER_ID": "CRM_CALL" if kind == 2 else None}
    values = {name: value for name, value in values.items() if value is not None}
    if "START_TIME" in values:
        values.setdefault("DEADLINE", values["START_TIME"])
    activity: int = call.portal.activities.add(kind, _owners(call, given, communications), call.user_id, **values)["id"]
    return activity


def _owners(call: Call, given: dict[str, Any], communications: list[Any]) -> list[tuple[int, int]]:
    pairs = [(given.get("OWNER_TYPE_ID"), given.get("OWNER_ID"))]
    pairs += [(one.get("ENTITY_TYPE_ID"), one.get("ENTITY_ID")) for one in communications if isinstance(one, dict)]
    found = [(int(t), int(i)) for t, i in pairs if t and i]
    known = [pair for pair in dict.fromkeys(found) if pair[0] in BY_ID and call.portal.items.get(*pair)]
    if not known:
        text = "Could not build binding. Please ensure that owner info and communications are defined correctly."
        raise Refusal(text, "")
    return known


@method("crm.activity.update")
def update(call: Call) -> bool:
    """Changes an activity: the one documented way to complete a to-do."""
    row = require(call.portal.activities.get(classic_id(call)))
    call.portal.activities.change(row, call.user_id, **_values(call, classic_fields(call)))
    return True


@method("crm.activity.delete")
def delete(call: Call) -> bool:
    """Deletes an activity."""
    call.portal.activities.remove(require(call.portal.activities.get(classic_id(call))))
    return True
