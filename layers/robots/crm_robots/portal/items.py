"""Items between the portal's universal spelling (`assignedById`) and ours (`ASSIGNED_BY_ID`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item, ItemRef, to_id
from crm_robots.shared.reference import Reference

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")
# Classic names that administrators know and whose universal spelling uses other words.
_UNIVERSAL = {
    "STATUS_ID": "stageId",
    "STATUS_SEMANTIC_ID": "stageSemanticId",
    "CREATED_BY_ID": "createdBy",
    "MODIFY_BY_ID": "updatedBy",
    "DATE_CREATE": "createdTime",
    "DATE_MODIFY": "updatedTime",
    "COMPANY_TYPE": "typeId",
}
_CLASSIC_LEAD = {"STAGE_ID": "STATUS_ID"}
_USUAL_KIND = "WORK"
MULTI_FIELDS = ("PHONE", "EMAIL", "WEB", "IM")


def universal_name(name: str) -> str:
    """`ASSIGNED_BY_ID` -> `assignedById`; user fields keep their name, since we ask for original names."""
    if name.startswith("UF_"):
        return name
    if name in _UNIVERSAL:
        return _UNIVERSAL[name]
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def our_name(name: str) -> str:
    """`assignedById` -> `ASSIGNED_BY_ID`."""
    return name if name.upper() == name else _HUMP.sub("_", name).upper()


def classic_name(kind: str, name: str) -> str:
    """How the classic methods spell one of our names."""
    return _CLASSIC_LEAD.get(name, name) if kind == "lead" else name


def read_items(kind: str, ids: Iterable[int], user_fields: Sequence[str]) -> Command:
    """Reads up to 50 items of one kind. `*` is what brings phones and e-mails along.

    https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
    """
    return Command(
        "crm.item.list",
        {
            "entityTypeId": ENTITY_TYPE_IDS[kind],
            "select": ["*", *user_fields],
            "filter": {"@id": list(ids)},
            "order": {"id": "ASC"},
            "start": -1,
            "useOriginalUfNames": "Y",
        },
    )


def list_items(kind: str, ids: Iterable[int | Reference], select: Sequence[str]) -> Command:
    """The same with the named fields only; a reference may stand for an id."""
    wanted = {"entityTypeId": ENTITY_TYPE_IDS[kind], "select": list(select), "filter": {"@id": list(ids)}}
    return Command("crm.item.list", {**wanted, "start": -1, "useOriginalUfNames": "Y"})


def read_item(kind: str, number: Reference) -> Command:
    """Reads the item that an earlier command of the same batch tells of."""
    return Command("crm.item.get", {"entityTypeId": ENTITY_TYPE_IDS[kind], "id": number, "useOriginalUfNames": "Y"})


def count_items(kind: str, chosen: Mapping[str, Any]) -> Command:
    """Counts the items that a filter finds: the `total` of the answer."""
    how = {"select": ["id"], "filter": dict(chosen), "start": 0, "useOriginalUfNames": "Y"}
    return Command("crm.item.list", {"entityTypeId": ENTITY_TYPE_IDS[kind], **how})


def to_item(kind: str, raw: Mapping[str, Any]) -> Item:
    """One row of `crm.item.list` or `crm.item.get`."""
    fields = {our_name(name): value for name, value in raw.items() if name != "fm"}
    by_type = _multi_fields(raw.get("fm"))
    for name in MULTI_FIELDS:
        flat = fields.get(name)
        fields[name] = by_type.get(name) or ((flat,) if isinstance(flat, str) and flat else ())
    if kinds := _kinds(raw.get("fm")):
        fields["KINDS"] = kinds
    number = to_id(raw.get("id"))
    if number is None:
        raise ValueError("a row of crm.item.list has no id")
    return Item(ItemRef(kind, number), fields)


def to_items(kind: str, result: Any) -> dict[ItemRef, Item]:
    """All rows of one `crm.item.list` answer."""
    rows = result.get("items", []) if isinstance(result, Mapping) else result or []
    rows = rows.values() if isinstance(rows, Mapping) else rows
    items = (to_item(kind, row) for row in rows)
    return {item.ref: item for item in items}


def _rows(raw: Any) -> Iterable[Mapping[str, Any]]:
    rows: Iterable[Mapping[str, Any]] = raw.values() if isinstance(raw, Mapping) else raw or ()
    return rows


def _kinds(raw: Any) -> dict[str, str]:
    kinds = {str(row.get("value", "")): str(row.get("valueType") or _USUAL_KIND) for row in _rows(raw)}
    return {value: kind for value, kind in kinds.items() if kind != _USUAL_KIND}


def _multi_fields(raw: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in _rows(raw):
        name = str(row.get("typeId", ""))
        found[name] = (*found.get(name, ()), str(row.get("value", "")))
    return found


def universal_fields(fields: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Our names and values as `crm.item.add` and `crm.item.update` take them; `kinds` of phones and e-mails."""
    multi = [
        {"typeId": name, "valueType": kinds.get(value, _USUAL_KIND), "value": value}
        for name in MULTI_FIELDS
        for value in fields.get(name) or ()
    ]
    spelled = {universal_name(name): value for name, value in fields.items() if name not in MULTI_FIELDS}
    return spelled | ({"fm": multi} if multi else {})


def classic_fields(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same for `crm.<kind>.update`, the only one that can empty a field: by an empty text."""
    return {classic_name(kind, name): "" if value in (None, [], ()) else value for name, value in fields.items()}
