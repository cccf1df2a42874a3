"""Looks up what bears on the leads' clients, for a whole window at once.

Three rounds at the most, each only for leads that need it: what goes by the lead's own id, phones and INN; the cards
and requisites that this brings up; the bank details of those requisites.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.client_lookups import bank_details_of, cities_of, open_deals_of, requisites_of_company
from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.errors import Refused
from crm_robots.portal.items import read_items
from crm_robots.portal.writes.items import items_of_lead, products_of
from crm_robots.robots.conversion.findings import Findings
from crm_robots.robots.conversion.questions import PIECES, Search, questions_of
from crm_robots.shared.items import ItemRef

_MOST_CARDS = 50


def look_up(portal: Bitrix24, searches: Sequence[Search], answers: Mapping[str, Reply]) -> dict[ItemRef, Findings]:
    """`answers`: questions by a lead's id that went along with the lead itself."""
    if not searches:
        return {}
    found = {search.lead.ref: Findings(search) for search in searches}
    asked = {name: command for search in searches for name, command in questions_of(search).items()}
    replies = _read(portal, {name: command for name, command in asked.items() if name not in answers})
    replies = {name: answers[name] for name in asked if name in answers} | replies
    replies |= _read(portal, dict(_classic(searches, replies)))
    for findings in found.values():
        findings.take_first(replies)
    while more := {name: command for findings in found.values() for name, command in _more_products(findings)}:
        replies = _read(portal, more)
        for findings in found.values():
            findings.take_first(replies)
    for follow_up in (_cards_and_requisites, _bank_details):
        asked = {name: command for findings in found.values() for name, command in follow_up(findings)}
        replies = _read(portal, asked)
        for findings in found.values():
            findings.take_more(replies)
    return found


def _read(portal: Bitrix24, commands: Mapping[str, Command]) -> dict[str, Reply]:
    return portal.read(commands) if commands else {}


def _classic(searches: Iterable[Search], replies: Mapping[str, Reply]) -> Iterator[tuple[str, Command]]:
    """The universal list is not promised to filter by `leadId`; the classic one is known to."""
    for search in searches:
        for kind in PIECES:
            reply = replies.get(search.name(f"made_{kind}"))
            if reply is not None and isinstance(reply.error, Refused):
                yield search.name(f"classic_{kind}"), items_of_lead(kind, int(search.lead.ref.id))


def _more_products(findings: Findings) -> Iterator[tuple[str, Command]]:
    if findings.products_from:
        lead_id = int(findings.search.lead.ref.id)
        yield findings.search.name("products"), products_of("lead", lead_id, findings.products_from)


def _cards_and_requisites(findings: Findings) -> Iterator[tuple[str, Command]]:
    search = findings.search
    for kind in PIECES:
        ids = findings.unread(kind)[:_MOST_CARDS]
        if ids:
            yield search.name(f"cards_{kind}"), read_items(kind, ids, search.rules.fields_of(kind))
    for number in findings.companies() if search.seeks_company else ():
        yield search.name(f"requisites{number}"), requisites_of_company(number)
    for kind in ("contact", "company"):
        rivals = findings.rivals(kind)
        if search.rules.asks and len(rivals) > 1:
            yield search.name(f"city_{kind}"), cities_of(kind, rivals[:_MOST_CARDS])
        for number in rivals if len(rivals) > 1 else ():
            for place, command in enumerate(open_deals_of(kind, number)):
                yield search.name(f"open{place}_{kind}_{number}"), command
    for number in findings.deals():
        yield search.name(f"rows{number}"), products_of("deal", number)
    yield from _bank_details(findings)


def _bank_details(findings: Findings) -> Iterator[tuple[str, Command]]:
    for number in findings.requisites_without_accounts():
        yield findings.search.name(f"bank{number}"), bank_details_of(number)
