"""What a section can point at: the portal's stages, categories, fields and people, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crm_robots.shared.names import folded
from crm_robots.shared.people import Directory

KINDS = ("lead", "deal", "contact", "company")


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of leads (no category) or of deals in one category."""

    id: str
    name: str
    semantics: str = "P"
    """`P` in progress, `S` success, `F` failure."""
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category (funnel) of deals; 0 is the general one."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class EnumItem:
    """An item of a dropdown; of a dictionary such as SOURCE the id is its code."""

    id: int | str
    value: str
    xml_id: str = ""
    sort: int = 0


@dataclass(frozen=True, slots=True)
class PortalField:
    """A field of one kind of item. `code` is our spelling: `ASSIGNED_BY_ID`, `UF_CRM_AREA`."""

    kind: str
    code: str
    label: str
    type: str
    multiple: bool = False
    items: tuple[EnumItem, ...] = ()
    id: int = 0
    """Number of the user field; 0 for a standard field."""
    links_to: str = ""
    """Of a link to cards: the one kind that it may lead to, `contact`; its values are bare numbers then."""

    def item(self, label: str) -> EnumItem | None:
        """The dropdown's item of that label; exactly spelt ones first."""
        exact = (one for one in self.items if one.value == label)
        alike = (one for one in self.items if folded(one.value) == folded(label))
        return next(exact, None) or next(alike, None)


@dataclass(frozen=True, slots=True)
class PortalData:
    """The portal as far as settings are concerned."""

    origin: str = ""
    """`https://acme.bitrix24.example`."""
    webhook_user_id: int = 0
    categories: tuple[Category, ...] = ()
    stages: Mapping[int | None, tuple[Stage, ...]] = field(default_factory=dict)
    """By category, None for leads; in the portal's order, in progress first."""
    fields: Mapping[tuple[str, str], PortalField] = field(default_factory=dict)
    """By kind and code."""
    presets: tuple[tuple[int, str, str], ...] = ()
    """Requisite presets: id, name, XML_ID."""
    directory: Directory = field(default_factory=Directory)
    simple_crm: bool = False
    """Simple CRM mode: there are no leads."""
    scopes: frozenset[str] | None = None
    """Those of the incoming webhook; None where the portal does not tell."""
    silent_telephony: bool = False
    """It made calls, and its statistics are empty: the right to see them is missing."""

    def with_fields(self, *changed: PortalField) -> "PortalData":
        """The portal as it will be with these fields."""
        return replace(self, fields={**self.fields, **{(one.kind, one.code): one for one in changed}})
