"""The `lost_deal` section: stages and dropdown labels become ids."""

from typing import Any

from crm_robots.robots.lost_deal import texts_en, texts_ru
from crm_robots.robots.lost_deal.rules import LostDealRules, Rule, SetField
from crm_robots.robots.lost_deal.settings import LostDeal, LostDealRule
from crm_robots.settings.facts import PortalFacts

_YES_NO = {"ru": texts_ru.YES_NO, "en": texts_en.YES_NO}


def compile_lost_deal(section: LostDeal, facts: PortalFacts) -> LostDealRules:
    """All rules, in the order of the file."""
    return LostDealRules(tuple(_rule(f"rules.{number}", rule, facts) for number, rule in enumerate(section.rules)))


def _rule(key: str, rule: LostDealRule, facts: PortalFacts) -> Rule:
    category = facts.category(f"{key}.category", rule.category) if rule.category else None
    stages = [stage for name in rule.stages for stage in facts.deal_stages_named(f"{key}.stages", category, name)]
    return Rule(
        stages={stage.id: stage.name for stage in stages},
        contact=tuple(_set_field(f"{key}.contact", "contact", *mark, facts) for mark in rule.contact.items()),
        company=tuple(_set_field(f"{key}.company", "company", *mark, facts) for mark in rule.company.items()),
        expires_days=rule.expires_days,
        undo_on_reopen=rule.undo_on_reopen,
        video=rule.video or "",
        comment=rule.comment or "",
    )


def _set_field(key: str, kind: str, code: str, value: Any, facts: PortalFacts) -> SetField:
    field = facts.field(f"{key}.{code}", kind, code)
    if value is None:
        words = {str(one.id): one.value for one in field.items}
        return SetField(field.code, field.label, None, "", words)
    if field.type == "enumeration":
        item = facts.item(f"{key}.{code}", field, str(value))
        return SetField(field.code, field.label, item.id, item.value, {str(one.id): one.value for one in field.items})
    if isinstance(value, bool):
        return SetField(field.code, field.label, "Y" if value else "N", _YES_NO[facts.language][value])
    return SetField(field.code, field.label, value, str(value))
