"""D2 to D4, D6: one client on the day on which its timer wants to be looked at."""

from collections.abc import Sequence
from typing import Any

import msgspec

from crm_robots.robots.client_status.rules import LOST
from crm_robots.robots.client_status.timer import Timer
from crm_robots.robots.daily import texts
from crm_robots.robots.daily.case import Case
from crm_robots.robots.daily.news import News
from crm_robots.robots.daily.steps import next_status
from crm_robots.shared.actions import Action, AddComment, ReassignActivity, UpdateItem
from crm_robots.shared.decision import Decision, Step, step
from crm_robots.shared.items import Item
from crm_robots.shared.markup import NOTHING, Markup


class HandOver(msgspec.Struct, frozen=True):
    """Who gets a lost client, and the client's activities that are still open."""

    heir: int
    activities: tuple[int, ...] = ()
    former: dict[int, int | None] = {}
    """Whose each of the activities was."""


def warn(card: Item, timer: Timer, case: Case) -> tuple[Decision, News]:
    """Nothing is written to the portal: the word goes out with everybody else's."""
    term = case.calendar.term(timer)
    if term is None:
        raise ValueError(f"the timer of {card.ref} has no term")
    news = _news(card, timer, case, kind="warned", new=timer.status, due=term.due)
    past = timer.past.with_rescue(case.calendar.rescued(timer))
    return Decision(msgspec.structs.replace(timer, warned_for=term.start, past=past)), news


def drop(card: Item, timer: Timer, case: Case, over: HandOver | None = None) -> tuple[Decision, News]:
    """One step down. The new timer starts on the day of the run.

    The status goes first and alone: where the portal refuses it, nothing else is done and the timer stands as it was.
    """
    rules = case.calendar.rules
    new = next_status(timer.status, rules)
    after = timer.renewed(new, case.day)
    term = case.calendar.term(after)
    lost = {"kind": "lost", **_lost(card, case, over)} if new == LOST else {"kind": "dropped"}
    news = _news(card, timer, case, new=new, due=term.due if term else None, **lost)
    told = texts.step_comment(case, news) if rules.timeline else NOTHING
    news = msgspec.structs.replace(news, comment=told)
    refused = texts.refused_comment(case, news)
    move = Step(
        (_update(card, news, rules.value_of(card.ref.kind, new), case),),
        otherwise=(AddComment(card.ref, refused, rule="D2"),),
        memory_otherwise=timer,
    )
    handed = [
        ReassignActivity(number, news.heir, over.former.get(number), rule="D4", optional=True)
        for number in (over.activities if over else ())
        if over and news.heir
    ]
    return Decision(after, (move, *step(*handed))), news


def hand_over(card: Item, timer: Timer, over: HandOver, told: Markup) -> Decision:
    """D14: the card and its activities go to another manager; the status and its days stay as they are.

    Where the portal refuses the card, nothing of it is handed over.
    """
    old = {"ASSIGNED_BY_ID": card.fields.get("ASSIGNED_BY_ID")}
    move = Step((UpdateItem(card.ref, {"ASSIGNED_BY_ID": over.heir}, old, rule="D14"),), memory_otherwise=timer)
    handed: list[Action] = [
        ReassignActivity(number, over.heir, over.former.get(number), rule="D14", optional=True)
        for number in over.activities
    ]
    said = [AddComment(card.ref, told, rule="D14")] if told else []
    return Decision(timer, (move, *step(*said, *handed)))


def with_comment(decision: Decision, news: News) -> Decision:
    """The decision with the client's comment as its own; it is left out where it witnesses a message."""
    if not news.comment or news.witness:
        return decision
    first, *others = decision.steps
    actions: Sequence[Action] = (AddComment(news.ref, news.comment, rule="D6"), *_actions(others))
    return Decision(decision.memory, (first, *step(*actions)))


def _actions(steps: Sequence[Step]) -> list[Action]:
    return [action for one in steps for action in one.actions]


def _lost(card: Item, case: Case, over: HandOver | None) -> dict[str, Any]:
    """The card goes to everyone, or to somebody else; the head hears of it either way."""
    responsible = card.responsible_id
    head = case.directory.supervisor(responsible) if responsible else None
    return {
        "supervisor": head,
        "heir": over.heir if over else None,
        "opened": case.calendar.rules.lost.open_to_everyone,
    }


def _update(card: Item, news: News, value: int | None, case: Case) -> UpdateItem:
    wanted: dict[str, Any] = {case.calendar.rules.status_field: value}
    if news.heir:
        wanted["ASSIGNED_BY_ID"] = news.heir
    if news.opened and not _is_open(card):
        wanted["OPENED"] = "Y"
    old = {name: card.fields.get(name) for name in wanted}
    return UpdateItem(card.ref, wanted, old, rule="D4" if news.kind == "lost" else "D2")


def _is_open(card: Item) -> bool:
    return card.text("OPENED").upper() in ("Y", "TRUE", "1")


def _news(card: Item, timer: Timer, case: Case, **more: Any) -> News:
    return News(
        run=case.day,
        item=str(card.ref),
        name=card.title,
        old=timer.status,
        since=timer.since,
        responsible=card.responsible_id,
        **more,
    )
