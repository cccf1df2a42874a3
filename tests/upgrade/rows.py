"""What a version of the robots keeps in its tables: `rows.py write` prints a sample of each, `rows.py read` reads them.

Runs on whichever version is on the path, this one or an older one out of git. Each sample has every field filled.
"""

import enum
import importlib
import json
import sys
import types
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from crm_robots.shared.markup import Markup, from_wire, to_wire
from crm_robots.shared.reference import Reference

KEPT = {
    "crm_robots.robots.qualification.memory": ("LeadMemory",),
    "crm_robots.robots.qualification.rules": ("QualificationRules",),
    "crm_robots.robots.conversion.rules": ("ConversionMemory", "ConversionRules"),
    "crm_robots.robots.conversion.waiting": ("Waiting",),
    "crm_robots.robots.routing.memory": ("RoutingMemory",),
    "crm_robots.robots.routing.rules": ("RoutingRules",),
    "crm_robots.robots.routing.turns": ("Turns",),
    "crm_robots.robots.lost_deal.rules": ("LostDealMemory", "LostDealRules"),
    "crm_robots.robots.client_status.deals": ("DealMemory",),
    "crm_robots.robots.client_status.rules": ("ClientStatusRules",),
    "crm_robots.robots.client_status.timer": ("Timer",),
    "crm_robots.robots.daily.letters": ("BagMemory",),
    "crm_robots.robots.daily.news": ("News",),
    "crm_robots.robots.daily.schedule": ("RunLog",),
    "crm_robots.engine.dead_letters": ("DeadLettersMemory",),
    "crm_robots.shared.portal": ("PortalRules",),
    "crm_robots.shared.plan": ("Cause",),
    "crm_robots.shared.events": ("CrmEvent",),
}
PLAIN: dict[Any, Any] = {
    str: "x",
    int: 5,
    float: 5.5,
    bool: True,
    date: date(2026, 1, 5),
    datetime: datetime(2026, 1, 5, tzinfo=UTC),
    Any: "x",
    object: "x",
    Markup: Markup("x"),
    Reference: Reference("x"),
}


def kinds() -> dict[str, Any]:
    """The structures that this version has, by name."""
    return {name: getattr(importlib.import_module(module), name) for module, names in KEPT.items() for name in names}


def filled(kind: Any, within: tuple[Any, ...] = ()) -> Any:
    """A value of that type with nothing left out; of several types the first that is not None. What holds its own
    kind, as conditions do, holds it twice.
    """
    kind = getattr(kind, "__value__", kind)
    if kind in PLAIN:
        return PLAIN[kind]
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return args[0]
    if origin in (Union, types.UnionType):
        is_over = any(within.count(one) > 1 for one in args) and type(None) in args
        return None if is_over else filled(next(one for one in args if one is not type(None)), within)
    if origin:
        return _container(origin, [one for one in args if one is not ...], within)
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    hints = get_type_hints(kind)
    return (
        kind(**{name: filled(hints[name], (*within, kind)) for name in kind.__struct_fields__})
        if hasattr(kind, "__struct_fields__")
        else kind(*(filled(hints[name], (*within, kind)) for name in kind._fields))
    )


def _container(origin: Any, args: Sequence[Any], within: tuple[Any, ...]) -> Any:
    if any(within.count(one) > 1 for one in args):
        return origin() if origin in (tuple, dict, list, frozenset) else ()
    if origin is tuple:
        return tuple(filled(one, within) for one in args)
    if issubclass(origin, Mapping):
        return {filled(args[0], within): filled(args[1], within)}
    return frozenset({filled(args[0], within)}) if issubclass(origin, Set) else [filled(args[0], within)]


def written() -> dict[str, str]:
    """A sample of each, as it stands in a row."""
    return {name: msgspec.json.encode(filled(kind), enc_hook=to_wire).decode() for name, kind in kinds().items()}


def unread(rows: Mapping[str, str]) -> dict[str, str]:
    """What this version cannot read, and why."""
    troubles: dict[str, str] = {}
    for name, kind in kinds().items():
        try:
            msgspec.json.decode(rows[name], type=kind, dec_hook=from_wire)
        except (msgspec.DecodeError, KeyError) as error:
            troubles[name] = str(error)
    return troubles


if __name__ == "__main__":
    json.dump(written() if sys.argv[1] == "write" else unread(json.load(sys.stdin)), sys.stdout, indent=1)
