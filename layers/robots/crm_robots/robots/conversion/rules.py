"""The `conversion` section once it is published, and what the robot remembers of a lead."""

from typing import Literal

import msgspec

from crm_robots.robots.conversion.choice import Choices
from crm_robots.shared.gate.gaps import Field, Requirement
from crm_robots.shared.gate.memory import GateMemory
from crm_robots.shared.gate.rules import Gate
from crm_robots.shared.reference import Reference
from crm_robots.shared.stop_list import StopList

type Requirements = tuple[Requirement, ...]
type Piece = Literal["contact", "company", "deal"]


class Place(msgspec.Struct, frozen=True):
    """Where a deal starts."""

    category_id: int
    stage_id: str


class CopyField(msgspec.Struct, frozen=True):
    """A field of the lead whose value the deal gets. `items`: of dropdowns, the lead's item to the deal's."""

    source: str
    target: str
    items: dict[str, int | str] | None = None
    label: str = ""
    """What the deal's field is called."""
    lacking: dict[str, str] = {}
    """Of dropdowns, the lead's items that the deal's field has not: id and label."""


class ConversionRules(msgspec.Struct, frozen=True, kw_only=True):
    """Everything by id; `fields` has the labels and types of all fields that requirements name."""

    assign_creator: bool = True
    new_stage: str = ""
    """Empty: leads are not moved on."""
    assigned_stage: str = ""
    gate: Gate
    fields: dict[str, Field]
    contact_required: Requirements
    legal_required: Requirements
    client_type_field: str
    individual: str
    """Item of `client_type_field`, as text."""
    legal_entity: str
    inn_field: str
    account_field: str
    bik_field: str
    links_duplicates: bool = True
    party_directory_url: str = ""
    """Empty: no directory is asked."""
    deal_direction_field: str = ""
    default_place: Place
    places: dict[str, Place] = {}
    """Item of `deal_direction_field`, as text, to the place."""
    deal_title: str = "{lead[TITLE]}"
    title_words: dict[str, dict[str, str]] = {}
    """Dropdowns that the title names: field, item id, label."""
    copy_fields: tuple[CopyField, ...] = ()
    contract_requires: tuple[str, ...] = ()
    """What a contract needs, in the words of the settings (C11)."""
    recheck_days: int = 0
    """The directory is asked about a company again after so many days; 0: never (C12)."""
    ready_field: str = ""
    """Yes/no field of the company; empty: none."""
    asks: bool = False
    """Of several cards that fit a person chooses one; else the likeliest is taken."""
    confirm_hours: int = 24
    """How long such a question waits. Of the `qualification` section; it is not compiled into this one."""
    links_at_once: bool = True
    """Else contact and company are linked with the lead when it is won (C2)."""
    stop_list: StopList = StopList()
    """Of the `client_status` section; it is not compiled into this one."""
    outcomes: dict[str, tuple[Piece, ...]]
    """By client type, `individual` and `legal_entity`."""
    company_preset: int = 0
    """Requisite preset of companies; 0: the portal has none with an INN, so no requisites are made."""
    entrepreneur_preset: int = 0

    @property
    def lead_fields(self) -> list[str]:
        """User fields of the lead that the robot looks at."""
        named = {self.client_type_field, self.inn_field, self.account_field, self.bik_field, self.deal_direction_field}
        named |= {one.source for one in self.copy_fields} | self.fields.keys() | self.title_words.keys()
        return sorted(name for name in named if name.startswith("UF_"))

    def fields_of(self, kind: str) -> list[str]:
        """User fields of a contact, company or deal that the robot looks at or fills."""
        copied = [one.target for one in self.copy_fields if one.target.startswith("UF_")]
        return sorted(copied if kind == "deal" else self.stop_list.fields_of(kind))


class ConversionMemory(msgspec.Struct, frozen=True):
    """What is settled about a lead. Ids are references until their things are made."""

    known: bool = False
    """The lead was seen before."""
    creator_settled: bool = False
    """Only a new lead gets its creator as responsible, and only once; whoever has it later keeps it."""
    repeat: bool = False
    """It came with its client."""
    gate: GateMemory = GateMemory()
    contact_id: int | Reference | None = None
    """Made by us, or found and linked by us."""
    contact_made: bool = False
    """It is there, and people were told; it may wait for its link until the lead is won."""
    contact_done: bool = False
    """It is linked; if a person takes the link away, it stays away."""
    company_made: bool = False
    """The same of the company."""
    company_done: bool = False
    company_id: int | Reference | None = None
    deal_id: int | Reference | None = None
    converted: bool = False
    to_complete: str = ""
    """An INN that the directory could not be asked about."""
    choices: Choices = Choices()
    """Questions of which card is meant (C13)."""
    seen_contacts: tuple[int | Reference, ...] = ()
    seen_company: int | None = None
    """The client as last seen: whose cards will be needed when the lead is won."""
