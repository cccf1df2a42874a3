"""Cards as people name them on the command line."""

from crm_robots.shared.items import ENTITY_TYPE_IDS, ItemRef
from crm_robots.shared.names import folded

from admin.trouble import Trouble

_RUSSIAN = {"лид": "lead", "сделка": "deal", "контакт": "contact", "компания": "company"}


def kind_of(text: str) -> str:
    """`company`, `Company` and `компания` are the same kind."""
    plain = folded(text)
    kind = _RUSSIAN.get(plain, plain)
    if kind not in ENTITY_TYPE_IDS:
        raise Trouble("card.no_kind", text=text, kinds=", ".join(ENTITY_TYPE_IDS))
    return kind


def item_of(text: str) -> str:
    """`lead:17`, and `лид:17` as well."""
    kind, _, number = text.strip().partition(":")
    try:
        found = ItemRef.parse(f"{kind.strip()}:{number.strip()}")
    except ValueError:
        raise Trouble("card.no_item", text=text.strip()) from None
    return f"{kind_of(found.kind)}:{found.id}"
