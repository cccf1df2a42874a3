"""What was done as entries of the journal, in ids for programs and in words for people (T1)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from crm_robots.portal.seen import Seen
from crm_robots.shared.actions import Action, AddItem, LinkContact, ReassignActivity, UpdateItem
from crm_robots.shared.decision import Decision
from crm_robots.shared.hands_off import ROBOT as UNDO
from crm_robots.shared.items import ENTITY_TYPE_IDS, ItemRef, to_ids
from crm_robots.shared.plan import Cause, Plan, Record
from crm_robots.shared.words.causes import because
from crm_robots.shared.words.deeds import deed, title_of
from crm_robots.shared.words.values import Words, short
from crm_robots.shared.written import Entry, Told

_LINKS = {"CONTACT_ID": "contact", "CONTACT_IDS": "contact", "COMPANY_ID": "company", "LEAD_ID": "lead"}
_LONGEST_TITLE = 80


class Deed(NamedTuple):
    """One action that has its effect on the portal."""

    number: str
    action: Action
    made_id: int | None


class _Change(NamedTuple):
    """One field of an item, or of what belongs to it."""

    field: str
    old: Any
    new: Any
    part: str = ""


def glimpses(decision: Decision, record: Record, cause: Cause, seen: Seen) -> tuple[Cause, dict[str, str]]:
    """Who is behind the cause, and what the cards of a plan are called, as far as they were read."""
    items = {record.item, cause.item, *(item for action in decision.actions for item in _items_of(action))}
    titles = {item: short(title, _LONGEST_TITLE) for item in sorted(items) if (title := seen.of(item).title)}
    return cause if cause.run or cause.by else replace(cause, by=seen.of(cause.item).by or 0), titles


def entries_of(done: Deed, record: Record, plan: Plan, words: Words) -> Iterator[Entry]:
    """The entries of one action: one for each field that it changed, else one that says what was made."""
    action, cause = done.action, plan.cause
    item = str(getattr(action, "item", None) or getattr(action, "owner", None) or record.item)
    titles = plan.titles | _made(plan)
    made = f"{action.kind}:{done.made_id}" if isinstance(action, AddItem) and done.made_id else ""
    others = dict.fromkeys(one for one in (cause.item, made) if one != item and _is_card(one))
    usual = Entry(
        item=item,
        robot=UNDO if cause.event == UNDO else record.robot,
        rule=action.rule,
        action=str(type(action).__struct_config__.tag),
        number=done.number,
        event=f"{cause.event or 'automation rule'} {cause.item}",
        ts=cause.ts,
        run=cause.run,
        also=tuple(others),
    )
    told = Told(words.card(item, titles), "", because(cause, words, titles), words.language)
    changes = list(_changes(action))
    for change in changes:
        kind = item.partition(":")[0]
        old, new = (words.value(kind, change.field, value, titles) for value in (change.old, change.new))
        yield replace(
            usual,
            **change._asdict(),
            number=f"{done.number}.{change.field}" if isinstance(action, UpdateItem) else done.number,
            told=replace(told, label=words.label(kind, change.field), old=old, new=new),
        )
    if not changes:
        yield replace(usual, new=done.made_id, told=replace(told, new=deed(action, words)))


def _changes(action: Action) -> Iterator[_Change]:
    if isinstance(action, UpdateItem):
        # Some fields are written along with another one: a sum with its currency.
        yield from (
            _Change(name, action.old.get(name), value)
            for name, value in action.fields.items()
            if name not in action.old or action.old[name] != value
        )
    elif isinstance(action, ReassignActivity):
        part = f"activity:{action.activity_id}"
        yield _Change("RESPONSIBLE_ID", action.old_responsible_id, action.responsible_id, part)
    elif isinstance(action, LinkContact):
        yield _Change("CONTACT_IDS", None, action.contact_id, f"contact:{action.contact_id}")


def _made(plan: Plan) -> dict[str, str]:
    """Names of what the plan has made so far."""
    made = {one.key: one for one in plan.decision.actions if isinstance(one, AddItem)}
    return {
        f"{made[key].kind}:{number}": short(title_of(made[key]), _LONGEST_TITLE)
        for key, number in plan.made.items()
        if key in made
    }


def _items_of(action: Action) -> Iterator[str]:
    for ref in (getattr(action, "item", None), getattr(action, "owner", None)):
        if ref is not None:
            yield str(ref)
    if isinstance(action, LinkContact):
        yield f"contact:{action.contact_id}"
    if isinstance(action, UpdateItem):
        for name, kind in _LINKS.items():
            values = (action.fields.get(name), action.old.get(name))
            yield from (f"{kind}:{number}" for value in values for number in _ids(value))


def _ids(value: Any) -> tuple[int, ...]:
    try:
        return to_ids(value)
    except ValueError:
        return ()


def _is_card(item: str) -> bool:
    try:
        return ItemRef.parse(item).kind in ENTITY_TYPE_IDS
    except ValueError:
        return False
