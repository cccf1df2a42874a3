"""Chosen fields of many items, and whose activities are, as the portal has them now: 50 a command."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched

from crm_robots.portal.commands import Command, Reply
from crm_robots.portal.items import to_item, universal_name
from crm_robots.portal.lists import PAGE, rows_of
from crm_robots.shared.items import ENTITY_TYPE_IDS, Item, to_id

_CARDS, _ACTIVITIES = "card_", "activities_"


def ask_items(kind: str, ids: Iterable[int], fields: Iterable[str]) -> dict[str, Command]:
    """Reads items with their names and these fields."""
    names = ["name", "lastName"] if kind == "contact" else ["title"]
    select = list(dict.fromkeys(["id", *names, *map(universal_name, fields)]))
    usual = {"entityTypeId": ENTITY_TYPE_IDS[kind], "select": select, "start": -1, "useOriginalUfNames": "Y"}
    return {
        f"{_CARDS}{kind}_{number}": Command("crm.item.list", {**usual, "filter": {"@id": list(some)}})
        for number, some in enumerate(_pages(ids))
    }


def ask_responsibles(activities: Iterable[int]) -> dict[str, Command]:
    """Reads whose activities are.

    https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/activity-base/crm-activity-list.html
    """
    usual = {"order": {"ID": "ASC"}, "select": ["ID", "RESPONSIBLE_ID"]}
    return {
        f"{_ACTIVITIES}{number}": Command("crm.activity.list", {**usual, "filter": {"@ID": list(some)}})
        for number, some in enumerate(_pages(activities))
    }


def items_in(answers: Mapping[str, Reply]) -> dict[str, Item]:
    """By `company:5`; what is gone is missing."""
    found: dict[str, Item] = {}
    for name, reply in answers.items():
        if name.startswith(_CARDS):
            kind = name.split("_")[1]
            found |= {str(card.ref): card for card in (to_item(kind, row) for row in rows_of(reply, "items"))}
    return found


def responsibles_in(answers: Mapping[str, Reply]) -> dict[int, int | None]:
    """By activity; what is gone is missing."""
    rows = [row for name, reply in answers.items() if name.startswith(_ACTIVITIES) for row in rows_of(reply, None)]
    return {number: to_id(row.get("RESPONSIBLE_ID")) for row in rows if (number := to_id(row.get("ID")))}


def _pages(ids: Iterable[int]) -> Iterable[Sequence[int]]:
    return batched(sorted(set(ids)), PAGE, strict=False)
