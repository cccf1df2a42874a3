"""User fields (`UF_CRM_…`) of items: definitions, dropdown items, and their place among an item's fields."""

import hashlib
import re
from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.events import Outbox
from sandbox.portal.fields import Field, standard_fields
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import TYPES, ItemType
from sandbox.portal.values import as_list, clean_boolean

KINDS = frozenset(
    [
        "string",
        "integer",
        "double",
        "boolean",
        "date",
        "datetime",
        "enumeration",
        "url",
        "money",
        "file",
        "employee",
        "crm_status",
        "crm",
        "address",
        "iblock_element",
        "iblock_section",
        "resourcebooking",
    ]
)
LABELS = ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL", "ERROR_MESSAGE", "HELP_MESSAGE")
_FLAGS = {"MULTIPLE": "N", "MANDATORY": "N", "SHOW_IN_LIST": "Y", "EDIT_IN_LIST": "Y", "IS_SEARCHABLE": "N"}
_BY_ENTITY = {item_type.user_fields: item_type for item_type in TYPES}


def refuse(text: str) -> Refusal:
    """User-field errors are business texts."""
    return Refusal("ERROR_CORE", text)


class UserFields:
    """Definitions of user fields. Rows use the classic spelling; `LIST` holds `{id, value, sort, def, xmlId}`."""

    def __init__(self, tables: Tables, outbox: Outbox) -> None:
        self._table = tables.user_fields
        self._enums = tables.enums
        self._outbox = outbox
        self._cache: dict[int, dict[str, Field]] = {}

    def rows(self, item_type: ItemType) -> list[Row]:
        """Definitions of one type, by id."""
        return self._table.by("entityId", item_type.user_fields.casefold())

    def get(self, field_id: int) -> Row | None:
        """One definition."""
        return self._table.get(field_id)

    def named(self, item_type: ItemType, name: str) -> Row | None:
        """The definition of `UF_CRM_…`."""
        return next((row for row in self.rows(item_type) if row["FIELD_NAME"] == name), None)

    def fields(self, type_id: int) -> dict[str, Field]:
        """Standard and user fields of a type by their key in rows."""
        if type_id not in self._cache:
            item_type = next(one for one in TYPES if one.id == type_id)
            own = {row["FIELD_NAME"]: self._field(row) for row in self.rows(item_type)}
            self._cache[type_id] = {**standard_fields(type_id), **own}
        return self._cache[type_id]

    def item_ids(self, name: str) -> set[int]:
        """Ids of the dropdown items of every field of this name; types do not share ids."""
        return {item["id"] for row in self._table if row["FIELD_NAME"] == name for item in row["LIST"]}

    def add(self, item_type: ItemType, given: dict[str, Any]) -> Row:
        """Makes a field and its dropdown items."""
        kind = given.get("USER_TYPE_ID")
        if not kind:
            raise Refusal("", "The 'USER_TYPE_ID' field is not found.")
        name = self._new_name(item_type, given.get("FIELD_NAME"))
        if kind not in KINDS:
            raise refuse(f"Unknown user type [{kind}].")
        flags = {key: clean_boolean(given[key]) if key in given else value for key, value in _FLAGS.items()}
        if kind == "boolean":
            flags["MULTIPLE"] = "N"
        row: Row = {
            "entityId": item_type.user_fields,
            "FIELD_NAME": name,
            "USER_TYPE_ID": kind,
            "XML_ID": given.get("XML_ID") or None,
            "SORT": int(given.get("SORT") or 100),
            **flags,
            "SHOW_FILTER": "E" if clean_boolean(given.get("SHOW_FILTER", "N")) == "Y" else "N",
            "SETTINGS": dict(given.get("SETTINGS") or {}),
            **self._labels(given, all_of_them=True),
        }
        row["LIST"] = self._merge_list([], given.get("LIST")) if kind == "enumeration" else []
        stored = self._table.add(row)
        self._changed("ADD", item_type, stored)
        return stored

    def update(self, row: Row, given: dict[str, Any]) -> None:
        """Changes settings, labels (as a whole) and dropdown items (`ID` edits, `DEL` deletes, neither adds)."""
        new = dict(row)
        new.update({key: clean_boolean(given[key]) for key in ("MANDATORY", "SHOW_IN_LIST") if key in given})
        new.update({key: given[key] for key in ("XML_ID",) if key in given})
        if "SHOW_FILTER" in given:
            new["SHOW_FILTER"] = "E" if clean_boolean(given["SHOW_FILTER"]) == "Y" else "N"
        if given.get("SORT"):
            new["SORT"] = int(given["SORT"])
        new["SETTINGS"] = {**row["SETTINGS"], **(given.get("SETTINGS") or {})}
        new.update(self._labels(given, all_of_them=False))
        items_given = row["USER_TYPE_ID"] == "enumeration" and "LIST" in given
        if items_given:
            new["LIST"] = self._merge_list(row["LIST"], given["LIST"])
        self._table.put(new)
        item_type = _BY_ENTITY[row["entityId"]]
        self._changed("UPDATE", item_type, new)
        if items_given:
            self._changed("SETENUMVALUES", item_type, new)

    def remove(self, row: Row) -> None:
        """Forgets the field; values of cards are no longer shown."""
        self._table.remove(row["id"])
        self._changed("DELETE", _BY_ENTITY[row["entityId"]], row)

    def _new_name(self, item_type: ItemType, given: Any) -> str:
        if not given:
            raise Refusal("", "The 'FIELD_NAME' field is not found.")
        name = str(given).upper()
        name = name if name.startswith("UF_CRM_") else f"UF_CRM_{name}"
        if len(name) > 50:
            raise refuse("The field name is longer than 50 characters.<br>")
        if not re.fullmatch(r"[A-Z0-9_]+", name):
            raise refuse("The field name contains invalid characters.<br>")
        if self.named(item_type, name):
            raise refuse(f"Field {name} for object {item_type.user_fields} already exists.<br>")
        return name

    def _labels(self, given: dict[str, Any], *, all_of_them: bool) -> Row:
        short = given.get("LABEL")
        labels: Row = {}
        for key in LABELS:
            value = given.get(key, short if key == "EDIT_FORM_LABEL" else None)
            if value is None and not all_of_them:
                continue
            labels[key] = value if isinstance(value, dict) else {"ru": value, "en": value} if value else {}
        return labels

    def _merge_list(self, old: list[Row], given: Any) -> list[Row]:
        items = {item["id"]: dict(item) for item in old}
        for element in as_list(given):
            self._apply(items, element)
        codes = [item["xmlId"] for item in items.values()]
        if len(codes) != len(set(codes)):
            raise refuse("XML_ID of list items must be unique.<br>")
        return sorted(items.values(), key=lambda item: (item["sort"], item["id"]))

    def _apply(self, items: dict[int, Row], element: dict[str, Any]) -> None:
        item_id = int(element.get("ID") or 0)
        if item_id and item_id not in items:
            return
        if clean_boolean(element.get("DEL", "N")) == "Y":
            items.pop(item_id, None)
            return
        if ("VALUE" in element and not str(element["VALUE"]).strip()) or (not item_id and "VALUE" not in element):
            return
        if not item_id:
            item_id = self._enums.add({})["id"]
            items[item_id] = {"id": item_id, "value": "", "sort": 500, "def": "N", "xmlId": _xml_id(item_id)}
        item = items[item_id]
        item["value"] = str(element.get("VALUE", item["value"]))
        item["sort"] = int(element.get("SORT") or item["sort"])
        item["def"] = clean_boolean(element.get("DEF", item["def"]))
        item["xmlId"] = element.get("XML_ID") or item["xmlId"]

    def _field(self, row: Row) -> Field:
        multiple = row["MULTIPLE"] == "Y"
        label = next((text for text in (row.get("EDIT_FORM_LABEL") or {}).values() if text), row["FIELD_NAME"])
        return Field(
            row["FIELD_NAME"],
            row["FIELD_NAME"],
            row["USER_TYPE_ID"],
            label,
            [] if multiple else None,
            multiple=multiple,
            user_field=True,
            mandatory=row["MANDATORY"] == "Y",
        )

    def _changed(self, what: str, item_type: ItemType, row: Row) -> None:
        self._cache.clear()
        fields = {"ID": row["id"], "ENTITY_ID": item_type.user_fields, "FIELD_NAME": row["FIELD_NAME"]}
        self._outbox.emit(f"ONCRM{item_type.code}USERFIELD{what}", {"FIELDS": fields})


def _xml_id(item_id: int) -> str:
    return hashlib.md5(str(item_id).encode(), usedforsecurity=False).hexdigest()
