"""`/sandbox/as/<user>/<action>`: an employee uses the portal. REST alone always acts as the webhook's owner.

| POST | body |
| --- | --- |
| `create` | `{"item": "lead", "fields": {…}}` → `{"id"}` |
| `update` | `{"item": "lead", "id": 17, "fields": {…}}`: universal names, `UF_CRM_…`, dropdown items by their text |
| `move` | `{"item", "id", "stage"}`: by name or code |
| `delete`, `comment` | `{"item", "id"}`, and `"text"` |
| `call` | `{"item", "id", "seconds": 60, "direction": 2, "code": "200"}`: 2 outgoing, 1 incoming; 304 is missed |
| `close_deal` | `{"id", "won": true}` |
| `convert` | `{"id": 17, "company": false, "deal": true}` → ids of what was made of the lead |
| `complete` | `{"activity": 3}` or `{"task": 4}` |

`GET card?item=lead&id=17` shows the card with comments, log messages, activities and tasks; `GET notifications`,
`GET feed`, `GET tasks` what the user has.
"""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from sandbox.portal.activities import OUTGOING, CallMade
from sandbox.portal.core import Portal
from sandbox.portal.errors import not_found
from sandbox.portal.persons import Person
from sandbox.portal.store import Row
from sandbox.portal.types import BY_NAME

Deed = Callable[[Person, dict[str, Any]], Any]


def _call(person: Person, given: dict[str, Any]) -> Any:
    call = CallMade(int(given.get("direction", OUTGOING)), int(given.get("seconds", 60)), str(given.get("code", "200")))
    return person.call(given["item"], int(given["id"]), call)


def _complete(person: Person, given: dict[str, Any]) -> Any:
    if "task" in given:
        return person.complete_task(int(given["task"]))
    return person.complete_activity(int(given["activity"]))


DEEDS: dict[str, Deed] = {
    "create": lambda person, given: {"id": person.create(given["item"], **given.get("fields", {}))},
    "update": lambda person, given: person.update(given["item"], int(given["id"]), **given["fields"]),
    "move": lambda person, given: person.move(given["item"], int(given["id"]), given["stage"]),
    "delete": lambda person, given: person.delete(given["item"], int(given["id"])),
    "comment": lambda person, given: {"id": person.comment(given["item"], int(given["id"]), given["text"])},
    "close_deal": lambda person, given: person.close_deal(int(given["id"]), won=given.get("won", True)),
    "convert": lambda person, given: person.convert(
        int(given["id"]), company=given.get("company", False), deal=given.get("deal", True)
    ),
    "call": _call,
    "complete": _complete,
}


def act(portal: Portal, request: Request, given: dict[str, Any]) -> Any:
    """Does it as that user."""
    user = request.path_params["user"]
    deed = DEEDS.get(request.path_params["action"])
    if deed is None or portal.people.user(user) is None:
        raise not_found(f"nobody #{user}, or nothing that is called {request.path_params['action']}")
    return deed(portal.as_user(user), given)


def look(portal: Portal, request: Request, _: dict[str, Any]) -> Any:
    """What that user sees."""
    person, what = portal.as_user(request.path_params["user"]), request.path_params["action"]
    if what == "card":
        return card(portal, request.query_params["item"], int(request.query_params["id"]))
    if what == "tasks":
        return portal.tables.tasks.by("RESPONSIBLE_ID", person.user_id)
    if what in ("notifications", "feed"):
        return person.notifications() if what == "notifications" else person.feed()
    raise not_found(what)


def card(portal: Portal, kind: str, item_id: int) -> dict[str, Row | list[Row]]:
    """An item with everything that hangs on it."""
    type_id = BY_NAME[kind].id
    row = portal.items.get(type_id, item_id)
    if row is None:
        raise not_found()
    return {
        "item": row,
        "comments": portal.timeline.comments(type_id, item_id),
        "log": portal.timeline.log_messages(type_id, item_id),
        "activities": portal.activities.of(type_id, item_id),
        "tasks": portal.tasks.of(type_id, item_id),
    }
