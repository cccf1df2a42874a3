"""Addresses of leads, which only the classic methods are documented to tell.

https://apidocs.bitrix24.com/api-reference/crm/leads/crm-lead-list.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crm_robots.portal.commands import Command, Reply
from crm_robots.shared.items import Item, to_id

_PARTS = [
    "ADDRESS",
    "ADDRESS_2",
    "ADDRESS_CITY",
    "ADDRESS_POSTAL_CODE",
    "ADDRESS_REGION",
    "ADDRESS_PROVINCE",
    "ADDRESS_COUNTRY",
]


def read_addresses(leads: Iterable[int]) -> Command:
    """The addresses of up to 50 leads."""
    return Command("crm.lead.list", {"filter": {"@ID": list(leads)}, "select": ["ID", *_PARTS], "start": -1})


def with_address(lead: Item, reply: Reply | None) -> Item:
    """The lead with its address, as far as the portal told it."""
    rows = reply.result if reply and isinstance(reply.result, list) else []
    row: Mapping[str, Any] = next((one for one in rows if to_id(one.get("ID")) == lead.ref.id), {})
    address = {name: row[name] for name in _PARTS if row.get(name)}
    return Item(lead.ref, {**lead.fields, **address}) if address else lead
