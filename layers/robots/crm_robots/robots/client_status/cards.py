"""S2 to S4 and S7: a card was saved. Did its status change, who did it, and may it stay?"""

from datetime import timedelta
from enum import Enum
from typing import Literal

import msgspec

from crm_robots.robots.client_status import texts
from crm_robots.robots.client_status.past import Raise
from crm_robots.robots.client_status.pauses import known, shown
from crm_robots.robots.client_status.rules import IN_WORK, NEW
from crm_robots.robots.client_status.settle import settled
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.shared.actions import Action, AddComment, Notify, UpdateItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import Item
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.stop_list import stopped


class Change(Enum):
    """What has become of a card's status since we last knew it."""

    NONE = "none"
    BORN = "born"
    """A new card without a status."""
    GIVEN = "given"
    """A status where we knew of none."""
    OWED = "owed"
    """Nobody's change: the portal had refused to write what we know."""
    FREE = "free"
    """A change that needs no call."""
    BOUND = "bound"
    """A person's change that needs one."""


class DealsSoFar(msgspec.Struct, frozen=True):
    """What became of the deals that a new card has already: their events may have come before the card's own."""

    state: Literal["", "open", "won", "lost"] = ""
    """Of the one that counts; empty: it had none."""
    ended: int = 0
    """When that one was closed, unix seconds."""


class Sight(msgspec.Struct, frozen=True):
    """A card as it is now, beside its timer.

    `added`: its event says that it was just made, and we never saw it.
    """

    card: Item
    timer: Timer
    ts: int
    """The event's time, unix seconds."""
    added: bool = False
    deals: DealsSoFar = msgspec.field(default_factory=DealsSoFar)


def change_of(sight: Sight, calendar: Calendar, portal: PortalRules) -> Change:
    """Compares the card with its timer. Our own writes stand in the timer already, so they are no change (S7)."""
    rules, timer = calendar.rules, sight.timer
    now = status_of(sight.card, calendar)
    if now == timer.status:
        is_new = sight.added or (timer.owed and not now)
        is_born = is_new and not now and rules.assign_new and not stopped(sight.card, rules.skip_when)
        return Change.BORN if is_born else Change.NONE
    if not timer.status:
        return Change.GIVEN
    if timer.owed:
        return Change.OWED
    author = sight.card.updated_by_id
    exempt = author == portal.webhook_user_id or author in rules.calls.exempt
    return Change.FREE if exempt or not rules.calls.required_for_change else Change.BOUND


def status_of(card: Item, calendar: Calendar) -> str:
    """The code of the status that the card shows."""
    return calendar.rules.code_of(card.ref.kind, card.fields.get(calendar.rules.status_field))


def is_known(card: Item, timer: Timer, calendar: Calendar) -> bool:
    """Whether the card says what its timer knows: no change of status, stop-list or pause has been missed."""
    rules = calendar.rules
    if status_of(card, calendar) != timer.status:
        return False
    if not timer.status:
        return True
    same_stop = bool(stopped(card, rules.skip_when)) == bool(timer.stopped)
    return same_stop and (rules.snooze is None or shown(card, rules.snooze) == known(timer))


def called_since(ts: int, calendar: Calendar) -> int:
    """From when on a call justifies a change at `ts` (S3)."""
    return ts - int(timedelta(days=calendar.rules.calls.lookback_days).total_seconds())


def knows_call(timer: Timer, ts: int, calendar: Calendar) -> bool:
    """The newest call that we heard of is enough, nobody needs to look for others."""
    return called_since(ts, calendar) <= timer.last_call <= ts


def let_go(sight: Sight, calendar: Calendar) -> bool:
    """The stop-list held the client and does so no more (L5)."""
    return bool(sight.timer.stopped) and not stopped(sight.card, calendar.rules.skip_when)


def decide(sight: Sight, change: Change, calendar: Calendar, portal: PortalRules, *, called: bool) -> Decision:
    """`called`: a call that justifies a bound change was found."""
    decision = _of_status(sight, change, calendar, portal, called=called)
    return settled(sight.card, decision, calendar, portal, sight.ts)


def _of_status(sight: Sight, change: Change, calendar: Calendar, portal: PortalRules, *, called: bool) -> Decision:
    if change is Change.NONE and let_go(sight, calendar):
        return _after_stop(sight, calendar, portal)
    if change is Change.NONE:
        is_written = bool(sight.timer.status)
        return Decision(msgspec.structs.replace(sight.timer, owed=False) if is_written else sight.timer)
    if change is Change.BORN:
        return _born(sight, calendar)
    if change is Change.OWED:
        return _owed(sight, calendar)
    old_value = calendar.rules.value_of(sight.card.ref.kind, sight.timer.status)
    if change is Change.BOUND and not called and old_value is not None:
        return _put_back(sight, old_value, calendar, portal)
    return _accepted(sight, calendar, portal)


