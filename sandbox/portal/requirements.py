"""Fields that must be filled: always, or from a stage on."""

from collections.abc import Iterable
from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.fields import Field
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import CONTACT
from sandbox.portal.values import is_empty


def required_error(title: str) -> Refusal:
    """The refusal that names the empty field."""
    return Refusal("CRM_FIELD_ERROR_REQUIRED", f'Required field "{title}" is not filled in.')


class Requirements:
    """Which fields a stage demands. The rows are few."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.requirements

    def demand(self, type_id: int, field: str, stages: list[str]) -> None:
        """Makes a field required on the given stages."""
        self._table.add({"type": type_id, "field": field, "stages": stages})

    def clear(self) -> None:
        """Removes all demands of stages."""
        for row in list(self._table):
            self._table.remove(row["id"])

    def of(self, type_id: int, stage: str) -> list[str]:
        """Fields that the stage demands."""
        rows = (row for row in self._table if row["type"] == type_id)
        return [row["field"] for row in rows if stage in row["stages"]]

    def check_stage(self, type_id: int, row: Row, fields: dict[str, Field]) -> None:
        """Refuses a stage whose demands, or the type's mandatory user fields, are not met."""
        mandatory = (name for name, field in fields.items() if field.mandatory)
        self._check([*mandatory, *self.of(type_id, row["stageId"])], row, fields)

    def check_values(self, type_id: int, row: Row, changed: Iterable[str], fields: dict[str, Field]) -> None:
        """Refuses emptied titles, nameless contacts and emptied mandatory fields."""
        changed = set(changed)
        if "title" in changed and is_empty(row.get("title")):
            raise required_error(fields["title"].title)
        if type_id == CONTACT.id and not row.get("name") and not row.get("lastName"):
            raise required_error("Имя")
        self._check([name for name in changed if name in fields and fields[name].mandatory], row, fields)

    def _check(self, names: list[str], row: Row, fields: dict[str, Field]) -> None:
        for name in names:
            if name not in fields:
                continue
            value: Any = row.get(name)
            if fields[name].type == "crm_multifield":
                value = row.get("fm")
            if is_empty(value) and not (value == 0 and fields[name].type in ("integer", "double")):
                raise required_error(fields[name].title)
