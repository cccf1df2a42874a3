"""Q10: as soon as a direction is chosen, the timeline says what it asks for, with a link to a page for that."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.gaps import direction_of
from crm_robots.robots.qualification.lacks import card_labels, client_of, lacks
from crm_robots.robots.qualification.memory import Form, LeadMemory
from crm_robots.robots.qualification.values import Value
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup
from crm_robots.shared.tokens import digest_of

_MOST_PAGES = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """What is said of a direction, once per card for good."""

    direction: str
    text: Markup = NOTHING
    """What it asks for."""
    link: Markup = NOTHING
    """The line with the link, where there is a page."""
    page: Form | None = None


def offer(lead: Item, values: Mapping[str, Value], memory: LeadMemory, case: Case) -> Offer | None:
    """What is to be offered with this event."""
    rules, direction = case.rules, direction_of(values, case.rules)
    was = direction_of(memory.values or {}, rules)
    is_open = case.order.semantics(lead) not in ("S", "F")
    missing = lacks(lead, values, case)
    if not direction or direction in (was, *memory.offered) or not is_open or not missing:
        return None
    listed = [one.text for one in missing]
    text = case.texts.listed("offer", listed, direction=case.words.direction(direction))
    base = (case.base or memory.base).rstrip("/")
    if rules.form_hours is None or not base:
        return Offer(direction, text)
    link = case.texts.say("offer_link", link=f"{base}/form/{case.form_token}", hours=rules.form_hours)
    page = Form(digest_of(case.form_token), case.ts, case.received, rules.form_hours)
    return Offer(direction, text, link, page)


def with_offer(memory: LeadMemory, lead: Item, made: Offer | None, case: Case) -> LeadMemory:
    """The memory with the page that is offered now; pages whose time is over by the portal's clock are marked so."""
    forms = tuple(replace(one, lapsed=one.lapsed_on_portal(case.ts)) for one in memory.forms)
    if made and made.page:
        forms = (*forms, made.page)[-_MOST_PAGES:]
    client = client_of(lead) if case.rules.card_required else None
    return replace(
        memory,
        offered=(*memory.offered, made.direction) if made else memory.offered,
        forms=forms,
        title=lead.title if forms else "",
        client=str(client or ""),
        client_lacks=card_labels(lead, case),
    )
