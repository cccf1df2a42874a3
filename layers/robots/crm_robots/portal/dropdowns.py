"""Labels of dropdown items, which only the list of user fields tells.

https://apidocs.bitrix24.com/api-reference/crm/leads/userfield/crm-lead-userfield-list.html
"""

from collections.abc import Mapping
from typing import Any

from crm_robots.portal.commands import Command


def dropdown(kind: str, code: str) -> Command:
    """Asks for one user field."""
    return Command(f"crm.{kind}.userfield.list", {"filter": {"FIELD_NAME": code}})


def to_labels(result: Any) -> dict[str, str]:
    """The answer: item id to label."""
    fields = result.values() if isinstance(result, Mapping) else result or ()
    items = (item for field in fields for item in field.get("LIST") or ())
    return {str(item["ID"]): str(item.get("VALUE") or "") for item in items}
