"""L1 and L2: a deal that enters a stage of a rule sets fields of its clients, and says so on every card it touched."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from crm_robots.robots.lost_deal import texts
from crm_robots.robots.lost_deal.marks import ClientMarks, given_back, of_deal, over, without
from crm_robots.robots.lost_deal.rules import LostDealMemory, LostDealRules, Rule, SetField
from crm_robots.robots.lost_deal.texts import Change
from crm_robots.shared.actions import Action, AddComment, UpdateItem
from crm_robots.shared.decision import Decision, step
from crm_robots.shared.items import Item, ItemRef
from crm_robots.shared.portal import PortalRules
from crm_robots.shared.values import same_value, words_of


def entered_rule(deal: Item, memory: LostDealMemory, rules: LostDealRules) -> Rule | None:
    """The rule whose stage the deal has come to since we last saw it."""
    return rules.rule_for(deal.stage_id) if deal.stage_id != memory.stage_id else None


def clients_of(deal: Item, rule: Rule) -> list[ItemRef]:
    """The cards that the rule wants to change."""
    contacts = [ItemRef("contact", number) for number in deal.contact_ids] if rule.contact else []
    company = [ItemRef("company", deal.company_id)] if rule.company and deal.company_id else []
    return contacts + company


def decide(
    deal: Item, memory: LostDealMemory, clients: Mapping[ItemRef, Item], rules: LostDealRules, portal: PortalRules
) -> Decision:
    """`clients` are the deal's cards as they are now; one that is missing was deleted meanwhile.

    Each card is told of with its change, so that where the portal refuses one, what was said is true; the rest follows
    at the deal's next change.
    """
    rule = entered_rule(deal, memory, rules)
    if rule is None:
        return Decision(LostDealMemory(deal.stage_id, () if is_reopened(deal, memory) else memory.marked))
    stage = rule.stages[deal.stage_id]
    concerned = clients_of(deal, rule)
    cards = [clients[ref] for ref in concerned if ref in clients]
    marks = dict.fromkeys((*memory.marked, *(str(card.ref) for card in cards))) if rule.is_remembered else memory.marked
    seen = LostDealMemory(deal.stage_id, tuple(marks))
    actions: list[Action] = []
    told: list[Change] = []
    for card in cards:
        updates, changes = _card(card, rule.contact if card.ref.kind == "contact" else rule.company, portal)
        if changes:
            text = texts.on_client(portal.language, portal.link_to(deal), stage, changes, rule.comment, rule.video)
            actions += [*updates, AddComment(card.ref, text, rule="L2")]
            told += changes
    if told or (rule.comment and not concerned):
        # A deal without a client has nobody to mark; why it was lost is said all the same.
        text = texts.on_deal(portal.language, stage, told, rule.comment, rule.video)
        actions.append(AddComment(deal.ref, text, rule="L2"))
    refusal = AddComment(deal.ref, texts.refused(portal.language), rule="L1")
    kept = LostDealMemory(memory.stage_id, seen.marked)
    return Decision(seen, step(*actions, otherwise=(refusal,), memory_otherwise=kept))


def is_reopened(deal: Item, memory: LostDealMemory) -> bool:
    """It marked clients, and is back at a stage that is not a losing one (L4)."""
    is_lost = deal.stage_semantics == "F" or (not deal.stage_semantics and deal.text("CLOSED") == "Y")
    return bool(memory.marked) and deal.stage_id != memory.stage_id and not is_lost


def after_days(card: Item, marks: ClientMarks, portal: PortalRules, today: date) -> Decision:
    """L4: on the day on which a mark is over."""
    names = over(marks, today)
    update, changes = given_back(marks, card, names, "L4", portal)
    left = without(marks, names)
    told = (AddComment(card.ref, texts.expired(portal.language, changes), rule="L4"),) if update else ()
    return Decision(left, step(*([update] if update else []), *told), left.next_day)


def after_reopening(deal: Item, card: Item, marks: ClientMarks, portal: PortalRules) -> Decision:
    """L4: a deal that marked the client is open again; the expiry ends with it."""
    names = of_deal(marks, int(deal.ref.id))
    update, changes = given_back(marks, card, names, "L4", portal)
    left = without(marks, names)
    if update is None:
        return Decision(left, (), left.next_day)
    on_client = AddComment(card.ref, texts.reopened(portal.language, portal.link_to(deal), changes), rule="L4")
    on_deal = AddComment(deal.ref, texts.reopened_deal(portal.language, changes), rule="L4")
    return Decision(left, step(update, on_client, on_deal), left.next_day)


def _card(card: Item, fields: Sequence[SetField], portal: PortalRules) -> tuple[list[Action], list[Change]]:
    wrong = [field for field in fields if not same_value(card.fields.get(field.name), field.value)]
    if not wrong:
        return [], []
    update = UpdateItem(
        card.ref,
        {field.name: field.value for field in wrong},
        {field.name: card.fields.get(field.name) for field in wrong},
        rule="L1",
    )
    return [update], list(_changes(card, wrong, portal))


def _changes(card: Item, fields: Sequence[SetField], portal: PortalRules) -> Iterator[Change]:
    link = portal.link_to(card)
    for field in fields:
        old: Any = card.fields.get(field.name)
        yield Change(link, field.label, words_of(old, field.words), field.shown)
