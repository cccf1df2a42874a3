"""userfieldconfig.*: the same user fields in camel case; needs its own scope beside `crm`.

https://apidocs.bitrix24.com/api-reference/crm/universal/userfieldconfig/
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.fields import upper_snake
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.types import TYPES, ItemType
from sandbox.portal.user_fields import KINDS, LABELS
from sandbox.portal.values import as_list
from sandbox.rest.call import Call, method
from sandbox.rest.rows import columns, page_of

SCOPE = "userfieldconfig"
_BY_ENTITY = {kind.user_fields: kind for kind in TYPES}
_NAMES = [
    "fieldName",
    "userTypeId",
    "xmlId",
    "sort",
    "multiple",
    "mandatory",
    "showFilter",
    "showInList",
    "editInList",
    "isSearchable",
]
_COLUMNS = columns(
    "id:integer entityId sort:integer xmlId fieldName userTypeId multiple mandatory showFilter showInList editInList",
    **{name: upper_snake(name) for name in _NAMES},
)


def _camel(name: str) -> str:
    head, *tail = name.lower().split("_")
    return head + "".join(part.capitalize() for part in tail)


def _check(call: Call, *, change: bool) -> None:
    if "crm" not in call.caller.scopes:
        raise Refusal("", "The current method required more scopes. (crm)")
    if call.get("moduleId") != "crm":
        raise Refusal("", "No settings for UserFieldAccess")
    if change and not call.portal.people.is_admin(call.user_id):
        raise Refusal("", "Access denied")


def _row(call: Call, words: str) -> Row:
    row = call.portal.user_fields.get(call.number("id"))
    if row is None:
        raise Refusal("", words)
    return row


def _show(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": str(row["id"]), "entityId": row["entityId"]}
    shown |= {name: row[upper_snake(name)] for name in _NAMES}
    shown["sort"] = str(row["SORT"])
    shown["settings"] = row["SETTINGS"] or []
    return shown


def _show_whole(row: Row) -> dict[str, Any]:
    shown = _show(row)
    languages = sorted({language for label in LABELS for language in row.get(label) or {}} | {"ru", "en"})
    shown["languageId"] = {language: language for language in languages}
    for label in LABELS:
        shown[_camel(label)] = {language: (row.get(label) or {}).get(language) for language in languages}
    if row["USER_TYPE_ID"] == "enumeration":
        shown["enum"] = [_show_item(row, item) for item in row["LIST"]]
    return {"field": shown}


def _show_item(row: Row, item: Row) -> dict[str, str]:
    shown = {"id": str(item["id"]), "userFieldId": str(row["id"]), "value": item["value"], "def": item["def"]}
    return {**shown, "sort": str(item["sort"]), "xmlId": item["xmlId"]}


def _classic(given: dict[str, Any]) -> dict[str, Any]:
    """The given settings in the classic spelling."""
    classic = {upper_snake(name): value for name, value in given.items() if name != "enum"}
    if "enum" in given:
        classic["LIST"] = [{upper_snake(key): value for key, value in one.items()} for one in as_list(given["enum"])]
    return classic


@method("userfieldconfig.list", SCOPE)
def fields(call: Call) -> Page:
    """Settings of user fields of all types."""
    _check(call, change=False)
    order = call.mapping("order") or {"sort": "ASC", "id": "ASC"}
    page = page_of(call, call.portal.tables.user_fields, _COLUMNS, call.mapping("filter"), order=order)
    return Page({"fields": [_show(row) for row in page.result]}, page.total, page.next)


@method("userfieldconfig.get", SCOPE)
def get(call: Call) -> Any:
    """One field with labels and dropdown items."""
    _check(call, change=False)
    return _show_whole(_row(call, "You do not have permission to view user field settings"))


@method("userfieldconfig.add", SCOPE)
def add(call: Call) -> Any:
    """Makes a field; its name must carry the prefix of its object."""
    _check(call, change=True)
    given = call.mapping("field", required=True)
    kind: ItemType | None = _BY_ENTITY.get(str(given.get("entityId")))
    if kind is None or not str(given.get("fieldName", "UF_CRM_")).startswith("UF_CRM_"):
        raise Refusal("", "You cannot create custom fields")
    return _show_whole(call.portal.user_fields.add(kind, _classic(given)))


@method("userfieldconfig.update", SCOPE)
def update(call: Call) -> Any:
    """Changes a field; dropdown items only with `userTypeId: enumeration`."""
    _check(call, change=True)
    row = _row(call, "You cannot change the settings of the user field")
    given = call.mapping("field")
    classic = _classic(given)
    if given.get("userTypeId") != "enumeration":
        classic.pop("LIST", None)
    call.portal.user_fields.update(row, classic)
    return _show_whole(call.portal.tables.user_fields.rows[row["id"]])


@method("userfieldconfig.delete", SCOPE)
def delete(call: Call) -> None:
    """Deletes a field."""
    _check(call, change=True)
    call.portal.user_fields.remove(_row(call, "You cannot change the settings of the user field"))


@method("userfieldconfig.getTypes", SCOPE)
def types(call: Call) -> Any:
    """Types of user fields that can be made."""
    _check(call, change=False)
    return {"types": {kind: {"userTypeId": kind, "description": kind} for kind in sorted(KINDS)}}
