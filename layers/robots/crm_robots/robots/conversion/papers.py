"""Reads companies with their requisites, accounts and addresses: a lone event in one request, a window in two or three.

Rows are taken by their own ids alone: a reference to something that is not there may bring anybody's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from crm_robots.portal import papers as ask
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command, Reply, rows_of
from crm_robots.portal.items import read_items, to_items
from crm_robots.portal.lists import PAGE
from crm_robots.robots.conversion.known import BankDetail, Requisite
from crm_robots.robots.conversion.readiness import Papers
from crm_robots.shared.items import Item, ItemRef, to_id
from crm_robots.shared.reference import Reference

KINDS = ("company", "requisite", "bankdetail")
_FEW = 4
_COMPANY = "4"
_TOGETHER = 25
"""Of so many owners the papers usually fit on one page."""


class Reader:
    """What was read so far."""

    def __init__(self, portal: Bitrix24, fields: Sequence[str]) -> None:
        self._portal = portal
        self._fields = fields
        self.companies: dict[ItemRef, Item] = {}
        self._requisites: dict[int, Requisite] = {}
        self._accounts: dict[int, BankDetail] = {}
        self._addresses: dict[int, set[int]] = {}
        self._looked_into: set[int] = set()
        """Requisites whose accounts and addresses were asked for."""

    def read(self, refs: Sequence[ItemRef], known: Mapping[ItemRef, int]) -> dict[ItemRef, int]:
        """Reads the companies behind these; returns whose each is. `known`: owners of what may be deleted."""
        if len(refs) <= _FEW:
            self._at_once(refs)
        else:
            self._take(self._portal.read(dict(_by_ids(refs))))
            orphans = {one.requisite_id for one in self._accounts.values()} - self._requisites.keys()
            self._ask("requisite", sorted(orphans), ask.requisites_by_id)
        owners = {ref: number for ref in refs if (number := self._owner(ref) or known.get(ref))}
        missing = sorted({n for n in owners.values() if ItemRef("company", n) not in self.companies})
        if missing:
            self._ask("requisites", missing, ask.requisites_of_companies, company=True)
        self._look_into_requisites()
        return owners

    def papers_of(self, company: int) -> list[Papers]:
        """Its requisites with all that belongs to them."""
        return [
            Papers(
                one,
                [account for account in self._accounts.values() if account.requisite_id == one.id],
                frozenset(self._addresses.get(one.id, ())),
            )
            for one in sorted(self._requisites.values(), key=lambda one: one.id)
            if one.company_id == company
        ]

    def _owner(self, ref: ItemRef) -> int | None:
        number = int(ref.id)
        if ref.kind == "company":
            return number
        if ref.kind == "bankdetail":
            number = self._accounts[number].requisite_id if number in self._accounts else 0
        return self._requisites[number].company_id if number in self._requisites else None

    def _at_once(self, refs: Sequence[ItemRef]) -> None:
        asked: dict[str, Command] = {}
        for number, ref in enumerate(refs):
            asked |= {f"{name}_{number}": command for name, command in _chain(ref, number, self._fields)}
        replies = self._portal.together(asked)
        self._take(replies)
        firsts = (rows_of(reply) for name, reply in replies.items() if name.startswith("requisites_"))
        self._looked_into |= {to_id(rows[0].get("ID")) or 0 for rows in firsts if rows}

    def _look_into_requisites(self) -> None:
        left = sorted(self._requisites.keys() - self._looked_into)
        self._looked_into |= set(left)
        asked = {**_chunks("accounts", left, ask.bank_details_of_requisites)}
        asked |= _chunks("addresses", left, ask.addresses_of_requisites)
        self._read_whole(asked)

    def _ask(
        self, name: str, ids: Sequence[int], command: Callable[[Sequence[int]], Command], *, company: bool = False
    ) -> None:
        asked = _chunks(name, ids, command)
        if company:
            asked |= {
                f"company_{some[0]}": read_items("company", some, self._fields)
                for some in batched(ids, PAGE, strict=False)
            }
        self._read_whole(asked)

    def _read_whole(self, asked: Mapping[str, Command]) -> None:
        """A page that is full may not be all there is: the rest is read page by page."""
        while asked:
            replies = self._portal.read(asked)
            self._take(replies)
            asked = {
                name: Command(asked[name].method, {**asked[name].params, "start": reply.next})
                for name, reply in replies.items()
                if reply.next
            }

    def _take(self, replies: Mapping[str, Reply]) -> None:
        for name, reply in replies.items():
            what, result = name.split("_")[0], rows_of(reply)
            if what == "company":
                self.companies |= to_items("company", result)
                continue
            rows = [result] if isinstance(result, Mapping) and what in ("requisite", "account") else result or ()
            for row in rows:
                self._take_row(what, row)

    def _take_row(self, what: str, row: Mapping[str, Any]) -> None:
        number, owner = to_id(row.get("ID")), to_id(row.get("ENTITY_ID"))
        fields = {name: "" if value is None else str(value) for name, value in row.items()}
        if what == "addresses" and owner:
            self._addresses.setdefault(owner, set()).add(to_id(row.get("TYPE_ID")) or 0)
        elif what.startswith("requisite") and number and owner and fields.get("ENTITY_TYPE_ID") == _COMPANY:
            self._requisites[number] = Requisite(number, owner, fields)
        elif what.startswith("account") and number and owner:
            self._accounts[number] = BankDetail(number, owner, fields)


def _by_ids(refs: Iterable[ItemRef]) -> Iterator[tuple[str, Command]]:
    ids = {kind: sorted(int(ref.id) for ref in refs if ref.kind == kind) for kind in ("requisite", "bankdetail")}
    yield from _chunks("requisite", ids["requisite"], ask.requisites_by_id).items()
    yield from _chunks("account", ids["bankdetail"], ask.bank_details_by_id).items()


def _chunks(name: str, ids: Sequence[int], command: Callable[[Sequence[int]], Command]) -> dict[str, Command]:
    return {f"{name}_{some[0]}": command(some) for some in batched(ids, _TOGETHER, strict=False)}


def _chain(ref: ItemRef, number: int, fields: Sequence[str]) -> Iterator[tuple[str, Command]]:
    """Everything about one company, each command by what the one before it found."""
    owner: ask.Id = int(ref.id)
    if ref.kind == "bankdetail":
        yield "account", ask.read_bank_detail(owner)
        owner = Reference(f"account_{number}", ("ENTITY_ID",))
    if ref.kind != "company":
        yield "requisite", ask.read_requisite(owner)
        owner = Reference(f"requisite_{number}", ("ENTITY_ID",))
    yield "company", read_items("company", [owner], fields)  # type: ignore[list-item]
    yield "requisites", ask.requisites_of_companies([owner])
    first = Reference(f"requisites_{number}", ("0", "ID"))
    yield "accounts", ask.bank_details_of_requisites([first])
    yield "addresses", ask.addresses_of_requisites([first])
