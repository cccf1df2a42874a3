"""The `qualification` section once it is published: every name is an id by now."""

from functools import cached_property

import msgspec

from crm_robots.shared.gate.gaps import Requirement
from crm_robots.shared.gate.rules import Gate
from crm_robots.shared.gate.stages import Stage


class LeadField(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field of the lead that the robot looks at."""

    code: str
    """`UF_CRM_AREA`, `PHONE`."""
    label: str
    type: str
    """Bitrix24's word for it: `enumeration`, `boolean`, `date` …; `crm_multifield` for phones and e-mails."""
    multiple: bool = False
    items: dict[str, str] = {}
    """Items of a dropdown or dictionary: id to label."""
    links_to: str = ""
    """Of a link to cards: what kind of card a bare number is of."""
    depends_on: str = ""
    """Of a dropdown: the field whose items say which of its own may stand (Q12)."""
    groups: dict[str, tuple[str, ...]] = {}
    """Item of that field -> own items that go with it."""

    @property
    def is_link(self) -> bool:
        """Whether its values are other cards of the CRM."""
        return self.type in ("crm", "crm_entity") or (self.type.startswith("crm_") and bool(self.links_to))


class Condition(msgspec.Struct, frozen=True, omit_defaults=True):
    """What another field must hold (Q13)."""

    field: str
    any_of: tuple[str, ...] = ()
    """Values in their plain spelling, of which it holds one; none: whatever it holds."""


class Conditional(msgspec.Struct, frozen=True):
    """A requirement that counts while all its conditions hold."""

    fields: Requirement
    when: tuple[Condition, ...]


type Need = Requirement | Conditional


class Direction(msgspec.Struct, frozen=True, omit_defaults=True):
    """What leads of one direction need, and who gets them. `user` or `department` is set, or neither."""

    label: str
    required: tuple[Need, ...] = ()
    confirm: tuple[str, ...] = ()
    user: int = 0
    department: int = 0
    team: str = ""
    """The department's name."""


class QualificationRules(msgspec.Struct, frozen=True, dict=True):
    """What the robot goes by."""

    direction_field: str
    gate: str
    stages: tuple[Stage, ...]
    """As they stood when the section was published; the robot takes the portal's own of today."""
    looked_at: tuple[LeadField, ...]
    """Every field that the robot looks at, in the order of the file."""
    directions: dict[str, Direction]
    """By the dropdown item's id."""
    required_always: tuple[Need, ...] = ()
    returns: bool = True
    """Whether a lead with gaps is put back, or only reminded of."""
    todo_hours: int | None = 24
    confirm_hours: int = 24
    form_hours: int | None = None
    """How long the fill-in page works; None: there is none."""
    next_steps: dict[str, str] = {}
    """Stage -> what the responsible of a complete lead does there."""
    kind: str = "lead"
    category: int = 0
    """Of deals: the funnel that is kept."""
    card_required: tuple[Requirement, ...] = ()
    """Of deals: what their contact, else their company, must have."""
    card_fields: dict[str, LeadField] = {}
    """The fields of contacts and companies that those name: `contact.PHONE`."""
    deals: "QualificationRules | None" = None

    @cached_property
    def fields(self) -> dict[str, LeadField]:
        """The same by code."""
        return {one.code: one for one in self.looked_at}

    @property
    def held_at(self) -> Gate:
        """The gate, and what happens to a lead with gaps."""
        return Gate(self.gate, self.stages, self.returns, self.todo_hours)

    @property
    def user_fields(self) -> list[str]:
        """What has to be named in a `select`, since `*` leaves user fields out."""
        return [code for code in self.fields if code.startswith("UF_")]
