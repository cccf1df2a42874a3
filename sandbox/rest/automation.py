"""crm.automation.trigger: the trigger «track incoming webhook» that an administrator put on a stage."""

import re

from sandbox.portal.errors import Refusal
from sandbox.portal.manners import CLASSIC
from sandbox.portal.types import BY_NAME
from sandbox.rest.call import Call, method


@method("crm.automation.trigger")
def trigger(call: Call) -> bool:
    """Fires a trigger on an item; the item moves to the trigger's stage."""
    target = str(call.get("target") or "")
    if not target:
        raise Refusal("", "Target is not set.")
    match = re.fullmatch(r"(LEAD|DEAL)_(\d+)", target)
    if match is None:
        raise Refusal("", "Incorrect target format.")
    kind = BY_NAME[match[1].lower()]
    row = call.portal.items.get(kind.id, int(match[2]))
    if row is None:
        raise Refusal("", "Target is not found.")
    for one in call.portal.tables.triggers:
        if (one["entityTypeId"], one["code"]) == (kind.id, call.get("code")):
            call.portal.items.update(kind.id, row["id"], {"stageId": one["stageId"]}, call.user_id, CLASSIC)
            return True
    return False
