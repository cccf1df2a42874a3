"""Fields of a card as actions."""

from collections.abc import Mapping

from crm_robots.robots.qualification.rules import QualificationRules
from crm_robots.robots.qualification.values import Value, to_write
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.items import Item


def writes(
    lead: Item, wanted: Mapping[str, Value], now: Mapping[str, Value], rules: QualificationRules, why: str
) -> tuple[UpdateItem, ...]:
    """Fields that get a value and fields that are emptied go separately: two methods of the portal write them."""
    filled = [code for code, value in wanted.items() if value is not None]
    emptied = [code for code, value in wanted.items() if value is None]
    return tuple(
        UpdateItem(
            item=lead.ref,
            fields={code: to_write(wanted[code], rules.fields[code]) for code in codes},
            old={code: to_write(now.get(code), rules.fields[code]) for code in codes},
            rule=why,
        )
        for codes in (filled, emptied)
        if codes
    )
