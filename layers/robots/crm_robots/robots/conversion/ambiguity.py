"""C13: whether a lead's contact or company is one of several, and what is done until somebody has said which."""

import msgspec

from crm_robots.robots.conversion import texts
from crm_robots.robots.conversion.case import Case
from crm_robots.robots.conversion.choice import Asking, question, reopened
from crm_robots.robots.conversion.company import undecided_companies
from crm_robots.robots.conversion.contact import undecided_contacts
from crm_robots.shared.actions import AddComment, Notify
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import Item


def waits_for_choice(case: Case, how: Asking) -> Decision | None:
    """Nothing is made or linked while a question is open; None where there is none."""
    for kind, cards in (("contact", undecided_contacts(case)), ("company", undecided_companies(case))):
        if len(cards) > 1:
            return _asked(case, kind, cards, how)
    return None


def _asked(case: Case, kind: str, cards: list[Item], how: Asking) -> Decision:
    """The same question once. One that lapsed is asked anew at the lead's next change."""
    choices = case.memory.choices
    waiting, base = choices.open, (how.base or choices.base).rstrip("/")
    is_same = waiting is not None and waiting.kind == kind and waiting.ids == {int(card.ref.id) for card in cards}
    if not base or (waiting and is_same and not waiting.lapsed_on_portal(how.ts)):
        return Decision(case.memory)
    known = case.known
    asked = question(case.lead, kind, cards, known.cities, known.open_deals, how)
    kept = reopened(choices, asked, base, how.ts)
    text = texts.choose(case.portal, case.lead, kind, f"{base}/choice/{how.token}", how.hours)
    person = case.lead.responsible_id or next(iter(case.portal.admins), None)
    told = (Notify(person, text, rule="C13"),) if person else ()
    comment = AddComment(case.lead.ref, texts.to_be_chosen(case.portal, cards), rule="C13")
    return Decision(msgspec.structs.replace(case.memory, choices=kept), step(comment, *told))
