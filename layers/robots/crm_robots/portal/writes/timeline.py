"""Timeline comments.

https://apidocs.bitrix24.com/api-reference/crm/timeline/comments/
"""

from typing import Any

from crm_robots.portal.commands import Command
from crm_robots.portal.writes.write import Found, Write
from crm_robots.shared.actions import AddComment
from crm_robots.shared.items import to_id


def _owner(action: AddComment) -> dict[str, object]:
    return {"ENTITY_ID": action.item.id, "ENTITY_TYPE": action.item.kind}


def _same_text(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def _found(action: AddComment, result: Any, above: int) -> Found:
    for row in result or []:
        number = to_id(row.get("ID")) or 0
        if number > above and _same_text(str(row.get("COMMENT", "")), action.text):
            return Found(done=True, id=number)
    return Found(done=False)


COMMENT = Write(
    lambda action: Command("crm.timeline.comment.add", {"fields": {**_owner(action), "COMMENT": action.text}}),
    made_id=to_id,
    look=lambda action: Command("crm.timeline.comment.list", {"filter": _owner(action), "order": {"ID": "DESC"}}),
    found=_found,
    trace=lambda action: f"comment:{action.item}",
)
