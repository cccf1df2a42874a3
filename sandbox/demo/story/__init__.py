"""The chapters, in the order in which they are played."""

from collections.abc import Callable

from sandbox.demo.story import lost_deal, qualification
from sandbox.demo.theatre import Theatre

CHAPTERS: tuple[Callable[[Theatre], None], ...] = (
    qualification.the_gate,
    qualification.consent,
    lost_deal.no_money,
)
