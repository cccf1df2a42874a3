"""What goes back on one card as a decision, and what the robots shall leave alone from then on (T3)."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from crm_robots.robots.client_status.pauses import taken
from crm_robots.robots.client_status.settle import with_due, with_stop
from crm_robots.robots.client_status.timer import Calendar, Timer
from crm_robots.robots.undo import texts
from crm_robots.robots.undo.undoing import RULE, CardUndo
from crm_robots.shared.actions import Action, AddComment, ReassignActivity, UpdateItem
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.hands_off import HandsOff, Mark
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.words.values import Titles, Words
from crm_robots.shared.written import Entry


def begun(known: HandsOff, card: CardUndo, ts: int, status_field: str) -> HandsOff:
    """Written before the first change: whoever hears of it leaves it alone."""
    causes = tuple(dict.fromkeys(entry.event.rpartition(" ")[2] for entry in card.entries if not entry.run))
    marks = {name: Mark(ts, causes) for name in card.fields if name != status_field}
    ids = tuple(entry.id for entry in card.entries)
    return replace(known, fields={**known.fields, **marks}, begun=tuple(dict.fromkeys((*known.begun, *ids))))


def finished(known: HandsOff, entries: Iterable[Entry]) -> HandsOff:
    """Once it has its effect: a second undo finds nothing."""
    ids = (entry.id for entry in entries)
    return replace(known, undone=tuple(dict.fromkeys((*known.undone, *ids))), begun=())


def of_card(card: CardUndo, before: HandsOff, after: HandsOff, words: Words, titles: Titles) -> Decision:
    """Of a card without a status of ours. A value that the portal does not take leaves everything as it was."""
    return Decision(after, _steps(card, before, words, titles))


def of_client(
    card: CardUndo, shown: Item, timer: Timer, calendar: Calendar, today: date, words: Words, titles: Titles
) -> Decision:
    """Of a client whose status goes back: a full new term begins. Without its birth status it is tracked no more."""
    code = calendar.rules.code_of(shown.ref.kind, card.fields[calendar.rules.status_field])
    after = timer.renewed(code, today) if code else Timer(last_call=timer.last_call)
    after = taken(shown, with_stop(shown, after, calendar, today), calendar, today)
    return with_due(shown, Decision(after, _steps(card, timer, words, titles)), calendar)


def _steps(card: CardUndo, before: object, words: Words, titles: Titles) -> tuple[Step, ...]:
    ref = ItemRef.parse(card.item)
    told = [
        (
            words.label(ref.kind, name),
            words.value(ref.kind, name, card.now[name], titles),
            words.value(ref.kind, name, then, titles),
        )
        for name, then in card.fields.items()
    ]
    told += [
        (words.label(ref.kind, "RESPONSIBLE_ID"), words.person(now), words.person(then))
        for then, now in dict.fromkeys(card.activities.values())
        if not card.fields
    ]
    rest: list[Action] = [
        ReassignActivity(number, whose, now, rule=RULE, optional=True)
        for number, (whose, now) in card.activities.items()
    ]
    rest.append(AddComment(ref, texts.comment(words.language, told), rule=RULE, optional=True))
    if not card.fields:
        return step(*rest)
    update = UpdateItem(ref, card.fields, card.now, rule=RULE)
    return (Step((update,), memory_otherwise=before), Step(tuple(rest)))
