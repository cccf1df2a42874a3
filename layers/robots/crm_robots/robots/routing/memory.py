"""What the robot remembers of a lead: the visit, every draw with its reasons, and what came of it."""

from typing import Literal

import msgspec

from crm_robots.shared.reference import Reference

type MadeId = int | Reference | None
"""An id; a reference while the decision is being performed; None for what the portal would not make."""
type Reason = Literal["absent", "dismissed", "not_employee"]
type Way = Literal["random", "round_robin", "least_loaded", "client", "head", "responsible", "admin", "same"]
type Lack = Literal["", "all_absent", "nobody", "no_department"]


class LeftOut(msgspec.Struct, frozen=True):
    """Somebody of the department who did not take part in a draw."""

    user: int
    why: Reason


class Draw(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How one service came to its manager: enough to check it by hand (R7)."""

    service: int
    """Id of the ticked dropdown item."""
    label: str
    department: int
    department_name: str
    manager: int
    way: Way
    """`client`: had the client already; `head`, `responsible`, `admin`: stands in, since `lack`; `same`: the
    department's manager of this lead, drawn for another service."""
    at: int
    """The event's time, unix seconds on the portal's clock."""
    eligible: tuple[int, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    chance: float | None = None
    """From 0 to 1: the place in the list of those among whom chance decided."""
    numbers: dict[int, int] = {}
    """By person: turns taken so far, or open deals."""
    lack: Lack = ""
    client_deal: int | None = None
    client_deal_title: str = ""
    absences_unknown: bool = False
    """The portal did not tell who is away."""


class MainDraw(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the main manager was chosen among those drawn."""

    manager: int
    way: Literal["random", "first"]
    among: tuple[int, ...] = ()
    chance: float | None = None


class RoutingMemory(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One lead. `deals` has an entry for every service that was drawn."""

    seen: bool = False
    closed: bool = False
    """Lost when last seen: nothing will be drawn."""
    visit_wanted: bool = False
    visit_task: MadeId = None
    visitor: int = 0
    """Who has the visit's task from us."""
    visit_over: bool = False
    """The task was closed: the report is there, or the lead is."""
    responsible: int = 0
    """Of the lead, when last seen."""
    draws: tuple[Draw, ...] = ()
    main: MainDraw | None = None
    deals: dict[int, MadeId] = {}
    told: tuple[int, ...] = ()
    """Services whose manager and deal people have been told of."""
    control_task: MadeId = None
    passed_over: tuple[int, ...] = ()
    """Services ticked on a lead that was closed before the robot first saw it."""
    unticked: tuple[int, ...] = ()
    """Services with a deal whose tick is gone; noted in the timeline."""
    comment: str = ""
    """The visitor's comment as the deals have it."""
    about: str = ""
    """What the deals say of a client without a card, and who visited; it stays as it was when they were made."""
    spoken: tuple[str, ...] = ()
    """Comments that some deal may still have from us; another one was written by a person, and stays."""
    contacts: tuple[int, ...] = ()
    company: int | None = None

    @property
    def drawn(self) -> frozenset[int]:
        """Services that have their manager."""
        return frozenset(draw.service for draw in self.draws)

    @property
    def deal_ids(self) -> dict[int, int]:
        """Service to deal, without those the portal would not make."""
        return {service: deal for service, deal in self.deals.items() if isinstance(deal, int)}
