"""Phones, e-mails and other multi-fields, as each family of methods treats them.

https://apidocs.bitrix24.com/tutorials/crm/how-to-edit-crm-objects/how-to-change-email-or-phone.html
"""

from collections.abc import Callable
from typing import Any

from sandbox.portal.store import Row
from sandbox.portal.values import as_list

KINDS = ("PHONE", "EMAIL", "WEB", "IM", "LINK")
NewId = Callable[[], int]


def merge_universal(old: list[Row], given: Any, new_id: NewId) -> list[Row]:
    """`fm` of crm.item.*: a numeric key changes that record, any other (and a list) appends, others stay.

    An element without `typeId` does nothing and a text in place of `fm` is ignored, both without an error.
    """
    if not isinstance(given, (dict, list)):
        return old
    records = {record["id"]: record for record in old}
    pairs = given.items() if isinstance(given, dict) else [("n", element) for element in given]
    for key, element in pairs:
        if not isinstance(element, dict) or element.get("typeId") not in KINDS:
            continue
        record_id = int(key) if str(key).isdigit() and int(key) in records else 0
        change = {name: element[name] for name in ("typeId", "valueType", "value") if name in element}
        _put(records, record_id, change, new_id)
    return list(records.values())


def merge_classic(old: list[Row], kind: str, given: Any, new_id: NewId) -> list[Row]:
    """`PHONE` and friends of the classic methods: with `ID` changes, without appends; `DELETE` or no value deletes."""
    records = {record["id"]: record for record in old}
    for element in as_list(given):
        if not isinstance(element, dict):
            continue
        record_id = int(element.get("ID") or 0)
        known = record_id in records
        change = {"typeId": kind}
        if "VALUE_TYPE" in element:
            change["valueType"] = element["VALUE_TYPE"]
        if "VALUE" in element:
            change["value"] = element["VALUE"]
        if str(element.get("DELETE", "N")).upper() == "Y":
            change["value"] = ""
        _put(records, record_id if known else 0, change, new_id)
    return list(records.values())


def _put(records: dict[int, Row], record_id: int, change: dict[str, Any], new_id: NewId) -> None:
    value = str(change.get("value") or "").strip()
    if "value" in change and not value:
        records.pop(record_id, None)
        return
    base = records.get(record_id, {"valueType": "WORK", "value": value})
    if not base["value"] and not value:
        return
    new = {**base, **change}
    new["id"] = record_id or new_id()
    new["value"] = value or base["value"]
    records[new["id"]] = {key: new[key] for key in ("id", "typeId", "valueType", "value")}


def first(records: list[Row], kind: str, value_type: str = "") -> str:
    """The first value of a kind, as the flat aliases (`phone`, `emailWork`) show it; `""` where there is none."""
    for record in records:
        if record["typeId"] == kind and value_type in ("", record["valueType"]):
            return str(record["value"])
    return ""


def mark_reachable(row: Row) -> None:
    """Sets `hasPhone` and `hasEmail` of an item that has multi-fields."""
    if "fm" in row:
        kinds = {one["typeId"] for one in row["fm"]}
        row["hasPhone"] = "Y" if "PHONE" in kinds else "N"
        row["hasEmail"] = "Y" if "EMAIL" in kinds else "N"
