"""Removes dropdown items that the file does not have and no card uses (P7)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from crm_robots.portal.client import Bitrix24
from crm_robots.portal.items import count_items
from crm_robots.settings.portal_data import EnumItem, PortalData, PortalField
from crm_robots.settings.provision.plan import beyond
from crm_robots.settings.provision.specs import WantedField
from crm_robots.settings.reading import reread_user_fields


@dataclass(slots=True)
class Pruned:
    """By field (`lead UF_CRM_AREA`): labels that were removed, and labels that cards still use, with how many."""

    data: PortalData
    removed: dict[str, list[str]] = field(default_factory=dict)
    in_use: dict[str, dict[str, int]] = field(default_factory=dict)


def prune(bitrix24: Bitrix24, wanted: Sequence[WantedField], data: PortalData, language: str) -> Pruned:
    """One request counts the cards of fifty items. Items with a code, those of statuses, are never touched."""
    surplus = list(_surplus(wanted, data))
    replies = bitrix24.read(
        {str(at): count_items(known.kind, {known.code: item.id}) for at, (known, item) in enumerate(surplus)}
    )
    outcome = Pruned(data)
    unused: dict[tuple[str, str], list[EnumItem]] = {}
    for at, (known, item) in enumerate(surplus):
        reply = replies[str(at)]
        if reply.error:
            raise reply.error
        name = f"{known.kind} {known.code}"
        if reply.total:
            outcome.in_use.setdefault(name, {})[item.value] = reply.total
        else:
            unused.setdefault((known.kind, known.code), []).append(item)
    for (kind, code), items in unused.items():
        rows = [{"ID": item.id, "DEL": "Y"} for item in items]
        bitrix24.call(f"crm.{kind}.userfield.update", {"id": data.fields[kind, code].id, "fields": {"LIST": rows}})
    if unused:
        outcome.data = reread_user_fields(bitrix24, data, language)
        for (kind, code), items in unused.items():
            left = {item.id for item in outcome.data.fields[kind, code].items}
            outcome.removed[f"{kind} {code}"] = [item.value for item in items if item.id not in left]
    return outcome


def _surplus(wanted: Iterable[WantedField], data: PortalData) -> Iterator[tuple[PortalField, EnumItem]]:
    for one in wanted:
        known = data.fields.get((one.kind, one.code))
        if known and known.type == "enumeration" and not any(item.code for item in one.items) and not one.like:
            yield from ((known, item) for item in beyond(one, known))
