"""What was changed on the portal since a moment: one request for all kinds of items, more only where there is much.

https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from crm_robots.portal.calls import moment, owners, to_calls
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Refused
from crm_robots.portal.items import to_item
from crm_robots.portal.lists import PAGE, row_id, rows_of
from crm_robots.shared.calls import Call
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item, ItemRef

_FIELDS = {
    "lead": ["id"],
    "deal": ["id", "stageId", "stageSemanticId", "closed", "isRecurring", "contactId", "contactIds", "companyId"],
    "contact": ["id"],
    "company": ["id"],
}
_TIMES = ["updatedTime", "createdTime"]
_CALLS, _TIME = "calls", "time"


class ChangedItem(msgspec.Struct, frozen=True):
    """An item as it is now. Times are the portal's, unix seconds."""

    item: Item
    updated: int
    is_new: bool
    """It was made in the time that is looked at."""


class ChangedCall(msgspec.Struct, frozen=True):
    """A completed call, its main owner, and when it was last changed."""

    call: Call
    owner: ItemRef | None
    updated: int


class Changes:
    """Reads lists. `kinds`: user fields that each kind is wanted with."""

    def __init__(self, portal: Bitrix24, kinds: Mapping[str, Sequence[str]], timezone: str, since: int) -> None:
        self._portal = portal
        self.kinds = kinds
        self._zone = timezone
        self.since = since
        self._asked = {kind: self._items(kind, fields) for kind, fields in kinds.items()} | {_CALLS: self._calls()}
        self._first = portal.read(self._asked | {_TIME: Command("server.time", {})})

    @property
    def now(self) -> int | None:
        """The portal's clock as it was asked, unix seconds; None where it does not tell."""
        return moment(self._first[_TIME].result, self._zone)

    def items(self, kind: str) -> Iterator[ChangedItem]:
        """Items of one kind. A portal that does not filter by the universal name is asked by the classic one."""
        if isinstance(self._first[kind].error, Refused):
            rows = self._portal.pages(f"crm.{kind}.list", self._classic(kind), rows=None)
            found: Iterable[Item] = (to_item(kind, {"id": row["ID"], **row}) for row in rows)
        else:
            found = (to_item(kind, row) for row in self._rows(kind, "items"))
        for item in found:
            updated = self._time(item, "UPDATED_TIME", "DATE_MODIFY") or 0
            created = self._time(item, "CREATED_TIME", "DATE_CREATE") or 0
            if updated >= self.since:
                yield ChangedItem(item, updated, is_new=created >= self.since)

    def calls(self) -> list[ChangedCall]:
        """Completed calls."""
        found: list[ChangedCall] = []
        for row in self._rows(_CALLS, None):
            updated = moment(row.get("LAST_UPDATED"), self._zone) or 0
            owner = next(iter(owners([row]).values()), None)
            if updated >= self.since:
                found += [ChangedCall(call, owner, updated) for call in to_calls([row], self._zone)]
        return found

    def _time(self, item: Item, name: str, classic: str) -> int | None:
        return moment(item.text(name) or item.text(classic), self._zone)

    def _rows(self, name: str, inside: str | None) -> Iterable[dict[str, Any]]:
        reply: Reply = self._first[name]
        first = rows_of(reply, inside)
        if len(first) < PAGE:
            return first
        asked = self._asked[name]
        return chain(first, self._portal.pages(asked.method, asked.params, rows=inside, after=row_id(first[-1])))

    def _items(self, kind: str, fields: Sequence[str]) -> Command:
        wanted = {"select": [*_FIELDS[kind], *_TIMES, *fields], "filter": {">=updatedTime": self._since_text}}
        more = {"order": {"id": "ASC"}, "start": -1, "useOriginalUfNames": "Y"}
        return Command("crm.item.list", {"entityTypeId": ENTITY_TYPE_IDS[kind], **wanted, **more})

    def _classic(self, kind: str) -> dict[str, Any]:
        return {"select": ["*", *self.kinds[kind]], "filter": {">=DATE_MODIFY": self._since_text}}

    def _calls(self) -> Command:
        asked = {"TYPE_ID": 2, "COMPLETED": "Y", ">=LAST_UPDATED": self._since_text}
        select = ["ID", "TYPE_ID", "COMPLETED", "OWNER_ID", "OWNER_TYPE_ID", "START_TIME", "END_TIME", "LAST_UPDATED"]
        return Command("crm.activity.list", {"filter": asked, "order": {"ID": "ASC"}, "select": select, "start": -1})

    @property
    def _since_text(self) -> str:
        return datetime.fromtimestamp(self.since, ZoneInfo(self._zone)).isoformat()
