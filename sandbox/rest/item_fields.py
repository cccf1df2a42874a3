"""Descriptions of fields: crm.item.fields and the classic crm.<type>.fields."""

from typing import Any

from sandbox.portal.fields import Field
from sandbox.portal.types import TYPES, ItemType
from sandbox.portal.values import clean_boolean
from sandbox.rest.call import Call, method
from sandbox.rest.crm_item import item_type
from sandbox.rest.item_view import ItemView

_REQUIRED = {4: {"title"}}


def describe(call: Call, kind: ItemType, field: Field) -> dict[str, Any]:
    """What both dialects say about a field."""
    described: dict[str, Any] = {
        "type": field.type,
        "isRequired": field.mandatory or field.name in _REQUIRED.get(kind.id, ()),
        "isReadOnly": field.read_only,
        "isImmutable": False,
        "isMultiple": field.multiple,
        "isDynamic": field.user_field,
        "title": field.title,
    }
    if field.dictionary:
        described["statusType"] = field.dictionary
    if field.user_field:
        row = call.portal.user_fields.named(kind, field.name) or {}
        described |= {"listLabel": field.title, "formLabel": field.title, "filterLabel": field.title}
        described["settings"] = row.get("SETTINGS") or []
        if field.type == "enumeration":
            described["items"] = [{"ID": str(item["id"]), "VALUE": item["value"]} for item in row["LIST"]]
    return described


@method("crm.item.fields")
def item_fields(call: Call) -> Any:
    """Fields by the names that crm.item.* uses."""
    kind = item_type(call)
    view = ItemView(call.portal, kind.id, original=clean_boolean(call.get("useOriginalUfNames", "N")) == "Y")
    fields = {}
    for name, field in view.fields.items():
        fields[view.shown(name)] = {**describe(call, kind, field), "upperName": field.classic}
    return {"fields": fields}


def _classic_fields(kind: ItemType) -> None:
    @method(f"crm.{kind.name}.fields")
    def classic_fields(call: Call) -> Any:
        fields = call.portal.items.fields(kind.id)
        shown = {field.classic: describe(call, kind, field) for name, field in fields.items() if name != "fm"}
        if "fm" in fields:
            many = {"type": "crm_multifield", "isRequired": False, "isReadOnly": False, "isImmutable": False}
            many |= {"isMultiple": True, "isDynamic": False}
            shown |= {code: {**many, "title": code} for code in ("PHONE", "EMAIL", "WEB", "IM")}
        return shown


for _kind in TYPES:
    _classic_fields(_kind)
