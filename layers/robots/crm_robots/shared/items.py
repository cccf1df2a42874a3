"""Leads, deals, contacts and companies as the robots see them, from either family of methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from crm_robots.shared.reference import Reference
from crm_robots.shared.typed import trimmed

ENTITY_TYPE_IDS = {"lead": 1, "deal": 2, "contact": 3, "company": 4}
KINDS = {number: kind for kind, number in ENTITY_TYPE_IDS.items()}
ABBREVIATIONS = {"lead": "L", "deal": "D", "contact": "C", "company": "CO"}
_ABBREVIATED = {short: kind for kind, short in ABBREVIATIONS.items()}


class ItemRef(NamedTuple):
    """Which item: `ItemRef("lead", 17)`. The id is a reference until the item is made."""

    kind: str
    id: int | Reference

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "ItemRef":
        """Reads `lead:17`; a `ValueError` says what is wrong with anything else."""
        kind, _, number = text.partition(":")
        if not number.isdigit():
            raise ValueError(f"{text!r} is not an item; an item is written like lead:17")
        return cls(kind, int(number))

    @classmethod
    def of_binding(cls, text: str, kind: str = "") -> "ItemRef | None":
        """Reads `CO_5`, or `5` where the field leads to one kind only; None for kinds that robots do not know."""
        short, _, number = text.rpartition("_")
        found = _ABBREVIATED.get(short, "") if short else kind
        return cls(found, int(number)) if found and number.isdigit() and int(number) else None

    @property
    def entity_type_id(self) -> int:
        """Bitrix24's number of the type: lead 1, deal 2, contact 3, company 4."""
        return ENTITY_TYPE_IDS[self.kind]

    @property
    def binding(self) -> str:
        """How tasks and binding fields name it: `L_17`, `CO_5`."""
        return f"{ABBREVIATIONS[self.kind]}_{self.id}"

    @property
    def path(self) -> str:
        """Its card, from the portal's root."""
        return f"/crm/{self.kind}/details/{self.id}/"


def to_id(value: Any) -> int | None:
    """An id in any of the portal's spellings (7, "7", 0, "0", "", None, [], False) as a number, or None."""
    if isinstance(value, bool) or value in (None, "", "0", 0, [], {}):
        return None
    try:
        return int(str(value))
    except ValueError:
        return None


def to_ids(value: Any) -> tuple[int, ...]:
    """A list of ids in any spelling: a list, a map (PHP), one value, or nothing."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, list | tuple):
        value = [value]
    return tuple(number for number in map(to_id, value) if number is not None)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(text) for text in value or () if trimmed(str(text)))


@dataclass(frozen=True, slots=True)
class Item:
    """One card. `fields` has upper-case names (`TITLE`, `STAGE_ID`, `UF_CRM_AREA`) and the portal's raw values.

    `PHONE` and `EMAIL` hold tuples of texts, `KINDS` what kind each of them is (`MOBILE`), if not the usual `WORK`.
    A lead's stage is `STAGE_ID` here, as a deal's is.
    """

    ref: ItemRef
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A standard text field; empty when the portal has none."""
        value = self.fields.get(name)
        return "" if value is None else trimmed(str(value))

    @property
    def title(self) -> str:
        """What people call it: a title, or a contact's full name."""
        full_name = " ".join(filter(None, (self.text("NAME"), self.text("LAST_NAME"))))
        named = full_name if self.ref.kind == "contact" else self.text("TITLE")
        return named or self.text("TITLE") or full_name or f"#{self.ref.id}"

    @property
    def stage_id(self) -> str:
        """Stage of a lead or deal; empty for clients."""
        return self.text("STAGE_ID")

    @property
    def stage_semantics(self) -> str:
        """`P` in progress, `S` success, `F` failure; empty when the portal does not tell."""
        return self.text("STAGE_SEMANTIC_ID")

    @property
    def is_closed(self) -> bool:
        """A lead or deal at one of its final stages."""
        return self.stage_semantics in ("S", "F")

    @property
    def category_id(self) -> int:
        """A deal's category (funnel); 0 is a category too."""
        return to_id(self.fields.get("CATEGORY_ID")) or 0

    @property
    def responsible_id(self) -> int | None:
        """Its responsible."""
        return to_id(self.fields.get("ASSIGNED_BY_ID"))

    @property
    def created_by_id(self) -> int | None:
        """Who made it."""
        return to_id(self.fields.get("CREATED_BY"))

    @property
    def updated_by_id(self) -> int | None:
        """Who saved it last: a hint, since a later save hides an earlier one."""
        return to_id(self.fields.get("UPDATED_BY"))

    @property
    def moved_by_id(self) -> int | None:
        """Who moved it to its stage."""
        return to_id(self.fields.get("MOVED_BY"))

    @property
    def contact_ids(self) -> tuple[int, ...]:
        """All its contacts, the primary one first."""
        primary = to_ids(self.fields.get("CONTACT_ID"))
        return tuple(dict.fromkeys(primary + to_ids(self.fields.get("CONTACT_IDS"))))

    @property
    def company_id(self) -> int | None:
        """Its company."""
        return to_id(self.fields.get("COMPANY_ID"))

    @property
    def lead_id(self) -> int | None:
        """The lead that it came from."""
        return to_id(self.fields.get("LEAD_ID"))

    @property
    def phones(self) -> tuple[str, ...]:
        """Phone numbers as people typed them."""
        return _texts(self.fields.get("PHONE"))

    @property
    def emails(self) -> tuple[str, ...]:
        """E-mail addresses as people typed them."""
        return _texts(self.fields.get("EMAIL"))

    @property
    def kinds(self) -> Mapping[str, str]:
        """Kinds of phones and e-mails by their texts; those that are not named are `WORK`."""
        kinds: Mapping[str, str] = self.fields.get("KINDS") or {}
        return kinds
