"""Stages of leads and deals, and those that a card went through.

https://apidocs.bitrix24.com/api-reference/crm/status/crm-status-list.html
https://apidocs.bitrix24.com/api-reference/crm/crm-stage-history-list.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.shared.gate.stages import Stage
from crm_robots.shared.items import ItemRef

_BY_WORD = {"success": "S", "failure": "F", "apology": "F"}


def lead_stages() -> Command:
    """Asks for all stages of leads."""
    return _stages("STATUS")


def deal_stages(category: int) -> Command:
    """Asks for all stages of a funnel; that of the general one has no number."""
    return _stages(f"DEAL_STAGE_{category}" if category else "DEAL_STAGE")


def _stages(dictionary: str) -> Command:
    return Command("crm.status.list", {"filter": {"ENTITY_ID": dictionary}, "order": {"SORT": "ASC"}})


def to_stages(result: Any) -> tuple[Stage, ...]:
    """The answer, in the portal's order."""
    rows = sorted(_rows(result), key=lambda row: float(row.get("SORT") or 0))
    return tuple(Stage(str(row["STATUS_ID"]), str(row.get("NAME") or ""), _semantics(row)) for row in rows)


def lead_count(user: int, stages: Sequence[str], except_for: Sequence[int]) -> Command:
    """How many leads of somebody stand at these stages, some leads aside: the `total` of the answer."""
    wanted = {"assignedById": user, "@stageId": list(stages)}
    others = {"!@id": list(except_for)} if except_for else {}
    return Command("crm.item.list", {"entityTypeId": 1, "select": ["id"], "filter": wanted | others, "start": 0})


def stage_history(item: ItemRef) -> Command:
    """Asks for the stages of one lead or deal, the newest first."""
    return Command(
        "crm.stagehistory.list",
        {
            "entityTypeId": item.entity_type_id,
            "filter": {"OWNER_ID": int(item.id)},
            "order": {"ID": "DESC"},
            "select": ["ID", "STATUS_ID" if item.kind == "lead" else "STAGE_ID"],
        },
    )


def to_history(result: Any) -> tuple[str, ...]:
    """The answer as stage ids."""
    rows = _rows(result.get("items") if isinstance(result, Mapping) else result)
    return tuple(str(row.get("STATUS_ID") or row.get("STAGE_ID") or "") for row in rows)


def _rows(result: Any) -> list[Mapping[str, Any]]:
    return list(result.values()) if isinstance(result, Mapping) else list(result or ())


def _semantics(row: Mapping[str, Any]) -> str:
    told = str(row.get("SEMANTICS") or "").upper()
    extra = row.get("EXTRA")
    word = str(extra.get("SEMANTICS")) if isinstance(extra, Mapping) else ""
    return told if told in ("S", "F") else _BY_WORD.get(word, "P")
