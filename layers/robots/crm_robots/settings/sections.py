"""The table of sections: what each is made of, how it is compiled, and what it needs on the portal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from crm_robots.robots.client_status.compile import compile_client_status
from crm_robots.robots.client_status.settings import ClientStatus
from crm_robots.robots.conversion.compile import compile_conversion
from crm_robots.robots.conversion.settings import Conversion
from crm_robots.robots.lost_deal.compile import compile_lost_deal
from crm_robots.robots.lost_deal.settings import LostDeal
from crm_robots.robots.qualification.compile import compile_qualification
from crm_robots.robots.qualification.settings import Qualification
from crm_robots.robots.routing.compile import compile_routing
from crm_robots.robots.routing.settings import Routing
from crm_robots.settings.base import Strict
from crm_robots.settings.desk import Desk
from crm_robots.settings.facts import PortalFacts
from crm_robots.settings.portal_compile import compile_portal
from crm_robots.settings.portal_section import Portal
from crm_robots.settings.problems import Problem
from crm_robots.settings.provision import specs
from crm_robots.settings.provision.card import arrange_card
from crm_robots.settings.statuses import replan_timers, statuses_in_use


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the file."""

    model: type[Strict]
    compile: Callable[[Any, PortalFacts], Any]
    """The model and the portal in, a robot's rules out."""
    fields: Callable[[Any, str], Iterable[specs.WantedField]] = lambda _section, _language: ()
    """The user fields it wants on the portal, with labels in that language."""
    objections: Callable[[Any, str, Desk], Iterable[Problem]] = lambda _section, _before, _desk: ()
    """Reasons against it that stand in our tables; `before` is the text in force, empty if there is none."""
    arrange: Callable[..., list[str]] | None = None
    """Lays out a card; returns the titles of changed parts."""
    after_publish: Callable[[Any, Any, Desk], None] | None = None
    """The work that follows from a new version; gets the earlier rules (None if there were none) and the new ones."""


SECTIONS: dict[str, Section] = {
    "portal": Section(Portal, compile_portal, after_publish=lambda _before, rules, desk: desk.keep_hosts(rules.hosts)),
    "qualification": Section(
        Qualification, compile_qualification, fields=specs.qualification_fields, arrange=arrange_card
    ),
    "conversion": Section(Conversion, compile_conversion, fields=specs.conversion_fields),
    "routing": Section(Routing, compile_routing, fields=specs.routing_fields),
    "lost_deal": Section(LostDeal, compile_lost_deal, fields=specs.lost_deal_fields),
    "client_status": Section(
        ClientStatus,
        compile_client_status,
        fields=specs.client_status_fields,
        objections=statuses_in_use,
        after_publish=replan_timers,
    ),
}
"""In the order in which they are published: later ones may use fields of earlier ones."""
