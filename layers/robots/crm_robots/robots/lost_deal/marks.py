"""L4: what deals have given a client's card, and how the card gets its earlier values back. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from crm_robots.robots.lost_deal.rules import Rule, SetField
from crm_robots.robots.lost_deal.texts import Change
from crm_robots.shared.actions import UpdateItem
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.values import same_value, words_of


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """A field that a deal's rule has set."""

    label: str
    value: Any
    earlier: Any
    """What stood there before any rule: somebody's own value."""
    shown: str
    shown_earlier: str
    until: date | None = None
    """The day on which it gets its earlier value back; None: never by itself."""
    undone_by: tuple[int, ...] = ()
    """Deals that give it back when they are opened again."""


class ClientMarks(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the robot remembers of a contact or company: its fields by code."""

    fields: dict[str, Given] = {}

    @property
    def next_day(self) -> date | None:
        """When the first of them is over."""
        return min((one.until for one in self.fields.values() if one.until), default=None)


def marked(marks: ClientMarks, card: Item, rule: Rule, deal: int, today: date) -> ClientMarks:
    """With what a deal's rule is about to set. Of several deals the earliest value that was somebody's own is kept, and
    the days start anew.
    """
    fields = dict(marks.fields)
    for field in rule.contact if card.ref.kind == "contact" else rule.company:
        if given := _given(fields.get(field.name), card, field, rule, deal, today):
            fields[field.name] = given
    return ClientMarks(fields)


def _given(before: Given | None, card: Item, field: SetField, rule: Rule, deal: int, today: date) -> Given | None:
    found = card.fields.get(field.name)
    is_ours = before is not None and same_value(found, before.value)
    if not is_ours and same_value(found, field.value):
        return None  # somebody else has given it this value: it is theirs
    if before is None or not is_ours:
        before = Given(field.label, field.value, found, field.shown, words_of(found, field.words))
    until = today + timedelta(days=rule.expires_days) if rule.expires_days else None
    others = tuple(one for one in before.undone_by if one != deal)
    return msgspec.structs.replace(
        before,
        value=field.value,
        shown=field.shown,
        until=until,
        undone_by=(*others, deal) if rule.undo_on_reopen else others,
    )


def over(marks: ClientMarks, today: date) -> list[str]:
    """The fields whose days are over."""
    return [name for name, one in marks.fields.items() if one.until and one.until <= today]


def of_deal(marks: ClientMarks, deal: int) -> list[str]:
    """The fields that this deal gives back."""
    return [name for name, one in marks.fields.items() if deal in one.undone_by]


def without(marks: ClientMarks, names: Iterable[str]) -> ClientMarks:
    """What is left to be given back later."""
    gone = set(names)
    return ClientMarks({name: one for name, one in marks.fields.items() if name not in gone})


def given_back(
    marks: ClientMarks, card: Item, names: Iterable[str], rule: str, portal: PortalRules
) -> tuple[UpdateItem | None, list[Change]]:
    """What gives the card its earlier values back. A field that somebody has changed since stays as it is."""
    link = portal.link_to(card)
    back = {name: marks.fields[name] for name in names if same_value(card.fields.get(name), marks.fields[name].value)}
    back = {name: one for name, one in back.items() if not same_value(one.value, one.earlier)}
    if not back:
        return None, []
    fields: Mapping[str, Any] = {name: one.earlier for name, one in back.items()}
    old = {name: card.fields.get(name) for name in back}
    changes = [Change(link, one.label, one.shown, one.shown_earlier) for one in back.values()]
    return UpdateItem(card.ref, dict(fields), old, rule=rule), changes
