"""crm.<type>.userfield.*: the one place that maps the text of a dropdown item, its ID and its XML_ID.

https://apidocs.bitrix24.com/api-reference/crm/leads/userfield/
"""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.pages import Page
from sandbox.portal.store import Row
from sandbox.portal.types import TYPES, ItemType
from sandbox.portal.user_fields import LABELS
from sandbox.rest.call import Call, method
from sandbox.rest.classic import classic_fields, classic_id
from sandbox.rest.rows import columns, page_of

_COLUMNS = columns(
    "ID:integer ENTITY_ID FIELD_NAME USER_TYPE_ID XML_ID SORT:integer MULTIPLE MANDATORY "
    "SHOW_FILTER SHOW_IN_LIST "
    "EDIT_IN_LIST IS_SEARCHABLE",
    ENTITY_ID="entityId",
)


def show(row: Row) -> dict[str, Any]:
    """A definition without labels."""
    shown = {
        "ID": str(row["id"]),
        "ENTITY_ID": row["entityId"],
        "FIELD_NAME": row["FIELD_NAME"],
        "USER_TYPE_ID": row["USER_TYPE_ID"],
        "XML_ID": row["XML_ID"],
        "SORT": str(row["SORT"]),
        **{name: row[name] for name in ("MULTIPLE", "MANDATORY", "SHOW_FILTER", "SHOW_IN_LIST", "EDIT_IN_LIST")},
        "IS_SEARCHABLE": row["IS_SEARCHABLE"],
        "SETTINGS": row["SETTINGS"] or [],
    }
    if row["USER_TYPE_ID"] == "enumeration":
        shown["LIST"] = [_show_item(item) for item in row["LIST"]]
    return shown


def _show_item(item: Row) -> dict[str, str]:
    return {
        "ID": str(item["id"]),
        "SORT": str(item["sort"]),
        "VALUE": item["value"],
        "DEF": item["def"],
        "XML_ID": item["xmlId"],
    }


def require_admin(call: Call) -> None:
    """Fields are changed by CRM administrators only."""
    if not call.portal.people.is_admin(call.user_id):
        raise Refusal("", "Access denied.", 403)


def _row(call: Call, kind: ItemType) -> Row:
    row = call.portal.user_fields.get(classic_id(call))
    if row is None:
        raise Refusal("ERROR_NOT_FOUND", "The entity with ID is not found")
    if row["entityId"] != kind.user_fields:
        raise Refusal("", "Access denied.", 403)
    return row


def _list(call: Call, kind: ItemType) -> Page:
    given = call.mapping("filter")
    language = given.get("LANG")
    order = call.mapping("order") or {"SORT": "ASC"}
    page = page_of(
        call, call.portal.tables.user_fields, _COLUMNS, {**given, "ENTITY_ID": kind.user_fields}, order=order
    )
    shown = []
    for row in page.result:
        labels = {name: (row.get(name) or {}).get(language) for name in LABELS} if language else {}
        shown.append({**show(row), **labels})
    return Page(shown, page.total, page.next)


def _register(kind: ItemType) -> None:
    prefix = f"crm.{kind.name}.userfield"

    @method(f"{prefix}.list")
    def rows(call: Call) -> Page:
        return _list(call, kind)

    @method(f"{prefix}.get")
    def get(call: Call) -> Any:
        row = _row(call, kind)
        return {**show(row), **{name: row.get(name) or {} for name in LABELS}}

    @method(f"{prefix}.add")
    def add(call: Call) -> int:
        require_admin(call)
        field_id: int = call.portal.user_fields.add(kind, classic_fields(call))["id"]
        return field_id

    @method(f"{prefix}.update")
    def update(call: Call) -> bool:
        require_admin(call)
        call.portal.user_fields.update(_row(call, kind), classic_fields(call))
        return True

    @method(f"{prefix}.delete")
    def delete(call: Call) -> bool:
        require_admin(call)
        call.portal.user_fields.remove(_row(call, kind))
        return True


for _kind in TYPES:
    _register(_kind)
