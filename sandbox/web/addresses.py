"""Where cards are, and which card an address names."""

from starlette.exceptions import HTTPException

from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME
from sandbox.web.visit import Visit

NEW = 0
"""The number of a card that is not there yet, in addresses: Bitrix24's own habit."""


def address(kind: str, item_id: int) -> str:
    """Where a card is; robots' comments link there."""
    return f"/crm/{kind}/details/{item_id}/"


def named(visit: Visit) -> tuple[str, int, Row]:
    """The item that the address names."""
    kind, item_id = visit.path("kind"), visit.path("id")
    row = visit.portal.items.get(BY_NAME[kind].id, item_id) if kind in BY_NAME else None
    if row is None:
        raise HTTPException(404)
    return kind, item_id, row
