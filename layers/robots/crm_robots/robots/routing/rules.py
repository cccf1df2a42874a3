"""The `routing` section once it is published."""

from typing import Literal

import msgspec


class Service(msgspec.Struct, frozen=True):
    """One item of the services field: who handles it, and where its deal starts."""

    item: int
    """Id of the dropdown item."""
    label: str
    department: int
    department_name: str
    category: int
    stage: str


class NewLeads(msgspec.Struct, frozen=True):
    """What the `conversion` section says of new leads."""

    assign_creator: bool = True


class RoutingRules(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the robot sends, what counts as a report, and how it draws."""

    representative: int | None
    """Who visits; None: the lead's responsible."""
    visit_deadline_hours: int
    visit_title: str
    services_field: str
    comment_field: str
    reported_stages: frozenset[str] | None
    """Lead stages at which the report is complete; None: the ticks alone say so."""
    services: tuple[Service, ...]
    """In the order of the settings file."""
    pick: Literal["random", "round_robin", "least_loaded"]
    skip_absent: bool
    main_manager: Literal["random", "first"]
    deal_title: str
    managers_field: str
    main_manager_field: str
    control_title: str
    control_deadline_days: int
    creator_leads: bool = False
    """The conversion robot gives a lead that was made by hand to its creator (C1), maybe at this very moment."""
    words: dict[str, dict[str, str]] = {}
    """Dropdowns of the lead that the titles name: field -> item id -> label."""

    @property
    def lead_fields(self) -> list[str]:
        """User fields of the lead that the robot looks at."""
        return sorted({self.services_field, self.comment_field, *(n for n in self.words if n.startswith("UF_"))})

    @property
    def departments(self) -> tuple[int, ...]:
        """Every department that some service is drawn in."""
        return tuple(dict.fromkeys(service.department for service in self.services))
