"""What the portal and the directory know that bears on a lead's client."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_robots.shared.items import Item, ItemRef


@dataclass(frozen=True, slots=True)
class Requisite:
    """A requisite of a company; `fields` are `RQ_…` as texts."""

    id: int
    company_id: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BankDetail:
    """An account of a requisite; `fields` are `RQ_…` as texts."""

    id: int
    requisite_id: int
    fields: Mapping[str, str]

    @property
    def account(self) -> str:
        """Its number."""
        return self.fields.get("RQ_ACC_NUM", "")


@dataclass(frozen=True, slots=True)
class Party:
    """A company or an entrepreneur as the directory has it. Texts are empty where it says nothing."""

    inn: str
    name: str
    full_name: str = ""
    kpp: str = ""
    ogrn: str = ""
    address: str = ""
    head: str = ""
    person: tuple[str, str, str] = ("", "", "")
    """Last, first and second name of an entrepreneur."""
    is_closed: bool = False
    """Liquidated, or being liquidated or declared bankrupt."""
    closed_as: str = ""
    """`LIQUIDATED`, `LIQUIDATING` or `BANKRUPT`."""


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank as the directory has it."""

    bik: str
    name: str
    correspondent_account: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryAnswer:
    """What the directory says of an INN and a BIK; None: it does not know, or was not asked."""

    party: Party | None = None
    bank: Bank | None = None
    is_down: bool = False
    """One of the two questions got no answer."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything at the moment of the decision."""

    cards: Mapping[ItemRef, Item] = field(default_factory=dict)
    """Every contact, company and deal that was read."""
    of_lead: tuple[ItemRef, ...] = ()
    """Made of this lead, by a person, by the portal or by us; those of people first, then the oldest first."""
    linked: tuple[int, ...] = ()
    """The lead's contacts, the primary one first."""
    candidates: tuple[ItemRef, ...] = ()
    """Found by phone or e-mail; who they are is for us to say."""
    requisites: tuple[Requisite, ...] = ()
    bank_details: tuple[BankDetail, ...] = ()
    open_deals: Mapping[ItemRef, int] = field(default_factory=dict)
    """How many each of several possible cards has."""
    cities: Mapping[ItemRef, str] = field(default_factory=dict)
    products: tuple[Mapping[str, Any], ...] = ()
    """Product rows of the lead, ready for the deal."""
    deals_with_products: frozenset[int] = frozenset()
    directory: DirectoryAnswer = DirectoryAnswer()

    def made(self, kind: str) -> Item | None:
        """What was made of the lead."""
        return next((self.cards[ref] for ref in self.of_lead if ref.kind == kind and ref in self.cards), None)

    def possible(self, kind: str) -> Iterator[Item]:
        """Cards that may be the client's. A stale id has no card."""
        return (self.cards[ref] for ref in self.candidates if ref.kind == kind and ref in self.cards)

    def requisites_of(self, company_id: int) -> list[Requisite]:
        """The requisites of a company, in the portal's order."""
        return [one for one in self.requisites if one.company_id == company_id]
