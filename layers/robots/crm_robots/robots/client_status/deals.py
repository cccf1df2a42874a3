"""S5: an open deal keeps its client in work; the end of the last one gives the status that follows a deal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from crm_robots.robots.client_status import texts
from crm_robots.robots.client_status.cards import DealsSoFar, status_of
from crm_robots.robots.client_status.rules import IN_WORK, ClientStatusRules
from crm_robots.robots.client_status.settle import settled
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.shared.actions import AddComment, UpdateItem
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.markup import NOTHING, Markup
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.stop_list import stopped

_JUST_NOW = 3600
"""A closed deal that we never saw open counts as closed by its event if it moved within this time, in seconds."""


class DealMemory(msgspec.Struct, frozen=True):
    """What the robot last saw of a deal. `state` is empty for one that it has never seen."""

    state: Literal["", "open", "won", "lost", "gone"] = ""
    clients: tuple[str, ...] = ()
    """Tracked kinds only: `company:42`."""


class Happening(msgspec.Struct, frozen=True):
    """What a deal's event means to one of its clients."""

    deal: ItemRef
    link: Markup
    """For people; empty when the deal is gone."""
    state: Literal["open", "won", "lost"]
    at: int
    """Since when the deal stands so, unix seconds."""
    certain: bool = True
    """We saw it change. Else only a client whom a deal keeps in work is concerned."""
    marks: Mapping[str, Mapping[str, Any]] = {}
    """Kind of card -> fields that the lost-deal robot gives the client for the stage at which the deal stands."""


def seen(deal: Item | None, rules: ClientStatusRules) -> DealMemory:
    """The deal as it is now; None: it was deleted. A template of recurring deals is no deal."""
    if deal is None or _is_template(deal):
        return DealMemory("gone")
    clients = [ItemRef("contact", number) for number in deal.contact_ids]
    clients += [ItemRef("company", deal.company_id)] if deal.company_id else []
    tracked = tuple(str(client) for client in clients if client.kind in rules.entities)
    return DealMemory(_state(deal), tracked)


def _is_template(deal: Item) -> bool:
    return deal.text("IS_RECURRING") == "Y"


def _state(deal: Item) -> Literal["open", "won", "lost"]:
    if deal.stage_semantics in ("S", "F"):
        return "won" if deal.stage_semantics == "S" else "lost"
    return "lost" if deal.text("CLOSED") == "Y" and not deal.stage_semantics else "open"


def happenings(
    deal: ItemRef, before: DealMemory, now: DealMemory, link: Markup, *, moved: int | None, ts: int
) -> dict[str, Happening]:
    """By client: whom the change concerns. `moved`: when the deal came to its stage, where the portal tells."""
    if now == before:
        return {}
    at = moved if moved is not None and moved <= ts else ts
    if now.state == "open":
        opened = now.clients if before.state != "open" else [one for one in now.clients if one not in before.clients]
        came = {client: Happening(deal, link, "open", at) for client in opened}
        # For a client who was taken off the deal, it has ended.
        return came | {one: Happening(deal, link, "lost", ts) for one in _left(before, now)}
    if now.state == "gone":
        return {client: Happening(deal, NOTHING, "lost", ts) for client in _left(before, now)}
    if not now.state:
        return {}
    certain = before.state == "open" or (before.state != now.state and at >= ts - _JUST_NOW)
    concerned = dict.fromkeys((*now.clients, *_left(before, now)))
    return {client: Happening(deal, link, now.state, at, certain=certain) for client in concerned}


def _left(before: DealMemory, now: DealMemory) -> list[str]:
    return [client for client in before.clients if client not in now.clients] if before.state == "open" else []


def so_far(deals: Iterable[tuple[Item, int | None]], born: int, ts: int) -> DealsSoFar:
    """What the deals of a new card make of it, each with when it came to its stage, where the portal tells.

    One that was over before the card was made (`born`) is no deal of this client's.
    """
    states = [(_state(deal), ts if moved is None else moved) for deal, moved in deals if not _is_template(deal)]
    if any(state == "open" for state, _ in states):
        return DealsSoFar("open")
    ends = [DealsSoFar(state, at) for state, at in states if at >= born]
    return max(ends, key=lambda end: end.ended, default=DealsSoFar())


def decide(
    card: Item,
    timer: Timer,
    news: Sequence[Happening],
    calendar: Calendar,
    portal: PortalRules,
    *,
    ts: int,
    has_open: bool,
) -> Decision:
    """What the deals' news mean to a client; `has_open`: the portal knows an open deal of theirs.

    The timer's word goes before the card's, which may have been read before somebody else's write.
    """
    if not status_of(card, calendar) or stopped(marked(card, news), calendar.rules.skip_when):
        return settled(card, Decision(timer), calendar, portal, ts)
    return settled(card, _of_status(card, timer, news, calendar, portal, ts, has_open=has_open), calendar, portal, ts)


def marked(card: Item, news: Iterable[Happening]) -> Item:
    """The card with the marks that its deals set: they count before the status that the same deals would give (L5)."""
    marks = [dict(one.marks.get(card.ref.kind, {})) for one in news]
    return Item(card.ref, {**card.fields, **{name: value for one in marks for name, value in one.items()}})


def _of_status(
    card: Item,
    timer: Timer,
    news: Sequence[Happening],
    calendar: Calendar,
    portal: PortalRules,
    ts: int,
    *,
    has_open: bool,
) -> Decision:
    opened = [one for one in news if one.state == "open"]
    if opened:
        return _in_work(card, timer, opened[-1], calendar, portal, ts)
    ended = _last_end(timer, news)
    if ended is None or has_open:
        return Decision(timer)
    rules = calendar.rules
    code = rules.after_won if ended.state == "won" else rules.after_lost
    after = timer.renewed(code, calendar.today(ts), deal_ended=ended.at)
    return Decision(after, _written(card, timer, after, ended, calendar, portal))


def _in_work(card: Item, timer: Timer, deal: Happening, calendar: Calendar, portal: PortalRules, ts: int) -> Decision:
    since = timer.since if timer.status == IN_WORK else calendar.today(ts)
    after = timer.renewed(IN_WORK, since, in_deal=True)
    return Decision(after, _written(card, timer, after, deal, calendar, portal))


def _last_end(timer: Timer, news: Iterable[Happening]) -> Happening | None:
    """The end that counts: the latest, and later than one that was already answered."""
    ends = (one for one in news if one.at > timer.deal_ended and (one.certain or timer.in_deal))
    return max(ends, key=lambda one: one.at, default=None)


def _written(
    card: Item, timer: Timer, after: Timer, deal: Happening, calendar: Calendar, portal: PortalRules
) -> tuple[Step, ...]:
    rules = calendar.rules
    old, new = timer.status or status_of(card, calendar), after.status
    if old == new:
        return ()
    values = {code: rules.value_of(card.ref.kind, code) for code in (old, new)}
    update = UpdateItem(card.ref, {rules.status_field: values[new]}, {rules.status_field: values[old]}, rule="S5")
    owed = msgspec.structs.replace(after, owed=True)
    if not rules.timeline:
        return step(update, memory_otherwise=owed)
    text = texts.by_deal(portal.language, rules, old, new, deal.link, opened=deal.state == "open")
    refused = texts.by_deal_refused(portal.language, rules, old, new, deal.link)
    otherwise = (AddComment(card.ref, refused, rule="S5"),)
    return step(update, AddComment(card.ref, text, rule="S5"), otherwise=otherwise, memory_otherwise=owed)
