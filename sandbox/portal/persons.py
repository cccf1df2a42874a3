"""What people do in the portal's pages. Each acts under their own name; REST acts as the webhook's owner."""

from contextlib import AbstractContextManager
from typing import Any

from sandbox.portal.activities import CallMade
from sandbox.portal.conversion import convert
from sandbox.portal.errors import not_found
from sandbox.portal.manners import PERSON
from sandbox.portal.merging import merge
from sandbox.portal.multifields import merge_universal
from sandbox.portal.rooms import Rooms
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME, COMPANY, CONTACT, DEAL
from sandbox.portal.values import clean


class Person:
    """An employee at work. Items are named as in timeline methods: `("lead", 17)`; fields by universal names."""

    def __init__(self, portal: Rooms, user_id: int, host: str | None = None) -> None:
        self.user_id = user_id
        self._portal = portal
        self._host = host

    def create(self, kind: str, **fields: Any) -> int:
        """Makes an item; returns its id."""
        type_id = BY_NAME[kind].id
        with self._at_work():
            row = self._portal.items.add(type_id, self._values(type_id, {}, fields), self.user_id, PERSON)
        item_id: int = row["id"]
        return item_id

    def update(self, kind: str, item_id: int, **fields: Any) -> Row:
        """Saves a card with changed fields. Dropdowns take an id or the item's text, `fm` as crm.item.update does."""
        type_id = BY_NAME[kind].id
        with self._at_work():
            old = self.read(kind, item_id)
            values = self._values(type_id, old, fields)
            return self._portal.items.update(type_id, item_id, values, self.user_id, PERSON)

    def read(self, kind: str, item_id: int) -> Row:
        """The card as it is."""
        row = self._portal.items.get(BY_NAME[kind].id, item_id)
        if row is None:
            raise not_found()
        return row

    def delete(self, kind: str, item_id: int) -> None:
        """Deletes an item."""
        with self._at_work():
            self.read(kind, item_id)
            self._portal.items.remove(BY_NAME[kind].id, item_id)

    def move(self, kind: str, item_id: int, stage: str) -> Row:
        """Drags a card to a stage, by its name or code."""
        row = self.read(kind, item_id)
        stages = self._portal.stages.of(BY_NAME[kind].id, row.get("categoryId") or 0)
        code = next((one["STATUS_ID"] for one in stages if stage in (one["NAME"], one["STATUS_ID"])), stage)
        return self.update(kind, item_id, stageId=code)

    def close_deal(self, deal_id: int, *, won: bool) -> Row:
        """Wins a deal, or loses it at the first losing stage of its funnel."""
        row = self.read("deal", deal_id)
        wanted = "S" if won else "F"
        stages = self._portal.stages.of(DEAL.id, row["categoryId"])
        return self.update("deal", deal_id, stageId=next(s["STATUS_ID"] for s in stages if s["SEMANTICS"] == wanted))

    def convert(self, lead_id: int, *, company: bool = False, deal: bool = True) -> dict[str, int]:
        """Converts a lead by hand: contact, company and deal come of it, by kind."""
        with self._at_work():
            return convert(
                self._portal.items,
                self._portal.stages,
                self.read("lead", lead_id),
                self.user_id,
                company=company,
                deal=deal,
            )

    def merge(self, kind: str, ids: list[int]) -> None:
        """Merges duplicates into the first of them."""
        with self._at_work():
            merge(self._portal, BY_NAME[kind].id, ids, self.user_id)

    def call(self, kind: str, item_id: int, call: CallMade | None = None) -> Row:
        """Calls the client of an item; the call is bound to the item and to its client."""
        with self._at_work():
            row = self.read(kind, item_id)
            bindings = [(BY_NAME[kind].id, item_id)]
            if kind in ("lead", "deal"):
                bindings += [(CONTACT.id, row["contactId"])] if row["contactId"] else []
                bindings += [(COMPANY.id, row["companyId"])] if row["companyId"] else []
            return self._portal.activities.record_call(bindings, self.user_id, call or CallMade())

    def comment(self, kind: str, item_id: int, text: str) -> int:
        """Writes a comment."""
        with self._at_work():
            self.read(kind, item_id)
            comment: int = self._portal.timeline.comment(BY_NAME[kind].id, item_id, text, self.user_id)["id"]
        return comment

    def complete_activity(self, activity_id: int) -> None:
        """Ticks off a to-do, or another activity."""
        with self._at_work():
            row = self._portal.activities.get(activity_id)
            if row is None:
                raise not_found()
            self._portal.activities.change(row, self.user_id, COMPLETED="Y")

    def complete_task(self, task_id: int) -> None:
        """Finishes a task."""
        with self._at_work():
            row = self._portal.tasks.get(task_id)
            if row is None:
                raise not_found()
            self._portal.tasks.complete(row, self.user_id)

    def notifications(self) -> list[Row]:
        """What the bell shows, oldest first."""
        return self._portal.news.notifications(self.user_id)

    def feed(self) -> list[Row]:
        """The live feed, newest first."""
        return self._portal.news.feed(self.user_id)

    def _at_work(self) -> AbstractContextManager[None]:
        host = self._portal.host_of(self.user_id) if self._host is None else self._host
        return self._portal.working_at(host)

    def _values(self, type_id: int, old: Row, given: Row) -> Row:
        fields = self._portal.items.fields(type_id)
        values: Row = {}
        for name, value in given.items():
            if name == "fm":
                values["fm"] = merge_universal(old.get("fm") or [], value, self._portal.items.new_fm_id)
            elif fields[name].type == "enumeration":
                values[name] = self._items_of_dropdown(type_id, name, value)
            else:
                values[name] = clean(fields[name], value, self._portal.clock.zone)
        return values

    def _items_of_dropdown(self, type_id: int, name: str, value: Any) -> Any:
        rows = self._portal.tables.user_fields
        row = next(r for r in rows if r["FIELD_NAME"] == name and _of_type(r, type_id))
        ids = {item["value"]: item["id"] for item in row["LIST"]}
        if isinstance(value, list):
            return [ids.get(one, one) for one in value]
        return ids.get(value, int(value) if str(value or "").isdigit() else value or None)


def _of_type(row: Row, type_id: int) -> bool:
    return bool(row["entityId"] == next(t for t in BY_NAME.values() if t.id == type_id).user_fields)
