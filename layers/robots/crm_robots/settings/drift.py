"""P8: the names that the settings in force use, held against the portal as it is now. Pure."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from crm_robots.settings.portal_data import PortalData
from crm_robots.settings.problems import Problem, nearest_names
from crm_robots.shared.names import folded
from crm_robots.shared.people import User


class Used(msgspec.Struct, frozen=True, omit_defaults=True):
    """One name of the file, and what it meant when the file was published."""

    key: str
    """Where in the file: `qualification.gate_stage`."""
    what: str
    """`stage`, `category`, `department`, `user`, `field`, `item`, or `value`: an item that no rule names."""
    name: str
    """As the file spells it."""
    id: str
    of: str = ""
    """A stage's category (`lead`: none), a field's kind of card, an item's kind and field (`lead UF_CRM_AREA`)."""


type Known = dict[str, tuple[str, ...]]
"""By id, how it is called today; the first name is the one to show."""


def drift(used: Iterable[Used], data: PortalData) -> Iterator[Problem]:
    """What is gone from the portal, and who was dismissed, each with the nearest name (for a person, the head)."""
    for one in used:
        if one.what == "user":
            yield from _of_person(one, data)
        elif one.id not in (known := _KNOWN[one.what](one, data)):
            names = [name for names in known.values() for name in names]
            what = "item" if one.what == "value" else one.what
            yield Problem(one.key, "gone", what=what, found=one.name, nearest=nearest_names(one.name, names))


def renamed(used: Iterable[Used], data: PortalData) -> Iterator[Problem]:
    """What is there under another name: robots go on by the id, but the same file would be refused. Of a value it
    would make another one.
    """
    for one in used:
        names = () if one.what == "value" else _KNOWN[one.what](one, data).get(one.id, ())
        if names and one.name != one.id and folded(one.name) not in map(folded, names):
            yield Problem(one.key, "renamed", what=one.what, found=one.name, expected=names[0])


def _of_person(one: Used, data: PortalData) -> Iterator[Problem]:
    number = int(one.id)
    if not data.directory.is_active(number):
        head = data.directory.supervisor(number)
        nearest = (data.directory.name(head),) if head else ()
        yield Problem(one.key, "dismissed", found=one.name, nearest=nearest)


def _stages(one: Used, data: PortalData) -> Known:
    category = None if one.of == "lead" else int(one.of)
    return {stage.id: (stage.name,) for stage in data.stages.get(category, ())}


def _categories(_: Used, data: PortalData) -> Known:
    return {str(category.id): (category.name,) for category in data.categories}


def _departments(_: Used, data: PortalData) -> Known:
    return {str(place.id): (place.name,) for place in data.directory.departments.values()}


def _people(_: Used, data: PortalData) -> Known:
    return {str(user.id): user_names(user) for user in data.directory.users.values() if user.is_employee}


def _fields(one: Used, data: PortalData) -> Known:
    """A field is known by its code, so it has no other name."""
    return {code: (code,) for kind, code in data.fields if kind == one.of}


def _items(one: Used, data: PortalData) -> Known:
    kind, _, code = one.of.partition(" ")
    field = data.fields.get((kind, code))
    return {str(item.id): (item.value, item.xml_id) for item in (field.items if field else ())}


_KNOWN: dict[str, Callable[[Used, PortalData], Known]] = {
    "stage": _stages,
    "category": _categories,
    "department": _departments,
    "user": _people,
    "field": _fields,
    "item": _items,
    "value": _items,
}


def user_names(user: User) -> tuple[str, ...]:
    """`Anna Orlova`, `Orlova Anna` and the e-mail all name her."""
    return (user.name, " ".join(reversed(user.name.split(maxsplit=1))), user.email)
