"""How the portal is furnished: categories, dictionaries of stages and the like, presets, fields, layouts of cards.

https://apidocs.bitrix24.com/api-reference/crm/status/crm-status-list.html
https://apidocs.bitrix24.com/api-reference/crm/universal/item-details-configuration/
"""

from typing import Any

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.commands import Command
from crm_robots.shared.items import ENTITY_TYPE_IDS


def deal_categories() -> Command:
    """Asks for the funnels of deals, the general one included."""
    return Command("crm.category.list", {"entityTypeId": 2})


def dictionary(entity_id: str) -> Command:
    """Asks for a dictionary: `STATUS` has the stages of leads, `SOURCE` their sources."""
    return Command("crm.status.list", {"filter": {"ENTITY_ID": entity_id}, "order": {"SORT": "ASC"}})


def requisite_presets() -> Command:
    """Asks for the templates of Russian requisites."""
    wanted = {"COUNTRY_ID": "1", "ACTIVE": "Y"}
    return Command("crm.requisite.preset.list", {"select": ["ID", "NAME", "XML_ID"], "filter": wanted})


def fields_of(kind: str) -> Command:
    """Asks for all fields of a kind of items."""
    return Command("crm.item.fields", {"entityTypeId": ENTITY_TYPE_IDS[kind], "useOriginalUfNames": "Y"})


def user_fields_of(kind: str, language: str, start: int = 0) -> Command:
    """Asks for a page of a kind's user fields. Without LANG there are no labels."""
    return Command(f"crm.{kind}.userfield.list", {"filter": {"LANG": language}, **({"start": start} if start else {})})


class LeadCard:
    """The common layout of lead cards; simple and repeat leads have one each."""

    def __init__(self, portal: Bitrix24, customer: int) -> None:
        self._portal = portal
        extras = {"leadCustomerType": customer}
        self._target = {"entityTypeId": ENTITY_TYPE_IDS["lead"], "scope": "C", "extras": extras}

    def read(self) -> Any:
        """Its sections; empty where the portal's own layout is in force."""
        return self._portal.call("crm.item.details.configuration.get", self._target)

    def write(self, sections: Any) -> None:
        """Puts these sections in the place of what is there."""
        self._portal.call("crm.item.details.configuration.set", {**self._target, "data": sections})