def _born(sight: Sight, calendar: Calendar) -> Decision:
    card, rules = sight.card, calendar.rules
    field, deals = rules.status_field, sight.deals
    status = {"": NEW, "open": IN_WORK, "won": rules.after_won, "lost": rules.after_lost}[deals.state]
    value = {field: rules.value_of(card.ref.kind, status)}
    update = UpdateItem(card.ref, value, {field: card.fields.get(field)}, rule="S2")
    since, in_deal = calendar.today(sight.ts), deals.state == "open"
    timer = Timer(status=status, since=since, in_deal=in_deal, deal_ended=deals.ended)
    return Decision(timer, step(update, memory_otherwise=Timer(owed=True)))


def _after_stop(sight: Sight, calendar: Calendar, portal: PortalRules) -> Decision:
    """What deals have done meanwhile: one that is open keeps the client in work, one that was is over (S5)."""
    card, timer, rules = sight.card, sight.timer, calendar.rules
    is_open = sight.deals.state == "open"
    if is_open == timer.in_deal:
        return Decision(timer)
    status = IN_WORK if is_open else rules.after_won if sight.deals.state == "won" else rules.after_lost
    after = timer.renewed(status, calendar.today(sight.ts), in_deal=is_open, deal_ended=sight.deals.ended)
    if status == timer.status:
        return Decision(after)
    values = {code: rules.value_of(card.ref.kind, code) for code in (timer.status, status)}
    field = rules.status_field
    update = UpdateItem(card.ref, {field: values[status]}, {field: values[timer.status]}, rule="L5")
    text = texts.after_stop(portal.language, rules, timer.status, status)
    told = (AddComment(card.ref, text, rule="L5"),) if rules.timeline else ()
    return Decision(after, step(update, *told))


def _owed(sight: Sight, calendar: Calendar) -> Decision:
    card, timer, field = sight.card, sight.timer, calendar.rules.status_field
    value = {field: calendar.rules.value_of(card.ref.kind, timer.status)}
    update = UpdateItem(card.ref, value, {field: card.fields.get(field)}, rule="S5")
    return Decision(msgspec.structs.replace(timer, owed=False), step(update, memory_otherwise=timer))


def _accepted(sight: Sight, calendar: Calendar, portal: PortalRules) -> Decision:
    card, timer = sight.card, sight.timer
    now = status_of(card, calendar)
    since = calendar.today(sight.ts) if now else None
    text = texts.moved(portal.language, calendar.rules, timer.status, now)
    noted = step(AddComment(card.ref, text, rule="S4")) if text and calendar.rules.timeline else ()
    return Decision(_with_raise(timer.renewed(now, since), sight, calendar, portal), noted)


def _with_raise(after: Timer, sight: Sight, calendar: Calendar, portal: PortalRules) -> Timer:
    """Remembers who gave the client a better status (D11)."""
    rules, before, author = calendar.rules, sight.timer, sight.card.updated_by_id
    old, new = rules.place(before.status), rules.place(after.status)
    has_order = not {before.status, after.status} & {NEW, IN_WORK}
    is_raise = has_order and old is not None and new is not None and new < old
    if not is_raise or author in (None, 0, portal.webhook_user_id):
        return after
    today = calendar.today(sight.ts)
    dropped = before.since == today and before.status != NEW
    raised = Raise(sight.ts, author, dropped or calendar.due(before) == today)
    return msgspec.structs.replace(after, past=after.past.with_raise(raised))


def _put_back(sight: Sight, old_value: int, calendar: Calendar, portal: PortalRules) -> Decision:
    card, rules, kept = sight.card, calendar.rules, sight.timer.status
    field, refused = rules.status_field, status_of(card, calendar)
    actions: list[Action] = [
        UpdateItem(card.ref, {field: old_value}, {field: card.fields.get(field)}, rule="S3"),
        AddComment(card.ref, texts.put_back(portal.language, rules, kept, refused), rule="S3"),
    ]
    if card.responsible_id:
        text = texts.put_back_notice(portal.language, rules, kept, refused, portal.link_to(card))
        actions.append(Notify(card.responsible_id, text, rule="S3"))
    # What the portal will not take back is said once; the next change of the card is another try.
    stays = AddComment(card.ref, texts.stays(portal.language, rules, kept, refused), rule="S3")
    return Decision(sight.timer, step(*actions, otherwise=(stays,), memory_otherwise=sight.timer))
