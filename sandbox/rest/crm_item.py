"""crm.item.*: one set of methods for leads, deals, contacts and companies.

https://apidocs.bitrix24.com/api-reference/crm/universal/
"""

from typing import Any

from sandbox.portal.errors import Refusal, access_denied, not_found
from sandbox.portal.fields import Field
from sandbox.portal.manners import UNIVERSAL
from sandbox.portal.multifields import merge_universal
from sandbox.portal.pages import Page, Query, run
from sandbox.portal.store import Row
from sandbox.portal.types import BY_ID, ItemType
from sandbox.portal.values import BadValue, clean, clean_boolean
from sandbox.rest.call import Call, method
from sandbox.rest.item_query import compile_filter, order_fields, select_keys
from sandbox.rest.item_view import ItemView


def item_type(call: Call, name: str = "entityTypeId") -> ItemType:
    """The type that the call names."""
    found = BY_ID.get(call.number(name))
    if found is None:
        raise not_found("Smart process not found")
    return found


def item_view(call: Call, type_id: int) -> ItemView:
    """Names and values as this call wants them."""
    original = clean_boolean(call.get("useOriginalUfNames", "N")) == "Y"
    return ItemView(call.portal, type_id, original=original, secret_path=call.caller.secret_path)


def readable(call: Call, type_id: int, item_id: int) -> Row:
    """The item, if it exists and the webhook's owner may read it."""
    row = call.portal.items.get(type_id, item_id)
    if row is None:
        raise not_found("Element not found")
    if not call.portal.people.may_see(call.user_id, row):
        raise access_denied()
    return row


@method("crm.item.get")
def get(call: Call) -> Any:
    """One item."""
    type_id = item_type(call).id
    return {"item": item_view(call, type_id).whole(readable(call, type_id, call.number("id")))}


@method("crm.item.list")
def items(call: Call) -> Page:
    """A page of items; those that the owner may not read are left out silently."""
    type_id = item_type(call).id
    view = item_view(call, type_id)
    conditions, tests = compile_filter(view, call.mapping("filter"), call.portal.clock.zone)
    keys = select_keys(view, call.get("select"))
    order = order_fields(view, call.get("order"))
    people, user_id = call.portal.people, call.user_id
    if not people.is_admin(user_id):
        tests.append(lambda row: people.may_see(user_id, row))
    page = run(call.portal.items.table(type_id), Query(conditions, tests, order, call.start))
    shown = [view.whole(row) if keys is None else view.some(row, keys) for row in page.result]
    return Page({"items": shown}, page.total, page.next)


@method("crm.item.add")
def add(call: Call) -> Any:
    """Makes an item and returns it whole."""
    type_id = item_type(call).id
    view = item_view(call, type_id)
    values = values_from(call, view, call.mapping("fields", required=True), [])
    return {"item": view.whole(call.portal.items.add(type_id, values, call.user_id, UNIVERSAL))}


@method("crm.item.update")
def update(call: Call) -> Any:
    """Changes an item and returns it whole, as it is afterwards."""
    type_id = item_type(call).id
    view = item_view(call, type_id)
    row = readable(call, type_id, call.number("id"))
    values = values_from(call, view, call.mapping("fields", required=True), row.get("fm") or [])
    if "stageId" in values and "categoryId" not in values and "categoryId" in row:
        call.portal.stages.semantics(type_id, values["stageId"], row["categoryId"])
    return {"item": view.whole(call.portal.items.update(type_id, row["id"], values, call.user_id, UNIVERSAL))}


@method("crm.item.delete")
def delete(call: Call) -> Any:
    """Deletes an item."""
    type_id = item_type(call).id
    row = readable(call, type_id, call.number("id"))
    call.portal.items.remove(type_id, row["id"])
    return []


def values_from(call: Call, view: ItemView, given: dict[str, Any], fm: list[Row]) -> Row:
    """Canonical values of the writable fields; unknown and read-only keys vanish without an error."""
    values: Row = {}
    for shown, value in given.items():
        key = view.key(str(shown))
        field = view.fields.get(key or "")
        if field is None or field.read_only:
            continue
        if field.name == "fm":
            values["fm"] = merge_universal(fm, value, call.portal.items.new_fm_id)
        else:
            values[field.name] = clean_strictly(call, field, value)
    return values


def clean_strictly(call: Call, field: Field, value: Any) -> Any:
    """A canonical value, or the refusal that names the field."""
    scalar = not isinstance(value, (list, dict))
    if field.multiple and scalar and value not in ("", None, False):
        kind = {bool: "boolean", int: "integer", float: "double"}.get(type(value), "string")
        raise Refusal("100", f"Expected iterable value for multiple field, but got {kind} instead")
    try:
        cleaned = clean(field, value, call.portal.clock.zone)
    except (BadValue, ValueError):
        raise not_valid(field) from None
    check_known(call, field, cleaned)
    return cleaned


def not_valid(field: Field) -> Refusal:
    """The value does not fit."""
    return Refusal("CRM_FIELD_ERROR_VALUE_NOT_VALID", f'Invalid value for field "{field.title}"')


_LINKS = {"crm_contact": 3, "crm_company": 4, "crm_lead": 1}


def check_known(call: Call, field: Field, cleaned: Any) -> None:
    """What is linked must exist; people who are hidden from lists do exist."""
    ids = cleaned if field.multiple else [cleaned] if cleaned else []
    if field.type in ("user", "employee"):
        known = all(call.portal.people.user(user_id) for user_id in ids)
    elif field.type in _LINKS:
        known = all(call.portal.items.get(_LINKS[field.type], item_id) for item_id in ids)
    elif field.type == "enumeration":
        known = set(ids) <= call.portal.user_fields.item_ids(field.name)
    else:
        return
    if not known:
        raise not_valid(field)
