"""The chapters, in the order in which they are played."""

from collections.abc import Callable

from demo.story import client_status, conversion, deals, desk, lost_deal, qualification, routing
from demo.theatre import Theatre

type Chapter = Callable[[Theatre], None]

CHAPTERS: tuple[Chapter, ...] = (
    qualification.the_gate,
    qualification.page,
    qualification.consent,
    conversion.known_person,
    conversion.legal_entity,
    conversion.by_hand,
    routing.visit,
    lost_deal.no_money,
    client_status.a_month,
    desk.monday,
)
WITHOUT_LEADS: tuple[Chapter, ...] = (
    deals.the_gate,
    deals.page,
    lost_deal.no_money,
    client_status.a_month,
    desk.monday,
)
"""On a portal in simple CRM mode."""
