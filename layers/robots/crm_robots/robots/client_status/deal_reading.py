"""Deals with all their contacts, and a first guess at who their clients are."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from crm_robots.engine.item_robot import result_of
from crm_robots.portal.client import Bitrix24
from crm_robots.portal.client_deals import contacts_of_deal
from crm_robots.portal.commands import Command
from crm_robots.portal.errors import Gone, Refused
from crm_robots.portal.items import read_items, to_items
from crm_robots.robots.client_status.rules import ClientStatusRules
from crm_robots.robots.client_status.window import Answers
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.reference import Reference

_MOST_IDS = 50
_FIRST_CONTACTS = 3


def ask_deals(ids: Sequence[int]) -> dict[str, Command]:
    """Reads deals, 50 a command."""
    chunks = enumerate(batched(sorted(ids), _MOST_IDS, strict=False))
    return {f"deals_{place}": read_items("deal", chunk, ["contactIds"]) for place, chunk in chunks}


def guess_clients(count: int, rules: ClientStatusRules) -> dict[str, Command]:
    """Cards by reference to the deals that the same batch reads; one that does not exist is a harmless error."""
    asked: dict[str, Command] = {}
    for place in range(count):
        deal = Reference("deals_0", ("items", str(place)))
        if "contact" in rules.entities:
            for number in range(_FIRST_CONTACTS):
                asked[f"guess_contact_{place}_{number}"] = _card("contact", deal.at("contactIds", number), rules)
        if "company" in rules.entities:
            asked[f"guess_company_{place}"] = _card("company", deal.at("companyId"), rules)
    return asked


def _card(kind: str, reference: Reference, rules: ClientStatusRules) -> Command:
    # By a list, since it takes the same names of fields as every other card is read with.
    listed = read_items(kind, (), rules.fields_of(kind))
    return Command(listed.method, {**listed.params, "filter": {"id": reference}})


def guessed(answers: Answers) -> Iterator[Item]:
    """The cards that the guesses brought."""
    for name, reply in answers.items():
        if name.startswith("guess_") and not isinstance(reply.error, Gone | Refused):
            found = to_items(name.split("_")[1], result_of(answers, name))
            # A portal to which an empty reference means "any" answers with many.
            yield from found.values() if len(found) == 1 else ()


def deals_in(portal: Bitrix24, answers: Answers) -> dict[ItemRef, Item]:
    """The deals that were found, with their contacts even from a portal whose lists leave them out."""
    found: dict[ItemRef, Item] = {}
    for name in answers:
        if name.startswith("deals_"):
            found |= to_items("deal", result_of(answers, name))
    return found | _with_contacts(portal, [deal for deal in found.values() if "CONTACT_IDS" not in deal.fields])


def _with_contacts(portal: Bitrix24, deals: Iterable[Item]) -> dict[ItemRef, Item]:
    """https://apidocs.bitrix24.com/api-reference/crm/deals/contacts/crm-deal-contact-items-get.html"""
    deals = list(deals)
    asked = {str(deal.ref): contacts_of_deal(deal.ref.id) for deal in deals}
    answers = portal.read(asked) if asked else {}
    return {
        deal.ref: Item(deal.ref, {**deal.fields, "CONTACT_IDS": _contact_ids(result_of(answers, str(deal.ref)))})
        for deal in deals
    }


def _contact_ids(rows: list[dict[str, object]]) -> list[object]:
    return [row["CONTACT_ID"] for row in rows or ()]
