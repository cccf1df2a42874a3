"""Everything that a card lacks, in words: its own fields, and of a deal what its client's card must have (Q15)."""

from collections.abc import Iterator, Mapping

from crm_robots.robots.qualification.case import Case
from crm_robots.robots.qualification.gaps import gap_key, gaps
from crm_robots.robots.qualification.values import Value
from crm_robots.shared.gate.gaps import Gap, key_of, unmet
from crm_robots.shared.gate.gaps import lacks as lacks_field
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import Markup


def lacks(lead: Item, values: Mapping[str, Value], case: Case) -> tuple[Gap, ...]:
    """What is missing, the card's own fields first."""
    own = (Gap(gap_key(one, values, case.rules), case.words.gap(one, values)) for one in gaps(values, case.rules))
    return (*own, *card_gaps(lead, case))


def client_of(deal: Item) -> ItemRef | None:
    """The card that `contact_required` is asked of: the deal's contact, else its company."""
    if deal.contact_ids:
        return ItemRef("contact", deal.contact_ids[0])
    return ItemRef("company", deal.company_id) if deal.company_id else None


def card_gaps(deal: Item, case: Case) -> Iterator[Gap]:
    """What the client's card lacks, with a link to it. A card that is not there lacks everything."""
    client = client_of(deal) if case.rules.card_required else None
    for labels, key in _missing(client.kind if client else "contact", case):
        if case.client:
            named: str = Markup("{} ({})").format(labels, case.portal.link_to(case.client))
        else:
            named = case.texts.say("no_client", fields=labels)
        yield Gap(f"client:{key}", named)


def card_labels(deal: Item, case: Case) -> tuple[str, ...]:
    """The same without names, for the page."""
    client = client_of(deal) if case.rules.card_required else None
    return tuple(labels for labels, _ in _missing(client.kind if client else "contact", case))


def _missing(kind: str, case: Case) -> Iterator[tuple[str, str]]:
    fields = case.rules.card_fields
    # What that kind of card does not have is not asked of it.
    asked = [tuple(code for code in one if f"{kind}.{code}" in fields) for one in case.rules.card_required]
    for one in unmet(filter(None, asked), lambda code: _is_empty(f"{kind}.{code}", code, case)):
        yield case.words.either(fields[f"{kind}.{code}"].label for code in one), key_of(one)


def _is_empty(name: str, code: str, case: Case) -> bool:
    return case.client is None or lacks_field(case.client, code, case.rules.card_fields[name].type)
