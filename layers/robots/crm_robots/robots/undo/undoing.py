"""T3: the journal's entries and the cards as they are -> what goes back, what stays and why, what was only made."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crm_robots.robots.undo.texts import Reason
from crm_robots.shared.hands_off import HandsOff
from crm_robots.shared.items import Item, to_ids
from crm_robots.shared.values import same_value
from crm_robots.shared.written import Entry

RULE = "T3"
_MULTI = ("PHONE", "EMAIL", "WEB", "IM")
_NUMBER = re.compile(r"\d+")
_OWNER = "ASSIGNED_BY_ID"


class Stay(msgspec.Struct, frozen=True):
    """A change that was not taken back."""

    entry: Entry
    reason: Reason


class CardUndo(msgspec.Struct, frozen=True):
    """What goes back on one card."""

    item: str
    fields: dict[str, Any]
    """Field -> the value that it had before the robots."""
    now: dict[str, Any]
    """The same fields as they are."""
    activities: dict[int, tuple[int, int]]
    """Activity -> whose it was, whose it is."""
    entries: tuple[Entry, ...]
    """Newest first."""

    @property
    def is_done(self) -> bool:
        """An undo that was cut off has written all of it already."""
        return not self.activities and all(same_value(self.now[name], then) for name, then in self.fields.items())


class Undoing(msgspec.Struct, frozen=True):
    """What is to be done, and what is not."""

    cards: tuple[CardUndo, ...]
    stayed: tuple[Stay, ...]
    made: tuple[Entry, ...]


class Scene(msgspec.Struct, frozen=True):
    """The portal as it is, and what earlier undos did."""

    cards: Mapping[str, Item]
    """By `company:42`; what is gone is missing."""
    activities: Mapping[int, int | None]
    """Whose each activity is; those that are closed or gone are missing."""
    known: Mapping[str, HandsOff]
    follows: frozenset[str] = frozenset()
    """Fields that follow the status by themselves (S8)."""
    status_field: str = ""


def undoing(entries: Sequence[Entry], scene: Scene) -> Undoing:
    """Newest first, per field down to the first change by somebody else."""
    fresh = [one for one in entries if one.rule != RULE and one.id not in _known(scene, one.item).undone]
    fresh.sort(key=_place, reverse=True)
    by_card: dict[str, list[Entry]] = {}
    for entry in fresh:
        if entry.field:
            by_card.setdefault(entry.item, []).append(entry)
    cards: list[CardUndo] = []
    stayed: list[Stay] = []
    for item, changes in by_card.items():
        card, stays = _card(item, changes, scene)
        stayed += stays
        if card.entries:
            cards.append(card)
    return Undoing(tuple(cards), tuple(stayed), tuple(one for one in fresh if not one.field))


def _card(item: str, changes: Sequence[Entry], scene: Scene) -> tuple[CardUndo, list[Stay]]:
    own = [one for one in changes if one.field not in scene.follows]
    card = scene.cards.get(item)
    if card is None:
        return CardUndo(item, {}, {}, {}, ()), [Stay(one, Reason.GONE) for one in own]
    taken: list[Entry] = []
    stayed: list[Stay] = []
    fields: dict[str, Any] = {}
    for name in dict.fromkeys(one.field for one in own if not one.part):
        chain, value = _chain([one for one in own if one.field == name and not one.part], card, scene)
        taken += chain
        stayed += _left(name, [one for one in own if one.field == name and not one.part], chain)
        if chain:
            fields[name] = value
    unlinked, stays = _unlinked([one for one in own if one.part.startswith("contact:")], card)
    stayed += stays
    taken += unlinked
    if unlinked:
        gone = {int(one.new) for one in unlinked}
        fields["CONTACT_IDS"] = [number for number in card.contact_ids if number not in gone]
    activities, went, stays = _activities([one for one in own if one.part.startswith("activity:")], own, taken, scene)
    taken += went
    stayed += stays
    if scene.status_field in fields:
        taken += [one for one in changes if one.field in scene.follows]
    now = {name: card.fields.get(name) for name in fields}
    return CardUndo(item, fields, now, activities, tuple(sorted(taken, key=_place, reverse=True))), stayed


def _chain(changes: Sequence[Entry], card: Item, scene: Scene) -> tuple[list[Entry], Any]:
    """The changes that go back, and the value that was there before them."""
    name = changes[0].field
    value, chain = card.fields.get(name), []
    if name in _MULTI:
        return [], value
    begun = _known(scene, str(card.ref)).begun
    earlier = [one for one in changes if one.id in begun]
    if earlier and not same_value(value, changes[0].new) and same_value(value, earlier[-1].old):
        return earlier, earlier[-1].old  # an undo that was cut off has written it already
    for entry in changes:
        if not same_value(value, entry.new):
            break
        chain.append(entry)
        value = entry.old
    return chain, value


def _left(name: str, changes: Sequence[Entry], chain: Sequence[Entry]) -> list[Stay]:
    reason = Reason.ADDED if name in _MULTI else Reason.CHANGED
    return [Stay(one, reason) for one in changes if one not in chain]


def _unlinked(links: Sequence[Entry], card: Item) -> tuple[list[Entry], list[Stay]]:
    there = [one for one in links if set(to_ids(one.new)) & set(card.contact_ids)]
    return there, [Stay(one, Reason.CHANGED) for one in links if one not in there]


def _activities(
    changes: Sequence[Entry], own: Sequence[Entry], taken: Sequence[Entry], scene: Scene
) -> tuple[dict[int, tuple[int, int]], list[Entry], list[Stay]]:
    """A client's activities go where the client goes: back with it, or they stay with whoever has it."""
    back: dict[int, tuple[int, int]] = {}
    went: list[Entry] = []
    stayed: list[Stay] = []
    owners = {_plan_of(one) for one in own if one.field == _OWNER and not one.part}
    gone_back = {_plan_of(one) for one in taken if one.field == _OWNER}
    for entry in changes:
        number = int(entry.part.partition(":")[2])
        follows = _plan_of(entry) not in owners or _plan_of(entry) in gone_back
        now = scene.activities.get(number)
        if follows and entry.old and same_value(now, entry.new):
            back[number] = (int(entry.old), int(entry.new))
            went.append(entry)
        elif follows and entry.id in _known(scene, entry.item).begun and same_value(now, entry.old):
            went.append(entry)
        else:
            stayed.append(Stay(entry, Reason.CHANGED if follows else Reason.UNIT))
    return back, went, stayed


def _known(scene: Scene, item: str) -> HandsOff:
    return scene.known.get(item) or HandsOff()


def _plan_of(entry: Entry) -> str:
    """`company:5#3` of `company:5#3.0.1`: everything that one decision did."""
    return f"{entry.robot}#{entry.number.partition('.')[0]}"


def _place(entry: Entry) -> tuple[int, list[int]]:
    """In time, and within one event in the order in which it was done."""
    return entry.ts, list(_digits(entry.number))


def _digits(number: str) -> Iterator[int]:
    _, _, place = number.rpartition("#")
    yield from (int(one) for one in _NUMBER.findall(place)[:3])
