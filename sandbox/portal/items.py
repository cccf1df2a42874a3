"""Leads, deals, contacts and companies: what happens inside the portal when one of them is written."""

from collections.abc import Callable
from typing import Any

from sandbox.portal import clients, repeat_leads, stage_history
from sandbox.portal.clock import Clock
from sandbox.portal.errors import Refusal
from sandbox.portal.events import Outbox
from sandbox.portal.fields import Field
from sandbox.portal.manners import CLASSIC, UNIVERSAL, Manner
from sandbox.portal.multifields import mark_reachable
from sandbox.portal.placing import Placing
from sandbox.portal.requirements import Requirements
from sandbox.portal.stages import Stages
from sandbox.portal.store import Row, Table
from sandbox.portal.tables import Tables
from sandbox.portal.types import BY_ID, COMPANY, CONTACT, DEAL, LEAD, ItemType
from sandbox.portal.user_fields import UserFields


class Items:
    """Rows are kept by universal field names (`stageId`) and `UF_CRM_…`, with canonical values (values.py)."""

    def __init__(
        self,
        clock: Clock,
        tables: Tables,
        stages: Stages,
        user_fields: UserFields,
        outbox: Outbox,
    ) -> None:
        self.requirements = Requirements(tables)
        self.history = stage_history.StageHistory(tables)
        # A portal where repeat leads are switched off never turns one.
        self.turns_leads = True
        # In simple CRM mode the portal converts a new lead itself.
        self.on_new_lead: Callable[[Row, int], None] | None = None
        self._placing = Placing(clock, stages)
        self._tables = tables
        self._user_fields = user_fields
        self._outbox = outbox
        self._fm_id = 0

    def restored(self) -> None:
        """Continues the ids after those of the stored cards."""
        rows = (row for table in self._tables.items.values() for row in table)
        self._fm_id = max((one["id"] for row in rows for one in row.get("fm") or ()), default=0)

    def new_fm_id(self) -> int:
        """The next id of a phone or an e-mail."""
        self._fm_id += 1
        return self._fm_id

    def table(self, type_id: int) -> Table:
        """All items of a type."""
        return self._tables.items[type_id]

    def fields(self, type_id: int) -> dict[str, Field]:
        """Every field of a type by its key in rows."""
        return self._user_fields.fields(type_id)

    def get(self, type_id: int, item_id: int) -> Row | None:
        """An item as it is."""
        return self._tables.items[type_id].get(item_id)

    def add(self, type_id: int, values: Row, by: int, manner: Manner = UNIVERSAL) -> Row:
        """Makes an item on behalf of a user; absent values take Bitrix24's defaults."""
        item_type = BY_ID[type_id]
        row = {name: field.default for name, field in self.fields(type_id).items()}
        row.update(self._placing.defaults(item_type, values, by))
        row.update(values)
        row["id"] = 0
        clients.settle_clients(type_id, row, set(values))
        if item_type.staged:
            self._placing.place(item_type, row)
        mark_reachable(row)
        if manner.checks:
            self._check_new(item_type, row)
        if item_type == LEAD and manner.repeats:
            self._repeat(row, by)
        row["id"] = self.table(type_id).new_id()
        row["title"] = row.get("title") or f"{item_type.title} #{row['id']}"
        if item_type == CONTACT:
            del row["title"]
        self._store(item_type, row, "ADD")
        self._link_company(item_type, row, values)
        if item_type.staged:
            self.history.record(type_id, row, kind=stage_history.CREATED)
            self._outbox.rule(type_id, row["id"], row["stageId"])
        if item_type == LEAD and self.on_new_lead:
            self.on_new_lead(row, by)
        return row

    def update(self, type_id: int, item_id: int, changes: Row, by: int, manner: Manner = UNIVERSAL) -> Row:
        """Changes an item on behalf of a user; returns it as it is afterwards."""
        item_type = BY_ID[type_id]
        old = self.table(type_id).rows[item_id]
        changes = self._bearable(item_type, old, changes, manner)
        row = {**old, **changes}
        clients.settle_clients(type_id, row, set(changes))
        mark_reachable(row)
        if item_type.staged:
            self._placing.move(item_type, old, row, by)
        changed = {name for name in row if row[name] != old.get(name)}
        links_changed = item_type == COMPANY and "contactIds" in changes
        if not changed and manner.skips and not links_changed:
            return old
        if manner.checks:
            self._check_changed(item_type, old, row, changed)
        if item_type == LEAD and manner.repeats:
            self._repeat(row, by)
        row["updatedTime"], row["updatedBy"] = self._placing.stamp(), by
        self._saved(item_type, old, row)
        self._link_company(item_type, row, changes)
        return row

    def remove(self, type_id: int, item_id: int) -> None:
        """Deletes an item; the event still comes, the item can no longer be read."""
        self.table(type_id).remove(item_id)
        clients.unlink_everywhere(self._tables, type_id, item_id)
        self._outbox.emit(f"ONCRM{BY_ID[type_id].code}DELETE", {"FIELDS": {"ID": item_id}})

    def touch(self, type_id: int, item_id: int, by: int) -> None:
        """An activity or a comment: the item's last activity, and no event."""
        row = self.get(type_id, item_id)
        if row is not None:
            self.table(type_id).put({**row, "lastActivityTime": self._placing.stamp(), "lastActivityBy": by})

    def _bearable(self, item_type: ItemType, old: Row, changes: Row, manner: Manner) -> Row:
        """The changes that this family of methods carries out; others are ignored without an error."""
        fields = self.fields(item_type.id)
        kept = {}
        for name, value in changes.items():
            stuck = value == [] and old.get(name) and fields[name].type == "enumeration"
            if not (stuck and not manner.clears):
                kept[name] = value
        if item_type == DEAL and not manner.moves:
            kept.pop("categoryId", None)
            if not self._placing.stands_in(DEAL, old["categoryId"], kept.get("stageId", "")):
                kept.pop("stageId", None)
        return kept

    def _check_new(self, item_type: ItemType, row: Row) -> None:
        fields = self.fields(item_type.id)
        self.requirements.check_values(item_type.id, row, [n for n, f in fields.items() if f.mandatory], fields)
        if item_type == COMPANY and not row.get("title"):
            return
        if item_type.staged:
            self.requirements.check_stage(item_type.id, row, fields)

    def _check_changed(self, item_type: ItemType, old: Row, row: Row, changed: set[str]) -> None:
        fields = self.fields(item_type.id)
        if changed & {"title", "name", "lastName"} or any(f.mandatory for f in fields.values()):
            self.requirements.check_values(item_type.id, row, changed, fields)
        # Only a move inside a funnel is checked; a funnel move is not.
        if "stageId" in changed and row.get("categoryId") == old.get("categoryId"):
            self.requirements.check_stage(item_type.id, row, fields)

    def _repeat(self, row: Row, by: int) -> None:
        """Any save calculates the flag anew, unless the lead stands or once stood on the success stage."""
        stood = [row["stageSemanticId"], *(move["SEMANTICS"] for move in self.history.of(LEAD.id, row["id"]))]
        if not self.turns_leads or "S" in stood:
            return
        before = row["isReturnCustomer"]
        repeat_leads.mark(row)
        if row["isReturnCustomer"] == "Y" != before:
            self._hand_over(row, by)

    def _hand_over(self, lead: Row, by: int) -> None:
        type_id, card_id = repeat_leads.client_of(lead)
        card = self.table(type_id).rows[card_id]
        changes = repeat_leads.handed_over(lead, type_id, card, self.new_fm_id)
        if changes:
            self.update(type_id, card_id, changes, by, CLASSIC)
        repeat_leads.hide(lead)

    def _saved(self, item_type: ItemType, old: Row, row: Row) -> None:
        moved_funnel = row.get("categoryId") != old.get("categoryId") and item_type == DEAL
        self._store(item_type, row, "MOVETOCATEGORY" if moved_funnel else "UPDATE")
        if item_type.staged and row["stageId"] != old["stageId"]:
            kind = stage_history.CATEGORY_CHANGE if moved_funnel else None
            self.history.record(item_type.id, row, kind=kind)
            self._outbox.rule(item_type.id, row["id"], row["stageId"])

    def _store(self, item_type: ItemType, row: Row, what: str) -> None:
        self.table(item_type.id).put(row)
        fields = {"ID": row["id"]}
        if what == "MOVETOCATEGORY":
            fields |= {"CATEGORY_ID": row["categoryId"], "STAGE_ID": row["stageId"]}
        self._outbox.emit(f"ONCRM{item_type.code}{what}", {"FIELDS": fields})

    def _link_company(self, item_type: ItemType, row: Row, values: Row) -> None:
        """A company's contacts are kept by the contacts."""
        if item_type != COMPANY or "contactIds" not in values:
            return
        wanted = set(values["contactIds"])
        self.set_company_contacts(row["id"], wanted)
        self.table(COMPANY.id).put({**row, "contactIds": []})

    def set_company_contacts(self, company_id: int, wanted: set[int]) -> None:
        """Makes exactly these contacts the company's."""
        contacts = self.table(CONTACT.id)
        for contact_id in wanted ^ contacts.find("companyIds", company_id):
            contact: dict[str, Any] | None = contacts.get(contact_id)
            if contact is None:
                raise Refusal("CRM_FIELD_ERROR_VALUE_NOT_VALID", 'Invalid value for field "contactIds"')
            kept = [one for one in contact["companyIds"] if one != company_id]
            new = {**contact, "companyIds": [*kept, company_id] if contact_id in wanted else kept}
            clients.settle(new, "companyIds", "companyId", {"companyIds"})
            contacts.put(new)
