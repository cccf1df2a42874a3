"""S11: what would go to somebody who left goes to their head, else to the admins, and says whose it was."""

from collections.abc import Iterator

from msgspec.structs import replace

from crm_robots.shared.actions import Action, AddTask, AddTodo, Notify
from crm_robots.shared.markup import Markup, templates
from crm_robots.shared.people import Directory
from crm_robots.shared.portal import PortalRules

_WORDS = {
    "ru": {"whose": "Получатель — {name}, больше не работает в компании."},
    "en": {"whose": "This was for {name}, who no longer works here."},
}
_TEMPLATES = templates(_WORDS)
_LINES = Markup("\n")


def addressed(actions: tuple[Action, ...], directory: Directory, portal: PortalRules) -> tuple[Action, ...]:
    """The same actions for people who work here. Whoever is told the same already is not told twice."""
    told = {one.user_id for one in actions if isinstance(one, Notify)}
    return tuple(found for action in actions for found in _addressed(action, told, directory, portal))


def _addressed(action: Action, told: set[int], directory: Directory, portal: PortalRules) -> Iterator[Action]:
    if isinstance(action, Notify):
        instead = directory.told_instead(action.user_id, portal.admins)
        if action.user_id in instead:
            yield action
            return
        text = _LINES.join([action.text, whose(action.user_id, directory, portal)])
        yield from (replace(action, user_id=one, text=text) for one in instead if one not in told)
        told.update(instead)
    elif isinstance(action, AddTodo | AddTask):
        instead = directory.told_instead(action.responsible_id, portal.admins)
        if action.responsible_id in instead or not instead:
            yield action
            return
        note = whose(action.responsible_id, directory, portal)
        text = _LINES.join(filter(None, (action.description, note)))
        yield replace(action, responsible_id=instead[0], description=text)
    else:
        yield action


def whose(user: int, directory: Directory, portal: PortalRules) -> Markup:
    """A line for whoever is told instead."""
    return _TEMPLATES[portal.language]["whose"].format(name=directory.name(user))
