"""The portal's answers about one lead, put together into what a decision looks at."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from crm_robots.portal.client_lookups import cities_in, deal_ids, found_ids, is_person, linked_ids
from crm_robots.portal.commands import Reply, rows_of
from crm_robots.portal.items import to_items
from crm_robots.portal.lead_stages import to_history
from crm_robots.portal.writes.items import is_ours, product_rows
from crm_robots.robots.conversion.known import BankDetail, DirectoryAnswer, Known, Requisite
from crm_robots.robots.conversion.questions import Search
from crm_robots.shared.items import Item, ItemRef, to_id

_PRODUCT_FIELDS = (
    "productId",
    "productName",
    "price",
    "quantity",
    "discountTypeId",
    "discountRate",
    "discountSum",
    "taxRate",
    "taxIncluded",
    "measureCode",
    "sort",
)
_SEARCHED = re.compile(r"(?:phone|email)\d+_(\w+)")
_OPEN = re.compile(r"open\d_(\w+)_(\d+)")


class Findings:
    """Grows round by round. A question that the portal refuses has no rows, except where a twin could come of that."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.history: tuple[str, ...] = ()
        self.creator_is_person = False
        self.products_from = 0
        """Where the lead's further product rows begin; 0: there are no more."""
        self._cards: dict[ItemRef, Item] = {}
        self._of_lead: dict[ItemRef, bool] = {}
        """Whether it is ours."""
        self._linked: list[int] = list(search.lead.contact_ids)
        self._candidates: dict[ItemRef, None] = {}
        self._requisites: dict[int, Requisite] = {}
        self._bank_details: dict[int, list[BankDetail]] = {}
        self._open: dict[ItemRef, set[int]] = {}
        self._cities: dict[ItemRef, str] = {}
        self._products: dict[Any, dict[str, Any]] = {}
        self._with_products: set[int] = set()

    @property
    def known(self) -> Known:
        """Everything so far, without the directory."""
        ranked = sorted(self._of_lead, key=lambda ref: (self._of_lead[ref], int(ref.id)))
        return Known(
            cards=self._cards,
            of_lead=tuple(ranked),
            linked=tuple(self._linked),
            candidates=tuple(self._candidates),
            requisites=tuple(self._requisites.values()),
            bank_details=tuple(one for rows in self._bank_details.values() for one in rows),
            open_deals={ref: len(deals) for ref, deals in self._open.items()},
            cities=self._cities,
            products=tuple(self._products.values()),
            deals_with_products=frozenset(self._with_products),
        )

    def known_with(self, directory: DirectoryAnswer) -> Known:
        """Everything."""
        return replace(self.known, directory=directory)

    def take_first(self, replies: Mapping[str, Reply]) -> None:
        """The first round."""
        for what, reply in self._mine(replies):
            if searched := _SEARCHED.fullmatch(what):
                ids = found_ids(searched[1], _sure(reply))
                self._candidates |= {ItemRef(searched[1], number): None for number in ids}
            elif what == "inn":
                self._take_requisites(_sure(reply))
            elif what == "history":
                self.history = to_history(rows_of(reply))
            elif what == "creator":
                self.creator_is_person = is_person(rows_of(reply), self.search.view.creator_id)
            elif what == "links":
                self._linked = list(dict.fromkeys([*linked_ids(rows_of(reply)), *self._linked]))
            elif what == "products":
                self._take_products(reply)
        self._take_made(replies)
        self._take_cards(replies)

    def take_more(self, replies: Mapping[str, Reply]) -> None:
        """A later round."""
        self._take_cards(replies)
        for what, reply in self._mine(replies):
            if what.startswith("requisites"):
                self._take_requisites(_sure(reply))
            elif what.startswith("bank"):
                self._bank_details[int(what.removeprefix("bank"))] = list(_bank_rows(rows_of(reply)))
            elif what.startswith("rows") and product_rows(rows_of(reply)):
                self._with_products.add(int(what.removeprefix("rows")))
            elif rival := _OPEN.fullmatch(what):
                self._open.setdefault(ItemRef(rival[1], int(rival[2])), set()).update(deal_ids(rows_of(reply)))
            elif what.startswith("city_"):
                self._cities |= cities_in(what.removeprefix("city_"), rows_of(reply))

    def unread(self, kind: str) -> list[int]:
        """Cards that were mentioned and not read yet."""
        mentioned = [ref for ref in (*self._of_lead, *self._candidates) if ref.kind == kind]
        if kind == "contact":
            mentioned += [ItemRef(kind, number) for number in self._linked]
        if kind == "company":
            mentioned += [ItemRef(kind, one.company_id) for one in self._requisites.values()]
        return [int(ref.id) for ref in dict.fromkeys(mentioned) if ref not in self._cards]

    def companies(self) -> list[int]:
        """Companies whose requisites matter and are not known."""
        linked = [self.search.lead.company_id] if self.search.lead.company_id else []
        others = [int(ref.id) for ref in (*self._of_lead, *self._candidates) if ref.kind == "company"]
        return list(dict.fromkeys([*linked, *others]))

    def rivals(self, kind: str) -> list[int]:
        """Cards of which one has to be chosen."""
        owners = [one.company_id for one in self._requisites.values()] if kind == "company" else []
        found = [int(ref.id) for ref in self._candidates if ref.kind == kind]
        return list(dict.fromkeys([*owners, *found]))

    def deals(self) -> list[int]:
        """Deals that were made of the lead, if the lead has products to give them."""
        return [int(ref.id) for ref in self._of_lead if ref.kind == "deal"] if self._products else []

    def requisites_without_accounts(self) -> list[int]:
        """Requisites whose bank details are not read yet."""
        return [number for number in self._requisites if number not in self._bank_details]

    def _mine(self, replies: Mapping[str, Reply]) -> Iterator[tuple[str, Reply]]:
        prefix = self.search.name("")
        return ((name.removeprefix(prefix), reply) for name, reply in replies.items() if name.startswith(prefix))

    def _take_made(self, replies: Mapping[str, Reply]) -> None:
        for what, reply in self._mine(replies):
            how, _, kind = what.partition("_")
            if how == "made" and reply.error is None:
                cards = {r: c for r, c in to_items(kind, reply.result).items() if self._came_of_the_lead(c.fields)}
                self._cards |= cards
                self._note_made(kind, (card.fields for card in cards.values()))
            elif how == "classic":
                self._note_made(kind, (row for row in _sure(reply) or () if self._came_of_the_lead(row)))
            elif how == "marked":
                self._note_made(kind, rows_of(reply) or ())

    def _came_of_the_lead(self, row: Mapping[str, Any]) -> bool:
        """A portal that does not filter by it would give us everybody's."""
        return to_id(row.get("LEAD_ID")) == self.search.lead.ref.id

    def _note_made(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Another robot's deals are no concern of ours."""
        for row in rows:
            number = to_id(row.get("ID"))
            if number and (not is_ours(row) or is_ours(row, f"{self.search.lead.ref}:{kind}")):
                self._of_lead.setdefault(ItemRef(kind, number), is_ours(row))

    def _take_cards(self, replies: Mapping[str, Reply]) -> None:
        for what, reply in self._mine(replies):
            if what.startswith("cards_"):
                self._cards |= to_items(what.removeprefix("cards_"), _sure(reply))

    def _take_products(self, reply: Reply) -> None:
        """Ends with the first page that brings nothing new, whatever the portal says about a next one."""
        new = {
            row.get("id"): _product(row) for row in product_rows(rows_of(reply)) if row.get("id") not in self._products
        }
        self._products |= new
        self.products_from = (reply.next or 0) if new else 0

    def _take_requisites(self, rows: Any) -> None:
        for row in rows or ():
            number, owner = to_id(row.get("ID")), to_id(row.get("ENTITY_ID"))
            if number and owner:
                fields = {name: str(value or "") for name, value in row.items()}
                self._requisites.setdefault(number, Requisite(number, owner, fields))


def _sure(reply: Reply) -> Any:
    """The result of a question without whose answer a twin could be made."""
    if reply.error is not None:
        raise reply.error
    return reply.result


def _bank_rows(rows: Any) -> Iterator[BankDetail]:
    for row in rows or ():
        number, owner = to_id(row.get("ID")), to_id(row.get("ENTITY_ID"))
        if number and owner:
            yield BankDetail(number, owner, {name: str(value or "") for name, value in row.items()})


def _product(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in _PRODUCT_FIELDS if row.get(name) not in (None, "", 0)}
