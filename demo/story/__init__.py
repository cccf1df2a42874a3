"""The chapters, in the order in which they are played."""

from collections.abc import Callable

from demo.story import client_status, conversion, lost_deal, qualification, routing
from demo.theatre import Theatre

CHAPTERS: tuple[Callable[[Theatre], None], ...] = (
    qualification.the_gate,
    qualification.consent,
    conversion.known_person,
    conversion.legal_entity,
    conversion.by_hand,
    routing.visit,
    lost_deal.no_money,
    client_status.a_month,
)
