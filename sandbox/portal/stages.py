"""Dictionaries: stages of leads and deals, funnels, sources, types."""

from typing import Any

from sandbox.portal.errors import Refusal
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import LEAD

_EXTRA = {None: "process", "S": "success", "F": "failure"}


class Stages:
    """The rows of `crm.status.list` and `crm.category.list`, and what they mean for items."""

    def __init__(self, tables: Tables) -> None:
        self._statuses = tables.statuses
        self._categories = tables.categories

    def add_category(self, name: str, category_id: int | None = None, sort: int = 300) -> int:
        """A funnel of deals; the first one is 0."""
        new = category_id if category_id is not None else max(self._categories.new_id(), 1)
        self._categories.put({"id": new, "name": name, "sort": sort, "isDefault": "Y" if new == 0 else "N"})
        return new

    def categories(self) -> list[Row]:
        """Funnels in their order."""
        return sorted(self._categories, key=lambda row: (row["sort"], row["id"]))

    def add(self, dictionary: str, code: str, name: str, semantics: str | None = None, **extra: Any) -> Row:
        """Adds an entry at the end of a dictionary."""
        sort = max((row["SORT"] for row in self.entries(dictionary)), default=0) + 10
        category = dictionary.removeprefix("DEAL_STAGE_")
        row = {
            "ENTITY_ID": dictionary,
            "STATUS_ID": code,
            "NAME": name,
            "NAME_INIT": "",
            "SORT": sort,
            "SYSTEM": "N",
            "CATEGORY_ID": category if category.isdigit() else None,
            "COLOR": "",
            "SEMANTICS": semantics,
        }
        return self._statuses.add({**row, **extra})

    def entries(self, dictionary: str) -> list[Row]:
        """A dictionary in its order."""
        found = [row for row in self._statuses if row["ENTITY_ID"] == dictionary]
        return sorted(found, key=lambda row: (row["SORT"], row["id"]))

    def first(self, dictionary: str) -> str | None:
        """Code of the first entry."""
        return next((row["STATUS_ID"] for row in self.entries(dictionary)), None)

    def has(self, dictionary: str, code: str) -> bool:
        """Whether the dictionary holds the code."""
        return any(row["STATUS_ID"] == code for row in self.entries(dictionary))

    def dictionary_of(self, type_id: int, category_id: int = 0) -> str:
        """Where the stages of a type, and of a funnel, are kept."""
        if type_id == LEAD.id:
            return "STATUS"
        return f"DEAL_STAGE_{category_id}" if category_id else "DEAL_STAGE"

    def of(self, type_id: int, category_id: int = 0) -> list[Row]:
        """Stages in their order."""
        return self.entries(self.dictionary_of(type_id, category_id))

    def semantics(self, type_id: int, stage_id: str, category_id: int = 0) -> str:
        """`P` in progress, `S` won, `F` lost."""
        for row in self.of(type_id, category_id):
            if row["STATUS_ID"] == stage_id:
                return row["SEMANTICS"] or "P"
        raise Refusal("CRM_FIELD_ERROR_VALUE_NOT_VALID", 'Invalid value for field "Stage"')

    @staticmethod
    def public(row: Row) -> Row:
        """A row as `crm.status.list` gives it."""
        shown = {"ID": str(row["id"]), **{key: value for key, value in row.items() if key != "id"}}
        shown["SORT"] = str(row["SORT"])
        shown["EXTRA"] = {"SEMANTICS": _EXTRA.get(row["SEMANTICS"], "process"), "COLOR": row["COLOR"]}
        return shown
