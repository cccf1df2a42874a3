"""Requisites of contacts and companies, their bank details, and which of them a deal uses."""

from typing import Any

from sandbox.portal.clock import Clock, iso
from sandbox.portal.events import Outbox
from sandbox.portal.store import Row
from sandbox.portal.tables import Tables
from sandbox.portal.types import COMPANY, CONTACT

# Columns of the standard Russian presets.
PRESET_FIELDS = {
    "#CRM_REQUISITE_PRESET_DEF_RU_COMPANY#": [
        "RQ_COMPANY_NAME",
        "RQ_COMPANY_FULL_NAME",
        "RQ_COMPANY_REG_DATE",
        "RQ_OGRN",
        "RQ_INN",
        "RQ_KPP",
        "RQ_OKPO",
        "RQ_OKTMO",
        "RQ_DIRECTOR",
        "RQ_ACCOUNTANT",
        "RQ_ADDR",
    ],
    "#CRM_REQUISITE_PRESET_DEF_RU_INDIVIDUAL#": [
        "RQ_LAST_NAME",
        "RQ_FIRST_NAME",
        "RQ_SECOND_NAME",
        "RQ_COMPANY_NAME",
        "RQ_INN",
        "RQ_OGRNIP",
        "RQ_OKPO",
        "RQ_ADDR",
    ],
    "#CRM_REQUISITE_PRESET_DEF_RU_PERSON#": [
        "RQ_LAST_NAME",
        "RQ_FIRST_NAME",
        "RQ_SECOND_NAME",
        "RQ_IDENT_DOC",
        "RQ_IDENT_DOC_NUM",
        "RQ_ADDR",
    ],
}


class Requisites:
    """Rows use the classic spelling; `ENTITY_ID` of a bank detail is its requisite."""

    def __init__(self, clock: Clock, tables: Tables, outbox: Outbox) -> None:
        self._clock = clock
        self._tables = tables
        self._outbox = outbox

    def of(self, type_id: int, item_id: int) -> list[Row]:
        """Requisites of a contact or a company."""
        found = self._tables.requisites.by("ENTITY_ID", item_id)
        return [row for row in found if row["ENTITY_TYPE_ID"] == type_id]

    def bank_details(self, requisite_id: int) -> list[Row]:
        """Bank details of a requisite."""
        return self._tables.bank_details.by("ENTITY_ID", requisite_id)

    def add(self, by: int, fields: Row) -> int:
        """Adds a requisite."""
        return self._add(self._tables.requisites, "ONCRMREQUISITEADD", by, fields)

    def add_bank_detail(self, by: int, fields: Row) -> int:
        """Adds bank details."""
        return self._add(self._tables.bank_details, "ONCRMBANKDETAILADD", by, fields)

    def change(self, row: Row, by: int, fields: Row, *, bank: bool = False) -> None:
        """Changes a requisite or bank details."""
        table = self._tables.bank_details if bank else self._tables.requisites
        table.put({**row, **fields, "DATE_MODIFY": iso(self._clock.now()), "MODIFY_BY_ID": by})
        self._emit("UPDATE", row["id"], bank=bank)

    def remove(self, row: Row, *, bank: bool = False) -> None:
        """Deletes a requisite (with its bank details) or bank details."""
        (self._tables.bank_details if bank else self._tables.requisites).remove(row["id"])
        for detail in [] if bank else self.bank_details(row["id"]):
            self._tables.bank_details.remove(detail["id"])
        self._emit("DELETE", row["id"], bank=bank)

    def addresses(self, requisite_id: int) -> list[Row]:
        """Addresses of a requisite, one of each type."""
        return self._tables.addresses.by("ENTITY_ID", requisite_id)

    def put_address(self, fields: Row) -> None:
        """Gives a requisite an address; one of the same type is replaced."""
        same = next((row for row in self.addresses(fields["ENTITY_ID"]) if row["TYPE_ID"] == fields["TYPE_ID"]), None)
        self._tables.addresses.add({**fields, **({"id": same["id"]} if same else {})})
        self._tell_address("REGISTER", fields)

    def remove_address(self, row: Row) -> None:
        """Takes an address away."""
        self._tables.addresses.remove(row["id"])
        self._tell_address("UNREGISTER", row)

    def _tell_address(self, what: str, row: Row) -> None:
        """The anchor is whose requisite it is."""
        owner = self._tables.requisites.rows[row["ENTITY_ID"]]
        fields = {name: row[name] for name in ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID")}
        fields |= {"ANCHOR_TYPE_ID": owner["ENTITY_TYPE_ID"], "ANCHOR_ID": owner["ENTITY_ID"]}
        self._outbox.emit(f"ONCRMADDRESS{what}", {"FIELDS": fields})

    def of_deal(self, deal_id: int) -> Row | None:
        """Which requisites a deal uses."""
        return next(iter(self._tables.requisite_links.by("ENTITY_ID", deal_id)), None)

    def link_deal(self, fields: Row) -> None:
        """Makes a deal use a requisite."""
        old = self.of_deal(fields["ENTITY_ID"])
        self._tables.requisite_links.add({**fields, **({"id": old["id"]} if old else {})})

    def clients_of_deal(self, deal: Row) -> set[tuple[int, int]]:
        """Whose requisites a deal may use."""
        clients = {(CONTACT.id, contact) for contact in deal["contactIds"]}
        return clients | ({(COMPANY.id, deal["companyId"])} if deal["companyId"] else set())

    def _add(self, table: Any, event: str, by: int, fields: Row) -> int:
        now = iso(self._clock.now())
        stamps = {"DATE_CREATE": now, "DATE_MODIFY": now, "CREATED_BY_ID": by, "MODIFY_BY_ID": by}
        row_id: int = table.add({"ACTIVE": "Y", "SORT": 500, **stamps, **fields})["id"]
        self._outbox.emit(event, {"FIELDS": {"ID": row_id}})
        return row_id

    def _emit(self, what: str, row_id: int, *, bank: bool) -> None:
        self._outbox.emit(f"ONCRM{'BANKDETAIL' if bank else 'REQUISITE'}{what}", {"FIELDS": {"ID": row_id}})
