"""Loads the modules whose methods make up the portal's REST."""

from importlib import import_module

MODULES = (
    "crm_item",
    "classic",
    "item_fields",
    "userfield",
    "userfieldconfig",
    "dictionaries",
    "comments",
    "log_messages",
    "todo",
    "activity",
    "item_links",
    "duplicates",
    "requisite",
    "bank_detail",
    "address",
    "preset",
    "products",
    "card_layout",
    "automation",
    "task",
    "user",
    "chat",
    "feed",
    "calendar",
    "telephony",
    "system",
    "refused",
)


def load() -> None:
    """Importing a module registers its methods."""
    for name in MODULES:
        import_module(f"sandbox.rest.{name}")
